"""Nothing personal is told but the user's id, and hashed not even that: the whole API, driven with marked values."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from functions.api import ALL_OPERATIONS
from functions.composition import close_services, services
from functions.telemetry.roll_up import RollUpWatch
from functions.timers.nightly_check import check_all
from functions.timers.roll_up import keep_up
from tests.functions.conftest import Api
from tests.functions.valid import EXTENSION_PATH, SKU, app_body, event_body, policy_body, product_body
from tests.telemetry.kept import Kept

USER = "marked-user@contoso.example"
MARKED_NAMES = (
    "Marked-Display",
    "marked-principal@contoso.example",
    "Marked-Administrator",
    "marked-sign-in",
    "192.0.2.1",
)
DAMAGED_USER = "marked-damaged"


@pytest.fixture(autouse=True)
def _all_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The Functions worker takes INFO of everybody; the test's own client is not in it."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, "httpx")


def person(user_id: str = USER) -> dict[str, str]:
    return {"id": user_id, "userPrincipalName": MARKED_NAMES[1], "displayName": MARKED_NAMES[0]}


def drive(api: Api) -> set[str]:
    """Call every operation, well and badly; the tokens and keys that were sent."""
    manager = api.token("User Administrator", name=MARKED_NAMES[2])
    entra = api.served.issuer.entra_token(api.tenant_id)
    key = api.served.keys.function

    def call(method: str, path: str, **options: Any) -> Any:
        response = api.call(method, path, token=manager, **options)
        assert response.status_code < 500, response.text
        return response.json() if response.content and "json" in response.headers["content-type"] else None

    present = {"If-Match": "*"}
    call("GET", "/me")
    call("PATCH", "/settings", json={"autoClaimEnabled": True}, headers=present)
    call("GET", "/settings")
    call("PUT", "/apps/payroll", json=app_body(name=MARKED_NAMES[0]))
    call("PUT", f"/products/{SKU}", json=product_body())
    policy = call("POST", "/policies", json=policy_body())["id"]
    call("PATCH", f"/policies/{policy}", json={"name": MARKED_NAMES[0]}, headers=present)
    for user_id in (USER, DAMAGED_USER):
        body = {"tenantId": api.tenant_id, "appId": "microsoft-teams", "user": person(user_id)}
        body["signInId"] = MARKED_NAMES[3]
        assert api.anonymous("POST", "/sign-ins", json=body, headers={"x-functions-key": key}).status_code == 200
        batch = {"signIns": [body, {**body, "tenantId": MARKED_NAMES[0]}, MARKED_NAMES[1]]}
        assert api.anonymous("POST", "/sign-ins/batch", json=batch, headers={"x-functions-key": key}).status_code == 200
    event = event_body(api.tenant_id, USER)
    event["data"]["authenticationContext"]["user"].update(person())
    headers = {"Authorization": f"Bearer {entra}"}
    assert api.anonymous("POST", EXTENSION_PATH, json=event, headers=headers).status_code == 200
    assert (
        api.anonymous("POST", EXTENSION_PATH, json={**event, "type": MARKED_NAMES[0]}, headers=headers).status_code
        == 400
    )
    user = f"/users/{USER}/licenses"
    for path in (
        *("/apps", "/apps/payroll", "/products", f"/products/{SKU}", f"/products/{SKU}/licenses"),
        *("/policies", f"/policies/{policy}", f"/policies/{policy}/claims", "/reports/auto-claim"),
        *("/reports/auto-claim/licenses", "/audit-log", "/integrity", f"/users?startsWith={MARKED_NAMES[0]}", user),
        *("/health", "/openapi.json", "/docs", "/docs/start.js"),
    ):
        call("GET", path)
    call("PUT", f"{user}/{SKU}", json={})
    call("PUT", f"{user}/{SKU}", json={MARKED_NAMES[0]: MARKED_NAMES[1]})
    call("DELETE", f"{user}/{SKU}")
    call("DELETE", user)
    call("DELETE", f"/policies/{policy}", headers=present)
    call("DELETE", "/apps/payroll", headers=present)
    call("DELETE", f"/products/{SKU}", headers=present)
    return {manager, entra, key}


def run_timers() -> None:
    async def run() -> None:
        app = services()
        try:
            await keep_up(app.upkeep, 400, RollUpWatch(app.figures, app.now), everyone=True)
            await check_all(app.upkeep, app.integrity, 400)
        finally:
            await close_services()

    asyncio.run(run())


def fail_with(message: str) -> Callable[..., Any]:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError(message)

    return fail


def test_the_whole_api_tells_no_name_no_token_and_no_key(
    api: Api, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = drive(api)
    run_timers()

    told = kept.everything() + caplog.text
    assert {span.name for span in kept.spans()} >= {
        each.name for operations in ALL_OPERATIONS for each in operations.known
    }
    assert USER in told  # named by the id
    for marked in (*MARKED_NAMES, *secrets):
        assert marked not in told


@pytest.mark.usefixtures("hashed")
def test_hashed_the_whole_api_tells_no_id_of_a_user(
    api: Api, kept: Kept, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = drive(api)
    run_timers()
    monkeypatch.setattr(
        "storage.engine.ledger.TableLedger.settle", fail_with(f"Row {api.tenant_id}/user:{USER} is odd")
    )
    assert api.sign_in(USER).status_code == 500

    told = kept.everything() + caplog.text
    assert "is odd" in told
    for marked in (USER, DAMAGED_USER, *MARKED_NAMES, *secrets):
        assert marked not in told
