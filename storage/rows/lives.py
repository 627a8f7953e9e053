"""A tenant's lives: deleted, a tenant can begin again, and its commits are numbered on from where they ended.

Numbers tell what is newer: configurations, versions, users, reports. So none may come twice for a tenant. The last
number of a deleted tenant stays in a partition of its own, and a tenant without a head begins in two steps:

    no head ──► opening head ──► the last number is read ──► first commit, in place of the opening head
            insert                                      under its ETag

The number is read while the opening head is there, so nobody else can begin, commit and be deleted in between: a commit
that was on its way all that time meets another ETag. A run that is cut off leaves an opening head; whoever meets it
goes on.
"""

from contextlib import suppress
from typing import Final

from domain.errors import LedgerDamagedError, LedgerUnavailableError
from storage.rows.content import (
    END_KEY,
    ENDED_PARTITION,
    FIRST_KEY,
    HEAD_KEY,
    JOURNAL_END,
    JOURNAL_START,
    UNREADABLE,
    Row,
    count_of,
    damaged,
    sequence_of_journal_key,
)
from storage.rows.retention import read_retention
from storage.rows.tombstones import why_closed
from storage.tables.operations import Operation, Write, written_over
from storage.tables.table import ConflictError, LedgerTable

_OPENING: Final = "opening"

REMEMBERING_MAX: Final = 20
"""How often the last number is tried to be written, while other runs write it too."""


async def open_life(table: LedgerTable, tenant_id: str) -> None:
    """Put an opening head where there is no head.

    Raises:
        ConflictError: There is one.
        LedgerDamagedError: There are other rows, so the tenant has lost its head.
        LedgerUnavailableError: It was put, or not.
    """
    # Looked at again, because a deletion may have been at its end.
    if await _has_lost_head(table, tenant_id) and await _has_lost_head(table, tenant_id):
        raise LedgerDamagedError(f"tenant {tenant_id} has rows and no head")
    opening: Row = {"PartitionKey": tenant_id, "RowKey": HEAD_KEY, _OPENING: True}
    await table.commit([Operation(Write.INSERT, opening)])


async def _has_lost_head(table: LedgerTable, tenant_id: str) -> bool:
    rows, _ = await table.page(tenant_id, FIRST_KEY, END_KEY, rows=1)
    return bool(rows) and await table.get(tenant_id, HEAD_KEY) is None


def is_opening(head: Row) -> bool:
    """Whether a head waits for the tenant's first commit. A tombstone does not, whatever head it was made of."""
    return bool(head.get(_OPENING)) and not why_closed(head)


async def last_number(table: LedgerTable, tenant_id: str) -> int:
    """The number of the last commit of the tenant's earlier lives, 0 if it had none.

    Raises:
        LedgerDamagedError: The row that says so cannot be read.
    """
    stored = await table.get(ENDED_PARTITION, tenant_id)
    return _number_of(stored.row) if stored else 0


async def remember_last_number(table: LedgerTable, tenant_id: str) -> None:
    """Keep the number of the tenant's last commit, for its next life. The tenant must be closed.

    Safe to run late and again: the number that is kept never falls.

    Raises:
        LedgerUnavailableError: The storage did not answer, or others kept writing.
    """
    number = await _newest_number(table, tenant_id)
    for _ in range(REMEMBERING_MAX):
        stored = await table.get(ENDED_PARTITION, tenant_id)
        if number <= (_number_of(stored.row) if stored else 0):
            return
        row: Row = {"PartitionKey": ENDED_PARTITION, "RowKey": tenant_id, "sequence": str(number)}
        with suppress(ConflictError):
            await table.commit([written_over(row, stored.etag if stored else None)])
            return
    raise LedgerUnavailableError(f"the last number of tenant {tenant_id} was written {REMEMBERING_MAX} times meanwhile")


async def _newest_number(table: LedgerTable, tenant_id: str) -> int:
    """The number of the newest commit: in the journal, or removed from it."""
    page, _ = await table.page(tenant_id, JOURNAL_START, JOURNAL_END, rows=1)
    number = max((sequence_of_journal_key(stored.row["RowKey"]) for stored in page), default=0)
    # A damaged tenant must be deletable.
    with suppress(LedgerDamagedError):
        number = max(number, (await read_retention(table, tenant_id)).pruned_through)
    return number


def _number_of(row: Row) -> int:
    try:
        return count_of(int(row["sequence"]))
    except UNREADABLE as error:
        raise damaged(row, error) from error
