"""/policies: what a policy says, and how it changes."""

import re
from typing import Any

import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_error
from tests.functions.valid import (
    EXCHANGE,
    OTHER_SKU,
    PAYROLL,
    SKU,
    TEAMS1,
    TEAMS_ESSENTIALS,
    choices,
    claim,
    patched_policy,
    policy_body,
    product_body,
    put,
    stock,
)

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

Body = dict[str, Any]


def test_a_new_policy_says_all_that_there_is_to_say(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS_ESSENTIALS, displayName="Teams Essentials", totalLicenses=5))
    api.turn(on=True)

    body = policy_body(products=choices((SKU, [EXCHANGE]), OTHER_SKU))
    made = api.call("POST", "/policies", json=body)

    policy = made.json()
    me = api.call("GET", "/me").json()
    actor = {"kind": "administrator", "id": me["id"], "name": me["name"]}
    assert made.status_code == 201
    assert TIME.fullmatch(policy["createdAt"])
    assert policy == {
        "id": policy["id"],
        "name": "Teams for all",
        "appId": "microsoft-teams",
        "appName": "Microsoft Teams",
        "enabled": True,
        "products": [
            {
                "skuId": SKU,
                "skuPartNumber": "STANDARDPACK",
                "displayName": "Office 365 E1",
                "disabledServicePlanIds": [EXCHANGE],
                "availableLicenses": 10,
            },
            {
                "skuId": OTHER_SKU,
                "skuPartNumber": "STANDARDPACK",
                "displayName": "Teams Essentials",
                "disabledServicePlanIds": [],
                "availableLicenses": 5,
            },
        ],
        "availableLicenses": 15,
        "claimedLicenses": 0,
        "createdAt": policy["createdAt"],
        "createdBy": actor,
        "modifiedAt": policy["createdAt"],
        "modifiedBy": actor,
        "etag": made.headers["ETag"],
    }
    assert api.call("GET", f"/policies/{policy['id']}").json() == policy
    assert api.call("GET", "/policies").json() == {"value": [policy]}


@pytest.mark.parametrize("enabled", [True, False])
def test_a_policy_is_made_on_or_off(api: Api, enabled: bool) -> None:  # noqa: FBT001 - a parameter of the test
    put(api, f"/products/{SKU}", product_body())
    api.turn(on=True)

    assert api.call("POST", "/policies", json=policy_body(enabled=enabled)).json()["enabled"] is enabled


def test_counts_of_a_policy_follow_its_claims(api: Api) -> None:
    policy = stock(api, total=3)

    claim(api, "ada")
    claim(api, "bob")

    read = api.call("GET", f"/policies/{policy['id']}").json()
    assert (read["claimedLicenses"], read["availableLicenses"]) == (2, 1)
    assert read["products"][0]["availableLicenses"] == 1


def test_one_save_renames_turns_off_and_chooses_anew(api: Api) -> None:
    policy = stock(api)
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS_ESSENTIALS, PAYROLL))
    chosen = choices((OTHER_SKU, [PAYROLL]), (SKU, [EXCHANGE]))

    changed = patched_policy(api, policy, name=" Renamed ", enabled=False, products=chosen)

    assert (changed["name"], changed["enabled"]) == ("Renamed", False)
    assert [(each["skuId"], each["disabledServicePlanIds"]) for each in changed["products"]] == [
        (OTHER_SKU, [PAYROLL]),
        (SKU, [EXCHANGE]),
    ]
    assert changed["availableLicenses"] == 20
    assert api.call("GET", f"/policies/{policy['id']}").json() == changed


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ({"name": "Renamed"}, {"name"}),
        ({"enabled": False}, {"enabled"}),
        ({"products": choices((SKU, [EXCHANGE]))}, {"products"}),
    ],
    ids=["name", "enabled", "products"],
)
def test_a_change_leaves_what_it_does_not_name(api: Api, change: Body, changed: set[str]) -> None:
    policy = stock(api)

    after = patched_policy(api, policy, **change)

    different = {name for name in policy if policy[name] != after[name]}
    assert different - {"modifiedAt"} == {*changed, "etag"}


def test_the_list_of_products_is_the_whole_list_and_each_says_all(api: Api) -> None:
    policy = stock(api)
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS1, EXCHANGE))
    patched_policy(api, policy, products=choices((SKU, [EXCHANGE]), (OTHER_SKU, [EXCHANGE])))

    without = patched_policy(api, policy, products=choices(OTHER_SKU))
    reordered = patched_policy(api, policy, products=choices(OTHER_SKU, SKU))

    assert [(each["skuId"], each["disabledServicePlanIds"]) for each in without["products"]] == [(OTHER_SKU, [])]
    assert [each["skuId"] for each in reordered["products"]] == [OTHER_SKU, SKU]
    assert all(each["disabledServicePlanIds"] == [] for each in reordered["products"])


def test_who_changed_a_policy_is_told_beside_who_made_it(api: Api) -> None:
    policy = stock(api)
    grace = api.token("Billing Administrator", name="grace@contoso.example")

    response = api.call(
        "PATCH", f"/policies/{policy['id']}", json={"enabled": False}, headers={"If-Match": "*"}, token=grace
    )

    changed = response.json()
    assert changed["createdBy"] == policy["createdBy"]
    assert changed["createdAt"] == policy["createdAt"]
    assert changed["modifiedBy"]["name"] == "grace@contoso.example"
    assert changed["modifiedBy"]["id"] != policy["modifiedBy"]["id"]
    assert changed["modifiedAt"] >= policy["modifiedAt"]
    assert TIME.fullmatch(changed["modifiedAt"])


def test_a_change_of_nothing_is_nobodys_change(api: Api) -> None:
    policy = stock(api)
    grace = api.token("Billing Administrator", name="grace@contoso.example")
    same = {"name": policy["name"], "enabled": True, "products": choices((SKU.upper(), []))}

    response = api.call("PATCH", f"/policies/{policy['id']}", json=same, headers={"If-Match": "*"}, token=grace)

    assert response.json() == policy


def test_a_policy_is_changed_while_the_feature_is_off(api: Api) -> None:
    policy = stock(api)
    api.turn(on=False)

    assert patched_policy(api, policy, name="Renamed", enabled=False)["name"] == "Renamed"


def test_a_policy_may_keep_its_name_in_another_case(api: Api) -> None:
    policy = stock(api)

    assert patched_policy(api, policy, name="TEAMS FOR ALL")["name"] == "TEAMS FOR ALL"


def test_taking_a_product_from_a_policy_takes_no_license(api: Api) -> None:
    policy = stock(api)
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS1))
    held = claim(api)["license"]

    patched_policy(api, policy, products=choices(OTHER_SKU))

    assert api.sign_in("ada").json()["license"] == held
    assert claim(api, "bob")["license"]["skuId"] == OTHER_SKU
    assert api.call("GET", f"/products/{SKU}").json()["assignedLicenses"] == 1
    assert api.call("GET", f"/policies/{policy['id']}").json()["claimedLicenses"] == 2


def test_turning_a_plan_off_acts_on_later_claims_only(api: Api) -> None:
    policy = stock(api)
    claim(api, "ada")

    patched_policy(api, policy, products=choices((SKU, [EXCHANGE])))

    assert api.sign_in("ada").json()["license"]["disabledServicePlanIds"] == []
    assert claim(api, "bob")["license"]["disabledServicePlanIds"] == [EXCHANGE]


def test_a_deleted_policy_leaves_its_licenses(api: Api) -> None:
    policy = stock(api)
    held = claim(api)["license"]

    gone = api.call("DELETE", f"/policies/{policy['id']}", headers={"If-Match": "*"})
    nobody = api.sign_in("bob").json()["outcome"]
    again = api.create_policy(SKU)

    assert (gone.status_code, gone.content) == (204, b"")
    assert nobody == "noPolicy"
    assert again["id"] != policy["id"]
    assert again["claimedLicenses"] == 0
    assert api.sign_in("ada").json()["license"] == held
    assert api.call("GET", f"/products/{SKU}").json()["assignedLicenses"] == 1
    check_error(
        api.call("GET", f"/policies/{policy['id']}"), 404, "PolicyNotFound", target="policyId", says="GET /policies"
    )


def test_a_policys_new_name_shows_in_the_licenses_that_it_gave(api: Api) -> None:
    policy = stock(api)
    claim(api)

    patched_policy(api, policy, name="Renamed")

    origin = api.sign_in("ada").json()["license"]["assignedBy"]
    assert origin == {"kind": "policy", "policyId": policy["id"], "policyName": "Renamed"}
