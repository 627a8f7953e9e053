"""The report's rows held against the journal, day by day, while an integrity check walks through the commits.

Only what the roll-up had counted when the check began is looked at. A day is compared when a later one begins: no
claim can be added to it any more. The last day is compared only if the roll-up stood still meanwhile.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.claims import claims_of
from domain.errors import LedgerUnavailableError
from domain.integrity import DayClaims, Discrepancy, wrong_day
from domain.journal import JournalRecord
from storage.reports.rollup import RollUp
from storage.rows.reports import MonthCounts, counts_end, counts_of, counts_start, month_of
from storage.tables.clock import StorageClock
from storage.tables.table import LedgerTable

ATTEMPTS: Final = 5
"""How often rows are read again because a rebuild put others in their place."""

PAGES: Final = 1_000


@dataclass(slots=True)
class DayCheck:
    """How far the days are.

    Attributes:
        through: The watermark when the check began.
        last_day: The day of that; None if nothing was rolled up.
        day: The day that the commits so far ended in.
        claims: Its claims so far.
        fingerprint: Their fingerprint, in hexadecimal.
    """

    through: int
    last_day: str | None
    day: str | None = None
    claims: int = 0
    fingerprint: str = "0"


class DayChecker:
    """Holds days of one tenant against the report's rows."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable, clock: StorageClock) -> None:
        self._reports = reports
        self._roll_up = RollUp(ledger, reports)
        self._clock = clock

    async def begin(self, tenant_id: str) -> DayCheck:
        """Nothing is compared yet."""
        generation = (await self._roll_up.generation(tenant_id)).number
        watermark, _ = await self._roll_up.watermark(tenant_id, generation)
        return DayCheck(watermark.sequence, watermark.at.date().isoformat() if watermark.at else None)

    async def add(
        self, tenant_id: str, check: DayCheck, record: JournalRecord, retention_days: int
    ) -> list[Discrepancy]:
        """Take the next commit; compares the days that it ends."""
        if record.sequence > check.through:
            return []
        found: list[Discrepancy] = []
        day = record.at.date()
        if check.day is None:
            found = await self._compare(tenant_id, check, None, day, retention_days)
        elif check.day != day.isoformat():
            found = await self._compare(tenant_id, check, date.fromisoformat(check.day), day, retention_days)
            check.claims, check.fingerprint = 0, "0"
        check.day = day.isoformat()
        counted = DayClaims(day, check.claims, int(check.fingerprint, 16))
        for claim in claims_of(record):
            counted.add(claim.policy_id, claim.sku_id)
        check.claims, check.fingerprint = counted.claims, f"{counted.fingerprint:x}"
        return found

    async def end(self, tenant_id: str, check: DayCheck, retention_days: int) -> list[Discrepancy]:
        """Compares the last day, if that can be said."""
        if check.day is None or check.last_day is None:
            return []
        found = await self._compare(tenant_id, check, date.fromisoformat(check.day), None, retention_days)
        generation = (await self._roll_up.generation(tenant_id)).number
        watermark, _ = await self._roll_up.watermark(tenant_id, generation)
        return found if watermark.sequence == check.through else []

    async def _compare(
        self, tenant_id: str, check: DayCheck, first: date | None, end: date | None, retention_days: int
    ) -> list[Discrepancy]:
        """Compare the day of the commits so far, and those without commits before `end`; no day is no bound."""
        kept = self._clock.earliest().date() - timedelta(days=retention_days)
        journal = {first: DayClaims(first, check.claims, int(check.fingerprint, 16))} if first else {}
        rows = await self._rows(tenant_id, first, end)
        found: list[Discrepancy] = []
        for day in sorted(journal.keys() | rows.keys()):
            if day >= max(kept, first or kept) and (end is None or day < end):
                found += wrong_day(journal.get(day, DayClaims(day)), rows.get(day, DayClaims(day)))
        return found

    async def _rows(self, tenant_id: str, first: date | None, end: date | None) -> dict[date, DayClaims]:
        """What the rows have of the months of these days, all of one generation."""
        for _ in range(ATTEMPTS):
            generation = (await self._roll_up.generation(tenant_id)).number
            start = counts_start(generation, month_of(first) if first else None)
            stop = counts_end(generation, month_of(end) if end else None)
            months = [month async for month in self._months(tenant_id, start, stop)]
            if (await self._roll_up.generation(tenant_id)).number == generation:
                break
        else:
            raise LedgerUnavailableError(f"the reports of tenant {tenant_id} were rebuilt {ATTEMPTS} times meanwhile")
        days: dict[date, DayClaims] = {}
        for month in months:
            for day, products in month.counts.days.items():
                for sku_id, claims in products.items():
                    days.setdefault(day, DayClaims(day)).add(month.policy_id, sku_id, claims)
        return days

    async def _months(self, tenant_id: str, start: str, stop: str) -> AsyncIterator[MonthCounts]:
        continuation = None
        for _ in range(PAGES):
            page, continuation = await self._reports.page(tenant_id, start, stop, continuation)
            for stored in page:
                yield counts_of(stored.row)
            if not continuation:
                return
        raise LedgerUnavailableError(f"the reports of tenant {tenant_id} take over {PAGES} pages")
