"""The other side of posts: a process that does not lead has its sign-ins decided by the one that does."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from domain.errors import LedgerError, LedgerUnavailableError
from domain.ledger import Settled
from domain.licenses import PolicyClaim
from domain.sign_ins import ClaimAnswer, Outcome
from domain.tenant import TenantState
from storage.clock import StorageClock
from storage.instruments import POST_WAIT, SUCCESSIONS
from storage.journal_rows import token_of
from storage.known_users import KnownUser
from storage.leadership import Leadership
from storage.post_rows import (
    ANSWERS_START,
    OUTBOX,
    POST_CHARACTERS_MAX,
    Answers,
    PostedAnswer,
    PostedSignIn,
    answers_of,
    post_row,
    posted_content,
    rung,
    settled_of,
    turn_row,
)
from storage.rows import Row, journal_key
from storage.standing import Standing, StandingReader
from storage.table import ConflictError, LedgerTable
from storage.waiting import Waiting

SIGN_INS_PER_POST: Final = 200

LOOK_LEAST_SECONDS: Final = 0.008
LOOK_SECONDS_PER_PROCESS: Final = 0.0006
"""Each process looks at the outbox so seldom that all together stay below the 2,000 rows a second of a partition."""

LOOK_EARLY: Final = 0.8
"""The first look is due after this part of the usual time."""

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


class Poster:
    """One process's posts for one tenant."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it works with
        self,
        tenant_id: str,
        leadership: Leadership,
        table: LedgerTable,
        clock: StorageClock,
        reader: StandingReader,
        guessed_wrong: Callable[[], None],
    ) -> None:
        self._tenant_id = tenant_id
        self._leadership = leadership
        self._table = table
        self._clock = clock
        self._reader = reader
        self._guessed_wrong = guessed_wrong
        self._posts = 0
        self._tokens = 0
        self._processes = 1
        self._usual_seconds = _USUAL_SECONDS
        self._answers_etag = ""

    @property
    def usual_seconds(self) -> float:
        """How long an answer takes, lately."""
        return self._usual_seconds

    async def post(self, batch: Sequence[tuple[Waiting, KnownUser]], standing: Standing) -> None:
        """Have them decided by the leader, and tell them; who has no answer when this ends is to be decided here.

        Raises:
            LedgerError: The head cannot be read.
        """
        if not batch:
            return
        batch, contents = self._fitting(batch)
        self._posts += 1
        number = self._posts
        waiting = {place: each for place, (each, _) in enumerate(batch)}
        for each in waiting.values():
            each.attempts += 1
            if each.posted_on is None:
                each.posted_on = standing.state.head.sequence
        await self._send(number, contents)
        began = sent_at = heard_at = _now()
        overdue = min(max(OVERDUE_LEAST_SECONDS, OVERDUE * self._usual_seconds), OVERDUE_MOST_SECONDS)
        patience = self._leadership.patience_seconds()
        etag = ""
        look_at, head_at = began + LOOK_EARLY * self._usual_seconds, began + overdue
        while _without(waiting):
            await asyncio.sleep(max(0.0, look_at - _now()))
            told, etag_before, etag = await self._told(number), etag, self._answers_etag
            if told and etag != etag_before:
                self._leadership.heard()
                heard_at, head_at = _now(), _now() + OVERDUE_MOST_SECONDS
            for place, answer in told.answers.items() if told else ():
                if place in waiting:
                    await self._tell(waiting.pop(place), batch[place][1], answer)
            now = _now()
            look_at = now + max(LOOK_LEAST_SECONDS, LOOK_SECONDS_PER_PROCESS * self._processes)
            if now >= head_at and _without(waiting):
                if await self._is_left_alone(patience, is_unheard=now - heard_at >= HEARD_SECONDS_MAX):
                    return
                head_at = now + HEAD_LOOK_LEAST_SECONDS + HEAD_LOOK_SECONDS_PER_PROCESS * self._processes
            if now - max(sent_at, heard_at) >= SENT_AGAIN_SECONDS:
                await self._send(number, contents)
                sent_at = now
        self._usual_seconds += _SMOOTHING * (_now() - began - self._usual_seconds)
        POST_WAIT.record(_now() - began)

    async def _is_left_alone(self, patience: float, *, is_unheard: bool) -> bool:
        """Whether nobody answers posts any more: the head stands still, names nobody, or the leader hears nothing."""
        latest = await self._reader.fresh()
        is_still = _now() - latest.first_seen >= patience
        if not (is_still or is_unheard) and self._leadership.follows(latest):
            return False
        self._leadership.stood_still(latest)
        SUCCESSIONS.add(1)
        return True

    async def ask_for_turn(self) -> None:
        """Ask the leader to let one commit go first."""
        await self._post(turn_row(self._tenant_id, self._leadership.process_id, self._clock.now()))

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

    async def _send(self, number: int, contents: Sequence[str]) -> None:
        process_id = self._leadership.process_id
        await self._post(post_row(self._tenant_id, process_id, number, self._clock.now(), contents))

    async def _post(self, row: Row) -> None:
        # If it did not arrive it is sent again.
        with suppress(LedgerUnavailableError, ConflictError):
            await self._table.commit(rung(self._tenant_id, row))

    async def _told(self, number: int) -> Answers | None:
        """What is known of that post."""
        with suppress(LedgerUnavailableError):
            stored = await self._table.get(OUTBOX + self._tenant_id, ANSWERS_START + self._leadership.process_id)
            answers = answers_of(stored.row) if stored else None
            self._answers_etag = stored.etag if stored else ""
            if answers:
                self._processes = max(1, answers.processes)
            if answers and answers.number == number:
                return answers
        return None

    async def _tell(self, waiting: Waiting, seen: KnownUser, answer: PostedAnswer) -> None:
        """Tell somebody what the leader wrote, unless it rests on a configuration that is not known here."""
        try:
            settled = await self._settled_of(answer)
            if settled is None:
                return
            settled = await self.own(waiting, settled)
            if seen.etag is None and settled.answer.outcome is Outcome.ALREADY_LICENSED:
                self._guessed_wrong()
        except LedgerError as error:
            if not waiting.answer.done():
                waiting.answer.set_exception(error)
            return
        if not waiting.answer.done():
            waiting.answer.set_result(settled)

    async def _settled_of(self, answer: PostedAnswer) -> Settled[ClaimAnswer] | None:
        standing = self._reader.latest
        if answer.head and not _is_configured_alike(standing, answer):
            standing = await self._reader.fresh()
        if answer.head and not _is_configured_alike(standing, answer):
            return None
        state = standing.state if standing else TenantState(self._tenant_id)
        return settled_of(self._tenant_id, answer, state.configuration)

    async def resolve(self, waiting: Waiting, settled: Settled[ClaimAnswer]) -> None:
        """Tell somebody what was decided here, after a post of it was not answered: it may have been decided there too.

        A license is a license, whoever decided it. A refusal may be overtaken by a leader that was only slow.
        """
        try:
            answer = await self.own(waiting, settled)
            if answer.answer.license is None:
                raise LedgerUnavailableError("another process may be about to do it")
        except LedgerError as error:
            if not waiting.answer.done():
                waiting.answer.set_exception(error)
            return
        if not waiting.answer.done():
            waiting.answer.set_result(answer)

    async def own(self, waiting: Waiting, settled: Settled[ClaimAnswer]) -> Settled[ClaimAnswer]:
        """The answer to somebody who was posted, whoever gave it: two may have decided, and the other one claimed.

        Raises:
            LedgerUnavailableError: It cannot be read.
        """
        answer = settled.answer
        origin = answer.license and answer.license.assigned_by
        is_new = isinstance(origin, PolicyClaim) and origin.sequence > (waiting.posted_on or 0)
        if answer.outcome is not Outcome.ALREADY_LICENSED or not is_new or not isinstance(origin, PolicyClaim):
            return settled
        commit = await self._table.get(self._tenant_id, journal_key(origin.sequence))
        if commit is None or token_of(commit.row, origin.place) != waiting.token:
            return settled
        return replace(settled, answer=replace(answer, outcome=Outcome.CLAIMED))


def _is_configured_alike(standing: Standing | None, answer: PostedAnswer) -> bool:
    """Whether that configuration is the one that the answer rests on."""
    if standing is None or answer.head is None:
        return False
    return standing.state.head.configuration_sequence == answer.head.configuration_sequence


def _without(waiting: dict[int, Waiting]) -> bool:
    """Whether somebody still waits."""
    return any(not each.answer.done() for each in waiting.values())


def _now() -> float:
    return asyncio.get_running_loop().time()
