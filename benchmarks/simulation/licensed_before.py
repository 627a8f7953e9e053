"""People who had their license before the storm: their rows, as if they had claimed in full commits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Final

from benchmarks.simulation.partitions import Partition
from domain.changes import Stamp, apply
from domain.journal import Entry, JournalRecord
from domain.licenses import User
from domain.sign_ins import SignIn, decide_claim
from domain.tenant import TenantState
from storage.engine.drafting import USERS_PER_COMMIT
from storage.rows.content import Row
from storage.rows.journal import journal_row
from storage.rows.state import head_row
from storage.rows.users import user_row

BETWEEN_COMMITS: Final = timedelta(milliseconds=1)


def license_beforehand(partition: Partition, state: TenantState, sign_ins: Sequence[SignIn]) -> None:
    """Write what these sign-ins would have left, at no cost.

    Args:
        partition: The tenant's.
        state: What is in it. Nobody who serves the tenant may know it yet.
        sign_ins: Of new users.
    """
    partition.put(_rows(state, sign_ins))


def _rows(state: TenantState, sign_ins: Sequence[SignIn]) -> Iterator[Row]:
    left = iter(sign_ins)
    while batch := list(islice(left, USERS_PER_COMMIT)):
        head = state.head
        assert head.at  # noqa: S101 - the tenant has a policy, so it has had a commit
        sequence, at = head.sequence + 1, head.at + BETWEEN_COMMITS
        entries: list[Entry] = []
        for sign_in in batch:
            stamp = Stamp(sequence, at, len(entries))
            # The source names each sign-in anew: who claimed by another one is told that they are licensed.
            earlier = replace(sign_in, sign_in_id=sign_in.sign_in_id and f"earlier-{sign_in.sign_in_id[8:]}")
            change = decide_claim(state, User(sign_in.user_id), earlier, stamp).change
            assert change  # noqa: S101 - the tenant has a license for everybody
            entries += change.entries
            state = apply(state, change, stamp)
            yield from (user_row(state.tenant_id, user.after, sequence) for user in change.users)
        commit_id = f"{sequence:032x}"
        yield journal_row(state.tenant_id, JournalRecord(sequence, at, commit_id, tuple(entries)))
    yield head_row(state.tenant_id, state.head)
