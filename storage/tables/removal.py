"""Removing rows: a stretch of a partition, some at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.tables.fences import Fence
from storage.tables.limits import OPERATIONS_PER_TRANSACTION, following_key
from storage.tables.operations import deleted
from storage.tables.table import ConflictError, LedgerTable


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did.

    Attributes:
        rows: How many rows it deleted.
        is_complete: Whether none is left.
    """

    rows: int
    is_complete: bool


async def remove_rows(  # noqa: PLR0913 - a stretch, a bound, and what guards it
    table: LedgerTable,
    tenant_id: str,
    first: str,
    end: str,
    pages_max: int,
    *,
    fence: Fence | None = None,
    kept: str | None = None,
) -> Removed:
    """Delete the rows with first <= RowKey < end but the one that is kept, up to so many pages of a transaction each.

    Without a fence another run may delete the same rows at the same time. So that is for rows whose keys never come
    again, or that would be deleted at any time.

    Raises:
        ConflictError: The fence was written by somebody else, or a row is gone; only with a fence.
        LedgerUnavailableError: The storage did not answer.
    """
    removed = 0
    for _ in range(pages_max):
        page, rest = await table.page(tenant_id, first, end, rows=OPERATIONS_PER_TRANSACTION - 1)
        keys: Sequence[str] = [stored.row["RowKey"] for stored in page if stored.row["RowKey"] != kept]
        operations = [deleted(tenant_id, key) for key in keys]
        try:
            if operations:
                await (fence.commit(operations) if fence else table.commit(operations))
                removed += len(operations)
        except ConflictError:
            if fence:
                raise
            continue
        if not rest:
            return Removed(removed, is_complete=True)
        if page:
            # A page may have nothing but the row that is kept.
            first = following_key(page[-1].row["RowKey"])
    return Removed(removed, is_complete=False)
