"""Deleting a tenant.

The row that every transaction of a table replaces under its ETag (the head; the generation of reports) becomes a
tombstone first, so that none gets through any more. From then on the tombstones are fences: whatever a run deletes, it
deletes together with writing its tombstone again. So a run that was stopped, and goes on when another has completed the
deletion and the tenant has begun again, deletes nothing of the new tenant.

    head      ── tombstone ─────────────────────────────────────── rows go ── tombstone goes ──► as if never heard of
    reports        └── tombstone ── rows go ── tombstone goes ──┘

The head's tombstone goes last: while it is there the deletion can be completed. A tenant that moved is deleted where it
is; its other tombstones stay, and so does the number of its last commit (storage.rows.lives).
"""

import asyncio
import random
from contextlib import suppress
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.reports.closing import close_reports
from storage.rows.content import END_KEY, FIRST_KEY, HEAD_KEY
from storage.rows.lives import remember_last_number
from storage.rows.reports import GENERATION_KEY
from storage.rows.tombstones import Closed, deleted_head, refuse_closed, why_closed
from storage.tables.fences import Fence
from storage.tables.operations import StoredRow, written_over
from storage.tables.removal import remove_rows
from storage.tables.table import ConflictError, LedgerTable
from storage.upkeep.changes import forget_changes_of
from storage.upkeep.post_removal import forget_posts

CLOSINGS_MAX: Final = 100
"""How often a run tries to close the tenant. In a storm its head moves all the time, and somebody wins each time."""

OVERTAKEN_MAX: Final = 1_000
"""How often a run goes on after another run deleted something of the same tenant."""

PAUSE_SECONDS: Final = 0.2
"""How long, at most, a run that was overtaken lets the other one go on."""

PAGES_MAX: Final = 1_000_000


async def delete_tenant(ledger: LedgerTable, reports: LedgerTable, tenant_id: str) -> None:
    """See domain.upkeep.Upkeep.delete_tenant.

    Raises:
        TenantClosedError: The tenant is not here, but in another account. Nothing was done.
        LedgerUnavailableError: It is not complete: the storage did not answer, or the head moved at every attempt.
    """
    tombstone = await _closed(ledger, reports, tenant_id)
    for _ in range(OVERTAKEN_MAX):
        if tombstone is None:
            return  # nothing was there, or another run has completed it
        with suppress(ConflictError):
            await _remove_everything(ledger, reports, tenant_id, Fence.of(ledger, tombstone))
            return
        await asyncio.sleep(random.uniform(0, PAUSE_SECONDS))  # noqa: S311 - so that two runs do not meet again
        tombstone = await _tombstone(ledger, tenant_id)
    raise LedgerUnavailableError(f"tenant {tenant_id} is being deleted by others too: run it again")


async def _is_gone(ledger: LedgerTable, reports: LedgerTable, tenant_id: str) -> bool:
    """Whether there is nothing to delete: a tombstone that came late would close what begins there."""
    for table in (ledger, reports):
        rows, _ = await table.page(tenant_id, FIRST_KEY, END_KEY, rows=1)
        if rows:
            return False
    return True


async def _closed(ledger: LedgerTable, reports: LedgerTable, tenant_id: str) -> StoredRow | None:
    """Put a tombstone in place of the head; gives it. None if there is nothing to delete."""
    for _ in range(CLOSINGS_MAX):
        head = await ledger.get(tenant_id, HEAD_KEY)
        if head and why_closed(head.row) is Closed.DELETED:
            return head
        if head:
            refuse_closed(head.row)
        elif await _is_gone(ledger, reports, tenant_id):
            return None
        row = deleted_head(tenant_id)
        with suppress(ConflictError):
            [etag] = await ledger.commit([written_over(row, head.etag if head else None)])
            return StoredRow(row, etag)
    raise LedgerUnavailableError(f"the head of tenant {tenant_id} moved {CLOSINGS_MAX} times")


async def _tombstone(ledger: LedgerTable, tenant_id: str) -> StoredRow | None:
    head = await ledger.get(tenant_id, HEAD_KEY)
    return head if head and why_closed(head.row) is Closed.DELETED else None


async def _remove_everything(ledger: LedgerTable, reports: LedgerTable, tenant_id: str, fence: Fence) -> None:
    """Delete all rows of a tenant that is closed.

    Raises:
        ConflictError: Another run does the same.
        LedgerUnavailableError: The storage did not answer.
    """
    await remember_last_number(ledger, tenant_id)
    await _remove_reports(reports, tenant_id, fence)
    await forget_posts(ledger, tenant_id)
    await forget_changes_of(ledger, tenant_id)
    await _remove_all(ledger, tenant_id, fence, HEAD_KEY)
    await fence.open(None)


async def _remove_reports(reports: LedgerTable, tenant_id: str, fence: Fence) -> None:
    closed = await close_reports(reports, tenant_id, fence)
    await _remove_all(reports, tenant_id, closed, GENERATION_KEY)
    await closed.open(None)


async def _remove_all(table: LedgerTable, tenant_id: str, fence: Fence, kept: str) -> None:
    removed = await remove_rows(table, tenant_id, FIRST_KEY, END_KEY, PAGES_MAX, fence=fence, kept=kept)
    if not removed.is_complete:
        raise LedgerUnavailableError(f"tenant {tenant_id} has more than {PAGES_MAX} pages of rows: run it again")
