"""How fast a process asks: slower after the storage was too busy, faster again, and not at all held up without that."""

from contextlib import suppress
from types import SimpleNamespace

import pytest

from domain.errors import LedgerUnavailableError
from domain.sign_ins import Outcome
from storage import pace, transaction
from storage.pace import LEAST_READS_PER_SECOND, PARTITIONS_MAX, WAIT_SECONDS_MAX, Pace, Paces, StorageBusyError
from tests.domain.tenants import E1, product
from tests.storage.processes import Process


class Time:
    """A clock that moves when somebody waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(pace, "_now", lambda: self.now)
        self.longest = 0.0
        self.stands = False
        monkeypatch.setattr(pace, "asyncio", SimpleNamespace(sleep=self._sleep))

    async def _sleep(self, seconds: float) -> None:
        self.longest = max(self.longest, seconds)
        self.now += 0 if self.stands else seconds


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
    made = Pace(LEAST_READS_PER_SECOND)
    assert await sent(made, time, 3.0) == pytest.approx(10_000, rel=0.01)


async def test_after_a_503_it_is_slower_than_before_and_then_faster_until_there_is_no_limit(time: Time) -> None:
    made = Pace(LEAST_READS_PER_SECOND)
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
        made = Pace(LEAST_READS_PER_SECOND)
        await sent(made, time, 3.0)
        for _ in range(calls):
            made.was_busy()
        rates.append(await sent(made, time, 0.2))
    assert rates[0] == pytest.approx(rates[1], rel=0.01)


async def test_however_often_it_is_too_busy_some_get_through(time: Time) -> None:
    made = Pace(LEAST_READS_PER_SECOND)
    for _ in range(100):
        made.was_busy()
        time.now += 0.3
    made.was_busy()
    assert await sent(made, time, 2.0, rows=1) >= LEAST_READS_PER_SECOND


async def test_nobody_waits_longer_than_a_bound_but_is_told(time: Time) -> None:
    made = Pace(10.0)
    made.was_busy()
    time.stands = True  # all of them come at the same moment
    come = 0
    with suppress(StorageBusyError):
        for _ in range(100):
            await made.wait_for(1)
            come += 1
    assert 0 < come < 100
    assert 0 < time.longest <= WAIT_SECONDS_MAX


def test_partitions_do_not_slow_each_other_down_and_are_bounded() -> None:
    paces = Paces(1.0)
    first = paces.of("first")
    assert paces.of("second") is not first
    assert paces.of("first") is first
    for number in range(PARTITIONS_MAX):
        paces.of(str(number))
    assert len(paces._paces) == PARTITIONS_MAX  # noqa: SLF001 - memory is what it is about
    assert paces.of("first") is not first


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
