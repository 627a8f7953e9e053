"""The whole app over HTTP: the real functions, behind the local host, on the real emulator.

Each test has a tenant of its own, so tests share the app and do not meet.
"""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

import function_app
from functions import composition
from localhost.app_settings import app_settings
from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from localhost.host import build_host
from localhost.issuer import DevelopmentIssuer
from localhost.keys import Keys
from localhost.ports import LOOPBACK, listening_socket

START_SECONDS = 10


class Served:
    """The app, served by a thread of its own with an event loop of its own."""

    def __init__(self, data: DataFolder) -> None:
        self.issuer = DevelopmentIssuer(data)
        self.keys: Keys = data.keys()
        self._listener = listening_socket(0)
        self.url = f"http://{LOOPBACK}:{self._listener.getsockname()[1]}"
        host = build_host(function_app.app, self.keys, runs_timers=False)
        self._server = uvicorn.Server(
            uvicorn.Config(
                host, http="httptools", ws="none", access_log=False, log_level="warning", server_header=False
            )
        )
        self._thread = threading.Thread(target=self._serve)

    def start(self) -> None:
        """Afterwards it answers."""
        self._thread.start()
        for _ in range(START_SECONDS * 100):
            if self._server.started:
                return
            threading.Event().wait(0.01)
        raise TimeoutError("the app did not start")

    def stop(self) -> None:
        """Afterwards nothing of it is left."""
        self._server.should_exit = True
        self._thread.join()

    def _serve(self) -> None:
        async def serve() -> None:
            await self._server.serve([self._listener])
            await composition.close_services()

        asyncio.run(serve())


@pytest.fixture(scope="session")
def served(azurite: Azurite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app, once for all tests."""
    data = DataFolder(Path(tmp_path_factory.mktemp("data")))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in app_settings(data, azurite.port).items():
            patch.setenv(name, value)
        asyncio.run(composition.create_tables())
        app = Served(data)
        app.start()
        yield app
        app.stop()


class Api:
    """An HTTP client of one tenant's API. Paths are below the base path."""

    def __init__(self, served: Served, tenant_id: str) -> None:
        self.served = served
        self.tenant_id = tenant_id
        self.url = f"{served.url}/api"
        self._client = httpx.Client(base_url=self.url, timeout=30, verify=False)  # noqa: S501 - loopback; loading certificates is slow
        self.manager = self.token("User Administrator")
        self.reader = self.token("Global Reader")

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def token(self, role: str, *, tenant_id: str | None = None, name: str = "ada@contoso.example") -> str:
        """An administrator's token."""
        return self.served.issuer.administrator_token(tenant_id or self.tenant_id, role, name)

    def call(self, method: str, path: str, *, token: str | None = None, **options: Any) -> httpx.Response:
        """A request with a manager's token, or another's. `headers` add to that."""
        headers = {"Authorization": f"Bearer {token or self.manager}", **options.pop("headers", {})}
        return self._client.request(method, path, headers=headers, **options)

    def anonymous(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request without a token."""
        return self._client.request(method, path, **options)

    def put_product(self, sku_id: str, total: int, plans: list[str], *, name: str = "Office 365 E1") -> dict[str, Any]:
        """Make a product, or replace it, and give the answer's body."""
        body = {
            "skuPartNumber": "STANDARDPACK",
            "displayName": name,
            "totalLicenses": total,
            "servicePlans": [
                {"servicePlanId": plan, "servicePlanName": f"P{number}", "displayName": f"Plan {number}"}
                for number, plan in enumerate(plans)
            ],
        }
        exists = self.call("GET", f"/products/{sku_id}").status_code == 200
        response = self.call("PUT", f"/products/{sku_id}", json=body, headers={"If-Match": "*"} if exists else {})
        assert response.status_code in {200, 201}, response.text
        content: dict[str, Any] = response.json()
        return content

    def turn(self, *, on: bool) -> None:
        """Turn the feature on or off."""
        response = self.call("PATCH", "/settings", json={"autoClaimEnabled": on}, headers={"If-Match": "*"})
        assert response.status_code == 200, response.text

    def create_policy(
        self, *sku_ids: str, name: str = "Teams for all", app_id: str = "microsoft-teams"
    ) -> dict[str, Any]:
        """Make a policy and give the answer's body."""
        body = {"name": name, "appId": app_id, "products": [{"skuId": sku_id} for sku_id in sku_ids]}
        response = self.call("POST", "/policies", json=body)
        assert response.status_code == 201, response.text
        content: dict[str, Any] = response.json()
        return content

    def sign_in(self, user_id: str, *, app_id: str = "microsoft-teams", **more: Any) -> httpx.Response:
        """Tell of a sign-in, with the function key."""
        body = {"tenantId": self.tenant_id, "appId": app_id, "user": {"id": user_id}, **more}
        return self._client.post("/sign-ins", json=body, headers={"x-functions-key": self.served.keys.function})


@pytest.fixture
def api(served: Served, tenant_id: str) -> Iterator[Api]:
    """A client for a tenant of this test alone."""
    client = Api(served, tenant_id)
    yield client
    client.close()
