"""A reader is exact whatever the roll-up and a rebuild do between its reads, at every one of its calls."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

import storage.reports.counts
import storage.reports.rollup
from domain.errors import LedgerUnavailableError
from domain.reports import Period
from tests.reports.history import History
from tests.reports.processes import Cell, ReportingProcess, SetClock
from tests.reports.tables import MOMENTS, AtMoment

PERIOD = Period(date(2024, 1, 1), date(2024, 3, 30))
Action = Callable[[History, ReportingProcess], Awaitable[None]]


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """Two policies with claims in January, rolled up."""
    history = History(tenant_id, process, clock, policies=2)
    await history.open()
    clock.set(date(2024, 1, 31), 23, 59)
    await history.burst(3)
    await process.roll_up_all(tenant_id)
    return history


async def _roll_up(history: History, rival: ReportingProcess) -> None:
    await rival.roll_up_all(history.tenant_id)


async def _rebuild(history: History, rival: ReportingProcess) -> None:
    await rival.upkeep.rebuild(history.tenant_id)


async def _claims(history: History, rival: ReportingProcess) -> None:
    del rival
    await history.burst(3)


async def _claims_and_roll_up(history: History, rival: ReportingProcess) -> None:
    await history.burst(2)
    await rival.roll_up_all(history.tenant_id)
    await history.burst(1)


async def _claims_and_rebuild(history: History, rival: ReportingProcess) -> None:
    await history.burst(2)
    await rival.upkeep.rebuild(history.tenant_id)
    await history.burst(1)


def _prefixes(before: Counter[Cell], bursts: list[Counter[Cell]]) -> list[Counter[Cell]]:
    """What may be read: all that was told before the question, and what some of the later bursts were told."""
    return [sum(bursts[:number], before) for number in range(len(bursts) + 1)]


@pytest.mark.parametrize("action", [_roll_up, _rebuild, _claims, _claims_and_roll_up, _claims_and_rebuild])
@pytest.mark.parametrize("tail", [0, 3])
async def test_a_read_counts_each_claim_once_whatever_happens_at_any_of_its_calls(
    action: Action, tail: int, history: History, rival: ReportingProcess, reader: ReportingProcess
) -> None:
    for number in MOMENTS:
        for _ in range(tail):
            history.clock.forward(hours=1)
            await history.burst(1)
        before = Counter(history.told)
        moment = AtMoment(number, lambda: action(history, rival))
        with reader.watched(moment):
            found = await reader.counts(history.tenant_id, PERIOD)
        assert before <= found <= history.told, number
        if action in {_roll_up, _rebuild}:
            assert found == history.told
        assert await reader.counts(history.tenant_id, PERIOD) == history.told
        if not moment.done:
            assert number > 5
            return
    raise AssertionError("the reader does not end")


async def test_a_read_is_of_one_moment_of_the_tenant(
    history: History, rival: ReportingProcess, reader: ReportingProcess
) -> None:
    """Two claims of one commit are both read or neither, though they are in different rows."""
    for number in MOMENTS:
        history.clock.forward(hours=1)
        await history.burst(1)
        commits: list[Counter[Cell]] = []

        async def two_commits_and_a_roll_up(commits: list[Counter[Cell]] = commits) -> None:
            for _ in range(2):
                before = Counter(history.told)
                await history.burst(2)
                commits.append(history.told - before)
                await rival.roll_up_all(history.tenant_id)

        before = Counter(history.told)
        moment = AtMoment(number, two_commits_and_a_roll_up)
        with reader.watched(moment):
            found = await reader.counts(history.tenant_id, PERIOD)
        assert found in _prefixes(before, commits)
        if not moment.done:
            return
    raise AssertionError("the reader does not end")


async def test_a_month_ends_between_the_rows_and_the_tail(
    history: History, reader: ReportingProcess, rival: ReportingProcess
) -> None:
    history.clock.set(date(2024, 1, 31), 23, 59, 59, 999)
    await history.burst(2)
    history.clock.set(date(2024, 2, 1))
    await history.burst(2)
    for until in (date(2024, 1, 31), date(2024, 2, 1)):
        period = Period(date(2024, 1, 31), until)
        expected = Counter({cell: claims for cell, claims in history.told.items() if cell[0] in period})
        assert await reader.counts(history.tenant_id, period) == expected
    await rival.roll_up_all(history.tenant_id)
    for until in (date(2024, 1, 31), date(2024, 2, 1)):
        period = Period(date(2024, 1, 31), until)
        expected = Counter({cell: claims for cell, claims in history.told.items() if cell[0] in period})
        assert await reader.counts(history.tenant_id, period) == expected


async def test_a_reader_rolls_up_a_long_tail(
    history: History, reader: ReportingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.reports.counts, "TAIL_COMMITS", 5)
    monkeypatch.setattr(storage.reports.rollup, "COMMITS_PER_STEP", 3)
    for _ in range(17):
        history.clock.forward(hours=1)
        await history.burst(1)
    before = (await history.process.state(history.tenant_id)).head

    assert await reader.counts(history.tenant_id, PERIOD) == history.told
    monkeypatch.undo()

    assert reader.reports.count("commit") == 5
    rolled_up_to = (await reader.records.claim_counts(history.tenant_id, PERIOD)).rolled_up_to
    assert before.at is not None
    assert rolled_up_to is not None
    assert 0 <= (before.at - rolled_up_to).total_seconds() <= 4 * 3600
    reader.reports.forget_calls()
    assert await reader.counts(history.tenant_id, PERIOD) == history.told
    assert reader.reports.count("commit") == 0


async def test_a_tail_that_grows_faster_than_it_is_rolled_up_is_told_as_unavailable(
    history: History, reader: ReportingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.reports.counts, "TAIL_COMMITS", 3)
    monkeypatch.setattr(storage.reports.counts, "ATTEMPTS", 4)
    monkeypatch.setattr(storage.reports.rollup, "COMMITS_PER_STEP", 2)
    for _ in range(12):
        history.clock.forward(hours=1)
        await history.burst(1)
    with pytest.raises(LedgerUnavailableError, match="too far behind"):
        await reader.counts(history.tenant_id, PERIOD)
    # It has not been for nothing: the next reader goes on from there.
    assert await reader.counts(history.tenant_id, PERIOD) == history.told


async def test_two_readers_and_a_timer_roll_up_the_same_long_tail(
    history: History, reader: ReportingProcess, rival: ReportingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.reports.counts, "TAIL_COMMITS", 4)
    monkeypatch.setattr(storage.reports.rollup, "COMMITS_PER_STEP", 3)
    for number in MOMENTS:
        for _ in range(9):
            history.clock.forward(hours=1)
            await history.burst(1)

        async def rivals() -> None:
            assert await rival.counts(history.tenant_id, PERIOD) == history.told
            await rival.roll_up_all(history.tenant_id)

        moment = AtMoment(2 * number, rivals)
        with reader.watched(moment):
            assert await reader.counts(history.tenant_id, PERIOD) == history.told
        if not moment.done:
            return
    raise AssertionError("the reader does not end")
