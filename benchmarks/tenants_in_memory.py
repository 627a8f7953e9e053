"""Many tenants in tables in memory, each call of which takes a fixed time: for what the timers do in simulated time.

All tenants are copies of one that the product itself made, so 50,000 of them fit: a copy has rows of its own only once
something is written to it.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, TypeVar
from uuid import UUID

from benchmarks.simulation.costs import TYPICAL
from benchmarks.simulation.machine import Cores, Thread
from benchmarks.simulation.partitions import Partition
from benchmarks.stage import Process, open_tenant
from domain.errors import LedgerUnavailableError
from storage.engine.ledger import TableLedger
from storage.reports.figures import TableFigures
from storage.tables.clock import StorageClock
from storage.tables.limits import ROWS_PER_PAGE_MAX
from storage.tables.operations import Operation, StoredRow
from storage.tables.table import TENANTS_END, ConflictError, LedgerTable
from storage.tables.wire import FailedOperationError
from storage.upkeep.changes import note_change
from storage.upkeep.integrity import IntegrityChecker
from storage.upkeep.upkeep import TableUpkeep

ResultT = TypeVar("ResultT")

PATIENCE_SECONDS: Final = 2.0
CALL_SECONDS: Final = 0.008
"""Assumed: what the service takes for a call, with the way there and back."""

QUERY_CPU_SECONDS: Final = 0.0013
"""What a query takes in the process; other calls are costs.TYPICAL.request_cpu_seconds. Both measured."""

BURST_SECONDS: Final = 0.25
"""For how long a storage that was idle takes calls as fast as they come, where calls are limited."""

PEOPLE: Final = 10
"""People with a license in each tenant, each by a commit of its own, all counted."""

NEW_PEOPLE: Final = 3
"""People who came after that, in a tenant that changed."""

SEED: Final = 1
_BEGINNING: Final = datetime(2026, 1, 5, 0, 10, tzinfo=UTC)
_NOBODY: Any = None


class Storage:
    """What answers calls: after a fixed time, and perhaps only so many a second.

    Attributes:
        calls: How many calls there were.
        refused: How many of these were answered "too busy".
    """

    def __init__(self) -> None:
        self.calls = 0
        self.refused = 0
        self._process = Thread(Cores(None))
        self._per_second: int | None = None
        self._allowance = 0.0
        self._allowed_at = 0.0

    @property
    def is_limited(self) -> bool:
        """Whether it answers only so many calls a second."""
        return self._per_second is not None

    def limit(self, calls_per_second: int | None) -> None:
        """From now on answer only so many calls a second; None is without a limit."""
        self._per_second = calls_per_second

    async def call(self, cpu_seconds: float, carry_out: Callable[[], ResultT]) -> ResultT:
        """A call: takes the process's CPU, and then the storage's time.

        Raises:
            LedgerUnavailableError: It was refused, because there are too many.
        """
        self.calls += 1
        await self._process.work(cpu_seconds)
        await asyncio.sleep(CALL_SECONDS)
        if self._per_second is not None and not self._allows(self._per_second):
            self.refused += 1
            raise LedgerUnavailableError("too busy")
        return carry_out()

    def _allows(self, per_second: int) -> bool:
        now = asyncio.get_running_loop().time()
        gained = per_second * (now - self._allowed_at)
        self._allowance, self._allowed_at = min(per_second * BURST_SECONDS, self._allowance + gained), now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True


class TableInMemory(LedgerTable):
    """The product's own table, with its repeats, over rows in memory."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(_NOBODY, _NOBODY)
        self._storage = storage
        self._partitions: dict[str, Partition] = {}
        self._copies: dict[str, Partition] = {}
        self._tenants: Sequence[str] = ()

    def rows_of(self, tenant_id: str) -> Partition:
        """A tenant's rows as they are now."""
        rows = Partition(TYPICAL)
        rows.put(stored.row for stored in self._partitions[tenant_id].rows.values())
        return rows

    def have_copies(self, copies: dict[str, Partition]) -> None:
        """Have these tenants, each a copy of the rows given with it, and no others."""
        self._copies = copies
        self._tenants = sorted(copies)
        self._partitions.clear()

    async def get(self, partition: str, row_key: str, *, again_if_busy: bool = True) -> StoredRow | None:
        """See LedgerTable."""
        del again_if_busy
        return await self._asked(TYPICAL.request_cpu_seconds, lambda: self._row(partition, row_key))

    async def page(
        self,
        partition: str,
        first: str,
        end: str,
        continuation: Any = None,  # noqa: ANN401 - the SDK's own
        *,
        rows: int | None = None,
    ) -> tuple[list[StoredRow], Any]:
        """See LedgerTable."""
        most = ROWS_PER_PAGE_MAX if rows is None else rows

        def read() -> tuple[list[StoredRow], Any]:
            keys = sorted(key for key in self._rows(partition) if (continuation or first) <= key < end)
            found = [row for key in keys[:most] if (row := self._row(partition, key))]
            return found, next(iter(keys[most:]), None)

        return await self._asked(QUERY_CPU_SECONDS, read)

    async def next_partition(self, after: str, end: str = TENANTS_END) -> str | None:
        """See LedgerTable."""

        def read() -> str | None:
            place = bisect_right(self._tenants, after)
            found = self._tenants[place] if place < len(self._tenants) else end
            return found if found < end else None

        return await self._asked(QUERY_CPU_SECONDS, read)

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """See LedgerTable."""
        partition = str(operations[0].row["PartitionKey"])
        cpu_seconds = TYPICAL.request_cpu_seconds + TYPICAL.row_cpu_seconds * len(operations)
        try:
            return await self._storage.call(cpu_seconds, lambda: self._own(partition).change(operations))
        except FailedOperationError as error:
            raise ConflictError(error.place) from error
        except LedgerUnavailableError:
            self._unanswered += 1
            raise

    async def _asked(self, cpu_seconds: float, read: Callable[[], ResultT]) -> ResultT:
        def call() -> Awaitable[ResultT]:
            return self._storage.call(cpu_seconds, read)

        return await self._patiently("read", call, PATIENCE_SECONDS)

    def _rows(self, partition: str) -> dict[str, StoredRow]:
        found = self._partitions.get(partition) or self._copies.get(partition)
        return found.rows if found else {}

    def _row(self, partition: str, row_key: str) -> StoredRow | None:
        stored = self._rows(partition).get(row_key)
        return replace(stored, row={**stored.row, "PartitionKey": partition}) if stored else None

    def _own(self, partition: str) -> Partition:
        """The partition's own rows, to be written to."""
        if partition not in self._partitions:
            own = Partition(TYPICAL)
            own.put(stored.row for key in self._rows(partition) if (stored := self._row(partition, key)))
            self._partitions[partition] = own
        return self._partitions[partition]


@dataclass(frozen=True, slots=True)
class SimulatedApp:
    """What the timers use of the app, on tables in memory.

    Attributes:
        storage: What answers calls.
        clock: The time of commits.
        upkeep: See functions.composition.Services.
        integrity: See there.
        figures: See there.
    """

    storage: Storage
    clock: StorageClock
    upkeep: TableUpkeep
    integrity: IntegrityChecker
    figures: TableFigures

    @classmethod
    async def with_tenants(cls, tenants: int, changed: int = 0, calls_per_second: int | None = None) -> "SimulatedApp":
        """An app with so many tenants, of which some have claims that are noted and not counted."""
        storage = Storage()
        ledger, reports = TableInMemory(storage), TableInMemory(storage)
        loop = asyncio.get_running_loop()
        clock = StorageClock(lambda: _BEGINNING + timedelta(seconds=loop.time()))
        upkeep = TableUpkeep(ledger, reports, clock)
        process = Process(_NOBODY, _NOBODY, ledger, TableLedger(ledger, clock))
        made = await open_tenant(process)
        for number in range(PEOPLE):
            await process.sign_in(made, f"user-{number}")
        await upkeep.roll_up(made, 1)
        unchanged, counted = ledger.rows_of(made), reports.rows_of(made)
        for number in range(NEW_PEOPLE):
            await process.sign_in(made, f"new-{number}")
        newer = ledger.rows_of(made)
        draw = Random(SEED)  # noqa: S311 - a simulation
        ids = [str(UUID(int=draw.getrandbits(128), version=4)) for _ in range(tenants)]
        ledger.have_copies({each: newer if number < changed else unchanged for number, each in enumerate(ids)})
        reports.have_copies(dict.fromkeys(ids, counted))
        for each in ids[:changed]:
            await note_change(ledger, each)
        storage.limit(calls_per_second)
        app = cls(storage, clock, upkeep, IntegrityChecker(ledger, reports, clock), TableFigures(ledger, reports))
        await app.check_copies(ids[0], ids[-1])
        return app

    async def check_copies(self, *tenant_ids: str) -> None:
        """Return if these are what the product would have made.

        Raises:
            AssertionError: They are not.
        """
        for tenant_id in tenant_ids:
            step = await self.integrity.step(tenant_id, None, 400)
            while step.progress:
                step = await self.integrity.step(tenant_id, step.progress, 400)
            if not step.ok:
                raise AssertionError(step.discrepancies)

    async def end_round(self, name: str) -> None:
        """Let the round of that name have ended already."""
        await self.upkeep.keep_round(name, replace(await self.upkeep.round(name), is_over=True))
