"""What reads, rolls up and removes at the same time as something else does."""

from collections.abc import AsyncIterator, Iterable
from contextlib import suppress

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableClient as BlockingTableClient

from domain.errors import LedgerUnavailableError, TenantClosedError
from domain.sign_ins import Outcome
from functions.composition import connect
from storage.reports.records import TableRecords
from storage.reports.rollup import RollUp
from storage.rows.reports import FIRST_GENERATION
from storage.upkeep.deletion import delete_tenant
from storage.upkeep.erasure import erase_names
from tests.domain.tenants import E1, product
from tests.storage.audit import audit, rows_of
from tests.storage.faulty_table import FaultyTable
from tests.storage.processes import Process

READS_AT_ONCE = 128
"""Twice the connections that there are; a call's time-out runs while it waits for one."""


@pytest.fixture
async def reports(connection_string: str) -> AsyncIterator[FaultyTable]:
    """The reports' table."""
    blocking = BlockingTableClient.from_connection_string(connection_string, "reports")
    with blocking, suppress(ResourceExistsError):
        blocking.create_table()
    client, wire = connect("reports", lambda _: None, connection_string=connection_string)
    async with client:
        yield FaultyTable(client, wire)


def of_kind(rows: Iterable[dict[str, str]], kind: str) -> list[dict[str, str]]:
    return [row for row in rows if row["RowKey"].startswith(kind)]


@pytest.mark.usefixtures("beyond_recall")
async def test_a_deleted_tenant_is_as_if_never_heard_of(
    process: Process, rival: Process, reports: FaultyTable, tenant_id: str, connection_string: str
) -> None:
    await process.open(tenant_id)
    await process.outcomes(tenant_id, ["ann", "bob"])
    await RollUp(rival.table, reports).step(tenant_id, FIRST_GENERATION)

    await delete_tenant(rival.table, reports, tenant_id)

    assert rows_of(connection_string, tenant_id) == rows_of(connection_string, tenant_id, "reports") == []
    assert await process.outcome(tenant_id, "ann") is Outcome.FEATURE_OFF
    await process.open(tenant_id)
    assert await process.outcome(tenant_id, "ann") is Outcome.CLAIMED
    assert audit(rows_of(connection_string, tenant_id)) == []


async def test_a_claim_on_its_way_is_not_made_once_the_tenant_is_being_deleted(
    process: Process, rival: Process, reports: FaultyTable, tenant_id: str, connection_string: str
) -> None:
    await process.open(tenant_id)

    async def deleted() -> None:
        await delete_tenant(rival.table, reports, tenant_id)

    process.table.at("commit", before=deleted)

    assert await process.outcome(tenant_id, "ann") is Outcome.FEATURE_OFF
    assert rows_of(connection_string, tenant_id) == []


async def test_a_tenant_that_is_being_deleted_refuses_and_changes_nothing(
    process: Process, rival: Process, reports: FaultyTable, tenant_id: str, connection_string: str
) -> None:
    await process.open(tenant_id)

    async def half_way() -> None:
        before = rows_of(connection_string, tenant_id)
        with pytest.raises(LedgerUnavailableError):
            await process.sign_in(tenant_id, "ann")
        with pytest.raises(LedgerUnavailableError):
            await process.turn(tenant_id, on=False)
        assert rows_of(connection_string, tenant_id) == before

    rival.table.at("page", before=half_way)
    await delete_tenant(rival.table, reports, tenant_id)
    assert rows_of(connection_string, tenant_id) == []


async def test_a_roll_up_during_a_deletion_leaves_no_counts_behind(
    process: Process, rival: Process, reports: FaultyTable, tenant_id: str, connection_string: str
) -> None:
    """What it left would make the roll-up of a tenant made again skip its first commits."""
    await process.open(tenant_id)
    await process.sign_in(tenant_id, "ann")

    async def rolled_up() -> None:
        with suppress(TenantClosedError):
            await RollUp(process.table, reports).step(tenant_id)

    rival.table.at("page", before=rolled_up)
    await delete_tenant(rival.table, reports, tenant_id)

    assert rows_of(connection_string, tenant_id, "reports") == []


async def test_names_are_erased_while_the_user_signs_in_and_nothing_that_counts_is_lost(
    process: Process, rival: Process, audited: str, connection_string: str
) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann", principal_name="ann@contoso.example", display_name="Ann")
    await process.take_back(audited, "ann")

    async def erased() -> None:
        await erase_names(rival.table, audited, "ann")

    process.table.at("commit", before=erased)

    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
    assert not [row for row in rows_of(connection_string, audited) if "Ann" in str(row) or "ann@" in str(row)]


async def test_an_erasure_loses_no_claim_that_comes_in_between(
    process: Process, rival: Process, audited: str, connection_string: str
) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann", display_name="Ann")
    await process.take_back(audited, "ann")

    async def claimed() -> None:
        assert await process.outcome(audited, "ann") is Outcome.CLAIMED

    rival.table.at("commit", before=claimed)
    await erase_names(rival.table, audited, "ann")

    (row,) = of_kind(rows_of(connection_string, audited), "user:ann")
    assert E1 in row["content"]
    assert "Ann" not in row["content"]


async def test_many_users_are_not_all_read_at_the_same_moment(
    process: Process, reports: FaultyTable, audited: str
) -> None:
    users = [f"user-{number}" for number in range(300)]
    await process.open(audited, product(E1, len(users)))
    records = TableRecords(process.ledger, process.table, reports)
    process.table.most_at_once = 0

    assert len(await records.users(audited, users)) == len(users)

    assert process.table.most_at_once <= READS_AT_ONCE
