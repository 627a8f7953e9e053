"""The other side of posts: a process that does not lead has its sign-ins decided by the one that does."""

import asyncio
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from domain.errors import LedgerError, LedgerUnavailableError, TenantClosedError
from domain.ledger import Settled
from domain.licenses import PolicyClaim
from domain.sign_ins import ClaimAnswer, Outcome, claimed_earlier
from domain.tenant import Head
from storage.engine.drafting import Drafter
from storage.engine.pace import TenantPace
from storage.engine.posts.leadership import Leadership
from storage.engine.standing import Standing, StandingReader
from storage.engine.waiting import Waiting
from storage.instruments import POST_WAIT, SUCCESSIONS
from storage.rows.content import Row, journal_key
from storage.rows.journal import token_of
from storage.rows.posts import (
    ANSWERS_START,
    OUTBOX,
    PARTS_MAX,
    POST_CHARACTERS_MAX,
    PROCESSES_PER_PART,
    PostedClaim,
    PostedSignIn,
    answers_of,
    bell_row,
    inbox_of,
    post_row,
    posted_content,
    turn_row,
)
from storage.rows.users import KnownUser
from storage.tables.clock import StorageClock
from storage.tables.operations import Operation, StoredRow, Write, deleted
from storage.tables.table import ConflictError, LedgerTable

SIGN_INS_PER_POST: Final = 200


LOOK_LEAST_SECONDS: Final = 0.008
LOOK_SECONDS_PER_PROCESS: Final = 0.0006
"""Each process looks at the outbox so seldom that all together stay below the 2,000 rows a second of a partition."""

LOOK_EARLY: Final = 0.8
"""The first look is due after this part of the usual time."""

LATE_AT_MOST: Final = 0.05
"""Nor does anybody look sooner than after this part of the time that was waited already."""

OVERDUE: Final = 2.0
OVERDUE_LEAST_SECONDS: Final = 0.15
OVERDUE_MOST_SECONDS: Final = 0.45
"""After so many usual times without an answer, the head is looked at: does it move?"""

HEAD_LOOK_LEAST_SECONDS: Final = 0.1
HEAD_LOOK_SECONDS_PER_PROCESS: Final = 0.005
"""Between two looks at the head: they are taken from what the tenant's own partition gives."""

SENT_AGAIN_SECONDS: Final = 0.7
"""A post that is not answered for so long may have been lost, or its answers: it is sent again."""

HEARD_SECONDS_MAX: Final = 1.5
"""Who is told nothing for so long, while the head moves, is not heard: the leader may know no posts."""

_USUAL_SECONDS: Final = 0.05
_SMOOTHING: Final = 0.2


def _now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class _UnderWay:
    """A post that is not answered yet.

    Attributes:
        number: Its number.
        leader: Who is asked to decide it.
        contents: Its sign-ins, as they are written.
        open: Those who wait, with their users, by place.
        sent_at: When it was sent last.
        heard_at: When there was news of it.
        answers_etag: The version of the last news.
    """

    number: int
    leader: str
    contents: Sequence[str]
    open: dict[int, tuple[Waiting, KnownUser]]
    sent_at: float = field(default_factory=_now)
    heard_at: float = field(default_factory=_now)
    answers_etag: str = ""

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody still waits."""
        return any(not waiting.answer.done() for waiting, _ in self.open.values())


class Poster:
    """One process's posts for one tenant.

    Attributes:
        processes: How many have posted lately, as the leader said last.
        usual_seconds: How long a post takes usually to be answered.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it works with
        self,
        tenant_id: str,
        leadership: Leadership,
        table: LedgerTable,
        clock: StorageClock,
        reader: StandingReader,
        drafter: Drafter,
        pace: TenantPace,
    ) -> None:
        self._tenant_id = tenant_id
        self._leadership = leadership
        self._table = table
        self._clock = clock
        self._reader = reader
        self._pace = pace
        self._drafter = drafter
        self._posts = 0
        self._tokens = 0
        self.processes = 1
        self._part: int | None = None
        self.usual_seconds = _USUAL_SECONDS

    async def post(self, batch: Sequence[tuple[Waiting, KnownUser]], standing: Standing) -> None:
        """Have them decided by the leader, and tell them; who has no answer when this ends is to be decided here.

        Raises:
            LedgerError: The tenant is not here, or damaged.
        """
        if not batch:
            return
        batch, contents = self._fitting(batch)
        self._posts += 1
        open_ = dict(enumerate(batch))
        for waiting, _ in batch:
            waiting.attempts += 1
            waiting.unanswered += 1
            if waiting.posted_on is None:
                waiting.posted_on = standing.state.head.sequence
        began = _now()
        if await self._have_answered(_UnderWay(self._posts, standing.leader, contents, open_)):
            self.usual_seconds += _SMOOTHING * (_now() - began - self.usual_seconds)
            POST_WAIT.record(_now() - began)

    async def _have_answered(self, post: "_UnderWay") -> bool:
        """Whether all are answered; if not, nobody answers posts any more."""
        began = _now()
        await self._send(post)
        overdue = min(max(OVERDUE_LEAST_SECONDS, OVERDUE * self.usual_seconds), OVERDUE_MOST_SECONDS)
        patience = self._leadership.patience_seconds()
        look_at, head_at = _now() + LOOK_EARLY * self.usual_seconds, _now() + overdue
        while True:
            await asyncio.sleep(max(0.0, look_at - _now()))
            if await self._is_heard(post):
                self._leadership.heard()
                head_at = _now() + OVERDUE_MOST_SECONDS
            if not post.is_waited_for:
                return True
            if _now() >= head_at:
                if await self._is_left_alone(post, patience):
                    return False
                head_at = _now() + HEAD_LOOK_LEAST_SECONDS + HEAD_LOOK_SECONDS_PER_PROCESS * self.processes
            if _now() - max(post.sent_at, post.heard_at) >= SENT_AGAIN_SECONDS:
                await self._send(post)
            least = max(LOOK_LEAST_SECONDS, LOOK_SECONDS_PER_PROCESS * self.processes)
            look_at = _now() + max(least, LATE_AT_MOST * (_now() - began))

    async def _is_heard(self, post: "_UnderWay") -> bool:
        """Tell those who are answered; whether there is news of the post."""
        stored: StoredRow | None = None
        with suppress(LedgerUnavailableError):
            stored = await self._table.get(OUTBOX + self._tenant_id, ANSWERS_START + self._leadership.process_id)
        answers = answers_of(stored.row) if stored else None
        if stored is None or answers is None or stored.etag == post.answers_etag:
            return False
        self.processes = max(1, answers.processes)
        if answers.is_busy:
            self._pace.looks.was_busy()
        if answers.number != post.number:
            return False
        post.answers_etag, post.heard_at = stored.etag, _now()
        for place, (waiting, seen) in list(post.open.items()):
            if place in answers.claims:
                try:
                    await self._tell(waiting, seen, answers.claims[place])
                except LedgerUnavailableError as error:
                    _fail(waiting, error)
            elif place in answers.unchanged:
                waiting.unanswered -= 1
                self._look_here(waiting, seen)
            elif place in answers.failed:
                _fail(waiting, LedgerUnavailableError("the storage did not answer the process that commits for all"))
            else:
                continue
            del post.open[place]
        return True

    async def _is_left_alone(self, post: "_UnderWay", patience: float) -> bool:
        """Whether nobody answers the post any more: the head stands still, or names others; or the leader is deaf.

        Raises:
            LedgerUnavailableError: Nobody is heard, and the head cannot be read. Nobody waits for ever for that.
        """
        try:
            latest = await self._reader.fresh()
        except TenantClosedError:
            raise
        except LedgerUnavailableError:
            if _now() - post.heard_at >= HEARD_SECONDS_MAX:
                raise
            return False  # whoever commits has the same trouble
        is_still = _now() - latest.first_seen >= patience
        is_unheard = _now() - post.heard_at >= HEARD_SECONDS_MAX
        if not (is_still or is_unheard) and self._leadership.follows(latest):
            # Whoever succeeded the leader is asked anew.
            return latest.leader != post.leader
        self._leadership.stood_still(latest)
        SUCCESSIONS.add(1)
        return True

    async def ask_for_turn(self) -> None:
        """Ask the leader to let one commit go first."""
        now = self._clock.now()
        turn = turn_row(self._tenant_id, self._leadership.process_id, now)
        await self._write(turn, bell_row(self._tenant_id, self._parts, now))

    def _fitting(
        self, batch: Sequence[tuple[Waiting, KnownUser]]
    ) -> tuple[Sequence[tuple[Waiting, KnownUser]], Sequence[str]]:
        """As many of them as fit into a row, and how they are written."""
        contents: list[str] = []
        size = 0
        for waiting, seen in batch:
            content = posted_content(self._named(waiting, seen))
            size += len(content) + 1
            if contents and size > POST_CHARACTERS_MAX:
                break
            contents.append(content)
        return batch[: len(contents)], contents

    def _named(self, waiting: Waiting, seen: KnownUser) -> PostedSignIn:
        """A sign-in as it is posted: named for good."""
        assert waiting.proposal.sign_in  # noqa: S101 - only sign-ins are posted
        if not waiting.token:
            self._tokens += 1
            waiting.token = f"{self._leadership.process_id}-{self._tokens}"
        return PostedSignIn(waiting.token, waiting.proposal.sign_in, seen, _now() - waiting.arrived)

    async def _send(self, post: "_UnderWay") -> None:
        process_id = self._leadership.process_id
        part = zlib.crc32(process_id.encode()) % self._parts
        now = self._clock.now()
        row = post_row(self._tenant_id, part, process_id, post.number, post.leader, now, post.contents)
        await self._write(row, bell_row(self._tenant_id, self._parts, now))
        left, self._part = self._part, part
        if left not in {None, part}:
            with suppress(LedgerUnavailableError, ConflictError):
                await self._table.commit([deleted(inbox_of(self._tenant_id, left), row["RowKey"])])
        post.sent_at = _now()

    @property
    def _parts(self) -> int:
        return PARTS_MAX if self.processes > PROCESSES_PER_PART else 1

    async def _write(self, row: Row, bell: Row) -> None:
        writes = [Operation(Write.UPSERT, row), Operation(Write.UPSERT, bell)]
        # If it did not arrive it is sent again.
        with suppress(LedgerUnavailableError, ConflictError):
            if row["PartitionKey"] == bell["PartitionKey"]:
                await self._table.commit(writes)
                return
            # The bell comes last: who hears it finds the post.
            for write in writes:
                await self._table.commit([write])

    async def _tell(self, waiting: Waiting, seen: KnownUser, claim: PostedClaim) -> None:
        """Tell somebody what the leader wrote, if the configuration that it rests on is known here."""
        standing = self._reader.latest
        if standing is None or standing.state.head.configuration_sequence != claim.configuration_sequence:
            standing = await self._reader.fresh()
        head = Head(claim.stamp.sequence, claim.stamp.at, claim.configuration_sequence)
        state = replace(standing.state, head=head)
        assert waiting.proposal.sign_in  # noqa: S101 - only sign-ins are posted
        answer = claimed_earlier(state, waiting.proposal.sign_in, claim.sku_id, claim.stamp)
        is_configured_so = standing.state.head.configuration_sequence == claim.configuration_sequence
        if not (answer and is_configured_so):
            self._look_here(waiting, seen)
        elif not waiting.answer.done():
            waiting.answer.set_result(Settled(answer, state))

    def _look_here(self, waiting: Waiting, seen: KnownUser) -> None:
        """Somebody was decided elsewhere: look here what came of it."""
        self._drafter.seen_wrong(seen)
        waiting.is_decided = True

    async def resolve(self, waiting: Waiting, settled: Settled[ClaimAnswer]) -> None:
        """Tell somebody what was decided here, after a post of it was not answered: it may have been decided there too.

        A license is a license, whoever decided it. A refusal stands only if everybody who was asked to decide has said
        that nothing was to be changed: a leader that was only slow may still do it.
        """
        try:
            answer = await self.own(waiting, settled)
            if answer.answer.license is None and waiting.unanswered:
                raise LedgerUnavailableError("another process may be about to do it")
        except LedgerError as error:
            _fail(waiting, error)
            return
        if not waiting.answer.done():
            waiting.answer.set_result(answer)

    async def own(self, waiting: Waiting, settled: Settled[ClaimAnswer]) -> Settled[ClaimAnswer]:
        """The answer to somebody who was posted, whoever gave it: two may have decided, and the other one claimed.

        Raises:
            LedgerUnavailableError: It cannot be read, or is gone.
        """
        answer = settled.answer
        origin = answer.license and answer.license.assigned_by
        is_new = isinstance(origin, PolicyClaim) and origin.sequence > (waiting.posted_on or 0)
        if answer.outcome is not Outcome.ALREADY_LICENSED or not is_new or not isinstance(origin, PolicyClaim):
            return settled
        commit = await self._table.get(self._tenant_id, journal_key(origin.sequence))
        if commit is None:
            raise LedgerUnavailableError("the tenant was deleted before it was known who claimed")
        if token_of(commit.row, origin.place) != waiting.token:
            return settled
        return replace(settled, answer=replace(answer, outcome=Outcome.CLAIMED))


def _fail(waiting: Waiting, error: LedgerError) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)
