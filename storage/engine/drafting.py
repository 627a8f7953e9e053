"""Drafts: decisions on one standing, and the state that they would leave."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.changes import Change, Decision, Stamp, apply
from domain.ledger import NOBODY, Proposal, Settled
from domain.licenses import User
from domain.tenant import TenantState
from storage.engine.known_users import UsersOfTenant
from storage.engine.pace import Pace
from storage.engine.standing import Standing
from storage.engine.waiting import Waiting
from storage.rows.users import KnownUser, read_user, read_users, user_row
from storage.tables.clock import StorageClock
from storage.tables.limits import ENTITY_BYTES, OPERATIONS_PER_TRANSACTION, TRANSACTION_BYTES, body_bytes, utf16_units
from storage.tables.table import LedgerTable, StorageBusyError

USERS_PER_COMMIT: Final = OPERATIONS_PER_TRANSACTION - 2
"""A transaction has the head and the journal row besides the users."""

GUESS_AFTER: Final = 8
"""After so many users in a row who were new, the next ones are taken to be new without a read. The insertion of
their rows checks it: a wrong guess costs a failed transaction, a right one saves a read."""

GUESS_AFTER_MOST: Final = 1_024
"""Where some are new and some are not, eight new ones in a row come by chance. So it takes twice as many after each
wrong guess, up to that; and as few as at first once so many guesses were right."""

LOOKS_AT_ONCE: Final = GUESS_AFTER
"""So many users are read at the same moment before they wait in line: after these the next ones may be guessed."""

LOOKS_IF_BUSY: Final = 5
"""How often a user is looked at whom the storage has no time for, ever more slowly."""

_USER_BYTES_PER_COMMIT: Final = TRANSACTION_BYTES // 2
_JOURNAL_BYTES_PER_COMMIT: Final = ENTITY_BYTES // 2
"""Where a draft is cut: half of what fits, because head and journal are not counted as exactly as users."""


class OutOfDateError(Exception):
    """What was read names something that the standing does not know: it must be read again."""


@dataclass(slots=True)
class Draft:
    """Decisions that will be one commit, not yet true.

    Attributes:
        state: The state after all of them.
        stamp: The commit's number and time.
        known: Users as they were before, where they had to be known.
        seen: Users as other processes read them, which may be guessed.
        guessed: Users as they are taken to have been: new, or as they were read once. A commit checks it.
        unseen: Of the guessed, those whom nobody has read: taken to be new because those before them were.
        settled: The answers, in the order of the proposals.
        changes: What is to be written, in order.
        users: The changed users, as they will be.
        user_rows: Their rows.
        is_full: The last proposal did not fit any more, and was not decided.
        life_since: An answer without a commit needs a head of the same life, read no earlier (event loop's clock).
    """

    state: TenantState
    stamp: Stamp
    known: dict[str, KnownUser] = field(default_factory=dict)
    seen: dict[str, KnownUser] = field(default_factory=dict)
    guessed: dict[str, KnownUser] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    settled: list[Settled[Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    user_rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_full: bool = False
    life_since: float = float("-inf")
    _entries: int = 0
    _user_bytes: int = 0
    _journal_bytes: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be written."""
        return not self.changes

    def user(self, user_id: str | None) -> User:
        """A user as the decisions so far leave it."""
        if user_id is None:
            return NOBODY
        if user_id in self.users:
            return self.users[user_id]
        before = self.known.get(user_id) or self.guessed.get(user_id)
        # One who is not concerned was not looked for.
        return before.user if before else User(user_id)

    def rests_on_guess(self, user_id: str | None) -> bool:
        """Whether nothing is known of the user but a guess."""
        return user_id in self.guessed and user_id not in self.users

    def decide(self, proposal: Proposal[Any]) -> Decision[Any]:
        """The decision on what the ones before leave."""
        return proposal.decide(self.state, self.user(proposal.user_id), self._next_stamp)

    def add(self, decision: Decision[Any]) -> None:
        """Take the decision in, if there is room for it."""
        change = decision.change
        if change:
            tenant_id = self.state.tenant_id
            rows = {user.after.id: user_row(tenant_id, user.after, self.stamp.sequence) for user in change.users}
            user_bytes = self._user_bytes + sum(body_bytes(row) for row in rows.values())
            journal_bytes = self._journal_bytes + sum(_entry_bytes(entry.details) for entry in change.entries)
            users = len(self.users) + sum(user_id not in self.users for user_id in rows)
            if self.changes and (
                users > USERS_PER_COMMIT
                or user_bytes > _USER_BYTES_PER_COMMIT
                or journal_bytes > _JOURNAL_BYTES_PER_COMMIT
            ):
                self.is_full = True
                return
            self.state = apply(self.state, change, self._next_stamp)
            self.changes.append(change)
            self.users.update((user.after.id, user.after) for user in change.users)
            self.user_rows.update(rows)
            self._entries += len(change.entries)
            self._user_bytes = user_bytes
            self._journal_bytes = journal_bytes
        self.settled.append(Settled(decision.answer, self.state))

    @property
    def _next_stamp(self) -> Stamp:
        return Stamp(self.stamp.sequence, self.stamp.at, self._entries)


class Drafter:
    """Decides for one tenant."""

    def __init__(
        self, tenant_id: str, table: LedgerTable, clock: StorageClock, users: UsersOfTenant, looks: Pace
    ) -> None:
        self._tenant_id = tenant_id
        self._table = table
        self._clock = clock
        self._users = users
        self._looks = looks
        self._new_in_a_row = 0
        self._guess_after = GUESS_AFTER
        self._places = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._guesses_since = float("-inf")
        """Nobody who was noted before that is guessed to be so still."""

    def begin(self, state: TenantState, known: Iterable[KnownUser] = ()) -> Draft:
        """An empty draft on a state, for the next commit."""
        now = self._clock.now()
        head = state.head
        stamp = Stamp(head.sequence + 1, max(now, head.at) if head.at else now)
        return Draft(state, stamp, {each.user.id: each for each in known})

    def begin_after(self, draft: Draft) -> Draft:
        """An empty draft on what another one will leave, if it is committed."""
        # The ETags of its users are known only then: see storage.engine.commit.
        return self.begin(draft.state, (KnownUser(user, None) for user in draft.users.values()))

    def changes(self, standing: Standing, proposal: Proposal[Any], seen: KnownUser) -> bool:
        """Whether, as far as is known here, the proposal changes something."""
        draft = self.begin(standing.state)
        if _holds_unknown(seen.user, draft):
            return False
        return proposal.decide(standing.state, seen.user, draft.stamp).change is not None

    async def decide(self, draft: Draft, standing: Standing, batch: Sequence[Waiting]) -> None:
        """Decide the batch's proposals in order, each on what the ones before leave, as far as there is room.

        The users concerned are read after the standing was, or written with it, or guessed. A guess never leads to
        an answer without a commit: then the users are read and it is decided again.

        Raises:
            OutOfDateError: The standing is older than what was read.
        """
        proposals = [waiting.proposal for waiting in batch]
        draft.seen.update((waiting.seen.user.id, waiting.seen) for waiting in batch if waiting.seen)
        unread = self._unread(draft, standing, proposals)
        doubtful = {waiting.proposal.user_id for waiting in batch if waiting.posted_on is not None}
        guessable = set[str]() if any(each.by_administrator for each in proposals) else unread - doubtful
        guesses = self._guesses(draft, guessable)
        draft.guessed.update(guesses)
        if unread - guesses.keys():
            await self._read(draft, standing, unread - guesses.keys())
        for place, proposal in enumerate(proposals):
            decision = draft.decide(proposal)
            if decision.change is None and draft.rests_on_guess(proposal.user_id):
                left = {each.user_id for each in proposals[place:] if each.user_id is not None}
                await self._read(draft, standing, {each for each in left if draft.rests_on_guess(each)})
                decision = draft.decide(proposal)
            draft.add(decision)
            if draft.is_full:
                return

    async def look(self, user_id: str, standing: Standing | None) -> None:
        """Read a user before anything is decided, unless a guess will do.

        Raises:
            LedgerUnavailableError: It cannot be read.
        """
        if self.guess(user_id) is None:
            line = standing.line if standing else None
            async with self._places:
                if self.guess(user_id):
                    return
                began, read = await self._looked_at(user_id)
            self._note_read([read], began)
            if standing and read.etag and read.sequence <= standing.state.head.sequence:
                self._users.note([read], began, line)

    async def _looked_at(self, user_id: str) -> tuple[float, KnownUser]:
        """A user as it is now, and when that was; as soon as the storage has time for it."""
        left = LOOKS_IF_BUSY
        while True:
            await self._looks.wait_for(1)
            began = asyncio.get_running_loop().time()
            try:
                return began, await read_user(self._table, self._tenant_id, user_id, again_if_busy=False)
            except StorageBusyError:
                self._looks.was_busy(1)
                left -= 1
                if not left:
                    raise

    @property
    def guesses(self) -> bool:
        """Whether anybody unknown is taken to be new."""
        return self._new_in_a_row >= self._guess_after

    def guess(self, user_id: str) -> KnownUser | None:
        """What a user may be taken to be, if anything."""
        known = self._guess(user_id, {})
        return known or (KnownUser(User(user_id), None) if self.guesses else None)

    def won(self, draft: Draft) -> None:
        """The draft was committed: its guesses were right."""
        self._new_in_a_row += len(draft.unseen & draft.guessed.keys() & draft.users.keys())
        if self._new_in_a_row >= GUESS_AFTER_MOST:
            self._guess_after = GUESS_AFTER

    def guessed_wrong(self, *, was_unseen: bool) -> None:
        """A user was not what was guessed: read before the next is guessed, and twice as many if nobody had read it."""
        if was_unseen:
            self._guess_after = min(2 * self._guess_after, GUESS_AFTER_MOST)
        self._new_in_a_row = 0
        self._guesses_since = asyncio.get_running_loop().time()

    def seen_wrong(self, seen: KnownUser) -> None:
        """A user is not any more as it was seen here: whoever decides next reads it."""
        was_unseen = seen.etag is None and self._users.get(seen.user.id) is None
        self._users.forget([seen.user.id])
        if seen.etag is None:
            self.guessed_wrong(was_unseen=was_unseen)

    def _unread(self, draft: Draft, standing: Standing, proposals: Sequence[Proposal[Any]]) -> set[str]:
        """The users concerned who are not known. The draft takes over those whom the standing knows."""
        unread: set[str] = set()
        for proposal in proposals:
            user_id = proposal.user_id
            if user_id is None or user_id in draft.known or user_id in draft.users:
                continue
            if known := self._users.exact(user_id, standing.line):
                draft.known[user_id] = known
                if known.etag is None:
                    # It may have gone with the whole tenant.
                    draft.life_since = asyncio.get_running_loop().time()
            elif proposal.concerns_user(draft.state):
                unread.add(user_id)
        return unread

    def _guesses(self, draft: Draft, user_ids: set[str]) -> dict[str, KnownUser]:
        """As these users were when they were seen last; new if those before them were."""
        guesses = {
            user_id: guess
            for user_id in user_ids
            if (guess := self._guess(user_id, draft.seen)) and not _holds_unknown(guess.user, draft)
        }
        if self.guesses:
            draft.unseen |= user_ids - guesses.keys()
            return {user_id: KnownUser(User(user_id), None) for user_id in user_ids} | guesses
        return guesses

    async def _read(self, draft: Draft, standing: Standing, user_ids: Iterable[str]) -> None:
        """Read users as they are now.

        Raises:
            OutOfDateError: One was changed since, or holds a product that is not known.
        """
        began = asyncio.get_running_loop().time()
        read = await self._read_users(user_ids, began)
        for each in read:
            if each.sequence >= draft.stamp.sequence or _holds_unknown(each.user, draft):
                raise OutOfDateError(f"user {each.user.id} is newer than the state, or holds a product not known")
        self._users.note(read, began, standing.line)
        if any(each.etag is None for each in read):
            # A row that is not there has no number: it may have gone with the whole tenant.
            draft.life_since = asyncio.get_running_loop().time()
        for each in read:
            draft.guessed.pop(each.user.id, None)
            draft.known[each.user.id] = each

    async def _read_users(self, user_ids: Iterable[str], began: float) -> Sequence[KnownUser]:
        """Read users, and keep them as of when that began; they are exact on no standing yet."""
        read = await read_users(self._table, self._tenant_id, user_ids)
        self._note_read(read, began)
        return read

    def _note_read(self, read: Sequence[KnownUser], began: float) -> None:
        self._users.note(read, began)
        for each in read:
            self._new_in_a_row = 0 if each.etag else self._new_in_a_row + 1

    def _guess(self, user_id: str, seen: Mapping[str, KnownUser]) -> KnownUser | None:
        noted = self._users.get(user_id)
        known = noted.known if noted and noted.as_of > self._guesses_since else None
        posted = seen.get(user_id)
        return posted if posted and (known is None or known.sequence < posted.sequence) else known


def _holds_unknown(user: User, draft: Draft) -> bool:
    products = draft.state.configuration.products
    return any(held.sku_id not in products for held in user.licenses)


def _entry_bytes(details: Mapping[str, Any]) -> int:
    """About how much room an entry takes in the journal row."""
    return 2 * utf16_units(str(details)) + 500
