"""The timer's run: every tenant, whatever happens to one, in bounded time; and loudly if one failed."""

import asyncio
import logging
from contextlib import suppress
from uuid import uuid4

import pytest

import storage.reports.rollup
from domain.errors import LedgerDamagedError, LedgerUnavailableError
from domain.upkeep import Round
from functions.timers import roll_up as rollup
from functions.timers.roll_up import STEPS_PER_TENANT, UpkeepFailedError, keep_up
from tests.reports import raw_rows
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History
from tests.reports.made_up_tenants import MadeUpTenants
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import journal_key
from tests.reports.tables import KilledError, killed
from tests.storage.audit import rows_of


class Upkeep(MadeUpTenants):
    """Upkeep of made-up tenants, without a storage. Tenants that are asked to fail do.

    Attributes:
        kept: What was done, in order.
        hanging: The tenant whose roll-up does not end.
        behind: Tenants that are not counted to their end.
        posts_fail: What goes wrong when old posts are to be removed.
    """

    def __init__(self, tenants: int, failing: dict[str, Exception] | None = None, hanging: str = "") -> None:
        super().__init__(*(f"tenant-{number}" for number in range(tenants)))
        self._failing = failing or {}
        self.hanging = hanging
        self.behind: set[str] = set()
        self.kept: list[tuple[str, str, int]] = []
        self.posts_removed = 0
        self.posts_fail: Exception | None = None

    async def roll_up(self, tenant_id: str, most_steps: int) -> bool:
        if tenant_id == self.hanging:
            await asyncio.Event().wait()
        if tenant_id in self._failing:
            raise self._failing[tenant_id]
        self.kept.append(("roll-up", tenant_id, most_steps))
        return tenant_id not in self.behind

    async def prune(self, tenant_id: str, days: int) -> bool:
        self.kept.append(("prune", tenant_id, days))
        return True

    async def rebuild(self, tenant_id: str) -> None:
        raise AssertionError(tenant_id)

    async def erase_names(self, tenant_id: str, user_id: str) -> int:
        raise AssertionError(tenant_id, user_id)

    async def remove_old_posts(self) -> None:
        self.posts_removed += 1
        if self.posts_fail:
            raise self.posts_fail

    async def delete_tenant(self, tenant_id: str) -> None:
        raise AssertionError(tenant_id)


async def test_every_tenant_is_rolled_up_and_pruned() -> None:
    upkeep = Upkeep(3)
    await keep_up(upkeep, 400)
    assert sorted(upkeep.kept) == sorted(
        each
        for number in range(3)
        for each in (("roll-up", f"tenant-{number}", STEPS_PER_TENANT), ("prune", f"tenant-{number}", 400))
    )


@pytest.mark.parametrize("error", [None, LedgerUnavailableError("away"), TimeoutError("a time")])
async def test_each_run_removes_old_posts_and_goes_on_if_it_cannot(error: Exception | None) -> None:
    upkeep = Upkeep(3)
    upkeep.posts_fail = error
    await keep_up(upkeep, 400)
    assert upkeep.posts_removed == 1
    assert len(upkeep.kept) == 6


@pytest.mark.parametrize("error", [LedgerDamagedError("a row"), TimeoutError("a time"), ValueError("a bug")])
async def test_a_tenant_that_fails_stops_no_other_and_fails_the_run_at_its_end(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    upkeep = Upkeep(5, {"tenant-1": error, "tenant-4": error})
    with (
        caplog.at_level(logging.ERROR),
        pytest.raises(UpkeepFailedError, match=r"2 tenants failed.*tenant-1.*tenant-4"),
    ):
        await keep_up(upkeep, 400)
    assert {tenant_id for _, tenant_id, _ in upkeep.kept} == {"tenant-0", "tenant-2", "tenant-3"}
    assert [record.getMessage().count("tenant_id=tenant-") for record in caplog.records] == [1, 1]
    assert all(str(error) in record.getMessage() for record in caplog.records)


async def test_a_run_ends_at_its_bound(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(rollup, "RUN_SECONDS", 0.05)
    upkeep = Upkeep(3, hanging="tenant-1")
    with caplog.at_level(logging.INFO, "autoclaim"):
        await keep_up(upkeep, 400)
    assert {tenant_id for _, tenant_id, _ in upkeep.kept} == {"tenant-0", "tenant-2"}
    assert "the next run goes on" in caplog.text
    assert upkeep.rounds["roll-up"] == Round(upkeep.now, "tenant-0")


async def test_a_run_that_ends_at_its_bound_still_tells_who_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "RUN_SECONDS", 0.05)
    with pytest.raises(UpkeepFailedError, match="tenant-0"):
        await keep_up(Upkeep(3, {"tenant-0": ValueError("a bug")}, hanging="tenant-1"), 400)


class _OnlyThese(MadeUpTenants):
    """The upkeep of a process, of the tenants of this test and in rounds of its own: other tests left theirs."""

    def __init__(self, process: ReportingProcess, tenants: set[str]) -> None:
        super().__init__(*tenants)
        self.roll_up = process.upkeep.roll_up
        self.prune = process.upkeep.prune
        self.rebuild = process.upkeep.rebuild
        self.erase_names = process.upkeep.erase_names
        self.remove_old_posts = process.upkeep.remove_old_posts
        self.delete_tenant = process.upkeep.delete_tenant


@pytest.mark.parametrize("damaged", ["journal row", "journal gap", "counts row", "watermark"])
async def test_a_damaged_row_of_one_tenant_does_not_keep_the_others_from_being_counted(
    damaged: str, process: ReportingProcess, reader: ReportingProcess, clock: SetClock, connection_string: str
) -> None:
    histories = [History(str(uuid4()), process, clock, 1) for _ in range(4)]
    for history in histories:
        await history.open()
        await history.burst(2)
    bad, *good = histories
    if damaged in {"counts row", "watermark"}:
        await process.roll_up_all(bad.tenant_id)
        await bad.burst(1)
    await _damage(connection_string, bad.tenant_id, damaged)

    with pytest.raises(UpkeepFailedError, match=bad.tenant_id):
        await keep_up(_OnlyThese(reader, {history.tenant_id for history in histories}), 400)

    for history in good:
        reader.table.forget_calls()
        await reader.assert_reports(history.tenant_id, history.told)
        (watermark,) = raw_rows.keys_of(connection_string, history.tenant_id, "reports", "watermark:")
        through = raw_rows.row(connection_string, history.tenant_id, watermark, "reports")["sequence"]
        assert int(through) == (await reader.state(history.tenant_id)).head.sequence


async def _damage(connection_string: str, tenant_id: str, what: str) -> None:
    match what:
        case "journal row":
            row = raw_rows.row(connection_string, tenant_id, journal_key(6))
            raw_rows.put(connection_string, {**row, "content": "["})
        case "journal gap":
            raw_rows.remove(connection_string, tenant_id, journal_key(3))
        case "counts row":
            (key,) = raw_rows.keys_of(connection_string, tenant_id, "reports", "counts:")
            row = raw_rows.row(connection_string, tenant_id, key, "reports")
            raw_rows.put(connection_string, {**row, "through": "many"}, "reports")
        case _:
            (key,) = raw_rows.keys_of(connection_string, tenant_id, "reports", "watermark:")
            row = raw_rows.row(connection_string, tenant_id, key, "reports")
            raw_rows.put(connection_string, {**row, "sequence": "x"}, "reports")


async def test_a_tenant_that_is_far_behind_is_caught_up_over_several_runs(
    process: ReportingProcess,
    new_process: ProcessFactory,
    clock: SetClock,
    tenant_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage.reports.rollup, "COMMITS_PER_STEP", 1)
    history = History(tenant_id, process, clock, 1)
    await history.open()
    for _ in range(2 * STEPS_PER_TENANT):
        clock.forward(days=1)
        await history.burst(1)
    timer = new_process()
    upkeep = _OnlyThese(timer, {tenant_id})
    runs = []
    for _ in range(4):
        timer.reports.forget_calls()
        await keep_up(upkeep, 400)
        runs.append(timer.reports.count("commit"))
        await timer.assert_reports(tenant_id, history.told)
    # The first of all makes the row that every step replaces.
    assert runs == [1 + STEPS_PER_TENANT, STEPS_PER_TENANT, 5, 0]


async def test_a_timer_that_meets_a_tenant_being_deleted_brings_nothing_back(
    process: ReportingProcess, reader: ReportingProcess, clock: SetClock, tenant_id: str, connection_string: str
) -> None:
    history = History(tenant_id, process, clock, 1)
    await history.open()
    await history.burst(2)
    process.table.at("commit", after=killed)
    with pytest.raises(KilledError):
        await process.upkeep.delete_tenant(tenant_id)
    assert len(rows_of(connection_string, tenant_id)) > 5  # The head is a tombstone, and all else is there.
    with suppress(UpkeepFailedError):
        await keep_up(_OnlyThese(reader, {tenant_id}), 400)
    await process.upkeep.delete_tenant(tenant_id)
    with suppress(UpkeepFailedError):
        await keep_up(_OnlyThese(reader, {tenant_id}), 400)
    assert rows_of(connection_string, tenant_id) == []
    assert rows_of(connection_string, tenant_id, "reports") == []
