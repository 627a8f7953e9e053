"""The product's limits, so small that a few steps of a search reach what takes thousands."""

from contextlib import ExitStack
from unittest.mock import patch

import storage.ahead
import storage.committer
import storage.copying
import storage.counts
import storage.drafting
import storage.integrity
import storage.journal
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
    (storage.copying, "ROWS_PER_COMMIT", 4),
    (storage.counts, "TAIL_COMMITS", 6),
    (storage.drafting, "GUESS_AFTER", 2),
    (storage.drafting, "USERS_PER_COMMIT", 4),
    (storage.integrity, "USERS_PER_CALL", 3),
    (storage.integrity, "COMMITS_PER_CALL", 5),
    (storage.integrity, "COMMITS_UNDONE", 10),
    (storage.journal, "COMMITS_PER_PAGE", 4),
    (storage.retention, "COMMITS_PER_STEP", 4),
    (storage.rollup, "COMMITS_PER_STEP", 4),
    (storage.transaction, "SENDINGS_MAX", 3),
]
"""Not those by which sets of users are cut: the order of a set is chance."""


def small_limits() -> ExitStack:
    """The limits are small until this is closed."""
    patched = ExitStack()
    for module, name, value in SMALL_LIMITS:
        patched.enter_context(patch.object(module, name, value))
    return patched
