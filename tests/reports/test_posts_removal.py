"""Posts and their answers go: with the tenant, with a person's names, and a day after they were written."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError

from domain.errors import LedgerUnavailableError
from domain.licenses import User
from domain.sign_ins import SignIn
from domain.times import format_time
from storage.rows.content import ROUNDS_PARTITION
from storage.rows.posts import (
    Answers,
    PostedSignIn,
    answers_row,
    bell_row,
    post_row,
    posted_content,
    turn_row,
)
from storage.rows.users import KnownUser
from storage.tables.operations import Operation
from storage.upkeep import upkeep
from tests.domain.tenants import TEAMS
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import put, remove
from tests.reports.tables import WatchedTable
from tests.storage.audit import rows_of

DAY = timedelta(days=1)
PARTITIONS = ("inbox:{}", "inbox:{}:1", "inbox:{}:2", "inbox:{}:3", "outbox:{}")


@pytest.fixture(autouse=True)
def _no_round_today(connection_string: str) -> None:
    """Other tests left theirs."""
    with suppress(ResourceNotFoundError):
        remove(connection_string, ROUNDS_PARTITION, upkeep.POSTS_ROUND)


def posted_rows(tenant_id: str, process_id: str, clock: SetClock, age: timedelta) -> list[dict[str, Any]]:
    """A process's rows in every part, written so long ago. Greta is in its posts."""
    at = clock() - age
    sign_in = SignIn(tenant_id, (TEAMS,), "g-1", "greta.garbo@contoso.example", "Greta Garbo")
    content = posted_content(PostedSignIn("token", sign_in, KnownUser(User("g-1"), None), 0.0))
    return [
        *(dict(post_row(tenant_id, part, process_id, 1, "led", at, [content])) for part in range(4)),
        dict(bell_row(tenant_id, 1, at)),
        dict(turn_row(tenant_id, process_id, at)),
        dict(answers_row(tenant_id, process_id, Answers(1, 1, is_busy=False, claims={}, unchanged={0}, failed=()), at)),
    ]


def keys(connection_string: str, tenant_id: str) -> list[str]:
    """The RowKeys in all partitions of posts and answers."""
    partitions = [partition.format(tenant_id) for partition in PARTITIONS]
    return [str(row["RowKey"]) for partition in partitions for row in rows_of(connection_string, partition)]


def put_rows(connection_string: str, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        put(connection_string, row)


async def test_what_is_over_a_day_old_goes_and_nothing_else_does(
    process: ReportingProcess, clock: SetClock, tenant_id: str, connection_string: str
) -> None:
    history = History(tenant_id, process, clock, 1)
    await history.open()
    put_rows(connection_string, posted_rows(tenant_id, "old", clock, DAY + timedelta(seconds=1)))
    put_rows(connection_string, posted_rows(tenant_id, "new", clock, DAY - timedelta(minutes=1)))
    undated = [dict(post_row(tenant_id, 0, f"undated-{number}", 1, "led", clock(), [])) for number in range(3)]
    del undated[0]["at"]
    undated[1]["at"] = "yesterday"
    undated[2]["at"] = 5
    put_rows(connection_string, undated)
    before = rows_of(connection_string, tenant_id)

    await process.upkeep.remove_old_posts()

    assert sorted(keys(connection_string, tenant_id)) == sorted(["post:new"] * 4 + ["bell", "turn:new", "answer:new"])
    assert rows_of(connection_string, tenant_id) == before


async def test_more_rows_than_a_transaction_takes_go(
    process: ReportingProcess, clock: SetClock, tenant_id: str, connection_string: str
) -> None:
    for number in range(120):
        put(connection_string, dict(post_row(tenant_id, 0, f"process-{number}", 1, "led", clock() - 2 * DAY, [])))
    await process.upkeep.remove_old_posts()
    assert keys(connection_string, tenant_id) == []


async def test_a_row_that_is_written_again_meanwhile_stays_and_the_others_go(
    process: ReportingProcess, clock: SetClock, tenant_id: str, connection_string: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_rows(connection_string, posted_rows(tenant_id, "a", clock, 2 * DAY))
    put_rows(connection_string, posted_rows(tenant_id, "b", clock, 2 * DAY))
    new = dict(post_row(tenant_id, 0, "b", 2, "led", clock(), []))
    real = WatchedTable.commit

    async def overtaken(self: WatchedTable, operations: Sequence[Operation]) -> list[str]:
        if any(operation.row["RowKey"] == "post:b" for operation in operations):
            put(connection_string, new)
        return await real(self, operations)

    monkeypatch.setattr(WatchedTable, "commit", overtaken)
    await process.upkeep.remove_old_posts()

    assert keys(connection_string, tenant_id)[0] == "post:b"
    assert "post:a" not in keys(connection_string, tenant_id)


async def test_a_round_that_was_cut_off_goes_on_and_one_that_is_over_begins_again_the_next_day(
    process: ReportingProcess,
    clock: SetClock,
    tenant_id: str,
    connection_string: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upkeep, "POSTS_ROUND_KEPT_EVERY", 1)
    put_rows(connection_string, posted_rows(tenant_id, "old", clock, 2 * DAY))
    real = WatchedTable.page
    visited: list[str] = []
    is_away = True

    async def page(self: WatchedTable, partition: str, *rest: Any, **options: Any) -> Any:
        if tenant_id in partition:
            if is_away and partition == f"inbox:{tenant_id}:2":
                raise LedgerUnavailableError("away")
            visited.append(partition)
        return await real(self, partition, *rest, **options)

    monkeypatch.setattr(WatchedTable, "page", page)
    with pytest.raises(LedgerUnavailableError):
        await process.upkeep.remove_old_posts()
    assert {*visited} == {f"inbox:{tenant_id}", f"inbox:{tenant_id}:1"}
    visited.clear()
    is_away = False

    await process.upkeep.remove_old_posts()
    assert {*visited} == {f"inbox:{tenant_id}:2", f"inbox:{tenant_id}:3", f"outbox:{tenant_id}"}
    assert keys(connection_string, tenant_id) == []

    put_rows(connection_string, posted_rows(tenant_id, "old", clock, 2 * DAY))
    await process.upkeep.remove_old_posts()
    assert keys(connection_string, tenant_id)
    clock.forward(days=1)
    await process.upkeep.remove_old_posts()
    assert keys(connection_string, tenant_id) == []


async def test_what_is_old_by_a_clock_that_is_ahead_only_stays(
    new_process: ProcessFactory, clock: SetClock, tenant_id: str, connection_string: str
) -> None:
    ahead = new_process(lambda: clock() + 2 * DAY, clock)
    rows = posted_rows(tenant_id, "new", clock, timedelta())
    put_rows(connection_string, rows)
    await ahead.upkeep.remove_old_posts()
    assert len(keys(connection_string, tenant_id)) == len(rows)


async def test_posts_go_with_a_persons_names(
    process: ReportingProcess, clock: SetClock, tenant_id: str, connection_string: str
) -> None:
    history = History(tenant_id, process, clock, 1)
    await history.open()
    put_rows(connection_string, posted_rows(tenant_id, "one", clock, timedelta()))
    await process.upkeep.erase_names(tenant_id, "g-1")
    assert keys(connection_string, tenant_id) == []


async def test_posts_go_with_the_tenant(
    process: ReportingProcess, clock: SetClock, tenant_id: str, connection_string: str
) -> None:
    history = History(tenant_id, process, clock, 1)
    await history.open()
    put_rows(connection_string, posted_rows(tenant_id, "one", clock, timedelta()))
    await process.upkeep.delete_tenant(tenant_id)
    assert keys(connection_string, tenant_id) == []


async def test_when_a_row_was_written_is_said_in_every_one(clock: SetClock, tenant_id: str) -> None:
    for row in posted_rows(tenant_id, "one", clock, DAY):
        assert row["at"] == format_time(clock() - DAY)
