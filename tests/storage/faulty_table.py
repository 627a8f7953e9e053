"""The real table, with faults on demand: each call can fail before or after it was carried out, wait, or let
somebody else go first. Every call is noted, so that tests count them instead of measuring time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from azure.data.tables.aio import TableClient

from domain.errors import LedgerUnavailableError
from storage.tables.operations import Operation, StoredRow
from storage.tables.table import PAGE_ROWS, LedgerTable
from storage.tables.wire import Wire

ResultT = TypeVar("ResultT")
Action = Callable[[], Awaitable[object]]

WAIT_SECONDS = 20
"""After this a test that waits for what never comes fails."""

STILL_TURNS = 20
"""For so many turns of the event loop nobody calls: then nobody does until somebody else does something."""


class Gate:
    """Something that comes here waits until it is let through."""

    def __init__(self) -> None:
        self._reached = asyncio.Event()
        self._opened = asyncio.Event()

    async def __call__(self) -> None:
        self._reached.set()
        await asyncio.wait_for(self._opened.wait(), WAIT_SECONDS)

    async def reached(self) -> None:
        """Return once somebody is here."""
        await asyncio.wait_for(self._reached.wait(), WAIT_SECONDS)

    def open(self) -> None:
        """Let through who is here, and who comes."""
        self._opened.set()


async def unavailable() -> None:
    """What a call meets whose answer is lost, or that was never sent."""
    raise LedgerUnavailableError("the test cut the connection")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `get`, `page` or `commit`, the row it asked for (for a commit: how many rows), and the partition."""

    kind: str
    row: str
    partition: str


@dataclass(slots=True)
class Fault:
    """What is to happen at calls of a kind."""

    kind: str
    row: str
    of: str
    before: Action | None
    after: Action | None
    times: int


class FaultyTable(LedgerTable):
    """A `LedgerTable` that does what tests ask of it.

    Attributes:
        page_rows: Pages have no more rows than this, whatever is asked for.
    """

    def __init__(self, client: TableClient, wire: Wire) -> None:
        super().__init__(client, wire)
        self.page_rows: int | None = None
        self.calls: list[Call] = []
        self.most_at_once = 0
        self._at_once = 0
        self._faults: list[Fault] = []

    def at(  # noqa: PLR0913 - which calls, and what happens there
        self,
        kind: str,
        row: str = "",
        *,
        of: str = "",
        before: Action | None = None,
        after: Action | None = None,
        times: int = 1,
    ) -> None:
        """At the next so many calls of that kind whose row and partition begin so, do this before or after the call."""
        self._faults.append(Fault(kind, row, of, before, after, times))

    def heal(self) -> None:
        """No more faults."""
        self._faults.clear()

    def forget_calls(self) -> None:
        """Count from here."""
        self.calls.clear()

    async def quiet(self, at_gates: int = 0) -> None:
        """Return once no call is under way but those that wait at so many gates, and whoever was answered went on."""
        still = 0
        async with asyncio.timeout(WAIT_SECONDS):
            while still < STILL_TURNS:
                await asyncio.sleep(0)
                still = still + 1 if self._at_once == at_gates else 0

    def count(self, kind: str, row: str = "", *, of: str = "") -> int:
        """How many calls of that kind there were whose row and partition begin so."""
        return sum(
            call.kind == kind and call.row.startswith(row) and call.partition.startswith(of) for call in self.calls
        )

    async def get(self, partition: str, row_key: str, *, again_if_busy: bool = True) -> StoredRow | None:
        read = partial(super().get, partition, row_key, again_if_busy=again_if_busy)
        return await self._through("get", row_key, partition, read)

    async def page(
        self, partition: str, first: str, end: str, continuation: Any = None, *, rows: int | None = None
    ) -> tuple[list[StoredRow], Any]:
        given = rows if self.page_rows is None else min(self.page_rows, rows or PAGE_ROWS)
        return await self._through(
            "page",
            first,
            partition,
            lambda: super(FaultyTable, self).page(partition, first, end, continuation, rows=given),
        )

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        partition = operations[0].row["PartitionKey"]
        return await self._through(
            "commit", str(len(operations)), partition, lambda: super(FaultyTable, self).commit(operations)
        )

    async def _through(self, kind: str, row: str, partition: str, call: Callable[[], Awaitable[ResultT]]) -> ResultT:
        self.calls.append(Call(kind, row, partition))
        fault = self._next_fault(kind, row, partition)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if fault and fault.before:
                await fault.before()
            result = await call()
            if fault and fault.after:
                await fault.after()
            return result
        finally:
            self._at_once -= 1

    def _next_fault(self, kind: str, row: str, partition: str) -> Fault | None:
        for fault in self._faults:
            is_meant = fault.kind == kind and row.startswith(fault.row) and partition.startswith(fault.of)
            if fault.times and is_meant:
                fault.times -= 1
                return fault
        return None
