"""What keeps the tables in order besides requests: see domain.upkeep.Upkeep."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

from domain.errors import LedgerUnavailableError
from storage.clock import StorageClock
from storage.deletion import delete_tenant
from storage.erasure import erase_names
from storage.report_rows import GENERATION_KEY, counts_end, counts_start, generation_row, watermark_key
from storage.retention import Pruner, remove_rows
from storage.rollup import RollUp
from storage.table import LedgerTable, deleted, written_over

REBUILD_STEPS: Final = 1_000_000
REMOVAL_PAGES: Final = 1_000_000


class TableUpkeep:
    """See domain.upkeep.Upkeep."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable, clock: StorageClock) -> None:
        self._ledger = ledger
        self._reports = reports
        self._clock = clock
        self._roll_up = RollUp(ledger, reports)
        self._pruner = Pruner(ledger, reports)

    async def tenants(self) -> AsyncIterator[str]:
        """See domain.upkeep.Upkeep. Begins anywhere, so that a run that is cut short leaves out others each time."""
        start = str(uuid4())
        for first, end in ((start, None), ("", start)):
            tenant_id = await self._ledger.next_partition(first)
            while tenant_id is not None and (end is None or tenant_id <= end):
                yield tenant_id
                tenant_id = await self._ledger.next_partition(tenant_id)

    async def roll_up(self, tenant_id: str, most_steps: int) -> bool:
        """See domain.upkeep.Upkeep."""
        generation = await self._roll_up.generation(tenant_id)
        return await self._roll_up.catch_up(tenant_id, generation, most_steps)

    async def prune(self, tenant_id: str, days: int) -> bool:
        """See domain.upkeep.Upkeep."""
        return await self._pruner.step(tenant_id, self._clock.earliest(), days)

    async def rebuild(self, tenant_id: str) -> None:
        """See domain.upkeep.Upkeep.

        The new generation is made beside the old one, then the pointer moves under its ETag, then the old rows go.
        """
        stored = await self._reports.get(tenant_id, GENERATION_KEY)
        old = await self._roll_up.generation(tenant_id)
        new = old + 1
        if not await self._roll_up.catch_up(tenant_id, new, REBUILD_STEPS):
            raise LedgerUnavailableError(f"the journal of tenant {tenant_id} grows faster than it is counted")
        pointer = written_over(generation_row(tenant_id, new), stored.etag if stored else None)
        await self._reports.commit([pointer])
        for generation in range(1, new):
            await remove_rows(self._reports, tenant_id, counts_start(generation), counts_end(generation), REMOVAL_PAGES)
            if await self._reports.get(tenant_id, watermark_key(generation)):
                await self._reports.commit([deleted(tenant_id, watermark_key(generation))])

    async def erase_names(self, tenant_id: str, user_id: str) -> int:
        """See domain.upkeep.Upkeep."""
        return await erase_names(self._ledger, tenant_id, user_id)

    async def delete_tenant(self, tenant_id: str) -> None:
        """See domain.upkeep.Upkeep."""
        await delete_tenant(self._ledger, self._reports, tenant_id)
