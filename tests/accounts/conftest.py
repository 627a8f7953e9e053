"""Storage accounts, each with tables of its own in one emulator, and processes whose settings of them may differ."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import product
from random import Random, SystemRandom
from typing import Any, Protocol

import pytest
from azure.data.tables import TableServiceClient

from functions.composition import connect
from localhost.emulator import Azurite
from storage.accounts.moving import TenantMover
from storage.accounts.spread import Account, SpreadTable
from storage.engine.ledger import TableLedger
from storage.reports.records import TableRecords
from storage.tables.clock import StorageClock
from storage.upkeep.integrity import IntegrityChecker
from storage.upkeep.upkeep import TableUpkeep
from tests.accounts.processes import ACCOUNTS, FIRST, SECOND, TABLES, RawAccounts, SpreadProcess
from tests.reports.history import History
from tests.reports.processes import SetClock
from tests.reports.tables import KilledError, WatchedTable
from tests.storage.storage_time import ClockInThePast

WAIT_SECONDS = 20


@pytest.fixture(scope="session")
def accounts(azurite: Azurite) -> RawAccounts:
    """The accounts, with their tables made."""
    with TableServiceClient.from_connection_string(azurite.connection_string) as service:
        for account, table in product(ACCOUNTS, TABLES):
            service.create_table_if_not_exists(account + table)
    return RawAccounts(azurite.connection_string)


@pytest.fixture
def clock() -> SetClock:
    """The time of the tenant's people, and of the storage as their processes meet it."""
    return SetClock(datetime(2024, 1, 1, tzinfo=UTC))


class ProcessFactory(Protocol):
    """Makes processes."""

    def __call__(self, homes: Mapping[str, str]) -> SpreadProcess:
        """A process whose setting names the accounts of these tenants."""


@pytest.fixture
async def new_process(accounts: RawAccounts, clock: SetClock) -> AsyncIterator[ProcessFactory]:
    """Makes processes. At the end nothing runs on, and no task but of the killed has failed without anybody asking."""
    unasked: list[str] = []

    def note(_: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        if not isinstance(context.get("exception"), KilledError):
            unasked.append(str(context))

    asyncio.get_running_loop().set_exception_handler(note)
    async with AsyncExitStack() as opened:

        def table(name: str, own_clock: StorageClock) -> WatchedTable:
            client, wire = connect(name, own_clock.observe, connection_string=accounts.connection_string)
            opened.push_async_callback(client.close)
            return WatchedTable(client, wire)

        def make(homes: Mapping[str, str]) -> SpreadProcess:
            own_clock = ClockInThePast(clock, clock)
            ledgers = {account: table(f"{account}ledger", own_clock) for account in ACCOUNTS}
            reports = {account: table(f"{account}reports", own_clock) for account in ACCOUNTS}
            spread_ledger, spread_reports = SpreadTable(ledgers, homes), SpreadTable(reports, homes)
            ledger = TableLedger(spread_ledger, own_clock)
            return SpreadProcess(
                table=ledgers[FIRST],
                clock=own_clock,
                ledger=ledger,
                reports=reports[FIRST],
                records=TableRecords(ledger, spread_ledger, spread_reports),
                integrity=IntegrityChecker(spread_ledger, spread_reports, own_clock),
                upkeep=TableUpkeep(spread_ledger, spread_reports, own_clock),
                moves=TenantMover([Account(account, ledgers[account], reports[account]) for account in ACCOUNTS]),
                accounts={account: (ledgers[account], reports[account]) for account in ACCOUNTS},
            )

        yield make
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            _, running = await asyncio.wait(left, timeout=WAIT_SECONDS)
            assert not running
    gc.collect()
    assert not unasked


@pytest.fixture
async def old(new_process: ProcessFactory) -> SpreadProcess:
    """A process whose setting has every tenant in the first account."""
    return new_process({})


@pytest.fixture
async def new(new_process: ProcessFactory, tenant_id: str) -> SpreadProcess:
    """A process whose setting has the tenant in the second account."""
    return new_process({tenant_id: SECOND})


@pytest.fixture
async def operator(new_process: ProcessFactory) -> SpreadProcess:
    """Where an operator's commands run."""
    return new_process({})


@pytest.fixture
async def history(old: SpreadProcess, clock: SetClock, tenant_id: str) -> History:
    """A small tenant with something in every kind of row, of which the tail is not rolled up."""
    history = History(tenant_id, old, clock, 2)
    await history.open()
    await history.burst(6)
    await history.take_back("user-000001", 0)
    await old.roll_up_all(tenant_id)
    clock.forward(days=1)
    await history.burst(3)
    return history


@pytest.fixture
def random() -> Random:
    """Chance. Its seed is shown when the test fails, and AUTOCLAIM_TEST_SEED gives it again."""
    seed = int(os.environ.get("AUTOCLAIM_TEST_SEED") or SystemRandom().randrange(1 << 32))
    print(f"AUTOCLAIM_TEST_SEED={seed}")  # noqa: T201
    return Random(seed)  # noqa: S311 - not a secret
