"""Requests with several faults at once: the first in the written order is answered.

401, 403, the path's id, 413, 415, BodyMissing, InvalidJson, InvalidRequest, 428, 412, other 400s, 409s.
"""

from dataclasses import replace
from typing import Any

import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_bare, check_error, check_invalid
from tests.functions.valid import (
    ADMINISTRATION,
    EXCHANGE,
    OTHER_SKU,
    PAYROLL,
    SKU,
    TEAMS1,
    TYPED_WRITES,
    UNKNOWN,
    Write,
    app_body,
    claim,
    plan_body,
    policy_body,
    product_body,
    put,
    stock,
    write,
)

NEVER_CURRENT = {"If-Match": '"999999"'}
TOO_LONG = b"\xff" * (256 * 1024 + 1)
NOT_JSON = b"\xff"
WRONG: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "settings": ({"autoClaimEnabled": 1, "etag": '"0"'}, ("autoClaimEnabled", "etag")),
    "app": (
        {"clientAppIds": ["a b", "c"], "servicePlanIds": [PAYROLL, PAYROLL], "id": "payroll"},
        ("name", "clientAppIds[0]", "servicePlanIds", "id"),
    ),
    "product": (
        product_body("nope", totalLicenses=-1, assignedLicenses=0, skuPartNumber=None),
        ("skuPartNumber", "totalLicenses", "servicePlans[0].servicePlanId", "assignedLicenses"),
    ),
    "new policy": (
        {"name": " ", "products": [{"skuId": SKU}, {"skuId": "nope"}], "createdAt": "2026-01-31T09:00:00.000Z"},
        ("name", "appId", "products[1].skuId", "createdAt"),
    ),
    "policy": (
        {"name": 5, "enabled": "true", "products": [{"skuId": "nope", "disabledServicePlanIds": [TEAMS1, "x"]}]},
        ("name", "enabled", "products[0].skuId", "products[0].disabledServicePlanIds[1]"),
    ),
    "sign-in": (
        {"tenantId": "nope", "user": {"id": "a b", "more": 1}, "signInId": "ä", "appId": ""},
        ("tenantId", "appId", "user.id", "user.more", "signInId"),
    ),
    "sign-in batch": ({"signIns": [], "tenantId": "nope"}, ("signIns", "tenantId")),
    "Entra's event": (
        {"type": "another", "data": {"tenantId": None, "authenticationContext": {"user": {"id": ""}}}},
        ("type", "data.tenantId", "data.authenticationContext.user.id"),
    ),
}


def _elsewhere(operation: Write, name: str) -> Write:
    """The operation on a path id of the wrong form, where it has one."""
    paths = {"app": "/apps/a@b", "product": "/products/nope", "policy": "/policies/nope"}
    return replace(operation, path=paths.get(name, operation.path))


@pytest.mark.parametrize("name", ADMINISTRATION)
def test_a_missing_token_comes_before_everything(api: Api, name: str) -> None:
    operation = _elsewhere(replace(write(api, name), credential={}, headers=NEVER_CURRENT), name)

    check_error(operation.send(TOO_LONG, media_type="text/plain"), 401, "Unauthenticated")


@pytest.mark.parametrize("name", ADMINISTRATION)
def test_a_missing_right_comes_before_the_path_and_the_body(api: Api, name: str) -> None:
    reader = {"Authorization": f"Bearer {api.reader}"}
    operation = _elsewhere(replace(write(api, name), credential=reader, headers=NEVER_CURRENT), name)

    check_error(operation.send(TOO_LONG, media_type="text/plain"), 403, "AuthorizationRequestDenied", says="manage")


@pytest.mark.parametrize(("name", "target"), [("app", "appId"), ("product", "skuId"), ("policy", "policyId")])
def test_an_id_of_the_wrong_form_in_the_path_comes_before_the_body(api: Api, name: str, target: str) -> None:
    operation = _elsewhere(write(api, name), name)

    check_error(operation.send(TOO_LONG, media_type="text/plain"), 400, "InvalidId", target=target)


def test_an_unknown_id_in_the_path_comes_before_the_body_and_the_precondition(api: Api) -> None:
    operation = replace(write(api, "policy"), path=f"/policies/{UNKNOWN}", headers=NEVER_CURRENT)

    for response in (
        operation.send(TOO_LONG, media_type="text/plain"),
        operation.send(b"{}", media_type="text/plain"),
        operation.send(b""),
        operation.send(NOT_JSON),
        operation.send_json({"name": 5}),
        operation.send_json({"products": []}),
    ):
        check_error(response, 404, "PolicyNotFound", target="policyId", says=UNKNOWN)


@pytest.mark.parametrize("path", ["/apps/unknown", f"/products/{UNKNOWN}", f"/policies/{UNKNOWN}"])
@pytest.mark.parametrize("headers", [{}, NEVER_CURRENT], ids=["no If-Match", "wrong If-Match"])
def test_deleting_what_is_not_there_is_404_before_the_precondition(
    api: Api, path: str, headers: dict[str, str]
) -> None:
    response = api.call("DELETE", path, headers=headers)

    assert response.status_code == 404
    assert response.headers["x-ms-error-code"].endswith("NotFound")


@pytest.mark.parametrize("name", TYPED_WRITES)
def test_a_body_has_its_faults_in_the_written_order(api: Api, name: str) -> None:
    operation = write(api, name)
    if name in ADMINISTRATION:
        operation = replace(operation, headers=NEVER_CURRENT)
    body, targets = WRONG[name]

    too_large = operation.send(TOO_LONG, media_type="text/plain")
    other_media = operation.send(NOT_JSON, media_type="text/plain")
    missing = operation.send(b"")
    not_json = operation.send(NOT_JSON)
    invalid = operation.send_json(body)

    check_error(too_large, 413, "RequestTooLarge", says=str(len(TOO_LONG)))
    check_error(
        other_media, 415, "UnsupportedMediaType", target="Content-Type", says=("text/plain", "application/json")
    )
    check_error(missing, 400, "BodyMissing", says="Content-Length")
    check_error(not_json, 400, "InvalidJson", says="UTF-8")
    check_invalid(invalid, *targets)


@pytest.mark.parametrize("name", TYPED_WRITES)
def test_another_media_type_comes_before_a_missing_body(api: Api, name: str) -> None:
    check_error(write(api, name).send(b"", media_type="text/plain"), 415, "UnsupportedMediaType", target="Content-Type")


def test_a_missing_precondition_comes_before_a_wrong_product_list(api: Api) -> None:
    policy_id = stock(api)["id"]
    put(api, "/apps/payroll", app_body())
    put(api, f"/products/{OTHER_SKU}", product_body(PAYROLL))
    api.create_policy(OTHER_SKU, name="Payroll", app_id="payroll")
    change = {"name": "PAYROLL", "products": []}

    def patch(body: dict[str, Any], headers: dict[str, str]) -> Any:
        return api.call("PATCH", f"/policies/{policy_id}", json=body, headers=headers)

    check_error(patch(change, {}), 428, "PreconditionRequired", target="If-Match", says="If-Match")
    check_error(patch(change, NEVER_CURRENT), 412, "ConditionNotMet", target="If-Match", says="ETag")
    check_error(patch(change, {"If-Match": "*"}), 400, "InvalidProductList", target="products")
    check_error(patch({"name": "PAYROLL"}, {"If-Match": "*"}), 409, "PolicyNameTaken", target="name")


def test_a_products_preconditions_come_before_its_conflicts(api: Api) -> None:
    stock(api)
    claim(api)
    path = f"/products/{SKU}"
    neither = product_body(EXCHANGE, totalLicenses=0)

    def put_it(headers: dict[str, str]) -> Any:
        return api.call("PUT", path, json=neither, headers=headers)

    check_error(put_it({}), 428, "PreconditionRequired", target="If-Match")
    check_error(put_it(NEVER_CURRENT), 412, "ConditionNotMet", target="If-Match")
    check_error(put_it({"If-Match": "*"}), 409, "LicensesInUse", target="totalLicenses")
    check_error(api.call("DELETE", path), 428, "PreconditionRequired", target="If-Match")
    check_error(api.call("DELETE", path, headers=NEVER_CURRENT), 412, "ConditionNotMet", target="If-Match")
    check_error(api.call("DELETE", path, headers={"If-Match": "*"}), 409, "LicensesInUse")


def test_an_apps_preconditions_come_before_its_conflicts(api: Api) -> None:
    stock(api)
    put(api, "/apps/payroll", app_body())
    path = "/apps/microsoft-teams"
    taken = app_body(servicePlanIds=[UNKNOWN])

    def put_it(headers: dict[str, str]) -> Any:
        return api.call("PUT", path, json=taken, headers=headers)

    check_error(put_it({}), 428, "PreconditionRequired", target="If-Match")
    check_error(put_it(NEVER_CURRENT), 412, "ConditionNotMet", target="If-Match")
    check_error(put_it({"If-Match": "*"}), 409, "ClientAppIdTaken", target="clientAppIds[0]")
    check_error(api.call("DELETE", path), 428, "PreconditionRequired", target="If-Match")
    check_error(api.call("DELETE", path, headers=NEVER_CURRENT), 412, "ConditionNotMet", target="If-Match")
    check_error(api.call("DELETE", path, headers={"If-Match": "*"}), 409, "AppInUse")


def test_a_new_resources_precondition_comes_after_its_fields_and_before_its_conflicts(api: Api) -> None:
    headers = {"If-Match": "*"}
    teams_client = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"

    bad = api.call("PUT", "/apps/new", json=app_body(name=""), headers=headers)
    taken = api.call("PUT", "/apps/new", json=app_body(clientAppIds=[teams_client]), headers=headers)

    check_invalid(bad, "name")
    check_error(taken, 412, "ConditionNotMet", target="If-Match", says="does not exist")


def test_a_fields_fault_comes_before_a_wrong_product_list(api: Api) -> None:
    stock(api)

    response = api.call("POST", "/policies", json=policy_body(products=[], enabled="yes"))

    check_invalid(response, "enabled")


def test_a_plan_that_a_product_has_twice_comes_before_the_precondition(api: Api) -> None:
    stock(api)
    body = product_body(servicePlans=[plan_body(TEAMS1), plan_body(TEAMS1.upper())])

    check_invalid(api.call("PUT", f"/products/{SKU}", json=body), "servicePlans", says=TEAMS1)


@pytest.mark.parametrize("name", ["sign-in", "sign-in batch"])
def test_a_missing_function_key_comes_before_everything_else_about_a_sign_in(api: Api, name: str) -> None:
    operation = replace(write(api, name), credential={})

    check_bare(operation.send(TOO_LONG, media_type="text/plain"), 401)


def test_entras_token_comes_before_its_tenant_and_that_before_the_body(api: Api) -> None:
    event = write(api, "Entra's event")
    nobody = replace(event, credential={})
    other = {"data": {"tenantId": UNKNOWN}}

    no_token = nobody.send_json(other)
    other_tenant = event.send_json(other)
    no_event = event.send_json({"data": {"tenantId": api.tenant_id}})

    check_error(no_token, 401, "Unauthenticated")
    check_error(other_tenant, 401, "Unauthenticated", says="tenant")
    check_invalid(no_event, "type", "data.authenticationContext")
