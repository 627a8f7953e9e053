"""Several storms at once, each in a process that gives the same each time."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from unittest.mock import patch

from benchmarks.simulation.outcome import Outcome

Storm = Callable[[], Outcome]


def outcomes(storms: Sequence[Storm], processes: int) -> Iterator[Outcome]:
    """What comes of each, in order, as soon as it is known. So many are simulated at once."""
    # The order of a set of texts differs from process to process, unless this is said before one begins.
    with patch.dict(os.environ, {"PYTHONHASHSEED": "0"}), ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(_outcome, storms)


def _outcome(storm: Storm) -> Outcome:
    return storm()
