"""Closing a tenant's reports, by a run that has closed the tenant itself."""

from contextlib import suppress

from storage.rows.reports import (
    FIRST_GENERATION,
    GENERATION_KEY,
    closed_generation_row,
    generation_row,
    is_closed_generation,
)
from storage.tables.fences import Fence
from storage.tables.table import ConflictError, LedgerTable


async def close_reports(reports: LedgerTable, tenant_id: str, head: Fence) -> Fence:
    """Put a tombstone in place of the generation, which every transaction of reports replaces. It is a fence.

    Args:
        reports: The table.
        tenant_id: The tenant.
        head: The tombstone in place of the tenant's head.

    Raises:
        ConflictError: Another run wrote the head, or closes the reports too.
        LedgerUnavailableError: The storage did not answer.
    """
    before = await reports.get(tenant_id, GENERATION_KEY)
    if before and is_closed_generation(before.row):
        closed = Fence.of(reports, before)
    else:
        row = before.row if before else generation_row(tenant_id, FIRST_GENERATION)
        closed = await Fence.put(reports, closed_generation_row(row), before.etag if before else None)
    # Was the tenant still closed then? Else these are the reports of its next life, which are theirs again.
    if not await head.is_standing():
        with suppress(ConflictError):
            await closed.open(before.row if before else None)
        raise ConflictError(0)
    return closed
