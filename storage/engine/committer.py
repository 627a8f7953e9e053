"""Group commit: everything that waits for a tenant goes into one transaction.

One counter under optimistic concurrency collapses when everybody signs in at once, if each takes its own turn. So
one committer takes what has queued up during the last commit, decides it in order, each on the state that the one
before would leave, and commits it as one:

    sign-ins  ──►  queue  ──►  decide a batch on the standing  ──►  one transaction  ──►  answer the batch
                     ▲                                                 │
                     └──────── put back, to be decided again  ◄── lost, or out of date

While the transaction is under way the next batch is decided already, as if it will be made (ahead.py), and is sent
before those of the last are answered: the storage need not wait for them to wake up. Nothing is answered before the
commit that it rests on. What needs no commit is answered on a head that was read after the last of the batch came in.
After any failed commit the whole batch is decided again, refusals included.

Where several processes have something to commit, one of them commits for all (posts/). The others post what would
change something, and answer the rest themselves.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Any, Final

from domain.errors import LedgerDamagedError, LedgerUnavailableError
from domain.ledger import AnswerT, Proposal, Settled
from storage.engine.ahead import Ahead
from storage.engine.backlog import Backlog
from storage.engine.commit import Commit, commit_of, tokens_of
from storage.engine.confirming import confirmed
from storage.engine.drafting import USERS_PER_COMMIT, Draft, Drafter, OutOfDateError
from storage.engine.known_users import KnownUsers, Line, UsersOfTenant
from storage.engine.pace import TenantPace
from storage.engine.posts.following import Follower
from storage.engine.posts.inbox import Inbox
from storage.engine.posts.leadership import Leadership
from storage.engine.posts.posting import SIGN_INS_PER_POST, Poster
from storage.engine.standing import Standing, StandingReader
from storage.engine.telling import Telling
from storage.engine.transaction import UnknownEtagsError, commit_for_certain
from storage.engine.waiting import Waiting, WaitingLine, on_behalf_of
from storage.rows.lives import open_life
from storage.tables.clock import StorageClock
from storage.tables.table import ConflictError, LedgerTable

SIGN_INS_WAITING: Final = 5_000
ADMINISTRATORS_WAITING: Final = 100
SIGN_INS_AT_ONCE: Final = 2 * USERS_PER_COMMIT
"""Sign-ins decided together: more than a commit takes, because most people who sign in have their license."""

RECALL_SECONDS_MAX: Final = 60.0
"""How old what is known may be for an answer without a read (`Proposal.recall`)."""

APART_SECONDS: Final = 0.02
"""Processes that lost a commit to one that does not lead try again so far apart, at most."""

GIVE_WAY_SECONDS: Final = 0.2
GIVE_WAY_LOOK_SECONDS: Final = 0.008
"""How long the leader lets an administrator's change of another process go first, and looks whether it did."""

ATTEMPTS: Final = 100
"""How often a proposal is decided before its caller is told that it could not be done."""


class Committer:
    """Settles the proposals of one tenant in this process."""

    def __init__(
        self, tenant_id: str, process_id: str, table: LedgerTable, clock: StorageClock, users: KnownUsers
    ) -> None:
        self._table = table
        self._users = UsersOfTenant(tenant_id, users)
        self._reader = StandingReader(tenant_id, table)
        self._pace = pace = TenantPace()
        self._drafter = Drafter(tenant_id, table, clock, self._users, pace.looks)
        self._leadership = Leadership(process_id, clock)
        self._inbox = Inbox(tenant_id, process_id, table, clock, pace.commits, self._join)
        self._poster = Poster(tenant_id, self._leadership, table, clock, self._reader, self._drafter, pace)
        self._telling = Telling(self._poster)
        self._follower = Follower(self._drafter, self._reader, self._poster, self._telling)
        self._backlog = Backlog(
            lambda: max(self._poster.processes, self._inbox.processes + 1),
            lambda: self._poster.usual_seconds,
            lambda: self._drafter.guesses,
        )
        self._administrators = WaitingLine(ADMINISTRATORS_WAITING)
        self._sign_ins = WaitingLine(SIGN_INS_WAITING)
        self._lost_on: Standing | None = None
        self._out_of_date: Standing | None = None
        self._ahead: Ahead | None = None
        self._working: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    @property
    def reader(self) -> StandingReader:
        """What is known of the tenant, for those who only read."""
        return self._reader

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits, and nobody else is listened to."""
        return not self._is_working and not self._inbox.is_listening

    async def settle(self, proposal: Proposal[AnswerT]) -> Settled[AnswerT]:
        """See domain.ledger.Ledger.settle. A caller that is cancelled leaves the queue."""
        recalled = self._recalled(proposal)
        if recalled:
            return recalled
        if proposal.by_administrator:
            return await self._answered(proposal)
        with self._backlog.under_way():
            return await self._looked_up(proposal) or await self._answered(proposal)

    async def _answered(self, proposal: Proposal[AnswerT]) -> Settled[AnswerT]:
        """The answer, after a wait."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(proposal, loop.create_future(), loop.time())
        self._join(waiting)
        with self._backlog.in_line():
            return await waiting.answer

    def _join(self, waiting: Waiting) -> None:
        """Let somebody wait.

        Raises:
            TooManyRequestsError: Too many do.
        """
        (self._administrators if waiting.proposal.by_administrator else self._sign_ins).join(waiting)
        if waiting.proposal.by_administrator:
            self._news.set()
        if self._ahead:
            self._ahead.look()
        if not self._is_working:
            self._working = asyncio.create_task(self._work())

    @property
    def _is_working(self) -> bool:
        return self._working is not None and not self._working.done()

    async def _looked_up(self, proposal: Proposal[AnswerT]) -> Settled[AnswerT] | None:
        """The answer to somebody who needs no commit, once the user was read: such people wait in no line."""
        standing = self._reader.latest
        user_id = proposal.user_id
        if proposal.recall is None or user_id is None or standing is None or not proposal.concerns_user(standing.state):
            return None
        if self._drafter.guess(user_id) is None:
            async with self._backlog.looking():
                await self._drafter.look(user_id, standing)
        return self._recalled(proposal)

    def _recalled(self, proposal: Proposal[AnswerT]) -> Settled[AnswerT] | None:
        """The answer that needs no read, if what it may rest on is known and not too old.

        The user was read no earlier than the configuration: what was written under another one may mean something else.
        """
        standing = self._reader.latest
        noted = self._users.get(proposal.user_id) if proposal.recall and proposal.user_id else None
        if proposal.recall is None or standing is None or noted is None:
            return None
        if noted.as_of < standing.configured_since:
            return None
        as_of = standing.as_of if noted.line is standing.line else min(standing.as_of, noted.as_of)
        if as_of < asyncio.get_running_loop().time() - RECALL_SECONDS_MAX:
            return None
        answer = proposal.recall(standing.state, noted.known.user)
        return Settled(answer, standing.state) if answer else None

    async def _work(self) -> None:
        while self._administrators or self._sign_ins or self._ahead or self._following:
            if self._following and not self._administrators:
                await self._follow(self._following)
                continue
            began = asyncio.get_running_loop().time()
            try:
                with on_behalf_of(self._first()):
                    standing = await self._given_way(await self._known())
                    if self._leadership.follows(standing):
                        await self._drop_ahead()
                        if not self._administrators:
                            # An administrator may have come and gone while some are settled elsewhere.
                            self._following = self._following or asyncio.create_task(self._settle_elsewhere(standing))
                            continue
                        if self._administrators.first(1)[0].attempts:
                            await self._poster.ask_for_turn()
                            standing = await self._reader.fresh()
            except Exception as error:  # noqa: BLE001 - whatever it is, it goes to those who wait
                await self._drop_ahead()
                for line in (self._administrators, self._sign_ins):
                    _fail(line.take_arrived_before(began), error)
            else:
                batch, draft = await self._next(standing)
                if batch:
                    await self._settle(batch, draft, standing)

    async def _given_way(self, standing: Standing) -> Standing:
        """What is known once another process's administrator had the time for one commit, if one asked for it."""
        if not self._inbox.take_turn():
            return standing
        self._telling.tell()
        latest, clock = standing, asyncio.get_running_loop().time
        until = clock() + GIVE_WAY_SECONDS
        while latest is standing and clock() < until:
            await asyncio.sleep(GIVE_WAY_LOOK_SECONDS)
            latest = await self._reader.fresh()
        return latest

    async def _follow(self, following: asyncio.Task[None]) -> None:
        """Wait until what was posted is settled, or an administrator comes."""
        self._news.clear()
        news = asyncio.create_task(self._news.wait())
        await asyncio.wait({following, news}, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        if following.done():
            self._following = None

    async def _settle_elsewhere(self, standing: Standing) -> None:
        """Settle some sign-ins without a commit of this process."""
        batch = self._sign_ins.take(SIGN_INS_PER_POST)
        try:
            await self._follower.settle(batch, standing)
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to those who wait
            self._isolate_or_fail(batch, error)
        self._put_back(batch)

    def _first(self) -> list[Waiting]:
        """Who is first, if anybody waits."""
        return self._administrators.first(1) or (self._ahead.batch[:1] if self._ahead else self._sign_ins.first(1))

    async def _next(self, standing: Standing) -> tuple[list[Waiting], Draft]:
        """Who is to be settled, and what is decided of it already.

        An administrator's proposal comes alone and first: a storm must not starve it.
        """
        ahead = self._ahead
        if ahead and not self._administrators and await ahead.holds_on(standing):
            self._ahead = None
            assert ahead.draft  # noqa: S101 - or it would not hold
            return ahead.batch, ahead.draft
        await self._drop_ahead()
        batch = self._administrators.take(1) or self._sign_ins.take(SIGN_INS_AT_ONCE)
        return [waiting for waiting in batch if not waiting.answer.done()], self._drafter.begin(standing.state)

    async def _drop_ahead(self) -> None:
        """Let those who were decided ahead wait again."""
        self._telling.tell()
        ahead, self._ahead = self._ahead, None
        if ahead:
            await ahead.end()
            self._put_back(ahead.batch)

    def _put_back(self, batch: Sequence[Waiting]) -> None:
        """To the front: in the meantime an administrator may have come, and more sign-ins for the same commit."""
        for waiting in batch:
            if waiting.attempts >= ATTEMPTS and not waiting.answer.done():
                waiting.answer.set_exception(LedgerUnavailableError(f"{ATTEMPTS} attempts were overtaken by others"))
            # What was seen of the user may be why.
            waiting.seen = None
        line = self._administrators if batch and batch[0].proposal.by_administrator else self._sign_ins
        line.put_back(batch)

    async def _known(self) -> Standing:
        """What is known of the tenant; read anew after a commit was lost on it."""
        lost_on = self._lost_on
        known = self._reader.latest
        is_current = known and known is not lost_on and not self._leadership.is_to_be_read(known)
        standing = known if known and is_current else await self._reader.fresh()
        if lost_on and not standing.leader and standing is not lost_on:
            # Whoever else lost comes at the same moment: the first of them names itself, and the others see it.
            await asyncio.sleep(random.uniform(0, APART_SECONDS))  # noqa: S311 - no secret
            standing = await self._reader.fresh()
        self._lost_on = None
        if self._leadership.follows(standing):
            self._inbox.let_go()
        if standing is lost_on:
            # Nobody committed, so a user's row is not what was thought: a guess, or rewritten without a commit.
            standing.line = Line()
            self._drafter.guessed_wrong(was_unseen=self._drafter.guesses)
        return standing

    async def _settle(self, batch: Sequence[Waiting], draft: Draft, standing: Standing) -> None:
        """Answer the batch, fail it, or put it back: all of it, or what did not fit into its commit."""
        now = asyncio.get_running_loop().time()
        for waiting in batch:
            waiting.begin(now)
        answers: Sequence[Settled[Any] | None] = ()
        try:
            with on_behalf_of(batch):
                answers = await self._answers(batch, draft, standing)
        except LedgerUnavailableError as error:
            _fail(batch, error)
        except OutOfDateError as error:
            if self._out_of_date is standing:
                # It was read again and is the same, so what is not known is nowhere.
                self._isolate_or_fail(batch, LedgerDamagedError(str(error)))
            self._out_of_date = self._lost_on = standing
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to those who wait
            self._isolate_or_fail(batch, error)
        settled = list(zip_longest(batch, answers))
        self._telling.add(settled)
        left = [waiting for waiting, answer in settled if not answer and not waiting.answer.done()]
        if left:
            # They come before those who were decided ahead.
            await self._drop_ahead()
            self._put_back(left)
        elif not (self._ahead and self._ahead.is_ready):
            # Nothing is sent at once that they could be told after.
            self._telling.tell()

    async def _answers(
        self, batch: Sequence[Waiting], draft: Draft, standing: Standing
    ) -> Sequence[Settled[Any] | None]:
        """The batch's answers, in order: None, or nothing at the end, for those that must be decided again."""
        if not draft.is_full:
            undecided = batch[len(draft.settled) :]
            await self._drafter.decide(draft, standing, undecided)
        if draft.is_empty:
            return await confirmed(self._reader, standing, batch, draft)
        return draft.settled if await self._commit(standing, draft, tokens_of(batch, draft)) else []

    def _isolate_or_fail(self, batch: Sequence[Waiting], error: Exception) -> None:
        """One damaged row must not fail those who came at the same moment: they are tried again, one by one."""
        if len(batch) == 1:
            _fail(batch, error)
        for waiting in batch:
            waiting.alone = True

    async def _send(self, commit: Commit) -> list[str]:
        """See commit_for_certain. Those who can be answered are answered once it is on its way."""
        if not self._telling:
            return await commit_for_certain(self._table, commit, self._pace)
        sending = asyncio.create_task(commit_for_certain(self._table, commit, self._pace))
        await asyncio.sleep(0)
        self._telling.tell()
        return await sending

    async def _commit(self, standing: Standing, draft: Draft, tokens: Mapping[int, str]) -> bool:
        """Whether the draft was committed; if not, another process was faster, or the tenant must begin first."""
        if standing.etag is None:
            # Whatever comes of it, the head that is read next tells.
            self._lost_on = standing
            with suppress(ConflictError, LedgerUnavailableError):
                await open_life(self._table, standing.state.tenant_id)
            return False
        clock = asyncio.get_running_loop().time
        if self._inbox.is_heard:
            self._leadership.met_another()
        commit = commit_of(draft, standing, self._leadership.leader_after(standing), self._users, tokens)
        is_leader = commit.leader == self._leadership.process_id
        # What another process leads to is not known.
        is_lone = is_leader or not commit.leader
        self._ahead = ahead = Ahead(self._drafter, self._sign_ins, draft, standing) if is_lone else None
        committed: Standing | None = None
        began = clock()
        try:
            etags = await self._send(commit)
        except ConflictError as conflict:
            self._lost_on = standing
            if commit.guesses and commit.is_about_user(conflict.place):
                self._drafter.guessed_wrong(was_unseen=bool(draft.unseen))
            self._leadership.met_another()
            return False
        except UnknownEtagsError:
            self._forget(draft)
            return True
        except Exception:
            # What became of the head is not known, and users were read since.
            self._forget(draft)
            raise
        else:
            ended = clock()
            is_configured_anew = commit.state.configuration is not standing.state.configuration
            configured_since = began if is_configured_anew else standing.configured_since
            committed = Standing(
                commit.state, commit.leader, etags[0], began, ended, ended, configured_since, standing.line
            )
            self._users.note(commit.known_users(etags), began, committed.line)
            self._drafter.won(draft)
            self._leadership.committed()
            if is_leader:
                # Not before: whoever led until now lets go of what was posted.
                self._inbox.listen()
            self._reader.install(committed)
            return True
        finally:
            if ahead:
                ahead.follow(committed)

    def _forget(self, draft: Draft) -> None:
        """Know nothing of what the draft may have changed."""
        self._reader.forget()
        self._users.forget(draft.users)


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
