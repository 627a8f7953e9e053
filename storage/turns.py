"""The order of turns: processes that commit to one tenant at the same time take turns instead of colliding.

Under optimistic concurrency every collision wastes a whole batch, and who has just won is first again. So the head
lists the processes that commit to it, and each commit moves its process to the end:

    head: B C D A      B sends at once; C when the head has stood still for one patience, D for two, A for three

Nothing is locked. A wrong guess is one conflict. A process that missed its turn goes to the end, and one that missed
two in a row is off the list: one that died, or has nothing to send, costs the others two patiences. Order is kept only
while there are collisions: a process that has met none lately sends at once, so a lone process, and several that are
seldom busy, pay nothing.

A process that is not on the list would never find a gap between commits that follow each other closely. It announces
itself (storage.announcements), and the next one to commit puts it on the list.
"""

import random
from collections.abc import Iterable, Sequence
from typing import Final

CONTENTION_SECONDS: Final = 1.0
"""How long turns are kept after a collision, or after a rival was seen committing during a wait."""

PATIENCE_COMMITS: Final = 2.5
PATIENCE_LEAST_SECONDS: Final = 0.03
PATIENCE_MOST_SECONDS: Final = 0.25
"""How long the head must stand still before the next in line is skipped: so many of the process's usual commits."""

LOOK_LEAST_SECONDS: Final = 0.003
"""The least time between two looks at the head."""

LOOK_EARLY: Final = 0.7
"""The next look is due after this part of the time that the commits before a turn usually take."""

MISSED: Final = "!"
"""Behind a process that missed its last turn."""

LISTED: Final = 32
"""Processes on the list; the one that has not committed for longest falls off."""

_SMOOTHING: Final = 0.2


class Turns:
    """One process's view of the order, for one tenant. Times are the event loop's."""

    def __init__(self, process_id: str) -> None:
        self.process_id: Final = process_id
        self._usual_commit_seconds = PATIENCE_LEAST_SECONDS / PATIENCE_COMMITS
        self._contended_until = float("-inf")

    def collided(self, now: float) -> None:
        """Take note that another process commits, or wants to."""
        self._contended_until = now + CONTENTION_SECONDS

    def are_kept(self, now: float) -> bool:
        """Whether other processes commit to the tenant at the same time."""
        return now < self._contended_until

    def skips(self, order: Sequence[str], now: float) -> bool:
        """Whether others would come first."""
        return self.are_kept(now) and not (self.is_listed(order) and self._place(order) == 0)

    def committed(self, seconds: float) -> None:
        """Take note of how long a commit of ours took."""
        self._usual_commit_seconds += _SMOOTHING * (seconds - self._usual_commit_seconds)

    def seconds_to_wait(self, order: Sequence[str], *, still_since: float, waiting_since: float, now: float) -> float:
        """How long to wait before sending; 0 or less to send now.

        A process on the list waits for the head to stand still. A newcomer would never see it stand still in a
        storm, so it counts from when it began to wait, and then tries its luck.
        """
        if not self.are_kept(now):
            return 0
        if self.is_listed(order):
            return self._place(order) * self._patience_seconds - (now - still_since)
        luck = random.uniform(0.5, 1.0)  # noqa: S311 - so that two newcomers do not meet
        return len(order) * self._patience_seconds * luck - (now - waiting_since)

    def seconds_to_look(self, order: Sequence[str], *, still_since: float, now: float) -> float:
        """How long to wait before looking at the head again: seldom at first, often once the turn is near."""
        commits_before = self._place(order) if self.is_listed(order) else 1
        due = still_since + LOOK_EARLY * commits_before * self._usual_commit_seconds
        return max(LOOK_LEAST_SECONDS, due - now)

    def after_commit(self, order: Sequence[str], newcomers: Iterable[str] = ()) -> tuple[str, ...]:
        """The order once this process has committed: at the end, behind newcomers and those that it skipped."""
        missed: Sequence[str] = ()
        if self.is_listed(order):
            place = self._place(order)
            missed = [each + MISSED for each in order[:place] if not each.endswith(MISSED)]
            order = order[place + 1 :]
        known = {each.removesuffix(MISSED) for each in (*order, *missed, self.process_id)}
        return (*order, *(each for each in newcomers if each not in known), *missed, self.process_id)[-LISTED:]

    def is_listed(self, order: Sequence[str]) -> bool:
        """Whether this process is in the order."""
        return self.process_id in order or self.process_id + MISSED in order

    def _place(self, order: Sequence[str]) -> int:
        return order.index(self.process_id if self.process_id in order else self.process_id + MISSED)

    @property
    def _patience_seconds(self) -> float:
        patience = PATIENCE_COMMITS * self._usual_commit_seconds
        return min(max(patience, PATIENCE_LEAST_SECONDS), PATIENCE_MOST_SECONDS)
