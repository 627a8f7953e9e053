"""Copying all rows of a tenant into another account's table.

The target is made equal to the source, whatever it holds: so a copy that was cut off goes on where it was, and a copy
that finds nothing to write has compared every row.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.rows.content import END_KEY, FIRST_KEY
from storage.tables.fences import Fence
from storage.tables.limits import OPERATIONS_PER_TRANSACTION, body_bytes
from storage.tables.operations import Operation, StoredRow, Write, without_timestamp, written_over
from storage.tables.table import LedgerTable

ROWS_PER_COMMIT: Final = OPERATIONS_PER_TRANSACTION - 1
"""The fence comes on top."""

BYTES_PER_COMMIT: Final = 2 * 1024 * 1024
"""Half of what a transaction takes, so that one more row, of 1 MiB at most, always fits."""

PAGES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did.

    Attributes:
        rows: Rows of the source.
        written: Rows of the target that were not equal to the source's.
    """

    rows: int
    written: int


async def copy_rows(source: LedgerTable, target: LedgerTable, tenant_id: str, fence: Fence, kept: str) -> Copied:
    """Make all rows of the target equal to those of the source, but the row that is kept: the fence's.

    Raises:
        ConflictError: Somebody else writes there.
        LedgerUnavailableError: An account did not answer.
    """
    rows = written = 0
    batch: list[Operation] = []
    size = 0
    async with aclosing(_pairs(source, target, tenant_id, kept)) as pairs:
        async for wanted, found in pairs:
            rows += wanted is not None
            operation = _operation(wanted, found)
            if operation is None:
                continue
            batch.append(operation)
            size += body_bytes(operation.row)
            if len(batch) == ROWS_PER_COMMIT or size >= BYTES_PER_COMMIT:
                await fence.commit(batch)
                written += len(batch)
                batch, size = [], 0
    if batch:
        await fence.commit(batch)
    return Copied(rows, written + len(batch))


def _operation(wanted: StoredRow | None, found: StoredRow | None) -> Operation | None:
    """What makes a row of the target equal to the source's; None if it is."""
    if wanted is None:
        return Operation(Write.DELETE, found.row, found.etag) if found else None
    if found and without_timestamp(found.row) == without_timestamp(wanted.row):
        return None
    return written_over(without_timestamp(wanted.row), found.etag if found else None)


async def _pairs(
    source: LedgerTable, target: LedgerTable, tenant_id: str, kept: str
) -> AsyncGenerator[tuple[StoredRow | None, StoredRow | None]]:
    """The rows of both, by key; None where one of them has no row with the other's key."""
    async with aclosing(_rows(source, tenant_id, kept)) as ours, aclosing(_rows(target, tenant_id, kept)) as theirs:
        wanted, found = await anext(ours, None), await anext(theirs, None)
        while wanted or found:
            first = min(stored.row["RowKey"] for stored in (wanted, found) if stored)
            here = wanted if wanted and wanted.row["RowKey"] == first else None
            there = found if found and found.row["RowKey"] == first else None
            yield here, there
            wanted = await anext(ours, None) if here else wanted
            found = await anext(theirs, None) if there else found


async def _rows(table: LedgerTable, tenant_id: str, kept: str) -> AsyncGenerator[StoredRow]:
    """All rows of a tenant but one, by key."""
    continuation = None
    for _ in range(PAGES):
        page, continuation = await table.page(tenant_id, FIRST_KEY, END_KEY, continuation)
        for stored in page:
            if stored.row["RowKey"] != kept:
                yield stored
        if not continuation:
            return
    raise LedgerUnavailableError(f"tenant {tenant_id} has over {PAGES} pages of rows")
