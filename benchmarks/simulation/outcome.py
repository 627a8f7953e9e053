"""What came of a simulated storm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import ceil
from typing import Final

from benchmarks.simulation.partitions import Counts
from benchmarks.storms import percentile

TENANT: Final = "tenant"
"""What the partition of the tenant's own rows is called; the others are called by what comes before its id."""

WINDOW_SECONDS: Final = 2.0
"""Of those who come within so long, the median is taken to say whether it is as usual."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody was told that they have a license.

    Attributes:
        came: When they signed in first, in seconds since the storm began.
        waited: How long it took from then, repeats included.
        was_licensed: They had a license before the storm.
        repeats: How often they were told to repeat, or got no answer.
        was_cut_off: The instance that they waited for was killed, once at least.
    """

    came: float
    waited: float
    was_licensed: bool = False
    repeats: int = 0
    was_cut_off: bool = False

    @property
    def told(self) -> float:
        """When they were told, in seconds since the storm began."""
        return self.came + self.waited


@dataclass(slots=True)
class Tally:
    """What the people have met with so far."""

    asked: int = 0
    answers: list[Answer] = field(default_factory=list)
    repeated: int = 0
    cut_off: int = 0
    gave_up: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of a simulated storm.

    Attributes:
        asked: People who signed in.
        gave_up: People who were told to repeat too often.
        repeated: How often anybody was told to repeat: the storage did not answer, the line was full, or time was up.
        cut_off: How often anybody lost the connection, because an instance was killed.
        seconds: From the first sign-in to the last answer.
        answers: What people were told, in the order of the answers.
        shares: Answers by instance.
        partitions: What each partition was asked, by what it is called.
    """

    asked: int
    gave_up: int
    repeated: int
    cut_off: int
    seconds: float
    answers: Sequence[Answer]
    shares: Sequence[int]
    partitions: Mapping[str, Counts]

    @property
    def storage(self) -> Counts:
        """What the partition of the tenant's own rows was asked."""
        return self.partitions[TENANT]

    @property
    def claims(self) -> int:
        """People who were told that they have a license."""
        return len(self.answers)

    @cached_property
    def waited(self) -> Sequence[float]:
        """How long each of them waited, in seconds, shortest first."""
        return sorted(answer.waited for answer in self.answers)

    @cached_property
    def waited_new(self) -> Sequence[float]:
        """The same of those who were not licensed before."""
        return sorted(answer.waited for answer in self.answers if not answer.was_licensed)

    @cached_property
    def waited_licensed(self) -> Sequence[float]:
        """The same of those who were."""
        return sorted(answer.waited for answer in self.answers if answer.was_licensed)

    @property
    def claims_per_second(self) -> float:
        """Answers a second, of all instances together."""
        return self.claims / self.seconds

    @property
    def claims_per_commit(self) -> float:
        """How many claims shared a commit."""
        return len(self.waited_new) / self.storage.commits

    @property
    def p50(self) -> float:
        """Half of the people waited at most so many seconds."""
        return percentile(self.waited, 50)

    @property
    def p99(self) -> float:
        """99 of 100 people waited at most so many seconds."""
        return percentile(self.waited, 99)

    def within(self, seconds: float) -> float:
        """The share of all people who had a license after so many seconds."""
        return sum(waited <= seconds for waited in self.waited) / self.asked

    def told_between(self, begins: float, ends: float) -> int:
        """How many people were told between two moments."""
        return sum(begins <= answer.told < ends for answer in self.answers)

    def waited_around(self, begins: float, ends: float) -> Sequence[float]:
        """How long those waited who came between two moments and were not cut off, shortest first."""
        return sorted(
            answer.waited for answer in self.answers if begins <= answer.came < ends and not answer.was_cut_off
        )

    def longest_silence(self, begins: float, ends: float) -> float:
        """For how long, of the time between two moments, nobody was told anything at a stretch."""
        told = sorted(answer.told for answer in self.answers if begins <= answer.told < ends)
        return max(later - earlier for earlier, later in pairwise([begins, *told, ends]))

    def usual_again(self, usual_ends: float, wave_ends: float, ends: float) -> float | None:
        """How long after a wave those who come wait no longer than twice as usual, in the median, and it stays so.

        Args:
            usual_ends: Until when it was as usual.
            wave_ends: When the wave was over.
            ends: Until when people came.

        Returns:
            None if it never was so.
        """
        usual = _median(self.waited_around(0, usual_ends)) or 0.0
        windows = ceil((ends - wave_ends) / WINDOW_SECONDS)
        for number in reversed(range(windows)):
            begins = wave_ends + number * WINDOW_SECONDS
            waited = _median(self.waited_around(begins, min(ends, begins + WINDOW_SECONDS)))
            if waited is None or waited > 2 * usual:
                return (number + 1) * WINDOW_SECONDS if number + 1 < windows else None
        return 0.0


def pooled(outcomes: Sequence[Outcome]) -> Sequence[float]:
    """How long people waited in several storms that differ only by seed, shortest first."""
    return sorted(waited for outcome in outcomes for waited in outcome.waited)


def _median(ordered: Sequence[float]) -> float | None:
    return percentile(ordered, 50) if ordered else None
