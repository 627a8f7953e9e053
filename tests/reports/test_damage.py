"""A check finds each kind of damage and says where: every test damages one raw row of a tenant that was whole."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import storage.upkeep.integrity
from domain.errors import LedgerDamagedError
from tests.domain.tenants import guid
from tests.reports import raw_rows
from tests.reports.history import History, backup, policy, primary
from tests.reports.lively_tenant import lively_tenant
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import journal_key, keys_of


class Damage:
    """Raw rows of one tenant, to be damaged; and what a check then finds."""

    def __init__(self, connection_string: str, history: History, checker: ReportingProcess) -> None:
        self.connection_string = connection_string
        self.history = history
        self.tenant_id = history.tenant_id
        self._checker = checker

    def remove(self, *row_keys: str, table: str = "ledger") -> None:
        raw_rows.remove(self.connection_string, self.tenant_id, *row_keys, table=table)

    def edit(self, row_key: str, change: Callable[[Any], object], table: str = "ledger") -> None:
        raw_rows.edit(self.connection_string, self.tenant_id, row_key, change, table)

    def put(self, row: raw_rows.Row, table: str = "ledger") -> None:
        raw_rows.put(self.connection_string, {"PartitionKey": self.tenant_id, **row}, table)

    def row(self, row_key: str, table: str = "ledger") -> raw_rows.Row:
        return raw_rows.row(self.connection_string, self.tenant_id, row_key, table)

    def keys(self, start: str, table: str = "ledger") -> list[str]:
        return keys_of(self.connection_string, self.tenant_id, table, start)

    async def found(self) -> set[tuple[str, str]]:
        """Kinds and targets of what a check finds, the same in one call and in many. Each is told in a sentence."""
        found = await self._checker.check(self.tenant_id)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(storage.upkeep.integrity, "USERS_PER_CALL", 3)
            patch.setattr(storage.upkeep.integrity, "COMMITS_PER_CALL", 4)
            found_in_many_calls = await self._checker.check(self.tenant_id)
        assert all(each.message.endswith(".") for each in found)
        kinds = {(each.kind, each.target) for each in found}
        assert kinds == {(each.kind, each.target) for each in found_in_many_calls}
        return kinds


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    return await lively_tenant(tenant_id, process, clock)


@pytest.fixture
async def damage(connection_string: str, history: History, reader: ReportingProcess) -> Damage:
    return Damage(connection_string, history, reader)


async def test_nothing_is_found_before_the_damage(damage: Damage) -> None:
    assert await damage.found() == set()


async def test_a_lost_user_row(damage: Damage) -> None:
    damage.remove("user:user-000002")
    found = await damage.found()
    assert ("lostUser", "users/user-000002") in found
    assert ("wrongDigest", "users") in found
    assert ("wrongCount", f"products/{damage.history.licenses['user-000002', 0].sku_id}") in found
    assert {kind for kind, _ in found} == {"lostUser", "wrongDigest", "wrongCount"}


async def test_a_lost_row_of_a_user_who_holds_nothing(damage: Damage) -> None:
    damage.remove("user:user-000003")
    assert await damage.found() == {("lostUser", "users/user-000003")}


@pytest.mark.parametrize("amount", [1, -1])
async def test_a_wrong_count_of_a_product_in_the_head(damage: Damage, amount: int) -> None:
    def change(head: Any) -> None:
        head["assigned"][backup(0)] += amount

    damage.edit("state", change)
    assert await damage.found() == {
        ("wrongCount", f"products/{backup(0)}"),
        ("wrongJournal", f"products/{backup(0)}"),
    }


async def test_a_product_that_the_head_does_not_count(damage: Damage) -> None:
    damage.edit("state", lambda head: head["assigned"].pop(backup(0)) and None)
    assert ("wrongCount", f"products/{backup(0)}") in await damage.found()


@pytest.mark.parametrize("amount", [1, -1])
async def test_a_wrong_count_of_a_policy_in_the_head(damage: Damage, amount: int) -> None:
    def change(head: Any) -> None:
        head["held"][policy(1)] += amount

    damage.edit("state", change)
    assert await damage.found() == {("wrongCount", f"policies/{policy(1)}")}


async def test_a_policy_that_the_head_does_not_count(damage: Damage) -> None:
    damage.edit("state", lambda head: head["held"].pop(policy(1)) and None)
    assert ("wrongCount", f"policies/{policy(1)}") in await damage.found()


async def test_a_wrong_digest_in_the_head(damage: Damage) -> None:
    damage.edit("state", lambda head: {**head, "digest": f"{(int(head['digest'], 16) + 1) % 2**128:032x}"})
    assert await damage.found() == {("wrongDigest", "users")}


@pytest.mark.parametrize(
    "field",
    [
        {"off": [guid(0xE1)]},
        {"at": "2024-01-05T09:00:00.001Z"},
        {"by": {"id": "somebody", "name": None}},
    ],
    ids=["plans", "time", "origin"],
)
async def test_a_changed_license_in_a_user_row(damage: Damage, field: dict[str, Any]) -> None:
    def change(user: Any) -> None:
        user["licenses"][0] = {**user["licenses"][0], **field}

    damage.edit("user:user-000001", change)
    found = await damage.found()
    assert ("wrongDigest", "users") in found
    by = {("wrongCount", f"policies/{policy(1)}"), ("wrongCount", f"policies/{policy(0)}")}
    assert found - by == {("wrongDigest", "users")}


async def test_a_license_of_another_product_in_a_user_row(damage: Damage) -> None:
    def change(user: Any) -> None:
        assert user["licenses"][0]["skuId"] == backup(0)
        user["licenses"][0]["skuId"] = primary(1)

    damage.edit("user:by-hand", change)
    assert await damage.found() == {
        ("wrongDigest", "users"),
        ("wrongCount", f"products/{backup(0)}"),
        ("wrongCount", f"products/{primary(1)}"),
    }


async def test_a_license_that_is_only_in_a_user_row(damage: Damage) -> None:
    row = damage.row("user:by-hand")
    damage.put({**row, "RowKey": "user:phantom", "content": row["content"].replace("by-hand", "phantom")})
    assert await damage.found() == {
        ("wrongDigest", "users"),
        ("wrongCount", f"products/{backup(0)}"),
        ("wrongCount", f"products/{backup(1)}"),
    }


async def test_a_claim_that_stands_twice_in_a_commit(damage: Damage) -> None:
    key = _commit_with_claims(damage)
    entry = raw_rows.content(damage.row(key))[0]
    damage.edit(key, lambda entries: [*entries, entries[0]])
    found = await damage.found()
    assert ("doubleEntry", entry[2]) in found
    assert ("wrongJournal", f"products/{entry[3]['skuId']}") in found
    assert ("wrongDay", "reports/2024-01-05") in found


async def test_an_assignment_by_hand_that_stands_twice_in_a_commit(damage: Damage) -> None:
    key = _commit_with(damage, "license.assigned")
    sku_id = raw_rows.content(damage.row(key))[0][2].split("/")[-1]
    damage.edit(key, lambda entries: [*entries, entries[0]])
    assert ("wrongJournal", f"products/{sku_id}") in await damage.found()


async def test_an_entry_that_is_missing_in_a_commit(damage: Damage) -> None:
    key = _commit_with_claims(damage)
    entry = raw_rows.content(damage.row(key))[0]
    damage.edit(key, lambda entries: entries[1:])
    assert {("wrongJournal", f"products/{entry[3]['skuId']}"), ("wrongDay", "reports/2024-01-05")} <= (
        await damage.found()
    )


def _commit_with_claims(damage: Damage) -> str:
    return _commit_with(damage, "license.claimed")


def _commit_with(damage: Damage, action: str) -> str:
    """The RowKey of the first commit that did that."""
    return next(key for key in reversed(damage.keys("journal:")) if raw_rows.content(damage.row(key))[0][1] == action)


@pytest.mark.parametrize("which", ["oldest", "second", "middle", "last but one", "newest"])
async def test_a_missing_commit(damage: Damage, which: str) -> None:
    newest = len(damage.keys("journal:"))
    sequence = {"oldest": 1, "second": 2, "middle": newest // 2, "last but one": newest - 1, "newest": newest}[which]
    damage.remove(journal_key(sequence))
    assert ("journalGap", f"journal/{sequence}") in await damage.found()


async def test_several_missing_commits(damage: Damage) -> None:
    newest = len(damage.keys("journal:"))
    damage.remove(*(journal_key(sequence) for sequence in range(newest // 2, newest + 1)))
    assert ("journalGap", f"journal/{newest // 2}") in await damage.found()


def _counts_row(damage: Damage, month: str, policy_id: str) -> str:
    (key,) = [key for key in damage.keys("counts:", "reports") if key.endswith(f":{month}:{policy_id}")]
    return key


@pytest.mark.parametrize("amount", [1, -1])
async def test_a_wrong_day_row(damage: Damage, amount: int) -> None:
    def change(counts: Any) -> None:
        counts["days"]["05"][primary(0)] += amount

    damage.edit(_counts_row(damage, "2024-01", policy(0)), change, "reports")
    assert await damage.found() == {("wrongDay", "reports/2024-01-05")}


async def test_claims_of_another_policy_or_product_on_a_day(damage: Damage) -> None:
    for number in (0, 1):
        for day, amount in (("05", 1 if number else -1),):

            def change(counts: Any, day: str = day, amount: int = amount, number: int = number) -> None:
                counts["days"][day][primary(number)] += amount

            damage.edit(_counts_row(damage, "2024-01", policy(number)), change, "reports")
    assert await damage.found() == {("wrongDay", "reports/2024-01-05")}


async def test_claims_on_another_day(damage: Damage) -> None:
    def change(counts: Any) -> None:
        counts["days"]["07"] = counts["days"].pop("06")

    damage.edit(_counts_row(damage, "2024-01", policy(0)), change, "reports")
    assert await damage.found() == {("wrongDay", "reports/2024-01-06"), ("wrongDay", "reports/2024-01-07")}


async def test_a_phantom_day_between_days_with_claims(damage: Damage) -> None:
    def change(counts: Any) -> None:
        counts["days"]["20"] = {primary(0): 1}

    damage.edit(_counts_row(damage, "2024-01", policy(0)), change, "reports")
    assert await damage.found() == {("wrongDay", "reports/2024-01-20")}


async def test_a_phantom_day_before_the_first_commit(damage: Damage) -> None:
    key = _counts_row(damage, "2024-01", policy(0))
    damage.put({**damage.row(key, "reports"), "RowKey": key.replace("2024-01", "2023-12")}, "reports")
    assert ("wrongDay", "reports/2023-12-05") in await damage.found()


async def test_a_phantom_day_after_the_last_commit(damage: Damage, clock: SetClock) -> None:
    clock.set(date(2024, 2, 20), 12)

    def change(counts: Any) -> None:
        counts["days"]["15"] = {primary(0): 1}

    damage.edit(_counts_row(damage, "2024-02", policy(0)), change, "reports")
    assert ("wrongDay", "reports/2024-02-15") in await damage.found()


async def test_a_missing_report_row(damage: Damage) -> None:
    damage.remove(_counts_row(damage, "2024-01", policy(0)), table="reports")
    assert await damage.found() == {("wrongDay", "reports/2024-01-05"), ("wrongDay", "reports/2024-01-06")}


async def test_a_wrong_last_day_is_found_where_the_roll_up_stands_still(damage: Damage) -> None:
    def change(counts: Any) -> None:
        counts["days"]["11"][backup(0)] += 1

    key = _counts_row(damage, "2024-02", policy(0))
    assert backup(0) in raw_rows.content(damage.row(key, "reports"))["days"]["11"]
    damage.edit(key, change, "reports")
    assert await damage.found() == {("wrongDay", "reports/2024-02-11")}


async def test_a_watermark_that_is_ahead(damage: Damage) -> None:
    (key,) = damage.keys("watermark:", "reports")
    newest = len(damage.keys("journal:"))
    damage.put({**damage.row(key, "reports"), "sequence": str(newest)}, "reports")
    assert await damage.found() == {("wrongDay", "reports/2024-02-11")}


async def test_a_rebuild_repairs_the_days(damage: Damage, rival: ReportingProcess) -> None:
    damage.remove(_counts_row(damage, "2024-01", policy(0)), table="reports")
    await rival.upkeep.rebuild(damage.tenant_id)
    assert await damage.found() == set()
    await rival.assert_reports(damage.tenant_id, damage.history.told)


@pytest.mark.parametrize("start", ["user:", "journal:", "state", "counts:"])
async def test_a_row_that_cannot_be_read_is_its_own_loud_error(damage: Damage, start: str) -> None:
    table = "reports" if start == "counts:" else "ledger"
    key = damage.keys(start, table)[0]
    damage.put({**damage.row(key, table), "content": "{"}, table)
    with pytest.raises(LedgerDamagedError, match=key.split(":")[0]):
        await damage.found()
