"""What is measured, where it happens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ServiceRequestError
from opentelemetry.trace import get_tracer

from domain.errors import LedgerUnavailableError
from functions.composition import connect
from functions.telemetry.instruments import ROLL_UP_LAG
from localhost.emulator import Azurite
from storage.engine.ledger import TableLedger
from storage.instruments import calling, committing, settling
from storage.tables.clock import StorageClock
from storage.tables.wire import FailedOperationError
from tests.domain.tenants import E1, product
from tests.functions.conftest import Api
from tests.functions.valid import sign_in_body, stock
from tests.storage.faulty_table import FaultyTable, unavailable
from tests.storage.processes import Process
from tests.telemetry.kept import Kept


@pytest.fixture
async def new_process(own_azurite: Azurite) -> AsyncIterator[Callable[[], Process]]:
    clients = []

    def make() -> Process:
        clock = StorageClock()
        client, wire = connect("ledger", clock.observe, connection_string=own_azurite.connection_string)
        clients.append(client)
        table = FaultyTable(client, wire)
        return Process(table, clock, TableLedger(table, clock))

    make()
    with suppress(ResourceExistsError):
        await clients[0].create_table()
    yield make
    for client in clients:
        await client.close()


def test_sign_ins_are_counted_by_outcome(api: Api, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    stock(api, total=1)
    for user_id in ("ada", "ada", "bob"):
        api.sign_in(user_id)

    async def gone(*_: object) -> None:
        raise LedgerUnavailableError("gone")

    monkeypatch.setattr("storage.engine.ledger.TableLedger.settle", gone)
    api.sign_in("ada")

    for outcome in ("claimed", "alreadyLicensed", "noLicenses", "unavailable"):
        assert kept.total("autoclaim.sign_ins", outcome=outcome) == 1


def test_sign_ins_of_a_batch_are_counted_each(api: Api, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    stock(api, total=1)

    def send(*user_ids: str) -> None:
        body = {"signIns": [sign_in_body(api.tenant_id, user={"id": user_id}) for user_id in user_ids]}
        response = api.anonymous(
            "POST", "/sign-ins/batch", json=body, headers={"x-functions-key": api.served.keys.function}
        )
        assert response.status_code == 200

    send("ada", "ada", "", "bob", "eve")

    async def gone(*_: object) -> None:
        raise LedgerUnavailableError("gone")

    monkeypatch.setattr("storage.engine.ledger.TableLedger.settle", gone)
    send("dan", "sue", "joe", "")

    counted = {"claimed": 1, "alreadyLicensed": 1, "noLicenses": 2, "unavailable": 3}
    assert {outcome: kept.total("autoclaim.sign_ins", outcome=outcome) for outcome in counted} == counted


async def test_a_commit_is_measured_by_its_users_and_each_wait_by_itself(
    new_process: Callable[[], Process], tenant_id: str, kept: Kept
) -> None:
    process = new_process()
    await process.open(tenant_id, product(E1, 100))
    kept.begin()

    await process.outcomes(tenant_id, [f"user-{number}" for number in range(40)])

    (users,) = kept.points("autoclaim.commit.users")
    assert (users.sum, users.count > 0) == (40, True)
    (waits,) = kept.points("autoclaim.queue.wait")
    assert waits.count == 40
    assert 0 <= waits.min <= waits.max < 20


async def test_a_transaction_that_was_not_made_is_counted_as_sent_again(
    new_process: Callable[[], Process], tenant_id: str, kept: Kept
) -> None:
    process = new_process()
    await process.open(tenant_id)
    kept.begin()
    process.table.at("commit", before=unavailable)

    await process.sign_in(tenant_id, "ada")

    assert kept.total("autoclaim.commit.resends") == 1
    assert kept.total("autoclaim.commit.conflicts") == 0
    assert [point.sum for point in kept.points("autoclaim.commit.users")] == [1]


@pytest.mark.usefixtures("nobody_leads")
async def test_a_commit_that_another_process_overtook_is_counted_as_a_conflict(
    new_process: Callable[[], Process], tenant_id: str, kept: Kept
) -> None:
    process, rival = new_process(), new_process()
    await process.open(tenant_id)
    kept.begin()
    process.table.at("commit", before=lambda: rival.sign_in(tenant_id, "bob"))

    await process.sign_in(tenant_id, "ada")

    assert kept.total("autoclaim.commit.conflicts") == 1
    assert kept.total("autoclaim.storage.duration", operation="commit", status="412") == 1
    assert kept.total("autoclaim.storage.duration", operation="commit", status="ok") == 2


@pytest.mark.parametrize(
    ("error", "status", "is_throttled"),
    [
        (TimeoutError(), "timeout", False),
        (ServiceRequestError("cut off"), "none", False),
        (asyncio.CancelledError(), "none", False),
        (FailedOperationError(3, 409, "EntityAlreadyExists"), "409", False),
        (HttpResponseError("busy", response=None), "none", False),
        (FailedOperationError(0, 503, "ServerBusy"), "503", True),
        (FailedOperationError(0, 429, "TooManyRequests"), "429", True),
    ],
)
def test_a_call_is_measured_however_it_ends(
    kept: Kept, error: BaseException, status: str, *, is_throttled: bool
) -> None:
    caller = get_tracer("test").start_as_current_span("caller")
    with caller, pytest.raises(type(error)), calling("get"):
        raise error

    assert kept.total("autoclaim.storage.duration", operation="get", status=status) == 1
    assert kept.total("autoclaim.storage.throttled", operation="get") == is_throttled
    (span,) = kept.spans("storage get")
    assert span.status.is_ok is (status == "409")


def test_a_gauge_is_told_once_and_not_repeated(kept: Kept) -> None:
    ROLL_UP_LAG.set(1)
    assert [point.value for point in kept.points("autoclaim.rollup.lag")] == [1]
    kept.begin()

    assert kept.points("autoclaim.rollup.lag") == []


def test_without_a_caller_to_belong_to_no_span_is_told(kept: Kept) -> None:
    with settling("a tenant"), committing(1), calling("commit"):
        pass

    assert kept.spans() == []
    assert kept.total("autoclaim.storage.duration", operation="commit") == 1
