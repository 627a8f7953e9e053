"""Reading the report's counts: the rows that the roll-up wrote, and the journal's tail that it has not counted yet."""

from dataclasses import dataclass
from typing import Final

from domain.claims import claims_in
from domain.errors import LedgerUnavailableError
from domain.reports import Period, PolicyCounts
from storage.reports.rollup import Generation, RollUp
from storage.rows.journal import JournalGapError, JournalReader
from storage.rows.reports import MonthCounts, Watermark, counts_end, counts_of, counts_start, month_of
from storage.rows.retention import Retention, read_retention
from storage.tables.table import LedgerTable

TAIL_COMMITS: Final = 2_000
"""A longer tail is rolled up by whoever meets it."""

ATTEMPTS: Final = 50
"""How often a reader rolls a step up, or starts over because another generation of rows took over."""

PAGES: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Marks:
    """What differs before and after if the tenant was deleted meanwhile, or its rows were made again.

    Attributes:
        generation: Which rows are read.
        retention: How far the journal was removed. The tenant's next life begins with a row of its own.
    """

    generation: Generation
    retention: Retention

    def agree_with(self, others: "_Marks") -> bool:
        """Whether what was read in between is of one life and one generation."""
        return (
            self.generation.number == others.generation.number
            and (self.generation.etag is None) == (others.generation.etag is None)
            and self.retention.etag == others.retention.etag
        )


class CountsReader:
    """Reads the counts of one tenant at a time."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable) -> None:
        self._ledger = ledger
        self._reports = reports
        self._journal = JournalReader(ledger)
        self._roll_up = RollUp(ledger, reports)

    async def read(self, tenant_id: str, period: Period) -> tuple[dict[str, PolicyCounts], Watermark]:
        """Claims by policy in the months that the period touches, up to the newest commit.

        The watermark is read first, then the rows, then the journal's tail behind that watermark. A roll-up in
        between has added claims of the tail to some rows; each row says through which commit it counts, so a claim
        of the tail counts only where its row does not have it. Exact without a retry.
        """
        for _ in range(ATTEMPTS):
            begun = await self._marks(tenant_id)
            generation = begun.generation.number
            watermark, _ = await self._roll_up.watermark(tenant_id, generation)
            months = await self._months(tenant_id, generation, period)
            try:
                tail = await self._journal.after(tenant_id, watermark.sequence, TAIL_COMMITS)
            except JournalGapError:
                if (await self._marks(tenant_id)).agree_with(begun):
                    raise
                continue
            if len(tail) == TAIL_COMMITS:
                await self._roll_up.step(tenant_id)
                continue
            if not (await self._marks(tenant_id)).agree_with(begun):
                continue
            through = {(month.policy_id, month.month): month.through for month in months}
            counts: dict[str, PolicyCounts] = {}
            for month in months:
                counts.setdefault(month.policy_id, PolicyCounts()).merge(month.counts)
            for claim in claims_in(tail):
                if claim.sequence > through.get((claim.policy_id, month_of(claim.day)), 0):
                    counts.setdefault(claim.policy_id, PolicyCounts()).add(claim)
            return counts, watermark
        raise LedgerUnavailableError(f"the reports of tenant {tenant_id} are too far behind to be read at once")

    async def _marks(self, tenant_id: str) -> "_Marks":
        generation = await self._roll_up.generation(tenant_id)
        return _Marks(generation, await read_retention(self._ledger, tenant_id))

    async def _months(self, tenant_id: str, generation: int, period: Period) -> list[MonthCounts]:
        first = counts_start(generation, month_of(period.first))
        end = counts_end(generation, month_of(period.last))
        rows = []
        continuation = None
        for _ in range(PAGES):
            page, continuation = await self._reports.page(tenant_id, first, end, continuation)
            rows += page
            if not continuation:
                return [counts_of(stored.row) for stored in rows]
        raise LedgerUnavailableError(f"the reports of tenant {tenant_id} take over {PAGES} pages")
