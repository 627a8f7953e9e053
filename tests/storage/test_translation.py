"""The border to the SDK: what it raises, over a network as bad as they come, and what the ledger then knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from azure.core.exceptions import HttpResponseError

from domain.errors import LedgerUnavailableError
from domain.sign_ins import Outcome
from functions.composition import connect
from localhost.emulator import Azurite
from localhost.emulator import connection_string as connection_string_of
from localhost.ports import free_port
from storage.engine import transaction
from storage.engine.ledger import TableLedger
from storage.rows.content import HEAD_KEY
from storage.tables import table as table_module
from storage.tables.clock import StorageClock
from storage.tables.operations import ANY_VERSION, Operation, Write
from storage.tables.table import ConflictError, LedgerTable
from tests.domain.tenants import E1, product
from tests.storage.bad_network import BadNetwork, Mishap, bad_network
from tests.storage.faulty_table import WAIT_SECONDS, FaultyTable
from tests.storage.processes import Process

PATIENCE_SECONDS = 0.3


def row(tenant_id: str, key: str, **properties: Any) -> dict[str, Any]:
    return {"PartitionKey": tenant_id, "RowKey": key, **properties}


def insert(tenant_id: str, key: str, **properties: Any) -> Operation:
    return Operation(Write.INSERT, row(tenant_id, key, **properties))


@asynccontextmanager
async def opened(name: str, connection_string: str) -> AsyncIterator[LedgerTable]:
    """A table, closed at the end."""
    client, wire = connect(name, lambda _: None, connection_string=connection_string)
    async with client:
        yield LedgerTable(client, wire)


@pytest.fixture
async def network(azurite: Azurite, connection_string: str) -> AsyncIterator[BadNetwork]:
    """A bad network to the emulator; it is its `port` that clients use."""
    assert connection_string
    async with bad_network(azurite.port) as (made, port):
        made.port = port  # type: ignore[attr-defined]
        yield made


@pytest.fixture
async def far(network: BadNetwork) -> AsyncIterator[FaultyTable]:
    """The ledger's table at the other end of the bad network."""
    port: int = network.port  # type: ignore[attr-defined]
    client, wire = connect("ledger", lambda _: None, connection_string=connection_string_of(port))
    async with client:
        yield FaultyTable(client, wire)


@pytest.fixture
def far_process(far: FaultyTable, monkeypatch: pytest.MonkeyPatch) -> Process:
    """A process at the other end of the bad network, with little patience."""
    hurry = SimpleNamespace(
        timeout=lambda seconds: asyncio.timeout(min(seconds, PATIENCE_SECONDS)), sleep=asyncio.sleep
    )
    monkeypatch.setattr(table_module, "asyncio", hurry)
    monkeypatch.setattr(table_module, "READ_PAUSE_SECONDS", 0)
    monkeypatch.setattr(transaction, "PAUSE_SECONDS", 0)
    clock = StorageClock()
    return Process(far, clock, TableLedger(far, clock))


async def test_an_insertion_of_what_is_there_is_a_conflict_at_its_place(process: Process, tenant_id: str) -> None:
    await process.table.commit([insert(tenant_id, "b")])
    with pytest.raises(ConflictError) as conflict:
        await process.table.commit([insert(tenant_id, key) for key in "abc"])
    assert conflict.value.place == 1
    assert await process.table.get(tenant_id, "a") is None


async def test_a_replacement_of_another_version_is_a_conflict_at_its_place(process: Process, tenant_id: str) -> None:
    (etag,) = await process.table.commit([insert(tenant_id, "b", n=1)])
    (newer,) = await process.table.commit([Operation(Write.REPLACE, row(tenant_id, "b", n=2), etag)])
    assert newer != etag
    with pytest.raises(ConflictError) as conflict:
        await process.table.commit(
            [insert(tenant_id, "a"), insert(tenant_id, "c"), Operation(Write.REPLACE, row(tenant_id, "b", n=3), etag)]
        )
    assert conflict.value.place == 2
    stored = await process.table.get(tenant_id, "b")
    assert stored
    assert (stored.row["n"], stored.etag) == (2, newer)


@pytest.mark.parametrize("etag", [ANY_VERSION, "W/\"datetime'2026-01-05T08%3A00%3A00.0000000Z'\""])
@pytest.mark.parametrize("write", [Write.REPLACE, Write.DELETE])
async def test_a_row_that_is_not_there_is_a_conflict(process: Process, tenant_id: str, write: Write, etag: str) -> None:
    with pytest.raises(ConflictError) as conflict:
        await process.table.commit([insert(tenant_id, "a"), Operation(write, row(tenant_id, "gone"), etag)])
    assert conflict.value.place == 1
    assert await process.table.get(tenant_id, "a") is None


async def test_a_commit_gives_the_etags_that_reads_give(process: Process, tenant_id: str) -> None:
    await process.table.commit([insert(tenant_id, "gone")])
    etags = await process.table.commit(
        [insert(tenant_id, "a"), Operation(Write.DELETE, row(tenant_id, "gone"), ANY_VERSION), insert(tenant_id, "b")]
    )
    a, b = [await process.table.get(tenant_id, key) for key in "ab"]
    assert a
    assert b
    assert etags == [a.etag, "", b.etag]


async def test_two_commits_of_one_row_never_give_it_the_same_etag(process: Process, tenant_id: str) -> None:
    (etag,) = await process.table.commit([insert(tenant_id, "a")])
    seen = {etag}
    for number in range(100):
        (etag,) = await process.table.commit([Operation(Write.REPLACE, row(tenant_id, "a", n=number), etag)])
        seen.add(etag)
    assert len(seen) == 101


async def test_a_table_that_is_not_there_is_unavailable_and_not_an_empty_one(connection_string: str) -> None:
    async with opened("missing", connection_string) as missing:
        with pytest.raises(LedgerUnavailableError, match="TableNotFound"):
            await missing.get("p", "r")
        with pytest.raises(LedgerUnavailableError, match="TableNotFound"):
            await missing.page("p", "a", "b")


async def test_a_commit_to_a_table_that_is_not_there_is_unavailable_and_no_conflict(connection_string: str) -> None:
    async with opened("missing", connection_string) as table:
        with pytest.raises(LedgerUnavailableError, match="TableNotFound"):
            await table.commit([insert("p", "r")])


async def test_what_the_service_refuses_for_good_is_not_called_unavailable(tenant_id: str, azurite: Azurite) -> None:
    wrong_key = connection_string_of(azurite.port).replace("Eby8", "AAAA")
    async with opened("ledger", wrong_key) as stranger:
        for call in (stranger.get(tenant_id, "a"), stranger.commit([insert(tenant_id, "a")])):
            with pytest.raises(HttpResponseError) as refused:
                await call
            assert refused.value.status_code == 403


async def test_a_port_where_nobody_listens_is_unavailable(
    tenant_id: str, connection_string: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection_string
    monkeypatch.setattr(table_module, "READ_PAUSE_SECONDS", 0)
    async with opened("ledger", connection_string_of(free_port())) as nowhere:
        with pytest.raises(LedgerUnavailableError):
            await nowhere.get(tenant_id, "a")
        with pytest.raises(LedgerUnavailableError):
            await nowhere.commit([insert(tenant_id, "a")])


MISHAPS = [mishap for mishap in Mishap if mishap is not Mishap.STRANGER]


@pytest.mark.parametrize("mishap", MISHAPS)
async def test_a_read_that_meets_a_mishap_is_tried_again_and_no_more_often_than_bounded(
    network: BadNetwork, far_process: Process, process: Process, tenant_id: str, mishap: Mishap
) -> None:
    await process.table.commit([insert(tenant_id, "a", n=1)])

    network.will(*[mishap] * (table_module.READ_ATTEMPTS - 1))
    stored = await far_process.table.get(tenant_id, "a")
    assert stored
    assert stored.row["n"] == 1

    network.requests = 0
    network.will(*[mishap] * 10)
    with pytest.raises(LedgerUnavailableError):
        await far_process.table.page(tenant_id, "a", "b")
    # aiohttp itself repeats a GET once whose connection was cut, and never a POST.
    assert table_module.READ_ATTEMPTS <= network.requests <= 2 * table_module.READ_ATTEMPTS


async def test_a_table_counts_the_calls_that_were_refused_and_those_that_were_not_answered(
    network: BadNetwork, far_process: Process, tenant_id: str
) -> None:
    assert far_process.table.unanswered() == 0
    network.will(Mishap.BUSY, Mishap.SILENCE_BEFORE)
    await far_process.table.get(tenant_id, "a")
    assert far_process.table.unanswered() == 2
    network.will(Mishap.BUSY, method="POST")
    with pytest.raises(LedgerUnavailableError):
        await far_process.table.commit([insert(tenant_id, "a")])
    assert far_process.table.unanswered() == 3
    await far_process.table.commit([insert(tenant_id, "a")])
    with pytest.raises(ConflictError):
        await far_process.table.commit([insert(tenant_id, "a")])
    assert far_process.table.unanswered() == 3  # a conflict is an answer


ARRIVED = {
    Mishap.CUT_AFTER,
    Mishap.CUT_WITHIN_THE_HEADERS,
    Mishap.CUT_WITHIN_THE_BODY,
    Mishap.SILENCE_AFTER,
    Mishap.SERVER_ERROR_AFTER,
}


@pytest.mark.parametrize("mishap", MISHAPS)
async def test_a_commit_that_meets_a_mishap_is_unknown_and_sent_once(
    network: BadNetwork, far_process: Process, process: Process, tenant_id: str, mishap: Mishap
) -> None:
    network.will(mishap, method="POST")
    with pytest.raises(LedgerUnavailableError):
        await far_process.table.commit([insert(tenant_id, "a")])
    assert network.requests == 1
    assert (await process.table.get(tenant_id, "a") is not None) == (mishap in ARRIVED)


async def test_a_commit_answered_by_a_stranger_is_unknown(
    network: BadNetwork, far_process: Process, tenant_id: str
) -> None:
    network.will(Mishap.STRANGER, method="POST")
    with pytest.raises(LedgerUnavailableError):
        await far_process.table.commit([insert(tenant_id, "a")])


@pytest.mark.parametrize("mishap", MISHAPS)
async def test_a_claim_over_a_bad_network_is_answered_once_and_made_once(
    network: BadNetwork, far_process: Process, process: Process, audited: str, mishap: Mishap
) -> None:
    await process.open(audited, product(E1, 5))
    network.will(mishap, mishap, method="POST")

    outcomes = await far_process.outcomes(audited, ["ann", "bob", "ann"])

    assert outcomes == [Outcome.CLAIMED, Outcome.CLAIMED, Outcome.ALREADY_LICENSED]
    state = await process.state(audited)
    assert state.assigned_licenses(E1) == 2
    assert state.head.sequence == 4


async def test_a_call_that_is_cancelled_ends_at_once_and_leaves_the_client_usable(
    network: BadNetwork, far: FaultyTable, tenant_id: str
) -> None:
    network.will(Mishap.SILENCE_BEFORE)
    call = asyncio.create_task(far.get(tenant_id, HEAD_KEY))
    await asyncio.wait_for(network.arrived.wait(), WAIT_SECONDS)
    call.cancel()
    await asyncio.wait([call])
    assert call.cancelled()
    assert await far.get(tenant_id, HEAD_KEY) is None


async def test_partitions_are_found_one_after_the_other(process: Process) -> None:
    first, second = sorted(str(uuid4()) for _ in range(2))
    await process.table.commit([insert(first, "a"), insert(first, "b")])
    await process.table.commit([insert(second, "a")])
    found = await process.table.next_partition(first)
    assert found
    assert first < found <= second
    assert await process.table.next_partition("~") is None


async def test_a_page_goes_on_where_the_one_before_ended(process: Process, tenant_id: str) -> None:
    await process.table.commit([insert(tenant_id, key) for key in "abcde"])
    keys: list[str] = []
    continuation = None
    pages = 0
    while pages == 0 or continuation:
        found, continuation = await process.table.page(tenant_id, "b", "e", continuation, rows=2)
        keys += [stored.row["RowKey"] for stored in found]
        pages += 1
        assert pages < 5
    assert keys == ["b", "c", "d"]
    assert await process.table.page(tenant_id, "x", "z") == ([], None)
