"""The real table, watched: it counts the rows that it gives, and lets something happen before and after every call.

A process can be killed at any call, before or after it was carried out: what it did until then stays, nothing after.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from random import Random
from typing import Any, TypeVar

from azure.data.tables.aio import TableClient

from domain.errors import LedgerUnavailableError
from storage.rows.posts import BELL_KEY
from storage.tables.operations import Operation, StoredRow
from storage.tables.wire import Wire
from tests.storage.faulty_table import FaultyTable

ResultT = TypeVar("ResultT")
Watch = Callable[[str, str], Awaitable[None]]
"""Called with `before` or `after`, and what the call is: `get`, `page` or `commit`."""

MOMENTS = range(0, 500, 2)
"""The moments before each call, for tests that walk through them: after a call is before the next. Something that calls
the storage more often is a mistake of the test."""


class KilledError(BaseException):
    """The process ends here. No `except Exception` keeps it alive."""


class WatchedTable(FaultyTable):
    """A `LedgerTable` that is watched, but for looks at whether anybody posts: they come by the clock, beside all else.

    Attributes:
        rows_read: Rows given by reads so far.
        watch: Called before and after every call.
    """

    def __init__(self, client: TableClient, wire: Wire) -> None:
        super().__init__(client, wire)
        self.rows_read = 0
        self.watch: Watch | None = None

    async def get(self, partition: str, row_key: str, *, again_if_busy: bool = True) -> StoredRow | None:
        if row_key == BELL_KEY:
            return await super().get(partition, row_key, again_if_busy=again_if_busy)
        stored = await self._watched("get", partial(super().get, partition, row_key, again_if_busy=again_if_busy))
        self.rows_read += stored is not None
        return stored

    async def page(
        self, partition: str, first: str, end: str, continuation: Any = None, *, rows: int | None = None
    ) -> tuple[list[StoredRow], Any]:
        found, rest = await self._watched(
            "page", lambda: super(WatchedTable, self).page(partition, first, end, continuation, rows=rows)
        )
        self.rows_read += len(found)
        return found, rest

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        return await self._watched("commit", lambda: super(WatchedTable, self).commit(operations))

    async def _watched(self, kind: str, call: Callable[[], Awaitable[ResultT]]) -> ResultT:
        watch = self.watch
        if watch:
            await watch("before", kind)
        result = await call()
        if watch:
            await watch("after", kind)
        return result


class Misfortune:
    """Kills a process, or cuts its connection, at random calls.

    Attributes:
        kills: How often it killed.
        cuts: How often it cut a connection.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self.kills = 0
        self.cuts = 0

    async def __call__(self, moment: str, kind: str) -> None:
        """A `Watch`."""
        chance = self._random.random()
        if kind == "commit" and chance < 0.2:
            self.cuts += 1
            raise LedgerUnavailableError(f"the test cut the connection {moment} a commit")
        if chance < (0.4 if kind == "commit" else 0.005):
            self.kills += 1
            raise KilledError(f"{moment} {kind}")


class AtMoment:
    """Does something at one moment of a process that is watched: before or after its n-th call.

    Attributes:
        done: Whether the moment came.
    """

    def __init__(self, number: int, action: Callable[[], Awaitable[object]]) -> None:
        self._left = number
        self._action = action
        self.done = False

    async def __call__(self, moment: str, kind: str) -> None:
        """A `Watch`. Calls that the action itself makes on the same table are not counted."""
        del moment, kind
        self._left -= 1
        if self._left == -1:
            self.done = True
            await self._action()


async def killed() -> None:
    """An action that ends the process."""
    raise KilledError
