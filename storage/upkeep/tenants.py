"""Which tenants there are, in the order of their ids.

Table Storage tells which partition is the next one behind a name, and nothing faster: one call for each tenant. So the
ids, which begin with hexadecimal digits evenly spread, are put into ranges, and several ranges are walked through side
by side, ahead of the one whose tenants are asked for.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Final

from storage.tables.table import TENANTS_END, LedgerTable

RANGES: Final = 64
"""As many calls find out that there is no tenant at all; 50,000 tenants are some 780 in each."""

RANGES_AT_ONCE: Final = 8
"""Ranges that are walked through side by side: with 8 ms a call, 1,000 tenants a second."""

_BORDERS: Final = ("", *(f"{first:02x}" for first in range(256 // RANGES, 256, 256 // RANGES)), TENANTS_END)


async def tenants_after(table: LedgerTable, after: str) -> AsyncIterator[str]:
    """Every tenant behind that id, in order; the empty id begins.

    Who leaves before the end closes it, as with any iterator.

    Raises:
        LedgerUnavailableError: The storage did not answer.
    """
    ranges = deque((max(start, after), end) for start, end in pairwise(_BORDERS) if after < end)
    walks: deque[_Walk] = deque()
    try:
        while ranges or walks:
            while ranges and len(walks) < RANGES_AT_ONCE:
                walks.append(_Walk(table, *ranges.popleft()))
            while (tenant_id := await walks[0].next()) is not None:
                yield tenant_id
            walks.popleft()
    finally:
        for walk in walks:
            walk.stop()


class _Walk:
    """Walks through a range, also while nobody asks for what it finds."""

    def __init__(self, table: LedgerTable, after: str, end: str) -> None:
        self._table = table
        self._found: asyncio.Queue[str | None] = asyncio.Queue()
        self._walking = asyncio.create_task(self._walk(after, end))

    async def next(self) -> str | None:
        """The next tenant that it has found, or finds; None behind the last."""
        tenant_id = await self._found.get()
        if tenant_id is None:
            await self._walking
        return tenant_id

    def stop(self) -> None:
        self._walking.cancel()
        # Whoever stops it does not ask what it met with.
        self._walking.add_done_callback(lambda walking: walking.cancelled() or walking.exception())

    async def _walk(self, after: str, end: str) -> None:
        try:
            tenant_id = await self._table.next_partition(after, end)
            while tenant_id is not None:
                self._found.put_nowait(tenant_id)
                tenant_id = await self._table.next_partition(tenant_id, end)
        finally:
            self._found.put_nowait(None)
