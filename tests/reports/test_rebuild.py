"""Rebuilding reports from the journal: cut off anywhere, run again, run twice at once, beside roll-ups."""

import asyncio
from contextlib import suppress
from datetime import date

import pytest

import storage.reports.rollup
from domain.reports import Period
from storage.tables.table import ConflictError
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import keys_of, remove
from tests.reports.tables import MOMENTS, AtMoment, KilledError, killed
from tests.storage.audit import rows_of

PERIOD = Period(date(2024, 1, 1), date(2024, 3, 30))


@pytest.fixture
async def history(
    process: ReportingProcess, clock: SetClock, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> History:
    """Two policies with claims in two months, half of them rolled up; a roll-up takes several steps."""
    history = History(tenant_id, process, clock, policies=2)
    await history.open()
    for day in (date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 2)):
        clock.set(day, 12)
        await history.burst(3)
    await process.roll_up_all(tenant_id)
    clock.set(date(2024, 2, 3), 12)
    await history.burst(3)
    monkeypatch.setattr(storage.reports.rollup, "COMMITS_PER_STEP", 5)
    return history


def generations(connection_string: str, tenant_id: str) -> dict[str, int]:
    """How many rows each generation has, its watermark among them; and which one is read."""
    found: dict[str, int] = {}
    for row in rows_of(connection_string, tenant_id, "reports"):
        if row["RowKey"] == "generation":
            found["read"] = row["generation"]
        else:
            generation = row["RowKey"].split(":")[1]
            found[generation] = found.get(generation, 0) + 1
    return found


async def begin_again(history: History, connection_string: str) -> None:
    """Reports of the first generation, with a tail that is not rolled up."""
    rows = keys_of(connection_string, history.tenant_id, "reports")
    remove(connection_string, history.tenant_id, *rows, table="reports")
    assert not await history.process.upkeep.roll_up(history.tenant_id, 2)


async def test_a_rebuild_repairs_rows_and_leaves_one_generation(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    assert generations(connection_string, history.tenant_id) == {"read": 1, "000001": 1 + 4}
    rows = keys_of(connection_string, history.tenant_id, "reports", "counts:")
    remove(connection_string, history.tenant_id, *rows, table="reports")
    assert await reader.counts(history.tenant_id, PERIOD) != history.told

    await reader.upkeep.rebuild(history.tenant_id)

    assert await reader.counts(history.tenant_id, PERIOD) == history.told
    assert generations(connection_string, history.tenant_id) == {"read": 2, "000002": 1 + 4}
    await reader.upkeep.rebuild(history.tenant_id)
    assert await reader.counts(history.tenant_id, PERIOD) == history.told
    assert generations(connection_string, history.tenant_id) == {"read": 3, "000003": 1 + 4}


async def test_a_rebuild_of_a_tenant_without_a_report_makes_one(
    process: ReportingProcess, tenant_id: str, connection_string: str
) -> None:
    await process.turn(tenant_id, on=True)
    await process.upkeep.rebuild(tenant_id)
    assert await process.counts(tenant_id, PERIOD) == {}
    assert generations(connection_string, tenant_id) == {"read": 2, "000002": 1}


async def test_a_rebuild_that_is_killed_at_any_call_is_completed_by_the_next(
    history: History, reader: ReportingProcess, new_process: ProcessFactory, connection_string: str
) -> None:
    builder = new_process()
    for number in MOMENTS:
        await begin_again(history, connection_string)
        moment = AtMoment(number, killed)
        with builder.watched(moment), suppress(KilledError):
            await builder.upkeep.rebuild(history.tenant_id)
        assert await reader.counts(history.tenant_id, PERIOD) == history.told, number
        if not moment.done:
            assert number > 20
            return
        await reader.upkeep.rebuild(history.tenant_id)
        assert await reader.counts(history.tenant_id, PERIOD) == history.told
        assert len(generations(connection_string, history.tenant_id)) == 2
    raise AssertionError("the rebuild does not end")


async def test_reports_are_exact_after_a_second_rebuild_at_any_call_of_the_first(
    history: History,
    reader: ReportingProcess,
    rival: ReportingProcess,
    new_process: ProcessFactory,
    connection_string: str,
) -> None:
    """Whatever the first is told: that is another test's."""
    builder = new_process()
    for number in MOMENTS:
        await begin_again(history, connection_string)
        moment = AtMoment(number, lambda: rival.upkeep.rebuild(history.tenant_id))
        with builder.watched(moment), suppress(ConflictError):
            await builder.upkeep.rebuild(history.tenant_id)
        assert await reader.counts(history.tenant_id, PERIOD) == history.told, number
        if not moment.done:
            assert number > 20
            return
        await reader.roll_up_all(history.tenant_id)
        assert await reader.counts(history.tenant_id, PERIOD) == history.told, number
    raise AssertionError("the rebuild does not end")


async def test_two_rebuilds_at_once_both_end_well(
    history: History, rival: ReportingProcess, new_process: ProcessFactory, connection_string: str
) -> None:
    builder = new_process()
    for number in MOMENTS:
        await begin_again(history, connection_string)
        moment = AtMoment(number, lambda: rival.upkeep.rebuild(history.tenant_id))
        with builder.watched(moment):
            await builder.upkeep.rebuild(history.tenant_id)
        assert await rival.counts(history.tenant_id, PERIOD) == history.told, number
        read = generations(connection_string, history.tenant_id).pop("read")
        assert generations(connection_string, history.tenant_id) == {"read": read, f"{read:06d}": 1 + 4}
        if not moment.done:
            assert number > 20
            return
    raise AssertionError("the rebuild does not end")


async def test_three_rebuilds_and_three_roll_ups_at_once_leave_exact_reports(
    history: History, reader: ReportingProcess, new_process: ProcessFactory
) -> None:
    processes = [new_process() for _ in range(6)]
    for _ in range(3):
        history.clock.forward(hours=1)
        outcomes = await asyncio.gather(
            history.burst(5),
            *(each.upkeep.rebuild(history.tenant_id) for each in processes[:3]),
            *(each.upkeep.roll_up(history.tenant_id, 100) for each in processes[3:]),
            return_exceptions=True,
        )
        others = [each for each in outcomes if isinstance(each, BaseException) and not isinstance(each, ConflictError)]
        assert not others
        assert await reader.counts(history.tenant_id, PERIOD) == history.told
        await reader.roll_up_all(history.tenant_id)
        assert await reader.counts(history.tenant_id, PERIOD) == history.told


async def test_reports_are_exact_after_a_rebuild_at_any_call_of_a_roll_up(
    history: History,
    reader: ReportingProcess,
    rival: ReportingProcess,
    new_process: ProcessFactory,
    connection_string: str,
) -> None:
    timer = new_process()
    for number in MOMENTS:
        await begin_again(history, connection_string)
        moment = AtMoment(number, lambda: rival.upkeep.rebuild(history.tenant_id))
        with timer.watched(moment):
            await timer.upkeep.roll_up(history.tenant_id, 100)
        assert await reader.counts(history.tenant_id, PERIOD) == history.told, number
        await reader.roll_up_all(history.tenant_id)
        assert await reader.counts(history.tenant_id, PERIOD) == history.told, number
        if not moment.done:
            return
    raise AssertionError("the roll-up does not end")


async def test_a_roll_up_that_a_rebuild_overtakes_leaves_no_rows_of_the_old_generation(
    history: History, rival: ReportingProcess, new_process: ProcessFactory, connection_string: str
) -> None:
    timer = new_process()
    moment = AtMoment(2, lambda: rival.upkeep.rebuild(history.tenant_id))
    with timer.watched(moment):
        await timer.upkeep.roll_up(history.tenant_id, 100)
    assert moment.done
    assert set(generations(connection_string, history.tenant_id)) == {"read", "000002"}
