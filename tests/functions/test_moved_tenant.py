"""A tenant that moved to another storage account, seen over HTTP by apps with the old setting and with the new one."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.data.tables import TableServiceClient

from functions.composition import close_services, services
from localhost.app_settings import app_settings
from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from tests.functions.conftest import Api, Served
from tests.functions.faults import check_error
from tests.functions.valid import EXTENSION_PATH, SKU, TEAMS1, event_body
from tests.functions.variants import app_with
from tests.service.pages import set_pages

READS = [
    "/settings",
    "/apps",
    "/apps/microsoft-teams",
    "/products",
    f"/products/{SKU}",
    f"/products/{SKU}/licenses",
    "/policies",
    "/policies/{policy}",
    "/policies/{policy}/claims",
    "/reports/auto-claim",
    "/reports/auto-claim/licenses",
    "/audit-log",
    "/integrity",
    "/users?startsWith=a",
    "/users/ada/licenses",
]


@pytest.fixture(scope="module")
def second() -> Iterator[Azurite]:
    """Another account, with the app's tables."""
    with Azurite() as emulator:
        with TableServiceClient.from_connection_string(emulator.connection_string) as service:
            for table in ("ledger", "reports"):
                service.create_table(table)
        set_pages(emulator.port, 0, cut=False)
        yield emulator


def entry(account: Azurite, *tenants: str) -> str:
    return json.dumps([{"connectionString": account.connection_string, "tenants": tenants}])


@pytest.fixture
def apps(
    azurite: Azurite, second: Azurite, served: Served, tenant_id: str, tmp_path: Path
) -> Iterator[tuple[Served, Served]]:
    """The same app with the old setting and with the new one."""
    del served  # makes the default account's tables
    settings = app_settings(DataFolder(tmp_path), azurite.port)
    with (
        app_with(tmp_path, {**settings, "TABLES_ACCOUNTS": entry(second)}) as old,
        app_with(tmp_path, {**settings, "TABLES_ACCOUNTS": entry(second, tenant_id)}) as new,
    ):
        yield old, new


def moved(settings: dict[str, str], tenant_id: str, to: str) -> None:
    """The operator's command, in a process of the new setting."""

    async def move() -> None:
        try:
            await services().moves.move(tenant_id, to, lambda _: None)
        finally:
            await close_services()

    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        asyncio.run(move())


@pytest.mark.whole_pages
def test_everything_is_refused_where_the_tenant_is_not_and_the_same_where_it_is(
    apps: tuple[Served, Served], azurite: Azurite, second: Azurite, tenant_id: str, tmp_path: Path
) -> None:
    old, new = (Api(app, tenant_id) for app in apps)
    old.put_product(SKU, 5, [TEAMS1])
    old.turn(on=True)
    policy = old.create_policy(SKU)["id"]
    assert old.sign_in("ada", signInId="one").json()["outcome"] == "claimed"
    paths = [path.format(policy=policy) for path in READS]
    before = {path: answer(old, path) for path in paths}
    early = {path: new.call("GET", path).status_code for path in paths}
    assert set(early.values()) == {503}

    settings = app_settings(DataFolder(tmp_path), azurite.port) | {"TABLES_ACCOUNTS": entry(second)}
    moved(settings, tenant_id, f"127.0.0.1:{second.port}/devstoreaccount1")

    for path in paths:
        refused = old.call("GET", path)
        check_error(refused, 503, "ServiceUnavailable", says="is being moved")
        assert int(refused.headers["Retry-After"]) >= 1
    check_error(old.sign_in("bob"), 503, "ServiceUnavailable", says="send it again later")
    assert old.sign_in("bob").headers["Retry-After"]
    event = old.anonymous(
        "POST",
        EXTENSION_PATH,
        json=event_body(tenant_id),
        headers={"Authorization": f"Bearer {old.served.issuer.entra_token(tenant_id)}"},
    )
    assert event.json()["data"]["actions"][0]["claims"] == {"autoClaimOutcome": "pending"}
    change = old.call("PATCH", "/settings", json={"autoClaimEnabled": False}, headers={"If-Match": "*"})
    check_error(change, 503, "ServiceUnavailable", says="Nothing was done")
    assert {path: answer(new, path) for path in paths} == before
    assert new.sign_in("ada", signInId="one").json()["outcome"] == "claimed"
    assert new.sign_in("bob").json()["outcome"] == "claimed"
    old.close()
    new.close()


def answer(api: Api, path: str) -> object:
    """Body and ETag, without the moments at which they were made."""
    response = api.call("GET", path)
    assert response.status_code == 200, response.text
    body = {name: value for name, value in response.json().items() if name not in {"generatedAt", "checkedAt"}}
    return body, response.headers.get("ETag")
