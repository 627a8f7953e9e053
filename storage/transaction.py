"""A commit whose outcome is known, also when the answer to it was lost."""

import asyncio
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.drafting import Draft
from storage.rows import journal_key
from storage.table import ConflictError, LedgerTable

SENDINGS: Final = 4
"""How often one transaction is sent while it is not known whether it was made."""

PAUSE_SECONDS: Final = 0.1


class UnknownEtagsError(Exception):
    """The commit was made, but the ETags of its rows are not known."""


async def commit_for_certain(table: LedgerTable, draft: Draft) -> list[str]:
    """Commit the draft, and give its rows' new ETags.

    A time-out, a 5xx or a broken connection says nothing about whether the commit was made. So the identical
    transaction is sent again: it succeeds if it was not made; if it conflicts, the journal row of its sequence
    number tells whether it was this commit or another that was made.

        send ──► answer lost ──► send again ──► made: it had not been
                                          └───► conflict ──► journal row has our id: it had been made
                                                       └───► has another's: it was overtaken

    Raises:
        ConflictError: It was not made.
        UnknownEtagsError: It was made.
        LedgerUnavailableError: It may or may not have been made, and the storage does not answer.
    """
    for sending in range(1, SENDINGS + 1):
        try:
            return await table.commit(draft.operations)
        except ConflictError as conflict:
            if sending == 1:
                raise
            await _raise_if_made(table, draft)
            raise conflict from None
        except LedgerUnavailableError:
            if sending == SENDINGS:
                raise
        await asyncio.sleep(PAUSE_SECONDS * sending)
    raise AssertionError("unreachable")


async def _raise_if_made(table: LedgerTable, draft: Draft) -> None:
    stored = await table.get(draft.state.tenant_id, journal_key(draft.state.head.sequence))
    if stored and stored.row.get("commitId") == draft.commit_id:
        raise UnknownEtagsError
