"""Figures of one tenant for whoever watches the app: see domain.upkeep.Figures.

Read beside the ledger, not through it: a look at every tenant would drive the busy ones out of its memory.
"""

from collections.abc import Mapping
from datetime import datetime

from storage.engine.standing import StandingReader
from storage.reports.rollup import RollUp
from storage.rows.journal import JournalGapError, JournalReader
from storage.tables.table import LedgerTable


class TableFigures:
    """See domain.upkeep.Figures."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable) -> None:
        self._ledger = ledger
        self._journal = JournalReader(ledger)
        self._roll_up = RollUp(ledger, reports)

    async def uncounted_since(self, tenant_id: str) -> datetime | None:
        """See domain.upkeep.Figures."""
        try:
            return await self._first_uncounted(tenant_id)
        except JournalGapError:
            # The tenant's next life may have begun in between.
            return await self._first_uncounted(tenant_id)

    async def _first_uncounted(self, tenant_id: str) -> datetime | None:
        generation = await self._roll_up.generation(tenant_id)
        watermark, _ = await self._roll_up.watermark(tenant_id, generation.number)
        first = await self._journal.after(tenant_id, watermark.sequence, 1)
        return first[0].at if first else None

    async def available_licenses(self, tenant_id: str) -> Mapping[str, int]:
        """See domain.upkeep.Figures."""
        state = (await StandingReader(tenant_id, self._ledger).fresh()).state
        return {sku_id: state.available_licenses(sku_id) for sku_id in state.configuration.products}
