"""A tenant in a storm: what it has at first, its credentials, and the account of what its callers are told."""

import asyncio
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from localhost.issuer import DevelopmentIssuer, object_id
from tests.faults.account import Account, ChangeTold, ViewTold
from tests.faults.client import Client, Reply
from tests.faults.history import TEAMS_CLIENTS, TEAMS_PLANS
from tests.faults.views import VIEWS, written

TEAMS = "microsoft-teams"
PLANNER, MAIL = "planner", "mail"
PLANNER_PLAN = "b737dad2-2f6c-4c65-90e3-ca563267e8b9"
MAIL_PLAN = "efb87545-963c-4e0d-99df-69c6916d9eb0"
OTHER_PLAN = "a23b959c-7ce8-4e57-9140-b90eb88a9e97"
PLANNER_CLIENT, MAIL_CLIENT = "planner-client", "mail-client"

APPS = {PLANNER: (PLANNER_CLIENT, PLANNER_PLAN), MAIL: (MAIL_CLIENT, MAIL_PLAN)}
REFERENCES = (TEAMS, *TEAMS_CLIENTS, PLANNER, PLANNER_CLIENT, MAIL, MAIL_CLIENT)
"""What a sign-in may name."""

PRODUCTS = (
    (TEAMS_PLANS[0], PLANNER_PLAN, OTHER_PLAN),
    (TEAMS_PLANS[0], TEAMS_PLANS[1], MAIL_PLAN),
    (TEAMS_PLANS[1], PLANNER_PLAN, MAIL_PLAN),
    (PLANNER_PLAN, MAIL_PLAN, OTHER_PLAN),
    (TEAMS_PLANS[0], PLANNER_PLAN, MAIL_PLAN, OTHER_PLAN),
)
"""The plans of each product."""
POLICIES: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {
    TEAMS: ((0, (PLANNER_PLAN,)), (1, ()), (4, (MAIL_PLAN,))),
    PLANNER: ((3, (MAIL_PLAN,)), (2, ()), (0, (TEAMS_PLANS[0],))),
    MAIL: ((1, TEAMS_PLANS), (4, ())),
}
"""For each app the products of its policy and what is off in them: licenses for one app are not always for another."""

EXPECTED = frozenset({200, 201, 204, 400, 404, 409, 412, 428, 429, 503})
"""Whatever else an administrator is answered is a fault."""

SENDINGS_MAX = 20
"""How often a step of setting a tenant up anew is sent while it is not answered."""
PAUSE_SECONDS = 0.3


@dataclass(slots=True)
class StormTenant:
    """One tenant, its callers' way to it and what they were told.

    Attributes:
        id: The tenant's id.
        client: Reaches the app.
        issuer: Makes tokens.
        function_key: What sources of sign-ins need.
        account: What was told.
        sku_ids: Its products' ids.
        policy_ids: The policy of each app, as far as somebody knows.
        lives: How often it was set up.
    """

    id: str
    client: Client
    issuer: DevelopmentIssuer
    function_key: str
    account: Account
    sku_ids: tuple[str, ...]
    policy_ids: dict[str, str] = field(default_factory=dict)
    lives: int = 0
    _administrators: int = 0

    async def change(  # noqa: PLR0913 - the facts of a request
        self,
        random: Random,
        method: str,
        path: str,
        body: object = None,
        *,
        target: str | None,
        if_match: str | None = None,
    ) -> Reply:
        """Ask for a change, once, as an administrator who does nothing else. It is never sent again."""
        self._administrators += 1
        name = f"administrator-{self._administrators}@autoclaim.example"
        headers = self._headers(name) | ({"If-Match": if_match} if if_match else {})
        reply = await self.client.send(random.random(), method, path, headers, body)
        asked = f"{method} {path} {json.dumps(body) if body is not None else ''} at {reply.began:.3f}"
        if target is None and reply.content and "id" in reply.content:
            target = f"policies/{reply.content['id']}"
        told = ChangeTold(
            *(object_id(name), asked, target, reply.began, reply.ended, reply.status),
            code=reply.code,
            version=reply.version,
        )
        self.account.changes.append(told)
        self._note(asked, reply)
        return reply

    async def look(self, random: Random, view: str, subject: str = "") -> Reply:
        """Read something that the auditor can check."""
        path, shown, _ = VIEWS[view]
        reply = await self.read(random, path.format(subject))
        if reply.status == 200:
            told = ViewTold(view, subject, reply.began, reply.ended, written(shown(reply.content)))
            self.account.views.append(told)
        return reply

    async def read(self, random: Random, path: str) -> Reply:
        """Read something."""
        reply = await self.client.send(random.random(), "GET", path, self._headers("reader@autoclaim.example"))
        self._note(f"GET {path} at {reply.began:.3f}", reply)
        return reply

    def _headers(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.administrator_token(self.id, name=name)}"}

    def _note(self, asked: str, reply: Reply) -> None:
        self.account.unanswered += reply.status in {None, 503}
        if reply.hung:
            self.account.strange.append(f"{asked} was never answered")
        elif reply.status is not None and reply.status not in EXPECTED:
            self.account.strange.append(f"{asked} was answered {reply.status}: {reply.content}")

    def product(self, number: int, total: int, plans: tuple[str, ...], edition: int = 0) -> dict[str, Any]:
        """The body that describes a product. An edition has a name of its own."""
        return {
            "skuPartNumber": f"PRODUCT_{number}",
            "displayName": f"Product {number}, edition {edition}",
            "totalLicenses": total,
            "servicePlans": [
                {"servicePlanId": plan, "servicePlanName": plan[:8], "displayName": f"Plan {plan[:8]}"}
                for plan in plans
            ],
        }

    def policy(self, app_id: str) -> dict[str, Any]:
        """The body that makes the policy of an app: with its products in another order in each life."""
        products = [
            {"skuId": self.sku_ids[number], "disabledServicePlanIds": list(off)} for number, off in POLICIES[app_id]
        ]
        turned = self.lives % len(products)
        products = products[turned:] + products[:turned]
        return {"name": f"Policy for {app_id}", "appId": app_id, "products": products}

    async def prepare(self, random: Random, seats: int) -> None:
        """Turn the feature on, make the products with so many seats each, the apps and a policy for each."""
        await self._must(random, "PATCH", "settings", {"autoClaimEnabled": True}, if_match="*")
        for number, plans in enumerate(PRODUCTS):
            await self._must(random, "PUT", f"products/{self.sku_ids[number]}", self.product(number, seats, plans))
        for app_id, (client_app_id, plan) in APPS.items():
            body = {"name": app_id, "clientAppIds": [client_app_id], "servicePlanIds": [plan]}
            await self._must(random, "PUT", f"apps/{app_id}", body)
        for app_id in POLICIES:
            reply = await self._must(random, "POST", "policies", self.policy(app_id))
            self.policy_ids[app_id] = reply.content["id"]

    async def begins_again(self, random: Random, seats: int) -> bool:
        """Set the tenant up anew after it was deleted, with other totals, while everybody else goes on with it.

        Whether everything is there. Somebody else may have taken some steps, or has deleted the tenant once more.
        """
        self.lives += 1
        products = [
            (f"products/{self.sku_ids[number]}", self.product(number, random.randint(1, 2 * seats), plans))
            for number, plans in enumerate(PRODUCTS)
        ]
        apps = [
            (f"apps/{app_id}", {"name": app_id, "clientAppIds": [client_app_id], "servicePlanIds": [plan]})
            for app_id, (client_app_id, plan) in APPS.items()
        ]
        if not await self._step(random, "PATCH", "settings", {"autoClaimEnabled": True}, if_match="*"):
            return False
        for path, body in products + apps:
            if not await self._step(random, "PUT", path, body):
                return False
        return all([await self._has_policy(random, app_id) for app_id in POLICIES])

    async def _has_policy(self, random: Random, app_id: str) -> bool:
        reply = await self._step(random, "POST", "policies", self.policy(app_id))
        if reply and reply.status == 201:
            self.policy_ids[app_id] = reply.content["id"]
            return True
        return reply is not None and reply.code == "AppHasPolicy" and await self.finds_policy(random, app_id)

    async def finds_policy(self, random: Random, app_id: str) -> bool:
        """Look the policy of an app up: somebody made it, or it never went."""
        reply = await self.look(random, "policies")
        for each in reply.content["value"] if reply.status == 200 else ():
            if each["appId"] == app_id:
                self.policy_ids[app_id] = each["id"]
                return True
        return False

    async def _step(
        self, random: Random, method: str, path: str, body: object, *, if_match: str | None = None
    ) -> Reply | None:
        """Ask for a change until there is an answer, each time as another administrator; None if there never is."""
        for _ in range(SENDINGS_MAX):
            target = None if method == "POST" else path
            reply = await self.change(random, method, path, body, target=target, if_match=if_match)
            if reply.status not in {None, 503}:
                return reply
            await asyncio.sleep(PAUSE_SECONDS)
        return None

    async def _must(
        self, random: Random, method: str, path: str, body: object, *, if_match: str | None = None
    ) -> Reply:
        target = None if method == "POST" else path
        reply = await self.change(random, method, path, body, target=target, if_match=if_match)
        assert reply.status in {200, 201}, reply
        return reply


def tenant_of(random: Random, client: Client, issuer: DevelopmentIssuer, function_key: str) -> StormTenant:
    """A tenant with ids drawn at random; nothing is written yet."""
    tenant_id = guid(random)
    sku_ids = tuple(guid(random) for _ in PRODUCTS)
    return StormTenant(tenant_id, client, issuer, function_key, Account(tenant_id), sku_ids)


def guid(random: Random) -> str:
    """A GUID drawn at random (RFC 9562, version 4)."""
    return str(UUID(int=random.getrandbits(128), version=4))
