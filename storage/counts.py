"""Reading the report's counts: the rows that the roll-up wrote, and the journal's tail that it has not counted yet."""

from typing import Final

from domain.claims import claims_in
from domain.errors import LedgerUnavailableError
from domain.reports import Period, PolicyCounts
from storage.journal import JournalReader
from storage.report_rows import MonthCounts, Watermark, counts_end, counts_of, counts_start, month_of
from storage.rollup import RollUp
from storage.table import LedgerTable

TAIL_COMMITS: Final = 2_000
"""A longer tail is rolled up by whoever meets it."""

ATTEMPTS: Final = 50
"""How often a reader rolls a step up, or starts over because another generation of rows took over."""

PAGES: Final = 1_000


class CountsReader:
    """Reads the counts of one tenant at a time."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable) -> None:
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
            generation = (await self._roll_up.generation(tenant_id)).number
            watermark, _ = await self._roll_up.watermark(tenant_id, generation)
            months = await self._months(tenant_id, generation, period)
            tail = await self._journal.after(tenant_id, watermark.sequence, TAIL_COMMITS)
            if len(tail) == TAIL_COMMITS:
                await self._roll_up.step(tenant_id)
                continue
            if (await self._roll_up.generation(tenant_id)).number != generation:
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
