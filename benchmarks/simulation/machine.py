"""Cores, and threads that share them: processes on one machine with the emulator are slower than alone."""

import asyncio
from contextvars import ContextVar
from typing import Final

SLICE_SECONDS: Final = 0.002
"""How long a thread keeps a core, or a request the emulator's one thread, while others want it too."""


class Cores:
    """The cores of a machine; work on them goes on in slices, in turn. None for as many as are wanted."""

    def __init__(self, count: int | None) -> None:
        self._free = asyncio.Semaphore(count) if count else None

    async def work(self, seconds: float) -> None:
        """Take so much time of one core; longer, if others want it too."""
        if self._free is None:
            await asyncio.sleep(seconds)
            return
        while seconds > 0:
            async with self._free:
                await asyncio.sleep(min(seconds, SLICE_SECONDS))
            seconds -= SLICE_SECONDS


class Thread:
    """Does one thing at a time, on any core.

    Attributes:
        owed_seconds: What was done in no time, because it is code that does not await, and is still to be paid for.
        is_killed: Whatever it does next never ends.
    """

    def __init__(self, cores: Cores) -> None:
        self.owed_seconds = 0.0
        self.is_killed = False
        self._cores = cores
        self._free = asyncio.Lock()
        self._paying: asyncio.Task[None] | None = None

    async def work(self, seconds: float) -> None:
        """Do what cannot be interrupted by this thread's other work, after what is owed."""
        async with self._free:
            await self._pay(seconds)

    async def work_for(self, seconds: float, *, abandoned_seconds: float) -> None:
        """The same; that much is done all the same if whoever waits for it leaves before it is begun."""
        is_begun = False
        try:
            async with self._free:
                is_begun = True
                await self._pay(seconds)
        except asyncio.CancelledError:
            if not is_begun:
                self.owe(abandoned_seconds)
            raise

    async def _pay(self, seconds: float) -> None:
        seconds, self.owed_seconds = seconds + self.owed_seconds, 0.0
        if seconds > 0:
            await self._cores.work(seconds)
        await self.is_there()

    async def is_there(self) -> None:
        """Return if it was not killed; never, if it was."""
        if self.is_killed:
            await asyncio.get_running_loop().create_future()

    async def work_in_slices(self, seconds: float) -> None:
        """Do what gives way to this thread's other work now and then."""
        while seconds > 0:
            await self.work(min(seconds, SLICE_SECONDS))
            seconds -= SLICE_SECONDS

    def owe(self, seconds: float) -> None:
        """Be busy for so long from now on, whoever waits for it."""
        if self.is_killed:
            return
        self.owed_seconds += seconds
        if self._paying is None or self._paying.done():
            self._paying = asyncio.create_task(self.work(0))


RUNNING_ON: ContextVar[Thread | None] = ContextVar("RUNNING_ON", default=None)
"""The thread that a task runs on: its own time goes on while it does not await."""
