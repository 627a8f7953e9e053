"""The roll-up: counts the journal's claims into the rows of reports, each exactly once.

A step reads a stretch of the journal after the watermark, adds its claims to the rows, and writes the rows and the
moved watermark in one transaction, under the ETags of watermark and generation. Run twice at once, one of the two
loses and has written nothing; killed anywhere, it has either counted and moved on, or neither.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final

from domain.claims import claims_of
from domain.errors import LedgerUnavailableError, TenantClosedError
from domain.journal import JournalRecord
from domain.reports import PolicyCounts
from storage.rows.content import HEAD_KEY
from storage.rows.journal import JournalGapError, JournalReader
from storage.rows.reports import (
    FIRST_GENERATION,
    GENERATION_KEY,
    MonthCounts,
    Watermark,
    counts_key,
    counts_of,
    counts_row,
    generation_of,
    generation_row,
    is_closed_generation,
    month_of,
    watermark_key,
    watermark_of,
    watermark_row,
)
from storage.rows.retention import read_retention
from storage.rows.tombstones import refuse_closed_tenant, why_closed
from storage.tables.fences import Fence
from storage.tables.limits import OPERATIONS_PER_TRANSACTION, StorageLimitExceededError
from storage.tables.operations import Operation, StoredRow, written_over
from storage.tables.table import ConflictError, LedgerTable

COMMITS_PER_STEP: Final = 500
ROWS_PER_STEP: Final = OPERATIONS_PER_TRANSACTION - 2
"""Generation and watermark come on top. One commit's claims, 98 at most, always fit."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Which generation is read.

    Attributes:
        number: Its number, from 1.
        etag: The ETag of the row that says so; None before anything was counted.
    """

    number: int
    etag: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did.

    Attributes:
        commits: How many commits it counted; 0 if there was nothing to count or another was faster.
        is_last: Whether nothing was left to count.
    """

    commits: int
    is_last: bool


class RollUp:
    """Rolls up one tenant at a time."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable) -> None:
        self._ledger = ledger
        self._reports = reports
        self._journal = JournalReader(ledger)

    async def generation(self, tenant_id: str) -> Generation:
        """The generation that is read.

        Raises:
            TenantClosedError: The tenant is being deleted, or is to arrive from another account.
        """
        stored = await self._reports.get(tenant_id, GENERATION_KEY)
        if stored is None:
            return Generation(FIRST_GENERATION, None)
        if is_closed_generation(stored.row):
            await refuse_closed_tenant(self._ledger, tenant_id)
        return Generation(generation_of(stored.row), stored.etag)

    async def watermark(self, tenant_id: str, generation: int) -> tuple[Watermark, StoredRow | None]:
        """How far a generation counts, and the row that says so; at first, what retention has removed counts."""
        stored = await self._reports.get(tenant_id, watermark_key(generation))
        if stored:
            return watermark_of(stored.row), stored
        retention = await read_retention(self._ledger, tenant_id)
        return Watermark(retention.pruned_through), None

    async def step(self, tenant_id: str, generation: int | None = None) -> Step:
        """Count the next stretch of the journal: into the generation that is read, or into the next, being built.

        A generation that is neither is not touched: a rebuild has deleted it, or ended.

        Raises:
            TenantClosedError: The tenant is being deleted.
            LedgerDamagedError: A row cannot be read, or the journal has a gap.
            LedgerUnavailableError: The storage did not answer; the step may have been made or not.
        """
        step = await self._step(tenant_id, generation)
        if step is None:
            await self._begin_counting(tenant_id)
            step = await self._step(tenant_id, generation)
        return step or Step(0, is_last=False)

    async def _step(self, tenant_id: str, generation: int | None) -> Step | None:
        """See `step`. None where the row is missing that a step must replace."""
        read = await self.generation(tenant_id)
        generation = read.number if generation is None else generation
        if generation not in (read.number, read.number + 1):
            return Step(0, is_last=True)
        watermark, stored = await self.watermark(tenant_id, generation)
        records = await self._uncounted(tenant_id, watermark)
        if not records:
            return Step(0, is_last=True)
        if read.etag is None:
            return None
        fence = written_over(generation_row(tenant_id, read.number), read.etag)
        counted = _fitting(records)
        while True:
            try:
                await self._count(tenant_id, generation, counted, fence, stored)
                break
            except ConflictError:
                return Step(0, is_last=False)
            except StorageLimitExceededError:
                if len(counted) == 1:
                    raise
                counted = counted[: len(counted) // 2]
        return Step(len(counted), is_last=len(records) < COMMITS_PER_STEP and len(counted) == len(records))

    async def _begin_counting(self, tenant_id: str) -> None:
        """Make the row that every step replaces. A step reads everything after that row.

        So what is counted was read of a tenant that was not deleted since: deleting it takes that row away.
        """
        with suppress(ConflictError):
            begun = await Fence.put(self._reports, generation_row(tenant_id, FIRST_GENERATION), None)
            head = await self._ledger.get(tenant_id, HEAD_KEY)
            if head is None or why_closed(head.row):
                await begun.open(None)
                raise TenantClosedError(f"tenant {tenant_id} was deleted meanwhile")

    async def _uncounted(self, tenant_id: str, watermark: Watermark) -> list[JournalRecord]:
        """The commits after the watermark; a rebuild that was cut off may be behind what retention has removed."""
        gap: JournalGapError | None = None
        try:
            records = await self._journal.after(tenant_id, watermark.sequence, COMMITS_PER_STEP)
            if records:
                return records
        except JournalGapError as error:
            gap = error
        retention = await read_retention(self._ledger, tenant_id)
        if retention.pruned_through > watermark.sequence:
            return await self._journal.after(tenant_id, retention.pruned_through, COMMITS_PER_STEP)
        if gap:
            raise gap
        return []

    async def _count(
        self,
        tenant_id: str,
        generation: int,
        counted: Sequence[JournalRecord],
        fence: Operation,
        watermark: StoredRow | None,
    ) -> None:
        last = counted[-1]
        added = (self._added(tenant_id, generation, month, last.sequence) for month in _by_month(counted))
        rows = await asyncio.gather(*added)
        moved = watermark_row(tenant_id, generation, Watermark(last.sequence, last.at))
        await self._reports.commit([fence, written_over(moved, watermark.etag if watermark else None), *rows])

    async def _added(self, tenant_id: str, generation: int, added: MonthCounts, through: int) -> Operation:
        """The row with the claims added; under its own ETag, because retention writes rows too."""
        stored = await self._reports.get(tenant_id, counts_key(generation, added.month, added.policy_id))
        counts = counts_of(stored.row).counts if stored else PolicyCounts()
        counts.merge(added.counts)
        row = counts_row(tenant_id, generation, MonthCounts(added.policy_id, added.month, through, counts))
        return written_over(row, stored.etag if stored else None)

    async def catch_up(self, tenant_id: str, most_steps: int, generation: int | None = None) -> bool:
        """Step until nothing is left, or the steps are used up; whether nothing is left."""
        for _ in range(most_steps):
            try:
                step = await self.step(tenant_id, generation)
            except TenantClosedError:
                return True
            except LedgerUnavailableError:
                # Made or not, the watermark tells; another failure is the storage's.
                step = await self.step(tenant_id, generation)
            if step.is_last:
                return True
        return False


def _fitting(records: Sequence[JournalRecord]) -> list[JournalRecord]:
    """As many of the records, from the first, as one transaction has rows for; at least one."""
    months: set[tuple[date, str]] = set()

    def fits(record: JournalRecord) -> bool:
        months.update((month_of(claim.day), claim.policy_id) for claim in claims_of(record))
        return len(months) <= ROWS_PER_STEP

    return list(takewhile(fits, records)) or [records[0]]


def _by_month(records: Sequence[JournalRecord]) -> list[MonthCounts]:
    months: dict[tuple[date, str], PolicyCounts] = {}
    for record in records:
        for claim in claims_of(record):
            months.setdefault((month_of(claim.day), claim.policy_id), PolicyCounts()).add(claim)
    return [MonthCounts(policy_id, month, 0, counts) for (month, policy_id), counts in months.items()]
