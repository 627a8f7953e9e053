"""Deciding ahead: while a commit is under way, what comes in is decided as if it will be made.

Deciding costs this process as much time as the storage takes for a commit, and one of them would wait for the other.
Nothing rests on it: if the commit is not made, or anything else comes in between, what was decided ahead is forgotten
and decided again.

A claim that was decided ahead has the time at which its batch was begun, at most MOST_SECONDS before it is sent.
"""

import asyncio
from typing import Final

from storage.engine.drafting import USERS_PER_COMMIT, Draft, Drafter
from storage.engine.standing import Standing
from storage.engine.waiting import Waiting, WaitingLine, on_behalf_of

MOST_SECONDS: Final = 1.0
"""What was begun longer ago is decided again: its time would be too old."""

AT_ONCE: Final = 8
"""How many are decided before the event loop goes on with other things."""


class Ahead:
    """The next batch, decided while the one before is committed. Costs nothing while nobody comes.

    Attributes:
        batch: Those who were taken from the line, in order.
        draft: What was decided for them, if anything was.
    """

    def __init__(self, drafter: Drafter, line: WaitingLine, draft: Draft, standing: Standing) -> None:
        """Begin. `draft` is what is being committed on the standing."""
        self.batch: list[Waiting] = []
        self.draft: Draft | None = None
        self._drafter = drafter
        self._line = line
        self._before = draft
        self._standing = standing
        self._next_standing: Standing | None = None
        self._began = 0.0
        self._is_over = False
        self._news = asyncio.Event()
        self._deciding: asyncio.Task[None] | None = None
        if line:
            self.look()

    @property
    def is_ready(self) -> bool:
        """Whether the commit was made and the next one can be sent without a read."""
        draft = self.draft if self._next_standing else None
        return draft is not None and not draft.is_empty and len(draft.settled) == len(self.batch)

    def look(self) -> None:
        """Somebody waits in the line."""
        self._news.set()
        if self._deciding is None and not self._is_over:
            self._deciding = asyncio.create_task(self._decide())

    def follow(self, standing: Standing | None) -> None:
        """The commit is over; it led to this standing, or failed."""
        self._next_standing = standing
        self._is_over = True
        self._news.set()

    async def end(self) -> bool:
        """Take nobody any more. Whether all went well: if not, it is decided again, and then its caller is told."""
        self._is_over = True
        self._news.set()
        if self._deciding is None:
            return True
        await asyncio.wait([self._deciding])
        return self._deciding.exception() is None

    async def holds_on(self, standing: Standing) -> bool:
        """Whether what was decided is right on this standing, for all who were taken from the line."""
        return (
            await self.end()
            and standing is self._next_standing
            and self.draft is not None
            and asyncio.get_running_loop().time() <= self._began + MOST_SECONDS
            and not any(waiting.answer.done() for waiting in self.batch)
        )

    async def _decide(self) -> None:
        while not self._is_over and len(self.batch) < USERS_PER_COMMIT:
            few = self._line.take(min(AT_ONCE, USERS_PER_COMMIT - len(self.batch)))
            if not few:
                self._news.clear()
                await self._news.wait()
                continue
            self.batch += few
            if self.draft is None:
                self._began = asyncio.get_running_loop().time()
                self.draft = self._drafter.begin_after(self._before)
            with on_behalf_of(few):
                await self._drafter.decide(self.draft, self._standing, few)
            if self.draft.is_full or few[0].alone:
                return
            await asyncio.sleep(0)
