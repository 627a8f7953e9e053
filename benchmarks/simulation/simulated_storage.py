"""A table in memory, under those rules of Table Storage that the ledger leans on, at a modelled cost."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any, Self, TypeVar

from azure.core.exceptions import HttpResponseError
from azure.data.tables.aio import TableClient

from benchmarks.simulation.costs import BURST_SECONDS, Costs
from benchmarks.simulation.machine import Cores, Thread
from storage.operations import ANY_VERSION, Operation, StoredRow, Write
from storage.table import LedgerTable
from storage.wire import FailedOperationError, Wire

ResultT = TypeVar("ResultT")


@dataclass(slots=True)
class Counts:
    """What a partition was asked.

    Attributes:
        commits: Transactions made.
        conflicts: Transactions refused, because a row was in another version.
        busy: Calls answered "too busy".
        reads: Point reads and queries.
        rows: Rows of transactions made.
    """

    commits: int = 0
    conflicts: int = 0
    busy: int = 0
    reads: int = 0
    rows: int = 0

    def since(self, before: Self) -> Self:
        """What came after an earlier count."""
        return replace(
            self, **{each.name: getattr(self, each.name) - getattr(before, each.name) for each in fields(self)}
        )


class ServerBusyError(HttpResponseError):
    """The partition was asked for more rows a second than it gives."""

    def __init__(self) -> None:
        super().__init__("ServerBusy")
        self.status_code = 503


class Partition:
    """A tenant's rows: changed all or none, under ETags that are never used twice, and not too many a second."""

    def __init__(self, rows_per_second: int | None) -> None:
        self.rows: dict[str, StoredRow] = {}
        self.counts = Counts()
        self._changes = 0
        self._rows_per_second = rows_per_second
        self._allowance = BURST_SECONDS * (rows_per_second or 0)
        self._allowed_at = 0.0

    def allows(self, rows: int, now: float) -> bool:
        """Whether so many rows may be read or written now. What is not used is kept, for BURST_SECONDS."""
        rate = self._rows_per_second
        if rate is None:
            return True
        self._allowance = min(rate * BURST_SECONDS, self._allowance + rate * (now - self._allowed_at))
        self._allowed_at = now
        if rows > self._allowance:
            return False
        self._allowance -= rows
        return True

    def change(self, operations: Sequence[Operation]) -> list[str]:
        """Make all operations, or none; gives the new ETags.

        Raises:
            FailedOperationError: One met a row in another version than it named.
        """
        for place, operation in enumerate(operations):
            there = self.rows.get(str(operation.row["RowKey"]))
            if operation.write is Write.UPSERT:
                continue
            if operation.write is Write.INSERT and there:
                raise FailedOperationError(place, 409, "EntityAlreadyExists")
            if operation.write is not Write.INSERT and not there:
                raise FailedOperationError(place, 404, "ResourceNotFound")
            if operation.write is not Write.INSERT and there and operation.etag not in (ANY_VERSION, there.etag):
                raise FailedOperationError(place, 412, "UpdateConditionNotSatisfied")
        self._changes += 1
        etag = f'W/"{self._changes}"'
        for operation in operations:
            row_key = str(operation.row["RowKey"])
            if operation.write is Write.DELETE:
                del self.rows[row_key]
            else:
                self.rows[row_key] = StoredRow(operation.row, etag)
        return ["" if operation.write is Write.DELETE else etag for operation in operations]


def _allow(partition: Partition, rows: int) -> None:
    if not partition.allows(rows, asyncio.get_running_loop().time()):
        partition.counts.busy += 1
        raise ServerBusyError


class SimulatedStorage:
    """Partitions, and what serves them."""

    def __init__(self, costs: Costs, cores: Cores, random: Random) -> None:
        self.partitions: defaultdict[str, Partition] = defaultdict(lambda: Partition(costs.rows_per_second))
        self._costs = costs
        self._random = random
        self._thread = Thread(cores) if costs.one_thread else None

    async def read(self, partition: str, row_key: str) -> StoredRow | None:
        """A point read."""
        asked = self.partitions[partition]
        asked.counts.reads += 1
        await self._travel()
        _allow(asked, 1)
        await self._serve(self._varied(self._costs.read_seconds * self._grown(asked)))
        found = asked.rows.get(row_key)
        await self._travel()
        return found

    async def transact(self, operations: Sequence[Operation]) -> list[str]:
        """A transaction; it counts in full against the partition's limit, made or refused."""
        costs = self._costs
        asked = self.partitions[str(operations[0].row["PartitionKey"])]
        rows = len(operations)
        await self._travel()
        _allow(asked, rows)
        await self._serve(self._varied(costs.transaction_seconds + costs.received_row_seconds * rows))
        try:
            etags = asked.change(operations)
        except FailedOperationError:
            asked.counts.conflicts += 1
            await self._travel()
            raise
        await self._serve(self._varied(costs.written_row_seconds * rows * self._grown(asked)))
        asked.counts.commits += 1
        asked.counts.rows += rows
        await self._travel()
        return etags

    def _grown(self, partition: Partition) -> float:
        return 1 + self._costs.growth * len(partition.rows) / 1_000

    def _varied(self, seconds: float) -> float:
        return seconds * self._random.lognormvariate(0, self._costs.spread)

    async def _serve(self, seconds: float) -> None:
        if self._thread:
            await self._thread.work_in_slices(seconds)
        else:
            await asyncio.sleep(seconds)

    async def _travel(self) -> None:
        if self._costs.travel_seconds:
            await asyncio.sleep(self._varied(self._costs.travel_seconds / 2))


def _carried_out(call: Coroutine[Any, Any, ResultT]) -> asyncio.Task[ResultT]:
    task = asyncio.create_task(call)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


class SimulatedWire(Wire):
    """One process's way to the storage. What was sent is carried out, also when nobody waits for it any more."""

    def __init__(self, storage: SimulatedStorage, process: Thread, costs: Costs) -> None:
        self._storage = storage
        self._process = process
        self._costs = costs

    async def get(self, partition: str, row_key: str) -> StoredRow | None:
        """See Wire."""
        await self._process.work(self._costs.request_cpu_seconds)
        return await asyncio.shield(_carried_out(self._storage.read(partition, row_key)))

    async def transact(self, operations: Sequence[Operation]) -> list[str]:
        """See Wire."""
        costs = self._costs
        await self._process.work(costs.request_cpu_seconds + costs.row_cpu_seconds * len(operations))
        return await asyncio.shield(_carried_out(self._storage.transact(operations)))


class SimulatedTable(LedgerTable):
    """The product's own table, with its deadlines and its repeats, on a simulated wire."""

    def __init__(self, client: TableClient, wire: SimulatedWire, storage: SimulatedStorage) -> None:
        super().__init__(client, wire)
        self._storage = storage

    async def page(
        self,
        partition: str,
        first: str,
        end: str,
        continuation: Any = None,  # noqa: ANN401 - the SDK's own
        *,
        rows: int | None = None,
    ) -> tuple[list[StoredRow], Any]:
        """See LedgerTable; in one page."""
        del continuation, rows
        await self._wire.get(partition, first)
        there = self._storage.partitions[partition].rows
        return [there[key] for key in sorted(there) if first <= key < end], None
