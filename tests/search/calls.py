"""Calls to the storage, each of which waits until somebody says what becomes of it: a scheduler without sleeps.

a process calls ──► under way ──► carried out ──► the answer arrives
                        │              └────────► the answer is lost
                        ├──► it is refused, as by a storage that lets the process in no more
                        ├──► it never arrives
                        └──► the process is told that no answer came, and the call is carried out later, or never
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from typing import Any, Final

from azure.core.exceptions import HttpResponseError

from domain.errors import LedgerUnavailableError
from storage.tables.operations import Operation, StoredRow
from storage.tables.table import TENANTS_END, LedgerTable
from tests.search.memory import Memory

ROWS_PER_PAGE: Final = 5
"""The service's own bound of a page, so small that a tenant's state takes several."""


class Fate(Enum):
    """What becomes of a call when it goes on."""

    THROUGH = "it is carried out, and the answer arrives"
    CARRIED_OUT = "it is carried out, and the answer takes its time"
    SHORT = "the same as THROUGH, but a page has one row"
    LOST = "no answer comes; if it was not carried out yet, it never is"
    LATE = "no answer comes, and it may still be carried out"
    REFUSED = "the storage lets the process in no more: if it was not carried out yet, it never is"


def no_admittance() -> HttpResponseError:
    """As when a role was taken from the app: no error that the ledger knows."""
    return HttpResponseError("the search shut the door")


@dataclass(slots=True, eq=False)
class Call:
    """One call of a process.

    Attributes:
        process: Whose it is.
        what: The table, the kind of call and the row, for people and for a fixed order.
        work: Carries it out; with True, a page is short.
        answer: Where the process waits.
        number: Which of all calls it is.
        given: The result or the error, once it was carried out.
    """

    process: int
    what: str
    work: Callable[[bool], Any]
    answer: "asyncio.Future[Any]"
    number: int = 0
    given: tuple[Any, Exception | None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing can become of it any more."""
        return self.answer.done() and self.given is not None

    def go_on(self, fate: Fate) -> None:
        """Let this become of it."""
        if fate in {Fate.LOST, Fate.LATE}:
            if fate is Fate.LOST or self.answer.done():
                self.given = self.given or (None, None)
            if not self.answer.done():
                self.answer.set_exception(LedgerUnavailableError("the search cut the connection"))
            return
        if fate is Fate.REFUSED and self.given is None:
            self.given = (None, no_admittance())
        was_carried_out = self.given is not None
        if self.given is None:
            self.given = self._carried_out(is_short=fate is Fate.SHORT)
        if (fate is Fate.CARRIED_OUT and not was_carried_out) or self.answer.done():
            return
        result, error = self.given
        if error:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(result)

    def _carried_out(self, *, is_short: bool) -> tuple[Any, Exception | None]:
        try:
            return self.work(is_short), None
        except Exception as error:  # noqa: BLE001 - it is the process's
            return None, error


@dataclass(slots=True)
class Calls:
    """All calls of all processes that something can become of."""

    _made: list[Call] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def under_way(self) -> list[Call]:
        """The calls, in an order that does not depend on chance."""
        self._made = [call for call in self._made if not call.is_over]
        return sorted(self._made, key=lambda call: (call.answer.done(), call.process, call.what))

    async def make(self, process: int, what: str, work: Callable[[bool], Any]) -> Any:
        """A call of a process: gives what it is answered."""
        call = Call(process, what, work, asyncio.get_running_loop().create_future(), next(self._numbers))
        self._made.append(call)
        return await call.answer


class SearchedTable(LedgerTable):
    """A process's way to a table in memory: every call waits for what becomes of it."""

    def __init__(self, name: str, process: int, memory: Memory, calls: Calls) -> None:
        # Nothing of the real table's is used: every operation is replaced.
        self._name = name
        self._process = process
        self._memory = memory
        self._calls = calls

    async def get(self, partition: str, row_key: str, *, again_if_busy: bool = True) -> StoredRow | None:
        del again_if_busy
        stored: StoredRow | None = await self._call(f"get {row_key}", lambda _: self._memory.get(partition, row_key))
        return stored

    async def page(
        self, partition: str, first: str, end: str, continuation: Any = None, *, rows: int | None = None
    ) -> tuple[list[StoredRow], Any]:
        most = min(rows or ROWS_PER_PAGE, ROWS_PER_PAGE)
        found: tuple[list[StoredRow], Any] = await self._call(
            f"page {first}",
            lambda is_short: self._memory.page(partition, first, end, continuation, 1 if is_short else most),
        )
        return found

    async def next_partition(self, after: str, end: str = TENANTS_END) -> str | None:
        found: str | None = await self._call(f"next {after}", lambda _: self._memory.next_partition(after, end))
        return found

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        where, is_post, _ = operations[0].row["PartitionKey"].partition("box:")
        what = f"commit {where}box" if is_post else "commit"
        etags: list[str] = await self._call(what, lambda _: self._memory.transact(operations))
        return etags

    async def _call(self, what: str, work: Callable[[bool], Any]) -> Any:
        return await self._calls.make(self._process, f"{self._name} {what}", work)
