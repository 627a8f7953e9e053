"""A commit whose outcome is known, also when the answer to it was lost."""

import asyncio
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.engine.commit import Commit
from storage.engine.pace import TenantPace
from storage.instruments import COMMIT_USERS, CONFLICTS, RESENDS, committing
from storage.rows.content import HEAD_KEY, journal_key
from storage.rows.lives import is_opening
from storage.rows.state import head_of
from storage.rows.tombstones import why_closed
from storage.tables.table import ConflictError, LedgerTable, StorageBusyError

SENDINGS_MAX: Final = 4
"""How often one transaction is sent while it is not known whether it was made."""

PAUSE_SECONDS: Final = 0.1
BUSY_PAUSE_SECONDS: Final = 0.03
"""The storage said that it has too much to do: from now on it is asked for less (storage.engine.pace)."""


class UnknownEtagsError(Exception):
    """The commit was made, but the ETags of its rows are not known."""


async def commit_for_certain(table: LedgerTable, commit: Commit, pace: TenantPace) -> list[str]:
    """Make the commit, and give its rows' new ETags.

    A time-out, a 5xx or a broken connection says nothing about whether the commit was made. The journal row of its
    sequence number tells: it has this commit's id, or that of another which overtook it. If it is not there, the
    identical transaction is sent again; the first one may still arrive, and then that conflicts.

        send ──► answer lost ──► look ──► journal row has our id: it was made
                                  ├─────► has another's: it was overtaken
                                  └─────► is not there ──► send again ──► made
                                                                └───────► conflict ──► look

    Where the tenant was deleted meanwhile its journal went with it, and nobody can say.

    Raises:
        ConflictError: It was not made.
        UnknownEtagsError: It was made.
        LedgerUnavailableError: It may or may not have been made, and the storage does not answer.
    """
    with committing(len(commit.users)):
        try:
            etags = await _send(table, commit, pace)
        except ConflictError:
            CONFLICTS.add(1)
            raise
        except UnknownEtagsError:
            COMMIT_USERS.record(len(commit.users))
            raise
        COMMIT_USERS.record(len(commit.users))
        return etags


async def _send(table: LedgerTable, commit: Commit, pace: TenantPace) -> list[str]:
    problem: LedgerUnavailableError | None = None
    for sending in range(1, SENDINGS_MAX + 1):
        if sending > 1:
            RESENDS.add(1)
        try:
            await pace.commits.wait_for(len(commit.operations))
            return await table.commit(commit.operations)
        except ConflictError:
            if problem:
                await _look(table, commit)
                await _check_same_life(table, commit)
            raise
        except LedgerUnavailableError as error:
            problem = error
        is_busy = isinstance(problem, StorageBusyError)
        if is_busy:
            pace.commit_was_refused()
        await asyncio.sleep((BUSY_PAUSE_SECONDS if is_busy else PAUSE_SECONDS) * sending)
        await _look(table, commit)
    assert problem  # noqa: S101 - every sending failed
    raise problem


async def _look(table: LedgerTable, commit: Commit) -> None:
    """Return if the journal has no commit of that number.

    Raises:
        UnknownEtagsError: It has this one.
        ConflictError: It has another.
    """
    stored = await table.get(commit.state.tenant_id, journal_key(commit.state.head.sequence))
    if stored is None:
        return
    if stored.row.get("commitId") == commit.id:
        raise UnknownEtagsError
    raise ConflictError(0)


async def _check_same_life(table: LedgerTable, commit: Commit) -> None:
    """Return if the tenant was not deleted since the commit was decided: then what is not in the journal was not made.

    Raises:
        LedgerUnavailableError: It was, or the head is a tombstone.
    """
    tenant_id = commit.state.tenant_id
    head = await table.get(tenant_id, HEAD_KEY)
    is_there = head and not is_opening(head.row) and not why_closed(head.row)
    if head is None or not is_there or head_of(head.row).sequence >= commit.state.head.sequence:
        raise LedgerUnavailableError(f"tenant {tenant_id} was deleted meanwhile: a commit of it may have been made")
