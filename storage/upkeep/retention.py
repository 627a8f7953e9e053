"""Retention: old commits are removed from the journal, and old days from the report's rows.

Before anything is deleted, one row says how far it will go and keeps a copy of the head, from which integrity can be
checked later. Cut off anywhere, the next run completes what that row says.
"""

from contextlib import suppress
from datetime import date, timedelta
from itertools import takewhile
from typing import Final

from domain.errors import LedgerDamagedError, LedgerUnavailableError, TenantClosedError
from storage.reports.rollup import RollUp
from storage.rows.content import HEAD_KEY, JOURNAL_END, JOURNAL_START, journal_key
from storage.rows.journal import JournalGapError, JournalReader
from storage.rows.lives import is_opening
from storage.rows.reports import MonthCounts, counts_end, counts_of, counts_row, counts_start
from storage.rows.retention import read_retention, retention_row
from storage.rows.state import head_of
from storage.tables.clock import StorageClock
from storage.tables.operations import StoredRow, written_again, written_over
from storage.tables.removal import remove_rows
from storage.tables.table import ConflictError, LedgerTable

COMMITS_PER_STEP: Final = 500
PAGES_PER_STEP: Final = 20

BORDER_PAGES_MAX: Final = 1_000
"""Pages of the month where the border is: a row for each policy, and a page may have one row."""

ANNOUNCEMENTS_MAX: Final = 100
"""How often a run tries to say what it removes. In a storm the head moves all the time, and somebody wins each time."""


class Pruner:
    """Removes what is old, of one tenant at a time."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable, clock: StorageClock) -> None:
        self._clock = clock
        self._ledger = ledger
        self._reports = reports
        self._journal = JournalReader(ledger)
        self._roll_up = RollUp(ledger, reports)

    async def step(self, tenant_id: str, days: int) -> bool:
        """Remove a bounded part of what is older than so many days; whether nothing was left to remove.

        Only what the roll-up has counted is removed, and only what is old by the storage's clock too. Several may do it
        at once.
        """
        try:
            return await self._step(tenant_id, days)
        except (ConflictError, JournalGapError):
            if (await read_retention(self._ledger, tenant_id)).pruned_through:
                return False  # another process removes the same
            raise

    async def _step(self, tenant_id: str, days: int) -> bool:
        retention = await read_retention(self._ledger, tenant_id)
        # After an answer of the storage, whose date corrects the clock.
        first_kept = self._clock.earliest().date() - timedelta(days=days)
        is_complete = await self._remove_commits(tenant_id, retention.pruned_through)
        generation = (await self._roll_up.generation(tenant_id)).number
        is_complete &= await self._remove_days(tenant_id, generation, first_kept)
        watermark, _ = await self._roll_up.watermark(tenant_id, generation)
        most = min(COMMITS_PER_STEP, watermark.sequence - retention.pruned_through)
        if most <= 0:
            return is_complete
        records = await self._journal.after(tenant_id, retention.pruned_through, most)
        old = list(takewhile(lambda record: record.at.date() < first_kept, records))
        if not old:
            return is_complete
        await self._announce(tenant_id, old[-1].sequence)
        is_complete &= await self._remove_commits(tenant_id, old[-1].sequence)
        return is_complete and len(old) < COMMITS_PER_STEP

    async def _announce(self, tenant_id: str, through: int) -> None:
        """Say how far commits are removed, with a copy of the head, in one transaction with the head.

        Raises:
            ConflictError: Another run says so.
            TenantClosedError: The tenant was deleted, or moved, meanwhile.
            LedgerUnavailableError: The head moved at every attempt.
        """
        for _ in range(ANNOUNCEMENTS_MAX):
            head = await self._ledger.get(tenant_id, HEAD_KEY)
            retention = await read_retention(self._ledger, tenant_id)
            if retention.pruned_through >= through:
                raise ConflictError(0)
            if head is None or is_opening(head.row):
                raise await self._without_head(tenant_id)
            row = retention_row(tenant_id, through, head_of(head.row))
            with suppress(ConflictError):
                await self._ledger.commit([written_again(head), written_over(row, retention.etag)])
                return
        raise LedgerUnavailableError(f"the head of tenant {tenant_id} moved {ANNOUNCEMENTS_MAX} times")

    async def _without_head(self, tenant_id: str) -> Exception:
        """Why a tenant that had a journal has no head."""
        journal, _ = await self._ledger.page(tenant_id, JOURNAL_START, JOURNAL_END, rows=1)
        if journal:
            return LedgerDamagedError(f"tenant {tenant_id} has a journal and no head")
        return TenantClosedError(f"tenant {tenant_id} was deleted meanwhile")

    async def _remove_commits(self, tenant_id: str, through: int) -> bool:
        """Delete the journal's rows up to a commit, as far as they are there: their numbers never come again.

        Gives whether none of them is left.
        """
        if not through:
            return True
        stretch = (journal_key(through), JOURNAL_END)
        return (await remove_rows(self._ledger, tenant_id, *stretch, PAGES_PER_STEP)).is_complete

    async def _remove_days(self, tenant_id: str, generation: int, first_kept: date) -> bool:
        """Delete rows of months that are old as a whole, and old days in the month where the border is.

        Gives whether none of them is left.
        """
        border = first_kept.replace(day=1)
        start, end = counts_start(generation), counts_start(generation, border)
        removed = await remove_rows(self._reports, tenant_id, start, end, PAGES_PER_STEP)
        if first_kept == border:
            return removed.is_complete
        continuation = None
        for _ in range(BORDER_PAGES_MAX):
            page, continuation = await self._reports.page(tenant_id, end, counts_end(generation, border), continuation)
            for stored in page:
                await self._remove_old_days(tenant_id, generation, stored, first_kept)
            if not continuation:
                return removed.is_complete
        return False

    async def _remove_old_days(self, tenant_id: str, generation: int, stored: StoredRow, first_kept: date) -> None:
        month = counts_of(stored.row)
        old = [day for day in month.counts.days if day < first_kept]
        if not old:
            return
        for day in old:
            del month.counts.days[day]
        row = counts_row(tenant_id, generation, MonthCounts(month.policy_id, month.month, month.through, month.counts))
        await self._reports.commit([written_over(row, stored.etag)])
