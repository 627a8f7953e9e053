"""The witness of deletions: it sees every row of a life that ends, wherever the deletion is cut off."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import pytest
from azure.core.exceptions import ResourceExistsError, ServiceRequestError
from azure.data.tables import TableClient

from domain.errors import LedgerUnavailableError
from localhost.emulator import Azurite, connection_string
from localhost.past import past_on
from localhost.ports import free_port
from tests.faults.draws import draws_from
from tests.faults.history import Row
from tests.faults.lives import line_of, named
from tests.faults.network import UnreliableNetwork, unreliable_network
from tests.faults.witness import Witness
from tests.functions.past_tenant import claiming, opening, tell
from tests.storage.audit import audit, rows_of

NOW = datetime.now(UTC).replace(microsecond=0)
OPENING = 4
"""Commits that open a tenant."""
CLAIMS = 60
"""More rows than one transaction deletes."""


@pytest.fixture
def tenant(azurite: Azurite, tenant_id: str) -> str:
    """A tenant where many people claimed."""
    for table in ("ledger", "reports"):
        with (
            TableClient.from_connection_string(azurite.connection_string, table) as client,
            suppress(ResourceExistsError),
        ):
            client.create_table()
    claims = (claiming(NOW, tenant_id, f"user-{number}") for number in range(CLAIMS))
    tell(azurite, tenant_id, *opening(NOW), *claims)
    return tenant_id


def removal(tenant_id: str, sequence: int) -> bytes:
    key = f"journal%3A{10**15 - 1 - sequence:015d}"
    return f"DELETE http://localhost/account/ledger(PartitionKey='{tenant_id}',RowKey='{key}') HTTP/1.1".encode()


async def delete(port: int, tenant_id: str) -> None:
    async with past_on(connection_string(port)) as past:
        await past.upkeep.delete_tenant(tenant_id)


async def test_a_life_is_seen_whole_though_its_deletion_is_cut_off_and_begun_again(
    azurite: Azurite, tenant: str
) -> None:
    witness = Witness(partial(rows_of, azurite.connection_string))
    network: UnreliableNetwork
    removals = 0

    async def see(request: bytes) -> None:
        nonlocal removals
        await witness.see(request)
        if b"DELETE" in request and b"ledger" in request:
            removals += 1
            if removals == 2:
                assert len(rows_of(azurite.connection_string, tenant)) < CLAIMS, "nothing was deleted yet"
                network.go_away()
                raise ConnectionError

    port = free_port()
    async with unreliable_network(azurite.port, port, draws_from(1), see) as network:
        removing = asyncio.create_task(witness.removes(tenant))
        with pytest.raises(LedgerUnavailableError):
            await delete(port, tenant)
        assert removing.done()
        network.come_back()
        await delete(port, tenant)

    assert rows_of(azurite.connection_string, tenant) == []
    (life,) = witness.ended[tenant]
    assert audit(life.rows, is_closed=True) == []
    assert sum(row["RowKey"].startswith("user:") for row in life.rows) == CLAIMS
    line = line_of(witness.ended[tenant], [])
    assert len(line) == OPENING + CLAIMS + 1
    assert (named(line, 0), named(line, 1)) == ("the beginning", "commit 1")
    assert named(line, len(line)) == f"the deletion after commit {OPENING + CLAIMS}"


async def test_each_life_is_seen_once_and_what_lives_is_not_taken_for_ended(azurite: Azurite, tenant: str) -> None:
    witness = Witness(partial(rows_of, azurite.connection_string))
    await witness.see(removal(tenant, OPENING + CLAIMS))
    assert not witness.ended[tenant], "it lives"
    port = free_port()
    async with unreliable_network(azurite.port, port, draws_from(1), witness.see):
        await delete(port, tenant)
        assert len(witness.ended[tenant]) == 1
        await asyncio.to_thread(tell, azurite, tenant, *opening(NOW))
        await witness.see(removal(tenant, OPENING + CLAIMS))
        assert len(witness.ended[tenant]) == 1, "a late request of the deletion before"
        await delete(port, tenant)
    assert [len(line_of([life], [])) for life in witness.ended[tenant]] == [OPENING + CLAIMS + 1, OPENING + 1]


async def test_where_the_storage_cannot_be_read_nothing_is_passed_on() -> None:
    def broken(tenant_id: str) -> list[Row]:
        raise ServiceRequestError(tenant_id)

    witness = Witness(broken)
    await witness.see(b"GET http://localhost/account/ledger HTTP/1.1")
    with pytest.raises(ConnectionError):
        await witness.see(removal("3b0e6a52-8c61-4c0a-9d3a-1f6f0b1c7a11", 5))
