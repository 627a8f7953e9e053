"""An event loop that never waits, so that a minute of a storm takes some seconds and comes out the same each time.

asyncio keeps what is to happen, and when, in a heap: that is all that a discrete-event simulation needs. Where an
event loop waits for the next moment or for the network, this one moves its clock there. The product's code runs in
it unchanged, because it reads the time from its event loop.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from benchmarks.simulation.machine import RUNNING_ON

ResultT = TypeVar("ResultT")

PASS_SECONDS: Final = 1e-7
"""What the event loop itself takes each time round: whoever looks again and again sees time pass."""


class NothingLeftToHappenError(Exception):
    """Everybody waits for something that will never come: a fault of the model, or of what it runs."""


class _JumpingSelector(selectors.SelectSelector):
    """Watches no network: the moment that is waited for is there at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Jump over the wait."""
        if timeout is None:
            raise NothingLeftToHappenError("all tasks wait, and no time that could pass would wake one")
        self.now += timeout + PASS_SECONDS
        return []


class SimulatedTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose time begins at 0 and jumps. It does no input or output."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Simulated seconds; later for a task whose thread has done something since its last await."""
        thread = RUNNING_ON.get()
        return self._jumping.now + (thread.owed_seconds if thread else 0.0)


def in_simulated_time(simulation: Coroutine[Any, Any, ResultT]) -> ResultT:
    """What the simulation gives. Not from within a running event loop.

    Raises:
        NothingLeftToHappenError: It can never end.
    """
    with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
        return runner.run(simulation)
