"""What keeps the tables in order besides requests: see domain.upkeep.Upkeep."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from domain.errors import LedgerUnavailableError
from domain.upkeep import Change, Round
from storage.reports.rollup import RollUp
from storage.rows.reports import (
    GENERATION_KEY,
    counts_start,
    generation_of,
    generation_row,
    is_closed_generation,
    watermark_key,
)
from storage.rows.tombstones import refuse_closed_tenant
from storage.tables.clock import StorageClock
from storage.tables.fences import Fence
from storage.tables.operations import written_over
from storage.tables.removal import remove_rows
from storage.tables.table import ConflictError, LedgerTable
from storage.upkeep.changes import changes, forget_change, note_change
from storage.upkeep.deletion import delete_tenant
from storage.upkeep.erasure import erase_names
from storage.upkeep.post_removal import forget_posts, next_post_partition, remove_posts_before
from storage.upkeep.retention import Pruner
from storage.upkeep.rounds import Rounds
from storage.upkeep.tenants import tenants_after

REBUILD_ATTEMPTS: Final = 100
"""How often the pointer is tried to be moved, while roll-ups go on."""

REBUILD_STEPS: Final = 1_000_000
REMOVAL_PAGES: Final = 1_000_000

POSTS_KEPT: Final = timedelta(days=1)
POSTS_ROUND: Final = "posts"
POSTS_ROUND_KEPT_EVERY: Final = 100
"""After so many partitions it is written down how far the round came."""


class TableUpkeep:
    """See domain.upkeep.Upkeep."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable, clock: StorageClock) -> None:
        self._ledger = ledger
        self._reports = reports
        self._clock = clock
        self._rounds = Rounds(ledger, clock)
        self._roll_up = RollUp(ledger, reports)
        self._pruner = Pruner(ledger, reports, clock)

    def tenants(self, after: str = "") -> AsyncIterator[str]:
        """See domain.upkeep.Tenants."""
        return tenants_after(self._ledger, after)

    async def changes(self) -> Sequence[Change]:
        """See domain.upkeep.Tenants."""
        return await changes(self._ledger)

    async def note_change(self, tenant_id: str) -> None:
        """See domain.upkeep.Tenants."""
        await note_change(self._ledger, tenant_id)

    async def forget_change(self, change: Change) -> None:
        """See domain.upkeep.Tenants."""
        await forget_change(self._ledger, change)

    async def round(self, name: str, *, anew: bool = False) -> Round:
        """See domain.upkeep.Tenants."""
        return await self._rounds.get(name, anew=anew)

    async def keep_round(self, name: str, reached: Round) -> None:
        """See domain.upkeep.Tenants."""
        await self._rounds.keep(name, reached)

    def unanswered(self) -> int:
        """See domain.upkeep.Tenants."""
        return self._ledger.unanswered() + self._reports.unanswered()

    async def roll_up(self, tenant_id: str, most_steps: int) -> bool:
        """See domain.upkeep.Upkeep."""
        await refuse_closed_tenant(self._ledger, tenant_id)
        return await self._roll_up.catch_up(tenant_id, most_steps)

    async def prune(self, tenant_id: str, days: int) -> bool:
        """See domain.upkeep.Upkeep."""
        await refuse_closed_tenant(self._ledger, tenant_id)
        return await self._pruner.step(tenant_id, days)

    async def rebuild(self, tenant_id: str) -> None:
        """See domain.upkeep.Upkeep.

        The new generation is made beside the old one, then the pointer moves under its ETag, then the old rows go.
        Of several at once one moves the pointer, and all may delete what is old.
        """
        await refuse_closed_tenant(self._ledger, tenant_id)
        old = (await self._roll_up.generation(tenant_id)).number
        for _ in range(REBUILD_ATTEMPTS):
            if not await self._roll_up.catch_up(tenant_id, REBUILD_STEPS, old + 1):
                break
            read = await self._roll_up.generation(tenant_id)
            if read.etag is None:
                return None  # nothing was ever counted
            if read.number > old:
                return await self._delete_generations(tenant_id, read.number)
            with suppress(ConflictError):
                pointer = written_over(generation_row(tenant_id, old + 1), read.etag)
                await self._reports.commit([pointer])
        raise LedgerUnavailableError(f"the journal of tenant {tenant_id} grows faster than it is counted")

    async def _delete_generations(self, tenant_id: str, read: int) -> None:
        """Delete what is left of generations before the one that is read, for as long as that one is."""
        old = ((counts_start(1), counts_start(read)), (watermark_key(1), watermark_key(read)))
        for _ in range(REBUILD_ATTEMPTS):
            stored = await self._reports.get(tenant_id, GENERATION_KEY)
            if stored is None or is_closed_generation(stored.row) or generation_of(stored.row) != read:
                return
            fence = Fence.of(self._reports, stored)
            with suppress(ConflictError):
                for first, end in old:
                    await remove_rows(self._reports, tenant_id, first, end, REMOVAL_PAGES, fence=fence)
                return
        raise LedgerUnavailableError(f"the reports of tenant {tenant_id} change faster than old rows can be deleted")

    async def erase_names(self, tenant_id: str, user_id: str) -> int:
        """See domain.upkeep.Upkeep."""
        await refuse_closed_tenant(self._ledger, tenant_id)
        rows = await erase_names(self._ledger, tenant_id, user_id)
        await forget_posts(self._ledger, tenant_id)
        # If the tenant was being moved, what was copied before may still have the names.
        await refuse_closed_tenant(self._ledger, tenant_id)
        return rows

    async def remove_old_posts(self) -> None:
        """See domain.upkeep.Upkeep."""
        at = await self._rounds.get(POSTS_ROUND, anew=False)
        old_before = self._clock.earliest() - POSTS_KEPT
        visited = 0
        while not at.is_over:
            partition = await next_post_partition(self._ledger, at.after)
            if partition is None:
                at = replace(at, is_over=True)
            else:
                await remove_posts_before(self._ledger, partition, old_before)
                at = replace(at, after=partition)
                visited += 1
            if at.is_over or visited % POSTS_ROUND_KEPT_EVERY == 0:
                await self._rounds.keep(POSTS_ROUND, at)

    async def delete_tenant(self, tenant_id: str) -> None:
        """See domain.upkeep.Upkeep."""
        await delete_tenant(self._ledger, self._reports, tenant_id)
