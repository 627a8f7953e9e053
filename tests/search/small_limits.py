"""The product's limits, so small that a few steps of a search reach what takes thousands."""

from contextlib import ExitStack
from itertools import count
from unittest.mock import patch
from uuid import UUID

import storage.ahead
import storage.committer
import storage.copying
import storage.counts
import storage.drafting
import storage.inbox
import storage.integrity
import storage.journal
import storage.ledger
import storage.post_rows
import storage.posting
import storage.retention
import storage.rollup
import storage.transaction

RECALL_SECONDS = 0.5

SMALL_LIMITS = [
    (storage.ahead, "AT_ONCE", 2),
    (storage.ahead, "USERS_PER_COMMIT", 4),
    (storage.committer, "SIGN_INS_WAITING", 12),
    (storage.committer, "ADMINISTRATORS_WAITING", 4),
    (storage.committer, "ATTEMPTS", 8),
    (storage.committer, "RECALL_SECONDS_MAX", RECALL_SECONDS),
    (storage.committer, "SIGN_INS_AT_ONCE", 5),
    (storage.committer, "SIGN_INS_PER_POST", 3),
    (storage.copying, "ROWS_PER_COMMIT", 4),
    (storage.counts, "TAIL_COMMITS", 6),
    (storage.drafting, "GUESS_AFTER", 2),
    (storage.drafting, "USERS_PER_COMMIT", 4),
    (storage.inbox, "ENOUGH_WAITING", 5),
    (storage.inbox, "PARTS_MAX", 2),
    (storage.inbox, "PROCESSES_PER_PART", 1),
    (storage.integrity, "USERS_PER_CALL", 3),
    (storage.integrity, "COMMITS_PER_CALL", 5),
    (storage.integrity, "COMMITS_UNDONE", 10),
    (storage.journal, "COMMITS_PER_PAGE", 4),
    (storage.ledger, "TENANTS_IN_USE", 1),
    (storage.posting, "PARTS_MAX", 2),
    (storage.posting, "POST_CHARACTERS_MAX", 800),
    (storage.posting, "PROCESSES_PER_PART", 1),
    (storage.post_rows, "PARTS_MAX", 2),
    (storage.retention, "COMMITS_PER_STEP", 4),
    (storage.rollup, "COMMITS_PER_STEP", 4),
    (storage.transaction, "SENDINGS_MAX", 3),
]
"""Not those by which sets of users are cut: the order of a set is chance."""


def small_limits() -> ExitStack:
    """The limits are small until this is closed, and processes are numbered: their ids are no chance."""
    patched = ExitStack()
    numbers = count(1)
    patched.enter_context(patch.object(storage.ledger, "uuid4", lambda: UUID(int=next(numbers) << 96)))
    for module, name, value in SMALL_LIMITS:
        patched.enter_context(patch.object(module, name, value))
    return patched
