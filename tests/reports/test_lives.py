"""A tenant that was deleted and begins again: nothing of its earlier life counts, whoever still knows it."""

import asyncio
from typing import Any

import pytest
from azure.data.tables import TableClient

from domain.errors import LedgerDamagedError, LedgerUnavailableError
from domain.sign_ins import Outcome
from storage.rows.lives import open_life
from tests.domain.tenants import E1, E3, product
from tests.reports.history import History
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.tables import MOMENTS, AtMoment
from tests.storage.audit import audit, rows_of
from tests.storage.faulty_table import Gate, unavailable

# What a process that leads looks for by itself is no call of what is tested.
pytestmark = [pytest.mark.usefixtures("beyond_recall"), pytest.mark.usefixtures("nobody_leads")]
"""People come again in the next life, with the same ids."""


@pytest.fixture(autouse=True)
def _audited(connection_string: str, tenant_id: str) -> Any:
    yield
    assert audit(rows_of(connection_string, tenant_id)) == []


async def test_the_seats_of_the_new_life_count(
    process: ReportingProcess, rival: ReportingProcess, tenant_id: str
) -> None:
    """The new life is made by the same script as the old one, with one seat instead of ten."""
    await process.open(tenant_id, product(E1, 10))
    assert await process.outcome(tenant_id, "ann") is Outcome.CLAIMED
    await rival.upkeep.delete_tenant(tenant_id)
    await rival.open(tenant_id, product(E1, 1))

    outcomes = [await process.outcome(tenant_id, f"user-{number}") for number in range(5)]

    assert outcomes.count(Outcome.CLAIMED) == 1


async def test_a_policy_that_is_off_in_the_new_life_grants_nothing(
    process: ReportingProcess, rival: ReportingProcess, tenant_id: str
) -> None:
    await process.open(tenant_id, product(E1, 10))
    await process.outcome(tenant_id, "ann")
    await process.edit_policy(tenant_id, name="Other")
    await rival.upkeep.delete_tenant(tenant_id)
    await rival.open(tenant_id, product(E1, 10))
    await rival.outcome(tenant_id, "zoe")
    await rival.edit_policy(tenant_id, enabled=False)

    assert await process.outcome(tenant_id, "bob") is Outcome.POLICY_OFF


async def test_a_process_that_knew_other_products_does_no_damage(
    process: ReportingProcess, rival: ReportingProcess, reader: ReportingProcess, tenant_id: str
) -> None:
    await process.open(tenant_id, product(E1, 10))
    await process.outcome(tenant_id, "ann")
    await rival.upkeep.delete_tenant(tenant_id)
    await rival.open(tenant_id, product(E3, 10))

    assert await process.outcome(tenant_id, "bob") is Outcome.CLAIMED
    assert await reader.outcome(tenant_id, "cid") is Outcome.CLAIMED


async def test_no_version_of_a_resource_comes_twice(process: ReportingProcess, tenant_id: str) -> None:
    versions = []
    for _ in range(3):
        await process.open(tenant_id, product(E1, 10))
        configuration = (await process.state(tenant_id)).configuration
        policies = configuration.policies.values()
        versions += [
            configuration.settings.version,
            configuration.products[E1].version,
            *(policy.version for policy in policies),
        ]
        await process.upkeep.delete_tenant(tenant_id)
    assert len(set(versions)) == len(versions) == 9


async def test_a_first_commit_that_was_on_its_way_through_a_whole_life_is_not_made(
    process: ReportingProcess, rival: ReportingProcess, tenant_id: str
) -> None:
    """At every call of a first change somebody else begins the tenant, changes it and deletes it."""
    for number in MOMENTS:
        last: list[int] = []

        async def live(last: list[int] = last) -> None:
            await rival.open(tenant_id, product(E1, 1))
            last.append((await rival.state(tenant_id)).head.sequence)
            await rival.upkeep.delete_tenant(tenant_id)

        moment = AtMoment(number, live)
        with process.watched(moment):
            await process.turn(tenant_id, on=True)
        state = await process.state(tenant_id)
        if not moment.done:
            assert number > 3
            return
        # Made before that life and deleted with it, or made after it.
        assert state.head.sequence in {0, last[0] + 1}, number
        await process.upkeep.delete_tenant(tenant_id)
    raise AssertionError("the first change does not end")


@pytest.mark.parametrize("lives", [0, 1])
async def test_a_beginning_that_was_cut_off_is_no_tenant_and_is_gone_on_with(
    lives: int, process: ReportingProcess, reader: ReportingProcess, tenant_id: str, connection_string: str
) -> None:
    for _ in range(lives):
        await process.open(tenant_id, product(E1, 10))
        await process.upkeep.delete_tenant(tenant_id)
    await open_life(process.table, tenant_id)

    assert await process.outcome(tenant_id, "ann") is Outcome.FEATURE_OFF
    assert await reader.check(tenant_id) == []
    assert await reader.upkeep.roll_up(tenant_id, 10)
    assert await reader.upkeep.prune(tenant_id, 90)
    await reader.upkeep.rebuild(tenant_id)
    assert [row["RowKey"] for row in rows_of(connection_string, tenant_id)] == ["state"]
    assert rows_of(connection_string, tenant_id, "reports") == []
    await process.open(tenant_id, product(E1, 10))
    assert await reader.outcome(tenant_id, "ann") is Outcome.CLAIMED
    assert (await reader.state(tenant_id)).head.sequence == 3 * lives + 4


async def test_a_beginning_that_was_cut_off_can_be_deleted(
    process: ReportingProcess, tenant_id: str, connection_string: str
) -> None:
    await open_life(process.table, tenant_id)
    await process.upkeep.delete_tenant(tenant_id)
    assert rows_of(connection_string, tenant_id) == []


async def test_a_beginning_whose_answer_was_lost_is_made_once(process: ReportingProcess, tenant_id: str) -> None:
    process.table.at("commit", after=unavailable, times=2)
    await process.turn(tenant_id, on=True)
    assert (await process.state(tenant_id)).head.sequence == 1


async def test_a_read_that_began_before_a_deletion_was_over_is_not_outvoted_by_a_commit_before_it(
    process: ReportingProcess, rival: ReportingProcess, tenant_id: str
) -> None:
    """A commit's answer comes late, when the tenant is deleted already: who asks then is not told of that commit."""
    await process.open(tenant_id, product(E1, 10))
    gate = Gate()
    process.table.at("commit", after=gate)
    edit = asyncio.create_task(process.edit_policy(tenant_id, name="Renamed"))
    await gate.reached()
    await rival.upkeep.delete_tenant(tenant_id)
    read_gate = Gate()
    process.table.at("get", "state", after=read_gate)
    asked = asyncio.create_task(process.state(tenant_id))
    await read_gate.reached()
    gate.open()
    await edit
    read_gate.open()
    assert (await asked).head.sequence == 0


async def test_a_row_that_went_with_the_tenant_is_no_user_who_holds_nothing(
    process: ReportingProcess, rival: ReportingProcess, reader: ReportingProcess, tenant_id: str
) -> None:
    """Ann holds the only seat until the tenant is deleted: there is no moment at which she is refused one."""
    await process.open(tenant_id, product(E1, 1))
    assert await process.outcome(tenant_id, "ann") is Outcome.CLAIMED
    reader.table.at("get", "user:ann", before=lambda: rival.upkeep.delete_tenant(tenant_id))
    assert await reader.outcome(tenant_id, "ann") is Outcome.FEATURE_OFF


async def test_rows_without_a_head_are_damage_and_begin_no_life(
    process: ReportingProcess, reader: ReportingProcess, tenant_id: str, connection_string: str
) -> None:
    await process.open(tenant_id, product(E1, 10))
    before = rows_of(connection_string, tenant_id)
    with TableClient.from_connection_string(connection_string, "ledger") as client:
        client.delete_entity(tenant_id, "state")
        with pytest.raises((LedgerDamagedError, LedgerUnavailableError)):
            await reader.turn(tenant_id, on=True)
        assert len(rows_of(connection_string, tenant_id)) == len(before) - 1
        client.create_entity(next(row for row in before if row["RowKey"] == "state"))


async def test_a_damaged_last_number_lets_no_life_begin(
    process: ReportingProcess, tenant_id: str, connection_string: str
) -> None:
    await process.open(tenant_id, product(E1, 10))
    await process.upkeep.delete_tenant(tenant_id)
    with TableClient.from_connection_string(connection_string, "ledger") as client:
        client.upsert_entity({"PartitionKey": "tenants-ended", "RowKey": tenant_id, "sequence": "many"})
        with pytest.raises(LedgerDamagedError, match="tenants-ended"):
            await process.open(tenant_id, product(E1, 10))
        client.upsert_entity({"PartitionKey": "tenants-ended", "RowKey": tenant_id, "sequence": "3"})
    await process.open(tenant_id, product(E1, 10))
    assert (await process.state(tenant_id)).head.sequence == 6


async def test_a_report_that_is_read_while_the_next_life_begins_finds_no_gap(
    process: ReportingProcess, rival: ReportingProcess, clock: SetClock, tenant_id: str
) -> None:
    """At each of its calls the tenant, which is deleted, begins again."""
    for number in MOMENTS:
        history = History(tenant_id, rival, clock, 1)
        await history.open()
        await history.burst(2)
        await rival.upkeep.delete_tenant(tenant_id)
        again = History(tenant_id, rival, clock, 1)

        async def next_life(again: History = again) -> None:
            await again.open()
            await again.burst(3)

        moment = AtMoment(number, next_life)
        with process.watched(moment):
            _, policies = await process.reported(tenant_id, 7)
        assert sum(policy.total for policy in policies) in {0, 3}
        if not moment.done:
            assert number > 5
            return
        await rival.upkeep.delete_tenant(tenant_id)
    raise AssertionError("the report does not end")


async def test_a_report_over_the_border_of_two_lives_has_the_claims_of_one(
    process: ReportingProcess, rival: ReportingProcess, clock: SetClock, tenant_id: str
) -> None:
    """At each of its calls the tenant is deleted, with rows that have counted all its claims, and begins again."""
    for number in MOMENTS:
        history = History(tenant_id, rival, clock, 1)
        await history.open()
        await history.burst(2)
        await rival.roll_up_all(tenant_id)
        again = History(tenant_id, rival, clock, 1)

        async def next_life(again: History = again) -> None:
            await rival.upkeep.delete_tenant(tenant_id)
            await again.open()
            await again.burst(3)

        moment = AtMoment(number, next_life)
        with process.watched(moment):
            _, policies = await process.reported(tenant_id, 7)
        assert sum(policy.total for policy in policies) in {2, 3}, number
        if not moment.done:
            assert number > 5
            return
        await rival.upkeep.delete_tenant(tenant_id)
    raise AssertionError("the report does not end")


@pytest.mark.parametrize("begins_again", [False, True])
async def test_whether_a_change_was_made_before_the_tenant_was_deleted_is_not_known(
    *, begins_again: bool, process: ReportingProcess, rival: ReportingProcess, tenant_id: str
) -> None:
    """It was, its answer was lost, and the journal that has it is gone: it is not refused because of the next life."""
    await process.open(tenant_id, product(E1, 1))

    async def deleted() -> None:
        await rival.upkeep.delete_tenant(tenant_id)
        if begins_again:
            await rival.open(tenant_id, product(E3, 1))

    process.table.at("commit", after=unavailable)
    process.table.at("get", "journal:", before=deleted)
    with pytest.raises(LedgerUnavailableError):
        await process.put_product(tenant_id, product(E3, 5))
