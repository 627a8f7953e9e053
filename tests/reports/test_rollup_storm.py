"""Reports are exact whatever happens to the roll-up: killed, cut off, several at once, late."""

import asyncio
from collections.abc import Sequence
from datetime import date
from random import Random

import pytest

import storage.reports.rollup
from domain.errors import LedgerUnavailableError
from domain.reports import PERIODS, period_until
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History, days_from, shares
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.tables import KilledError, Misfortune

FIRST = date(2024, 1, 2)
DAYS = 120
POLICIES = 20


async def _roll_up_until_killed(process: ReportingProcess, tenant_id: str, steps: int) -> None:
    """What a timer's run comes to: it ends well, fails, or its process is killed."""
    try:
        await process.upkeep.roll_up(tenant_id, steps)
    except (LedgerUnavailableError, KilledError):
        return


async def _history_with_timers(
    history: History, timers: Sequence[ReportingProcess], reader: ReportingProcess, sizes: Sequence[int], random: Random
) -> None:
    """Days pass, and on each the timers run at once while people sign in; every few days all periods are read."""
    commits = len(sizes)
    for number, day in enumerate(days_from(FIRST, DAYS)):
        bursts = sizes[number * commits // DAYS : (number + 1) * commits // DAYS]
        runs = [_roll_up_until_killed(each, history.tenant_id, random.randint(1, 4)) for each in timers]
        await asyncio.gather(history.day(day, bursts, random), *runs)
        if number % 10 == 9:
            await reader.assert_reports(history.tenant_id, history.told)


@pytest.mark.parametrize(
    ("claims", "commits"),
    [
        pytest.param(600, 180, id="600"),
        pytest.param(2_000, 240, id="2000", marks=pytest.mark.slow),
        pytest.param(20_000, 900, id="20000", marks=pytest.mark.slow),
    ],
)
async def test_all_periods_are_exact_while_three_roll_ups_are_killed_at_random_and_afterwards(  # noqa: PLR0913, PLR0917 - fixtures
    claims: int,
    commits: int,
    new_process: ProcessFactory,
    clock: SetClock,
    tenant_id: str,
    random: Random,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = History(tenant_id, new_process(), clock, POLICIES)
    await history.open()
    timers = [new_process() for _ in range(3)]
    misfortune = Misfortune(random)
    for table in (table for timer in timers for table in timer.tables):
        table.watch = misfortune
    reader = new_process()

    monkeypatch.setattr(storage.reports.rollup, "COMMITS_PER_STEP", 7)
    await _history_with_timers(history, timers, reader, shares(random, claims, commits), random)
    monkeypatch.undo()

    print(f"{misfortune.kills} killed, {misfortune.cuts} with their connection cut")  # noqa: T201
    assert sum(history.told.values()) == claims
    assert misfortune.kills > 20
    assert misfortune.cuts > 5
    period = period_until(clock.now.date(), 90)
    assert (await reader.records.claim_counts(tenant_id, period)).rolled_up_to is not None
    await reader.assert_reports(tenant_id, history.told)
    await reader.roll_up_all(tenant_id)
    await reader.assert_reports(tenant_id, history.told)
    for days in PERIODS:
        rows = await _rows_of_a_report(reader, tenant_id, days)
        print(f"{claims} claims, report of {days} days: {rows} rows read")  # noqa: T201
    # Which generation counts (twice), the watermark, the head, and a row for each policy in February, March and April.
    assert await _rows_of_a_report(reader, tenant_id, 90) == 4 + POLICIES * 3
    await reader.upkeep.rebuild(tenant_id)
    await reader.assert_reports(tenant_id, history.told)


async def _rows_of_a_report(process: ReportingProcess, tenant_id: str, days: int) -> int:
    before = process.rows_read()
    await process.records.claim_counts(tenant_id, period_until(process.clock.now().date(), days))
    return process.rows_read() - before
