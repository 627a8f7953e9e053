"""Deleting a tenant leaves nothing of it, touches no other, and lets nothing come back."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from domain.errors import LedgerUnavailableError
from domain.policies import delete_policy
from domain.sign_ins import Outcome
from storage.tables.table import ConflictError
from tests.domain.tenants import ANY
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History, app_id, policy
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import put_all
from tests.reports.tables import MOMENTS, AtMoment, KilledError, killed
from tests.storage.audit import rows_of

# What a process that leads looks for by itself is no call of what is tested.
pytestmark = [pytest.mark.usefixtures("beyond_recall"), pytest.mark.usefixtures("nobody_leads")]
"""People come again in the next life, with the same ids."""


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """A small tenant with something in every kind of row, of which the tail is not rolled up."""
    history = History(tenant_id, process, clock, 2)
    await history.open()
    await history.burst(4)
    await process.done(tenant_id, delete_policy, policy_id=policy(1), precondition=ANY)
    history.policies = 1
    await process.roll_up_all(tenant_id)
    clock.set(date(2024, 4, 2))
    await process.prune_all(tenant_id, 90)
    await history.burst(2)
    await process.roll_up_all(tenant_id)
    await history.burst(1)
    return history


@pytest.fixture
async def neighbour(
    process: ReportingProcess, clock: SetClock, connection_string: str
) -> AsyncIterator[ReportingProcess]:
    """Another tenant. At the end its rows are as they were. Gives the process that made it."""
    tenant_id = str(uuid4())
    history = History(tenant_id, process, clock, 1)
    await history.open()
    await history.burst(2)
    await process.roll_up_all(tenant_id)
    before = all_rows(connection_string, tenant_id)
    yield process
    assert all_rows(connection_string, tenant_id) == before


def all_rows(connection_string: str, tenant_id: str) -> list[dict[str, Any]]:
    """Every row of a tenant in both tables."""
    return [row for table in ("ledger", "reports") for row in rows_of(connection_string, tenant_id, table)]


def copy_of(connection_string: str, tenant_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of a tenant by table, to be put back."""
    return {table: rows_of(connection_string, tenant_id, table) for table in ("ledger", "reports")}


def put_back(connection_string: str, copy: dict[str, list[dict[str, Any]]]) -> None:
    """A tenant as it was."""
    for table, rows in copy.items():
        put_all(connection_string, rows, table)


@pytest.mark.usefixtures("neighbour")
async def test_nothing_is_left_and_sign_ins_find_no_tenant(
    history: History, reader: ReportingProcess, rival: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    # Both have the tenant cached, with people in it.
    assert (await rival.sign_in(tenant_id, "user-000001", app_id(0))).outcome is Outcome.ALREADY_LICENSED
    await history.burst(3)

    await reader.upkeep.delete_tenant(tenant_id)

    assert all_rows(connection_string, tenant_id) == []
    for process in (history.process, rival, reader):
        for user_id in ("user-000001", "newcomer"):
            assert (await process.sign_in(tenant_id, user_id, app_id(0))).outcome is Outcome.FEATURE_OFF
    assert all_rows(connection_string, tenant_id) == []
    assert tenant_id not in [each async for each in reader.upkeep.tenants()]
    await reader.upkeep.delete_tenant(tenant_id)
    assert all_rows(connection_string, tenant_id) == []


@pytest.mark.usefixtures("neighbour")
async def test_a_deletion_that_is_killed_at_any_call_is_completed_by_the_next(
    history: History, reader: ReportingProcess, new_process: ProcessFactory, connection_string: str
) -> None:
    """In between, sign-ins are refused and bring nothing back, and the timer may come by."""
    tenant_id = history.tenant_id
    copy = copy_of(connection_string, tenant_id)
    for number in MOMENTS:
        deleter, timer = new_process(), new_process()
        moment = AtMoment(number, killed)
        with deleter.watched(moment), suppress(KilledError):
            await deleter.upkeep.delete_tenant(tenant_id)
        before = len(rows_of(connection_string, tenant_id))
        if before < len(copy["ledger"]):
            for user_id in ("user-000001", "newcomer"):
                with suppress(LedgerUnavailableError):
                    outcome = (await history.process.sign_in(tenant_id, user_id, app_id(0))).outcome
                    assert outcome is Outcome.FEATURE_OFF
            assert len(rows_of(connection_string, tenant_id)) == before
        with suppress(LedgerUnavailableError):
            await timer.upkeep.roll_up(tenant_id, 10)
        await reader.upkeep.delete_tenant(tenant_id)
        assert all_rows(connection_string, tenant_id) == [], number
        if not moment.done:
            assert number > 8
            return
        put_back(connection_string, copy)
    raise AssertionError("the deletion does not end")


async def test_a_commit_in_flight_does_not_get_through(
    history: History, reader: ReportingProcess, rival: ReportingProcess, connection_string: str
) -> None:
    """At each call of a claim the tenant is deleted: the claim is made before, or not at all, and revives nothing."""
    tenant_id = history.tenant_id
    copy = copy_of(connection_string, tenant_id)
    for number in MOMENTS:
        assert (await rival.sign_in(tenant_id, "user-000001", app_id(0))).outcome is Outcome.ALREADY_LICENSED
        moment = AtMoment(number, lambda: reader.upkeep.delete_tenant(tenant_id))
        outcome = None
        # Who was posted to another process, and not answered, is told that nobody knows.
        with rival.watched(moment), suppress(LedgerUnavailableError):
            outcome = (await rival.sign_in(tenant_id, f"newcomer-{number}", app_id(0))).outcome
        if not moment.done:
            assert outcome is Outcome.CLAIMED
            assert number >= 2
            return
        assert all_rows(connection_string, tenant_id) == [], number
        assert outcome in {Outcome.FEATURE_OFF, Outcome.CLAIMED, None}
        put_back(connection_string, copy)
    raise AssertionError("the claim does not end")


async def test_an_administrators_change_in_flight_does_not_get_through_either(
    history: History, reader: ReportingProcess, rival: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    await rival.state(tenant_id)
    rival.table.at("commit", before=lambda: reader.upkeep.delete_tenant(tenant_id))
    # It is decided again, on a tenant without licenses.
    await rival.take_back(tenant_id, "user-000002")
    assert all_rows(connection_string, tenant_id) == []


async def test_a_roll_up_at_whose_calls_the_tenant_is_deleted_leaves_nothing(
    history: History, reader: ReportingProcess, rival: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    copy = copy_of(connection_string, tenant_id)
    for number in MOMENTS:
        moment = AtMoment(number, lambda: reader.upkeep.delete_tenant(tenant_id))
        with rival.watched(moment), suppress(LedgerUnavailableError):
            await rival.upkeep.roll_up(tenant_id, 10)
        if not moment.done:
            assert number > 5
            return
        assert all_rows(connection_string, tenant_id) == [], number
        put_back(connection_string, copy)
    raise AssertionError("the roll-up does not end")


async def test_a_rebuild_of_a_tenant_that_never_was_writes_nothing(
    process: ReportingProcess, tenant_id: str, connection_string: str
) -> None:
    await process.upkeep.rebuild(tenant_id)
    assert all_rows(connection_string, tenant_id) == []


@pytest.mark.parametrize("what", ["roll-up", "report", "rebuild", "pruning", "erasing", "check"])
async def test_what_runs_at_any_call_of_a_deletion_leaves_nothing(
    what: str, history: History, reader: ReportingProcess, rival: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    copy = copy_of(connection_string, tenant_id)

    async def run() -> None:
        with suppress(LedgerUnavailableError):
            match what:
                case "roll-up":
                    await rival.upkeep.roll_up(tenant_id, 10)
                case "report":
                    await rival.reported(tenant_id, 90)
                case "rebuild":
                    await rival.upkeep.rebuild(tenant_id)
                case "pruning":
                    await rival.upkeep.prune(tenant_id, 90)
                case "erasing":
                    await rival.upkeep.erase_names(tenant_id, "user-000001")
                case _:
                    await rival.integrity.step(tenant_id, None, 400)

    for number in MOMENTS:
        moment = AtMoment(number, run)
        with reader.watched(moment):
            await reader.upkeep.delete_tenant(tenant_id)
        assert all_rows(connection_string, tenant_id) == [], number
        if not moment.done:
            return
        put_back(connection_string, copy)
    raise AssertionError("the deletion does not end")


async def test_a_tenant_begins_anew_after_it_was_deleted(
    history: History, reader: ReportingProcess, rival: ReportingProcess, clock: SetClock
) -> None:
    """Its numbers go on, so no version of anything comes twice."""
    tenant_id = history.tenant_id
    last = (await rival.state(tenant_id)).head.sequence
    await reader.upkeep.delete_tenant(tenant_id)
    again = History(tenant_id, rival, clock, 2)
    await again.open()
    assert (await rival.state(tenant_id)).head.sequence == last + 9
    await again.burst(5)
    # The process that knew the old tenant serves the new one.
    assert (await history.process.sign_in(tenant_id, "user-000001", app_id(0))).outcome is Outcome.ALREADY_LICENSED
    await reader.roll_up_all(tenant_id)
    await reader.assert_reports(tenant_id, again.told)
    assert await reader.check(tenant_id) == []


async def test_two_deletions_at_once_leave_nothing(
    history: History, reader: ReportingProcess, rival: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    copy = copy_of(connection_string, tenant_id)
    for number in MOMENTS:
        moment = AtMoment(number, lambda: rival.upkeep.delete_tenant(tenant_id))
        with reader.watched(moment):
            await reader.upkeep.delete_tenant(tenant_id)
        assert all_rows(connection_string, tenant_id) == [], number
        if not moment.done:
            return
        put_back(connection_string, copy)
    raise AssertionError("the deletion does not end")


async def test_closing_is_given_up_after_a_bound(history: History, rival: ReportingProcess) -> None:
    """Somebody wins each time, and it is never the deletion: it fails loudly, and can be run again."""
    tenant_id = history.tenant_id

    async def claim() -> None:
        history.clock.forward(seconds=1)
        await history.burst(1)

    rival.table.at("get", "state", after=claim, times=1_000)
    with pytest.raises((ConflictError, LedgerUnavailableError)):
        await rival.upkeep.delete_tenant(tenant_id)
    assert rival.table.count("get", "state") <= 200
    rival.table.heal()
    await rival.upkeep.delete_tenant(tenant_id)
