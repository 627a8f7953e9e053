"""A fresh storage for each measurement, and processes of the product on it.

The emulator looks through a whole partition for each row, so it slows down as a partition grows. Every measurement
therefore begins with an empty storage and writes as many users as those that it is compared with.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from azure.data.tables import TableServiceClient
from azure.data.tables.aio import TableClient

from domain.actors import Administrator
from domain.catalog import MICROSOFT_TEAMS, PolicyProduct, Product, ServicePlan
from domain.changes import Decision, Effect, Stamp
from domain.ledger import configuration_proposal, sign_in_proposal
from domain.policies import create_policy
from domain.products import put_product
from domain.refusals import Refusal
from domain.settings import update_settings
from domain.sign_ins import Outcome, SignIn
from domain.tenant import TenantState
from domain.versions import Demand, Precondition
from functions.composition import TABLES, connect
from localhost.emulator import Azurite
from storage.engine.ledger import TableLedger
from storage.tables.clock import StorageClock
from storage.tables.table import LedgerTable
from storage.tables.wire import Wire

ADMINISTRATOR = Administrator("00000000-0000-0000-0000-00000000000a", "ada@example.com")
ANY_VERSION = Precondition(Demand.ANY)
SEATS = 1_000_000
PLAN = ServicePlan(MICROSOFT_TEAMS.service_plan_ids[0], "TEAMS1", "Microsoft Teams")


@dataclass(frozen=True, slots=True)
class Process:
    """What one process of the app has."""

    client: TableClient
    wire: Wire
    table: LedgerTable
    ledger: TableLedger

    async def change(self, tenant_id: str, decide: Callable[[TenantState, Stamp], Decision[Refusal | Effect]]) -> None:
        """Make an administrator's change.

        Raises:
            ValueError: It was refused.
        """
        answer = (await self.ledger.settle(tenant_id, configuration_proposal(decide))).answer
        if not isinstance(answer, Effect):
            raise ValueError(answer)  # noqa: TRY004 - a refusal is a value

    async def sign_in(self, tenant_id: str, user_id: str) -> Outcome:
        """Sign a user in to Teams."""
        sign_in = SignIn(tenant_id, (MICROSOFT_TEAMS.id,), user_id)
        return (await self.ledger.settle(tenant_id, sign_in_proposal(sign_in))).answer.outcome


@contextmanager
def fresh_storage() -> Iterator[str]:
    """An empty storage with the app's tables; gives its connection string."""
    with Azurite() as azurite:
        with TableServiceClient.from_connection_string(azurite.connection_string) as service:
            for table in TABLES:
                service.create_table(table)
        yield azurite.connection_string


@asynccontextmanager
async def process_on(connection_string: str, table_class: type[LedgerTable] = LedgerTable) -> AsyncIterator[Process]:
    """A process of the app, as far as claims need it."""
    clock = StorageClock()
    client, wire = connect("ledger", clock.observe, connection_string=connection_string)
    table = table_class(client, wire)
    async with client:
        yield Process(client, wire, table, TableLedger(table, clock))


async def open_tenant(process: Process, *, products: int = 1) -> str:
    """A new tenant whose users claim Teams, with more seats than anybody needs; gives its id."""
    tenant_id = str(uuid4())
    switch = partial(update_settings, auto_claim_enabled=True, precondition=ANY_VERSION, actor=ADMINISTRATOR)
    await process.change(tenant_id, switch)
    sku_ids = [str(uuid4()) for _ in range(products)]
    for number, sku_id in enumerate(sku_ids):
        bought = Product(sku_id, f"SKU_{number}", f"Product {number}", SEATS, (PLAN,))
        put = partial(put_product, product=bought, precondition=Precondition(), actor=ADMINISTRATOR)
        await process.change(tenant_id, put)
    make = partial(
        create_policy,
        policy_id=str(uuid4()),
        name="Everyone",
        app_id=MICROSOFT_TEAMS.id,
        products=(PolicyProduct(sku_ids[0]),),
        enabled=True,
        actor=ADMINISTRATOR,
    )
    await process.change(tenant_id, make)
    return tenant_id
