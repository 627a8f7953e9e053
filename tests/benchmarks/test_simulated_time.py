"""Simulated time: nothing waits, everything comes in its order."""

import asyncio
from time import perf_counter

import pytest

from benchmarks.simulation.machine import RUNNING_ON, Cores, Thread
from benchmarks.simulation.simulated_time import NothingLeftToHappenError, in_simulated_time


async def _now_after(*works: object) -> float:
    await asyncio.gather(*works)  # type: ignore[call-overload]
    return asyncio.get_running_loop().time()


def test_an_hour_passes_at_once() -> None:
    began = perf_counter()

    assert in_simulated_time(_now_after(asyncio.sleep(3_600))) == pytest.approx(3_600)
    assert perf_counter() - began < 60


def test_whoever_looks_again_and_again_sees_time_pass() -> None:
    async def look() -> int:
        loop = asyncio.get_running_loop()
        began, looks = loop.time(), 0
        while loop.time() == began:
            await asyncio.sleep(0)
            looks += 1
        return looks

    assert in_simulated_time(look()) == 1


def test_what_waits_for_ever_is_an_error_and_no_hang() -> None:
    async def forever() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(NothingLeftToHappenError):
        in_simulated_time(forever())


def test_a_deadline_cuts_what_takes_longer() -> None:
    async def late() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await asyncio.sleep(3)
        return asyncio.get_running_loop().time()

    assert in_simulated_time(late()) == pytest.approx(2)


@pytest.mark.parametrize(("cores", "seconds"), [(1, 4), (2, 2), (3, 2), (None, 1)])
def test_threads_share_cores(cores: int | None, seconds: float) -> None:
    async def four_threads() -> float:
        shared = Cores(cores)
        return await _now_after(*(Thread(shared).work(1) for _ in range(4)))

    # Three cores serve four threads in turns of one slice, so all of them end after four thirds.
    expected = 4 / 3 if cores == 3 else seconds
    assert in_simulated_time(four_threads()) == pytest.approx(expected, abs=0.01)


def test_a_thread_does_one_thing_at_a_time() -> None:
    async def twice() -> float:
        thread = Thread(Cores(None))
        return await _now_after(thread.work(1), thread.work(1))

    assert in_simulated_time(twice()) == pytest.approx(2)


def test_what_a_task_did_without_waiting_takes_its_own_time() -> None:
    async def busy() -> tuple[float, float]:
        thread = Thread(Cores(None))
        RUNNING_ON.set(thread)
        thread.owe(5)
        at_once = asyncio.get_running_loop().time()
        await thread.work(1)
        return at_once, asyncio.get_running_loop().time()

    assert in_simulated_time(busy()) == pytest.approx((5, 6), abs=1e-3)
