"""What the pages are tried on: the app as `make run` serves it, in processes of its own, and a tenant for each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from localhost.data_folder import DataFolder
from localhost.issuer import DevelopmentIssuer
from localhost.ports import free_port
from tests.sources.pages import Page
from tests.storms.running_app import RunningApp

SKU = "18181a46-0d4e-45cd-891e-60aabd171b4e"
TEAMS1 = "57ff2da0-773e-42df-b2af-ffb7a2317929"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app, once for all tests, with a storage of its own."""
    with RunningApp(DataFolder(Path(tmp_path_factory.mktemp("data"))), free_port(), own_azurite=True) as app:
        yield app


class Tenant:
    """A tenant of the running app."""

    def __init__(self, running: RunningApp, tenant_id: str, client: httpx.Client) -> None:
        self.running = running
        self.id = tenant_id
        self.key = running.data.keys().function
        self._issuer = DevelopmentIssuer(running.data)
        self._client = client

    @property
    def settings(self) -> dict[str, str]:
        """The settings that all relays have."""
        return {"AUTOCLAIM_KEY": self.key, "AUTOCLAIM_TENANT": self.id}

    def administer(self, method: str, path: str, body: Any = None) -> Any:
        """An administrator's request, which must go well: the answer's body."""
        headers = {"Authorization": f"Bearer {self._issuer.administrator_token(self.id)}", "If-Match": "*"}
        if method == "PUT":
            del headers["If-Match"]
        response = self._client.request(method, path, headers=headers, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def stock(self, page: Page) -> None:
        """The feature on, the page's own app if it has one, and a product and a policy for that app, or for Teams."""
        app_id, plans = "microsoft-teams", [TEAMS1]
        for block in page.all("json", "app"):
            app_id, plans = block.words[1], block.content["servicePlanIds"]
            self.administer("PUT", f"/apps/{app_id}", block.content)
        product = {
            "skuPartNumber": "STANDARDPACK",
            "displayName": "Office 365 E1",
            "totalLicenses": 10,
            "servicePlans": [{"servicePlanId": plan, "servicePlanName": "P", "displayName": "Plan"} for plan in plans],
        }
        self.administer("PUT", f"/products/{SKU}", product)
        self.administer("PATCH", "/settings", {"autoClaimEnabled": True})
        self.administer("POST", "/policies", {"name": "For all", "appId": app_id, "products": [{"skuId": SKU}]})

    def sign_in(self, body: Any) -> Any:
        """What a sign-in is answered, which must go well."""
        response = self._client.post("/sign-ins", json=body, headers={"x-functions-key": self.key})
        assert response.status_code == 200, response.text
        return response.json()

    def tell_as_entra(self, event: Any) -> Any:
        """What Entra's event is answered, which must go well."""
        headers = {"Authorization": f"Bearer {self._issuer.entra_token(self.id)}"}
        response = self._client.post("/webhooks/entra/token-issuance-start", json=event, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    def assigned(self) -> int:
        """How many licenses are assigned."""
        assigned: int = self.administer("GET", f"/products/{SKU}")["assignedLicenses"]
        return assigned


@pytest.fixture
def tenant(running: RunningApp, tenant_id: str) -> Iterator[Tenant]:
    """A tenant of this test alone."""
    with httpx.Client(base_url=f"{running.address}/api", timeout=30, verify=False) as client:  # noqa: S501 - loopback; loading certificates is slow
        yield Tenant(running, tenant_id, client)
