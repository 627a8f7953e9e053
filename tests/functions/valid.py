"""Bodies that are taken, as a start for tests that spoil them, and every operation that takes one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.functions.conftest import Api, Served

TEAMS1 = "57ff2da0-773e-42df-b2af-ffb7a2317929"
TEAMS_ESSENTIALS = "f4f2f6de-6830-442b-a433-e92249faebe2"
EXCHANGE = "9aaf7827-d63c-4b61-89c3-182f06f82e5c"
PAYROLL = "0d5d8f0a-6f43-4d0f-8a51-6a0a6f3c2b7e"
SKU = "18181a46-0d4e-45cd-891e-60aabd171b4e"
OTHER_SKU = "6fd2c87f-b296-42f0-b197-1e91e994b900"
UNKNOWN = "99999999-9999-4999-8999-999999999999"

EXTENSION_PATH = "/webhooks/entra/token-issuance-start"
EVENT_TYPE = "microsoft.graph.authenticationEvent.tokenIssuanceStart"


def app_body(**changes: Any) -> dict[str, Any]:
    return {"name": "Payroll", "clientAppIds": ["payroll-web"], "servicePlanIds": [PAYROLL], **changes}


def plan_body(service_plan_id: str, name: str = "Plan") -> dict[str, str]:
    return {"servicePlanId": service_plan_id, "servicePlanName": name.upper(), "displayName": name}


def product_body(*plans: str, **changes: Any) -> dict[str, Any]:
    return {
        "skuPartNumber": "STANDARDPACK",
        "displayName": "Office 365 E1",
        "totalLicenses": 10,
        "servicePlans": [plan_body(plan) for plan in plans or (TEAMS1, EXCHANGE)],
        **changes,
    }


def policy_body(*sku_ids: str, **changes: Any) -> dict[str, Any]:
    products = [{"skuId": sku_id} for sku_id in sku_ids or (SKU,)]
    return {"name": "Teams for all", "appId": "microsoft-teams", "products": products, **changes}


def choices(*chosen: str | tuple[str, list[str]]) -> list[dict[str, Any]]:
    """Products of a policy: an id, or an id and the plans that are off."""
    return [
        {"skuId": choice} if isinstance(choice, str) else {"skuId": choice[0], "disabledServicePlanIds": choice[1]}
        for choice in chosen
    ]


def sign_in_body(tenant_id: str, **changes: Any) -> dict[str, Any]:
    return {"tenantId": tenant_id, "appId": "microsoft-teams", "user": {"id": "ada"}, **changes}


def principal(app_id: str) -> dict[str, str]:
    return {"id": str(uuid4()), "appId": app_id, "appDisplayName": "An app", "displayName": "An app"}


def event_body(tenant_id: str, user_id: str = "ada", *, client: str = "microsoft-teams", **more: Any) -> dict[str, Any]:
    """Entra's event. `more` goes into the authentication context."""
    return {
        "type": EVENT_TYPE,
        "source": f"/tenants/{tenant_id}/applications/{uuid4()}",
        "data": {
            "@odata.type": "microsoft.graph.onTokenIssuanceStartCalloutData",
            "tenantId": tenant_id,
            "authenticationEventListenerId": str(uuid4()),
            "customAuthenticationExtensionId": str(uuid4()),
            "authenticationContext": {
                "correlationId": str(uuid4()),
                "client": {"ip": "192.0.2.1", "locale": "en-us", "market": "en-us"},
                "protocol": "OAUTH2.0",
                "clientServicePrincipal": principal(client),
                "resourceServicePrincipal": principal("the-resource"),
                "user": {
                    "id": user_id,
                    "userPrincipalName": "ada@contoso.example",
                    "mail": "ada@contoso.example",
                    "displayName": "Ada Lovelace",
                    "givenName": "Ada",
                    "surname": "Lovelace",
                    "companyName": "Contoso",
                    "createdDateTime": "2020-01-01T00:00:00Z",
                    "preferredLanguage": "en-us",
                    "userType": "Member",
                },
                **more,
            },
        },
    }


def put(api: Api, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Make an app or a product, or replace it whatever it is, and give the answer's body."""
    response = api.call("PUT", path, json=body)
    if response.status_code == 428:
        response = api.call("PUT", path, json=body, headers={"If-Match": "*"})
    assert response.status_code in {200, 201}, response.text
    content: dict[str, Any] = response.json()
    return content


def stock(api: Api, *, total: int = 10) -> dict[str, Any]:
    """The feature on, a product with Teams and Exchange, and a policy that gives it for Teams: the policy's body."""
    put(api, f"/products/{SKU}", product_body(totalLicenses=total))
    api.turn(on=True)
    return api.create_policy(SKU)


def patch_policy(api: Api, policy: Mapping[str, Any], **change: Any) -> httpx.Response:
    """Change a policy, whatever its version."""
    return api.call("PATCH", f"/policies/{policy['id']}", json=change, headers={"If-Match": "*"})


def patched_policy(api: Api, policy: Mapping[str, Any], **change: Any) -> dict[str, Any]:
    """Change a policy, which must be taken, and give the answer's body."""
    response = patch_policy(api, policy, **change)
    assert response.status_code == 200, response.text
    content: dict[str, Any] = response.json()
    return content


def claim(api: Api, user_id: str = "ada", **more: Any) -> dict[str, Any]:
    """A sign-in that must claim: what was answered."""
    response = api.sign_in(user_id, **more)
    assert response.json()["outcome"] == "claimed", response.text
    content: dict[str, Any] = response.json()
    return content


@dataclass(frozen=True)
class Write:
    """An operation that takes a body, with one that it would take and with what lets its caller in."""

    api: Api
    method: str
    path: str
    body: Mapping[str, Any]
    credential: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, content: Any = None, *, media_type: str | None = "application/json", **more: Any) -> httpx.Response:
        """Send bytes, or a chunked iterator of bytes, with the right media type unless told otherwise."""
        media = {"Content-Type": media_type} if media_type else {}
        headers = {**self.credential, **self.headers, **media, **more.pop("headers", {})}
        return self.api.anonymous(self.method, self.path, content=content, headers=headers, **more)

    def send_json(self, body: Any, **more: Any) -> httpx.Response:
        """Send a JSON value."""
        headers = {**self.credential, **self.headers, **more.pop("headers", {})}
        return self.api.anonymous(self.method, self.path, json=body, headers=headers, **more)


ADMINISTRATION = ("settings", "app", "product", "new policy", "policy")
WRITES = (*ADMINISTRATION, "sign-in", "sign-in batch", "Entra's event")
TYPED_WRITES = WRITES[:-1]
"""Those that take certain media types only: nothing but Entra's own faults may keep a person from signing in."""


def write(api: Api, name: str) -> Write:
    """One of WRITES, in a tenant where it would work."""
    manager = {"Authorization": f"Bearer {api.manager}"}
    present = {"If-Match": "*"}
    key = {"x-functions-key": api.served.keys.function}
    entra = {"Authorization": f"Bearer {api.served.issuer.entra_token(api.tenant_id)}"}
    match name:
        case "settings":
            operation = Write(api, "PATCH", "/settings", {"autoClaimEnabled": True}, manager, present)
        case "app":
            operation = Write(api, "PUT", "/apps/payroll", app_body(), manager)
        case "product":
            operation = Write(api, "PUT", f"/products/{OTHER_SKU}", product_body(), manager)
        case "new policy":
            put(api, f"/products/{SKU}", product_body())
            api.turn(on=True)
            operation = Write(api, "POST", "/policies", policy_body(enabled=True), manager)
        case "policy":
            path = f"/policies/{stock(api)['id']}"
            change = {"name": "Another name", "enabled": False, "products": [{"skuId": SKU}]}
            operation = Write(api, "PATCH", path, change, manager, present)
        case "sign-in":
            user = {"id": "ada", "userPrincipalName": "ada@contoso.example", "displayName": "Ada"}
            body = sign_in_body(api.tenant_id, user=user, signInId="1", signedInAt="2026-01-31T09:00:00Z")
            operation = Write(api, "POST", "/sign-ins", body, key)
        case "sign-in batch":
            body = {"signIns": [sign_in_body(api.tenant_id), sign_in_body(api.tenant_id, user={"id": "bob"})]}
            operation = Write(api, "POST", "/sign-ins/batch", body, key)
        case _:
            operation = Write(api, "POST", EXTENSION_PATH, event_body(api.tenant_id), entra)
    return operation


@contextmanager
def all_writes(served: Served) -> Iterator[dict[str, Write]]:
    """Every one of WRITES, each in a tenant of its own: for tests that are refused, and so can share them."""
    clients = {name: Api(served, str(uuid4())) for name in WRITES}
    yield {name: write(client, name) for name, client in clients.items()}
    for client in clients.values():
        client.close()
