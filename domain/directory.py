"""Looking through a tenant's users, in bounded steps."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.ids import fold
from domain.licenses import User
from domain.records import Records


@dataclass(frozen=True, slots=True)
class UserStep:
    """The users that a step found, by id, and the id to go on after; None at the end. May be empty and yet go on."""

    users: list[User]
    next: str | None


async def find_users(
    records: Records, tenant_id: str, after: str | None, most: int, *, wanted: Callable[[User], bool]
) -> UserStep:
    """Up to `most` users that are wanted, among one page of those behind an id."""
    page, rest = await records.users_after(tenant_id, after)
    found = [user for user in page if wanted(user)]
    if len(found) > most:
        return UserStep(found[:most], found[most - 1].id)
    return UserStep(found, rest)


def begins_with(start: str) -> Callable[[User], bool]:
    """Wants users whose id, principal name or display name begins so, without regard to case."""
    folded = fold(start)

    def wanted(user: User) -> bool:
        names = (user.id, user.principal_name, user.display_name)
        return any(name is not None and fold(name).startswith(folded) for name in names)

    return wanted


def holds(sku_id: str) -> Callable[[User], bool]:
    """Wants users who hold the product."""
    return lambda user: user.license_of(sku_id) is not None
