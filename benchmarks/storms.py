"""Callers at once, each with one sign-in at a time, and how long each of them waited."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import ceil
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Storm:
    """What came out.

    Attributes:
        done: How many were answered.
        seconds: From the first call to the last answer.
        waited: How long each call took, in seconds, shortest first.
    """

    done: int
    seconds: float
    waited: Sequence[float]

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.done / self.seconds

    def milliseconds(self, percent: float) -> float:
        """How long so many percent of the calls took at most."""
        return 1000 * percentile(self.waited, percent)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The value that so many percent of the ordered values do not exceed."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


async def storm(do: Callable[[str], Awaitable[object]], names: Sequence[str], callers: int) -> Storm:
    """Do it once for each name, from so many callers at once."""
    waited: list[float] = []
    work = iter(names)

    async def caller() -> None:
        for name in work:
            asked = perf_counter()
            await do(name)
            waited.append(perf_counter() - asked)

    gc.collect()
    began = perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return Storm(len(waited), perf_counter() - began, sorted(waited))
