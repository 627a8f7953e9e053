"""How fast one process asks a tenant's partition: slower after the storage was too busy, faster while it is not.

A partition gives some 2,000 rows a second, to all processes together, and then answers 503. A call that is refused has
cost time, and makes everybody wait longer than one that was sent a little later. So each process keeps to a rate of
rows, which falls at a 503 and rises again while there is none; without a 503 there is no limit.
"""

import asyncio
from math import inf
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.table import StorageBusyError

SLOWER: Final = 0.8
"""The rate after a 503, as a part of what was sent lately, or of the rate before."""

FASTER_PER_SECOND: Final = 1.2
"""By how much the rate rises in a second without a 503."""

LEAST_ROWS_PER_SECOND: Final = 50.0
MOST_ROWS_PER_SECOND: Final = 20_000.0
"""A rate that rose so far is none any more: an account gives no more."""

LATELY_SECONDS: Final = 2.0
FOLLOWED_SECONDS: Final = 0.2
"""What is refused so soon after the rate fell was sent before; and what is measured over less is chance."""


class Pace:
    """One process's rate at one partition."""

    def __init__(self) -> None:
        self._rate = inf
        self._slowed_at = float("-inf")
        self._free_at = float("-inf")
        self._sent = 0.0
        self._sending_since = float("-inf")
        self._sent_at = float("-inf")

    async def wait_for(self, rows: int) -> None:
        """Wait until so many rows may be asked for."""
        now = _now()
        self._note(rows, now)
        rate = self._rate_at(now)
        if rate == inf:
            return
        at = max(now, self._free_at)
        self._free_at = at + rows / rate
        if at > now:
            await asyncio.sleep(at - now)

    def met(self, error: LedgerUnavailableError) -> None:
        """Take note of what went wrong."""
        now = _now()
        if not isinstance(error, StorageBusyError) or now - self._slowed_at < FOLLOWED_SECONDS:
            return
        sent = self._sent / max(now - self._sending_since, FOLLOWED_SECONDS)
        self._rate = max(LEAST_ROWS_PER_SECOND, SLOWER * min(self._rate_at(now), sent))
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


def _now() -> float:
    return asyncio.get_running_loop().time()
