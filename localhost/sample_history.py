"""What happened in the sample tenant: the same story at every first run, told up to now. Nothing is written here.

A pilot with Microsoft Teams, its launch on a Monday, the primary product running out and the backups taking over,
people who leave, an office that joins, one more purchase; beside it Power BI, and a trial of Visio that was ended.
"""

import math
import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from domain import apps, assignments, policies, products
from domain.actors import Administrator
from domain.catalog import App, PolicyProduct, Product
from domain.changes import Decision, Stamp
from domain.ledger import Proposal, configuration_proposal, sign_in_proposal, user_proposal
from domain.policies import PolicyEdit
from domain.settings import update_settings
from domain.sign_ins import SignIn
from domain.tenant import TenantState
from domain.versions import Demand, Precondition
from localhost.demo.people import Person, people

DAYS: Final = 90
"""How far back it reaches, today included: the longest period of a report."""

TEAMS: Final = "microsoft-teams"
POWER_BI: Final = App(
    "power-bi", "Power BI", ("00000009-0000-0000-c000-000000000000",), ("70d33638-9c74-4d01-bfd3-562de28bd4ba",)
)
VISIO: Final = App("visio", "Visio", ("visio-web",), ("663a804f-1c30-4ff0-9915-9db84f0d1cea",))

TEAMS_PRODUCTS: Final = ("Microsoft_Teams_Enterprise_New", "STANDARDPACK", "SPE_E3")
"""The primary product and the backups, in assigning order."""
_TURNED_OFF: Final[Mapping[str, tuple[str, ...]]] = {
    "STANDARDPACK": ("a23b959c-7ce8-4e57-9140-b90eb88a9e97", "7547a3fe-08ee-4ccb-b430-5077c5041653"),  # Sway, Yammer
    "SPE_E3": ("a23b959c-7ce8-4e57-9140-b90eb88a9e97",),
}
_SEATS: Final = {"Microsoft_Teams_Enterprise_New": 450, "STANDARDPACK": 600, "SPE_E3": 500}
_MORE_SEATS: Final = {"Microsoft_Teams_Enterprise_New": 500, "POWER_BI_PRO": 120}

_PILOT_DAYS: Final = 7
_LAUNCH_WEEK: Final = (200, 155, 110, 80, 60)
_OFFICE_JOINS: Final = {43: 80, 44: 45, 45: 20}
"""How many more come, by days after the launch."""
_VISIO_FROM, _VISIO_UNTIL = 12, 33
_POWER_BI_FROM: Final = 24
_PEOPLE_LEAVE: Final = 44
_LEAVERS: Final = 24
_POWER_BI_GROWS: Final = 61
_TEAMS_GROWS: Final = 70

_SATURDAY: Final = 5
_WEEKEND_SHARE: Final = 0.07
_HOURS: Final = (8, 11, 15)
_SHARES: Final = (0.55, 0.3, 0.15)
"""How many of a weekday's people come in the morning, before noon, and later."""

_IDS: Final = uuid.UUID("3c0e6a52-90d1-4a1c-8d44-5f1b7e2a9c60")


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened at one time. Done again, it changes nothing more.

    Attributes:
        at: When, UTC.
        proposals: What the ledger is to settle, in any order.
        is_opening: Whether it belongs to what everything else needs.
    """

    at: datetime
    proposals: tuple[Proposal[Any], ...]
    is_opening: bool = False


def history(
    tenant_id: str, catalog: Mapping[str, Product], administrator: Administrator, first_day: date, until: datetime
) -> Iterator[Moment]:
    """Everything that happened from the first day, at most DAYS, until a time, in order.

    Args:
        tenant_id: The tenant.
        catalog: Its products, by part number.
        administrator: Who does what administrators do.
        first_day: The day of the opening, UTC.
        until: Nothing is later; only the opening is told whatever the time.
    """
    story = _Story(tenant_id, catalog, administrator, first_day)
    for moment in story.moments():
        if moment.is_opening or moment.at < until:
            yield moment


class _Story:
    """One telling."""

    def __init__(
        self, tenant_id: str, catalog: Mapping[str, Product], administrator: Administrator, first_day: date
    ) -> None:
        self._tenant_id = tenant_id
        self._catalog = catalog
        self._administrator = administrator
        self._first_day = first_day
        # Seeded, so that a telling that was cut short goes on as it began.
        self._random = random.Random(str(_IDS))  # noqa: S311 - no secret
        self._everybody = people(2000)
        self._newcomers = iter(self._everybody)
        self._licensed: list[Person] = []

    def moments(self) -> Iterator[Moment]:
        """Everything, in order."""
        launch = next(day for day in range(_PILOT_DAYS, _PILOT_DAYS + 7) if self._weekday(day) == 0)
        for day in range(DAYS):
            if day == 0:
                yield from self._opening()
            yield from self._administration(day, launch)
            yield from self._sign_ins(day, launch)

    def _opening(self) -> Iterator[Moment]:
        for number, product in enumerate(self._catalog.values()):
            yield self._moment(0, _EARLY, number, self._put_product(product), is_opening=True)
        turned_on = partial(update_settings, auto_claim_enabled=True, precondition=_ANY, actor=self._administrator)
        yield self._moment(0, _EARLY, 40, configuration_proposal(turned_on), is_opening=True)
        made = self._create_policy("Teams pilot", TEAMS, TEAMS_PRODUCTS)
        yield self._moment(0, _EARLY, 45, made, is_opening=True)

    def _administration(self, day: int, launch: int) -> Iterator[Moment]:
        """What administrators did on a day, before people came."""
        if day == launch:
            edit = PolicyEdit(name="Teams for everyone")
            yield self._moment(day, _EARLY, 0, self._update_policy(TEAMS, edit))
        if day == _VISIO_FROM:
            yield self._moment(day, _EARLY, 5, self._put_app(VISIO))
            yield self._moment(day, _EARLY, 6, self._create_policy("Visio trial", VISIO.id, ("VISIOCLIENT",)))
        if day == _VISIO_UNTIL:
            yield self._moment(day, _EARLY, 5, self._delete_policy(VISIO.id))
        if day == _POWER_BI_FROM:
            yield self._moment(day, _EARLY, 10, self._put_app(POWER_BI))
            made = self._create_policy("Power BI for analysts", POWER_BI.id, ("POWER_BI_PRO",))
            yield self._moment(day, _EARLY, 11, made)
        if day == _PEOPLE_LEAVE:
            leavers = self._random.sample(self._licensed, _LEAVERS)
            self._licensed = [person for person in self._licensed if person not in leavers]
            yield self._moment(day, _EARLY, 20, *(self._take_back(person) for person in leavers))
        for grows, part_number in ((_TEAMS_GROWS, TEAMS_PRODUCTS[0]), (_POWER_BI_GROWS, "POWER_BI_PRO")):
            if day == grows:
                yield self._moment(day, _EARLY, 30, self._put_product(self._catalog[part_number], _MORE_SEATS))

    def _sign_ins(self, day: int, launch: int) -> Iterator[Moment]:
        """Who came on a day: new people to Teams, and people who have Teams to the other apps."""
        awake = _WEEKEND_SHARE if self._weekday(day) >= _SATURDAY else 1.0
        newcomers = self._expected(day, launch) * awake
        analysts = _faded(9, 1, day - _POWER_BI_FROM, 12) * awake if day >= _POWER_BI_FROM else 0
        drawers = awake if _VISIO_FROM <= day < _VISIO_UNTIL else 0
        for hour, share in zip(_HOURS, _SHARES, strict=True):
            came = [next(self._newcomers) for _ in range(self._count(newcomers * share))]
            signed_in = [self._sign_in(person, TEAMS) for person in came]
            for app, expected in ((POWER_BI, analysts), (VISIO, drawers)):
                chosen = self._random.sample(self._licensed, self._count(expected * share))
                signed_in += [self._sign_in(person, app.id) for person in chosen]
            self._licensed += came
            second = self._random.randrange(3 * 3600)
            if signed_in:
                yield self._moment(day, time(hour, tzinfo=UTC), second, *signed_in)

    def _expected(self, day: int, launch: int) -> float:
        if day < launch:
            return 6
        if day - launch < len(_LAUNCH_WEEK):
            return _LAUNCH_WEEK[day - launch]
        return _faded(40, 7, day - launch - 7, 8) + _OFFICE_JOINS.get(day - launch, 0)

    def _count(self, expected: float) -> int:
        """About as many as expected."""
        return int(expected * self._random.uniform(0.75, 1.25) + self._random.random())

    def _weekday(self, day: int) -> int:
        return (self._first_day + timedelta(days=day)).weekday()

    def _moment(
        self, day: int, base: time, seconds: int, *proposals: Proposal[Any], is_opening: bool = False
    ) -> Moment:
        begins = datetime.combine(self._first_day + timedelta(days=day), base)
        # People don't come on the second.
        at = begins + timedelta(seconds=seconds, milliseconds=self._random.randrange(1000))
        return Moment(at, proposals, is_opening)

    def _put_product(self, product: Product, seats: Mapping[str, int] = _SEATS) -> Proposal[Any]:
        total = seats.get(product.sku_part_number, product.total_licenses)
        described = Product(product.sku_id, product.sku_part_number, product.display_name, total, product.service_plans)

        def decide(state: TenantState, stamp: Stamp) -> Decision[Any]:
            precondition = _ANY if product.sku_id in state.configuration.products else _NONE
            return products.put_product(
                state, stamp, product=described, precondition=precondition, actor=self._administrator
            )

        return configuration_proposal(decide)

    def _put_app(self, app: App) -> Proposal[Any]:
        def decide(state: TenantState, stamp: Stamp) -> Decision[Any]:
            precondition = _ANY if app.id in state.configuration.apps else _NONE
            return apps.put_app(state, stamp, app=app, precondition=precondition, actor=self._administrator)

        return configuration_proposal(decide)

    def _create_policy(self, name: str, app_id: str, part_numbers: tuple[str, ...]) -> Proposal[Any]:
        chosen = tuple(
            PolicyProduct(self._catalog[part_number].sku_id, _TURNED_OFF.get(part_number, ()))
            for part_number in part_numbers
        )
        return configuration_proposal(
            partial(
                policies.create_policy,
                policy_id=_policy_id(app_id),
                name=name,
                app_id=app_id,
                products=chosen,
                enabled=True,
                actor=self._administrator,
            )
        )

    def _update_policy(self, app_id: str, edit: PolicyEdit) -> Proposal[Any]:
        return configuration_proposal(
            partial(
                policies.update_policy,
                policy_id=_policy_id(app_id),
                edit=edit,
                precondition=_ANY,
                actor=self._administrator,
            )
        )

    def _delete_policy(self, app_id: str) -> Proposal[Any]:
        decide = partial(
            policies.delete_policy, policy_id=_policy_id(app_id), precondition=_ANY, actor=self._administrator
        )
        return configuration_proposal(decide)

    def _take_back(self, person: Person) -> Proposal[Any]:
        decide = partial(assignments.remove_licenses, sku_id=None, actor=self._administrator)
        return user_proposal(person.id, decide)

    def _sign_in(self, person: Person, app_id: str) -> Proposal[Any]:
        return sign_in_proposal(
            SignIn(
                tenant_id=self._tenant_id,
                app_references=(app_id,),
                user_id=person.id,
                principal_name=person.principal_name,
                display_name=f"{person.given_name} {person.surname}",
                sign_in_id=str(uuid.uuid5(_IDS, f"{person.id} {app_id}")),
            )
        )


_EARLY: Final = time(7, 30, tzinfo=UTC)
_ANY: Final = Precondition(match=Demand.ANY)
_NONE: Final = Precondition()


def _policy_id(app_id: str) -> str:
    return str(uuid.uuid5(_IDS, app_id))


def _faded(first: float, last: float, days: int, days_to_fade: float) -> float:
    """From the first number towards the last, as time goes by."""
    return last + (first - last) * math.exp(-max(days, 0) / days_to_fade)
