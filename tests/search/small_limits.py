"""The product's limits, so small that a few steps of a search reach what takes thousands."""

from contextlib import ExitStack
from itertools import count
from unittest.mock import patch
from uuid import UUID

import storage.accounts.copying
import storage.engine.ahead
import storage.engine.committer
import storage.engine.drafting
import storage.engine.ledger
import storage.engine.posts.inbox
import storage.engine.posts.posting
import storage.engine.transaction
import storage.reports.counts
import storage.reports.rollup
import storage.rows.journal
import storage.rows.posts
import storage.upkeep.integrity
import storage.upkeep.retention

RECALL_SECONDS = 0.5

SMALL_LIMITS = [
    (storage.engine.ahead, "AT_ONCE", 2),
    (storage.engine.ahead, "USERS_PER_COMMIT", 4),
    (storage.engine.committer, "SIGN_INS_WAITING", 12),
    (storage.engine.committer, "ADMINISTRATORS_WAITING", 4),
    (storage.engine.committer, "ATTEMPTS", 8),
    (storage.engine.committer, "RECALL_SECONDS_MAX", RECALL_SECONDS),
    (storage.engine.committer, "SIGN_INS_AT_ONCE", 5),
    (storage.engine.committer, "SIGN_INS_PER_POST", 3),
    (storage.accounts.copying, "ROWS_PER_COMMIT", 4),
    (storage.reports.counts, "TAIL_COMMITS", 6),
    (storage.engine.drafting, "GUESS_AFTER", 2),
    (storage.engine.drafting, "USERS_PER_COMMIT", 4),
    (storage.engine.posts.inbox, "ENOUGH_WAITING", 5),
    (storage.engine.posts.inbox, "PARTS_MAX", 2),
    (storage.engine.posts.inbox, "PROCESSES_PER_PART", 1),
    (storage.upkeep.integrity, "USERS_PER_CALL", 3),
    (storage.upkeep.integrity, "COMMITS_PER_CALL", 5),
    (storage.upkeep.integrity, "COMMITS_UNDONE", 10),
    (storage.rows.journal, "COMMITS_PER_PAGE", 4),
    (storage.engine.ledger, "TENANTS_IN_USE", 1),
    (storage.engine.posts.posting, "PARTS_MAX", 2),
    (storage.engine.posts.posting, "POST_CHARACTERS_MAX", 800),
    (storage.engine.posts.posting, "PROCESSES_PER_PART", 1),
    (storage.rows.posts, "PARTS_MAX", 2),
    (storage.upkeep.retention, "COMMITS_PER_STEP", 4),
    (storage.reports.rollup, "COMMITS_PER_STEP", 4),
    (storage.engine.transaction, "SENDINGS_MAX", 3),
]
"""Not those by which sets of users are cut: the order of a set is chance."""


def small_limits() -> ExitStack:
    """The limits are small until this is closed, and processes are numbered: their ids are no chance."""
    patched = ExitStack()
    numbers = count(1)
    patched.enter_context(patch.object(storage.engine.ledger, "uuid4", lambda: UUID(int=next(numbers) << 96)))
    for module, name, value in SMALL_LIMITS:
        patched.enter_context(patch.object(module, name, value))
    return patched
