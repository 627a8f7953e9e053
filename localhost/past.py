"""A tenant's past, written by the app's own ledger on a clock that is set by hand: nothing is written past the rules.

A commit is never earlier than the one before it in its tenant. So a past can only be written forwards, and only before
anything of today is.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.ledger import Ledger
from domain.records import Records
from domain.upkeep import Upkeep
from functions.composition import TABLES, connect
from storage.engine.ledger import TableLedger
from storage.reports.records import TableRecords
from storage.tables.clock import StorageClock
from storage.tables.table import LedgerTable
from storage.upkeep.upkeep import TableUpkeep


@dataclass(slots=True)
class HandClock:
    """Tells the time that was set last; to begin with, when it was made."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """The time."""
        return self.at


@dataclass(frozen=True, slots=True)
class Past:
    """What writes and reads the past.

    Attributes:
        clock: Set it before each change.
        ledger: Takes changes at the clock's time.
        records: Reads what was written.
        upkeep: Counts claims into reports.
    """

    clock: HandClock
    ledger: Ledger
    records: Records
    upkeep: Upkeep


@asynccontextmanager
async def past_on(connection_string: str) -> AsyncIterator[Past]:
    """The past of the tenants in a storage whose tables exist. For the running event loop and this block only."""
    opened = [connect(name, _unheeded, connection_string=connection_string) for name in TABLES]
    table, reports = (LedgerTable(client, wire) for client, wire in opened)
    hand = HandClock()
    clock = StorageClock(hand)
    ledger = TableLedger(table, clock)
    try:
        yield Past(hand, ledger, TableRecords(ledger, table, reports), TableUpkeep(table, reports, clock))
    finally:
        for client, _ in opened:
            await client.close()


def _unheeded(_date: str | None) -> None:
    """The storage's clock does not correct one that is set by hand."""
