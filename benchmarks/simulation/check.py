"""The simulation held against what was measured: it is good for what it was not fed with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.simulation.costs import Costs
from benchmarks.simulation.storm import simulate_users

GOOD_WITHIN: Final = 0.25
"""A simulated figure this near to the measured one is good enough to plan with."""

SEED: Final = 1


@dataclass(frozen=True, slots=True)
class MeasuredStorm:
    """What several processes did on the emulator.

    Attributes:
        processes: How many.
        callers_per_process: How many called each at once.
        claims: Claims of all together.
        seconds: From the first to the last.
    """

    processes: int
    callers_per_process: int
    claims: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Claims a second, measured and simulated.

    Attributes:
        processes: How many processes.
        measured: Claims a second of all together, as measured.
        simulated: The same, as simulated.
        ratio: Simulated by measured: 1 is exact.
    """

    processes: int
    measured: float
    simulated: float
    ratio: float

    @property
    def is_good(self) -> bool:
        """Whether it is within GOOD_WITHIN."""
        return abs(self.ratio - 1) <= GOOD_WITHIN


def check(costs: Costs, measured: Sequence[MeasuredStorm]) -> list[Compared]:
    """Each measured storm beside a simulated one of as many users."""
    compared = []
    for storm in measured:
        outcome = simulate_users(costs, storm.processes, storm.callers_per_process, storm.claims, SEED)
        per_second = storm.claims / storm.seconds
        ratio = outcome.claims_per_second / per_second
        compared.append(Compared(storm.processes, per_second, outcome.claims_per_second, ratio))
    return compared
