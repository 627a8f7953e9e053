"""What a roll-up tells of the tenants that it has been to: how far behind reports are, and which seats are left."""

import logging
from collections.abc import Callable
from datetime import datetime
from heapq import nsmallest
from typing import Final

from domain.errors import LedgerError
from domain.upkeep import Figures
from functions.telemetry.instruments import ROLL_UP_LAG, SEATS_AVAILABLE, TENANTS_FAILED
from functions.telemetry.logs import tell

PRODUCTS_TOLD: Final = 1_000
"""Products whose seats are told, of all tenants: those with the fewest left. That the others are left out is logged."""

SEATS_KEPT: Final = 10 * PRODUCTS_TOLD
"""Products that are kept in mind before those with the fewest are picked out: a run may visit many tenants."""

OPERATION: Final = "daily_report_rollup"


class RollUpWatch:
    """Watches one run."""

    def __init__(self, figures: Figures, now: Callable[[], datetime]) -> None:
        self._figures = figures
        self._now = now
        self._lag_seconds = 0.0
        self._seats: list[tuple[int, str, str]] = []
        self._seats_seen = 0

    async def look(self, tenant_id: str, *, is_counted: bool) -> None:
        """Look at a tenant that the run has been to, and may have counted all of. What cannot be read is logged."""
        try:
            since = None if is_counted else await self._figures.uncounted_since(tenant_id)
            if since:
                self._lag_seconds = max(self._lag_seconds, (self._now() - since).total_seconds())
            seats = await self._figures.available_licenses(tenant_id)
        except LedgerError as error:
            tell(logging.WARNING, f"no figures: {error}", {"operation": OPERATION, "tenant_id": tenant_id})
        else:
            self._seats_seen += len(seats)
            self._seats += [(left, tenant_id, sku_id) for sku_id, left in seats.items()]
            if len(self._seats) > SEATS_KEPT:
                self._seats = nsmallest(PRODUCTS_TOLD, self._seats)

    def tell(self, failed: int) -> None:
        """Tell what was seen, and how many tenants the roll-up failed for."""
        ROLL_UP_LAG.set(self._lag_seconds)
        TENANTS_FAILED.add(failed)
        for left, tenant_id, sku_id in nsmallest(PRODUCTS_TOLD, self._seats):
            SEATS_AVAILABLE.set(left, {"tenant_id": tenant_id, "sku_id": sku_id})
        if self._seats_seen > PRODUCTS_TOLD:
            left_out = (
                f"seats of {self._seats_seen} products: only those of the {PRODUCTS_TOLD} with the fewest are told"
            )
            tell(logging.WARNING, left_out, {"operation": OPERATION})
