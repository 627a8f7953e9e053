"""Erasing one person's names from what was written. No commit: nothing that counts changes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from domain.actors import Administrator
from domain.errors import LedgerUnavailableError
from domain.journal import Entry, JournalRecord
from storage.rows.content import JOURNAL_END, JOURNAL_START, Row, user_key
from storage.rows.journal import COMMITS_PER_PAGE, journal_record_of, journal_row
from storage.rows.users import user_of, user_row
from storage.tables.operations import StoredRow, written_over
from storage.tables.table import ConflictError, LedgerTable

ATTEMPTS: Final = 20
PAGES: Final = 1_000_000

_NAMES: Final = ("userPrincipalName", "displayName")


async def erase_names(ledger: LedgerTable, tenant_id: str, user_id: str) -> int:
    """See domain.upkeep.Upkeep.erase_names."""
    erased = await _rewritten(ledger, tenant_id, user_key(user_id), _without_names)
    continuation = None
    for _ in range(PAGES):
        page, continuation = await ledger.page(
            tenant_id, JOURNAL_START, JOURNAL_END, continuation, rows=COMMITS_PER_PAGE
        )
        for stored in page:
            erased += await _rewritten(
                ledger, tenant_id, stored.row["RowKey"], lambda row: _without_person(row, user_id), stored
            )
        if not continuation:
            return erased
    raise LedgerUnavailableError(f"tenant {tenant_id} has over {PAGES} pages of journal: some may still have the names")


async def _rewritten(
    ledger: LedgerTable,
    tenant_id: str,
    row_key: str,
    rewrite: Callable[[Row], Mapping[str, Any] | None],
    stored: StoredRow | None = None,
) -> int:
    """Replace a row by what `rewrite` makes of it, under its ETag; 1 if it made something, 0 if nothing was to do."""
    for _ in range(ATTEMPTS):
        stored = stored or await ledger.get(tenant_id, row_key)
        row = rewrite(stored.row) if stored else None
        if stored is None or row is None:
            return 0
        try:
            await ledger.commit([written_over(row, stored.etag)])
        except ConflictError:
            stored = None
            continue
        return 1
    raise LedgerUnavailableError(f"row {row_key} of tenant {tenant_id} changed {ATTEMPTS} times meanwhile")


def _without_names(row: Row) -> Mapping[str, Any] | None:
    user = user_of(row)
    if user.principal_name is None and user.display_name is None:
        return None
    return user_row(row["PartitionKey"], replace(user, principal_name=None, display_name=None), int(row["sequence"]))


def _without_person(row: Row, user_id: str) -> Mapping[str, Any] | None:
    record = journal_record_of(row)
    entries = tuple(_entry_without(entry, user_id) for entry in record.entries)
    if entries == record.entries:
        return None
    rewritten = journal_row(row["PartitionKey"], JournalRecord(record.sequence, record.at, record.commit_id, entries))
    # A row keeps what others wrote beside the record.
    return {**{name: value for name, value in row.items() if name.startswith("tokens")}, **rewritten}


def _entry_without(entry: Entry, user_id: str) -> Entry:
    actor = Administrator(user_id) if isinstance(entry.actor, Administrator) and entry.actor.id == user_id else None
    details = entry.details
    if entry.target.startswith(f"users/{user_id}/"):
        details = {name: value for name, value in details.items() if name not in _NAMES}
    return replace(entry, actor=actor or entry.actor, details=details)
