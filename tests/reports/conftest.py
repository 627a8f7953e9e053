"""Processes with reports on the real emulator, each test with a tenant of its own."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from random import Random, SystemRandom
from typing import Protocol

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableClient as BlockingTableClient

from functions.composition import connect
from localhost.emulator import Azurite
from storage.engine.ledger import TableLedger
from storage.reports.records import TableRecords
from storage.tables.clock import StorageClock
from storage.upkeep.integrity import IntegrityChecker
from storage.upkeep.upkeep import TableUpkeep
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.tables import WatchedTable
from tests.storage.storage_time import ClockInThePast

WAIT_SECONDS = 20


@pytest.fixture(scope="session")
def connection_string(azurite: Azurite) -> str:
    """The emulator's, with both tables made."""
    for table in ("ledger", "reports"):
        with BlockingTableClient.from_connection_string(azurite.connection_string, table) as client:
            try:
                client.create_table()
            except ResourceExistsError:
                continue
    return azurite.connection_string


@pytest.fixture(scope="session", autouse=True)
def _old_objects_out_of_the_way() -> None:
    """What is imported stays, so the collection at the end of every test need not look at it."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> SetClock:
    """The time of the tenant's people, and of the storage as their processes meet it."""
    return SetClock(datetime(2024, 1, 1, tzinfo=UTC))


class ProcessFactory(Protocol):
    """Makes processes."""

    def __call__(
        self, own_time: Callable[[], datetime] | None = None, storage_time: Callable[[], datetime] | None = None
    ) -> ReportingProcess:
        """A process whose own clock and whose storage's are the test's.

        With an own time of its own, its storage's is the emulator's true one, or the storage time given.
        """


@pytest.fixture
async def new_process(connection_string: str, clock: SetClock) -> AsyncIterator[ProcessFactory]:
    """Makes processes. At the end nothing runs on, and no task has failed without anybody asking."""
    unasked: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unasked.append(str(context)))
    async with AsyncExitStack() as opened:

        def make(
            own_time: Callable[[], datetime] | None = None, storage_time: Callable[[], datetime] | None = None
        ) -> ReportingProcess:
            if own_time and not storage_time:
                own_clock = StorageClock(own_time)
            else:
                own_clock = ClockInThePast(own_time or clock, storage_time or clock)
            ledger_table, reports_table = (
                _table(opened, connection_string, name, own_clock) for name in ("ledger", "reports")
            )
            ledger = TableLedger(ledger_table, own_clock)
            return ReportingProcess(
                table=ledger_table,
                clock=own_clock,
                ledger=ledger,
                reports=reports_table,
                records=TableRecords(ledger, ledger_table, reports_table),
                integrity=IntegrityChecker(ledger_table, reports_table, own_clock),
                upkeep=TableUpkeep(ledger_table, reports_table, own_clock),
            )

        yield make
        await _all_ended()
    gc.collect()
    assert not unasked


def _table(opened: AsyncExitStack, connection_string: str, name: str, clock: StorageClock) -> WatchedTable:
    client, wire = connect(name, clock.observe, connection_string=connection_string)
    opened.push_async_callback(client.close)
    return WatchedTable(client, wire)


async def _all_ended() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        _, running = await asyncio.wait(left, timeout=WAIT_SECONDS)
        assert not running


@pytest.fixture
async def process(new_process: ProcessFactory) -> ReportingProcess:
    """The process under test."""
    return new_process()


@pytest.fixture
async def rival(new_process: ProcessFactory) -> ReportingProcess:
    """Another process on the same tenants."""
    return new_process()


@pytest.fixture
def random() -> Random:
    """Chance. Its seed is shown when the test fails, and AUTOCLAIM_TEST_SEED gives it again."""
    seed = int(os.environ.get("AUTOCLAIM_TEST_SEED") or SystemRandom().randrange(1 << 32))
    print(f"AUTOCLAIM_TEST_SEED={seed}")  # noqa: T201
    return Random(seed)  # noqa: S311 - not a secret


@pytest.fixture
async def reader(new_process: ProcessFactory) -> ReportingProcess:
    """A process that only reads."""
    return new_process()
