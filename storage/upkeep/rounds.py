"""How far a round of all tenants came: a row of its own for each kind, beside the tenants.

A round begins on a day, UTC, on which none has begun, once the one before is over. It may take many runs, and days. The
row is written over by whoever visited tenants: each says what it has done itself, so of two the later one is as true.
"""

from domain.times import format_time, parse_time
from domain.upkeep import Round
from storage.rows.content import ROUNDS_PARTITION, UNREADABLE, Row, exactly
from storage.tables.clock import StorageClock
from storage.tables.operations import Operation, Write
from storage.tables.table import LedgerTable


class Rounds:
    """Rounds of all kinds."""

    def __init__(self, table: LedgerTable, clock: StorageClock) -> None:
        self._table = table
        self._clock = clock

    async def get(self, name: str, *, anew: bool) -> Round:
        """See domain.upkeep.Tenants.round. A row that cannot be read is none: what it says is advice."""
        stored = await self._table.get(ROUNDS_PARTITION, name)
        # After an answer of the storage, whose date corrects the clock.
        now = self._clock.now()
        known = _round_of(stored.row) if stored and not anew else None
        if known is None or (known.is_over and known.began.date() != now.date()):
            return Round(now)
        return known

    async def keep(self, name: str, reached: Round) -> None:
        """See domain.upkeep.Tenants.keep_round."""
        row = {
            "PartitionKey": ROUNDS_PARTITION,
            "RowKey": name,
            "began": format_time(reached.began),
            "after": reached.after,
            "isOver": reached.is_over,
        }
        await self._table.commit([Operation(Write.UPSERT, row)])


def _round_of(row: Row) -> Round | None:
    try:
        return Round(parse_time(row["began"]), exactly(str, row["after"]), exactly(bool, row["isOver"]))
    except UNREADABLE:
        return None
