"""Which process commits to a tenant when several want to: advice that the head carries.

Under optimistic concurrency every collision wastes a whole batch. So under contention the process that committed last
goes on committing, for everybody: its commits name it as the leader, and the others post what they have (inbox.py)
instead of sending it. Nothing is locked and nothing rests on it: the ETags decide. Whoever thinks wrongly that it leads
meets the head's ETag, and whoever waits for a leader that is no more sees the head stand still and sends.

A process leads only while there is contention: it met another's commit, somebody posts, or its own commits follow each
other so closely that nobody else would find a gap. A lone process, and several that are seldom busy, pay nothing.
"""

import asyncio
import random
from datetime import timedelta
from typing import Final

from storage.engine.standing import Standing
from storage.tables.clock import StorageClock

CONTENTION_SECONDS: Final = 1.0
"""For how long a process leads, and looks for posts, after it met another process."""

SILENT_SECONDS: Final = 0.1
"""What is known of a tenant that had a leader is read again after this time: the leader is probably faster."""

ALIVE_SECONDS: Final = 0.8
"""A leader is believed to be there for so long after its last commit: less than it looks for posts after it."""

PATIENCE_SECONDS: Final = 0.2
"""How long the head must stand still, at least, before somebody who posted takes over; up to twice that, by chance."""

CLOSELY_SECONDS: Final = 0.02
"""Commits with a shorter pause between them leave no gap for others."""


class Leadership:
    """What one process makes of the advice, for one tenant."""

    def __init__(self, process_id: str, clock: StorageClock) -> None:
        self.process_id: Final = process_id
        self._clock = clock
        self._contended_until = float("-inf")
        self._committed_at = float("-inf")
        self._heard_at = float("-inf")
        self._stood_still: Standing | None = None

    def met_another(self) -> None:
        """Take note that another process commits, or wants to."""
        self._contended_until = _now() + CONTENTION_SECONDS

    def committed(self) -> None:
        """Take note that a commit of this process was made."""
        self._committed_at = _now()

    def stood_still(self, standing: Standing) -> None:
        """Take note that the leader named there does nothing any more."""
        self._stood_still = standing
        self._heard_at = float("-inf")
        self.met_another()

    def heard(self) -> None:
        """Take note that another process answered what this one posted."""
        self._heard_at = _now()

    def is_to_be_read(self, standing: Standing) -> bool:
        """Whether to look at the head before anything is sent on that standing."""
        is_silent = standing.known_since < _now() - SILENT_SECONDS and not self._is_heard
        return is_silent and standing.leader not in {"", self.process_id}

    def follows(self, standing: Standing) -> bool:
        """Whether another process leads."""
        if standing.leader in {"", self.process_id} or standing is self._stood_still:
            return False
        if self._is_heard:
            return True
        at = standing.state.head.at
        is_fresh = at is not None and self._clock.now() - at <= timedelta(seconds=ALIVE_SECONDS)
        return is_fresh and _now() - standing.first_seen <= ALIVE_SECONDS

    @property
    def _is_heard(self) -> bool:
        return _now() - self._heard_at <= ALIVE_SECONDS

    def leads(self, standing: Standing) -> bool:
        """Whether this process leads, or will with its next commit."""
        now = _now()
        is_contended = now < self._contended_until or now - self._committed_at < CLOSELY_SECONDS
        return is_contended and not self.follows(standing)

    def leader_after(self, standing: Standing) -> str:
        """Whom a commit of this process on the standing names: an administrator's change leaves the leader in place."""
        if self.follows(standing):
            return standing.leader
        return self.process_id if self.leads(standing) else ""

    def patience_seconds(self) -> float:
        """How long the head may stand still this time."""
        return PATIENCE_SECONDS * random.uniform(1, 2)  # noqa: S311 - so that two do not take over at once


def _now() -> float:
    return asyncio.get_running_loop().time()
