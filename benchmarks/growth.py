"""What must not grow: calls, rows and bytes of a claim with the tenant; and how much memory those take who wait."""

import asyncio
import gc
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.ceilings import FULL_ROWS, own_transactions
from benchmarks.engine import names
from benchmarks.stage import Process, open_tenant, process_on
from benchmarks.storms import storm
from storage.rows.posts import BELL_KEY
from storage.tables.limits import body_bytes
from storage.tables.operations import Operation, StoredRow
from storage.tables.table import LedgerTable


class CountingTable(LedgerTable):
    """Counts what is asked of it, but for looks at whether others post: they come by the clock, whoever claims."""

    calls = 0
    rows = 0
    bytes = 0

    async def get(self, partition: str, row_key: str, *, again_if_busy: bool = True) -> StoredRow | None:
        """See storage.tables.table.LedgerTable."""
        if row_key == BELL_KEY:
            return await super().get(partition, row_key, again_if_busy=again_if_busy)
        self.calls += 1
        stored = await super().get(partition, row_key, again_if_busy=again_if_busy)
        self._count([stored.row] if stored else [])
        return stored

    async def page(
        self,
        partition: str,
        first: str,
        end: str,
        continuation: Any = None,  # noqa: ANN401 - the SDK's own
        *,
        rows: int | None = None,
    ) -> tuple[list[StoredRow], Any]:
        """See storage.tables.table.LedgerTable."""
        self.calls += 1
        page, rest = await super().page(partition, first, end, continuation, rows=rows)
        self._count([stored.row for stored in page])
        return page, rest

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """See storage.tables.table.LedgerTable."""
        self.calls += 1
        self._count([operation.row for operation in operations])
        return await super().commit(operations)

    def _count(self, rows: Sequence[Any]) -> None:
        self.rows += len(rows)
        self.bytes += sum(body_bytes(row) for row in rows)


@dataclass(frozen=True, slots=True)
class PerClaim:
    """What one claim asks of the storage, in the mean."""

    calls: float
    rows: float
    bytes: float


async def per_claim(storage: str, *, products: int, users_before: int, users: int) -> PerClaim:
    """What claims cost that come one after the other, in a tenant with so many products and users."""
    async with process_on(storage, CountingTable) as process:
        table = process.table
        assert isinstance(table, CountingTable)  # noqa: S101 - it was made so
        tenant_id = await open_tenant(process, products=products)
        await own_transactions(process, users_before, FULL_ROWS, tenant_id)
        sign_in = partial(process.sign_in, tenant_id)
        await storm(sign_in, names(20), 1)
        before = table.calls, table.rows, table.bytes
        await storm(sign_in, [f"new-{number}" for number in range(users)], 1)
        calls, rows, size = (
            (now - then) / users for now, then in zip((table.calls, table.rows, table.bytes), before, strict=True)
        )
        return PerClaim(calls, rows, size)


class GatedTable(LedgerTable):
    """Commits nothing until it is let."""

    gate: asyncio.Event | None = None

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """See storage.tables.table.LedgerTable."""
        if self.gate:
            await self.gate.wait()
        return await super().commit(operations)


async def bytes_per_waiting(process: Process, waiting: int) -> float:
    """How much memory each of so many sign-ins takes that wait behind a commit; their callers' tasks included."""
    table = process.table
    assert isinstance(table, GatedTable)  # noqa: S101 - it was made so
    tenant_id = await open_tenant(process)
    await storm(partial(process.sign_in, tenant_id), names(20), 1)
    table.gate = asyncio.Event()
    first = asyncio.create_task(process.sign_in(tenant_id, "first"))
    await asyncio.sleep(0.1)
    gc.collect()
    tracemalloc.start()
    tasks = [asyncio.create_task(process.sign_in(tenant_id, f"waiting-{number}")) for number in range(waiting)]
    await asyncio.sleep(0.5)
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    table.gate.set()
    await asyncio.gather(first, *tasks)
    return taken / waiting
