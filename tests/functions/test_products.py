"""/products: purchased subscriptions, their counts and their service plans."""

from typing import Any
from uuid import uuid4

import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_error, check_invalid
from tests.functions.valid import (
    EXCHANGE,
    OTHER_SKU,
    PAYROLL,
    SKU,
    TEAMS1,
    TEAMS_ESSENTIALS,
    app_body,
    claim,
    plan_body,
    policy_body,
    product_body,
    put,
    stock,
)

PATH = f"/products/{SKU}"


def _replace(api: Api, body: dict[str, Any]) -> Any:
    return api.call("PUT", PATH, json=body, headers={"If-Match": "*"})


def _delete(api: Api) -> Any:
    return api.call("DELETE", PATH, headers={"If-Match": "*"})


def test_a_product_is_made_read_replaced_and_deleted(api: Api) -> None:
    made = api.call("PUT", PATH, json=product_body())
    read = api.call("GET", PATH)
    other = product_body(PAYROLL, skuPartNumber="E3", displayName="Office 365 E3", totalLicenses=5)
    replaced = _replace(api, other)
    gone = _delete(api)

    assert made.status_code == 201
    assert made.json() == read.json()
    assert made.json() == {
        "skuId": SKU,
        **product_body(),
        "assignedLicenses": 0,
        "availableLicenses": 10,
        "etag": made.headers["ETag"],
    }
    assert replaced.status_code == 200
    assert {name: replaced.json()[name] for name in other} == other
    assert (gone.status_code, gone.content) == (204, b"")
    check_error(api.call("GET", PATH), 404, "ProductNotFound", target="skuId", says=(SKU, "GET /products"))
    check_error(_delete(api), 404, "ProductNotFound", target="skuId", says=SKU)
    assert api.call("GET", "/products").json() == {"value": []}


@pytest.mark.parametrize("total", [0, 1, 10_000_000])
def test_a_total_may_be_zero_or_ten_million(api: Api, total: int) -> None:
    product = put(api, PATH, product_body(totalLicenses=total))

    assert (product["totalLicenses"], product["availableLicenses"]) == (total, total)


@pytest.mark.parametrize(("total", "says"), [(-1, "0"), (10_000_001, "10000000")])
def test_a_total_out_of_range_is_refused(api: Api, total: int, says: str) -> None:
    response = api.call("PUT", PATH, json=product_body(totalLicenses=total))

    check_invalid(response, "totalLicenses", says=(str(total), says))


def test_a_product_has_1_to_200_service_plans(api: Api) -> None:
    plans = [plan_body(str(uuid4())) for _ in range(201)]

    for count in (1, 200):
        assert len(put(api, PATH, product_body(servicePlans=plans[:count]))["servicePlans"]) == count
    check_invalid(_replace(api, product_body(servicePlans=[])), "servicePlans", says="1")
    check_invalid(_replace(api, product_body(servicePlans=plans)), "servicePlans", says="200")


def test_the_largest_product_that_can_be_written_can_be_replaced(api: Api) -> None:
    def largest(letter: str) -> dict[str, Any]:
        plans = [plan_body(f"00000000-0000-4000-8000-{number:012x}", letter * 128) for number in range(200)]
        return product_body(servicePlans=plans)

    for letter in ("\N{ROCKET}", "\N{BUG}"):
        product = put(api, PATH, largest(letter))
        assert product["servicePlans"][199]["displayName"] == letter * 128


def test_counts_follow_claims(api: Api) -> None:
    stock(api, total=3)

    claim(api, "ada")
    claim(api, "bob")

    product = api.call("GET", PATH).json()
    assert (product["totalLicenses"], product["assignedLicenses"], product["availableLicenses"]) == (3, 2, 1)
    assert api.call("GET", "/products").json()["value"] == [product]


def test_a_total_below_what_users_hold_is_refused(api: Api) -> None:
    stock(api, total=3)
    claim(api, "ada")
    claim(api, "bob")

    below = _replace(api, product_body(totalLicenses=1))
    equal = _replace(api, product_body(totalLicenses=2))

    check_error(below, 409, "LicensesInUse", target="totalLicenses", says=("1 licenses", "2 that users hold"))
    assert equal.status_code == 200
    assert equal.json()["availableLicenses"] == 0


def test_a_product_that_users_hold_is_not_deleted_though_no_policy_has_it(api: Api) -> None:
    policy = stock(api)
    claim(api, "ada")

    with_policy = _delete(api)
    assert api.call("DELETE", f"/policies/{policy['id']}", headers={"If-Match": "*"}).status_code == 204
    without = _delete(api)

    for response in (with_policy, without):
        check_error(response, 409, "LicensesInUse", says="1 licenses of Office 365 E1")


def test_a_policys_product_is_not_deleted(api: Api) -> None:
    policy = stock(api)

    used = _delete(api)
    api.call("DELETE", f"/policies/{policy['id']}", headers={"If-Match": "*"})

    check_error(used, 409, "ProductInUse", says=policy["name"])
    assert _delete(api).status_code == 204


def test_a_product_keeps_a_plan_of_its_policys_app(api: Api) -> None:
    policy = stock(api)

    lost = _replace(api, product_body(EXCHANGE, PAYROLL))
    kept = _replace(api, product_body(TEAMS_ESSENTIALS))

    check_error(
        lost, 409, "PolicyWouldLoseApp", target="servicePlans", says=(policy["name"], policy["id"], "Microsoft Teams")
    )
    assert kept.status_code == 200


def test_a_plan_that_is_off_in_the_policy_does_not_keep_its_app(api: Api) -> None:
    put(api, PATH, product_body(TEAMS1, TEAMS_ESSENTIALS))
    api.turn(on=True)
    chosen = [{"skuId": SKU, "disabledServicePlanIds": [TEAMS1]}]
    assert api.call("POST", "/policies", json=policy_body(products=chosen)).status_code == 201

    check_error(_replace(api, product_body(TEAMS1)), 409, "PolicyWouldLoseApp", target="servicePlans")


def test_too_small_a_total_comes_before_a_policy_that_would_lose_its_app(api: Api) -> None:
    stock(api)
    claim(api)

    response = _replace(api, product_body(EXCHANGE, totalLicenses=0))

    check_error(response, 409, "LicensesInUse", target="totalLicenses")


def _policy_without_exchange(api: Api) -> dict[str, Any]:
    put(api, PATH, product_body())
    api.turn(on=True)
    chosen = [{"skuId": SKU, "disabledServicePlanIds": [EXCHANGE]}]
    policy: dict[str, Any] = api.call("POST", "/policies", json=policy_body(products=chosen)).json()
    assert policy["products"][0]["disabledServicePlanIds"] == [EXCHANGE]
    return policy


def _disabled(api: Api, policy: dict[str, Any]) -> Any:
    return api.call("GET", f"/policies/{policy['id']}").json()["products"][0]["disabledServicePlanIds"]


def test_a_plan_that_goes_is_forgotten_in_policies_for_good(api: Api) -> None:
    policy = _policy_without_exchange(api)

    put(api, PATH, product_body(TEAMS1))
    without = _disabled(api, policy)
    put(api, PATH, product_body())
    back = _disabled(api, policy)

    assert (without, back) == ([], [])
    assert claim(api)["license"]["disabledServicePlanIds"] == []


def test_a_plan_that_stays_is_not_forgotten_when_its_product_changes(api: Api) -> None:
    policy = _policy_without_exchange(api)

    put(api, PATH, product_body(EXCHANGE, PAYROLL, TEAMS1, displayName="Renamed"))

    assert _disabled(api, policy) == [EXCHANGE]


def test_a_forgotten_plan_is_forgotten_too_where_the_policy_changes_meanwhile(api: Api) -> None:
    policy = _policy_without_exchange(api)
    put(api, PATH, product_body(TEAMS1))

    api.call("PATCH", f"/policies/{policy['id']}", json={"name": "Renamed"}, headers={"If-Match": "*"})
    put(api, PATH, product_body())

    assert _disabled(api, policy) == []


def test_a_forgotten_plan_can_be_chosen_again(api: Api) -> None:
    policy = _policy_without_exchange(api)
    put(api, PATH, product_body(TEAMS1))
    put(api, PATH, product_body())
    chosen = [{"skuId": SKU, "disabledServicePlanIds": [EXCHANGE]}]

    changed = api.call("PATCH", f"/policies/{policy['id']}", json={"products": chosen}, headers={"If-Match": "*"})

    assert changed.status_code == 200
    assert _disabled(api, policy) == [EXCHANGE]


def test_a_policy_whose_plan_is_forgotten_has_another_etag(api: Api) -> None:
    policy = _policy_without_exchange(api)

    put(api, PATH, product_body(TEAMS1))

    changed = api.call("GET", f"/policies/{policy['id']}").json()
    assert changed["products"][0]["disabledServicePlanIds"] == []
    assert changed["etag"] != policy["etag"]


def test_a_removed_plan_is_gone_from_licenses(api: Api) -> None:
    put(api, "/apps/exchange", app_body(servicePlanIds=[EXCHANGE]))
    put(api, f"/products/{OTHER_SKU}", product_body(EXCHANGE, displayName="Exchange Online"))
    stock(api)
    api.create_policy(OTHER_SKU, name="Exchange", app_id="exchange")
    claim(api, "ada")
    assert api.sign_in("ada", app_id="exchange").json()["license"]["skuId"] == SKU

    put(api, PATH, product_body(TEAMS1))

    assert claim(api, "ada", app_id="exchange")["license"]["skuId"] == OTHER_SKU


def test_an_added_plan_is_on_for_holders(api: Api) -> None:
    put(api, "/apps/payroll", app_body())
    put(api, f"/products/{OTHER_SKU}", product_body(PAYROLL))
    stock(api)
    api.create_policy(OTHER_SKU, name="Payroll", app_id="payroll")
    held = claim(api, "ada")["license"]

    put(api, PATH, product_body(TEAMS1, EXCHANGE, PAYROLL))

    answer = api.sign_in("ada", app_id="payroll").json()
    assert answer["outcome"] == "alreadyLicensed"
    assert answer["license"] == held


def test_a_plan_that_is_off_in_a_license_and_goes_is_no_more_told_as_off(api: Api) -> None:
    _policy_without_exchange(api)
    assert claim(api)["license"]["disabledServicePlanIds"] == [EXCHANGE]

    put(api, PATH, product_body(TEAMS1))

    assert api.sign_in("ada").json()["license"]["disabledServicePlanIds"] == []


def test_a_plan_that_is_added_again_is_on_for_all_holders(api: Api) -> None:
    _policy_without_exchange(api)
    claim(api)

    put(api, PATH, product_body(TEAMS1))
    put(api, PATH, product_body())

    assert api.sign_in("ada").json()["license"]["disabledServicePlanIds"] == []


def test_a_new_name_shows_in_policies_and_licenses(api: Api) -> None:
    policy = stock(api)
    claim(api)

    put(api, PATH, product_body(skuPartNumber="E3", displayName="Office 365 E3"))

    product = api.call("GET", f"/policies/{policy['id']}").json()["products"][0]
    assert (product["skuPartNumber"], product["displayName"]) == ("E3", "Office 365 E3")
    assert api.sign_in("ada").json()["license"]["productName"] == "Office 365 E3"


@pytest.mark.slow
def test_a_tenant_has_at_most_300_products(api: Api) -> None:
    for number in range(300):
        path = f"/products/00000000-0000-4000-8000-{number:012x}"
        assert api.call("PUT", path, json=product_body()).status_code == 201

    one_more = api.call("PUT", PATH, json=product_body())
    replaced = api.call("PUT", path, json=product_body(displayName="Renamed"), headers={"If-Match": "*"})

    check_error(one_more, 409, "LimitReached", says="300")
    assert replaced.status_code == 200
    assert api.call("DELETE", path, headers={"If-Match": "*"}).status_code == 204
    assert api.call("PUT", PATH, json=product_body()).status_code == 201
