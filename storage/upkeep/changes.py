"""Notes of tenants that changed, so that a roll-up need not visit all of them to find those that did.

A note is a row outside the tenant's partition, and has nothing but the tenant's id. A process writes it after a commit,
in the background: nobody waits for it, and nobody is told if it fails. So that it is written seldom, a process that has
written one waits before it writes the next, and then does so only if it has committed since:

    commits    x xx x xxx  xx              x
    notes       n            n              n
                └─ AGAIN ────┘└─ AGAIN ─┘

So behind the last commit there is always a note yet to come, or one that is younger than that commit. A roll-up takes a
note away under the ETag that it read before it looked at the tenant, and only if it has counted everything: what was
committed since has written another version, or will. A process that is killed leaves no note; a round of all tenants
finds what it did (functions.timers.rounds).
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import Context
from typing import Any, Final

from domain.upkeep import Change
from storage.rows.content import CHANGED_PARTITION, END_KEY, FIRST_KEY, is_tenants
from storage.tables.operations import Operation, StoredRow, Write, deleted
from storage.tables.table import TENANTS_END, ConflictError, LedgerTable

AGAIN_SECONDS: Final = 600.0
"""After so long a process notes a tenant again that it has committed to since: six times within the hour of a run."""

PAGES_MAX: Final = 10_000
"""Pages of notes: ten million of them, if pages are full. More are left for another run."""


class ChangeNotes:
    """Notes what one process commits to. One for each event loop."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table
        self._again: dict[str, bool] = {}
        """Tenants noted a short while ago, and whether they must be noted again."""
        self._writing: set[asyncio.Task[None]] = set()

    def note(self, tenant_id: str) -> None:
        """Note a tenant soon. Never fails, and costs nothing if it was noted a short while ago."""
        if tenant_id in self._again:
            self._again[tenant_id] = True
            return
        self._again[tenant_id] = False
        # In no context: it belongs to no request, whose span would be kept for as long.
        task = asyncio.get_running_loop().create_task(self._write(tenant_id), context=Context())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, tenant_id: str) -> None:
        try:
            await note_change(self._table, tenant_id)
        except Exception:  # noqa: BLE001 - whatever it is, the next commit meets it too, and has callers who are told
            self._again[tenant_id] = True
        asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._end_pause, tenant_id)

    def _end_pause(self, tenant_id: str) -> None:
        if self._again.pop(tenant_id):
            self.note(tenant_id)


class NotedTable(LedgerTable):
    """A table whose commits to tenants are noted: all that the ledger needs to know of notes."""

    def __init__(self, table: LedgerTable, note: Callable[[str], None]) -> None:
        """Takes a table that is there already, so it has no client of its own."""
        self._table = table
        self._note = note

    async def get(self, partition: str, row_key: str, *, again_if_busy: bool = True) -> StoredRow | None:
        """See LedgerTable.get."""
        return await self._table.get(partition, row_key, again_if_busy=again_if_busy)

    async def page(
        self,
        partition: str,
        first: str,
        end: str,
        continuation: Any = None,  # noqa: ANN401 - the SDK's own
        *,
        rows: int | None = None,
    ) -> tuple[list[StoredRow], Any]:
        """See LedgerTable.page."""
        return await self._table.page(partition, first, end, continuation, rows=rows)

    async def next_partition(self, after: str, end: str = TENANTS_END) -> str | None:
        """See LedgerTable.next_partition."""
        return await self._table.next_partition(after, end)

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """See LedgerTable.commit. Notes the tenant also where it is not known whether the commit was made."""
        try:
            return await self._table.commit(operations)
        finally:
            partition = operations[0].row["PartitionKey"]
            if is_tenants(partition):
                self._note(partition)

    def accounts(self) -> Sequence[LedgerTable]:
        """See LedgerTable.accounts."""
        return self._table.accounts()

    async def check(self) -> None:
        """See LedgerTable.check."""
        await self._table.check()

    def unanswered(self) -> int:
        """See LedgerTable.unanswered."""
        return self._table.unanswered()


async def note_change(table: LedgerTable, tenant_id: str) -> None:
    """Write a tenant's note, or a new version of it.

    Raises:
        LedgerUnavailableError: It may or may not have been written.
    """
    await table.commit([Operation(Write.UPSERT, {"PartitionKey": CHANGED_PARTITION, "RowKey": tenant_id})])


async def changes(table: LedgerTable) -> list[Change]:
    """All notes, in the order of tenants' ids.

    Raises:
        LedgerUnavailableError: The storage did not answer.
    """
    found: list[Change] = []
    continuation = None
    for _ in range(PAGES_MAX):
        rows, continuation = await table.page(CHANGED_PARTITION, FIRST_KEY, END_KEY, continuation)
        found += [Change(str(stored.row["RowKey"]), stored.etag) for stored in rows if is_tenants(stored.row["RowKey"])]
        if not continuation:
            break
    return found


async def forget_change(table: LedgerTable, change: Change) -> None:
    """Take a note away, unless it was written again since it was read.

    Raises:
        LedgerUnavailableError: The storage did not answer.
    """
    row = {"PartitionKey": CHANGED_PARTITION, "RowKey": change.tenant_id}
    with suppress(ConflictError):
        await table.commit([Operation(Write.DELETE, row, change.version)])


async def forget_changes_of(table: LedgerTable, tenant_id: str) -> None:
    """Take a tenant's note away, whatever its version.

    Raises:
        LedgerUnavailableError: The storage did not answer.
    """
    with suppress(ConflictError):
        await table.commit([deleted(CHANGED_PARTITION, tenant_id)])
