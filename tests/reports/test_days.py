"""Days are UTC days of the commits: what is claimed around midnight, by clocks that disagree, falls on its day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.reports import PERIODS, period_until
from storage.tables.clock import BELIEVED_APART_MAX
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History
from tests.reports.processes import ReportingProcess, SetClock

ENDS = [date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 28), date(2024, 2, 29), date(2024, 12, 31)]
"""Last days: of a day, a month, a February's 28th in a leap year, that February, a year."""


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """A policy without claims."""
    history = History(tenant_id, process, clock, policies=1)
    await history.open()
    return history


@pytest.mark.parametrize("last", ENDS)
async def test_the_last_and_the_first_millisecond_fall_on_their_days(
    last: date, history: History, clock: SetClock, reader: ReportingProcess
) -> None:
    first = last + timedelta(days=1)
    clock.set(last, 23, 59, 59, 999)
    await history.burst(2)
    clock.set(first)
    await history.burst(3)

    for prepare in (None, reader.roll_up_all, reader.upkeep.rebuild):
        if prepare:
            await prepare(history.tenant_id)
        for days in PERIODS:
            period, (policy,) = await reader.reported(history.tenant_id, days)
            assert period.last == first
            expected = [2, 3] if days > 1 else [3]
            assert [day.claims for day in policy.days][-2:] == expected
            assert policy.total == sum(expected)
        await reader.assert_reports(history.tenant_id, history.told)


async def test_a_report_asked_at_midnight_is_of_the_day_that_begins(
    history: History, clock: SetClock, reader: ReportingProcess
) -> None:
    clock.set(date(2024, 2, 29), 23, 59, 59, 999)
    await history.burst(2)
    assert (await reader.reported(history.tenant_id, 1))[1][0].total == 2
    clock.set(date(2024, 3, 1))
    period, (policy,) = await reader.reported(history.tenant_id, 1)
    assert (period.first, period.last) == (date(2024, 3, 1), date(2024, 3, 1))
    assert [(day.day, day.claims) for day in policy.days] == [(date(2024, 3, 1), 0)]
    period, (policy,) = await reader.reported(history.tenant_id, 7)
    assert (period.first, period.last) == (date(2024, 2, 24), date(2024, 3, 1))
    assert [day.claims for day in policy.days] == [0, 0, 0, 0, 0, 2, 0]


async def test_claims_leave_a_period_at_midnight(history: History, clock: SetClock, reader: ReportingProcess) -> None:
    clock.set(date(2024, 2, 1))
    await history.burst(1)
    await reader.roll_up_all(history.tenant_id)
    for days in PERIODS:
        clock.now = datetime(2024, 2, 1, 23, 59, 59, 999_000, tzinfo=UTC) + timedelta(days=days - 1)
        assert (await reader.reported(history.tenant_id, days))[1][0].total == 1
        clock.now += timedelta(milliseconds=1)
        assert (await reader.reported(history.tenant_id, days))[1][0].total == 0


async def test_a_reader_whose_clock_is_behind_hides_no_claim(
    history: History, clock: SetClock, new_process: ProcessFactory
) -> None:
    behind = new_process(lambda: clock.now - BELIEVED_APART_MAX, clock)
    clock.set(date(2024, 2, 29), 0, 0, 1)
    await history.burst(2)
    period, (policy,) = await behind.reported(history.tenant_id, 1)
    assert period.last == date(2024, 2, 29)
    assert policy.total == 2


async def test_a_claim_of_a_process_whose_clock_is_behind_counts_on_the_day_of_the_commit_before(
    history: History, clock: SetClock, new_process: ProcessFactory, reader: ReportingProcess
) -> None:
    clock.set(date(2024, 3, 1))
    await history.burst(1)
    behind = History(history.tenant_id, new_process(lambda: clock.now - timedelta(seconds=1), clock), clock, 1)
    answer = await behind.sign_in("late", 0)
    assert answer.license is not None
    assert answer.license.assigned_at == datetime(2024, 3, 1, tzinfo=UTC)
    assert [day.claims for day in (await reader.reported(history.tenant_id, 7))[1][0].days][-2:] == [0, 2]


async def test_a_process_whose_clock_is_ahead_of_the_storage_counts_by_the_storage(
    history: History, clock: SetClock, new_process: ProcessFactory, reader: ReportingProcess
) -> None:
    ahead = new_process(lambda: datetime.now(UTC) + timedelta(days=3))
    earliest = datetime.now(UTC).date()
    answer = await History(history.tenant_id, ahead, clock, 1).sign_in("early", 0)
    latest = datetime.now(UTC).date()
    assert answer.license is not None
    assert earliest <= answer.license.assigned_at.date() <= latest
    period, (policy,) = await reader.reported(history.tenant_id, 1)
    assert earliest <= period.last <= latest
    assert policy.total == 1
    period, (policy,) = await ahead.reported(history.tenant_id, 7)
    assert earliest <= period.last <= latest
    assert policy.total == 1


async def test_a_process_whose_clock_is_behind_the_storage_counts_by_the_storage(
    tenant_id: str, clock: SetClock, new_process: ProcessFactory
) -> None:
    """Nothing was committed in the tenant before, so no later time stands in its head."""
    behind = new_process(lambda: datetime.now(UTC) - timedelta(days=120))
    history = History(tenant_id, behind, clock, 1)
    await history.open()
    earliest = datetime.now(UTC).date()
    answer = await history.sign_in("late", 0)
    latest = datetime.now(UTC).date()
    assert answer.license is not None
    assert earliest <= answer.license.assigned_at.date() <= latest


async def test_counts_of_a_period_are_the_same_before_and_after_every_commit_is_rolled_up(
    history: History, clock: SetClock, reader: ReportingProcess
) -> None:
    for day in ENDS[:4]:
        clock.set(day, 23, 59, 59, 999)
        await history.burst(1)
        clock.set(day + timedelta(days=1))
        await history.burst(2)
        for until in (day, day + timedelta(days=1)):
            period = period_until(until, 30)
            before = await reader.counts(history.tenant_id, period)
            assert before == {cell: claims for cell, claims in history.told.items() if cell[0] in period}
        await reader.roll_up_all(history.tenant_id)
        for until in (day, day + timedelta(days=1)):
            period = period_until(until, 30)
            after = await reader.counts(history.tenant_id, period)
            assert after == {cell: claims for cell, claims in history.told.items() if cell[0] in period}
