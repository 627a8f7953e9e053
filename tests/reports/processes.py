"""One process of the app with all that it derives: reports, checks, upkeep. Its clock is set by the test."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.integrity import Discrepancy
from domain.reports import PERIODS, Period, PolicyCounts, PolicyReport, period_until, report, today
from storage.reports.records import TableRecords
from storage.upkeep.integrity import IntegrityChecker
from storage.upkeep.upkeep import TableUpkeep
from tests.reports.tables import Watch, WatchedTable
from tests.storage.processes import Process

RETENTION_DAYS = 400
CALLS_MOST = 2_000
"""A check that takes more calls does not end."""
STEPS = 1_000

Cell = tuple[date, str, str]
"""A day, a policy, a product: what claims are counted by."""


class SetClock:
    """A clock that stands until it is set: the own clock of one or several processes."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, day: date, hour: int = 0, minute: int = 0, second: int = 0, millisecond: int = 0) -> None:
        """Show this time, UTC. It does not run backwards: commits would not follow it."""
        now = datetime(day.year, day.month, day.day, hour, minute, second, millisecond * 1000, tzinfo=UTC)
        assert now >= self.now
        self.now = now

    def forward(self, **amount: float) -> None:
        """Go on by so many days, hours and so on."""
        self.now += timedelta(**amount)


@dataclass(frozen=True, slots=True)
class ReportingProcess(Process):
    """A process with its tables, and everything that stands on them.

    Attributes:
        reports: The second table.
        records: What lists and reports read.
        integrity: Checks.
        upkeep: Roll-up, retention, rebuilding, erasing.
    """

    reports: WatchedTable
    records: TableRecords
    integrity: IntegrityChecker
    upkeep: TableUpkeep

    @property
    def tables(self) -> tuple[WatchedTable, WatchedTable]:
        """Both tables."""
        assert isinstance(self.table, WatchedTable)
        return self.table, self.reports

    @contextmanager
    def watched(self, watch: Watch) -> Iterator[None]:
        """Within, every call of this process is watched."""
        for table in self.tables:
            table.watch = watch
        try:
            yield
        finally:
            for table in self.tables:
                table.watch = None

    def rows_read(self) -> int:
        """Rows that both tables gave so far."""
        return sum(table.rows_read for table in self.tables)

    async def roll_up_all(self, tenant_id: str) -> None:
        """Afterwards every claim so far is counted."""
        assert await self.upkeep.roll_up(tenant_id, STEPS)

    async def prune_all(self, tenant_id: str, days: int) -> None:
        """Afterwards nothing is left that is older."""
        for _ in range(STEPS):
            if await self.upkeep.prune(tenant_id, days):
                return
        raise AssertionError("pruning does not end")

    async def counts(self, tenant_id: str, period: Period) -> Counter[Cell]:
        """Claims of a period as they are read."""
        return counted(period, (await self.records.claim_counts(tenant_id, period)).counts)

    async def reported(self, tenant_id: str, days: int) -> tuple[Period, tuple[PolicyReport, ...]]:
        """The report of so many days until today, made as the app makes it."""
        period = period_until(today(self.clock.now(), await self.state(tenant_id)), days)
        counts = (await self.records.claim_counts(tenant_id, period)).counts
        state = await self.state(tenant_id)
        gone = [policy_id for policy_id in counts if policy_id not in state.configuration.policies]
        return period, report(state, period, counts, await self.records.retired_policies(tenant_id, gone))

    async def assert_reports(self, tenant_id: str, told: Mapping[Cell, int]) -> None:
        """The reports of all periods have what people were told, and nothing else."""
        for days in PERIODS:
            period, policies = await self.reported(tenant_id, days)
            found = {
                (day.day, policy.policy_id, sku_id): claims
                for policy in policies
                for day in policy.days
                for sku_id, claims in day.products
            }
            assert found == {cell: claims for cell, claims in told.items() if cell[0] in period}
            for policy in policies:
                assert [day.day for day in policy.days] == period.days
                assert policy.total == sum(product.claims for product in policy.products)

    async def check(
        self, tenant_id: str, retention_days: int = RETENTION_DAYS, between: Any = None
    ) -> list[Discrepancy]:
        """A whole check, call by call; its progress travels as text, as it does in a link."""
        found: list[Discrepancy] = []
        progress: str | None = None
        for _ in range(CALLS_MOST):
            step = await self.integrity.step(tenant_id, json.loads(progress) if progress else None, retention_days)
            found += step.discrepancies
            assert step.ok == (not found)
            if step.progress is None:
                return found
            progress = json.dumps(step.progress)
            if between:
                await between()
        raise AssertionError("the check does not end")


def counted(period: Period, counts: Mapping[str, PolicyCounts]) -> Counter[Cell]:
    """Claims of the period's days, one number for each day, policy and product."""
    return Counter(
        {
            (day, policy_id, sku_id): claims
            for policy_id, policy in counts.items()
            for day, products in policy.days.items()
            if day in period
            for sku_id, claims in products.items()
        }
    )
