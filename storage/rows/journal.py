"""The journal: its commits as rows, stretches of it in order, and pages from the newest back."""

import json
from collections.abc import Mapping
from typing import Any, Final

from domain.actors import SignInSource
from domain.errors import LedgerDamagedError, LedgerUnavailableError
from domain.journal import Action, Entry, JournalRecord
from domain.times import format_time, parse_time
from storage.rows.content import (
    JOURNAL_END,
    JOURNAL_START,
    UNREADABLE,
    Row,
    actor_content,
    administrator_of,
    content_of,
    content_row,
    damaged,
    journal_key,
    to_json,
)
from storage.rows.texts import text_of, text_properties
from storage.tables.table import LedgerTable

COMMITS_PER_PAGE: Final = 100
"""A commit may have 98 claims, some 60 KiB: so a page stays below what the service gives at once."""

STRETCH_PAGES: Final = 5_000
"""Pages that one stretch may take: a stretch has no more commits, and a page at least one."""


def journal_row(tenant_id: str, record: JournalRecord, tokens: Mapping[int, str] | None = None) -> dict[str, Any]:
    """One commit. Tokens of sign-ins that another process posted are kept by the number of their entry."""
    entries = [
        [actor_content(entry.actor), entry.action.value, entry.target, entry.details] for entry in record.entries
    ]
    return {
        **content_row(tenant_id, journal_key(record.sequence), entries),
        "sequence": str(record.sequence),
        "at": format_time(record.at),
        "commitId": record.commit_id,
        **(text_properties("tokens", to_json(tokens)) if tokens else {}),
    }


def token_of(row: Row, place: int) -> str | None:
    """The token of the sign-in that made that entry, if it was posted. One that cannot be read is none."""
    try:
        return str(json.loads(text_of(row, "tokens"))[str(place)])
    except UNREADABLE:
        return None


def journal_record_of(row: Row) -> JournalRecord:
    """The inverse of `journal_row`.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    try:
        sequence = int(row["sequence"])
        if row["RowKey"] != journal_key(sequence):
            raise ValueError("another commit's row")
        return JournalRecord(
            sequence,
            parse_time(row["at"]),
            row["commitId"],
            tuple(
                Entry(administrator_of(actor) if actor else SignInSource(), Action(action), target, details)
                for actor, action, target, details in content_of(row)
            ),
        )
    except UNREADABLE as error:
        raise damaged(row, error) from error


class JournalGapError(LedgerDamagedError):
    """A commit is missing in the journal.

    Attributes:
        missing: Its number.
    """

    def __init__(self, tenant_id: str, missing: int) -> None:
        super().__init__(f"tenant {tenant_id}: the journal lacks commit {missing}")
        self.missing = missing


class JournalReader:
    """The journal of every tenant."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    async def after(self, tenant_id: str, sequence: int, most: int) -> list[JournalRecord]:
        """Up to so many commits after a sequence number, oldest first.

        Raises:
            JournalGapError: There is a gap.
            LedgerUnavailableError: The storage gives so little at a time that it takes over STRETCH_PAGES.
        """
        rows = []
        continuation = None
        for _ in range(STRETCH_PAGES):
            page, continuation = await self._table.page(
                tenant_id, journal_key(sequence + most), journal_key(sequence), continuation, rows=COMMITS_PER_PAGE
            )
            rows += page
            if not continuation:
                break
        else:
            raise LedgerUnavailableError(f"the journal of tenant {tenant_id} comes in over {STRETCH_PAGES} pages")
        records = [journal_record_of(stored.row) for stored in reversed(rows)]
        for expected, record in enumerate(records, sequence + 1):
            if record.sequence != expected:
                raise JournalGapError(tenant_id, expected)
        return records

    async def before(
        self, tenant_id: str, sequence: int | None, rows: int = COMMITS_PER_PAGE
    ) -> tuple[list[JournalRecord], bool]:
        """A page of the commits before a sequence number, newest first, and whether there may be more.

        None begins with the newest. A page may be short or empty and still have more behind it.
        """
        if sequence is not None and sequence <= 1:
            return [], False
        first = JOURNAL_START if sequence is None else journal_key(sequence - 1)
        page, continuation = await self._table.page(tenant_id, first, JOURNAL_END, rows=rows)
        return [journal_record_of(stored.row) for stored in page], continuation is not None
