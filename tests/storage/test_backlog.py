"""Too many at once: who is looked at, who is sent away, and until when."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from itertools import pairwise
from math import ceil

import pytest

from domain.errors import TooManyRequestsError
from domain.sign_ins import Outcome
from storage.engine import backlog
from storage.engine.backlog import (
    BURST_SECONDS_MAX,
    FEW,
    LINE_LEAST,
    LINE_LEAST_TOGETHER,
    LINE_SECONDS,
    RETURN_SECONDS_MAX,
    SERVED_PER_SECOND_MOST,
    WAIT_SECONDS_MAX,
    WAIT_SECONDS_MIN,
    Backlog,
)
from storage.engine.pace import Pace
from tests.domain.tenants import E1, product
from tests.storage.faulty_table import Gate
from tests.storage.processes import Process


class Time:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(backlog, "_now", made)
    return made


def backlog_of(processes: int) -> Backlog:
    return Backlog(lambda: processes, lambda: 0.0, lambda: False)


class Crowd:
    """People who come and stay until they are served."""

    def __init__(self, comes: Callable[[], object]) -> None:
        self._comes = comes
        self._stay: list[ExitStack] = []

    def come(self, count: int) -> None:
        for _ in range(count):
            with ExitStack() as stay:
                stay.enter_context(self._comes())  # type: ignore[arg-type]
                self._stay.append(stay.pop_all())

    def go(self, count: int) -> None:
        for _ in range(count):
            self._stay.pop(0).close()

    def __len__(self) -> int:
        return len(self._stay)


def slow(time: Time, crowd: Crowd, rate: int) -> None:
    """Let many be under way and so many a second be served, for three seconds."""
    crowd.come(FEW + 1 + rate)
    for _ in range(3):
        time.now += 1.0
        crowd.go(rate)
        crowd.come(rate)


def test_of_few_nobody_is_sent_away_however_long_nobody_is_served(time: Time) -> None:
    crowd = Crowd(backlog_of(1).under_way)
    for _ in range(FEW):
        crowd.come(1)
        time.now += 10


@pytest.mark.parametrize("processes", [0, 1, 40])
def test_before_it_is_known_how_fast_people_are_served_as_many_wait_as_a_partition_serves(
    time: Time, processes: int
) -> None:
    del time
    crowd = Crowd(backlog_of(processes).under_way)
    most = ceil(SERVED_PER_SECOND_MOST / max(processes, 1) * BURST_SECONDS_MAX)
    crowd.come(most)
    with pytest.raises(TooManyRequestsError):
        crowd.come(1)
    crowd.go(1)
    crowd.come(1)


@pytest.mark.parametrize("post_seconds", [0.0, 1.0, 10.0])
def test_who_would_wait_too_long_is_sent_away_and_nobody_else(time: Time, post_seconds: float) -> None:
    posts = [0.0]
    crowd = Crowd(Backlog(lambda: 40, lambda: posts[0], lambda: False).under_way)
    slow(time, crowd, rate=40)
    posts[0] = post_seconds
    crowd.go(len(crowd) - FEW - 1)
    with pytest.raises(TooManyRequestsError):
        crowd.come(1_000)
    wait = max(WAIT_SECONDS_MAX - post_seconds, WAIT_SECONDS_MIN)
    assert max(30 * wait, FEW) < len(crowd) < 60 * wait + FEW


def test_those_sent_away_come_again_one_after_the_other_and_none_after_more_than_a_minute(time: Time) -> None:
    crowd = Crowd(backlog_of(40).under_way)
    slow(time, crowd, rate=40)
    told: list[float] = []
    for _ in range(5_000):
        try:
            crowd.come(1)
        except TooManyRequestsError as refused:
            told.append(refused.retry_after_seconds or 0.0)
    assert told[0] >= 0.5 * WAIT_SECONDS_MAX
    apart = [after - before for before, after in pairwise(told) if after < RETURN_SECONDS_MAX]
    assert all(1 / 60 < gap < 1 / 30 for gap in apart)
    assert max(told) == RETURN_SECONDS_MAX


async def looked_at(made: Backlog, count: int) -> tuple[list[int], list["asyncio.Task[None]"]]:
    """Those who may be looked at of so many who come one after the other; each is looked at for ever."""
    turns: list[int] = []

    async def look(number: int) -> None:
        async with made.looking():
            turns.append(number)
            await asyncio.get_running_loop().create_future()

    tasks = [asyncio.create_task(look(number)) for number in range(count)]
    await asyncio.sleep(0)
    return turns, tasks


async def end(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_nobody_is_looked_at_while_too_many_wait_for_commits_that_are_slow(time: Time) -> None:
    made = backlog_of(40)
    line = Crowd(made.in_line)
    line.come(1)
    line.go(1)  # commits serve one a second
    line.come(LINE_LEAST - 1)
    turns, tasks = await looked_at(made, 3)
    assert turns == [0]
    await end(tasks[:1])
    assert turns == [0, 1]

    line.come(1)
    await end(tasks[1:2])
    assert turns == [0, 1]
    line.go(1)
    time.now += 0.001
    await asyncio.sleep(0)
    assert turns == [0, 1, 2]
    await end(tasks[2:])


async def test_where_commits_are_fast_more_may_wait_for_one(time: Time) -> None:
    made = backlog_of(40)
    line = Crowd(made.in_line)
    for _ in range(20):  # 200 a second
        line.come(20)
        line.go(20)
        time.now += 0.1
    turns, tasks = await looked_at(made, 1_000)
    assert 0.5 * 200 * LINE_SECONDS < len(turns) < 1.2 * 200 * LINE_SECONDS
    await end(tasks)


@pytest.mark.parametrize("processes", [1, 4, 100])
async def test_as_many_are_looked_at_as_full_commits_take(processes: int) -> None:
    turns, tasks = await looked_at(backlog_of(processes), 2 * LINE_LEAST_TOGETHER)
    assert turns == list(range(max(LINE_LEAST, LINE_LEAST_TOGETHER // processes)))
    await end(tasks)


async def test_once_a_guess_will_do_nobody_waits_to_be_looked_at() -> None:
    needless: list[bool] = []
    made = Backlog(lambda: 40, lambda: 0.0, lambda: bool(needless))
    turns, tasks = await looked_at(made, 2 * LINE_LEAST)
    assert turns == list(range(LINE_LEAST))
    needless.append(True)
    await end(tasks[:1])
    assert turns == list(range(2 * LINE_LEAST))
    await end(tasks[1:])


async def test_turns_go_in_order_and_one_who_leaves_passes_it_on() -> None:
    made = backlog_of(40)
    turns, tasks = await looked_at(made, LINE_LEAST + 6)
    waiting = tasks[LINE_LEAST:]
    await end(waiting[:1])  # left while it waited
    await end(tasks[:1])
    assert turns == [*range(LINE_LEAST), LINE_LEAST + 1]

    tasks[1].cancel()
    await asyncio.sleep(0)  # its turn is given to the next, who leaves at the same moment
    waiting[2].cancel()
    await asyncio.wait([tasks[1], waiting[2]])
    await asyncio.sleep(0)
    assert turns == [*range(LINE_LEAST), LINE_LEAST + 1, LINE_LEAST + 3]

    async def late() -> None:
        async with made.looking():
            turns.append(-1)

    # Whoever comes now comes behind those who wait.
    comes = asyncio.create_task(late())
    await end(tasks[2:4])
    await asyncio.sleep(0)
    assert turns[-2:] == [LINE_LEAST + 4, LINE_LEAST + 5]
    await end([task for task in tasks if not task.done()])
    await comes
    assert turns[-1] == -1


async def test_a_commit_that_is_held_up_holds_up_looks_and_then_everybody_is_served(
    process: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 1_000))
    gate = Gate()
    process.table.at("commit", before=gate)
    first = asyncio.create_task(process.outcome(audited, "first"))
    await gate.reached()
    process.table.forget_calls()
    crowd = [
        asyncio.create_task(process.outcome(audited, f"user-{number}")) for number in range(2 * LINE_LEAST_TOGETHER)
    ]
    await process.table.quiet(at_gates=1)
    assert process.table.count("get", "user:") <= LINE_LEAST_TOGETHER

    gate.open()
    assert set(await asyncio.gather(first, *crowd)) == {Outcome.CLAIMED}


async def test_what_a_commit_needs_is_read_however_slow_looks_are(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited, product(E1, 1_000))
    made = process.ledger._committer(audited)  # noqa: SLF001 - its looks are to stop

    async def never(self: Pace, rows: int) -> None:
        if self is made._pace.looks:  # noqa: SLF001
            await asyncio.get_running_loop().create_future()
        del rows

    monkeypatch.setattr(Pace, "wait_for", never)
    held = asyncio.create_task(process.outcome(audited, "ann"))
    await process.turn(audited, on=False)
    await process.turn(audited, on=True)
    assert await process.take_back(audited, "bob")
    assert not held.done()
    held.cancel()
