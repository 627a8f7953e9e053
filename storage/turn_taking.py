"""One process's turns at one tenant: waiting for one, and what others learn of it from the head."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from storage.announcements import Announcements
from storage.standing import Standing, StandingReader
from storage.table import LedgerTable
from storage.turns import Turns

TURN_SECONDS: Final = 2.0
"""How long a process lets others go first before it sends all the same."""


class TurnTaking:
    """Says when to commit. Nothing rests on it but time: the ETags decide."""

    def __init__(self, tenant_id: str, process_id: str, table: LedgerTable, reader: StandingReader) -> None:
        self._reader = reader
        self._turns = Turns(process_id)
        self._announcements = Announcements(tenant_id, table)
        self._began = 0.0

    @property
    def are_kept(self) -> bool:
        """Whether other processes commit to the tenant at the same time."""
        return self._turns.are_kept(_now())

    async def wait(self, standing: Standing, meanwhile: Callable[[Standing], Awaitable[None]]) -> Standing:
        """What is known of the tenant when this process's turn has come.

        Raises:
            LedgerUnavailableError: The head could not be read.
        """
        since = _now()
        announced = False
        while _now() < since + TURN_SECONDS:
            seen = {"still_since": standing.first_seen, "now": _now()}
            wait = self._turns.seconds_to_wait(standing.order, waiting_since=since, **seen)
            if wait <= 0:
                break
            look = self._turns.seconds_to_look(standing.order, **seen)
            await asyncio.gather(asyncio.sleep(min(wait, look)), meanwhile(standing))
            before, standing = standing, await self._reader.fresh()
            if standing is not before:
                self.collided()
                if not announced and not self._is_listed(standing):
                    announced = True
                    await self._announcements.announce(self._turns.process_id)
        self._began = _now()
        return standing

    async def was_missed(self, standing: Standing) -> bool:
        """Whether somebody else has committed on the standing already.

        Looks only if this process skips another, which may have been slow: a look costs less than a conflict.
        """
        return self._turns.skips(standing.order, _now()) and await self._reader.fresh() is not standing

    def order_after(self, standing: Standing) -> tuple[str, ...]:
        """The order once this process has committed: whoever is in it takes newcomers in."""
        newcomers: tuple[str, ...] = ()
        if self._is_listed(standing):
            newcomers = self._announcements.found(_now() - standing.first_seen)
        if newcomers:
            self.collided()
        return self._turns.after_commit(standing.order, newcomers)

    def collided(self) -> None:
        """Take note that another process commits, or wants to."""
        self._turns.collided(_now())

    def committed(self, order: tuple[str, ...]) -> None:
        """Take note that this process's turn is over."""
        self._turns.committed(_now() - self._began)
        self._announcements.taken_in(order)

    def _is_listed(self, standing: Standing) -> bool:
        return self._turns.is_listed(standing.order)


def _now() -> float:
    return asyncio.get_running_loop().time()
