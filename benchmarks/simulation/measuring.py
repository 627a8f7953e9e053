"""What everything costs on the emulator, measured: what the simulation is fed with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Final
from uuid import uuid4

from benchmarks import engine
from benchmarks.ceilings import FULL_ROWS, LONE_ROWS, commit_rows
from benchmarks.simulation.costs import Costs
from benchmarks.stage import Process
from benchmarks.storms import percentile
from storage.rows.content import HEAD_KEY
from storage.tables.operations import Operation, Write, written_over
from storage.tables.wire import FailedOperationError

CALLERS: Final = 128
SAMPLES: Final = 20
UNDISTURBED_PERCENT: Final = 25
"""Of the samples, the one that so many percent do not exceed: other programs only ever make a sample slower."""

WARM_UP: Final = 40
"""Transactions before any is measured: the emulator gets faster for a while."""

LEAST_SECONDS: Final = 1e-7
"""No row is written in less."""

Call = Callable[[], Awaitable[object]]

_ETAG_THAT_WAS: Final = "W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\""


@dataclass(frozen=True, slots=True)
class Sample:
    """How long something took, and the process's own CPU in it, in seconds, when nothing else disturbs."""

    wall: float
    cpu: float

    @property
    def served(self) -> float:
        """What the storage took."""
        return max(0.0, self.wall - self.cpu)


@dataclass(frozen=True, slots=True)
class Samples:
    """What the storage took at one size of the partition.

    Attributes:
        stored: The partition's rows at that time.
        lone: A transaction of LONE_ROWS.
        full: A transaction of FULL_ROWS.
        refused: The same, with a head that has another ETag.
        read: A point read.
    """

    stored: int
    lone: Sample
    full: Sample
    refused: Sample
    read: Sample


async def measure_costs(process: Process, users: int, cores: int) -> Costs:
    """Costs of the emulator on this machine; takes a quarter of a minute for 8,000 users.

    Args:
        process: On a storage where nobody else is busy.
        users: How many users the largest run to be simulated leaves behind.
        cores: What the machine has.
    """
    partition = _Partition(process)
    await partition.grow(LONE_ROWS, WARM_UP)
    small = await partition.samples()
    while partition.stored < users:
        await partition.grow(FULL_ROWS)
    large = await partition.samples()
    before = process_time()
    _, storm = await engine.claims(process, users // 2, CALLERS)
    return fit(small, large, claim_cpu_seconds=(process_time() - before) / storm.done, cores=cores)


def fit(small: Samples, large: Samples, *, claim_cpu_seconds: float, cores: int) -> Costs:
    """The costs that give these samples.

    Args:
        small: In a small partition.
        large: In a larger one.
        claim_cpu_seconds: CPU of the engine for a claim in full batches; what sending its row takes is taken off.
        cores: What the machine has.
    """
    more_rows = FULL_ROWS - LONE_ROWS
    row_cpu = max(0.0, small.full.cpu - small.lone.cpu) / more_rows
    row, row_later = (max(0.0, each.full.served - each.lone.served) / more_rows for each in (small, large))
    transaction = max(0.0, small.lone.served - LONE_ROWS * row)
    received = min(row, max(0.0, small.refused.served - transaction) / FULL_ROWS)
    slope = max(0.0, row_later - row) / (large.stored - small.stored)
    # In an empty partition, on the line through both; noise must not make it vanish.
    written = max(row - received - slope * small.stored, row / 10, LEAST_SECONDS)
    growth = slope / written
    return Costs(
        claim_cpu_seconds=max(0.0, claim_cpu_seconds - row_cpu),
        request_cpu_seconds=max(0.0, small.lone.cpu - LONE_ROWS * row_cpu),
        row_cpu_seconds=row_cpu,
        transaction_seconds=transaction,
        received_row_seconds=received,
        written_row_seconds=written,
        read_seconds=small.read.served / (1 + growth * small.stored),
        growth=1_000 * growth,
        cores=cores,
    )


class _Partition:
    """A tenant's rows, written without deciding anything."""

    def __init__(self, process: Process) -> None:
        self._wire = process.wire
        self._tenant_id = str(uuid4())
        self._etag = ""
        self._sequence = 0
        self.stored = 1

    async def samples(self) -> Samples:
        """All that is to be known at this size."""
        stored = self.stored
        lone = await _sample(lambda: self._commit(LONE_ROWS))
        full = await _sample(lambda: self._commit(FULL_ROWS))
        refused = await _sample(self._refused)
        read = await _sample(lambda: lambda: self._wire.get(self._tenant_id, HEAD_KEY))
        return Samples((stored + self.stored) // 2, lone, full, refused, read)

    async def grow(self, rows: int, times: int = 1) -> None:
        """Some transactions."""
        for _ in range(times):
            await self._commit(rows)()

    def _commit(self, rows: int) -> Call:
        """A transaction, ready to be sent."""
        operations = self._operations(rows, self._etag)

        async def send() -> None:
            self._etag = (await self._wire.transact(operations))[0]
            self.stored += rows - 1
            self._sequence += 1

        return send

    def _refused(self) -> Call:
        operations = self._operations(FULL_ROWS, _ETAG_THAT_WAS)

        async def send() -> None:
            try:
                await self._wire.transact(operations)
            except FailedOperationError:
                return
            raise AssertionError("the storage made a transaction under an ETag that its head does not have")

        return send

    def _operations(self, rows: int, etag: str) -> list[Operation]:
        names = [f"user-{self._sequence}-{number}" for number in range(rows - 2)]
        head, *others = commit_rows(self._tenant_id, self._sequence + 1, names)
        return [written_over(head, etag), *(Operation(Write.INSERT, row) for row in others)]


async def _sample(prepare: Callable[[], Call]) -> Sample:
    walls, cpus = [], []
    for _ in range(SAMPLES):
        call = prepare()
        wall, cpu = perf_counter(), process_time()
        await call()
        walls.append(perf_counter() - wall)
        cpus.append(process_time() - cpu)
    return Sample(percentile(sorted(walls), UNDISTURBED_PERCENT), percentile(sorted(cpus), UNDISTURBED_PERCENT))
