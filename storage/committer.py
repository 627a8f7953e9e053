"""Group commit: everything that waits for a tenant in this process goes into one transaction.

One counter under optimistic concurrency collapses when everybody signs in at once, if each takes its own turn. So
one committer takes what has queued up during the last commit, decides it in order, each on the state that the one
before would leave, and commits it as one:

    sign-ins  ──►  queue  ──►  decide a batch on the standing  ──►  one transaction  ──►  answer the batch
                                   ▲                                   │
                                   └── fresh standing ◄── lost, or not known

Nothing is answered before the commit that it rests on. What needs no commit is answered on a head that was read
after the last of the batch came in. After any failed commit the whole batch is decided again, refusals included.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from domain.errors import LedgerError, LedgerUnavailableError, TooManyRequestsError
from domain.ledger import AnswerT, Proposal, Settled
from storage.clock import StorageClock
from storage.drafting import SIGN_INS_PER_COMMIT, Draft, Drafter
from storage.standing import Standing, StandingReader
from storage.table import ConflictError, LedgerTable
from storage.transaction import UnknownEtagsError, commit_for_certain

SIGN_INS_WAITING: Final = 5_000
ADMINISTRATORS_WAITING: Final = 100
ATTEMPTS: Final = 100
"""How often one batch is decided before its callers are told that it could not be done."""

CONFLICT_PAUSE_SECONDS: Final = 0.02
"""The longest pause after a first conflict; it grows with each, up to ten times that. Random, so that processes
that collided do not collide again."""


@dataclass(slots=True)
class Waiting:
    """A proposal that waits for its answer. A caller that gave up has cancelled the answer.

    Attributes:
        proposal: What is to be decided.
        answer: Where the caller waits.
        arrived: When it came in (event loop's clock).
    """

    proposal: Proposal[Any]
    answer: asyncio.Future[Settled[Any]]
    arrived: float


class WaitingLine:
    """A bounded queue that its members can leave."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._numbers = count()
        self._line: OrderedDict[int, Waiting] = OrderedDict()

    def __len__(self) -> int:
        return len(self._line)

    def join(self, waiting: Waiting) -> None:
        """Wait at the end.

        Raises:
            TooManyRequestsError: The queue is full.
        """
        if len(self._line) >= self._places:
            raise TooManyRequestsError(f"{self._places} wait already")
        number = next(self._numbers)
        self._line[number] = waiting
        waiting.answer.add_done_callback(lambda _: self._line.pop(number, None))

    def take(self, most: int) -> list[Waiting]:
        """Take up to so many from the front."""
        return [self._line.popitem(last=False)[1] for _ in range(min(most, len(self._line)))]


class Committer:
    """Settles the proposals of one tenant in this process."""

    def __init__(self, tenant_id: str, table: LedgerTable, clock: StorageClock) -> None:
        self._table = table
        self._reader = StandingReader(tenant_id, table)
        self._drafter = Drafter(tenant_id, table, clock)
        self._administrators = WaitingLine(ADMINISTRATORS_WAITING)
        self._sign_ins = WaitingLine(SIGN_INS_WAITING)
        self._left_over: list[Waiting] = []
        self._working: asyncio.Task[None] | None = None

    @property
    def reader(self) -> StandingReader:
        """What is known of the tenant, for those who only read."""
        return self._reader

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits."""
        return self._working is None or self._working.done()

    async def settle(self, proposal: Proposal[AnswerT]) -> Settled[AnswerT]:
        """See domain.ledger.Ledger.settle. A caller that is cancelled leaves the queue."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(proposal, loop.create_future(), loop.time())
        (self._administrators if proposal.by_administrator else self._sign_ins).join(waiting)
        if self.is_idle:
            self._working = asyncio.create_task(self._work())
        return await waiting.answer

    async def _work(self) -> None:
        while batch := self._next_batch():
            await self._settle_or_fail(batch)

    async def _settle_or_fail(self, batch: Sequence[Waiting]) -> None:
        try:
            await self._settle(batch)
        except LedgerUnavailableError as error:
            _fail(batch, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to those who wait
            if len(batch) == 1:
                _fail(batch, error)
            # One damaged row must not fail those who came at the same moment.
            for waiting in batch if len(batch) > 1 else ():
                await self._settle_or_fail([waiting])

    def _next_batch(self) -> list[Waiting]:
        """One administrator's proposal, or as many sign-ins as one commit can take."""
        administrators = self._administrators.take(1)
        if administrators:
            return administrators
        left_over, self._left_over = self._left_over, []
        return left_over + self._sign_ins.take(SIGN_INS_PER_COMMIT - len(left_over))

    async def _settle(self, batch: Sequence[Waiting]) -> None:
        """Answer the batch, except for what did not fit into its commit: that is left over for the next."""
        standing = self._reader.latest or await self._reader.fresh()
        for attempt in range(1, ATTEMPTS + 1):
            batch = [waiting for waiting in batch if not waiting.answer.done()]
            if not batch:
                return
            draft = await self._drafter.draft(standing, [waiting.proposal for waiting in batch])
            if draft.is_empty:
                last = max(waiting.arrived for waiting in batch)
                confirmed = standing if standing.as_of >= last else await self._reader.fresh()
                if confirmed is standing:
                    self._answer(batch, draft)
                    return
                standing = confirmed
                continue
            if await self._commit(standing, draft):
                self._answer(batch, draft)
                return
            # Whoever has just lost must not meet the same rival at the same moment again.
            await asyncio.sleep(random.uniform(0, CONFLICT_PAUSE_SECONDS * min(attempt, 10)))  # noqa: S311
            lost_on, standing = standing, await self._reader.fresh()
            if standing is lost_on:
                # Nobody committed, so a user's row is not what was thought: a guess, or rewritten without a commit.
                standing.users.clear()
        raise LedgerUnavailableError(f"{ATTEMPTS} attempts were overtaken by other processes")

    async def _commit(self, standing: Standing, draft: Draft) -> bool:
        """Whether the draft was committed; if not, another process was faster."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            etags = await commit_for_certain(self._table, draft)
        except ConflictError as conflict:
            self._drafter.lost(draft, conflict)
            return False
        except UnknownEtagsError:
            self._reader.forget()
            return True
        except LedgerError:
            self._reader.forget()
            raise
        committed = Standing(draft.state, etags[0], began, clock(), standing.users)
        committed.learn(draft.known_users(etags))
        self._drafter.won(draft)
        self._reader.install(committed)
        return True

    def _answer(self, batch: Sequence[Waiting], draft: Draft) -> None:
        for waiting, settled in zip(batch, draft.settled, strict=False):
            if not waiting.answer.done():
                waiting.answer.set_result(settled)
        self._left_over = list(batch[len(draft.settled) :])


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
