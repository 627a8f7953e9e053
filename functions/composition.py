"""The composition root: makes what the app is made of. The only module that imports storage and builds clients.

Nothing is made at import: importing is cold start, and the worker imports before there are settings to test with.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, Final
from weakref import WeakKeyDictionary

import aiohttp
from azure.core.exceptions import ResourceExistsError
from azure.core.pipeline import AsyncPipeline
from azure.core.pipeline.policies import AsyncBearerTokenCredentialPolicy
from azure.core.pipeline.transport import AioHttpTransport
from azure.data.tables.aio import TableClient

from domain.integrity import Integrity
from domain.ledger import Ledger
from domain.records import Records
from domain.upkeep import Figures, Moves, Upkeep
from functions.authentication.fetch import fetch_key_set
from functions.authentication.principals import Authenticator
from functions.authentication.signing_keys import SigningKeys
from functions.authentication.tokens import TokenVerifier
from functions.settings.accounts import StorageAccount
from functions.settings.environment import Settings, read_settings
from functions.telemetry.start import start
from storage.accounts.moving import TenantMover
from storage.accounts.spread import Account, SpreadTable
from storage.engine.ledger import TableLedger
from storage.reports.figures import TableFigures
from storage.reports.records import TableRecords
from storage.tables.clock import StorageClock
from storage.tables.shared_key import SharedKeyPolicy
from storage.tables.table import DateObserver, LedgerTable
from storage.tables.wire import Wire
from storage.upkeep.changes import ChangeNotes, NotedTable
from storage.upkeep.integrity import IntegrityChecker
from storage.upkeep.upkeep import TableUpkeep

TABLES: Final = ("ledger", "reports")

STORAGE_SCOPE: Final = "https://storage.azure.com/.default"
STORAGE_CONNECTIONS: Final = 64
KEEP_ALIVE_SECONDS: Final = 3.0
"""How long an idle connection to the storage is kept: shorter than the 5 s after which Azurite drops it."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the app is made of.

    Attributes:
        settings: The app's settings.
        authenticator: Says who sent a request.
        ledger: Every tenant's state.
        records: Every tenant's past.
        integrity: Checks of tenants.
        upkeep: What is done for tenants besides requests.
        figures: What an operator watches of tenants.
        moves: Moves tenants between storage accounts.
        now: The time.
        clients: What the storage is spoken to through; here only to be closed.
    """

    settings: Settings
    authenticator: Authenticator
    ledger: Ledger
    records: Records
    integrity: Integrity
    upkeep: Upkeep
    figures: Figures
    moves: Moves
    now: Callable[[], datetime]
    clients: tuple[TableClient, ...]


_services: WeakKeyDictionary[asyncio.AbstractEventLoop, Services] = WeakKeyDictionary()


def services() -> Services:
    """The app's services, made at the first call in an event loop: a worker has one loop, and clients belong to it."""
    loop = asyncio.get_running_loop()
    made = _services.get(loop)
    if made is None:
        settings = read_settings()
        start(settings.telemetry, _telemetry_credential(settings))
        made = _services[loop] = _make_services(settings)
    return made


async def close_services() -> None:
    """Close this event loop's clients, for those who end cleanly: the host kills a worker without a word."""
    made = _services.pop(asyncio.get_running_loop(), None)
    for client in made.clients if made else ():
        await client.close()


def _make_services(settings: Settings) -> Services:
    clock = StorageClock()
    clients: list[TableClient] = []
    accounts: list[Account] = []
    for account in settings.accounts:
        opened = [connect(name, clock.observe, **_address(settings, account)) for name in TABLES]
        clients += [client for client, _ in opened]
        accounts.append(Account(account.name, *(LedgerTable(client, wire) for client, wire in opened)))
    homes = {tenant_id: account.name for account in settings.accounts for tenant_id in account.tenants}
    table, reports = _tables(accounts, homes)
    ledger = TableLedger(NotedTable(table, ChangeNotes(table).note), clock)
    keys = SigningKeys(settings.trusted_issuers, fetch_key_set)
    verifier = TokenVerifier(settings.trusted_issuers, settings.api_audiences, keys)
    return Services(
        settings=settings,
        authenticator=Authenticator(verifier, settings.roles),
        ledger=ledger,
        records=TableRecords(ledger, table, reports),
        integrity=IntegrityChecker(table, reports, clock),
        upkeep=TableUpkeep(table, reports, clock),
        figures=TableFigures(table, reports),
        moves=TenantMover(accounts),
        now=clock.now,
        clients=tuple(clients),
    )


def _telemetry_credential(settings: Settings) -> Callable[[], Any] | None:
    """What telemetry is written with: the identity that reaches the storage, where one does."""
    if settings.accounts[0].url is None:
        return None

    def make() -> Any:  # noqa: ANN401 - the SDK's own
        from azure.identity import ManagedIdentityCredential  # noqa: PLC0415 - see connect

        return ManagedIdentityCredential(client_id=settings.tables_identity_client_id)

    return make


def _tables(accounts: Sequence[Account], homes: Mapping[str, str]) -> tuple[LedgerTable, LedgerTable]:
    """The two tables; where there is but one account, they are that one's."""
    default, *others = accounts
    if not others:
        return default.ledger, default.reports
    ledger = SpreadTable({account.name: account.ledger for account in accounts}, homes)
    return ledger, SpreadTable({account.name: account.reports for account in accounts}, homes)


def _address(settings: Settings, account: StorageAccount) -> dict[str, str | None]:
    return {
        "connection_string": account.connection_string,
        "url": account.url,
        "identity_client_id": settings.tables_identity_client_id,
    }


def connect(
    table: str,
    observe_date: Callable[[str | None], None],
    *,
    connection_string: str | None = None,
    url: str | None = None,
    identity_client_id: str | None = None,
) -> tuple[TableClient, Wire]:
    """A client of one table, and the wire beside it: closing the client closes both.

    Reached with a connection string that has an account's key, or at a URL with a managed identity. Nothing is sent
    twice: a repeated write could meet itself as a conflict.
    """
    connector = aiohttp.TCPConnector(limit=STORAGE_CONNECTIONS, keepalive_timeout=KEEP_ALIVE_SECONDS)
    transport = AioHttpTransport(session=aiohttp.ClientSession(connector=connector), session_owner=True)
    observer = DateObserver(observe_date)
    options: dict[str, Any] = {"transport": transport, "per_call_policies": [observer], "retry_total": 0}
    if connection_string:
        parts = dict(part.split("=", 1) for part in connection_string.split(";") if part)
        client = TableClient.from_connection_string(connection_string, table, **options)
        signing: Any = SharedKeyPolicy(parts["AccountName"], parts["AccountKey"])
    else:
        # Costs 0.4 s to import, and only Azure needs it.
        from azure.identity.aio import ManagedIdentityCredential  # noqa: PLC0415

        credential = ManagedIdentityCredential(client_id=identity_client_id)
        client = TableClient(url or "", table, credential=credential, **options)
        signing = AsyncBearerTokenCredentialPolicy(credential, STORAGE_SCOPE)
    return client, Wire(client.url, table, AsyncPipeline(transport, [signing, observer]))


@asynccontextmanager
async def _closing(client: TableClient) -> AsyncIterator[TableClient]:
    try:
        yield client
    finally:
        await client.close()


async def create_tables() -> None:
    """Create the tables that are not there yet, in every account.

    One step of a start or a deployment; no request does it.
    """
    settings = read_settings()
    for account, table in product(settings.accounts, TABLES):
        client, _ = connect(table, lambda _: None, **_address(settings, account))
        async with _closing(client):
            try:
                await client.create_table()
            except ResourceExistsError:
                continue
