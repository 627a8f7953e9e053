"""When each commit can have happened, for all that callers know, and so which states an answer may rest on.

A commit happened after what it holds was asked for, and before it was answered. The commits of a tenant are one line,
so what is known of one bounds the others: at a time t, every commit up to `lo` has happened, and none after `hi`:

    commit      7        8            9              10
    known   ──asked──  ────  ──answered──  t  ──asked for later──►      lo = 9, hi = 9

Commits are named by their place in the line, from 1, because the end of a life is in it, too, and has no number.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from math import inf

from tests.faults.account import Account, DeletionTold
from tests.faults.history import Commit, Entry


class Moments:
    """Bounds of every commit's moment, and the states between two times."""

    def __init__(self, commits: Sequence[Commit], account: Account) -> None:
        self._asked: defaultdict[str, float] = defaultdict(lambda: inf)
        self._claimed: defaultdict[str, float] = defaultdict(lambda: inf)
        for told in account.sign_ins:
            self._asked[told.sign_in_id] = min(self._asked[told.sign_in_id], told.began)
            if told.outcome == "claimed":
                self._claimed[told.sign_in_id] = min(self._claimed[told.sign_in_id], told.ended)
        self._changes = {change.actor_id: change for change in account.changes}
        self._last = len(commits)
        self._deletions: dict[int, list[DeletionTold]] = {}
        asked: list[tuple[float, int]] = []
        answered: list[tuple[float, int]] = []
        latest = -inf
        for place, commit in enumerate(commits, 1):
            bounds = [self._bounds(entry) for entry in commit.entries]
            if commit.ended_by is not None:
                found = [
                    each for each in account.deletions if each.began <= commit.ended_by and each.closes_until >= latest
                ]
                bounds = [(min((each.began for each in found), default=-inf), commit.ended_by)]
                self._deletions[place] = found
            asked.append((max((began for began, _ in bounds), default=-inf), place))
            answered.append((min((ended for _, ended in bounds), default=inf), place))
            latest = max(latest, asked[-1][0])
        self._after = {place: time for time, place in asked}
        answered.sort()
        self._answer_times = [time for time, _ in answered]
        self._answered_up_to = list(accumulate((place for _, place in answered), max))
        asked.sort()
        self._ask_times = [time for time, _ in asked]
        self._asked_from = list(accumulate((place for _, place in reversed(asked)), min))[::-1]

    def window(self, began: float, ended: float) -> tuple[int, int]:
        """The first and the last commit whose state an answer may rest on that was asked for and given then."""
        return self.surely_by(began), self.at_most_by(ended)

    def surely_by(self, time: float) -> int:
        """The last commit that had surely happened before a time; 0 if none had."""
        place = bisect_left(self._answer_times, time)
        return self._answered_up_to[place - 1] if place else 0

    def at_most_by(self, time: float) -> int:
        """The last commit that may have happened by a time."""
        place = bisect_right(self._ask_times, time)
        return self._asked_from[place] - 1 if place < len(self._asked_from) else self._last

    def asked_at(self, place: int) -> float:
        """The time after which a commit happened."""
        return self._after[place]

    def answered_at(self, place: int) -> float:
        """A time by which a commit had happened, the earliest that is known."""
        first = bisect_left(self._answered_up_to, place)
        return self._answer_times[first] if first < len(self._answer_times) else inf

    def deletions_at(self, place: int) -> Sequence[DeletionTold]:
        """The deletions that may have ended the life whose end is at that place.

        They were asked for before it, and could still close the tenant when the last commit of that life was asked for.
        """
        return self._deletions[place]

    def _bounds(self, entry: Entry) -> tuple[float, float]:
        """When what an entry says was asked for, at the earliest, and when it was answered; known to nobody: any time.

        A repeat that claims once more, after the license was taken back, has the same id: `claimed` told of either is
        after the first. So it bounds the first, and for the others it is taken away here.
        """
        if entry.actor_id is None:
            sign_in_id = entry.details.get("signInId", "")
            began = self._asked.get(sign_in_id, -inf)
            return began, self._claimed.pop(sign_in_id, inf)
        change = self._changes.get(entry.actor_id)
        if change is None:
            return -inf, inf
        return change.began, change.ended if change.is_done else inf
