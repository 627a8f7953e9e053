"""A user and all licenses of the user as a row."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.actors import Administrator
from domain.licenses import License, PolicyClaim, User
from domain.times import format_time, parse_time
from storage.rows.content import (
    UNREADABLE,
    Row,
    actor_content,
    administrator_of,
    content_of,
    content_row,
    count_of,
    damaged,
    exactly,
    texts_of,
    user_key,
)
from storage.tables.table import LedgerTable

READS_AT_ONCE: Final = 100
"""More point reads at the same moment would only wait for each other, and time out together."""


def user_row(tenant_id: str, user: User, sequence: int) -> dict[str, Any]:
    """A user and all licenses of the user, as the commit of that number left them."""
    return {**content_row(tenant_id, user_key(user.id), user_content(user)), "sequence": str(sequence)}


def user_content(user: User) -> dict[str, Any]:
    """A user and all licenses of the user, as JSON."""
    return {
        "id": user.id,
        "principalName": user.principal_name,
        "displayName": user.display_name,
        "licenses": [license_content(held) for held in user.licenses],
    }


def license_content(held: License) -> dict[str, Any]:
    """A license that a user holds, as JSON."""
    return {
        "skuId": held.sku_id,
        "off": held.disabled_service_plan_ids,
        "at": format_time(held.assigned_at),
        "by": _origin_content(held.assigned_by),
        "version": held.version,
    }


def user_of(row: Row) -> User:
    """The inverse of `user_row`.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    try:
        content = content_of(row)
        if row["RowKey"] != user_key(content["id"]):
            raise ValueError("another user's row")
        return user_of_content(content)
    except UNREADABLE as error:
        raise damaged(row, error) from error


def user_of_content(content: Mapping[str, Any]) -> User:
    """The inverse of `user_content`. Raises one of UNREADABLE where it is none."""
    licenses = tuple(license_of_content(held) for held in content["licenses"])
    if len({held.sku_id for held in licenses}) < len(licenses):
        raise ValueError("a product held twice")
    return User(content["id"], content["principalName"], content["displayName"], licenses)


def sequence_of(row: Row) -> int:
    """The commit that last changed the user.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    try:
        return int(exactly(str, row["sequence"]))
    except UNREADABLE as error:
        raise damaged(row, error) from error


def license_of_content(content: Mapping[str, Any]) -> License:
    """The inverse of `license_content`. Raises one of UNREADABLE where it is none."""
    return License(
        exactly(str, content["skuId"]),
        texts_of(content["off"]),
        parse_time(content["at"]),
        _origin_of(content["by"]),
        count_of(content["version"]),
    )


def _origin_content(origin: PolicyClaim | Administrator) -> dict[str, Any]:
    if isinstance(origin, Administrator):
        return actor_content(origin)
    return {
        "policyId": origin.policy_id,
        "policyName": origin.policy_name,
        "appId": origin.app_id,
        "signInId": origin.sign_in_id,
        "sequence": origin.sequence,
        "place": origin.place,
    }


def _origin_of(content: Mapping[str, Any]) -> PolicyClaim | Administrator:
    if "policyId" not in content:
        return administrator_of(content)
    return PolicyClaim(
        content["policyId"],
        content["policyName"],
        content["appId"],
        content["signInId"],
        count_of(content["sequence"]),
        count_of(content["place"]),
    )


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A user as the table has or had it.

    Attributes:
        user: The user.
        etag: The ETag of the user's row; None if there is no row.
        sequence: The commit that last changed the user: on a state as of an earlier one, this is not the user's past.
    """

    user: User
    etag: str | None
    sequence: int = 0


async def read_users(table: LedgerTable, tenant_id: str, user_ids: Iterable[str]) -> list[KnownUser]:
    """Several users as the table has them now, a bounded number at a time."""
    places = asyncio.Semaphore(READS_AT_ONCE)

    async def read(user_id: str) -> KnownUser:
        async with places:
            return await read_user(table, tenant_id, user_id)

    return list(await asyncio.gather(*(read(user_id) for user_id in user_ids)))


async def read_user(table: LedgerTable, tenant_id: str, user_id: str, *, again_if_busy: bool = True) -> KnownUser:
    """A user as the table has it now; one never seen holds nothing. See LedgerTable.get."""
    stored = await table.get(tenant_id, user_key(user_id), again_if_busy=again_if_busy)
    if stored is None:
        return KnownUser(User(user_id), None)
    row: Row = stored.row
    return KnownUser(user_of(row), stored.etag, sequence_of(row))
