"""Removing posts and their answers: they name people, and are needed for seconds."""

from typing import Final

from storage.post_rows import INBOX, OUTBOX
from storage.removal import remove_rows
from storage.rows import END_KEY, FIRST_KEY
from storage.table import LedgerTable

PAGES_MAX: Final = 1_000


async def forget_posts(table: LedgerTable, tenant_id: str) -> None:
    """Delete everything that processes posted for a tenant, and were answered. They post again what is not decided yet.

    Raises:
        LedgerUnavailableError: The storage did not answer.
    """
    for kind in (INBOX, OUTBOX):
        await remove_rows(table, kind + tenant_id, FIRST_KEY, END_KEY, PAGES_MAX)
