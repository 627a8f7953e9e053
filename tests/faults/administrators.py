"""Administrators in a storm: they give and take licenses, change everything that can be changed, and look on.

Nobody waits for anybody: a change may be refused because another came first, and that is an answer, too. What turns
something off is followed by what turns it on again, so that claims go on.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any

from tests.faults.tenant import APPS, OTHER_PLAN, POLICIES, PRODUCTS, StormTenant
from tests.faults.users import REGULARS

BREATH_SECONDS_MAX = 0.15
"""Between two doings of one administrator."""
OFF_SECONDS_MAX = 0.6
"""How long something stays off."""
ATTEMPTS_MAX = 60
"""How often an administrator tries to turn something on again while it is not known to be on."""
ATTEMPT_PAUSE_SECONDS = 0.3
LOOKS = 6
"""At the report, while claims are counted."""
COUNTING_SECONDS = 0.3
"""How long counting may take, about."""
SEATS_MORE_MAX = 100
ORDERED_MAX = 3
"""Products that an administrator puts into a policy."""

Doing = Callable[[], Awaitable[object]]


class AdministratorAtWork:
    """One administrator of a tenant, who does one thing after the other."""

    def __init__(self, tenant: StormTenant, random: Random, master_key: str) -> None:
        self._tenant = tenant
        self._random = random
        self._master_key = master_key
        self._editions = 0
        self._doings: dict[Doing, int] = {
            self.gives_a_license: 10,
            self.takes_a_license: 14,
            self.takes_all_licenses: 10,
            self.turns_the_feature_off_and_on: 1,
            self.turns_a_policy_off_and_on: 4,
            self.edits_a_policy: 6,
            self.makes_a_policy_anew: 2,
            self.changes_a_total: 8,
            self.takes_a_plan_away_and_back: 3,
            self.changes_an_app: 1,
            self.looks_at_the_report_while_claims_are_counted: 3,
            self.looks: 12,
        }

    async def work_until(self, deadline: float) -> None:
        """Do one thing after the other."""
        doings, weights = list(self._doings), list(self._doings.values())
        while time.monotonic() < deadline:
            await self._random.choices(doings, weights)[0]()
            await asyncio.sleep(self._random.random() * BREATH_SECONDS_MAX)

    async def gives_a_license(self) -> None:
        number = self._random.randrange(len(PRODUCTS))
        off = [plan for plan in PRODUCTS[number] if self._random.random() < 0.3]
        await self._change("PUT", self._license(number), {"disabledServicePlanIds": off})

    async def takes_a_license(self) -> None:
        await self._change("DELETE", self._license(self._random.randrange(len(PRODUCTS))))

    async def takes_all_licenses(self) -> None:
        await self._change("DELETE", f"users/{self._somebody()}/licenses")

    async def turns_the_feature_off_and_on(self) -> None:
        await self._change("PATCH", "settings", {"autoClaimEnabled": False}, if_match="*")
        await asyncio.sleep(self._random.random() * OFF_SECONDS_MAX)
        await self._surely("PATCH", "settings", {"autoClaimEnabled": True})

    async def turns_a_policy_off_and_on(self) -> None:
        path = self._policy()
        await self._change("PATCH", path, {"enabled": False}, if_match="*")
        await asyncio.sleep(self._random.random() * OFF_SECONDS_MAX)
        await self._surely("PATCH", path, {"enabled": True})

    async def edits_a_policy(self) -> None:
        """Renames it, or chooses its products and their order anew; sometimes on a version that is long gone."""
        self._editions += 1
        edit: dict[str, object] = {"name": f"Edition {self._editions} {self._random.random()}"}
        if self._random.random() < 0.7:
            chosen = self._random.sample(range(len(PRODUCTS)), self._random.randint(1, ORDERED_MAX))
            edit["products"] = [
                {"skuId": self._tenant.sku_ids[number], "disabledServicePlanIds": self._some_off(number)}
                for number in chosen
            ]
        await self._change("PATCH", self._policy(), edit, if_match='"3"' if self._random.random() < 0.1 else "*")

    async def makes_a_policy_anew(self) -> None:
        app_id = self._random.choice(list(POLICIES))
        await self._change("DELETE", f"policies/{self._tenant.policy_ids[app_id]}", if_match="*")
        for _ in range(ATTEMPTS_MAX):
            reply = await self._tenant.change(
                self._random, "POST", "policies", self._tenant.policy(app_id), target=None
            )
            if reply.status == 201:
                self._tenant.policy_ids[app_id] = reply.content["id"]
                return
            if reply.code == "AppHasPolicy" and await self._tenant.finds_policy(self._random, app_id):
                return
            await asyncio.sleep(ATTEMPT_PAUSE_SECONDS)

    async def changes_a_total(self) -> None:
        """Buys seats, or gives as many back as are likely to be free: too many is refused."""
        number = self._random.randrange(len(PRODUCTS))
        now = await self._product(number)
        if now is None:
            return
        most = SEATS_MORE_MAX if self._random.random() < 0.6 else 1
        total = now["assignedLicenses"] + self._random.randint(-2, most)
        await self._describe(number, max(total, 0), PRODUCTS[number])

    async def takes_a_plan_away_and_back(self) -> None:
        number = self._random.randrange(len(PRODUCTS))
        now = await self._product(number)
        if now is None:
            return
        gone = self._random.choice(PRODUCTS[number])
        await self._describe(number, now["totalLicenses"], tuple(plan for plan in PRODUCTS[number] if plan != gone))
        await asyncio.sleep(self._random.random() * OFF_SECONDS_MAX)
        await self._describe(number, now["totalLicenses"], PRODUCTS[number])

    async def _product(self, number: int) -> Mapping[str, Any] | None:
        """Looks a product up; None if there is no answer, or no such product."""
        reply = await self._tenant.look(self._random, "products")
        products = reply.content["value"] if reply.status == 200 else ()
        return next((each for each in products if each["skuId"] == self._tenant.sku_ids[number]), None)

    async def changes_an_app(self) -> None:
        """Another plan licenses it as well, or no longer does."""
        app_id, (client_app_id, plan) = self._random.choice(list(APPS.items()))
        plans = [plan, OTHER_PLAN] if self._random.random() < 0.5 else [plan]
        body = {"name": app_id, "clientAppIds": [client_app_id], "servicePlanIds": plans}
        await self._change("PUT", f"apps/{app_id}", body, if_match="*")

    async def looks_at_the_report_while_claims_are_counted(self) -> None:
        """Rows, watermark and the journal's tail move on between the reads of one report."""
        await asyncio.gather(self.counts_claims(), *(self._looks_at_the_report_soon() for _ in range(LOOKS)))

    async def _looks_at_the_report_soon(self) -> None:
        await asyncio.sleep(self._random.random() * COUNTING_SECONDS)
        await self._tenant.look(self._random, "report")

    async def counts_claims(self) -> None:
        """Starts the roll-up by hand, for all tenants."""
        path = "admin/functions/daily_report_rollup"
        headers = {"x-functions-key": self._master_key}
        reply = await self._tenant.client.send(self._random.random(), "POST", path, headers, {})
        if reply.status not in {None, 202}:
            self._tenant.account.strange.append(f"the roll-up was answered {reply.status}: {reply.content}")

    async def looks(self) -> None:
        view = self._random.choice(("products", "policies", "user", "user", "report", "integrity"))
        if view == "integrity":
            reply = await self._tenant.read(self._random, "integrity")
            if reply.status == 200 and not reply.content["ok"]:
                self._tenant.account.strange.append(f"a false alarm of /integrity: {reply.content['discrepancies']}")
        else:
            await self._tenant.look(self._random, view, self._somebody() if view == "user" else "")

    def _somebody(self) -> str:
        """Somebody who is likely to hold a license: one of the regulars, or one of those who claimed lately."""
        told = self._tenant.account.sign_ins[-200:]
        if told and self._random.random() < 0.4:
            return self._random.choice(told).user_id
        return f"regular-{self._random.randrange(REGULARS)}"

    def _license(self, number: int) -> str:
        return f"users/{self._somebody()}/licenses/{self._tenant.sku_ids[number]}"

    def _policy(self) -> str:
        return f"policies/{self._tenant.policy_ids[self._random.choice(list(POLICIES))]}"

    def _some_off(self, number: int) -> list[str]:
        return [plan for plan in PRODUCTS[number] if self._random.random() < 0.25]

    async def _describe(self, number: int, total: int, plans: tuple[str, ...]) -> None:
        self._editions += 1
        body = self._tenant.product(number, total, plans, self._editions)
        await self._change("PUT", f"products/{self._tenant.sku_ids[number]}", body, if_match="*")

    async def _change(self, method: str, path: str, body: object = None, *, if_match: str | None = None) -> int | None:
        reply = await self._tenant.change(self._random, method, path, body, target=path, if_match=if_match)
        return reply.status

    async def _surely(self, method: str, path: str, body: object) -> None:
        """Until it is so, or what it is about is gone: each time by another administrator, so each counts."""
        for _ in range(ATTEMPTS_MAX):
            if await self._change(method, path, body, if_match="*") in {200, 404}:
                return
            await asyncio.sleep(ATTEMPT_PAUSE_SECONDS)
