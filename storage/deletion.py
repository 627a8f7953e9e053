"""Deleting a tenant.

The row that every transaction of a table replaces under its ETag (the head; the generation of reports) becomes a
tombstone first, so that none gets through any more. It goes last, when nothing else is left, and the tenant is as if
never heard of.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from storage.limits import OPERATIONS_PER_TRANSACTION
from storage.operations import Operation, Write, deleted, written_over
from storage.report_rows import GENERATION_KEY, closed_generation_row
from storage.rows import END_KEY, FIRST_KEY, HEAD_KEY
from storage.state_rows import closed_head_row
from storage.table import ConflictError, LedgerTable

CLOSING_ATTEMPTS: Final = 100
"""A tenant in a storm moves its head all the time; somebody wins each time."""

PAGES: Final = 1_000_000


async def delete_tenant(ledger: LedgerTable, reports: LedgerTable, tenant_id: str) -> None:
    """See domain.upkeep.Upkeep.delete_tenant.

    Raises:
        ConflictError: The head moved at every attempt.
    """
    tables = ((ledger, HEAD_KEY, closed_head_row), (reports, GENERATION_KEY, closed_generation_row))
    for table, key, closed_row in tables:
        await _close(table, tenant_id, key, closed_row(tenant_id))
    for table, key, _ in tables:
        await _empty(table, tenant_id, key)
    for table, key, _ in tables:
        stored = await table.get(tenant_id, key)
        if stored:
            with suppress(ConflictError):  # another process deletes the same
                await table.commit([Operation(Write.DELETE, stored.row, stored.etag)])


async def _close(table: LedgerTable, tenant_id: str, key: str, closed_row: Mapping[str, Any]) -> None:
    """Put a tombstone in place of the row that every transaction of the table replaces."""
    for attempt in range(1, CLOSING_ATTEMPTS + 1):
        stored = await table.get(tenant_id, key)
        if stored and stored.row.get("closed"):
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
