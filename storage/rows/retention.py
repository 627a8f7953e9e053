"""The row that says how far a tenant's journal was removed, and keeps the head as it was then."""

from dataclasses import dataclass
from typing import Any

from domain.tenant import Head
from storage.rows.content import RETENTION_KEY, UNREADABLE, Row, content_of, content_row, damaged
from storage.rows.state import head_content, head_of_content
from storage.tables.table import LedgerTable


@dataclass(frozen=True, slots=True)
class Retention:
    """What was removed of a tenant's journal.

    Attributes:
        pruned_through: The last commit that is removed, or about to be; 0 if none was.
        checkpoint: The head at a time when the journal still reached back to before it; None if none was removed.
        etag: The row's ETag, None if there is no row.
    """

    pruned_through: int = 0
    checkpoint: Head | None = None
    etag: str | None = None


def retention_row(tenant_id: str, pruned_through: int, checkpoint: Head) -> dict[str, Any]:
    """The row."""
    content = {"prunedThrough": pruned_through, "checkpoint": head_content(checkpoint)}
    return content_row(tenant_id, RETENTION_KEY, content)


async def read_retention(table: LedgerTable, tenant_id: str) -> Retention:
    """What was removed of a tenant's journal.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    stored = await table.get(tenant_id, RETENTION_KEY)
    return _retention_of(stored.row, stored.etag) if stored else Retention()


def _retention_of(row: Row, etag: str) -> Retention:
    try:
        content = content_of(row)
        return Retention(int(content["prunedThrough"]), head_of_content(content["checkpoint"]), etag)
    except UNREADABLE as error:
        raise damaged(row, error) from error
