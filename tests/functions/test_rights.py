"""Who may do what: managers, readers, people without a right or a token, and other tenants' people."""

import base64
import json
from uuid import uuid4

import httpx
import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_bare, check_error
from tests.functions.valid import (
    ADMINISTRATION,
    SKU,
    UNKNOWN,
    stock,
    write,
)

MANAGERS = ("Global Administrator", "Billing Administrator", "User Administrator", "AutoClaim.Manage")
READERS = ("Global Reader", "Reports Reader", "License Administrator", "AutoClaim.Read")
READS = ("/me", "/settings", "/apps", "/apps/microsoft-teams", "/products", "/policies")
WRITING = (
    ("PATCH", "/settings"),
    ("PUT", "/apps/payroll"),
    ("DELETE", "/apps/microsoft-teams"),
    ("PUT", f"/products/{SKU}"),
    ("DELETE", f"/products/{SKU}"),
    ("POST", "/policies"),
    ("PATCH", f"/policies/{UNKNOWN}"),
    ("DELETE", f"/policies/{UNKNOWN}"),
)
EVERYTHING = (*(("GET", path) for path in READS), *WRITING)


@pytest.mark.parametrize("role", MANAGERS)
def test_a_manager_may_read_and_write(api: Api, role: str) -> None:
    token = api.token(role)

    for path in READS:
        assert api.call("GET", path, token=token).status_code == 200
    changed = api.call("PATCH", "/settings", json={"autoClaimEnabled": True}, headers={"If-Match": "*"}, token=token)
    assert changed.status_code == 200
    assert api.call("GET", "/me", token=token).json()["rights"] == ["read", "manage"]


@pytest.mark.parametrize("role", READERS)
def test_a_reader_may_read_only(api: Api, role: str) -> None:
    token = api.token(role)

    for path in READS:
        assert api.call("GET", path, token=token).status_code == 200
    for method, path in WRITING:
        response = api.call(method, path, json={}, headers={"If-Match": "*"}, token=token)
        check_error(response, 403, "AuthorizationRequestDenied", says="no right to manage")
    assert api.call("GET", "/me", token=token).json()["rights"] == ["read"]


def test_a_reader_may_read_what_a_manager_wrote(api: Api) -> None:
    policy = stock(api)

    for path in (f"/products/{SKU}", f"/policies/{policy['id']}", "/products", "/policies"):
        assert api.call("GET", path, token=api.reader).json() == api.call("GET", path).json()


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_a_good_token_without_a_right_is_403(api: Api, method: str, path: str) -> None:
    response = api.call(method, path, json={}, token=api.token("none"))

    right = "read" if method == "GET" else "manage"
    check_error(response, 403, "AuthorizationRequestDenied", says=(f"no right to {right}", "role"))


@pytest.mark.parametrize("name", ADMINISTRATION)
def test_a_right_to_write_is_checked_before_anything_is_written(api: Api, name: str) -> None:
    operation = write(api, name)
    before = api.call("GET", operation.path).json()

    for token in (api.reader, api.token("none")):
        response = operation.send_json(operation.body, headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 403

    assert api.call("GET", operation.path).json() == before


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_no_token_is_401_and_asks_for_one(api: Api, method: str, path: str) -> None:
    response = api.anonymous(method, path, json={})

    check_error(response, 401, "Unauthenticated", says="Authorization: Bearer")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_another_tenants_resources_are_not_there(api: Api) -> None:
    policy = stock(api)
    stranger = api.token("Global Administrator", tenant_id=str(uuid4()))

    def seen(path: str) -> httpx.Response:
        return api.call("GET", path, token=stranger)

    check_error(seen(f"/products/{SKU}"), 404, "ProductNotFound", target="skuId", says=SKU)
    check_error(seen(f"/policies/{policy['id']}"), 404, "PolicyNotFound", target="policyId", says=policy["id"])
    assert seen("/products").json() == {"value": []}
    assert seen("/policies").json() == {"value": []}
    assert seen("/settings").json()["autoClaimEnabled"] is False


def test_another_tenants_administrator_changes_nothing_here(api: Api) -> None:
    policy = stock(api)
    stranger = api.token("Global Administrator", tenant_id=str(uuid4()))
    present = {"If-Match": "*"}

    off = api.call("PATCH", "/settings", json={"autoClaimEnabled": False}, headers=present, token=stranger)
    gone = api.call("DELETE", f"/policies/{policy['id']}", headers=present, token=stranger)

    assert off.status_code == 200
    check_error(gone, 404, "PolicyNotFound", target="policyId")
    assert api.call("GET", "/settings").json()["autoClaimEnabled"] is True
    assert api.call("GET", f"/policies/{policy['id']}").json() == policy


def test_me_is_who_the_token_says(api: Api) -> None:
    me = api.call("GET", "/me", token=api.token("AutoClaim.Read", name="grace@contoso.example")).json()

    assert me == {"tenantId": api.tenant_id, "id": me["id"], "name": "grace@contoso.example", "rights": ["read"]}


@pytest.mark.parametrize("key", ["none", "wrong", "the function's", "the master's"])
def test_function_keys_do_not_let_administrators_in(api: Api, key: str) -> None:
    keys = {
        "none": "",
        "wrong": "x",
        "the function's": api.served.keys.function,
        "the master's": api.served.keys.master,
    }

    response = api.anonymous("GET", "/settings", headers={"x-functions-key": keys[key]})

    check_error(response, 401, "Unauthenticated")


def test_headers_of_easy_auth_are_no_identity(api: Api) -> None:
    claims = {"claims": [{"typ": "wids", "val": "62e90394-69f5-4237-9190-012177145e10"}]}
    content = base64.b64encode(json.dumps(claims).encode()).decode()
    headers = {"X-MS-CLIENT-PRINCIPAL": content, "X-MS-CLIENT-PRINCIPAL-ID": "ada", "X-MS-TOKEN-AAD-ID-TOKEN": "x"}

    check_error(api.anonymous("GET", "/settings", headers=headers), 401, "Unauthenticated")


def test_the_host_answers_bare_before_any_token_is_read(api: Api) -> None:
    check_bare(api.anonymous("GET", "/nothing"), 404)
    check_bare(api.anonymous("POST", "/sign-ins", json={}, headers={"Authorization": f"Bearer {api.manager}"}), 401)
