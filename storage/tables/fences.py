"""Fences: rows that guard what one run writes beside them, until another run writes them.

A run can be stopped anywhere and go on much later: after another run has done all of its work, even after the tenant
was deleted and has begun again. What it writes then must not get through. So each of its transactions also writes
the fence again, under the ETag that the run knows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.tables.operations import Operation, StoredRow, Write, without_timestamp, written_over
from storage.tables.table import LedgerTable


class Fence:
    """A row in a version that this run knows."""

    def __init__(self, table: LedgerTable, row: Mapping[str, Any], etag: str) -> None:
        self._table = table
        self._row = row
        self._etag = etag

    @classmethod
    async def put(cls, table: LedgerTable, row: Mapping[str, Any], over: str | None) -> "Fence":
        """Write a fence in place of the row with that ETag, or where there is none.

        Raises:
            ConflictError: The row is in another version.
        """
        [etag] = await table.commit([written_over(row, over)])
        return cls(table, row, etag)

    @classmethod
    def of(cls, table: LedgerTable, stored: StoredRow) -> "Fence":
        """A row as it was read, for a fence."""
        return cls(table, without_timestamp(stored.row), stored.etag)

    async def is_standing(self) -> bool:
        """Whether nobody else has written the fence, by a read that begins after this call."""
        stored = await self._table.get(self._row["PartitionKey"], self._row["RowKey"])
        return stored is not None and stored.etag == self._etag

    async def commit(self, operations: Sequence[Operation] = ()) -> None:
        """Make all operations, in the fence's own table and partition.

        Raises:
            ConflictError: None was made, because somebody else wrote the fence, or a row.
        """
        self._etag, *_ = await self._table.commit([Operation(Write.REPLACE, self._row, self._etag), *operations])

    async def open(self, row: Mapping[str, Any] | None) -> None:
        """Put a row in the fence's place, or nothing.

        Raises:
            ConflictError: Somebody else wrote the fence.
        """
        operation = Operation(Write.REPLACE, row, self._etag) if row else Operation(Write.DELETE, self._row, self._etag)
        await self._table.commit([operation])
