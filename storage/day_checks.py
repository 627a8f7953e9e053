"""The report's rows held against the journal, day by day, while an integrity check walks through the commits.

Only what the roll-up had counted when the check began is looked at. A day is compared when a later one begins: no
claim can be added to it any more. The last day is compared only if the roll-up stood still meanwhile.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.claims import claims_of
from domain.integrity import DayClaims, Discrepancy, wrong_day
from domain.journal import JournalRecord
from storage.clock import StorageClock
from storage.report_rows import MonthCounts, counts_end, counts_of, counts_start, month_of
from storage.rollup import RollUp
from storage.table import LedgerTable


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
        if check.day is not None and check.day != day.isoformat():
            found = await self._compare(tenant_id, check, day, retention_days)
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
        found = await self._compare(tenant_id, check, date.fromisoformat(check.day) + timedelta(days=1), retention_days)
        generation = (await self._roll_up.generation(tenant_id)).number
        watermark, _ = await self._roll_up.watermark(tenant_id, generation)
        return found if watermark.sequence == check.through else []

    async def _compare(self, tenant_id: str, check: DayCheck, until: date, retention_days: int) -> list[Discrepancy]:
        """Compares the day of the commits so far, and the days without commits before another day."""
        kept = self._clock.earliest().date() - timedelta(days=retention_days)
        last = date.fromisoformat(check.day or "")
        journal = {last: DayClaims(last, check.claims, int(check.fingerprint, 16))}
        days = [max(last, kept) + timedelta(days=number) for number in range((until - max(last, kept)).days)]
        generation = (await self._roll_up.generation(tenant_id)).number
        months = {month: await self._month(tenant_id, generation, month) for month in {month_of(day) for day in days}}
        found: list[Discrepancy] = []
        for day in days:
            rows = DayClaims(day)
            for counted in months[month_of(day)]:
                for sku_id, claims in counted.counts.days.get(day, {}).items():
                    rows.add(counted.policy_id, sku_id, claims)
            found += wrong_day(journal.get(day, DayClaims(day)), rows)
        return found

    async def _month(self, tenant_id: str, generation: int, month: date) -> list[MonthCounts]:
        rows = []
        continuation = None
        while True:
            page, continuation = await self._reports.page(
                tenant_id, counts_start(generation, month), counts_end(generation, month), continuation
            )
            rows += page
            if not continuation:
                return [counts_of(stored.row) for stored in rows]
