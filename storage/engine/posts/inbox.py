"""The leader's side of posts: what others would like to be decided, and what they are told of it.

    a process ── posts ──► inbox ── the leader looks ──► its own line, among its own callers
              ◄── looks ── outbox ◄── one transaction for all ── answers, after the commit that they rest on

The leader looks for as long as it leads, also while it has nothing to do. It takes in only what it is itself asked to
decide, and answers each sign-in once: so that nothing was changed for it is final, whatever becomes of the rows. What
it took in it may let go of at any time: then it is not answered, and whoever posted it asks the next leader.

Processes share nothing but these rows; see storage.rows.posts.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final

from domain.changes import Stamp
from domain.errors import TenantClosedError, TooManyRequestsError
from domain.ledger import Settled, sign_in_proposal
from domain.licenses import PolicyClaim
from domain.sign_ins import ClaimAnswer, Outcome
from storage.engine.pace import Pace
from storage.engine.waiting import Waiting
from storage.instruments import POSTED_TAKEN, for_nobody
from storage.rows.content import Row
from storage.rows.posts import (
    BELL_KEY,
    INBOX_END,
    PARTS_MAX,
    POSTS_START,
    PROCESSES_MAX,
    PROCESSES_PER_PART,
    TURNS_START,
    Answers,
    Post,
    PostedClaim,
    answers_row,
    inbox_of,
    parts_of,
    post_of,
)
from storage.tables.clock import StorageClock
from storage.tables.limits import OPERATIONS_PER_TRANSACTION, TRANSACTION_BYTES, body_bytes
from storage.tables.operations import Operation, StoredRow, Write
from storage.tables.table import LedgerTable

LISTEN_SECONDS: Final = 1.0
"""For how long the inbox is looked at after the last reason to."""

LOOK_LEAST_SECONDS: Final = 0.008
LOOK_SECONDS_PER_PROCESS: Final = 0.0006
"""Each look reads a row of each process, and a partition gives 2,000 rows a second."""

LOOK_IN_VAIN_SECONDS: Final = 0.03
"""Between two looks at the bell while nobody posts."""

TOLD_SECONDS: Final = 0.3
"""Who is not answered for so long is told once more that the post was taken in."""

ENOUGH_WAITING: Final = 2_000
"""While so many who were posted wait for their answers, nobody else is taken in."""

SIGN_IN_SECONDS_MAX: Final = 3.0
"""Nobody waits longer for an answer to a sign-in: what was posted longer ago, or by somebody who came then, is left."""

DECIDED_SECONDS_MAX: Final = 2.1
"""Who has waited for so long is not decided any more: they will be gone before they are told (API: after 2.5 s), and
would claim in vain, in place of others."""

CLOCKS_APART: Final = timedelta(seconds=2)
"""How far the clocks of two processes may be apart, both corrected by the storage's."""

PAGES_MAX: Final = 20
SENDINGS_MAX: Final = 3
PAUSE_SECONDS: Final = 0.05


@dataclass(slots=True)
class _Taken:
    """A post that was taken in.

    Attributes:
        number: Its number.
        etag: The version of its row that was seen last.
        told_at: When its process was told something last.
        left: Places of those who are not taken in yet, or were let go of.
        open: Those who wait, by place.
        claims: What was claimed, by place.
        unchanged: Places of those for whom nothing was to be changed.
        failed: Places of those of whom it is not known.
    """

    number: int
    etag: str
    told_at: float
    left: set[int]
    open: dict[int, "asyncio.Future[Settled[Any]]"] = field(default_factory=dict)
    claims: dict[int, PostedClaim] = field(default_factory=dict)
    unchanged: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)

    @property
    def answers(self) -> int:
        """How many are answered."""
        return len(self.claims) + len(self.unchanged) + len(self.failed)

    def note(self, place: int, answer: "asyncio.Future[Settled[Any]]") -> None:
        """Keep what came of one. After an error nobody knows."""
        claim = None if answer.exception() else _claim_of(answer.result())
        if claim:
            self.claims[place] = claim
        elif answer.exception():
            self.failed.add(place)
        else:
            self.unchanged.add(place)


class Inbox:
    """The posts of one tenant, for the process that leads.

    Attributes:
        processes: How many others have posted lately.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it works with
        self,
        tenant_id: str,
        process_id: str,
        table: LedgerTable,
        clock: StorageClock,
        commits: Pace,
        take_in: Callable[[Waiting], None],
    ) -> None:
        """Give `take_in` whoever is posted, in order. It may raise TooManyRequestsError: then the rest of it waits."""
        self._tenant_id = tenant_id
        self._process_id = process_id
        self._table = table
        self._clock = clock
        self._commits = commits
        self._take_in = take_in
        self._taken: dict[str, _Taken] = {}
        self._turns: dict[str, str] = {}
        self._turn_is_due = False
        self._bell = ""
        self.processes = 0
        self._parts = PARTS_MAX
        self._waiting = 0
        self._listen_until = float("-inf")
        self._heard_at = float("-inf")
        self._listening: asyncio.Task[None] | None = None
        self._dirty: set[str] = set()
        self._telling: asyncio.Task[None] | None = None

    @property
    def is_heard(self) -> bool:
        """Whether somebody has posted lately."""
        return _now() - self._heard_at < LISTEN_SECONDS

    @property
    def is_listening(self) -> bool:
        """Whether it is looked at."""
        return self._listening is not None and not self._listening.done()

    def listen(self) -> None:
        """Look at the inbox for a while."""
        self._listen_until = _now() + LISTEN_SECONDS
        if self._listening is None or self._listening.done():
            with for_nobody():
                self._listening = asyncio.create_task(self._listen())

    def take_turn(self) -> bool:
        """Whether another process's administrator waits for the next commit; it is asked once for each."""
        is_due, self._turn_is_due = self._turn_is_due, False
        return is_due

    def let_go(self) -> None:
        """Leave whatever is not decided yet to another leader."""
        self._listen_until = self._heard_at = float("-inf")
        self._parts = PARTS_MAX
        self._bell = ""
        for taken in self._taken.values():
            taken.left.update(taken.open)
            for answer in list(taken.open.values()):
                answer.cancel()

    async def _listen(self) -> None:
        while _now() < self._listen_until:
            began = _now()
            # Whatever goes wrong here, the next commit meets it too, and has callers who are told.
            with suppress(Exception):
                await self._look()
            self._tell_those_who_wait()
            if self.is_heard:
                self._listen_until = max(self._listen_until, self._heard_at + LISTEN_SECONDS)
                pause = max(LOOK_LEAST_SECONDS, LOOK_SECONDS_PER_PROCESS * self.processes)
            else:
                pause = LOOK_IN_VAIN_SECONDS
            await asyncio.sleep(max(0.0, pause - (_now() - began)))

    def _tell_those_who_wait(self) -> None:
        """Have those who wait long told that they are heard: this process lives, and the commit takes its time."""
        long_since = _now() - TOLD_SECONDS
        for process_id, taken in self._taken.items():
            if taken.open and taken.told_at < long_since:
                taken.told_at = _now()
                self._tell_later(process_id)

    async def _look(self) -> None:
        if self._waiting >= ENOUGH_WAITING:
            return
        bell = await self._table.get(inbox_of(self._tenant_id, 0), BELL_KEY)
        if bell is None or bell.etag == self._bell:
            return
        self._parts = max(self._parts, parts_of(bell.row))
        read = [self._rows(inbox_of(self._tenant_id, part), POSTS_START, INBOX_END) for part in range(self._parts)]
        found = await asyncio.gather(*read)
        if _now() >= self._listen_until:
            return  # let go of meanwhile
        is_all = all(is_whole for is_whole, _ in found)
        rows = [stored for _, part in found for stored in part]
        self._note_processes(rows)
        is_in_parts = any(part for _, part in found[1:]) or self.processes > PROCESSES_PER_PART
        self._parts = PARTS_MAX if is_in_parts else 1
        for stored in rows:
            if stored.row["RowKey"].startswith(TURNS_START):
                self._note_turn(stored)
            else:
                is_all &= self._take(stored)
        self._bell = bell.etag if is_all else ""

    async def _rows(self, partition: str, first: str, end: str) -> tuple[bool, list[StoredRow]]:
        """Whether these are all rows, and the rows."""
        found: list[StoredRow] = []
        continuation = None
        for _ in range(PAGES_MAX):
            page, continuation = await self._table.page(partition, first, end, continuation)
            found += page
            if not continuation:
                return True, found
        return False, found

    def _note_processes(self, rows: list[StoredRow]) -> None:
        since = self._clock.now() - timedelta(seconds=SIGN_IN_SECONDS_MAX)
        recent = sum(_at(stored.row) >= since.isoformat() for stored in rows)
        self.processes = min(recent, PROCESSES_MAX)

    def _is_old(self, row: Row) -> bool:
        oldest = self._clock.now() - timedelta(seconds=SIGN_IN_SECONDS_MAX) - CLOCKS_APART
        return _at(row) < oldest.isoformat()

    def _note_turn(self, stored: StoredRow) -> None:
        process_id = stored.row["RowKey"].removeprefix(TURNS_START)
        if self._turns.get(process_id) != stored.etag and process_id != self._process_id:
            self._turns[process_id] = stored.etag
            self._turn_is_due |= not self._is_old(stored.row)
            self._heard_at = _now()

    def _take(self, stored: StoredRow) -> bool:
        """Take a post in, or what is left of it; whether that went well."""
        process_id = stored.row["RowKey"].removeprefix(POSTS_START)
        taken = self._taken.get(process_id)
        is_seen = taken and taken.etag == stored.etag and not taken.left
        if process_id == self._process_id or is_seen or self._is_old(stored.row):
            return True
        post = post_of(self._tenant_id, stored.row)
        if post is None or post.leader != self._process_id or (taken and taken.number > post.number):
            return True  # the last: it was left in another part
        if taken and taken.number == post.number:
            # It was sent again: the answers were lost, or have not come yet.
            taken.etag = stored.etag
            if taken.answers:
                self._tell_later(process_id)
        else:
            for answer in list(taken.open.values() if taken else ()):
                answer.cancel()
            taken = _Taken(post.number, stored.etag, _now(), set(range(len(post.sign_ins))))
            self._taken[process_id] = taken
        return self._take_rest(post, taken)

    def _take_rest(self, post: Post, taken: _Taken) -> bool:
        """Take in who is left of a post; whether that went well."""
        now, before = _now(), len(taken.left)
        for place, posted in enumerate(post.sign_ins):
            if place not in taken.left:
                continue
            until = now + DECIDED_SECONDS_MAX - posted.waited_seconds
            answer: asyncio.Future[Settled[Any]] = asyncio.get_running_loop().create_future()
            waiting = Waiting(
                sign_in_proposal(posted.sign_in), answer, now, seen=posted.seen, token=posted.token, until=until
            )
            try:
                self._take_in(waiting)
            except TooManyRequestsError:
                return False
            taken.left.discard(place)
            taken.open[place] = answer
            self._waiting += 1
            self._heard_at = now
            answer.add_done_callback(partial(self._answered, post.process_id, taken, place))
        if before:
            POSTED_TAKEN.record(before)
        return True

    def _answered(self, process_id: str, taken: _Taken, place: int, answer: "asyncio.Future[Settled[Any]]") -> None:
        self._waiting -= 1
        if taken.open.get(place) is answer:
            del taken.open[place]
        if answer.cancelled() or isinstance(answer.exception(), TenantClosedError):
            # Nothing is written for a tenant that is deleted; whoever posted finds out too.
            return
        taken.note(place, answer)
        if self._taken.get(process_id) is taken:
            self._tell_later(process_id)

    def _tell_later(self, process_id: str) -> None:
        self._dirty.add(process_id)
        if self._telling is None or self._telling.done():
            with for_nobody():
                self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        """Write what is to be told, until all of it is written; after some failures others ask again."""
        failures = 0
        while self._dirty and failures < SENDINGS_MAX:
            # Those who were answered by the same commit are told together.
            await asyncio.sleep(0)
            rows = self._rows_to_tell()
            try:
                if rows:
                    await self._table.commit([Operation(Write.UPSERT, row) for row in rows.values()])
            except Exception:  # noqa: BLE001 - whatever it is, who is not told asks again
                failures += 1
                self._dirty.update(rows)
                await asyncio.sleep(PAUSE_SECONDS)

    def _rows_to_tell(self) -> dict[str, Row]:
        """Rows of the outbox to be written, by process: as many as fit a transaction."""
        rows: dict[str, Row] = {}
        size = 0
        for process_id in sorted(self._dirty):
            taken = self._taken.get(process_id)
            if taken:
                told = taken.claims, taken.unchanged, taken.failed
                answers = Answers(taken.number, self.processes, self._commits.is_slowed, *told)
                row = answers_row(self._tenant_id, process_id, answers, self._clock.now())
                size += body_bytes(row)
                if rows and (size > TRANSACTION_BYTES // 2 or len(rows) == OPERATIONS_PER_TRANSACTION):
                    break
                rows[process_id] = row
                taken.told_at = _now()
            self._dirty.discard(process_id)
        return rows


def _claim_of(settled: Settled[ClaimAnswer]) -> PostedClaim | None:
    """What a sign-in claimed in the commit that it was settled with."""
    held, head = settled.answer.license, settled.state.head
    if settled.answer.outcome is not Outcome.CLAIMED or held is None or not isinstance(held.assigned_by, PolicyClaim):
        return None
    if held.assigned_by.sequence != head.sequence:
        return None  # the same event had claimed it before
    stamp = Stamp(head.sequence, held.assigned_at, held.assigned_by.place)
    return PostedClaim(held.sku_id, stamp, head.configuration_sequence)


def _at(row: Row) -> str:
    """When a row was written, as text that sorts: as it says, "" if it does not."""
    return str(row.get("at", ""))


def _now() -> float:
    return asyncio.get_running_loop().time()
