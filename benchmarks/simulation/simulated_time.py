"""An event loop that never waits, so that a minute of a storm takes some seconds and comes out the same each time.

asyncio keeps what is to happen, and when, in a heap: that is all that a discrete-event simulation needs. Where an
event loop waits for the next moment or for the network, this one moves its clock there. The product's code runs in
it unchanged, because it reads the time from its event loop.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final, TypeVar, TypeVarTuple

from benchmarks.simulation.machine import RUNNING_ON

ResultT = TypeVar("ResultT")
Arguments = TypeVarTuple("Arguments")

PASS_SECONDS: Final = 1e-7
"""What the event loop itself takes each time round: whoever looks again and again sees time pass."""


class NothingLeftToHappenError(Exception):
    """Everybody waits for something that will never come: a fault of the model, or of what it runs."""


class SimulatedTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose time begins at 0 and jumps. It does no input or output, and watches none."""

    _ready: deque[asyncio.Handle]
    _stopping: bool

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()

    def time(self) -> float:
        """Simulated seconds; later for a task whose thread has done something since its last await."""
        thread = RUNNING_ON.get()
        return self._now + thread.owed_seconds if thread else self._now

    def call_at(
        self, when: float, callback: Callable[[*Arguments], object], *args: *Arguments, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """See AbstractEventLoop. Those for the same moment come in the order in which they were asked for."""
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def _run_once(self) -> None:
        """One time round. asyncio's own looks for input, and compares timers in Python: that takes most of its time."""
        ready, timers = self._ready, self._timers
        self._now += PASS_SECONDS
        while timers and timers[0][2].cancelled():
            heappop(timers)
        if not ready and not self._stopping:
            if not timers:
                raise NothingLeftToHappenError("all tasks wait, and no time that could pass would wake one")
            self._now = max(self._now, timers[0][0])
        while timers and timers[0][0] <= self._now:
            timer = heappop(timers)[2]
            if not timer.cancelled():
                ready.append(timer)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - as asyncio's own

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers are passed over when their moment comes."""


def in_simulated_time(simulation: Coroutine[Any, Any, ResultT]) -> ResultT:
    """What the simulation gives. Not from within a running event loop.

    Raises:
        NothingLeftToHappenError: It can never end.
    """
    with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
        return runner.run(simulation)
