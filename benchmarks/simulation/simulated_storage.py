"""One tenant's partition in memory, under the rules of Table Storage that the ledger leans on, at a modelled cost."""

import asyncio
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
    """What the storage was asked.

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
        return replace(self, **{each.name: getattr(self, each.name) - getattr(before, each.name) for each in fields(self)})


class ServerBusyError(HttpResponseError):
    """The partition was asked for more rows a second than it gives."""

    def __init__(self) -> None:
        super().__init__("ServerBusy")
        self.status_code = 503


class Partition:
    """The rows, and when they may be read and written: all or nothing, under ETags that are never used twice."""

    def __init__(self) -> None:
        self.rows: dict[str, StoredRow] = {}
        self._changes = 0

    def change(self, operations: Sequence[Operation]) -> list[str]:
        """Make all operations, or none; gives the new ETags.

        Raises:
            FailedOperationError: One met a row in another version than it named.
        """
        for place, operation in enumerate(operations):
            there = self.rows.get(str(operation.row["RowKey"]))
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


class SimulatedStorage:
    """The partition, and what serves it."""

    def __init__(self, costs: Costs, cores: Cores, random: Random) -> None:
        self.partition = Partition()
        self.counts = Counts()
        self._costs = costs
        self._random = random
        self._thread = Thread(cores) if costs.one_thread else None
        self._allowance = BURST_SECONDS * (costs.rows_per_second or 0)
        self._allowed_at = 0.0

    async def read(self, row_key: str) -> StoredRow | None:
        """A point read."""
        self.counts.reads += 1
        await self._travel()
        self._allow(1)
        await self._serve(self._varied(self._costs.read_seconds * self._grown()))
        found = self.partition.rows.get(row_key)
        await self._travel()
        return found

    async def transact(self, operations: Sequence[Operation]) -> list[str]:
        """A transaction; it counts in full against the partition's limit, made or refused."""
        costs = self._costs
        await self._travel()
        self._allow(len(operations))
        rows = len(operations)
        await self._serve(self._varied(costs.transaction_seconds + costs.received_row_seconds * rows))
        try:
            etags = self.partition.change(operations)
        except FailedOperationError:
            self.counts.conflicts += 1
            await self._travel()
            raise
        await self._serve(self._varied(costs.written_row_seconds * rows * self._grown()))
        self.counts.commits += 1
        self.counts.rows += rows
        await self._travel()
        return etags

    def _allow(self, rows: int) -> None:
        """Take rows from what the partition gives; what is not taken is kept, for a moment.

        Raises:
            ServerBusyError: There are not so many left.
        """
        rate = self._costs.rows_per_second
        if rate is None:
            return
        now = asyncio.get_running_loop().time()
        self._allowance = min(rate * BURST_SECONDS, self._allowance + rate * (now - self._allowed_at))
        self._allowed_at = now
        if rows > self._allowance:
            self.counts.busy += 1
            raise ServerBusyError
        self._allowance -= rows

    def _grown(self) -> float:
        return 1 + self._costs.growth * len(self.partition.rows) / 1_000

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
        del partition
        await self._process.work(self._costs.request_cpu_seconds)
        return await asyncio.shield(_carried_out(self._storage.read(row_key)))

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
        found = sorted(key for key in self._storage.partition.rows if first <= key < end)
        return [self._storage.partition.rows[key] for key in found], None
