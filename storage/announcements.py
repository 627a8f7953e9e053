"""Processes that wait for their first turn at a tenant.

One row for each tenant, in a partition of its own: a process that is not in the order of turns writes itself into it,
and the next one to commit takes it out and puts it into the order. All of this is advice: what is lost or comes late
costs time, and nothing rests on it.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.operations import Operation, StoredRow, Write, written_over
from storage.rows import TURNS_PARTITION, Row
from storage.table import ConflictError, LedgerTable
from storage.turns import MISSED

LOOK_COMMITS: Final = 5
"""When so many commits of a process came without a pause, it looks for those who wait, and again after as many."""

PAUSE_SECONDS: Final = 0.1
"""In a longer pause between commits a newcomer finds a gap by itself."""

ANNOUNCED: Final = 32
"""Processes that may wait in the row; who comes later announces itself later."""


class Announcements:
    """Those who announced themselves for one tenant."""

    def __init__(self, tenant_id: str, table: LedgerTable) -> None:
        self._tenant_id = tenant_id
        self._table = table
        self._commits = 0
        self._looking: asyncio.Task[None] | None = None
        self._found: tuple[str, ...] = ()

    async def announce(self, process_id: str) -> None:
        """Write a process into the row, unless that fails, or another one does at the same moment."""
        with suppress(LedgerUnavailableError):
            stored = await self._stored()
            waiting = _processes_of(stored)
            if process_id not in waiting and len(waiting) < ANNOUNCED:
                await self._write((*waiting, process_id), stored)

    def found(self, paused: float) -> tuple[str, ...]:
        """Those who were in the row. To be asked at each commit in the order: looks from time to time, beside it.

        Args:
            paused: For how many seconds nothing was committed to the tenant.
        """
        self._commits = 0 if paused > PAUSE_SECONDS else self._commits + 1
        if self._commits >= LOOK_COMMITS and (self._looking is None or self._looking.done()):
            self._commits = 0
            self._looking = asyncio.create_task(self._take())
        return self._found

    def taken_in(self, order: Sequence[str]) -> None:
        """Forget those who are in the order now."""
        listed = {each.removesuffix(MISSED) for each in order}
        self._found = tuple(each for each in self._found if each not in listed)

    async def _take(self) -> None:
        # Whatever goes wrong here, the next commit meets it too, and has callers who are told.
        with suppress(Exception):
            stored = await self._stored()
            waiting = _processes_of(stored)
            if waiting and await self._write((), stored):
                self._found = waiting

    async def _stored(self) -> StoredRow | None:
        return await self._table.get(TURNS_PARTITION, self._tenant_id)

    async def _write(self, waiting: tuple[str, ...], stored: StoredRow | None) -> bool:
        row: Row = {"PartitionKey": TURNS_PARTITION, "RowKey": self._tenant_id, "waiting": " ".join(waiting)}
        try:
            await self._table.commit([written_over(row, stored.etag if stored else None)])
        except ConflictError:
            return False
        return True


async def forget_announcements(table: LedgerTable, tenant_id: str) -> None:
    """Delete a tenant's row, if there is one."""
    stored = await table.get(TURNS_PARTITION, tenant_id)
    if stored:
        with suppress(ConflictError):
            await table.commit([Operation(Write.DELETE, stored.row, stored.etag)])


def _processes_of(stored: StoredRow | None) -> tuple[str, ...]:
    """The processes in a row. It is advice: one that cannot be read is none."""
    return tuple(str(stored.row.get("waiting", "")).split()) if stored else ()
