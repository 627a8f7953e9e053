"""Ledgers on the real emulator, each test with a tenant of its own."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableClient as BlockingTableClient
from hypothesis import settings

from functions.composition import connect
from localhost.emulator import Azurite
from storage.engine.ledger import TableLedger
from storage.engine.posts import inbox, leadership
from storage.tables.clock import StorageClock
from tests.storage.audit import audit, report, rows_of
from tests.storage.faulty_table import WAIT_SECONDS, FaultyTable
from tests.storage.processes import Process

# A busy machine is no fault of what is tested.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def connection_string(azurite: Azurite) -> str:
    """The emulator's, with the ledger's table made."""
    client = BlockingTableClient.from_connection_string(azurite.connection_string, "ledger")
    with client, contextlib.suppress(ResourceExistsError):
        client.create_table()
    return azurite.connection_string


ProcessFactory = Callable[[], Process]


@pytest.fixture
async def new_process(connection_string: str) -> AsyncIterator[ProcessFactory]:
    """Makes what one process of the app has: a client, a table, a clock and a ledger.

    At the end nothing runs on, and no task has failed without anybody asking.
    """
    unasked: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unasked.append(str(context)))
    async with AsyncExitStack() as opened:

        def make() -> Process:
            clock = StorageClock()
            client, wire = connect("ledger", clock.observe, connection_string=connection_string)
            opened.push_async_callback(client.close)
            table = FaultyTable(client, wire)
            return Process(table, clock, TableLedger(table, clock))

        yield make
        await _all_ended()
    gc.collect()
    assert not unasked


async def _all_ended() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        _, running = await asyncio.wait(left, timeout=WAIT_SECONDS)
        assert not running


@pytest.fixture
async def process(new_process: ProcessFactory) -> Process:
    """The process under test."""
    return new_process()


@pytest.fixture
async def rival(new_process: ProcessFactory) -> Process:
    """Another process on the same tenants."""
    return new_process()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no reason to believe that a leader is gone."""
    monkeypatch.setattr(leadership, "ALIVE_SECONDS", 10.0)
    monkeypatch.setattr(leadership, "PATIENCE_SECONDS", 10.0)
    monkeypatch.setattr(inbox, "LISTEN_SECONDS", 3.0)


@pytest.fixture
def audited(connection_string: str, tenant_id: str) -> Iterator[str]:
    """A tenant whose rows are audited at the end."""
    yield tenant_id
    problems = audit(rows_of(connection_string, tenant_id))
    assert not problems, report(problems)
