"""Those who wait for a tenant's committer."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import count, islice
from math import inf
from typing import Any

from opentelemetry.trace import INVALID_SPAN, Span, get_current_span

from domain.errors import TooManyRequestsError
from domain.ledger import Proposal, Settled
from storage.instruments import QUEUE_WAIT, telling_of
from storage.rows.users import KnownUser


@dataclass(slots=True)
class Waiting:
    """A proposal that waits for its answer. A caller that gave up has cancelled the answer.

    Attributes:
        proposal: What is to be decided.
        answer: Where the caller waits.
        arrived: When it came in (event loop's clock).
        attempts: How often it was decided.
        alone: It must not share a commit, because one that it shared failed.
        number: Its number in its line.
        seen: Its user, as it was read for it by whoever posted it.
        token: Names it for good, once it was posted.
        posted_on: Number of the commit that was known to be the last when it was posted first.
        unanswered: To how many processes it was posted that have not said what they decided, and may still do so.
        is_decided: Whoever it was posted to has decided it: what came of it is to be looked for here.
        is_settled: It has its answer, though its caller may not be told yet.
        until: When nobody waits for it any more (event loop's clock).
        span: What is told of the wait.
    """

    proposal: Proposal[Any]
    answer: asyncio.Future[Settled[Any]]
    arrived: float
    attempts: int = 0
    alone: bool = False
    number: int = 0
    seen: KnownUser | None = None
    token: str = ""
    posted_on: int | None = None
    until: float = inf
    unanswered: int = 0
    is_decided: bool = False
    is_settled: bool = False
    span: Span = field(default_factory=get_current_span)

    def begin(self, now: float) -> None:
        """Take note that it is decided, at a time of the event loop's."""
        self.attempts += 1
        if self.attempts == 1:
            QUEUE_WAIT.record(now - self.arrived)


def on_behalf_of(batch: Sequence[Waiting]) -> AbstractContextManager[None]:
    """What is done here is told as done for these."""
    is_untold = get_current_span() is INVALID_SPAN and all(waiting.span is INVALID_SPAN for waiting in batch)
    if not batch or is_untold:
        return nullcontext()
    return telling_of([waiting.span for waiting in batch])


class WaitingLine:
    """A bounded queue that its members can leave."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._numbers = count(1)
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
        waiting.number = next(self._numbers)
        self._line[waiting.number] = waiting
        waiting.answer.add_done_callback(lambda _: self._line.pop(waiting.number, None))

    def take(self, most: int) -> list[Waiting]:
        """Take up to so many from the front; one that must be alone comes alone."""
        taken: list[Waiting] = []
        now = asyncio.get_running_loop().time()
        while self._line and len(taken) < most:
            number, first = next(iter(self._line.items()))
            if first.alone and taken:
                break
            del self._line[number]
            if first.until < now:
                first.answer.cancel()
                continue
            taken.append(first)
            if first.alone:
                break
        return taken

    def first(self, most: int) -> list[Waiting]:
        """Up to so many from the front, who stay in the line."""
        return list(islice(self._line.values(), most))

    def take_arrived_before(self, moment: float) -> list[Waiting]:
        """Take all who came in before a moment."""
        taken = [waiting for waiting in self._line.values() if waiting.arrived <= moment]
        for waiting in taken:
            del self._line[waiting.number]
        return taken

    def put_back(self, batch: Sequence[Waiting]) -> None:
        """Put what was taken back to the front, in its order, except for those who have left or were settled."""
        for waiting in reversed(batch):
            if not (waiting.is_settled or waiting.answer.done()):
                self._line[waiting.number] = waiting
                self._line.move_to_end(waiting.number, last=False)
