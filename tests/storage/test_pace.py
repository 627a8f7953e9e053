"""How fast a process asks: slower after the storage was too busy, faster again, and not at all held up without that."""

import asyncio
from types import SimpleNamespace

import pytest

from domain.errors import LedgerUnavailableError
from domain.sign_ins import Outcome
from storage.engine import pace, transaction
from storage.engine.drafting import LOOKS_IF_BUSY
from storage.engine.pace import LEAST_LOOKS_PER_SECOND, Pace, TenantPace
from storage.tables.table import StorageBusyError
from tests.domain.tenants import E1, product
from tests.storage.processes import Process


class Time:
    """A clock that moves when somebody waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(pace, "_now", lambda: self.now)
        monkeypatch.setattr(pace, "asyncio", SimpleNamespace(sleep=self._sleep, Lock=asyncio.Lock))

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


async def sent(made: Pace, time: Time, seconds: float, rows: int = 10) -> float:
    """How many rows a second get through if no call waits for anything else. Each takes a millisecond."""
    began, count = time.now, 0
    while time.now < began + seconds:
        await made.wait_for(rows)
        time.now += 0.001
        count += rows
    return count / (time.now - began)


async def test_without_a_503_nobody_waits(time: Time) -> None:
    made = Pace(LEAST_LOOKS_PER_SECOND)
    assert await sent(made, time, 3.0) == pytest.approx(10_000, rel=0.01)


async def test_after_a_503_it_is_slower_than_before_and_then_faster_until_there_is_no_limit(time: Time) -> None:
    made = Pace(LEAST_LOOKS_PER_SECOND)
    before = await sent(made, time, 3.0)
    made.was_busy()
    slower = await sent(made, time, 0.3)
    assert 0.5 * before < slower < 0.95 * before

    later = await sent(made, time, 0.3)
    assert later > slower
    time.now += 60
    assert await sent(made, time, 1.0) == pytest.approx(before, rel=0.01)


async def test_one_trouble_that_many_calls_meet_slows_down_once(time: Time) -> None:
    rates: list[float] = []
    for calls in (1, 50):
        made = Pace(LEAST_LOOKS_PER_SECOND)
        await sent(made, time, 3.0)
        for _ in range(calls):
            made.was_busy()
        rates.append(await sent(made, time, 0.2))
    assert rates[0] == pytest.approx(rates[1], rel=0.01)


async def test_however_often_it_is_too_busy_some_get_through(time: Time) -> None:
    made = Pace(LEAST_LOOKS_PER_SECOND)
    for _ in range(100):
        made.was_busy()
        time.now += 0.3
    made.was_busy()
    assert await sent(made, time, 2.0, rows=1) >= LEAST_LOOKS_PER_SECOND


async def test_what_the_storage_gave_is_what_is_asked_for_next_however_much_was_asked_for_before(time: Time) -> None:
    made = Pace(LEAST_LOOKS_PER_SECOND)
    for _ in range(1_000):  # ten times as much as is given
        await made.wait_for(10)
        made.was_busy(9)
        time.now += 0.001
    assert await sent(made, time, 0.2, rows=1) <= 1_000


async def test_turns_go_in_order_and_who_leaves_has_taken_nothing() -> None:
    made = Pace(100.0)
    made.was_busy()
    order: list[int] = []

    async def ask(number: int) -> None:
        await made.wait_for(1)
        order.append(number)

    asks = [asyncio.create_task(ask(number)) for number in range(300)]
    await asyncio.sleep(0)
    for left in asks[1:-1]:
        left.cancel()
    async with asyncio.timeout(1.0):
        await asyncio.wait(asks)
    assert order == [0, 299]


async def test_a_commit_that_is_refused_slows_down_looks_and_looks_slow_down_no_commit(time: Time) -> None:
    for is_commit in (True, False):
        made = TenantPace()
        most_looks = await sent(made.looks, time, 3.0, rows=20)
        most_commits = await sent(made.commits, time, 3.0, rows=20)
        if is_commit:
            made.commit_was_refused()
        else:
            made.looks.was_busy()
        assert await sent(made.looks, time, 0.2, rows=20) < 0.95 * most_looks
        assert (await sent(made.commits, time, 0.2, rows=20) < 0.95 * most_commits) is is_commit


async def busy() -> None:
    """What a call meets that the storage has no room for."""
    raise StorageBusyError("503 ServerBusy")


@pytest.mark.parametrize("is_made", [True, False])
async def test_a_503_on_a_commit_is_looked_up_before_it_is_sent_again(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch, *, is_made: bool
) -> None:
    monkeypatch.setattr(transaction, "BUSY_PAUSE_SECONDS", 0)
    await process.open(audited, product(E1, 5))
    process.table.forget_calls()
    if is_made:
        process.table.at("commit", after=busy)
    else:
        process.table.at("commit", before=busy)

    assert await process.outcome(audited, "ann") is Outcome.CLAIMED

    order = [call.kind for call in process.table.calls if call.kind == "commit" or call.row.startswith("journal:")]
    assert order == (["commit", "get"] if is_made else ["commit", "get", "commit"])
    assert (await process.state(audited)).assigned_licenses(E1) == 1


async def test_a_storage_that_stays_too_busy_is_told_and_asked_a_bounded_number_of_times(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "BUSY_PAUSE_SECONDS", 0)
    await process.open(audited)
    process.table.at("commit", before=busy, times=1_000)
    process.table.forget_calls()
    with pytest.raises(LedgerUnavailableError):
        await process.outcome(audited, "ann")
    assert process.table.count("commit") == transaction.SENDINGS_MAX
    process.table.heal()
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_a_user_for_whom_the_storage_is_too_busy_slows_down_looks(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited, product(E1, 5))
    slowed: list[int] = []
    monkeypatch.setattr(Pace, "was_busy", lambda _, refused: slowed.append(refused))
    process.table.at("get", "user:", before=busy, times=LOOKS_IF_BUSY)
    with pytest.raises(LedgerUnavailableError):
        await process.outcome(audited, "ann")
    assert slowed == [1] * LOOKS_IF_BUSY
    process.table.at("get", "user:", before=busy, times=LOOKS_IF_BUSY - 1)
    assert await process.outcome(audited, "bob") is Outcome.CLAIMED
