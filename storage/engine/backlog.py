"""Too much to do: look at nobody who would only wait, say no early and cheaply, and when to come again.

Somebody who would wait longer than anybody waits is better told at once. Those who are sent away are given times at
which they can be served, one after the other, as fast as this process serves people: if all came back together, or
soon, most would be sent away again, and saying so costs as much as a first try.

Users are looked at only while few wait for a commit. Looks and commits share what the storage gives, and looks are
many and small: they would take all of it, for people who then wait for commits that find no room.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from math import exp
from typing import Final

from domain.errors import TooManyRequestsError

FEW: Final = 16
"""With so many under way nobody is sent away: they are served in a moment, and tell nothing of how fast that goes."""

WAIT_SECONDS_MAX: Final = 2.3
"""Who is expected to wait longer is sent away: a sign-in is answered within 2.5 s, or with 503. Who comes just after
others were posted waits for the next post, so what a post takes is taken off."""

WAIT_SECONDS_MIN: Final = 0.5
"""Nobody who is expected to wait less is sent away."""

BURST_SECONDS_MAX: Final = 2.2
"""The same while it is not known how fast people are served: it may be over before it is."""

MEASURED_LEAST_SECONDS: Final = 2.0
MEASURED_MOST_SECONDS: Final = 6.0
"""Over how long it is measured how fast people are served, while there are many."""

BEGINNING_SECONDS: Final = 0.25
"""Not measured: the first are not served yet."""

RETURN_SECONDS_MAX: Final = 60.0
"""Nobody is told to come again later than that."""

SERVED_PER_SECOND_MOST: Final = 2_000.0
"""By all processes together: each has a row to be read or written, and a partition gives no more."""

LEAST_RATE: Final = 1.0

LINE_SECONDS: Final = 0.5
"""While those who wait for a commit will take longer than that, nobody else is looked at."""

LINE_LEAST: Final = 8
LINE_LEAST_TOGETHER: Final = 200
"""While so few wait here, or in all processes together, others are looked at: a commit should find some."""


class Backlog:
    """The sign-ins of one tenant that this process has under way, as far as they need the storage."""

    def __init__(
        self, processes: Callable[[], int], post_seconds: Callable[[], float], is_looking_needless: Callable[[], bool]
    ) -> None:
        """For one process.

        Args:
            processes: Gives how many serve the tenant.
            post_seconds: Gives how long a post takes usually.
            is_looking_needless: Says whether a look takes nothing, because a guess will do.
        """
        self._processes = processes
        self._post_seconds = post_seconds
        self._is_looking_needless = is_looking_needless
        self._under_way = 0
        self._served = 0.0
        self._many_since: float | None = None
        self._promised_until = float("-inf")
        self._looking = 0
        self._turns: deque[asyncio.Future[None]] = deque()
        self._in_line = 0
        self._commits_serve = 0.0
        self._committed_at = float("-inf")

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Somebody comes, and goes with an answer or without.

        Raises:
            TooManyRequestsError: The wait would be too long. Nothing was done.
        """
        now = _now()
        if self._under_way >= max(self._most(now), FEW):
            raise TooManyRequestsError(f"{self._under_way} wait already", self._promise(now))
        self._under_way += 1
        if self._under_way > FEW and self._many_since is None:
            self._many_since, self._served = now + BEGINNING_SECONDS, 0.0
        is_served = False
        try:
            yield
            is_served = True
        finally:
            self._under_way -= 1
            if self._under_way <= FEW:
                self._many_since = None
            elif is_served and self._many_since is not None and _now() >= self._many_since:
                self._served += 1

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Somebody's user is read, once few enough wait for a commit; first come, first served."""
        await self._turn_to_look()
        try:
            yield
        finally:
            self._looking -= 1
            self._give_turns()

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """Somebody waits for a commit."""
        self._in_line += 1
        try:
            yield
            self._note_commit_served()
        finally:
            self._in_line -= 1
            self._give_turns()

    async def _turn_to_look(self) -> None:
        if not self._turns and self._has_room:
            self._looking += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turns.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                # It was given at the same moment.
                self._looking -= 1
                self._give_turns()
            raise

    def _give_turns(self) -> None:
        while self._turns and self._has_room:
            turn = self._turns.popleft()
            if not turn.done():
                self._looking += 1
                turn.set_result(None)

    @property
    def _has_room(self) -> bool:
        """Whether one more may be looked at: few enough are, or wait for a commit."""
        together = LINE_LEAST_TOGETHER / max(1, self._processes())
        most = max(LINE_LEAST, together, self._commits_serve * LINE_SECONDS)
        return self._looking + self._in_line < most or self._is_looking_needless()

    def _note_commit_served(self) -> None:
        """One more has an answer from a commit: how many do a second, those of the last second counting most.

        While nobody has one it stays as it was: a commit that was only late would find nobody.
        """
        now = _now()
        self._commits_serve = self._commits_serve * exp(self._committed_at - now) + 1
        self._committed_at = now

    def _most(self, now: float) -> float:
        """How many may be under way."""
        wait = max(WAIT_SECONDS_MAX - self._post_seconds(), WAIT_SECONDS_MIN)
        return self._rate(now) * (wait if self._is_measured(now) else BURST_SECONDS_MAX)

    def _is_measured(self, now: float) -> bool:
        return self._many_since is not None and now - self._many_since >= MEASURED_LEAST_SECONDS

    def _rate(self, now: float) -> float:
        """How many people are served a second, as measured; at most, while that is not known."""
        if self._many_since is None or not self._is_measured(now):
            return SERVED_PER_SECOND_MOST / max(1, self._processes())
        measured = now - self._many_since
        if measured > MEASURED_MOST_SECONDS:
            self._served, self._many_since = self._served / 2, now - measured / 2
            measured /= 2
        return max(self._served / measured, LEAST_RATE)

    def _promise(self, now: float) -> float:
        """In how many seconds it is the turn of one more."""
        rate = self._rate(now)
        self._promised_until = max(self._promised_until, now + self._under_way / rate) + 1 / rate
        self._promised_until = min(self._promised_until, now + RETURN_SECONDS_MAX)
        return self._promised_until - now


def _now() -> float:
    return asyncio.get_running_loop().time()
