"""Tombstones: heads that say that the tenant cannot be worked with here, and why.

Every change of a tenant replaces its head under its ETag, so once a tombstone is in its place no change gets through,
and whoever reads the head is refused. Three kinds: of a tenant that is being deleted; of one that left for another
storage account; of one that is to arrive from there.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from domain.errors import TenantClosedError
from storage.rows.content import HEAD_KEY, Row, damaged
from storage.tables.table import LedgerTable

_WHY: Final = "closed"
_MOVE: Final = "move"
_ACCOUNT: Final = "account"
_NOT_KEPT: Final = frozenset({_WHY, _MOVE, _ACCOUNT, "Timestamp"})


class Closed(StrEnum):
    """Why a head is a tombstone."""

    DELETED = "deleted"
    LEFT = "left"
    ARRIVING = "arriving"


def deleted_head(tenant_id: str) -> dict[str, Any]:
    """The head of a tenant that is being deleted."""
    return {**_keys(tenant_id), _WHY: Closed.DELETED}


def left_head(tenant_id: str, head: Row | None, move_id: str, account: str) -> dict[str, Any]:
    """The head of a tenant that left for another account. What the head held is kept in it."""
    return {**_keys(tenant_id), **_kept(head or {}), _WHY: Closed.LEFT, _MOVE: move_id, _ACCOUNT: account}


def arriving_head(tenant_id: str, move_id: str, account: str) -> dict[str, Any]:
    """The head of a tenant that is to arrive from another account."""
    return {**_keys(tenant_id), _WHY: Closed.ARRIVING, _MOVE: move_id, _ACCOUNT: account}


def opened_head(row: Row) -> dict[str, Any] | None:
    """The head that a tombstone of a tenant that left has kept; None if the tenant never had one."""
    kept = _kept(row)
    return kept if kept.keys() > _keys("").keys() else None


def emptied_head(row: Row) -> dict[str, Any]:
    """The same tombstone without what the head held."""
    return {name: value for name, value in row.items() if name in {*_keys(""), _WHY, _MOVE, _ACCOUNT}}


def why_closed(row: Row) -> Closed | None:
    """Why a head is a tombstone; None if it is none.

    Raises:
        LedgerDamagedError: It is one, and does not say why.
    """
    try:
        return Closed(row[_WHY]) if _WHY in row else None
    except ValueError as error:
        raise damaged(row, error) from error


def move_of(row: Row) -> str:
    """The move that a tombstone is of: the same in the account that is left and in the one that is arrived in."""
    return str(row.get(_MOVE, ""))


def account_of(row: Row) -> str:
    """Which account the tenant left for, or is to arrive from, as it was named then."""
    return str(row.get(_ACCOUNT, ""))


def refuse_closed(row: Row) -> None:
    """Return if the head is no tombstone.

    Raises:
        TenantClosedError: It is one; the message says why.
    """
    tenant_id = row["PartitionKey"]
    match why_closed(row):
        case Closed.DELETED:
            raise TenantClosedError(f"tenant {tenant_id} is being deleted")
        case Closed.LEFT:
            raise TenantClosedError(
                f"tenant {tenant_id} moved, or is being moved, to {account_of(row)}: the setting must say so"
            )
        case Closed.ARRIVING:
            raise TenantClosedError(f"tenant {tenant_id} has not arrived here from {account_of(row)}")


async def refuse_closed_tenant(table: LedgerTable, tenant_id: str) -> None:
    """Return if the tenant can be worked with here, from a read that begins after this call.

    For those who read or write rows without the head: before they write, so that nothing is written where the
    tenant is not; after they have read, so that what they read was all there.

    Raises:
        TenantClosedError: The head is a tombstone.
    """
    head = await table.get(tenant_id, HEAD_KEY)
    if head:
        refuse_closed(head.row)


def _keys(tenant_id: str) -> dict[str, Any]:
    return {"PartitionKey": tenant_id, "RowKey": HEAD_KEY}


def _kept(head: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in head.items() if name not in _NOT_KEPT}
