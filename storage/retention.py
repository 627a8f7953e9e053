"""Retention: old commits are removed from the journal, and old days from the report's rows.

Before anything is deleted, one row says how far it will go and keeps a copy of the head, from which integrity can be
checked later. Cut off anywhere, the next run completes what that row says.
"""

from datetime import date, timedelta
from itertools import takewhile
from typing import Final

from domain.errors import LedgerDamagedError
from domain.tenant import Head
from storage.clock import StorageClock
from storage.journal import JournalGapError, JournalReader
from storage.limits import OPERATIONS_PER_TRANSACTION
from storage.operations import StoredRow, deleted, written_over
from storage.report_rows import MonthCounts, counts_end, counts_of, counts_row, counts_start
from storage.retention_rows import Retention, read_retention, retention_row
from storage.rollup import RollUp
from storage.rows import HEAD_KEY, JOURNAL_END, journal_key
from storage.state_rows import head_of
from storage.table import ConflictError, LedgerTable

COMMITS_PER_STEP: Final = 500
PAGES_PER_STEP: Final = 20


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
        await self._remove_commits(tenant_id, retention.pruned_through)
        generation = (await self._roll_up.generation(tenant_id)).number
        await self._remove_days(tenant_id, generation, first_kept)
        watermark, _ = await self._roll_up.watermark(tenant_id, generation)
        most = min(COMMITS_PER_STEP, watermark.sequence - retention.pruned_through)
        if most <= 0:
            return True
        records = await self._journal.after(tenant_id, retention.pruned_through, most)
        old = list(takewhile(lambda record: record.at.date() < first_kept, records))
        if not old:
            return True
        await self._announce(tenant_id, retention, old[-1].sequence)
        await self._remove_commits(tenant_id, old[-1].sequence)
        return len(old) < COMMITS_PER_STEP

    async def _announce(self, tenant_id: str, retention: Retention, through: int) -> None:
        head = await self._head(tenant_id)
        row = retention_row(tenant_id, through, head)
        await self._ledger.commit([written_over(row, retention.etag)])

    async def _head(self, tenant_id: str) -> Head:
        stored = await self._ledger.get(tenant_id, HEAD_KEY)
        if stored is None:
            raise LedgerDamagedError(f"tenant {tenant_id} has a journal and no head")
        return head_of(stored.row)

    async def _remove_commits(self, tenant_id: str, through: int) -> None:
        """Delete the journal's rows up to a commit, as far as they are there."""
        if through:
            await remove_rows(self._ledger, tenant_id, journal_key(through), JOURNAL_END, PAGES_PER_STEP)

    async def _remove_days(self, tenant_id: str, generation: int, first_kept: date) -> None:
        """Delete rows of months that are old as a whole, and old days in the month where the border is."""
        border = first_kept.replace(day=1)
        start, end = counts_start(generation), counts_start(generation, border)
        await remove_rows(self._reports, tenant_id, start, end, PAGES_PER_STEP)
        if first_kept == border:
            return
        continuation = None
        for _ in range(PAGES_PER_STEP):
            page, continuation = await self._reports.page(tenant_id, end, counts_end(generation, border), continuation)
            for stored in page:
                await self._remove_old_days(tenant_id, generation, stored, first_kept)
            if not continuation:
                return

    async def _remove_old_days(self, tenant_id: str, generation: int, stored: StoredRow, first_kept: date) -> None:
        month = counts_of(stored.row)
        old = [day for day in month.counts.days if day < first_kept]
        if not old:
            return
        for day in old:
            del month.counts.days[day]
        row = counts_row(tenant_id, generation, MonthCounts(month.policy_id, month.month, month.through, month.counts))
        await self._reports.commit([written_over(row, stored.etag)])


async def remove_rows(table: LedgerTable, tenant_id: str, first: str, end: str, pages: int) -> bool:
    """Delete rows of a stretch, up to so many pages of a transaction each; whether none is left."""
    for _ in range(pages):
        page, rest = await table.page(tenant_id, first, end, rows=OPERATIONS_PER_TRANSACTION)
        try:
            if page:
                await table.commit([deleted(tenant_id, stored.row["RowKey"]) for stored in page])
        except ConflictError:
            continue  # another process deletes the same
        if not rest:
            return True
    return False
