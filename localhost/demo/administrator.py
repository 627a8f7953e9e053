"""What an administrator does in the demo, over HTTP: describes the tenant, and at the end turns everything off."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from localhost.sample_products import known_products

PRIMARY = "Microsoft_Teams_Enterprise_New"
BACKUPS = ("STANDARDPACK", "SPE_E3")
SHARES_PERCENT = (50, 25, 10)
"""Licenses of each product for a hundred people: too few for all."""
TEAMS = "microsoft-teams"


class AdministrationError(Exception):
    """The app did not do what an administrator asked; the message has its answer."""


class Administrator:
    """An administrator of one tenant."""

    def __init__(self, session: aiohttp.ClientSession, token: str) -> None:
        """The session has the app's address, with /api/."""
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"}

    async def call(self, method: str, path: str, body: object, *, replaces: bool = False) -> Any:  # noqa: ANN401 - JSON
        """Sends a change; gives the resource. `replaces`: whatever version is there.

        Raises:
            AdministrationError: It was refused.
        """
        headers = {**self._headers, "If-Match": "*"} if replaces else self._headers
        async with self._session.request(method, path, json=body, headers=headers) as response:
            text = await response.text()
        if response.status not in {200, 201}:
            raise AdministrationError(f"{method} {path} was answered {response.status}: {text}")
        return json.loads(text)

    async def turn_feature(self, *, on: bool) -> None:
        """Turns auto-claim on or off for the tenant."""
        await self.call("PATCH", "settings", {"autoClaimEnabled": on}, replaces=True)

    async def put_product(self, product: Mapping[str, Any], total_licenses: int, *, replaces: bool = False) -> None:
        """Describes a product with so many licenses, anew or in place of what is there."""
        body = {name: value for name, value in product.items() if name != "skuId"} | {"totalLicenses": total_licenses}
        await self.call("PUT", f"products/{product['skuId']}", body, replaces=replaces)

    async def create_policy(self, sku_ids: list[str]) -> str:
        """Makes a policy for Teams; gives its id."""
        products = [{"skuId": sku_id} for sku_id in sku_ids]
        body = {"name": "Teams for everyone", "appId": TEAMS, "products": products}
        return str((await self.call("POST", "policies", body))["id"])

    async def change_policy(self, policy_id: str, **changes: object) -> None:
        """Changes fields of a policy."""
        await self.call("PATCH", f"policies/{policy_id}", changes, replaces=True)


def demo_products() -> list[Mapping[str, Any]]:
    """The demo's products with their facts, the primary first."""
    known = known_products()
    return [known[part_number] for part_number in (PRIMARY, *BACKUPS)]


def seats(users: int) -> list[int]:
    """The licenses of each product: in all too few for so many users."""
    return [users * share // 100 for share in SHARES_PERCENT]
