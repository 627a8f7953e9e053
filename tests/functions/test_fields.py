"""Fields: types, ranges, what is unknown, read-only, null or missing, and how that is told."""

from typing import Any

import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_envelope, check_error, check_invalid
from tests.functions.valid import (
    ADMINISTRATION,
    OTHER_SKU,
    PAYROLL,
    SKU,
    app_body,
    policy_body,
    product_body,
    put,
    stock,
    write,
)


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"autoClaimEnabled": 1}, "autoClaimEnabled"),
        ({"autoClaimEnabled": "true"}, "autoClaimEnabled"),
        ({"autoClaimEnabled": "on"}, "autoClaimEnabled"),
        ({"autoClaimEnabled": None}, "autoClaimEnabled"),
        ({"autoClaimEnabled": [True]}, "autoClaimEnabled"),
        ({"auto_claim_enabled": True}, "auto_claim_enabled"),
        ({"AutoClaimEnabled": True}, "AutoClaimEnabled"),
        ({"etag": '"0"'}, "etag"),
        ({"": True}, '""'),
    ],
)
def test_a_setting_of_another_type_or_name_is_refused(api: Api, body: dict[str, Any], target: str) -> None:
    before = api.call("GET", "/settings").json()

    check_invalid(write(api, "settings").send_json(body), target)

    assert api.call("GET", "/settings").json() == before


NUMBERS: list[Any] = [True, "10", 10.0, 1.5, -1, 10_000_001, 10**30, 10**300, None, [10], {}]


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
def test_a_total_is_a_whole_number_in_its_range(api: Api, value: Any) -> None:
    check_invalid(write(api, "product").send_json(product_body(totalLicenses=value)), "totalLicenses")


@pytest.mark.parametrize("number", [b"1e2", b"1E400", b"-0.0", b"1" * 1000])
def test_a_number_of_another_form_is_refused(api: Api, number: bytes) -> None:
    response = write(api, "product").send(b'{"totalLicenses":' + number + b"}")

    error = check_error(response, 400, "InvalidRequest", target="skuPartNumber")
    assert "totalLicenses" in {detail["target"] for detail in error["details"]}


def test_a_number_of_very_many_digits_is_json(api: Api) -> None:
    response = write(api, "settings").send(b'{"autoClaimEnabled":' + b"1" * 5000 + b"}")

    check_invalid(response, "autoClaimEnabled")


@pytest.mark.parametrize("surrogate", [r"\ud800", r"\udfff", r"\udc00\ud800"])
def test_a_lone_surrogate_is_no_part_of_a_name(api: Api, surrogate: str) -> None:
    body = app_body(name="NAME")
    content = str(body).replace("'", '"').replace("NAME", f"a{surrogate}b")

    check_invalid(write(api, "app").send(content.encode()), "name")


@pytest.mark.parametrize("name", ADMINISTRATION)
def test_a_lone_surrogate_in_a_key_is_refused(api: Api, name: str) -> None:
    response = write(api, name).send(rb'{"\ud800": 1, "a\udfffb": {"\ud83d": []}}')

    assert response.status_code == 400
    check_envelope(response)


def test_a_lone_surrogate_in_a_key_is_told_with_the_other_faults(api: Api) -> None:
    response = write(api, "settings").send(rb'{"autoClaimEnabled": 1, "\ud800": 1}')

    check_invalid(response, "autoClaimEnabled", r'"\\ud800"')


def test_a_surrogate_pair_is_one_character(api: Api) -> None:
    content = rb'{"name":"\ud83d\ude80","clientAppIds":["a"],"servicePlanIds":["' + PAYROLL.encode() + b'"]}'

    response = write(api, "app").send(content)

    assert response.status_code == 201
    assert response.json()["name"] == "\N{ROCKET}"


def test_an_unknown_key_is_told_safely_and_not_at_any_length(api: Api) -> None:
    key = "<script>\n" + "x" * 30_000

    error = check_error(
        write(api, "settings").send_json({key: 1}), 400, "InvalidRequest", target=f'"<script>\\n{"x" * 89}'
    )

    assert len(error["message"]) < 400


def test_a_long_value_is_not_repeated_at_any_length(api: Api) -> None:
    error = write(api, "app").send_json(app_body(name="y" * 60_000)).json()["error"]

    assert len(error["message"]) < 400
    assert "128" in error["message"]


MANY_FAULTS = {f"unknown{number}": None for number in range(2_000)}


def test_all_fields_at_fault_are_told_together(api: Api) -> None:
    response = write(api, "settings").send_json(MANY_FAULTS)

    check_invalid(response, *MANY_FAULTS, says="unknown0")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/apps/payroll", app_body()),
        (f"/products/{OTHER_SKU}", product_body()),
    ],
    ids=["app", "product"],
)
def test_a_put_needs_every_writable_field(api: Api, path: str, body: dict[str, Any]) -> None:
    for missing in body:
        rest = {name: value for name, value in body.items() if name != missing}
        check_invalid(api.call("PUT", path, json=rest), missing, says=f"{missing} is missing")
    check_invalid(api.call("PUT", path, json={}), *body)


@pytest.mark.parametrize("missing", ["servicePlanId", "servicePlanName", "displayName"])
def test_a_service_plan_needs_every_field(api: Api, missing: str) -> None:
    body = product_body()
    del body["servicePlans"][1][missing]

    check_invalid(write(api, "product").send_json(body), f"servicePlans[1].{missing}", says="missing")


READ_ONLY = {
    "app": ("id", "etag"),
    "product": ("skuId", "assignedLicenses", "availableLicenses", "etag"),
    "policy": (
        *("id", "appId", "appName", "availableLicenses", "claimedLicenses"),
        *("createdAt", "createdBy", "modifiedAt", "modifiedBy", "etag"),
    ),
}


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind, fields in READ_ONLY.items() for field in fields])
def test_a_read_only_field_is_refused_even_if_it_is_equal(api: Api, kind: str, field: str) -> None:
    policy = stock(api)
    put(api, "/apps/payroll", app_body())
    path = {"app": "/apps/payroll", "product": f"/products/{SKU}", "policy": f"/policies/{policy['id']}"}[kind]
    resource = api.call("GET", path).json()
    written = {name: value for name, value in resource.items() if name not in READ_ONLY[kind]}
    body = {field: resource[field]} if kind == "policy" else {**written, field: resource[field]}

    method = "PATCH" if kind == "policy" else "PUT"
    response = api.call(method, path, json=body, headers={"If-Match": "*"})

    check_invalid(response, field, says=f"{field} is not a field that can be written")


@pytest.mark.parametrize("field", ["skuPartNumber", "displayName", "availableLicenses"])
def test_a_read_only_field_of_a_policys_product_is_refused(api: Api, field: str) -> None:
    policy = stock(api)
    product = {"skuId": SKU, field: policy["products"][0][field]}

    response = api.call("POST", "/policies", json=policy_body(products=[product]))

    check_invalid(response, f"products[0].{field}")


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (policy_body(enabled=None), "enabled"),
        (policy_body(enabled=1), "enabled"),
        (policy_body(name=None), "name"),
        (policy_body(products=None), "products"),
        (policy_body(products={}), "products"),
        (policy_body(products=[SKU]), "products[0]"),
        (policy_body(products=[None]), "products[0]"),
        (policy_body(products=[{}]), "products[0].skuId"),
        (policy_body(products=[{"skuId": SKU, "disabledServicePlanIds": None}]), "products[0].disabledServicePlanIds"),
        (policy_body(products=[{"skuId": SKU, "disabledServicePlanIds": ""}]), "products[0].disabledServicePlanIds"),
        (
            policy_body(products=[{"skuId": SKU, "disabledServicePlanIds": [PAYROLL, PAYROLL.upper()]}]),
            "products[0].disabledServicePlanIds",
        ),
    ],
)
def test_a_policys_fields_have_their_types(api: Api, body: dict[str, Any], target: str) -> None:
    check_invalid(write(api, "new policy").send_json(body), target)
