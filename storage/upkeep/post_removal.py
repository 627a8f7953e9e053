"""Removing posts and their answers: they name people, and are needed for seconds.

What a tenant's processes posted goes with the tenant, when it is deleted or has moved, and when a person's names are
erased. All other rows go a day after they were written.
"""

import asyncio
from datetime import datetime
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.rows.content import END_KEY, FIRST_KEY
from storage.rows.posts import INBOX, OUTBOX, PARTS_MAX, inbox_of, is_older
from storage.tables.limits import OPERATIONS_PER_TRANSACTION
from storage.tables.operations import Operation, StoredRow, Write
from storage.tables.removal import remove_rows
from storage.tables.table import ConflictError, LedgerTable

PAGES_MAX: Final = 1_000

KINDS: Final = ((INBOX, INBOX.replace(":", ";")), (OUTBOX, OUTBOX.replace(":", ";")))
"""Where the partitions of each kind begin and end: `;` follows `:`."""


async def forget_posts(table: LedgerTable, tenant_id: str) -> None:
    """Delete everything that processes posted for a tenant, and were answered. They post again what is not decided yet.

    Raises:
        LedgerUnavailableError: The storage did not answer.
    """
    for partition in (*(inbox_of(tenant_id, part) for part in range(PARTS_MAX)), OUTBOX + tenant_id):
        await remove_rows(table, partition, FIRST_KEY, END_KEY, PAGES_MAX)


async def next_post_partition(table: LedgerTable, after: str) -> str | None:
    """The first partition of posts or answers behind that name, in any account; None behind the last.

    Raises:
        LedgerUnavailableError: The storage did not answer.
    """
    for start, end in KINDS:
        if after < end:
            behind = max(after, start)
            found = await asyncio.gather(*(each.next_partition(behind, end) for each in table.accounts()))
            nearest = min((partition for partition in found if partition is not None), default=None)
            if nearest is not None:
                return nearest
    return None


async def remove_posts_before(table: LedgerTable, partition: str, moment: datetime) -> None:
    """Delete the rows of a partition of posts or answers that were written before that moment, in every account.

    Raises:
        LedgerUnavailableError: The storage did not answer.
    """
    for each in table.accounts():
        await _remove_before(each, partition, moment)


async def _remove_before(table: LedgerTable, partition: str, moment: datetime) -> None:
    continuation = None
    for _ in range(PAGES_MAX):
        page, continuation = await table.page(partition, FIRST_KEY, END_KEY, continuation)
        old = [stored for stored in page if is_older(stored.row, moment)]
        for start in range(0, len(old), OPERATIONS_PER_TRANSACTION):
            await _remove(table, old[start : start + OPERATIONS_PER_TRANSACTION])
        if not continuation:
            return
    raise LedgerUnavailableError(f"partition {partition} has over {PAGES_MAX} pages of rows")


async def _remove(table: LedgerTable, rows: list[StoredRow]) -> None:
    """Delete rows, but those that were written again meanwhile."""
    operations = [
        Operation(Write.DELETE, {key: stored.row[key] for key in ("PartitionKey", "RowKey")}, stored.etag)
        for stored in rows
    ]
    try:
        await table.commit(operations)
    except ConflictError:
        for operation in operations:
            await _remove_one(table, operation)


async def _remove_one(table: LedgerTable, operation: Operation) -> None:
    try:
        await table.commit([operation])
    except ConflictError:
        return  # it was written again, or is gone
