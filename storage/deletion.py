"""Deleting a tenant.

The head becomes a tombstone first: every commit replaces the head under its ETag, so none gets through any more.
The head itself goes last, when nothing else is left, and the tenant is as if never heard of.
"""

from typing import Final

from storage.limits import OPERATIONS_PER_TRANSACTION
from storage.rows import HEAD_KEY, closed_head_row
from storage.table import ConflictError, LedgerTable, Operation, Write, deleted, written_over

CLOSING_ATTEMPTS: Final = 100
"""A tenant in a storm moves its head all the time; somebody wins each time."""

PAGES: Final = 1_000_000
_FIRST: Final = " "
_END: Final = "~"
"""All RowKeys are between these."""


async def delete_tenant(ledger: LedgerTable, reports: LedgerTable, tenant_id: str) -> None:
    """See domain.upkeep.Upkeep.delete_tenant.

    Raises:
        ConflictError: The head moved at every attempt.
    """
    await _close(ledger, tenant_id)
    for table in (reports, ledger):
        await _empty(table, tenant_id)
    head = await ledger.get(tenant_id, HEAD_KEY)
    if head:
        await ledger.commit([Operation(Write.DELETE, head.row, head.etag)])


async def _close(ledger: LedgerTable, tenant_id: str) -> None:
    for attempt in range(1, CLOSING_ATTEMPTS + 1):
        head = await ledger.get(tenant_id, HEAD_KEY)
        if head is None or head.row.get("closed"):
            return
        try:
            await ledger.commit([written_over(closed_head_row(tenant_id), head.etag)])
        except ConflictError:
            if attempt == CLOSING_ATTEMPTS:
                raise


async def _empty(table: LedgerTable, tenant_id: str) -> None:
    """Delete all rows of the tenant but the head."""
    for _ in range(PAGES):
        page, rest = await table.page(tenant_id, _FIRST, _END, rows=OPERATIONS_PER_TRANSACTION)
        keys = [stored.row["RowKey"] for stored in page if stored.row["RowKey"] != HEAD_KEY]
        if keys:
            await table.commit([deleted(tenant_id, key) for key in keys])
        if not rest:
            return
