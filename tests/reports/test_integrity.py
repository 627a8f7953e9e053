"""An integrity check finds nothing where nothing is wrong, whatever comes in meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from itertools import pairwise
from random import Random
from types import ModuleType
from typing import Any

import pytest

import storage.upkeep.integrity
from domain.integrity import Discrepancy
from storage.rows.users import READS_AT_ONCE
from tests.domain.tenants import guid
from tests.reports.history import History, backup
from tests.reports.lively_tenant import Storm, lively_tenant
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import keys_of
from tests.reports.tables import MOMENTS, AtMoment
from tests.storage.audit import audit, report, rows_of

RETENTION_LEAST = 90


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    return await lively_tenant(tenant_id, process, clock)


@pytest.fixture
def small_calls(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A check takes many calls."""
    monkeypatch.setattr(storage.upkeep.integrity, "USERS_PER_CALL", 3)
    monkeypatch.setattr(storage.upkeep.integrity, "COMMITS_PER_CALL", 4)
    return storage.upkeep.integrity


async def test_a_tenant_that_never_was_is_whole(process: ReportingProcess, tenant_id: str) -> None:
    step = await process.integrity.step(tenant_id, None, 400)
    assert (step.ok, step.users, step.licenses, step.journal_entries, step.progress) == (True, 0, 0, 0, None)


async def test_a_lively_tenant_is_whole_and_everything_is_looked_at(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    rows = rows_of(connection_string, history.tenant_id)
    assert not report(audit(rows))
    step = await reader.integrity.step(history.tenant_id, None, 400)
    while step.progress is not None:
        assert step.ok
        step = await reader.integrity.step(history.tenant_id, step.progress, 400)
    assert (step.ok, step.discrepancies) == (True, ())
    assert step.users == sum(str(row["RowKey"]).startswith("user:") for row in rows)
    assert step.licenses == sum((await reader.state(history.tenant_id)).head.assigned.values())
    assert step.journal_entries >= history.told.total() + 20


@pytest.mark.usefixtures("small_calls")
async def test_a_check_of_many_calls_finds_nothing_either(history: History, reader: ReportingProcess) -> None:
    calls = []

    async def count() -> None:
        calls.append(1)

    assert await reader.check(history.tenant_id, between=count) == []
    assert len(calls) > 8


@pytest.mark.usefixtures("small_calls")
@pytest.mark.parametrize("run", range(4))
async def test_changes_between_all_calls_raise_no_alarm(
    run: int, history: History, reader: ReportingProcess, random: Random
) -> None:
    del run
    storm = Storm(history, random)
    assert await reader.check(history.tenant_id, between=storm.change) == []
    assert storm.changes > 8
    assert await reader.check(history.tenant_id) == []


@pytest.mark.usefixtures("small_calls")
@pytest.mark.parametrize("run", range(4))
async def test_changes_in_the_middle_of_calls_raise_no_alarm(
    run: int, history: History, reader: ReportingProcess, random: Random
) -> None:
    del run
    storm = Storm(history, random)

    async def perhaps(moment: str, kind: str) -> None:
        del moment, kind
        if random.random() < 0.2:
            await storm.change()

    with reader.watched(perhaps):
        assert await reader.check(history.tenant_id) == []
    assert storm.changes > 8
    assert await reader.check(history.tenant_id) == []


async def test_changes_after_the_users_were_read_are_not_undone(history: History, reader: ReportingProcess) -> None:
    """One user changes before the users are read, so the journal is asked; others change before it answers."""
    process, tenant_id = history.process, history.tenant_id

    async def early() -> None:
        await history.sign_in("zz", 0)

    async def late() -> None:
        await process.take_back(tenant_id, "user-000001")
        await process.assign(tenant_id, "user-000003", backup(1))
        await process.assign(tenant_id, "user-000003", backup(1), guid(0xE1))

    table = reader.tables[0]
    table.at("page", "user:", before=early)
    table.at("page", "journal:", before=late)
    assert await reader.check(tenant_id) == []
    assert await reader.check(tenant_id) == []


async def test_a_check_that_too_much_overtakes_begins_again(
    history: History,
    reader: ReportingProcess,
    small_calls: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    connection_string: str,
) -> None:
    monkeypatch.setattr(small_calls, "COMMITS_UNDONE", 6)
    users: list[int] = []
    progress: Any = None
    for call in range(200):
        step = await reader.integrity.step(history.tenant_id, progress, 400)
        assert step.ok
        users.append(step.users)
        progress = step.progress
        if progress is None:
            break
        if call == 2:
            for number in range(7):
                history.clock.forward(minutes=1)
                await history.sign_in(f"user-zz{number}", 0)
    assert progress is None
    # It counts from the beginning again, once.
    assert sum(later < earlier for earlier, later in pairwise(users)) == 1
    assert users[-1] == len(keys_of(connection_string, history.tenant_id, start="user:"))


async def _check_with(
    history: History, reader: ReportingProcess, at_call: int, action: Callable[[], Awaitable[object]]
) -> tuple[list[Discrepancy], bool]:
    """What a check finds when that is done after so many calls, and whether it came so far."""
    calls = 0

    async def between() -> None:
        nonlocal calls
        if calls == at_call:
            await action()
        calls += 1

    return await reader.check(history.tenant_id, RETENTION_LEAST, between=between), calls > at_call


@pytest.mark.usefixtures("small_calls")
@pytest.mark.parametrize("at_call", [0, 1, 4, 5, 6, 8])
async def test_a_first_pruning_between_any_two_calls_raises_no_alarm(
    at_call: int, history: History, reader: ReportingProcess, clock: SetClock
) -> None:
    clock.set(date(2024, 4, 20), 9)
    await history.burst(2)
    found, came = await _check_with(
        history, reader, at_call, lambda: history.process.prune_all(history.tenant_id, RETENTION_LEAST)
    )
    assert came
    assert found == []


@pytest.mark.usefixtures("small_calls")
@pytest.mark.parametrize("at_call", [0, 1, 4])
async def test_a_second_pruning_between_two_calls_raises_no_alarm(
    at_call: int, history: History, reader: ReportingProcess, clock: SetClock
) -> None:
    clock.set(date(2024, 4, 4), 12)  # 5 January is 90 days ago, and 6 January is not yet.
    await history.burst(2)
    await history.process.roll_up_all(history.tenant_id)
    clock.set(date(2024, 4, 5), 12)
    await history.process.prune_all(history.tenant_id, RETENTION_LEAST)
    assert await reader.check(history.tenant_id, RETENTION_LEAST) == []

    clock.set(date(2024, 5, 5), 12)
    found, came = await _check_with(
        history, reader, at_call, lambda: history.process.prune_all(history.tenant_id, RETENTION_LEAST)
    )
    assert came
    assert found == []


@pytest.mark.parametrize("after_reading", ["retention", "users"])
async def test_a_pruning_in_the_middle_of_a_call_raises_no_alarm(
    after_reading: str, history: History, reader: ReportingProcess, clock: SetClock
) -> None:
    clock.set(date(2024, 4, 20), 9)
    await history.burst(2)
    await history.process.roll_up_all(history.tenant_id)
    table = reader.tables[0]

    async def prune() -> None:
        await history.process.prune_all(history.tenant_id, RETENTION_LEAST)

    if after_reading == "users":
        table.at("page", "user:", after=prune)
    else:
        # It is read when the check begins, and once more.
        table.at("get", "retention", after=_nothing)
        table.at("get", "retention", after=prune)
    assert await reader.check(history.tenant_id, RETENTION_LEAST) == []


async def _nothing() -> None:
    """An action that does nothing."""


@pytest.mark.usefixtures("small_calls")
@pytest.mark.parametrize("at_call", [0, 4, 6, 8])
async def test_a_rebuild_between_two_calls_raises_no_alarm(
    at_call: int, history: History, reader: ReportingProcess
) -> None:
    found, came = await _check_with(history, reader, at_call, lambda: history.process.upkeep.rebuild(history.tenant_id))
    assert came
    assert found == []


async def test_a_rebuild_in_the_middle_of_a_call_raises_no_alarm(
    history: History, reader: ReportingProcess, rival: ReportingProcess
) -> None:
    for number in MOMENTS[::2]:
        moment = AtMoment(number, lambda: rival.upkeep.rebuild(history.tenant_id))
        with reader.watched(moment):
            assert await reader.check(history.tenant_id) == [], number
        if not moment.done:
            return
    raise AssertionError("the check does not end")


async def test_erasing_names_in_the_middle_of_a_check_raises_no_alarm(
    history: History, reader: ReportingProcess, rival: ReportingProcess
) -> None:
    people = iter([f"user-{number:06d}" for number in range(1, 100)])
    for number in MOMENTS[::2]:
        user_id = next(people, "user-000001")
        moment = AtMoment(number, lambda user_id=user_id: rival.upkeep.erase_names(history.tenant_id, user_id))  # type: ignore[misc]
        with reader.watched(moment):
            assert await reader.check(history.tenant_id) == [], number
        if not moment.done:
            return
    raise AssertionError("the check does not end")


async def test_a_check_has_a_bounded_number_of_reads_under_way(history: History, reader: ReportingProcess) -> None:
    """More than there are connections wait for one, and time out: a call's time runs while it waits."""
    history.clock.forward(hours=1)
    await history.burst(98)
    await history.burst(98)
    under_way = most = 0

    async def count(moment: str, kind: str) -> None:
        nonlocal under_way, most
        del kind
        under_way += 1 if moment == "before" else -1
        most = max(most, under_way)

    with reader.watched(count):
        assert await reader.check(history.tenant_id) == []
        await reader.records.users(history.tenant_id, [f"user-{number:06d}" for number in range(100)])
    assert 20 < most <= READS_AT_ONCE


async def test_a_call_looks_at_no_more_users_in_the_journal_than_in_the_rows(
    history: History, reader: ReportingProcess
) -> None:
    for commit in range(12):
        history.clock.forward(minutes=1)
        await asyncio.gather(*(history.sign_in(f"storm-{commit}-{number}", 0) for number in range(98)))
    progress = None
    for _ in range(20):
        reader.tables[0].forget_calls()
        step = await reader.integrity.step(history.tenant_id, progress, RETENTION_LEAST)
        assert reader.tables[0].count("get", "user:") <= storage.upkeep.integrity.USERS_PER_CALL
        if step.progress is None:
            return
        progress = step.progress
    raise AssertionError("the check does not end")
