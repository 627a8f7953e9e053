"""Retention removes what is old, and nothing that anybody still needs; cut off anywhere, it is completed."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

import storage.reports.rollup
import storage.upkeep.retention
from domain.reports import period_until
from tests.reports import raw_rows
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History
from tests.reports.lively_tenant import Storm, lively_tenant
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import journal_key, keys_of
from tests.reports.tables import MOMENTS, AtMoment, KilledError, killed

LEAST = 90
PRUNED = date(2024, 4, 20)
"""Then 20 January is the last day that is older than 90 days: January's claims go, February's stay."""


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """A tenant that has not committed anything for two months and is rolled up."""
    history = await lively_tenant(tenant_id, process, clock)
    await process.roll_up_all(tenant_id)
    clock.set(PRUNED, 12)
    return history


@pytest.fixture
async def january(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """A tenant with a claim on each day from 2 to 31 January, rolled up; on 2 April the first is to go."""
    history = History(tenant_id, process, clock, 1)
    await history.open()
    for day in range(2, 32):
        clock.set(date(2024, 1, day), 12)
        await history.burst(1)
    await process.roll_up_all(tenant_id)
    clock.set(date(2024, 4, 1), 12)
    return history


def days_kept(connection_string: str, tenant_id: str) -> list[str]:
    """Days that the report's rows have claims on."""
    return sorted(
        {
            f"{key.split(':')[2]}-{day}"
            for key in keys_of(connection_string, tenant_id, "reports", "counts:")
            for day in raw_rows.content(raw_rows.row(connection_string, tenant_id, key, "reports"))["days"]
        }
    )


def days_of_commits(connection_string: str, tenant_id: str) -> list[str]:
    """Days of the journal's commits, oldest first."""
    keys = keys_of(connection_string, tenant_id, "ledger", "journal:")
    return sorted({raw_rows.row(connection_string, tenant_id, key)["at"][:10] for key in keys})


async def test_old_commits_and_days_go_and_all_else_stays(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    state = await reader.state(tenant_id)
    users = {
        key: raw_rows.row(connection_string, tenant_id, key)
        for key in keys_of(connection_string, tenant_id, start="user:")
    }

    await reader.prune_all(tenant_id, LEAST)

    assert days_of_commits(connection_string, tenant_id) == ["2024-02-10", "2024-02-11"]
    assert days_kept(connection_string, tenant_id) == ["2024-02-10", "2024-02-11"]
    assert await reader.state(tenant_id) == state
    assert users == {key: raw_rows.row(connection_string, tenant_id, key) for key in users}
    assert await reader.check(tenant_id, LEAST) == []
    # Reports are of the last 90 days, so they have everything that was told in these.
    await reader.assert_reports(tenant_id, history.told)


async def test_the_first_day_of_the_longest_report_stays(
    history: History, reader: ReportingProcess, clock: SetClock, connection_string: str
) -> None:
    clock.set(date(2024, 5, 9), 23, 59, 59, 999)
    for _ in range(2):
        await reader.prune_all(history.tenant_id, LEAST)
        await reader.assert_reports(history.tenant_id, history.told)
        assert await reader.check(history.tenant_id, LEAST) == []
        kept = days_of_commits(connection_string, history.tenant_id)
        assert kept == days_kept(connection_string, history.tenant_id)
        assert (await reader.counts(history.tenant_id, period_until(clock.now.date(), LEAST))).total() > 0
        clock.forward(milliseconds=1)
    assert kept == ["2024-02-10", "2024-02-11"]
    clock.forward(days=1)
    await reader.prune_all(history.tenant_id, LEAST)
    assert days_of_commits(connection_string, history.tenant_id) == ["2024-02-11"]


async def test_a_setting_of_400_days_keeps_everything(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    before = keys_of(connection_string, history.tenant_id), keys_of(connection_string, history.tenant_id, "reports")
    assert await reader.upkeep.prune(history.tenant_id, 400)
    assert before == (
        keys_of(connection_string, history.tenant_id),
        keys_of(connection_string, history.tenant_id, "reports"),
    )


async def test_nothing_above_the_watermark_goes(
    tenant_id: str, process: ReportingProcess, reader: ReportingProcess, clock: SetClock, connection_string: str
) -> None:
    history = await lively_tenant(tenant_id, process, clock)
    commits = len(keys_of(connection_string, tenant_id, start="journal:"))
    (watermark,) = keys_of(connection_string, tenant_id, "reports", "watermark:")
    through = int(raw_rows.row(connection_string, tenant_id, watermark, "reports")["sequence"])
    assert through < commits
    clock.set(date(2024, 12, 1), 12)

    await reader.prune_all(tenant_id, LEAST)

    kept = keys_of(connection_string, tenant_id, start="journal:")
    assert kept == [journal_key(sequence) for sequence in range(commits, through, -1)]
    await process.roll_up_all(tenant_id)
    await reader.prune_all(tenant_id, LEAST)
    assert keys_of(connection_string, tenant_id, start="journal:") == []
    assert await reader.check(tenant_id, LEAST) == []
    await history.burst(3)
    await reader.assert_reports(tenant_id, history.told)


async def test_a_tenant_that_was_never_rolled_up_keeps_its_journal(
    tenant_id: str, process: ReportingProcess, clock: SetClock, connection_string: str
) -> None:
    history = History(tenant_id, process, clock, 1)
    await history.open()
    await history.burst(2)
    clock.set(date(2024, 12, 1), 12)
    before = keys_of(connection_string, tenant_id)
    assert await process.upkeep.prune(tenant_id, LEAST)
    assert keys_of(connection_string, tenant_id) == before


async def test_each_step_is_bounded(
    history: History, reader: ReportingProcess, connection_string: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.upkeep.retention, "COMMITS_PER_STEP", 4)
    tenant_id = history.tenant_id
    counts = [len(keys_of(connection_string, tenant_id, start="journal:"))]
    while not await reader.upkeep.prune(tenant_id, LEAST):
        counts.append(len(keys_of(connection_string, tenant_id, start="journal:")))
        assert await reader.check(tenant_id, LEAST) == []
        await reader.assert_reports(tenant_id, history.told)
        assert len(counts) < 20
    assert [before - after for before, after in pairwise(counts)] == [4] * (len(counts) - 1)
    assert len(counts) > 3
    assert days_of_commits(connection_string, tenant_id) == ["2024-02-10", "2024-02-11"]


async def test_pruning_that_is_killed_at_any_call_is_completed_by_the_next(
    january: History, reader: ReportingProcess, new_process: ProcessFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One day of claims goes at a time, and at each the process is killed a call later than the time before."""
    monkeypatch.setattr(storage.upkeep.retention, "COMMITS_PER_STEP", 3)
    timer, tenant_id = new_process(), january.tenant_id
    for number in MOMENTS:
        january.clock.forward(days=1)
        moment = AtMoment(number, killed)
        with timer.watched(moment), suppress(KilledError):
            await timer.prune_all(tenant_id, LEAST)
        assert await reader.check(tenant_id, LEAST) == [], number
        await reader.assert_reports(tenant_id, january.told)
        if number % 5 == 0:
            await january.burst(1)
            await reader.roll_up_all(tenant_id)
        if not moment.done:
            assert number > 15
            return
    raise AssertionError("pruning does not end")


async def test_a_check_is_right_from_the_checkpoint_whatever_changes_later(
    history: History, reader: ReportingProcess, clock: SetClock, random: Random
) -> None:
    storm = Storm(history, random)
    for _ in range(4):
        await history.process.roll_up_all(history.tenant_id)
        await reader.prune_all(history.tenant_id, LEAST)
        assert await reader.check(history.tenant_id, LEAST) == []
        for _ in range(8):
            await storm.change()
        assert await reader.check(history.tenant_id, LEAST) == []
        await reader.assert_reports(history.tenant_id, history.told)
        clock.forward(days=20)


async def test_damage_is_found_from_the_checkpoint_too(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    await reader.prune_all(history.tenant_id, LEAST)
    raw_rows.remove(connection_string, history.tenant_id, "user:user-000002")
    kinds = {each.kind for each in await reader.check(history.tenant_id, LEAST)}
    assert {"wrongCount", "wrongDigest"} <= kinds


async def test_a_missing_oldest_commit_that_was_kept_is_found(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    await reader.prune_all(history.tenant_id, LEAST)
    oldest = keys_of(connection_string, history.tenant_id, start="journal:")[-1]
    sequence = int(raw_rows.row(connection_string, history.tenant_id, oldest)["sequence"])
    raw_rows.remove(connection_string, history.tenant_id, oldest)
    found = [(each.kind, each.target) for each in await reader.check(history.tenant_id, LEAST)]
    assert ("journalGap", f"journal/{sequence}") in found


async def test_a_clock_ahead_of_the_storage_deletes_nothing_too_early(
    tenant_id: str, new_process: ProcessFactory, clock: SetClock, connection_string: str
) -> None:
    """History as of now, and a process that believes that it is a year later."""
    now = new_process(lambda: datetime.now(UTC))
    history = History(tenant_id, now, clock, 1)
    await history.open()
    await history.burst(3)
    await now.roll_up_all(tenant_id)
    ahead = new_process(lambda: datetime.now(UTC) + timedelta(days=365))
    before = keys_of(connection_string, tenant_id), keys_of(connection_string, tenant_id, "reports")
    # The timer has spoken to the storage before it prunes: it asks which tenants there are.
    await anext(ahead.upkeep.tenants())
    await ahead.prune_all(tenant_id, LEAST)
    assert before == (keys_of(connection_string, tenant_id), keys_of(connection_string, tenant_id, "reports"))


async def test_a_clock_ahead_deletes_nothing_too_early_at_the_first_call_of_a_process_either(
    tenant_id: str, new_process: ProcessFactory, clock: SetClock, connection_string: str
) -> None:
    now = new_process(lambda: datetime.now(UTC))
    history = History(tenant_id, now, clock, 1)
    await history.open()
    await history.burst(3)
    await now.roll_up_all(tenant_id)
    before = keys_of(connection_string, tenant_id, start="journal:")
    ahead = new_process(lambda: datetime.now(UTC) + timedelta(days=365))
    await ahead.upkeep.prune(tenant_id, LEAST)
    assert keys_of(connection_string, tenant_id, start="journal:") == before


async def test_a_clock_behind_the_storage_deletes_by_itself(
    history: History, new_process: ProcessFactory, connection_string: str
) -> None:
    behind = new_process(lambda: datetime(2024, 2, 1, tzinfo=UTC))
    before = keys_of(connection_string, history.tenant_id)
    await behind.prune_all(history.tenant_id, LEAST)
    assert keys_of(connection_string, history.tenant_id) == before


async def test_what_a_process_whose_clock_is_behind_the_storage_commits_is_not_removed_as_old(
    tenant_id: str, new_process: ProcessFactory, clock: SetClock, connection_string: str
) -> None:
    behind = new_process(lambda: datetime.now(UTC) - timedelta(days=120))
    right = new_process(lambda: datetime.now(UTC))
    history = History(tenant_id, behind, clock, 1)
    await history.open()
    await history.burst(3)
    await right.roll_up_all(tenant_id)
    before = keys_of(connection_string, tenant_id, start="journal:")
    await right.prune_all(tenant_id, LEAST)
    assert keys_of(connection_string, tenant_id, start="journal:") == before


async def test_reports_rebuilt_after_retention_have_what_the_journal_has(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    await reader.prune_all(history.tenant_id, LEAST)
    await reader.upkeep.rebuild(history.tenant_id)
    await reader.assert_reports(history.tenant_id, history.told)
    assert await reader.check(history.tenant_id, LEAST) == []
    assert days_kept(connection_string, history.tenant_id) == ["2024-02-10", "2024-02-11"]
    await history.burst(2)
    await reader.assert_reports(history.tenant_id, history.told)


@pytest.mark.parametrize("later", ["at once", "with claims"])
async def test_a_rebuild_that_was_cut_off_before_retention_is_completed_after_it(
    later: str, history: History, reader: ReportingProcess, rival: ReportingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.reports.rollup, "COMMITS_PER_STEP", 5)
    rival.reports.at("commit", after=killed)
    with suppress(KilledError):
        await rival.upkeep.rebuild(history.tenant_id)
    await history.process.prune_all(history.tenant_id, LEAST)
    if later == "with claims":
        await history.burst(3)
        await history.process.roll_up_all(history.tenant_id)
    await rival.upkeep.rebuild(history.tenant_id)
    await reader.assert_reports(history.tenant_id, history.told)


async def test_retention_at_any_call_of_a_rebuild_does_not_fail_it(
    january: History, reader: ReportingProcess, rival: ReportingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.reports.rollup, "COMMITS_PER_STEP", 8)
    for number in range(20):
        january.clock.forward(days=1)
        with rival.watched(AtMoment(number, lambda: january.process.prune_all(january.tenant_id, LEAST))):
            await rival.upkeep.rebuild(january.tenant_id)
        await reader.assert_reports(january.tenant_id, january.told)


async def test_two_prunings_at_once_both_end_well(
    january: History, rival: ReportingProcess, reader: ReportingProcess
) -> None:
    for number in range(20):
        january.clock.forward(days=1)
        with rival.watched(AtMoment(number, lambda: january.process.prune_all(january.tenant_id, LEAST))):
            await rival.prune_all(january.tenant_id, LEAST)
        assert await reader.check(january.tenant_id, LEAST) == []


async def test_a_reader_at_whose_calls_retention_runs_is_exact(january: History, reader: ReportingProcess) -> None:
    for number in MOMENTS:
        january.clock.forward(days=1)
        await january.burst(1)
        period = period_until(january.clock.now.date(), LEAST)
        expected = {cell: claims for cell, claims in january.told.items() if cell[0] in period}
        moment = AtMoment(number, lambda: january.process.prune_all(january.tenant_id, LEAST))
        with reader.watched(moment):
            assert await reader.counts(january.tenant_id, period) == expected
        if not moment.done:
            return
    raise AssertionError("the reader does not end")
