"""A commit whose outcome is known, also when the answer to it was lost."""

import asyncio
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.commit import Commit
from storage.instruments import COMMIT_USERS, CONFLICTS, RESENDS, committing
from storage.rows import journal_key
from storage.table import ConflictError, LedgerTable

SENDINGS: Final = 4
"""How often one transaction is sent while it is not known whether it was made."""

PAUSE_SECONDS: Final = 0.1


class UnknownEtagsError(Exception):
    """The commit was made, but the ETags of its rows are not known."""


async def commit_for_certain(table: LedgerTable, commit: Commit) -> list[str]:
    """Make the commit, and give its rows' new ETags.

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
    with committing(len(commit.users)):
        try:
            etags = await _send(table, commit)
        except ConflictError:
            CONFLICTS.add(1)
            raise
        except UnknownEtagsError:
            COMMIT_USERS.record(len(commit.users))
            raise
        COMMIT_USERS.record(len(commit.users))
        return etags


async def _send(table: LedgerTable, commit: Commit) -> list[str]:
    for sending in range(1, SENDINGS + 1):
        try:
            return await table.commit(commit.operations)
        except ConflictError as conflict:
            if sending == 1:
                raise
            await _raise_if_made(table, commit)
            raise conflict from None
        except LedgerUnavailableError:
            if sending == SENDINGS:
                raise
        await asyncio.sleep(PAUSE_SECONDS * sending)
        RESENDS.add(1)
    raise AssertionError("unreachable")


async def _raise_if_made(table: LedgerTable, commit: Commit) -> None:
    stored = await table.get(commit.state.tenant_id, journal_key(commit.state.head.sequence))
    if stored and stored.row.get("commitId") == commit.id:
        raise UnknownEtagsError
