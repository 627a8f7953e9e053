"""A tenant that was there before today: written by the app's own ledger, at times that the test chooses."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from domain.actors import Administrator
from domain.catalog import PolicyProduct, Product, ServicePlan
from domain.ledger import Proposal, configuration_proposal, sign_in_proposal
from domain.policies import create_policy
from domain.products import put_product
from domain.settings import update_settings
from domain.sign_ins import SignIn
from domain.versions import Demand, Precondition
from localhost.emulator import Azurite
from localhost.past import past_on
from tests.functions.valid import OTHER_SKU, SKU, TEAMS1

POLICY = "7c0f6a2e-3d0b-4b0e-9a56-0f4f6f1c2d3e"
ACTOR = Administrator("1f0b2a60-6b86-4a8e-9f7c-7d3a1c5e2b90", "ada@contoso.example")

Event = tuple[datetime, Proposal[Any]]


def tell(azurite: Azurite, tenant_id: str, *events: Event) -> None:
    """Afterwards all of this has happened, each at its time; times do not run backwards."""

    async def settle_all() -> None:
        async with past_on(azurite.connection_string) as past:
            for at, proposal in events:
                past.clock.at = at
                settled = await past.ledger.settle(tenant_id, proposal)
                assert settled.state.head.at == at

    asyncio.run(settle_all())


def opening(at: datetime, *, primary: int = 1000) -> Sequence[Event]:
    """The feature on and a policy for Teams with two products, the first with so many licenses."""
    turned_on = partial(
        update_settings, auto_claim_enabled=True, precondition=Precondition(match=Demand.ANY), actor=ACTOR
    )
    made = partial(
        create_policy,
        policy_id=POLICY,
        name="Teams for all",
        app_id="microsoft-teams",
        products=(PolicyProduct(SKU), PolicyProduct(OTHER_SKU)),
        enabled=True,
        actor=ACTOR,
    )
    changes = (_product(SKU, "Office 365 E1", primary), _product(OTHER_SKU, "Office 365 E3", 1000), turned_on, made)
    return [(at, configuration_proposal(change)) for change in changes]


def claiming(at: datetime, tenant_id: str, user_id: str) -> Event:
    """A user signs in to Teams."""
    return at, sign_in_proposal(SignIn(tenant_id, ("microsoft-teams",), user_id))


def _product(sku_id: str, name: str, total: int) -> Any:
    plans = (ServicePlan(TEAMS1, "TEAMS1", "Microsoft Teams"),)
    product = Product(sku_id, name.upper(), name, total, plans)
    return partial(put_product, product=product, precondition=Precondition(), actor=ACTOR)
