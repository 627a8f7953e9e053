"""The journal's commits as rows."""

import json
from collections.abc import Mapping
from typing import Any

from domain.actors import SignInSource
from domain.journal import Action, Entry, JournalRecord
from domain.times import format_time, parse_time
from storage.rows import (
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
from storage.texts import text_of, text_properties


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
