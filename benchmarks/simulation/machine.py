"""Cores, and threads that share them: processes on one machine with the emulator are slower than alone."""

import asyncio
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
    """Does one thing at a time, on any core."""

    def __init__(self, cores: Cores) -> None:
        self._cores = cores
        self._free = asyncio.Lock()

    async def work(self, seconds: float) -> None:
        """Do what cannot be interrupted by this thread's other work."""
        if seconds <= 0:
            return
        async with self._free:
            await self._cores.work(seconds)

    async def work_in_slices(self, seconds: float) -> None:
        """Do what gives way to this thread's other work now and then."""
        while seconds > 0:
            await self.work(min(seconds, SLICE_SECONDS))
            seconds -= SLICE_SECONDS
