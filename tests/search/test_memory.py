"""The table in memory is held to the emulator: same rows, same pages, same transactions refused at the same place."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from azure.data.tables import TableClient as BlockingTableClient
from azure.data.tables.aio import TableClient
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.composition import connect
from localhost.emulator import Azurite
from storage.tables.operations import ANY_VERSION, Operation, StoredRow, Write
from storage.tables.table import ConflictError, LedgerTable
from tests.search.calls import ROWS_PER_PAGE, Calls, SearchedTable
from tests.search.memory import Memory

EXAMPLES = 60
PAGES_MOST = 20

CURRENT, FORMER = "the row's", "a former row's"
NEVER = "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\""
"""An ETag that no row has."""

KEYS = ["a", "a:1", "a:2", "b", "b~", "c"]
properties = st.fixed_dictionaries(
    {}, optional={"text": st.text("aé'\n", max_size=3), "number": st.integers(0, 9), "flag": st.booleans()}
)
writes = st.tuples(
    st.sampled_from(KEYS), st.sampled_from(Write), st.sampled_from([CURRENT, CURRENT, FORMER, ANY_VERSION]), properties
)
transactions = st.lists(writes, min_size=1, max_size=4, unique_by=lambda write: write[0])
stretches = st.tuples(st.sampled_from(KEYS), st.sampled_from([*KEYS, "d"]), st.integers(1, ROWS_PER_PAGE))
steps = st.lists(transactions | transactions | stretches | st.sampled_from(KEYS), min_size=1, max_size=10)


class AtOnce(Calls):
    """Every call goes through at once."""

    async def make(self, process: int, what: str, work: Callable[[bool], Any]) -> Any:
        del process, what
        return work(False)  # noqa: FBT003 - no page is short


@dataclass(slots=True)
class Follower:
    """Does to one table what is drawn, and notes what it is told.

    Attributes:
        etags: The ETags that each row had, the last one last; one that was deleted ends with "".
    """

    table: LedgerTable
    partition: str
    etags: dict[str, list[str]] = field(default_factory=dict)

    async def take(self, step: Any) -> object:
        """Take a step: what both tables must be told alike."""
        match step:
            case str():
                return _seen(await self.table.get(self.partition, step))
            case tuple():
                return await self._pages(*step)
        operations = [self._operation(*write) for write in step]
        try:
            etags = await self.table.commit(operations)
        except ConflictError as conflict:
            return conflict.place
        for (key, *_), etag in zip(step, etags, strict=True):
            self.etags.setdefault(key, []).append(etag)
        return [bool(etag) for etag in etags]

    def _operation(self, key: str, write: Write, version: str, values: dict[str, Any]) -> Operation:
        had = [etag for etag in self.etags.get(key, []) if etag]
        etag = {CURRENT: had[-1:], FORMER: had[:-1], ANY_VERSION: [ANY_VERSION]}[version]
        row = {"PartitionKey": self.partition, "RowKey": key, **values}
        return Operation(write, row, None if write is Write.INSERT else (etag or [NEVER])[-1])

    async def _pages(self, first: str, end: str, rows: int) -> list[tuple[object, bool]]:
        pages: list[tuple[object, bool]] = []
        continuation = None
        while not pages or (continuation and len(pages) < PAGES_MOST):
            found, continuation = await self.table.page(self.partition, first, end, continuation, rows=rows)
            pages.append(([_seen(stored) for stored in found], continuation is not None))
        return pages


def _seen(stored: StoredRow | None) -> dict[str, Any] | None:
    return {name: value for name, value in stored.row.items() if name != "Timestamp"} if stored else None


@pytest.fixture
def table_name(azurite: Azurite) -> Iterator[str]:
    """A table of this test alone."""
    name = f"search{uuid4().hex}"
    with BlockingTableClient.from_connection_string(azurite.connection_string, name) as client:
        client.create_table()
        yield name
        client.delete_table()


@pytest.mark.whole_pages
def test_the_table_in_memory_tells_what_the_emulator_tells(azurite: Azurite, table_name: str) -> None:
    in_memory = SearchedTable("", 0, Memory(), AtOnce())

    async def connected() -> tuple[TableClient, LedgerTable]:
        client, wire = connect(table_name, lambda _: None, connection_string=azurite.connection_string)
        return client, LedgerTable(client, wire)

    with asyncio.Runner() as runner:
        client, real = runner.run(connected())

        @settings(max_examples=EXAMPLES, deadline=None)
        @given(drawn=steps)
        def hold(drawn: list[Any]) -> None:
            partition = str(uuid4())
            followers = Follower(real, partition), Follower(in_memory, partition)
            for step in drawn:
                emulated, remembered = (runner.run(follower.take(step)) for follower in followers)
                assert emulated == remembered, step
            assert runner.run(real.next_partition(partition)) == runner.run(in_memory.next_partition(partition))
            assert runner.run(real.next_partition("")) == runner.run(in_memory.next_partition(""))

        try:
            hold()
        finally:
            runner.run(client.close())
