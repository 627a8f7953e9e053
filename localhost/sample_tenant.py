"""Makes the sample tenant over the app's own HTTP API, as an administrator would: nothing is written past the rules.

It can be cut short at any point and run again: a finished tenant is marked in the data folder, and every step accepts
that it was done before. What somebody has changed since then stays as it is.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from localhost.data_folder import DataFolder, DataFolderError
from localhost.issuer import SAMPLE_TENANT, DevelopmentIssuer

ATTEMPTS = 10
"""Tries of one request while the app is away or overloaded."""
PAUSE_SECONDS_MAX = 1.0
"""The longest pause between two tries, whatever Retry-After says."""
REQUEST_SECONDS = 10.0

TEAMS = "microsoft-teams"
PRIMARY_PRODUCT = "Microsoft_Teams_Enterprise_New"
BACKUP_PRODUCTS = ("STANDARDPACK", "SPE_E3")
PEOPLE = ("Adele", "Bianca", "Chidi", "Dara", "Emre")

_PRODUCTS_FILE = Path(__file__).with_name("sample_products.json")


class SampleTenantError(Exception):
    """The app did not do what the sample tenant needs; the message has its answer."""


class _Caller:
    """Sends requests until they are answered for good."""

    def __init__(self, client: httpx.Client, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    def call(self, method: str, path: str, *expected: int, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        headers = {**self._headers, **options.pop("headers", {})}
        answer = "nothing"
        for _ in range(ATTEMPTS):
            pause_seconds = PAUSE_SECONDS_MAX
            try:
                response = self._client.request(method, path, headers=headers, **options)
            except httpx.TransportError as error:
                answer = repr(error)
            else:
                if response.status_code in expected:
                    return response
                answer = f"{response.status_code} {response.text}"
                if response.status_code not in {429, 503}:
                    break
                pause_seconds = min(PAUSE_SECONDS_MAX, float(response.headers.get("Retry-After", "1")))
            time.sleep(pause_seconds)
        raise SampleTenantError(f"The sample tenant is not complete: {method} {path} was answered with {answer}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes the tenant. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="sample_tenant", description=main.__doc__)
    parser.add_argument("--address", required=True, help="where the app is served, without /api")
    parser.add_argument("--data", required=True)
    given = parser.parse_args(arguments)
    try:
        data = DataFolder(given.data)
        with httpx.Client(base_url=f"{given.address}/api", timeout=REQUEST_SECONDS, trust_env=False) as client:
            make_sample_tenant(client, data)
    except (DataFolderError, SampleTenantError) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


def make_sample_tenant(client: httpx.Client, data: DataFolder) -> None:
    """Afterwards the tenant is complete and marked as such.

    Args:
        client: Its base address is the app's, with /api.
        data: The folder with the keys that the app trusts.

    Raises:
        SampleTenantError: The app is away, or answered something else; another call goes on from there.
    """
    bearer = f"Bearer {DevelopmentIssuer(data).administrator_token()}"
    administrator = _Caller(client, {"Authorization": bearer})
    products = json.loads(_PRODUCTS_FILE.read_text(encoding="utf-8"))
    policies = administrator.call("GET", "policies", 200).json()["value"]
    # The policy comes last of what an administrator does, so where it is, the rest was, and may have been changed.
    if not any(policy["appId"] == TEAMS for policy in policies):
        _describe(administrator, products)
    source = _Caller(client, {"x-functions-key": data.keys().function})
    for name in PEOPLE:
        principal_name = f"{name.lower()}@autoclaim.example"
        user = {"id": name.lower(), "userPrincipalName": principal_name, "displayName": name}
        event = {"tenantId": SAMPLE_TENANT, "appId": TEAMS, "user": user, "signInId": f"sample-{name.lower()}"}
        source.call("POST", "sign-ins", 200, json=event)
    data.sample_tenant_mark.touch()
    print(
        f"The sample tenant is complete: {len(products)} products, a policy for Teams, {len(PEOPLE)} people signed in.",
        flush=True,
    )


def _describe(administrator: _Caller, products: list[dict[str, Any]]) -> None:
    """Afterwards the products, the feature and the policy are there. 412 and 409: they were before."""
    for product in products:
        body = {name: value for name, value in product.items() if name != "skuId"}
        only_new = {"If-None-Match": "*"}
        administrator.call("PUT", f"products/{product['skuId']}", 201, 412, json=body, headers=only_new)
    etag = administrator.call("GET", "settings", 200).headers["ETag"]
    administrator.call("PATCH", "settings", 200, 412, json={"autoClaimEnabled": True}, headers={"If-Match": etag})
    sku_ids = {product["skuPartNumber"]: product["skuId"] for product in products}
    policy = {
        "name": "Teams for everyone",
        "appId": TEAMS,
        "products": [{"skuId": sku_ids[part_number]} for part_number in (PRIMARY_PRODUCT, *BACKUP_PRODUCTS)],
    }
    administrator.call("POST", "policies", 201, 409, json=policy)


if __name__ == "__main__":
    sys.exit(main())
