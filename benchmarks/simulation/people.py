"""People who sign in: when they come, and who they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from uuid import UUID

from domain.catalog import MICROSOFT_TEAMS
from domain.sign_ins import SignIn
from functions.sources.sign_ins import SIGN_IN_SECONDS


class Shape(StrEnum):
    """How those who come are spread over the time in which they come."""

    EVEN = "even"
    TRIANGLE = "triangle"
    """More and more until the middle, then fewer and fewer."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """People of one tenant who come when they please.

    Attributes:
        users: How many.
        within_seconds: The time in which they come; 0 for all at once.
        shape: How they are spread over it.
        begins: When the first may come.
        licensed: Which share of them has a license already.
        are_named: Whether sources tell their names, and an id of each sign-in: that makes rows longer.
        patience: For how many seconds their sources wait for an answer at most.
    """

    users: int
    within_seconds: float
    shape: Shape = Shape.EVEN
    begins: float = 0.0
    licensed: float = 0.0
    are_named: bool = False
    patience: float = SIGN_IN_SECONDS

    def moment(self, draw: Random) -> float:
        """When one of them comes."""
        if self.shape is Shape.TRIANGLE:
            return self.begins + draw.triangular(0, self.within_seconds)
        return self.begins + draw.uniform(0, self.within_seconds)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in once.

    Attributes:
        comes: When.
        sign_in: What the source tells of it.
        was_licensed: They have a license before they come.
        patience: For how many seconds their source waits for an answer at most; None: as long as it takes.
    """

    comes: float
    sign_in: SignIn
    was_licensed: bool = False
    patience: float | None = None


def people_of(tenant_id: str, crowds: Sequence[Crowd], draw: Random) -> list[Person]:
    """All people of some crowds, in the order in which they come."""
    people = [
        Person(
            crowd.moment(draw),
            signing_in(tenant_id, draw, is_named=crowd.are_named),
            was_licensed=number < crowd.licensed * crowd.users,
            patience=crowd.patience,
        )
        for crowd in crowds
        for number in range(crowd.users)
    ]
    return sorted(people, key=lambda person: person.comes)


def strangers(tenant_id: str, draw: Random) -> Iterator[SignIn]:
    """New users, one after the other."""
    while True:
        yield signing_in(tenant_id, draw, is_named=False)


def signing_in(tenant_id: str, draw: Random, *, is_named: bool) -> SignIn:
    """A sign-in of somebody of whom nobody has heard."""
    number = draw.getrandbits(128)
    user_id = str(UUID(int=number))
    if not is_named:
        return SignIn(tenant_id, (MICROSOFT_TEAMS.id,), user_id)
    given, family = f"Given{number % 1_000}", f"Family{number % 100_000}"
    return SignIn(
        tenant_id,
        (MICROSOFT_TEAMS.id,),
        user_id,
        principal_name=f"{given}.{family}@example.com".lower(),
        display_name=f"{given} {family}",
        sign_in_id=str(UUID(int=draw.getrandbits(128))),
    )
