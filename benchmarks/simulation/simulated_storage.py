"""A table in memory, under those rules of Table Storage that the ledger leans on, at a modelled cost."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Coroutine, Mapping, Sequence
from random import Random
from typing import Any, TypeVar

from azure.core.exceptions import HttpResponseError
from azure.data.tables import TableEntity

from benchmarks.simulation.costs import Costs
from benchmarks.simulation.machine import Cores, Thread
from benchmarks.simulation.partitions import Allowance, Partition
from storage.tables.operations import Operation, StoredRow
from storage.tables.wire import FailedOperationError, Wire

ResultT = TypeVar("ResultT")


class ServerBusyError(HttpResponseError):
    """The partition, or the account, was asked for more rows a second than it gives."""

    def __init__(self) -> None:
        super().__init__("ServerBusy")
        self.status_code = 503
        self.error_code = "ServerBusy"


class SimulatedStorage:
    """An account: partitions, and what serves them."""

    def __init__(self, costs: Costs, cores: Cores, random: Random) -> None:
        self.partitions: defaultdict[str, Partition] = defaultdict(lambda: Partition(costs))
        self._account = Allowance(costs.account_rows_per_second)
        self._costs = costs
        self._random = random
        self._thread = Thread(cores) if costs.one_thread else None

    async def read(self, partition: str, row_key: str) -> StoredRow | None:
        """A point read."""
        asked = self.partitions[partition]
        asked.counts.reads += 1
        await self._travel()
        self._allow(asked, asked.load_of_row(row_key))
        found = asked.rows.get(row_key)
        await self._serve(self._varied(self._costs.read_seconds * self._grown(asked)), and_travel=True)
        return found

    async def scan(
        self, partition: str, first: str, end: str, most: int, behind: str | None
    ) -> tuple[list[StoredRow], str | None]:
        """A page of rows, and the last of their keys if there may be more behind it."""
        asked = self.partitions[partition]
        asked.counts.reads += 1
        asked.counts.queries += 1
        await self._travel()
        _, looked_at, load = asked.page(first, end, most, behind)
        self._allow(asked, load)
        costs = self._costs
        await self._serve(self._varied(costs.read_seconds * self._grown(asked) + costs.scanned_row_seconds * looked_at))
        found, looked_at, _ = asked.page(first, end, most, behind)
        await self._travel()
        is_cut = found and (looked_at > len(found) or len(found) == most)
        return found, found[-1].row["RowKey"] if is_cut else None

    async def transact(self, operations: Sequence[Operation], sender: str) -> list[str]:
        """A transaction; it counts in full against the limits, made or refused."""
        costs = self._costs
        asked = self.partitions[operations[0].row["PartitionKey"]]
        rows = len(operations)
        load = sum(asked.load_of(operation.row) for operation in operations)
        await self._travel()
        self._allow(asked, load)
        await self._serve(self._varied(costs.transaction_seconds + costs.received_row_seconds * rows))
        try:
            etags = asked.change(operations)
        except FailedOperationError:
            asked.counts.conflicts += 1
            await self._travel()
            raise
        asked.counts.commits += 1
        asked.counts.rows += rows
        asked.latest_writers.append(sender)
        await self._serve(self._varied(costs.written_row_seconds * rows * self._grown(asked)), and_travel=True)
        return etags

    def _allow(self, asked: Partition, load: int) -> None:
        """Return if it is not too busy."""
        now = asyncio.get_running_loop().time()
        if not (asked.allowance.has(load, now) and self._account.has(load, now)):
            asked.counts.busy += 1
            raise ServerBusyError
        asked.allowance.take(load)
        self._account.take(load)
        asked.counts.load += load

    def _grown(self, partition: Partition) -> float:
        return 1 + self._costs.growth * len(partition.rows) / 1_000

    def _varied(self, seconds: float) -> float:
        return seconds * self._random.lognormvariate(0, self._costs.spread)

    async def _serve(self, seconds: float, *, and_travel: bool = False) -> None:
        travel = self._travel_seconds() if and_travel else 0.0
        if self._thread:
            await self._thread.work_in_slices(seconds)
            seconds = 0.0
        if seconds + travel:
            await asyncio.sleep(seconds + travel)

    async def _travel(self) -> None:
        if self._costs.travel_seconds:
            await asyncio.sleep(self._travel_seconds())

    def _travel_seconds(self) -> float:
        """One way."""
        return self._varied(self._costs.travel_seconds / 2) if self._costs.travel_seconds else 0.0


def _carried_out(call: Coroutine[Any, Any, ResultT]) -> asyncio.Task[ResultT]:
    task = asyncio.create_task(call)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


class SimulatedWire(Wire):
    """One process's way to the storage. What was sent is carried out, also when nobody waits for it any more."""

    def __init__(self, storage: SimulatedStorage, process: Thread, process_id: str, costs: Costs) -> None:
        self._storage = storage
        self._process = process
        self._process_id = process_id
        self._costs = costs

    async def get(self, partition: str, row_key: str) -> StoredRow | None:
        """See Wire."""
        await self._process.work(self._costs.request_cpu_seconds)
        return await self._answer(self._storage.read(partition, row_key))

    async def transact(self, operations: Sequence[Operation]) -> list[str]:
        """See Wire."""
        costs = self._costs
        await self._process.work(costs.request_cpu_seconds + costs.row_cpu_seconds * len(operations))
        return await self._answer(asyncio.shield(_carried_out(self._storage.transact(operations, self._process_id))))

    async def scan(
        self, partition: str, first: str, end: str, most: int, behind: str | None
    ) -> tuple[list[StoredRow], str | None]:
        """A page of rows, and the last of their keys if there may be more behind it."""
        await self._process.work(self._costs.query_cpu_seconds)
        found, rest = await self._answer(self._storage.scan(partition, first, end, most, behind))
        if found:
            await self._process.work(self._costs.row_cpu_seconds * len(found))
        return found, rest

    async def _answer(self, call: Awaitable[ResultT]) -> ResultT:
        """What comes back; nothing, and never, to a process that was killed."""
        try:
            return await call
        finally:
            await self._process.is_there()


class SimulatedClient:
    """As much of the SDK's client of a table as LedgerTable needs for a page of a partition."""

    def __init__(self, wire: SimulatedWire) -> None:
        self._wire = wire

    def query_entities(
        self,
        query: str,
        *,
        parameters: Mapping[str, str],
        results_per_page: int,
        select: Sequence[str] | None = None,
    ) -> "_Query":
        """See TableClient: rows come whole, whatever is selected."""
        del query, select
        return _Query(self._wire, parameters["partition"], parameters["first"], parameters["end"], results_per_page)


class _Query:
    """What the SDK gives for a query: pages that are read one after the other."""

    def __init__(self, wire: SimulatedWire, partition: str, first: str, end: str, most: int) -> None:
        self.continuation_token: str | None = None
        self._wire = wire
        self._range = partition, first, end
        self._most = most

    def by_page(self, continuation: str | None = None) -> "_Query":
        """From there on."""
        self.continuation_token = continuation
        return self

    def __aiter__(self) -> "_Query":
        return self

    async def __anext__(self) -> AsyncIterator[TableEntity]:
        """The next page."""
        found, self.continuation_token = await self._wire.scan(*self._range, self._most, self.continuation_token)
        return _entities(found)


async def _entities(found: Sequence[StoredRow]) -> AsyncIterator[TableEntity]:
    for stored in found:
        entity = TableEntity(stored.row)
        entity._metadata = {"etag": stored.etag, "timestamp": None}  # noqa: SLF001 - as the SDK makes them
        yield entity
