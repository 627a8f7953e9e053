"""What a process does with its sign-ins while another one leads: it posts those that would change something."""

import asyncio
from collections.abc import Sequence

from domain.errors import LedgerDamagedError, LedgerUnavailableError
from storage.engine.confirming import confirmed
from storage.engine.drafting import Drafter, OutOfDateError
from storage.engine.posts.posting import Poster
from storage.engine.standing import Standing, StandingReader
from storage.engine.telling import Telling
from storage.engine.waiting import Waiting
from storage.rows.users import KnownUser


class Follower:
    """Settles sign-ins without a commit of this process, for one tenant."""

    def __init__(self, drafter: Drafter, reader: StandingReader, poster: Poster, telling: Telling) -> None:
        self._drafter = drafter
        self._reader = reader
        self._poster = poster
        self._telling = telling

    async def settle(self, batch: Sequence[Waiting], standing: Standing) -> None:
        """Answer them, as far as that goes. Who has no answer afterwards waits on.

        Raises:
            LedgerDamagedError: One of them has met with it.
        """
        posted: list[tuple[Waiting, KnownUser]] = []
        others: list[Waiting] = []
        for waiting in batch:
            seen = self._drafter.guess(waiting.proposal.user_id or "")
            is_posted = waiting.proposal.sign_in and not waiting.is_decided
            if seen and is_posted and self._drafter.changes(standing, waiting.proposal, seen):
                posted.append((waiting, seen))
            else:
                others.append(waiting)
        groups = others, [waiting for waiting, _ in posted]
        # What goes wrong with some concerns nobody else: the others are waited for.
        ended = await asyncio.gather(
            self._settle_unchanged(others), self._poster.post(posted, standing), return_exceptions=True
        )
        for group, error in zip(groups, ended, strict=True):
            if isinstance(error, LedgerUnavailableError):
                _fail(group, error)
            elif error:
                raise error

    async def _settle_unchanged(self, batch: Sequence[Waiting]) -> None:
        """Answer those who need no commit. Whoever needs one has a user that was read now, and waits on."""
        for attempt in range(2):
            if not batch:
                return
            standing = await self._reader.fresh()
            draft = self._drafter.begin(standing.state)
            try:
                await self._drafter.decide(draft, standing, batch)
            except OutOfDateError as error:
                if attempt:
                    raise LedgerDamagedError(str(error)) from error
                continue
            # Those behind one who needs a commit are decided on what that would leave.
            draft.settled = [settled for settled in draft.settled if settled.state is standing.state]
            unchanged = batch[: len(draft.settled)]
            answers = await confirmed(self._reader, standing, unchanged, draft)
            self._telling.add(zip(unchanged, answers, strict=False))
            self._telling.tell()
            for waiting in batch:
                # Who is not answered now is to be decided anew.
                waiting.is_decided = False
            return


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for waiting in batch:
        if not (waiting.is_settled or waiting.answer.done()):
            waiting.answer.set_exception(error)
