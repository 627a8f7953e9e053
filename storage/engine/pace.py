"""How fast one process asks a tenant's partition: slower after the storage was too busy, faster while it is not.

A partition gives some 2,000 rows a second, to all processes together, and then answers 503. A call that is refused has
cost time, and makes everybody wait longer than one that was sent a little later. So each process keeps to a rate of
rows, which falls at a 503 and rises again while there is none; without a 503 there is no limit.
"""

import asyncio
from math import inf
from typing import Final

SLOWER: Final = 0.85
"""The rate after a 503, as a part of what was given lately, or of the rate before."""

FASTER_PER_SECOND: Final = 1.3
"""By how much the rate rises in a second without a 503."""

LEAST_LOOKS_PER_SECOND: Final = 20.0
LEAST_WRITES_PER_SECOND: Final = 1_500.0
"""Below that nobody goes: one process writes for all, so most of the partition is its own."""

MOST_ROWS_PER_SECOND: Final = 20_000.0
"""A rate that rose so far is none any more: an account gives no more."""

LATELY_SECONDS: Final = 2.0
SLOWED_SECONDS: Final = 0.5
"""For how long others are told."""

FOLLOWED_SECONDS: Final = 0.5
"""What is refused so soon after the rate fell was sent before; and what is measured over less is chance."""


class Pace:
    """One process's rate at one partition."""

    def __init__(self, least: float) -> None:
        self._least = least
        self._rate = inf
        self._slowed_at = float("-inf")
        self._free_at = float("-inf")
        self._sent = 0.0
        self._sending_since = float("-inf")
        self._sent_at = float("-inf")
        self._turn = asyncio.Lock()

    async def wait_for(self, rows: int) -> None:
        """Wait until so many rows may be asked for; first come, first served."""
        async with self._turn:
            now = _now()
            if self._free_at > now:
                await asyncio.sleep(self._free_at - now)
                now = self._free_at
            self._note(rows, now)
            self._free_at = now + rows / self._rate_at(now)

    @property
    def is_slowed(self) -> bool:
        """Whether the storage was too busy lately."""
        return _now() - self._slowed_at < SLOWED_SECONDS

    def was_busy(self, refused: int = 0) -> None:
        """Take note that the storage was too busy, for so many of the rows that were asked for."""
        now = _now()
        self._sent = max(0.0, self._sent - refused)
        if now - self._slowed_at < FOLLOWED_SECONDS:
            return
        given = self._sent / max(now - self._sending_since, FOLLOWED_SECONDS)
        self._rate = max(self._least, SLOWER * min(self._rate_at(now), given))
        self._slowed_at = now

    def _rate_at(self, now: float) -> float:
        if self._rate == inf:
            return inf
        rate = self._rate * FASTER_PER_SECOND ** (now - self._slowed_at)
        return rate if rate < MOST_ROWS_PER_SECOND else inf

    def _note(self, rows: int, now: float) -> None:
        """Keep how much was asked for lately: at most over the last LATELY_SECONDS."""
        if now - self._sent_at > LATELY_SECONDS:
            self._sent, self._sending_since = 0.0, now
        elif now - self._sending_since > LATELY_SECONDS:
            self._sent, self._sending_since = self._sent / 2, (self._sending_since + now) / 2
        self._sent += rows
        self._sent_at = now


class TenantPace:
    """One process's rates at a tenant's partition.

    Looks at the users who come are one thing, commits another: looking must not hold up what others wait for. Whatever
    a commit needs to be decided is read without a wait; there is little of it.

    Attributes:
        looks: How fast users are looked at.
        commits: How fast rows are written.
    """

    def __init__(self) -> None:
        self.looks = Pace(LEAST_LOOKS_PER_SECOND)
        self.commits = Pace(LEAST_WRITES_PER_SECOND)

    def commit_was_refused(self) -> None:
        """Take note that the storage was too busy for a commit: a row finds a place where a hundred find none."""
        self.commits.was_busy()
        self.looks.was_busy()


def _now() -> float:
    return asyncio.get_running_loop().time()
