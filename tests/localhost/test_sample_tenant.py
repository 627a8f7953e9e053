"""The sample tenant against a double of the API that answers as API.md says, and can be away."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from localhost import sample_tenant
from localhost.data_folder import DataFolder
from localhost.issuer import SAMPLE_TENANT
from localhost.sample_tenant import SampleTenantError, make_sample_tenant

TEAMS_PLANS = {"57ff2da0-773e-42df-b2af-ffb7a2317929", "f4f2f6de-6830-442b-a433-e92249faebe2"}


class Api:
    """As much of the API as the sample tenant needs."""

    def __init__(self) -> None:
        self.products: dict[str, Any] = {}
        self.is_on = False
        self.policies: list[dict[str, Any]] = []
        self.sign_ins: list[dict[str, Any]] = []
        self.calls = 0
        self.fails_at: int | None = None
        self.busy = 0

    def client(self) -> httpx.Client:
        return httpx.Client(base_url="http://toy/api", transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:  # noqa: PLR0911 - one return for each operation
        self.calls += 1
        if self.fails_at is not None and self.calls >= self.fails_at:
            return httpx.Response(500, text="InternalError")
        if self.busy > 0:
            self.busy -= 1
            return httpx.Response(503, headers={"Retry-After": "0"})
        body = json.loads(request.content) if request.content else {}
        match request.method, request.url.path.removeprefix("/api/"):
            case "GET", "policies":
                return httpx.Response(200, json={"value": self.policies})
            case "PUT", path:
                assert request.headers["If-None-Match"] == "*"
                status = 412 if path in self.products else 201
                self.products.setdefault(path, body)
                return httpx.Response(status)
            case "GET", "settings":
                return httpx.Response(200, headers={"ETag": '"7"'})
            case "PATCH", "settings":
                assert request.headers["If-Match"] == '"7"'
                self.is_on = body["autoClaimEnabled"]
                return httpx.Response(200)
            case "POST", "policies":
                assert self.is_on
                assert {f"products/{product['skuId']}" for product in body["products"]} <= set(self.products)
                self.policies.append(body)
                return httpx.Response(201)
            case "POST", "sign-ins":
                assert request.headers["x-functions-key"]
                self.sign_ins.append(body)
                return httpx.Response(200, json={"outcome": "claimed"})
        return httpx.Response(404)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_tenant, "PAUSE_SECONDS_MAX", 0.0)


def test_it_has_all_products_the_feature_on_a_policy_with_two_backups_and_people(data: DataFolder) -> None:
    api = Api()
    with api.client() as client:
        make_sample_tenant(client, data)
    assert len(api.products) == 28
    assert all(product["totalLicenses"] > 0 and product["servicePlans"] for product in api.products.values())
    assert api.is_on
    (policy,) = api.policies
    assert policy["appId"] == "microsoft-teams"
    assert len(policy["products"]) == 3
    for product in policy["products"]:
        plans = api.products[f"products/{product['skuId']}"]["servicePlans"]
        assert TEAMS_PLANS & {plan["servicePlanId"] for plan in plans}
    assert {event["tenantId"] for event in api.sign_ins} == {SAMPLE_TENANT}
    assert len({event["user"]["id"] for event in api.sign_ins}) == len(api.sign_ins) == 5
    assert data.sample_tenant_mark.exists()


@pytest.mark.parametrize("fails_at", [1, 5, 29, 31, 32, 34])
def test_a_run_that_was_cut_short_is_completed_by_the_next(data: DataFolder, fails_at: int) -> None:
    api = Api()
    api.fails_at = fails_at
    with api.client() as client:
        with pytest.raises(SampleTenantError, match="500"):
            make_sample_tenant(client, data)
        assert not data.sample_tenant_mark.exists()
        api.fails_at = None
        make_sample_tenant(client, data)
    assert (len(api.products), api.is_on, len(api.policies)) == (28, True, 1)
    assert data.sample_tenant_mark.exists()


def test_what_an_administrator_changed_stays(data: DataFolder) -> None:
    api = Api()
    with api.client() as client:
        make_sample_tenant(client, data)
        api.is_on = False
        api.products.popitem()
        make_sample_tenant(client, data)
    assert not api.is_on
    assert len(api.products) == 27


def test_an_overloaded_app_is_asked_again_a_bounded_number_of_times(data: DataFolder) -> None:
    api = Api()
    api.busy = sample_tenant.ATTEMPTS - 1
    with api.client() as client:
        make_sample_tenant(client, data)
        api.busy = 10**6
        calls = api.calls
        with pytest.raises(SampleTenantError, match="503"):
            make_sample_tenant(client, data)
    assert api.calls - calls == sample_tenant.ATTEMPTS


def test_an_app_that_is_away_is_a_message_and_exit_code_1(data: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--address", "http://127.0.0.1:1", "--data", str(data.path)]
    assert sample_tenant.main(arguments) == 1
    assert "not complete" in capsys.readouterr().err
