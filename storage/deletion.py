"""Deleting a tenant.

The row that every transaction of a table replaces under its ETag (the head; the generation of reports) becomes a
tombstone first, so that none gets through any more. It goes last, when nothing else is left, and the tenant is as if
never heard of. A tenant that moved is deleted where it is; its other tombstones stay.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from storage.announcements import forget_announcements
from storage.limits import OPERATIONS_PER_TRANSACTION
from storage.operations import Operation, Write, deleted, written_over
from storage.report_rows import GENERATION_KEY, closed_generation_row
from storage.rows import END_KEY, FIRST_KEY, HEAD_KEY, Row
from storage.table import ConflictError, LedgerTable
from storage.tombstones import Closed, deleted_head, refuse_closed, why_closed

CLOSING_ATTEMPTS: Final = 100
"""A tenant in a storm moves its head all the time; somebody wins each time."""

PAGES: Final = 1_000_000


async def delete_tenant(ledger: LedgerTable, reports: LedgerTable, tenant_id: str) -> None:
    """See domain.upkeep.Upkeep.delete_tenant.

    Raises:
        TenantClosedError: The tenant is not here, but in another account. Nothing was done.
        ConflictError: The head moved at every attempt.
    """
    tables = (
        (ledger, HEAD_KEY, deleted_head(tenant_id), _is_closed_head),
        (reports, GENERATION_KEY, closed_generation_row(tenant_id), _is_closed_generation),
    )
    for table, _, closed_row, is_closed in tables:
        await _close(table, closed_row, is_closed)
    for table, key, _, _ in tables:
        await _empty(table, tenant_id, key)
    await forget_announcements(ledger, tenant_id)
    for table, key, _, is_closed in tables:
        stored = await table.get(tenant_id, key)
        if stored and is_closed(stored.row):
            with suppress(ConflictError):  # another process deletes the same
                await table.commit([Operation(Write.DELETE, stored.row, stored.etag)])


def _is_closed_head(row: Row) -> bool:
    if why_closed(row) is Closed.DELETED:
        return True
    refuse_closed(row)
    return False


def _is_closed_generation(row: Row) -> bool:
    return bool(row.get("closed"))


async def _close(table: LedgerTable, closed_row: Row, is_closed: Callable[[Row], bool]) -> None:
    """Put a tombstone in place of the row that every transaction of the table replaces."""
    for attempt in range(1, CLOSING_ATTEMPTS + 1):
        stored = await table.get(closed_row["PartitionKey"], closed_row["RowKey"])
        if stored and is_closed(stored.row):
            return
        try:
            await table.commit([written_over(closed_row, stored.etag if stored else None)])
        except ConflictError:
            if attempt == CLOSING_ATTEMPTS:
                raise


async def _empty(table: LedgerTable, tenant_id: str, kept: str) -> None:
    """Delete all rows of the tenant but the tombstone."""
    for _ in range(PAGES):
        page, rest = await table.page(tenant_id, FIRST_KEY, END_KEY, rows=OPERATIONS_PER_TRANSACTION)
        keys = [stored.row["RowKey"] for stored in page if stored.row["RowKey"] != kept]
        try:
            if keys:
                await table.commit([deleted(tenant_id, key) for key in keys])
        except ConflictError:
            continue  # another process deletes the same
        if not rest:
            return
