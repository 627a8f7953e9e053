"""Drafts: the decisions of a batch on one standing, and the transaction that would make them true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from domain.changes import Change, Decision, Stamp, apply
from domain.journal import JournalRecord
from domain.ledger import NOBODY, Proposal, Settled
from domain.licenses import User
from domain.tenant import Configuration, TenantState
from storage.clock import StorageClock
from storage.journal_rows import journal_row
from storage.limits import ENTITY_BYTES, OPERATIONS_PER_TRANSACTION, TRANSACTION_BYTES, body_bytes, utf16_units
from storage.operations import ANY_VERSION, Operation, Write, deleted, written_over
from storage.rows import app_key, policy_key, product_key
from storage.standing import KnownUser, Standing, read_users
from storage.state_rows import head_row, resource_row, retired_policy_row
from storage.table import ConflictError, LedgerTable
from storage.turns import Turns
from storage.user_rows import user_row

SIGN_INS_PER_COMMIT: Final = OPERATIONS_PER_TRANSACTION - 2
"""A transaction has the head and the journal row besides the users."""

GUESS_AFTER: Final = 8
"""After so many users in a row who were new, the next ones are taken to be new without a read. The insertion of
their rows checks it: a wrong guess costs a failed transaction, a right one saves a read."""

_USER_BYTES_PER_COMMIT: Final = TRANSACTION_BYTES // 2
_JOURNAL_BYTES_PER_COMMIT: Final = ENTITY_BYTES // 2
"""Where a batch is cut: half of what fits, because head and journal are not counted as exactly as users."""


class OutOfDateError(Exception):
    """What was read names something that the standing does not know: it must be read again."""


@dataclass(slots=True)
class Draft:
    """Decisions of a batch, not yet true.

    Attributes:
        settled: The answers, in the batch's order; fewer than the batch if the rest did not fit.
        state: The state after all of them.
        order: The order of turns after the commit.
        commit_id: This commit's own id: finds it in the journal if its answer is lost.
        operations: The transaction, empty if nothing changes. Its first operation is the head.
        users: The changed users, in the order of their rows at the transaction's end.
        guessed: Users who were taken to be new.
    """

    settled: list[Settled[Any]]
    state: TenantState
    order: tuple[str, ...]
    commit_id: str
    operations: list[Operation]
    users: list[User]
    guessed: set[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be written."""
        return not self.operations

    def known_users(self, etags: Sequence[str]) -> list[KnownUser]:
        """The changed users with the ETags that the transaction gave their rows."""
        first = len(self.operations) - len(self.users)
        return [KnownUser(user, etag) for user, etag in zip(self.users, etags[first:], strict=True)]


@dataclass(slots=True)
class _Page:
    """A draft in the making."""

    state: TenantState
    settled: list[Settled[Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    user_rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: int = 0
    user_bytes: int = 0
    journal_bytes: int = 0


class Drafter:
    """Decides batches for one tenant."""

    def __init__(self, tenant_id: str, table: LedgerTable, clock: StorageClock, turns: Turns) -> None:
        self._tenant_id = tenant_id
        self._table = table
        self._clock = clock
        self._turns = turns
        self._new_in_a_row = 0

    async def draft(self, standing: Standing, proposals: Sequence[Proposal[Any]]) -> Draft:
        """Decide the proposals in order, each on the state that the ones before would leave.

        The users concerned are read after the standing was, or written with it, or guessed to be new. A guess
        never leads to an answer without a commit: then the users are read and everything is decided again.

        Raises:
            OutOfDateError: The standing is older than what was read.
        """
        concerned = {
            proposal.user_id
            for proposal in proposals
            if proposal.user_id is not None and proposal.concerns_user(standing.state)
        }
        known = {user_id: standing.users[user_id] for user_id in concerned & standing.users.keys()}
        unread = concerned - known.keys()
        may_guess = self._new_in_a_row >= GUESS_AFTER and not any(each.by_administrator for each in proposals)
        if unread and not may_guess:
            known.update(await self._read(standing, unread))
        page = self._decide(standing, known, proposals)
        if page is None:
            known.update(await self._read(standing, concerned - known.keys()))
            page = self._decide(standing, known, proposals)
        assert page is not None  # noqa: S101 - only a guess gives no page
        return self._written(standing, known, page)

    def won(self, draft: Draft) -> None:
        """The draft was committed: its guesses were right."""
        self._new_in_a_row += len(draft.guessed)

    def lost(self, draft: Draft, conflict: ConflictError) -> None:
        """The draft was not committed: if a guess was wrong, read before the next."""
        first_user = len(draft.operations) - len(draft.users)
        if draft.guessed and conflict.place >= first_user:
            self._new_in_a_row = 0

    async def _read(self, standing: Standing, user_ids: Iterable[str]) -> dict[str, KnownUser]:
        """Users as they are now.

        Raises:
            OutOfDateError: One holds a product that the standing does not know: it is older than the user.
        """
        read = await read_users(self._table, self._tenant_id, user_ids)
        for each in read:
            self._new_in_a_row = 0 if each.etag else self._new_in_a_row + 1
            if any(held.sku_id not in standing.state.configuration.products for held in each.user.licenses):
                raise OutOfDateError(f"user {each.user.id} holds a product that is not known")
        standing.learn(read)
        return {each.user.id: each for each in read}

    def _decide(
        self, standing: Standing, known: Mapping[str, KnownUser], proposals: Sequence[Proposal[Any]]
    ) -> _Page | None:
        """The page, or None if an answer would rest on nothing but a guess: that a user not known is new."""
        head = standing.state.head
        now = self._clock.now()
        sequence, at = head.sequence + 1, max(now, head.at) if head.at else now
        page = _Page(standing.state)
        for proposal in proposals:
            user = _user(known, page, proposal)
            decision = proposal.decide(page.state, user, Stamp(sequence, at, page.entries))
            is_guess = user.id not in known and user.id not in page.users and proposal.concerns_user(page.state)
            if decision.change is None and is_guess and user is not NOBODY:
                return None
            if not self._add(page, decision, Stamp(sequence, at, page.entries)):
                break
        return page

    def _add(self, page: _Page, decision: Decision[Any], stamp: Stamp) -> bool:
        """Put the decision on the page; False if there is no room for it."""
        change = decision.change
        if change:
            rows = {user.after.id: user_row(self._tenant_id, user.after, stamp.sequence) for user in change.users}
            user_bytes = sum(body_bytes(row) for row in rows.values())
            journal_bytes = sum(_entry_bytes(entry.details) for entry in change.entries)
            if page.changes and (
                page.user_bytes + user_bytes > _USER_BYTES_PER_COMMIT
                or page.journal_bytes + journal_bytes > _JOURNAL_BYTES_PER_COMMIT
            ):
                return False
            page.state = apply(page.state, change, stamp)
            page.changes.append(change)
            page.users.update((user.after.id, user.after) for user in change.users)
            page.user_rows.update(rows)
            page.entries += len(change.entries)
            page.user_bytes += user_bytes
            page.journal_bytes += journal_bytes
        page.settled.append(Settled(decision.answer, page.state))
        return True

    def _written(self, standing: Standing, known: Mapping[str, KnownUser], page: _Page) -> Draft:
        commit_id = uuid4().hex
        order = self._turns.after_commit(standing.order)
        return Draft(
            settled=page.settled,
            state=page.state,
            order=order,
            commit_id=commit_id,
            operations=self._operations(standing, known, page, order, commit_id) if page.changes else [],
            users=list(page.users.values()),
            guessed=page.users.keys() - known.keys(),
        )

    def _operations(
        self,
        standing: Standing,
        known: Mapping[str, KnownUser],
        page: _Page,
        order: Sequence[str],
        commit_id: str,
    ) -> list[Operation]:
        head = page.state.head
        assert head.at is not None  # noqa: S101 - a changed state has the time of the change
        entries = tuple(entry for change in page.changes for entry in change.entries)
        record = JournalRecord(head.sequence, head.at, commit_id, entries)
        return [
            written_over(head_row(self._tenant_id, head, order), standing.etag),
            Operation(Write.INSERT, journal_row(self._tenant_id, record)),
            *self._configuration_operations(standing.state.configuration, page),
            *(
                written_over(row, known[user_id].etag if user_id in known else None)
                for user_id, row in page.user_rows.items()
            ),
        ]

    def _configuration_operations(self, before: Configuration, page: _Page) -> list[Operation]:
        """The configuration's changed rows. The tenant's first commit writes what every tenant starts with, too."""
        if not any(change.touches_configuration for change in page.changes):
            return []
        after = page.state.configuration
        tenant = self._tenant_id
        first = page.state.head.sequence == 1
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
            for change in page.changes
            for retired in change.retired_policies
        ]
        return operations


def _user(known: Mapping[str, KnownUser], page: _Page, proposal: Proposal[Any]) -> User:
    """The user that a proposal is about, as the ones before would leave it."""
    if proposal.user_id is None:
        return NOBODY
    if proposal.user_id in page.users:
        return page.users[proposal.user_id]
    return known[proposal.user_id].user if proposal.user_id in known else User(proposal.user_id)


def _resource_operation(row: Mapping[str, Any], *, is_new: bool) -> Operation:
    return Operation(Write.INSERT, row) if is_new else Operation(Write.REPLACE, row, ANY_VERSION)


def _entry_bytes(details: Mapping[str, Any]) -> int:
    """About how much room an entry takes in the journal row."""
    return 2 * utf16_units(str(details)) + 500
