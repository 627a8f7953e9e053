"""What was on its way when a tenant was deleted comes to nobody, or to the tenant's next life. It changes neither.

Upkeep writes without a caller who waits, and may be stopped anywhere: a laptop is closed, a virtual machine is moved.
"""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from datetime import date

import pytest

from domain.errors import LedgerUnavailableError
from storage.tables.operations import written_over
from storage.tables.table import ConflictError
from tests.domain.tenants import E1, product
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.tables import MOMENTS, AtMoment, KilledError, killed
from tests.storage.audit import rows_of
from tests.storage.faulty_table import FaultyTable, Gate

# What a process that leads looks for by itself is no call of what is tested.
pytestmark = [pytest.mark.usefixtures("beyond_recall"), pytest.mark.usefixtures("nobody_leads")]
"""People come again in the next life, with the same ids."""


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """A tenant with claims of January 2024."""
    history = History(tenant_id, process, clock, 1)
    await history.open()
    await history.burst(3)
    return history


def keys(connection_string: str, tenant_id: str, table: str = "ledger") -> list[str]:
    return [row["RowKey"] for row in rows_of(connection_string, tenant_id, table)]


async def held_up(
    table: FaultyTable, kind: str, row: str, work: Awaitable[object]
) -> "tuple[asyncio.Task[None], Gate]":
    """The work, held up before its next call of that kind."""
    gate = Gate()
    table.at(kind, row, before=gate)

    async def run() -> None:
        with suppress(LedgerUnavailableError, ConflictError):
            await work

    task = asyncio.create_task(run())
    await gate.reached()
    return task, gate


async def begin_again(history: History) -> History:
    """The same tenant, made again by the same process, with claims."""
    again = History(history.tenant_id, history.process, history.clock, 1)
    await again.open()
    await again.burst(2)
    return again


async def assert_right(history: History, reader: ReportingProcess) -> None:
    """Reports have what people were told in this life, and a check finds nothing."""
    await reader.roll_up_all(history.tenant_id)
    await reader.assert_reports(history.tenant_id, history.told)
    assert await reader.check(history.tenant_id) == []


@pytest.mark.parametrize("begins_again", [False, True])
async def test_a_first_pruning(  # noqa: PLR0913 - everybody who takes part
    *,
    begins_again: bool,
    history: History,
    rival: ReportingProcess,
    reader: ReportingProcess,
    clock: SetClock,
    connection_string: str,
) -> None:
    tenant_id = history.tenant_id
    clock.set(date(2024, 6, 1))
    await history.process.roll_up_all(tenant_id)
    pruning, gate = await held_up(rival.table, "commit", "", rival.upkeep.prune(tenant_id, 90))
    await reader.upkeep.delete_tenant(tenant_id)
    if begins_again:
        history = await begin_again(history)
    before = keys(connection_string, tenant_id)
    gate.open()
    await pruning

    assert keys(connection_string, tenant_id) == before
    history = await begin_again(history) if not begins_again else history
    await history.process.prune_all(tenant_id, 90)
    await assert_right(history, reader)


@pytest.mark.parametrize("begins_again", [False, True])
async def test_a_first_roll_up(
    *,
    begins_again: bool,
    history: History,
    rival: ReportingProcess,
    reader: ReportingProcess,
    connection_string: str,
) -> None:
    tenant_id = history.tenant_id
    rolling, gate = await held_up(rival.reports, "commit", "", rival.upkeep.roll_up(tenant_id, 5))
    await reader.upkeep.delete_tenant(tenant_id)
    if begins_again:
        history = await begin_again(history)
    gate.open()
    await rolling

    if not begins_again:
        assert keys(connection_string, tenant_id, "reports") == []
        history = await begin_again(history)
    await assert_right(history, reader)


async def test_a_roll_up_stopped_at_any_call(
    history: History, new_process: ProcessFactory, reader: ReportingProcess, connection_string: str
) -> None:
    """It goes on in the tenant's next life."""
    tenant_id = history.tenant_id
    for number in MOMENTS:
        roller = new_process()
        told: list[History] = []

        async def next_life(told: list[History] = told, history: History = history) -> None:
            await reader.upkeep.delete_tenant(tenant_id)
            told.append(await begin_again(history))

        moment = AtMoment(number, next_life)
        with roller.watched(moment), suppress(LedgerUnavailableError):
            await roller.upkeep.roll_up(tenant_id, 5)
        if not moment.done:
            assert number > 5
            return
        await assert_right(told[0], reader)
        await reader.upkeep.delete_tenant(tenant_id)
        assert keys(connection_string, tenant_id, "reports") == []
        history = await begin_again(history)
    raise AssertionError("the roll-up does not end")


async def test_the_end_of_a_rebuild(
    history: History, rival: ReportingProcess, reader: ReportingProcess, connection_string: str
) -> None:
    """It deletes old rows, and the next life has rows of the same keys."""
    tenant_id = history.tenant_id
    await history.process.roll_up_all(tenant_id)
    rebuilding, gate = await held_up(rival.reports, "page", "counts:000001", rival.upkeep.rebuild(tenant_id))
    await reader.upkeep.delete_tenant(tenant_id)
    again = await begin_again(history)
    await reader.roll_up_all(tenant_id)
    before = keys(connection_string, tenant_id, "reports")
    gate.open()
    await rebuilding

    assert keys(connection_string, tenant_id, "reports") == before
    await assert_right(again, reader)


@pytest.mark.whole_pages
async def test_a_deletions_transaction(
    process: ReportingProcess, rival: ReportingProcess, reader: ReportingProcess, tenant_id: str, connection_string: str
) -> None:
    """Two operators delete at once, and one of their requests comes when the tenant has begun again."""

    async def much() -> None:
        await process.open(tenant_id, product(E1, 10))
        for number in range(101):
            await process.edit_policy(tenant_id, name=f"Name {number}")

    await much()
    deleting, gate = await held_up(rival.table, "commit", "100", rival.upkeep.delete_tenant(tenant_id))
    await reader.upkeep.delete_tenant(tenant_id)
    assert keys(connection_string, tenant_id) == []
    await much()
    before = keys(connection_string, tenant_id)
    gate.open()
    await deleting

    assert keys(connection_string, tenant_id) == before


async def test_a_deletion_stopped_at_any_call_deletes_nothing_of_the_next_life(
    history: History, new_process: ProcessFactory, reader: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    for number in MOMENTS:
        await history.process.roll_up_all(tenant_id)
        deleter = new_process()
        lives: list[History] = []
        before: list[list[str]] = []

        async def next_life(
            lives: list[History] = lives, before: list[list[str]] = before, history: History = history
        ) -> None:
            await reader.upkeep.delete_tenant(tenant_id)
            lives.append(await begin_again(history))
            await reader.roll_up_all(tenant_id)
            before.append([*keys(connection_string, tenant_id), *keys(connection_string, tenant_id, "reports")])

        moment = AtMoment(number, next_life)
        with deleter.watched(moment):
            await deleter.upkeep.delete_tenant(tenant_id)
        after = [*keys(connection_string, tenant_id), *keys(connection_string, tenant_id, "reports")]
        if not moment.done:
            assert number > 10
            assert after == []
            return
        if after:
            assert [after] == before, number
            await assert_right(lives[0], reader)
        else:
            # It had not closed the tenant yet: it deletes the life that it meets.
            assert number <= 2
            lives = [await begin_again(history)]
        history = lives[0]
    raise AssertionError("the deletion does not end")


async def test_a_deletion_killed_at_any_call_leaves_reports_that_the_next_life_can_use(
    history: History, new_process: ProcessFactory, reader: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    await history.process.roll_up_all(tenant_id)
    for number in MOMENTS:
        deleter = new_process()
        moment = AtMoment(number, killed)
        with deleter.watched(moment), suppress(KilledError):
            await deleter.upkeep.delete_tenant(tenant_id)
        if not keys(connection_string, tenant_id):
            break
    await assert_right(await begin_again(history), reader)


async def test_reports_that_an_earlier_release_left_closed_are_used(history: History, reader: ReportingProcess) -> None:
    """It deleted the head before them."""
    tenant_id = history.tenant_id
    await reader.upkeep.delete_tenant(tenant_id)
    closed = {"PartitionKey": tenant_id, "RowKey": "generation", "closed": True}
    await reader.reports.commit([written_over(closed, None)])
    await assert_right(await begin_again(history), reader)


async def test_a_claim_beside_a_pruning_is_made(history: History, rival: ReportingProcess, clock: SetClock) -> None:
    """A pruning writes the head again: who committed on that decides once more."""
    tenant_id = history.tenant_id
    clock.set(date(2024, 6, 1))
    await history.process.roll_up_all(tenant_id)

    async def pruned() -> None:
        await rival.prune_all(tenant_id, 90)

    history.process.table.at("commit", before=pruned)
    await history.burst(1)
    assert len(history.told) == 2
    assert await rival.check(tenant_id) == []
