"""Why a policy is refused, new or changed: every reason, and of two the first in the written order."""

import itertools
from collections.abc import Callable, Collection, Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.functions.conftest import Api, Served
from tests.functions.faults import check_error
from tests.functions.valid import (
    EXCHANGE,
    OTHER_SKU,
    PAYROLL,
    SKU,
    TEAMS1,
    TEAMS_ESSENTIALS,
    UNKNOWN,
    app_body,
    choices,
    patch_policy,
    patched_policy,
    policy_body,
    product_body,
    put,
    stock,
)

LACKING_SKU = "c42b9cae-ea4f-4ab7-9717-81576235ccac"
NEVER_MADE = [f"00000000-0000-4000-8000-{number:012x}" for number in range(5)]

Body = dict[str, Any]


def _prepare(api: Api) -> Body:
    """The feature on; a product with Teams and one without; a second app, whose policy is named "Taken"."""
    put(api, f"/products/{SKU}", product_body())
    put(api, f"/products/{LACKING_SKU}", product_body(EXCHANGE, displayName="Exchange Online"))
    put(api, f"/products/{OTHER_SKU}", product_body(PAYROLL))
    put(api, "/apps/payroll", app_body())
    api.turn(on=True)
    return api.create_policy(OTHER_SKU, name="Taken", app_id="payroll")


@pytest.fixture
def tenant(api: Api) -> Body:
    """A tenant of this test alone: the policy named "Taken"."""
    return _prepare(api)


@pytest.fixture(scope="module")
def tenants(served: Served) -> Iterator[Callable[[Collection[str]], Api]]:
    """Gives a tenant with these of STANDING_FAULTS. Tests that are refused change nothing, so they share them."""
    made: dict[frozenset[str], Api] = {}

    def tenant_with(faults: Collection[str]) -> Api:
        key = frozenset(faults) & STANDING_FAULTS
        if key not in made:
            made[key] = Api(served, str(uuid4()))
            _prepare(made[key])
            if "an app with a policy" in key:
                made[key].create_policy(SKU, name="The app's own")
            if "the feature off" in key:
                made[key].turn(on=False)
        return made[key]

    yield tenant_with
    for api in made.values():
        api.close()


STANDING_FAULTS = frozenset({"the feature off", "an app with a policy"})
"""Faults that are the tenant's; the others are the body's."""

Spoil = Callable[[Body], None]
Tenants = Callable[[Collection[str]], Api]


def _long_list(body: Body) -> None:
    body["products"] += choices(*NEVER_MADE)


def _product_twice(body: Body) -> None:
    body["products"].append({**body["products"][0], "skuId": body["products"][0]["skuId"].upper()})


def _unknown_app(body: Body) -> None:
    body["appId"] = "nothing"


def _unknown_product(body: Body) -> None:
    body["products"].append({"skuId": UNKNOWN})


def _unknown_plan(body: Body) -> None:
    body["products"][0]["disabledServicePlanIds"] = [EXCHANGE, UNKNOWN]


def _lacking_product(body: Body) -> None:
    body["products"].append({"skuId": LACKING_SKU})


def _as_it_is(_body: Body) -> None:
    """Nothing is wrong with the body."""


def _taken_name(body: Body) -> None:
    body["name"] = "TAKEN"


REFUSALS: dict[str, tuple[Spoil, int, str, str | None, tuple[str, ...]]] = {
    "a long list": (_long_list, 400, "InvalidProductList", "products", ("1 to 5",)),
    "a product twice": (_product_twice, 400, "InvalidProductList", "products[-1].skuId", (SKU, "twice")),
    "an unknown app": (_unknown_app, 400, "UnknownApp", "appId", ("'nothing'", "GET /apps")),
    "an unknown product": (_unknown_product, 400, "UnknownProduct", "products[-1].skuId", (UNKNOWN, "GET /products")),
    "an unknown plan": (
        *(_unknown_plan, 400, "UnknownServicePlan"),
        *("products[0].disabledServicePlanIds[1]", (UNKNOWN, "only plans that it has")),
    ),
    "a product without the app": (
        *(_lacking_product, 400, "ProductLacksApp", "products[-1]"),
        ("Microsoft Teams", "Exchange Online", TEAMS1),
    ),
    "the feature off": (_as_it_is, 409, "FeatureOff", None, ("PATCH /settings",)),
    "an app with a policy": (_as_it_is, 409, "AppHasPolicy", "appId", ("'microsoft-teams'", "The app's own")),
    "a taken name": (_taken_name, 409, "PolicyNameTaken", "name", ("Taken",)),
}


def _spoiled(*names: str) -> Body:
    """A body with these faults."""
    body = policy_body()
    for name in names:
        REFUSALS[name][0](body)
    return body


def _place(target: str | None, body: Body, spoiled: str) -> str | None:
    """`[-1]` in a target is the place of what that fault put into the list."""
    wanted = {"a product twice": SKU.upper(), "an unknown product": UNKNOWN, "a product without the app": LACKING_SKU}
    ids = [product["skuId"] for product in body["products"]]
    return target and target.replace("[-1]", f"[{ids.index(wanted[spoiled])}]") if "[-1]" in (target or "") else target


@pytest.mark.parametrize("name", REFUSALS)
def test_a_policy_is_refused_and_told_why(tenants: Tenants, name: str) -> None:
    _, status, code, target, says = REFUSALS[name]
    api, body = tenants([name]), _spoiled(name)
    before = api.call("GET", "/policies").json()

    response = api.call("POST", "/policies", json=body)

    check_error(response, status, code, target=_place(target, body, name), says=says)
    assert api.call("GET", "/policies").json() == before


PAIRS = [pair for pair in itertools.combinations(REFUSALS, 2) if pair != ("a long list", "a product twice")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_refusals_the_first_in_the_written_order_is_given(tenants: Tenants, first: str, second: str) -> None:
    _, status, code, target, _ = REFUSALS[first]
    body = _spoiled(first, second)

    response = tenants([first, second]).call("POST", "/policies", json=body)

    check_error(response, status, code, target=_place(target, body, first))


def test_a_policy_has_1_to_5_products_each_once(api: Api) -> None:
    skus = NEVER_MADE
    for sku in skus:
        put(api, f"/products/{sku}", product_body())
    api.turn(on=True)

    none = api.call("POST", "/policies", json=policy_body(products=[]))
    twice = api.call("POST", "/policies", json=policy_body(skus[0], skus[1], skus[0].upper()))
    five = api.call("POST", "/policies", json=policy_body(*skus))

    check_error(none, 400, "InvalidProductList", target="products", says=("0 products", "1 to 5"))
    check_error(twice, 400, "InvalidProductList", target="products[2].skuId", says=(skus[0], "twice"))
    assert [product["skuId"] for product in five.json()["products"]] == skus


def test_a_product_with_the_apps_last_plan_off_lacks_the_app(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body(TEAMS1, TEAMS_ESSENTIALS))
    api.turn(on=True)

    both_off = api.call("POST", "/policies", json=policy_body(products=choices((SKU, [TEAMS_ESSENTIALS, TEAMS1]))))
    one_off = api.call("POST", "/policies", json=policy_body(products=choices((SKU, [TEAMS1]))))

    check_error(both_off, 400, "ProductLacksApp", target="products[0]", says="Office 365 E1")
    assert one_off.status_code == 201


@pytest.mark.usefixtures("tenant")
@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("taken", "Taken"),
        ("  TAKEN ", "Taken"),
        ("STRASSE", "stra\N{LATIN SMALL LETTER SHARP S}e"),
        ("Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "CAFE\N{COMBINING ACUTE ACCENT}"),
    ],
)
def test_names_of_policies_differ_in_more_than_case(api: Api, name: str, other: str) -> None:
    taken = api.call("GET", "/policies").json()["value"][0]
    patched_policy(api, taken, name=other)

    response = api.call("POST", "/policies", json=policy_body(name=name))

    check_error(response, 409, "PolicyNameTaken", target="name", says=(taken["id"], "differs in more than case"))


def test_a_name_that_is_given_up_is_free(api: Api, tenant: Body) -> None:
    patched_policy(api, tenant, name="Given up")
    teams = api.create_policy(SKU, name="Taken")
    api.call("DELETE", f"/policies/{tenant['id']}", headers={"If-Match": "*"})

    assert patched_policy(api, teams, name="GIVEN UP")["name"] == "GIVEN UP"


def test_an_app_with_a_policy_that_is_off_has_a_policy(api: Api, tenant: Body) -> None:
    patched_policy(api, tenant, enabled=False)

    response = api.call("POST", "/policies", json=policy_body(OTHER_SKU, name="Payroll 2", appId="payroll"))

    check_error(response, 409, "AppHasPolicy", target="appId", says=tenant["id"])


def test_an_app_id_of_a_policy_is_no_client_app_id(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    api.turn(on=True)

    response = api.call("POST", "/policies", json=policy_body(appId="1fec8e78-bce4-4aaf-ab1b-5451cc387264"))

    check_error(response, 400, "UnknownApp", target="appId")


CHANGE_REFUSALS = [
    *("a long list", "a product twice", "an unknown product", "an unknown plan"),
    *("a product without the app", "a taken name"),
]


@pytest.fixture
def changeable(tenants: Tenants) -> tuple[Api, Body]:
    """A policy beside the one named "Taken", in a tenant where the feature is off."""
    api = tenants(STANDING_FAULTS)
    policies = {policy["name"]: policy for policy in api.call("GET", "/policies").json()["value"]}
    return api, policies["The app's own"]


@pytest.mark.parametrize("name", CHANGE_REFUSALS)
def test_a_change_has_the_same_rules_as_a_new_policy(changeable: tuple[Api, Body], name: str) -> None:
    _, status, code, target, says = REFUSALS[name]
    api, policy = changeable
    body = _spoiled(name)

    response = patch_policy(api, policy, name=body["name"], products=body["products"])

    check_error(response, status, code, target=_place(target, body, name), says=says)
    assert api.call("GET", f"/policies/{policy['id']}").json() == policy


@pytest.mark.parametrize(("first", "second"), [pair for pair in PAIRS if set(pair) <= set(CHANGE_REFUSALS)])
def test_a_changes_refusals_have_the_same_order(changeable: tuple[Api, Body], first: str, second: str) -> None:
    _, status, code, target, _ = REFUSALS[first]
    api, policy = changeable
    body = _spoiled(first, second)

    response = patch_policy(api, policy, name=body["name"], products=body["products"])

    check_error(response, status, code, target=_place(target, body, first))


def test_a_policy_cannot_be_left_without_products(api: Api) -> None:
    policy = stock(api)

    check_error(patch_policy(api, policy, products=[]), 400, "InvalidProductList", target="products", says="1 to 5")
