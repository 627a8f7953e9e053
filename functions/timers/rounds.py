"""Visits of many tenants at once, as many as the storage bears: what nobody waits for gives way to sign-ins.

A storage account's requests a second are shared by all, and so is a process's CPU. So visits are bounded, and their
number follows what the storage answers: one more for as many visits that met no trouble as there are at once, half as
many when it was too busy or too slow. So those who share an account find a fair share without knowing of each other,
and get out of the way at once, as connections on the internet do.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Final, Generic, TypeVar

from domain.errors import LedgerUnavailableError
from domain.upkeep import Round, Tenants

VisitedT = TypeVar("VisitedT")

AT_ONCE_MOST: Final = 8
"""Visits at once. Each makes one call after the other: at 8 ms a call, 1,000 a second, a twentieth of what an account
answers and about as much as a process has CPU for."""

AT_ONCE_FIRST: Final = 2
"""Visits at once at the beginning of a run."""

KEPT_EVERY: Final = 500
"""After so many tenants a run writes down how far it came, and at its end: what a killed run visited since is visited
again."""


class Pace:
    """How many visits there may be at once."""

    def __init__(self, unanswered: Callable[[], int]) -> None:
        """Takes what tells how many calls have met trouble so far."""
        self._unanswered = unanswered
        self._known = unanswered()
        self._allowed = float(AT_ONCE_FIRST)
        self._begun = 0
        self._begun_before_cut = 0

    @property
    def at_once(self) -> int:
        """How many now; at least one."""
        return int(self._allowed)

    def begin(self) -> int:
        """A visit begins; gives its number."""
        self._begun += 1
        return self._begun

    def end(self, number: int) -> None:
        """A visit has ended."""
        unanswered = self._unanswered()
        if unanswered == self._known:
            self._allowed = min(AT_ONCE_MOST, self._allowed + 1 / self._allowed)
        elif number > self._begun_before_cut:
            # Those that began before tell of the same trouble.
            self._allowed = max(1.0, self._allowed / 2)
            self._begun_before_cut = self._begun
        self._known = unanswered


async def visit_each(
    asked: AsyncIterator[VisitedT],
    visit: Callable[[VisitedT], Awaitable[None]],
    pace: Pace,
    reached: Callable[[VisitedT], Awaitable[None]],
) -> None:
    """Visit all that are asked for, many at once. Cut off, it cuts off the visits under way.

    Args:
        asked: Who is to be visited.
        visit: Visits one. What it raises ends everything.
        pace: How many may be visited at once.
        reached: Is told from time to time, and at the end, up to which one all were visited.
    """
    visits = _Visits(visit, pace)
    try:
        async with aclosing(asked) as listed:  # type: ignore[type-var]
            async for each in listed:
                while not visits.have_place:
                    await visits.wait_for_one()
                visits.begin(each)
                if visits.visited >= KEPT_EVERY:
                    await reached(visits.take_last())
        while visits.under_way:
            await visits.wait_for_one()
    finally:
        await visits.stop()
        if visits.visited:
            await reached(visits.take_last())


class _Visits(Generic[VisitedT]):
    """Visits under way, and those that are over.

    Attributes:
        under_way: How many have not ended.
        visited: For how many more than were taken it is true that all before them were visited.
    """

    def __init__(self, visit: Callable[[VisitedT], Awaitable[None]], pace: Pace) -> None:
        self._visit = visit
        self._pace = pace
        self._line: deque[tuple[VisitedT, asyncio.Task[None]]] = deque()
        self._last: VisitedT | None = None
        self.under_way: set[asyncio.Task[None]] = set()
        self.visited = 0

    @property
    def have_place(self) -> bool:
        """Whether one more may begin."""
        return len(self.under_way) < self._pace.at_once

    def begin(self, each: VisitedT) -> None:
        """Begin to visit one."""
        task = asyncio.create_task(self._paced(each))
        self.under_way.add(task)
        self._line.append((each, task))

    async def wait_for_one(self) -> None:
        """Return when one or more have ended, with what one of them raised."""
        done, self.under_way = await asyncio.wait(self.under_way, return_when=asyncio.FIRST_COMPLETED)
        self._look()
        for task in done:
            task.result()

    def take_last(self) -> VisitedT:
        """The last one up to which all were visited; `visited` must say that there is one."""
        assert self._last is not None  # noqa: S101 - see above
        self.visited = 0
        return self._last

    async def stop(self) -> None:
        """Cut off those that are under way."""
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)
        self._look()

    async def _paced(self, each: VisitedT) -> None:
        number = self._pace.begin()
        try:
            await self._visit(each)
        finally:
            self._pace.end(number)

    def _look(self) -> None:
        while self._line and _is_over(self._line[0][1]):
            self._last, _ = self._line.popleft()
            self.visited += 1


def _is_over(visit: asyncio.Task[None]) -> bool:
    return visit.done() and not visit.cancelled() and visit.exception() is None


async def go_round(
    tenants: Tenants, name: str, visit: Callable[[str], Awaitable[None]], seconds: float, *, anew: bool = False
) -> Round:
    """Go on with a round of all tenants for so long, from where the run before ended; gives how far it is.

    A round that is over is not begun again on the same day, unless it is to begin anew.

    Raises:
        LedgerUnavailableError: The storage did not tell which tenants there are. The next run goes on.
    """
    at = await tenants.round(name, anew=anew)

    async def reached(tenant_id: str, *, is_over: bool = False) -> None:
        nonlocal at
        at = replace(at, after=tenant_id, is_over=is_over)
        with suppress(LedgerUnavailableError):  # then the next run visits some again
            await tenants.keep_round(name, at)

    if not at.is_over:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await visit_each(tenants.tenants(at.after), visit, Pace(tenants.unanswered), reached)
                await reached(at.after, is_over=True)
    return at
