"""A table over several accounts is a table: every tenant's calls go to its account, and tombstones are no tenants."""

import asyncio
import inspect
from uuid import uuid4

import pytest

from domain.errors import LedgerUnavailableError, TenantClosedError
from storage.accounts.spread import SpreadTable
from storage.tables.table import LedgerTable
from storage.upkeep.changes import ChangeNotes
from tests.accounts.conftest import ProcessFactory
from tests.accounts.processes import ACCOUNTS, FIRST, SECOND, RawAccounts, SpreadProcess
from tests.reports.history import History
from tests.reports.processes import SetClock
from tests.storage.faulty_table import unavailable


def test_every_call_of_a_table_is_sent_to_an_account() -> None:
    """One that was inherited would go nowhere."""
    calls = {name for name, value in vars(LedgerTable).items() if inspect.isfunction(value) and name[0] != "_"}

    assert calls == {name for name in vars(SpreadTable) if name in calls}


async def test_tenants_live_side_by_side_and_each_is_found_once(
    new_process: ProcessFactory, clock: SetClock, accounts: RawAccounts
) -> None:
    homes = {str(uuid4()): account for account in ACCOUNTS for _ in range(3)}
    process = new_process({tenant_id: home for tenant_id, home in homes.items() if home != FIRST})
    for tenant_id, home in homes.items():
        await process.move(tenant_id, home)
        history = History(tenant_id, process, clock, 1)
        await history.open()
        await history.burst(2)
        await process.roll_up_all(tenant_id)
        await process.assert_reports(tenant_id, history.told)
        assert await process.check(tenant_id) == []
        assert accounts.living(tenant_id) == [home]

    for _ in range(2):
        found = [tenant_id async for tenant_id in process.upkeep.tenants()]
        assert len(found) == len(set(found))
        assert set(homes) <= set(found)


async def test_a_tenant_elsewhere_is_not_found_where_its_tombstone_is(
    history: History, old: SpreadProcess, new: SpreadProcess, operator: SpreadProcess
) -> None:
    tenant_id = history.tenant_id
    assert tenant_id not in [each async for each in new.upkeep.tenants()]
    await operator.move(tenant_id, SECOND)
    assert [each async for each in new.upkeep.tenants()].count(tenant_id) == 1
    await operator.move(tenant_id, FIRST)
    assert [each async for each in old.upkeep.tenants()].count(tenant_id) == 1


@pytest.mark.parametrize("away", ACCOUNTS)
async def test_health_names_the_account_that_is_away(new: SpreadProcess, away: str) -> None:
    await new.ledger.check()
    new.accounts[away][0].at("get", before=unavailable, times=10)

    with pytest.raises(LedgerUnavailableError, match=f"^{away}: "):
        await new.ledger.check()


async def test_an_account_that_is_away_stops_only_its_own_tenants(
    history: History, old: SpreadProcess, new_process: ProcessFactory, operator: SpreadProcess, clock: SetClock
) -> None:
    tenant_id, neighbour = history.tenant_id, str(uuid4())
    await operator.move(tenant_id, SECOND)
    process = new_process({tenant_id: SECOND})
    beside = History(neighbour, process, clock, 1)
    await beside.open()
    for table in process.accounts[SECOND]:
        for kind in ("get", "page", "commit"):
            table.at(kind, before=unavailable, times=1_000)

    await beside.burst(3)
    with pytest.raises(LedgerUnavailableError):
        await process.state(tenant_id)
    for table in process.accounts[FIRST]:
        for kind in ("get", "page", "commit"):
            table.at(kind, before=unavailable, times=1_000)
    for table in process.accounts[SECOND]:
        table.heal()
    history.process = process
    await history.burst(3)
    assert await old.check(neighbour) == []


async def test_a_tenant_that_moves_keeps_the_note_that_it_changed(
    history: History, old: SpreadProcess, new: SpreadProcess, operator: SpreadProcess
) -> None:
    """Notes are in the default account, wherever the tenant is."""
    tenant_id = history.tenant_id
    notes = ChangeNotes(SpreadTable({account: tables[0] for account, tables in old.accounts.items()}, {}))
    notes.note(tenant_id)
    while tenant_id not in [each.tenant_id for each in await old.upkeep.changes()]:  # noqa: ASYNC110 - in the storage
        await asyncio.sleep(0.005)

    await operator.move(tenant_id, SECOND)
    await operator.moves.clean(tenant_id)

    [change] = [each for each in await new.upkeep.changes() if each.tenant_id == tenant_id]
    with pytest.raises(TenantClosedError):
        await old.upkeep.roll_up(tenant_id, 10)
    assert await new.upkeep.roll_up(tenant_id, 10)
    await new.upkeep.forget_change(change)
    assert tenant_id not in [each.tenant_id for each in await old.upkeep.changes()]


async def test_trouble_with_any_account_counts(new: SpreadProcess) -> None:
    for tables in new.accounts.values():
        tables[0]._unanswered += 1  # noqa: SLF001 - as a call does that is refused
    assert new.upkeep.unanswered() == len(ACCOUNTS)
