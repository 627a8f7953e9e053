"""Copying all rows of a tenant into another account's table, and removing them from one that it left.

The target is made equal to the source, whatever it holds: so a copy that was cut off goes on where it was, and a copy
that finds nothing to write has compared every row.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from storage.limits import OPERATIONS_PER_TRANSACTION, body_bytes
from storage.operations import Operation, StoredRow, Write, deleted, written_over
from storage.rows import END_KEY, FIRST_KEY, HEAD_KEY, Row
from storage.table import LedgerTable

ROWS_PER_COMMIT: Final = OPERATIONS_PER_TRANSACTION - 1
"""The tombstone comes on top."""

BYTES_PER_COMMIT: Final = 2 * 1024 * 1024
"""Half of what a transaction takes, so that one more row, of 1 MiB at most, always fits."""

PAGES: Final = 1_000_000

WriteRows = Callable[[Sequence[Operation]], Awaitable[object]]


class Fence:
    """A tombstone that this process wrote: writes beside it get through only until somebody else writes it."""

    def __init__(self, table: LedgerTable, row: Mapping[str, Any], etag: str) -> None:
        self._table = table
        self._row = row
        self._etag = etag

    @classmethod
    async def put(cls, table: LedgerTable, row: Mapping[str, Any], over: str | None) -> "Fence":
        """Put a tombstone in place of the head with that ETag, or where there is none.

        Raises:
            ConflictError: The head is in another version.
        """
        [etag] = await table.commit([written_over(row, over)])
        return cls(table, row, etag)

    async def commit(self, operations: Sequence[Operation] = ()) -> None:
        """Make all operations, in the tombstone's own table.

        Raises:
            ConflictError: None was made, because somebody else wrote the tombstone, or a row.
        """
        self._etag, *_ = await self._table.commit([Operation(Write.REPLACE, self._row, self._etag), *operations])

    async def commit_beside(self, table: LedgerTable, operations: Sequence[Operation]) -> None:
        """Make all operations, in another table, if the tombstone is still this process's just before.

        Raises:
            ConflictError: None was made.
        """
        await self.commit()
        await table.commit(operations)

    async def open(self, head: Mapping[str, Any] | None) -> None:
        """Put the head in the tombstone's place, or nothing.

        Raises:
            ConflictError: Somebody else wrote the tombstone.
        """
        write = Write.REPLACE if head else Write.DELETE
        await self._table.commit([Operation(write, head or self._row, self._etag)])


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did.

    Attributes:
        rows: Rows of the source.
        written: Rows of the target that were not equal to the source's.
    """

    rows: int
    written: int


async def copy_rows(source: LedgerTable, target: LedgerTable, tenant_id: str, write: WriteRows) -> Copied:
    """Make all rows of the target but the head equal to those of the source.

    Raises:
        ConflictError: Somebody else writes there.
        LedgerUnavailableError: An account did not answer.
    """
    rows = written = 0
    batch: list[Operation] = []
    size = 0
    async with aclosing(_pairs(source, target, tenant_id)) as pairs:
        async for wanted, found in pairs:
            rows += wanted is not None
            operation = _operation(wanted, found)
            if operation is None:
                continue
            batch.append(operation)
            size += body_bytes(operation.row)
            if len(batch) == ROWS_PER_COMMIT or size >= BYTES_PER_COMMIT:
                await write(batch)
                written += len(batch)
                batch, size = [], 0
    if batch:
        await write(batch)
    return Copied(rows, written + len(batch))


async def remove_all_rows(table: LedgerTable, tenant_id: str, write: WriteRows) -> int:
    """Delete all rows but the head; how many there were.

    Raises:
        ConflictError: Somebody else writes there.
        LedgerUnavailableError: The storage did not answer.
    """
    removed = 0
    for _ in range(PAGES):
        page, rest = await table.page(tenant_id, FIRST_KEY, END_KEY, rows=ROWS_PER_COMMIT)
        keys = [stored.row["RowKey"] for stored in page if stored.row["RowKey"] != HEAD_KEY]
        if keys:
            await write([deleted(tenant_id, key) for key in keys])
            removed += len(keys)
        if not rest:
            break
    return removed


def _operation(wanted: StoredRow | None, found: StoredRow | None) -> Operation | None:
    """What makes a row of the target equal to the source's; None if it is."""
    if wanted is None:
        return Operation(Write.DELETE, found.row, found.etag) if found else None
    if found and _content(found.row) == _content(wanted.row):
        return None
    return written_over(_content(wanted.row), found.etag if found else None)


def _content(row: Row) -> dict[str, Any]:
    """A row without what the storage adds."""
    return {name: value for name, value in row.items() if name != "Timestamp"}


async def _pairs(
    source: LedgerTable, target: LedgerTable, tenant_id: str
) -> AsyncGenerator[tuple[StoredRow | None, StoredRow | None]]:
    """The rows of both, by key; None where one of them has no row with the other's key."""
    async with aclosing(_rows(source, tenant_id)) as ours, aclosing(_rows(target, tenant_id)) as theirs:
        wanted, found = await anext(ours, None), await anext(theirs, None)
        while wanted or found:
            first = min(stored.row["RowKey"] for stored in (wanted, found) if stored)
            here = wanted if wanted and wanted.row["RowKey"] == first else None
            there = found if found and found.row["RowKey"] == first else None
            yield here, there
            wanted = await anext(ours, None) if here else wanted
            found = await anext(theirs, None) if there else found


async def _rows(table: LedgerTable, tenant_id: str) -> AsyncGenerator[StoredRow]:
    """All rows of a tenant but the head, by key."""
    continuation = None
    for _ in range(PAGES):
        page, continuation = await table.page(tenant_id, FIRST_KEY, END_KEY, continuation)
        for stored in page:
            if stored.row["RowKey"] != HEAD_KEY:
                yield stored
        if not continuation:
            return
