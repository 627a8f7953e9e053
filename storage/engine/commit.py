"""The transaction that makes a draft true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from domain.journal import JournalRecord
from domain.licenses import PolicyClaim, User
from domain.sign_ins import ClaimAnswer, Outcome
from domain.tenant import TenantState
from storage.engine.drafting import Draft
from storage.engine.known_users import UsersOfTenant
from storage.engine.standing import Standing
from storage.engine.waiting import Waiting
from storage.rows.content import app_key, policy_key, product_key
from storage.rows.journal import journal_row
from storage.rows.retention import retention_row
from storage.rows.state import head_row, resource_row, retired_policy_row
from storage.rows.users import KnownUser
from storage.tables.operations import ANY_VERSION, Operation, Write, deleted, written_over


@dataclass(frozen=True, slots=True)
class Commit:
    """One transaction. It is sent as it is, also when it is sent again.

    Attributes:
        id: Its own id: finds it in the journal if its answer is lost.
        state: The state that it makes.
        leader: The process that it names as the leader.
        operations: What is written. The head comes first, the users last.
        users: The users, in the order of their rows.
        guesses: Whether it rests on users who were guessed.
    """

    id: str
    state: TenantState
    leader: str
    operations: list[Operation]
    users: list[User]
    guesses: bool

    def is_about_user(self, place: int) -> bool:
        """Whether the operation at that place writes a user's row."""
        return place >= len(self.operations) - len(self.users)

    def known_users(self, etags: Sequence[str]) -> list[KnownUser]:
        """The users with the ETags that the transaction gave their rows."""
        first = len(self.operations) - len(self.users)
        sequence = self.state.head.sequence
        return [KnownUser(user, etag, sequence) for user, etag in zip(self.users, etags[first:], strict=True)]


def commit_of(draft: Draft, standing: Standing, leader: str, users: UsersOfTenant, tokens: Mapping[int, str]) -> Commit:
    """What makes the draft true: only on this very standing, which has the state that the draft began with.

    Args:
        draft: The draft.
        standing: The standing.
        leader: The process that the head is to name as the leader.
        users: What is known of users.
        tokens: Of posted sign-ins that claim, by the number of their entry.
    """
    state, tenant_id = draft.state, draft.state.tenant_id
    assert state.head.at is not None  # noqa: S101 - a changed state has the time of the change
    commit_id = uuid4().hex
    entries = tuple(entry for change in draft.changes for entry in change.entries)
    record = JournalRecord(state.head.sequence, state.head.at, commit_id, entries)
    operations = [
        written_over(head_row(tenant_id, state.head, leader), standing.etag),
        Operation(Write.INSERT, journal_row(tenant_id, record, tokens)),
        *_configuration_operations(draft, standing.state),
        *_beginning(standing.state, state),
        *(written_over(row, _etag(user_id, draft, standing, users)) for user_id, row in draft.user_rows.items()),
    ]
    return Commit(
        commit_id, state, leader, operations, list(draft.users.values()), bool(draft.guessed.keys() & draft.users)
    )


def _etag(user_id: str, draft: Draft, standing: Standing, users: UsersOfTenant) -> str | None:
    """The ETag of a user's row, or None if there is none.

    Of a user whom the commit before changed, the draft did not know the ETag yet; now it is known.
    """
    known = draft.known.get(user_id)
    if known:
        return (users.exact(user_id, standing.line) or known).etag
    return draft.guessed[user_id].etag


def _beginning(before: TenantState, after: TenantState) -> list[Operation]:
    """What the first commit of a tenant that was deleted before writes: its journal begins after the earlier lives'."""
    if before.head.at or not before.head.sequence:
        return []
    empty = replace(before.head, at=after.head.at)
    return [Operation(Write.INSERT, retention_row(after.tenant_id, before.head.sequence, empty))]


def _configuration_operations(draft: Draft, began: TenantState) -> list[Operation]:
    """The configuration's changed rows. The tenant's first commit writes what every tenant starts with, too."""
    if not any(change.touches_configuration for change in draft.changes):
        return []
    before, after = began.configuration, draft.state.configuration
    tenant = draft.state.tenant_id
    first = began.head.at is None
    operations: list[Operation] = []
    if first or after.settings != before.settings:
        operations.append(_resource_operation(resource_row(tenant, after.settings), is_new=first))
    pairs: tuple[tuple[Mapping[str, Any], Mapping[str, Any], Any], ...] = (
        (before.apps, after.apps, app_key),
        (before.products, after.products, product_key),
        (before.written_policies, after.written_policies, policy_key),
    )
    for old, new, key in pairs:
        for resource_id, resource in new.items():
            is_new = first or resource_id not in old
            if is_new or resource.version != old[resource_id].version:
                operations.append(_resource_operation(resource_row(tenant, resource), is_new=is_new))
        operations += [deleted(tenant, key(gone)) for gone in ([] if first else old.keys() - new.keys())]
    operations += [
        Operation(Write.INSERT, retired_policy_row(tenant, retired))
        for change in draft.changes
        for retired in change.retired_policies
    ]
    return operations


def _resource_operation(row: Mapping[str, Any], *, is_new: bool) -> Operation:
    return Operation(Write.INSERT, row) if is_new else Operation(Write.REPLACE, row, ANY_VERSION)


def tokens_of(batch: Sequence[Waiting], draft: Draft) -> Mapping[int, str]:
    """The tokens of posted sign-ins that claim, by the number of their entry."""
    tokens: dict[int, str] = {}
    for waiting, settled in zip(batch, draft.settled, strict=False):
        answer = settled.answer
        is_claim = isinstance(answer, ClaimAnswer) and answer.outcome is Outcome.CLAIMED
        held = answer.license if waiting.token and is_claim else None
        if held and isinstance(held.assigned_by, PolicyClaim) and held.assigned_by.sequence == draft.stamp.sequence:
            # Whoever comes behind it in the batch repeats it.
            tokens.setdefault(held.assigned_by.place, waiting.token)
    return tokens
