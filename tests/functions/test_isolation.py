"""Readers read and only read, managers do all, and nobody sees or touches another tenant's anything.

Every operation is tried, as the app itself lists them: a new one that is not thought of here fails a test.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from functions.api import ALL_OPERATIONS
from functions.http.admission import MANAGERS, READERS
from functions.http.operations import Operation
from storage.upkeep import integrity as storage_integrity
from tests.functions.conftest import Api, Served
from tests.functions.faults import check_error
from tests.functions.lists import follow, items
from tests.functions.valid import (
    EXTENSION_PATH,
    TEAMS1,
    app_body,
    claim,
    event_body,
    policy_body,
    product_body,
    put,
    sign_in_body,
)

MARK = "zanzibar"
"""Stands in everything that the observed tenant has a name for."""

ADMINISTRATION = [
    operation
    for operations in ALL_OPERATIONS
    for operation in operations.known
    if operation.admission in (READERS, MANAGERS)
]
READS = [operation for operation in ADMINISTRATION if operation.method == "GET"]
WRITES = [operation for operation in ADMINISTRATION if operation.method != "GET"]
LISTS = [
    "apps",
    "products",
    "policies",
    "audit-log",
    "users",
    "products/{skuId}/licenses",
    "policies/{policyId}/claims",
    "reports/auto-claim/licenses",
]
PRESENT = {"If-Match": "*"}


def _name(operation: Operation) -> str:
    return f"{operation.method} {operation.route}"


class Observed:
    """A tenant with two of everything."""

    def __init__(self, served: Served) -> None:
        self.api = Api(served, str(uuid4()))
        self.sku_ids = [str(uuid4()), str(uuid4())]
        for number, sku_id in enumerate(self.sku_ids):
            put(self.api, f"/products/{sku_id}", product_body(displayName=f"{MARK} product {number}"))
        put(self.api, f"/apps/{MARK}", app_body(name=MARK, clientAppIds=[f"{MARK}-client"], servicePlanIds=[TEAMS1]))
        self.api.turn(on=True)
        self.policy = self.api.create_policy(*self.sku_ids, name=f"{MARK} policy")
        self.api.create_policy(self.sku_ids[0], name=f"{MARK} policy 2", app_id=MARK)
        for user in ("ada", "bob"):
            names = {"userPrincipalName": f"{user}@{MARK}.example", "displayName": f"{MARK} {user}"}
            claim(self.api, user={"id": f"{MARK}-{user}", **names})
        self.ids = {
            "appId": MARK,
            "skuId": self.sku_ids[0],
            "policyId": self.policy["id"],
            "userId": f"{MARK}-ada",
        }

    def path(self, operation: Operation) -> str:
        """The path of an operation on what the tenant has."""
        beginning = f"?startsWith={MARK}" if operation.route == "users" else ""
        return f"/{operation.route.format(**self.ids)}{beginning}"

    def body(self, operation: Operation) -> Any:
        """A body that the tenant's manager could send there."""
        match operation.route:
            case "settings":
                return {"autoClaimEnabled": False}
            case "apps/{appId}":
                return app_body(clientAppIds=[f"{MARK}-client"], servicePlanIds=[TEAMS1])
            case "products/{skuId}":
                return product_body(displayName="Overwritten", totalLicenses=99)
            case "policies":
                return policy_body(*self.sku_ids, appId=MARK, name="Another")
            case "policies/{policyId}":
                return {"name": "Overwritten", "enabled": False}
            case "users/{userId}/licenses/{skuId}":
                return {"disabledServicePlanIds": [TEAMS1]}
        raise AssertionError(f"no body is known for {_name(operation)}: this test must know every operation")

    def send(self, operation: Operation, token: str) -> httpx.Response:
        """The operation, on what the tenant has, with somebody's token."""
        body = {} if operation.method in {"GET", "DELETE"} else {"json": self.body(operation)}
        headers = PRESENT if operation.method != "PUT" else {}
        return self.api.call(operation.method, self.path(operation), token=token, headers=headers, **body)

    def everything(self) -> list[Any]:
        """All that there is to read, but the time of reading."""
        answers = [self.api.call("GET", self.path(operation)).json() for operation in READS]
        return [
            {key: value for key, value in each.items() if key not in {"generatedAt", "checkedAt"}} for each in answers
        ]


@pytest.fixture(scope="module")
def observed(served: Served) -> Iterator[Observed]:
    tenant = Observed(served)
    yield tenant
    tenant.api.close()


@pytest.fixture
def stranger(observed: Observed) -> str:
    """A token of another tenant's Global Administrator."""
    return observed.api.token("Global Administrator", tenant_id=str(uuid4()))


def test_the_operations_are_those_of_the_contract() -> None:
    managers_only = {_name(operation) for operation in READS if operation.admission is MANAGERS}

    assert managers_only == {"GET integrity"}
    assert all(operation.admission is MANAGERS for operation in WRITES)
    assert {_name(operation) for operation in ADMINISTRATION} == {
        *("GET me", "GET settings", "PATCH settings", "GET apps", "GET products", "GET policies", "POST policies"),
        *(f"{method} apps/{{appId}}" for method in ("GET", "PUT", "DELETE")),
        *(f"{method} products/{{skuId}}" for method in ("GET", "PUT", "DELETE")),
        *(f"{method} policies/{{policyId}}" for method in ("GET", "PATCH", "DELETE")),
        *("GET products/{skuId}/licenses", "GET policies/{policyId}/claims", "GET audit-log", "GET integrity"),
        *("GET reports/auto-claim", "GET reports/auto-claim/licenses", "GET users", "GET users/{userId}/licenses"),
        *("DELETE users/{userId}/licenses",),
        *(f"{method} users/{{userId}}/licenses/{{skuId}}" for method in ("PUT", "DELETE")),
    }


@pytest.mark.parametrize("operation", READS, ids=_name)
def test_readers_and_managers_read(observed: Observed, operation: Operation) -> None:
    api = observed.api

    assert observed.send(operation, api.manager).status_code == 200
    read = observed.send(operation, api.reader)

    if operation.admission is MANAGERS:
        check_error(read, 403, "AuthorizationRequestDenied")
    else:
        assert read.status_code == 200
    check_error(observed.send(operation, api.token("none")), 403, "AuthorizationRequestDenied")


@pytest.mark.whole_pages
@pytest.mark.parametrize("role", ["Global Reader", "Reports Reader", "License Administrator", "AutoClaim.Read", "none"])
def test_who_may_not_write_changes_nothing(observed: Observed, role: str) -> None:
    token = observed.api.token(role)
    before = observed.everything()

    for operation in WRITES:
        check_error(observed.send(operation, token), 403, "AuthorizationRequestDenied")

    assert observed.everything() == before


def test_a_manager_does_all(served: Served) -> None:
    tenant = Observed(served)
    api = tenant.api
    last = [operation for operation in WRITES if operation.method == "DELETE"]
    # The other way round: licenses before policies before products and apps.
    last.sort(key=lambda operation: ["users", "policies", "apps", "products"].index(operation.route.split("/")[0]))
    refused = {
        "POST policies": "FeatureOff",
        "DELETE apps/{appId}": "AppInUse",
        "DELETE products/{skuId}": "LicensesInUse",
    }

    for operation in [*(each for each in WRITES if each not in last), *last]:
        headers = {} if "users" in operation.route else PRESENT
        body = {} if operation in last else {"json": tenant.body(operation)}
        answer = api.call(operation.method, tenant.path(operation), headers=headers, **body)
        if _name(operation) in refused:
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, refused[_name(operation)])
        else:
            assert answer.is_success, f"{_name(operation)}: {answer.text}"
    api.close()


def _shows(observed: Observed, response: httpx.Response) -> bool:
    """Whether an answer has anything of the observed tenant that its caller did not send."""
    secrets = {MARK, observed.api.tenant_id, *observed.sku_ids, observed.policy["id"]}
    sent = {secret for secret in secrets if secret in str(response.request.url)}
    sent |= {secret for secret in secrets if secret.encode() in response.request.content}
    told = response.text + str(dict(response.headers))
    names = (f"{MARK} product", f"{MARK} policy", f"{MARK} ada", f"@{MARK}", f"{MARK}-bob")
    return any(secret in told for secret in (*(secrets - sent), *names))


@pytest.mark.parametrize("operation", READS, ids=_name)
def test_a_stranger_reads_nothing(observed: Observed, stranger: str, operation: Operation) -> None:
    response = observed.send(operation, stranger)

    assert not _shows(observed, response)
    named = {part for part in ("appId", "skuId", "policyId") if f"{{{part}}}" in operation.route}
    assert response.status_code == (404 if named else 200)
    if operation.route == "users/{userId}/licenses":
        assert response.json() == {"userId": f"{MARK}-ada", "licenses": []}
    if operation.route in LISTS and not named and operation.route != "apps":
        assert response.json() == {"value": []}


@pytest.mark.whole_pages
def test_a_stranger_changes_nothing(observed: Observed, stranger: str) -> None:
    before = observed.everything()

    for operation in WRITES:
        assert not _shows(observed, observed.send(operation, stranger)), _name(operation)

    assert observed.everything() == before


def test_what_a_stranger_names_is_unknown_there(observed: Observed, stranger: str) -> None:
    api = observed.api
    assert api.call("PATCH", "/settings", json={"autoClaimEnabled": True}, headers=PRESENT, token=stranger).is_success

    policy = api.call("POST", "/policies", json=policy_body(*observed.sku_ids), token=stranger)
    for_app = api.call("POST", "/policies", json=policy_body(*observed.sku_ids, appId=MARK), token=stranger)
    license_ = api.call("PUT", f"/users/eve/licenses/{observed.sku_ids[0]}", json={}, token=stranger)

    check_error(policy, 400, "UnknownProduct", target="products[0].skuId")
    check_error(for_app, 400, "UnknownApp", target="appId")
    check_error(license_, 404, "ProductNotFound", target="skuId")


@pytest.mark.parametrize("query", ["", "&period=90", "&period=1"])
def test_a_strangers_report_knows_no_policy_of_others(observed: Observed, stranger: str, query: str) -> None:
    for accept in ("application/json", "text/csv"):
        path = f"/reports/auto-claim/licenses?policyId={observed.policy['id']}{query}"
        response = observed.api.call("GET", path, token=stranger, headers={"Accept": accept})
        check_error(response, 404, "PolicyNotFound", target="policyId")


@pytest.mark.parametrize("route", LISTS)
def test_a_link_leads_nobody_into_another_tenant(observed: Observed, stranger: str, route: str) -> None:
    beginning = f"&startsWith={MARK}" if route == "users" else ""
    path = f"/{route.format(**{**observed.ids, 'skuId': observed.sku_ids[0]})}?top=1{beginning}"
    link = observed.api.call("GET", path).json()["nextLink"]

    response = follow(observed.api, link, stranger)

    assert response.status_code in {400, 404}
    assert response.json()["error"]["code"] in {"InvalidContinuation", "ProductNotFound", "PolicyNotFound"}
    assert not _shows(observed, response)
    assert follow(observed.api, link, observed.api.reader).status_code == 200


def test_a_link_of_integrity_leads_nobody_into_another_tenant(
    observed: Observed, stranger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_integrity, "USERS_PER_CALL", 1)
    link = observed.api.call("GET", "/integrity").json()["nextLink"]

    check_error(follow(observed.api, link, stranger), 400, "InvalidContinuation", target="continuation")


@pytest.mark.parametrize("name", ["tenantId", "tid", "tenant", "PartitionKey", "$filter", "oid"])
def test_no_parameter_or_header_chooses_a_tenant(observed: Observed, stranger: str, name: str) -> None:
    tenant_id = observed.api.tenant_id
    headers = {name.strip("$"): tenant_id, f"x-ms-{name.strip('$')}": tenant_id, "x-ms-client-principal-id": tenant_id}

    for path in ("/me", "/products", "/users?startsWith=z", "/audit-log", "/reports/auto-claim"):
        response = observed.api.call(
            "GET", f"{path}{'&' if '?' in path else '?'}{name}={tenant_id}", token=stranger, headers=headers
        )
        assert response.status_code == 200
        assert not _shows(observed, response)
        assert tenant_id not in response.text


def test_a_sign_in_claims_only_in_the_tenant_that_it_names(observed: Observed) -> None:
    other = str(uuid4())
    before = items(observed.api, "/audit-log")
    key = {"x-functions-key": observed.api.served.keys.function}

    response = observed.api.anonymous("POST", "/sign-ins", json=sign_in_body(other, appId=MARK), headers=key)

    assert response.json()["outcome"] == "featureOff"
    assert not _shows(observed, response)
    assert items(observed.api, "/audit-log") == before


def test_entras_token_of_one_tenant_claims_in_no_other(observed: Observed) -> None:
    token = observed.api.served.issuer.entra_token(str(uuid4()))
    before = items(observed.api, "/audit-log")

    event = event_body(observed.api.tenant_id, "eve")
    response = observed.api.anonymous("POST", EXTENSION_PATH, json=event, headers={"Authorization": f"Bearer {token}"})

    check_error(response, 401, "Unauthenticated")
    assert items(observed.api, "/audit-log") == before
