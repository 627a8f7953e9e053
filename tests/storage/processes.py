"""One process of the app as the storage sees it, and short ways to say what happens to a tenant there."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.assignments import assign_license, remove_licenses
from domain.catalog import App, PolicyProduct, Product
from domain.changes import Decision, Effect
from domain.ledger import Proposal, configuration_proposal, sign_in_proposal, user_proposal
from domain.licenses import License
from domain.policies import PolicyEdit, create_policy, update_policy
from domain.products import put_product
from domain.refusals import Refusal
from domain.settings import update_settings
from domain.sign_ins import ClaimAnswer, Outcome, SignIn
from domain.tenant import TenantState
from domain.versions import Precondition
from storage.engine.ledger import TableLedger
from storage.tables.clock import StorageClock
from tests.domain.tenants import ADA, ANY, E1, NEW, POLICY, TEAMS, product
from tests.storage.faulty_table import FaultyTable


@dataclass(frozen=True, slots=True)
class Process:
    """A process's own table, clock and ledger."""

    table: FaultyTable
    clock: StorageClock
    ledger: TableLedger

    async def settle(self, tenant_id: str, proposal: Proposal[Any]) -> Any:
        return (await self.ledger.settle(tenant_id, proposal)).answer

    async def state(self, tenant_id: str) -> TenantState:
        return await self.ledger.state(tenant_id)

    async def change(self, tenant_id: str, function: Callable[..., Decision[Any]], **facts: Any) -> Refusal | Effect:
        """An administrator's change of settings, apps, products or policies."""
        answer: Refusal | Effect = await self.settle(
            tenant_id, configuration_proposal(lambda state, stamp: function(state, stamp, actor=ADA, **facts))
        )
        return answer

    async def done(self, tenant_id: str, function: Callable[..., Decision[Any]], **facts: Any) -> None:
        """The same, where it must not be refused."""
        answer = await self.change(tenant_id, function, **facts)
        assert isinstance(answer, Effect), answer

    async def turn(self, tenant_id: str, *, on: bool) -> None:
        await self.done(tenant_id, update_settings, auto_claim_enabled=on, precondition=ANY)

    async def put_product(self, tenant_id: str, new: Product, *, over: bool = False) -> None:
        await self.done(tenant_id, put_product, product=new, precondition=ANY if over else NEW)

    async def put_app(self, tenant_id: str, new: App, precondition: Precondition = NEW) -> None:
        from domain.apps import put_app  # noqa: PLC0415 - its name is this method's

        await self.done(tenant_id, put_app, app=new, precondition=precondition)

    async def create_policy(self, tenant_id: str, *sku_ids: str, policy_id: str = POLICY, app_id: str = TEAMS) -> None:
        await self.done(
            tenant_id,
            create_policy,
            policy_id=policy_id,
            name=f"Policy {policy_id[:8]}",
            app_id=app_id,
            products=tuple(PolicyProduct(sku_id) for sku_id in sku_ids),
            enabled=True,
        )

    async def edit_policy(self, tenant_id: str, policy_id: str = POLICY, **edit: Any) -> None:
        await self.done(tenant_id, update_policy, policy_id=policy_id, edit=PolicyEdit(**edit), precondition=ANY)

    async def open(self, tenant_id: str, *products: Product) -> None:
        """A tenant with the feature on and these products (or one of ten licenses) in a policy for Teams."""
        await self.turn(tenant_id, on=True)
        chosen = products or (product(E1),)
        for each in chosen:
            await self.put_product(tenant_id, each)
        await self.create_policy(tenant_id, *(each.sku_id for each in chosen))

    async def sign_in(self, tenant_id: str, user_id: str, *references: str, **facts: Any) -> ClaimAnswer:
        event = SignIn(tenant_id, references or (TEAMS,), user_id, **facts)
        answer: ClaimAnswer = await self.settle(tenant_id, sign_in_proposal(event))
        return answer

    async def outcome(self, tenant_id: str, user_id: str, *references: str, **facts: Any) -> Outcome:
        return (await self.sign_in(tenant_id, user_id, *references, **facts)).outcome

    async def outcomes(self, tenant_id: str, user_ids: Iterable[str]) -> list[Outcome]:
        """What sign-ins at once are told, in order."""
        return await asyncio.gather(*(self.outcome(tenant_id, user_id) for user_id in user_ids))

    async def assign(self, tenant_id: str, user_id: str, sku_id: str, *off: str) -> Refusal | tuple[Effect, License]:
        proposal = user_proposal(
            user_id,
            lambda state, user, stamp: assign_license(
                state, user, stamp, sku_id=sku_id, disabled_service_plan_ids=off, actor=ADA
            ),
        )
        answer: Refusal | tuple[Effect, License] = await self.settle(tenant_id, proposal)
        return answer

    async def take_back(self, tenant_id: str, user_id: str, sku_id: str | None = None) -> Effect:
        proposal = user_proposal(
            user_id, lambda state, user, stamp: remove_licenses(state, user, stamp, sku_id=sku_id, actor=ADA)
        )
        answer: Effect = await self.settle(tenant_id, proposal)
        return answer
