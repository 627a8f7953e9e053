"""What holds claims back besides the ceiling: two figures that say how much of the difference is not the engine's.

The ceiling's transactions have the machine to themselves: their rows are made beforehand, and no time between them
counts. Claims are decided while the storage commits, on a machine that both share.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from storage.tables.operations import Operation
from storage.tables.table import LedgerTable

BUSY_SHARE: Final = 0.6
"""About as much of a core as the process of 128 callers takes."""

_BUSY: Final = """
import json, sys, time
share = float(sys.argv[1])
some = {"numbers": list(range(50)), "texts": ["a text"] * 50}
while True:
    began = time.perf_counter()
    while time.perf_counter() < began + 0.01 * share:
        json.loads(json.dumps(some))
    time.sleep(0.01 * (1 - share))
"""


@contextmanager
def computing_beside(share: float = BUSY_SHARE) -> Iterator[None]:
    """A process that computes this share of the time, and has nothing to do with the storage."""
    with subprocess.Popen([sys.executable, "-c", _BUSY, str(share)]) as process:
        try:
            yield
        finally:
            process.kill()


class TimedTable(LedgerTable):
    """Measures for how long a commit is under way: its checks, its text, the storage and the answer."""

    under_way_seconds = 0.0

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """See storage.tables.table.LedgerTable."""
        began = perf_counter()
        try:
            return await super().commit(operations)
        finally:
            self.under_way_seconds += perf_counter() - began


def seconds_under_way(table: LedgerTable) -> float:
    """How long commits were under way so far."""
    assert isinstance(table, TimedTable)  # noqa: S101 - it was made so
    return table.under_way_seconds
