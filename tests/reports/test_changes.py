"""Notes of changed tenants: what a run visits first, what is never lost, and what a round of all finds without them."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.errors import LedgerDamagedError, LedgerUnavailableError
from domain.sign_ins import Outcome
from domain.upkeep import Change, Round
from functions.timers import roll_up as rollup
from functions.timers.roll_up import PRUNING_STEPS_PER_TENANT, UpkeepFailedError, keep_up
from storage.engine.ledger import TableLedger
from storage.rows.content import CHANGED_PARTITION, ROUNDS_PARTITION, is_tenants
from storage.tables.table import TENANTS_END, LedgerTable
from storage.upkeep import changes
from storage.upkeep.changes import ChangeNotes, NotedTable
from storage.upkeep.tenants import RANGES, RANGES_AT_ONCE
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History, app_id
from tests.reports.made_up_tenants import MadeUpTenants
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import keys_of, put, remove
from tests.reports.test_keep_up import Upkeep
from tests.storage.faulty_table import WAIT_SECONDS, Gate, unavailable

PAUSE = 0.05


def noting(process: ReportingProcess) -> ReportingProcess:
    """The process as the app makes it: its ledger notes what it commits to."""
    table = NotedTable(process.table, ChangeNotes(process.table).note)
    return replace(process, ledger=TableLedger(table, process.clock))


class TheseWithNotes(MadeUpTenants):
    """Upkeep of a process's tenants with their real notes, in rounds of its own: other tests left theirs.

    Attributes:
        visited: Who was rolled up, in order.
    """

    def __init__(self, process: ReportingProcess, *tenant_ids: str) -> None:
        super().__init__(*tenant_ids)
        self._process = process
        self.note_change = process.upkeep.note_change  # type: ignore[method-assign]
        self.forget_change = process.upkeep.forget_change  # type: ignore[method-assign]
        self.prune = process.upkeep.prune
        self.rebuild = process.upkeep.rebuild
        self.erase_names = process.upkeep.erase_names
        self.remove_old_posts = process.upkeep.remove_old_posts
        self.delete_tenant = process.upkeep.delete_tenant
        self.visited: list[str] = []

    async def changes(self) -> Sequence[Change]:
        return [each for each in await self._process.upkeep.changes() if each.tenant_id in self._tenant_ids]

    async def roll_up(self, tenant_id: str, most_steps: int) -> bool:
        self.visited.append(tenant_id)
        return await self._process.upkeep.roll_up(tenant_id, most_steps)

    def end_round(self) -> None:
        """There was a round of all today."""
        self.rounds["roll-up"] = Round(self.now, is_over=True)


async def noted(process: ReportingProcess, tenant_id: str) -> bool:
    return any(each.tenant_id == tenant_id for each in await process.upkeep.changes())


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not await happened():  # noqa: ASYNC110 - it happens in the storage
            await asyncio.sleep(0.005)


async def until_noted(process: ReportingProcess, tenant_id: str) -> None:
    await until(lambda: noted(process, tenant_id))


async def is_counted(process: ReportingProcess, tenant_id: str) -> bool:
    generation = (await process.upkeep._roll_up.generation(tenant_id)).number  # noqa: SLF001
    watermark, _ = await process.upkeep._roll_up.watermark(tenant_id, generation)  # noqa: SLF001
    return watermark.sequence == (await process.state(tenant_id)).head.sequence


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """A tenant in use, at a process that notes what it does."""
    history = History(tenant_id, noting(process), clock, 1)
    await history.open()
    await history.burst(2)
    await until_noted(process, tenant_id)
    return history


async def test_a_commit_leaves_a_note_that_has_nothing_but_the_tenant(
    history: History, process: ReportingProcess, connection_string: str
) -> None:
    stored = await process.table.get(CHANGED_PARTITION, history.tenant_id)
    assert stored
    assert set(stored.row) - {"Timestamp"} == {"PartitionKey", "RowKey"}
    assert CHANGED_PARTITION not in keys_of(connection_string, history.tenant_id)  # and nothing is with the tenant


async def test_what_changes_nothing_leaves_no_note(history: History, reader: ReportingProcess) -> None:
    process, tenant_id = noting(reader), history.tenant_id
    reader.table.forget_calls()
    assert (await process.sign_in(tenant_id, "user-000001", app_id(0))).outcome is Outcome.ALREADY_LICENSED
    await process.state(tenant_id)
    await asyncio.sleep(PAUSE)
    assert reader.table.count("commit") == 0


async def test_many_commits_write_one_note(history: History, process: ReportingProcess, clock: SetClock) -> None:
    process.table.forget_calls()
    for _ in range(5):
        clock.forward(seconds=1)
        await history.burst(1)
    assert process.table.count("commit") == 5
    assert process.table.count("commit", "1") == 0  # a note is a transaction of one row


async def test_a_note_that_fails_is_nobodys_error_and_is_written_later(
    process: ReportingProcess, clock: SetClock, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "AGAIN_SECONDS", PAUSE)
    await process.turn(tenant_id, on=True)
    process.table.at("commit", "1", before=unavailable, times=3)
    history = History(tenant_id, noting(process), clock, 1)
    await history.open()
    await history.burst(2)
    assert not await noted(process, tenant_id)
    await until_noted(process, tenant_id)


async def test_those_that_changed_come_first_and_alone_where_the_round_of_the_day_is_over(
    process: ReportingProcess, reader: ReportingProcess, clock: SetClock
) -> None:
    histories = [History(str(uuid4()), process, clock, 1) for _ in range(4)]
    for history in histories:
        await history.open()
        await history.burst(1)
    ids = sorted(history.tenant_id for history in histories)
    changed = ids[2]
    await reader.upkeep.note_change(changed)
    upkeep = TheseWithNotes(reader, *ids)

    await keep_up(upkeep, 400)
    assert upkeep.visited[0] == changed
    assert sorted(upkeep.visited) == sorted([*ids, changed])
    assert not await noted(reader, changed)

    upkeep.visited.clear()
    await reader.upkeep.note_change(changed)
    await keep_up(upkeep, 400)
    assert upkeep.visited == [changed]
    upkeep.visited.clear()
    await keep_up(upkeep, 400)
    assert upkeep.visited == []


async def test_a_change_that_is_noted_while_its_roll_up_is_going_on_is_not_lost(
    history: History, reader: ReportingProcess, rival: ReportingProcess, clock: SetClock
) -> None:
    tenant_id = history.tenant_id
    upkeep = TheseWithNotes(reader, tenant_id)
    upkeep.end_round()
    [before] = await upkeep.changes()

    async def noted_again() -> bool:
        return await upkeep.changes() != [before]

    async def claim() -> None:
        clock.forward(seconds=1)
        assert (await noting(rival).sign_in(tenant_id, "late", app_id(0))).outcome is Outcome.CLAIMED
        await until(noted_again)

    reader.reports.at("commit", "3", after=claim)  # generation, watermark and the month: everything is counted now
    await keep_up(upkeep, 400)
    assert not await is_counted(reader, tenant_id)
    assert await noted(reader, tenant_id)

    await keep_up(upkeep, 400)
    assert await is_counted(reader, tenant_id)
    assert not await noted(reader, tenant_id)


async def test_a_change_after_a_note_is_noted_again_though_a_roll_up_took_the_note_away(
    process: ReportingProcess,
    reader: ReportingProcess,
    clock: SetClock,
    tenant_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process noted the tenant a short while ago, so it does not do so at once."""
    monkeypatch.setattr(changes, "AGAIN_SECONDS", 1.0)
    upkeep = TheseWithNotes(reader, tenant_id)
    upkeep.end_round()
    history = History(tenant_id, noting(process), clock, 1)
    await history.open()
    await until_noted(process, tenant_id)

    reader.reports.at("commit", "2", after=lambda: history.burst(1))  # no claim was counted, so there is no month
    await keep_up(upkeep, 400)
    assert not await is_counted(reader, tenant_id)
    assert not await noted(reader, tenant_id)

    await until_noted(reader, tenant_id)
    await keep_up(upkeep, 400)
    assert await is_counted(reader, tenant_id)


async def test_a_note_is_taken_away_under_its_version_only(reader: ReportingProcess, tenant_id: str) -> None:
    await reader.upkeep.note_change(tenant_id)
    [old] = [each for each in await reader.upkeep.changes() if each.tenant_id == tenant_id]
    await reader.upkeep.note_change(tenant_id)
    [new] = [each for each in await reader.upkeep.changes() if each.tenant_id == tenant_id]
    assert old.version != new.version

    await reader.upkeep.forget_change(old)
    assert await noted(reader, tenant_id)
    await reader.upkeep.forget_change(new)
    assert not await noted(reader, tenant_id)
    await reader.upkeep.forget_change(new)


async def test_what_a_killed_process_did_not_note_is_found_by_the_round_of_all(
    process: ReportingProcess, reader: ReportingProcess, clock: SetClock, tenant_id: str
) -> None:
    history = History(tenant_id, process, clock, 1)  # its ledger notes nothing
    await history.open()
    await history.burst(2)
    upkeep = TheseWithNotes(reader, tenant_id)
    upkeep.end_round()
    await keep_up(upkeep, 400)
    assert not await is_counted(reader, tenant_id)

    upkeep.now += timedelta(days=1)
    await keep_up(upkeep, 400)
    assert await is_counted(reader, tenant_id)


async def test_a_deleted_tenant_has_no_note(history: History, reader: ReportingProcess, connection_string: str) -> None:
    await reader.upkeep.delete_tenant(history.tenant_id)
    assert history.tenant_id not in keys_of(connection_string, CHANGED_PARTITION)
    # One that comes late goes with the next run, and brings nothing back.
    await reader.upkeep.note_change(history.tenant_id)
    upkeep = TheseWithNotes(reader, history.tenant_id)
    upkeep.end_round()
    await keep_up(upkeep, 400)
    assert not await noted(reader, history.tenant_id)
    assert keys_of(connection_string, history.tenant_id) == []


async def test_a_tenant_that_must_be_gone_on_with_or_failed_in_a_round_is_noted_for_the_next_run() -> None:
    upkeep = Upkeep(4, {"tenant-1": LedgerDamagedError("a row")})
    upkeep.behind = {"tenant-2"}
    with pytest.raises(UpkeepFailedError, match="tenant-1"):
        await keep_up(upkeep, 400)
    assert set(upkeep.noted) == {"tenant-1", "tenant-2"}

    upkeep.kept.clear()
    upkeep.behind.clear()
    with pytest.raises(UpkeepFailedError, match="tenant-1"):
        await keep_up(upkeep, 400)
    assert [tenant_id for _, tenant_id, _ in upkeep.kept] == ["tenant-2"]  # rolled up, and not pruned
    assert set(upkeep.noted) == {"tenant-1"}


async def test_changed_tenants_that_there_was_no_time_for_come_first_in_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rollup, "CHANGED_SECONDS", 0.05)
    upkeep = Upkeep(5, hanging="tenant-2")
    upkeep.rounds["roll-up"] = Round(upkeep.now, is_over=True)
    for number in range(5):
        await upkeep.note_change(f"tenant-{number}")
    upkeep.behind = {f"tenant-{number}" for number in range(5)}
    await keep_up(upkeep, 400)
    upkeep.kept.clear()
    upkeep.hanging = ""
    await keep_up(upkeep, 400)
    assert [tenant_id for _, tenant_id, _ in upkeep.kept] == [f"tenant-{number}" for number in (2, 3, 4, 0, 1)]


async def test_pruning_of_a_tenant_goes_on_within_a_round_and_is_bounded() -> None:
    class Old(Upkeep):
        async def prune(self, tenant_id: str, days: int) -> bool:
            await super().prune(tenant_id, days)
            return tenant_id == "tenant-0" and len(self.kept) > 5

    upkeep = Old(2)
    await keep_up(upkeep, 400)
    pruned = [tenant_id for what, tenant_id, _ in upkeep.kept if what == "prune"]
    assert 0 < pruned.count("tenant-0") <= 6
    assert pruned.count("tenant-1") == PRUNING_STEPS_PER_TENANT


async def test_tenants_are_found_in_order_and_behind_any_and_nothing_beside_them(
    process: ReportingProcess, connection_string: str
) -> None:
    tenants = {str(uuid4()) for _ in range(40)}
    beside = [f"{kind}:{tenant_id}" for kind in ("inbox", "outbox") for tenant_id in sorted(tenants)[:2]]
    for partition in (*tenants, *beside, "turns", "tenants-ended", CHANGED_PARTITION, ROUNDS_PARTITION):
        put(connection_string, {"PartitionKey": partition, "RowKey": "a-test"})
        assert is_tenants(partition) == (partition in tenants) == (partition < TENANTS_END)
    try:
        found = [each async for each in process.upkeep.tenants()]
        assert found == sorted(set(found))
        assert tenants <= set(found)
        # Other tests leave rows that no tenant has, all of them before the end.
        assert not set(found) & {*beside, "turns", "tenants-ended", CHANGED_PARTITION, ROUNDS_PARTITION}
        middle = sorted(tenants)[20]
        assert [each async for each in process.upkeep.tenants(middle)] == [each for each in found if each > middle]
        assert [each async for each in process.upkeep.tenants("ffffffff-ffff-ffff-ffff-ffffffffffff")] == []
    finally:
        for partition in (*tenants, *beside, "turns", "tenants-ended", CHANGED_PARTITION, ROUNDS_PARTITION):
            remove(connection_string, partition, "a-test")


async def test_ranges_are_walked_through_side_by_side_and_no_more_than_so_many(process: ReportingProcess) -> None:
    at_once = most = calls = 0
    ask = process.table.next_partition

    async def counted(after: str, end: str = TENANTS_END) -> str | None:
        nonlocal at_once, most, calls
        at_once, calls = at_once + 1, calls + 1
        most = max(most, at_once)
        try:
            return await ask(after, end)
        finally:
            at_once -= 1

    process.table.next_partition = counted  # type: ignore[method-assign]
    found = [each async for each in process.upkeep.tenants()]
    assert most == RANGES_AT_ONCE
    assert calls == RANGES + len(found)


async def test_who_leaves_before_the_last_tenant_leaves_nothing_running(process: ReportingProcess) -> None:
    for _ in range(3):
        await process.upkeep.note_change(str(uuid4()))
        await process.turn(str(uuid4()), on=True)
    tenants = process.upkeep.tenants()
    await anext(tenants)
    await tenants.aclose()  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_storage_that_does_not_tell_the_tenants_is_no_storage_without_tenants(
    process: ReportingProcess,
) -> None:
    async def away(after: str, end: str = TENANTS_END) -> str | None:
        raise LedgerUnavailableError(after + end)

    process.table.next_partition = away  # type: ignore[method-assign]
    with pytest.raises(LedgerUnavailableError):
        [each async for each in process.upkeep.tenants()]


async def test_a_round_is_kept_and_gone_on_with_and_begins_anew_on_another_day(
    new_process: ProcessFactory, clock: SetClock, tenant_id: str, connection_string: str
) -> None:
    name = f"test-{tenant_id}"
    process, other = new_process(), new_process()
    first = await process.upkeep.round(name)
    assert first == Round(clock.now)
    await process.upkeep.keep_round(name, replace(first, after="b"))
    clock.forward(days=1)
    assert await other.upkeep.round(name) == replace(first, after="b")
    over = replace(first, after="c", is_over=True)
    await other.upkeep.keep_round(name, over)
    assert await process.upkeep.round(name) == Round(clock.now)
    today = Round(clock.now, is_over=True)
    await process.upkeep.keep_round(name, today)
    clock.forward(hours=1)
    assert await process.upkeep.round(name) == today
    assert await process.upkeep.round(name, anew=True) == Round(clock.now)
    put(connection_string, {"PartitionKey": ROUNDS_PARTITION, "RowKey": name, "began": "once"})
    assert await process.upkeep.round(name) == Round(clock.now)


async def test_every_call_of_a_table_is_passed_on() -> None:
    calls = {name for name, value in vars(LedgerTable).items() if inspect.isfunction(value) and name[0] != "_"}
    assert calls == {name for name in vars(NotedTable) if name in calls}


async def test_a_caller_who_does_not_wait_leaves_a_note_too(
    history: History, process: ReportingProcess, rival: ReportingProcess, clock: SetClock
) -> None:
    """The commit was under way, so it is made."""
    tenant_id, noter = history.tenant_id, noting(rival)
    await noter.state(tenant_id)
    [before] = [each for each in await process.upkeep.changes() if each.tenant_id == tenant_id]
    clock.forward(seconds=1)
    gate = Gate()
    rival.table.at("commit", after=gate)
    caller = asyncio.create_task(noter.sign_in(tenant_id, "impatient", app_id(0)))
    await gate.reached()
    caller.cancel()
    await asyncio.wait([caller])
    gate.open()

    async def noted_again() -> bool:
        return before not in await process.upkeep.changes()

    await until(noted_again)
