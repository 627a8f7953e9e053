"""POST /sign-ins: the outcomes, in their order of precedence."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_headers
from tests.functions.valid import (
    EXCHANGE,
    OTHER_SKU,
    PAYROLL,
    SKU,
    TEAMS1,
    TEAMS_ESSENTIALS,
    app_body,
    claim,
    patched_policy,
    policy_body,
    product_body,
    put,
    stock,
)

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
WITH_POLICY = {"policyOff", "alreadyLicensed", "appTurnedOff", "noLicenses", "claimed"}
WITH_LICENSE = {"alreadyLicensed", "claimed"}


def _outcome(api: Api, user_id: str = "ada", **more: Any) -> str:
    """The outcome of a sign-in whose answer has the right shape."""
    response = api.sign_in(user_id, **more)
    assert response.status_code == 200, response.text
    check_headers(response)
    answer = response.json()
    outcome: str = answer["outcome"]
    assert ("policyId" in answer) is (outcome in WITH_POLICY)
    assert ("license" in answer) is (outcome in WITH_LICENSE)
    assert answer["reason"].endswith(".")
    assert answer.keys() <= {"outcome", "policyId", "license", "reason"}
    return outcome


def test_a_user_without_a_license_claims_one_and_keeps_it(api: Api) -> None:
    policy = stock(api, total=1)

    claimed = api.sign_in("ada").json()
    again = api.sign_in("ada").json()
    late = api.sign_in("bob").json()

    assert claimed["outcome"] == "claimed"
    assert claimed["policyId"] == policy["id"]
    assert claimed["license"]["skuId"] == SKU
    assert again["outcome"] == "alreadyLicensed"
    assert again["license"] == claimed["license"]
    assert late["outcome"] == "noLicenses"
    assert "license" not in late
    assert api.call("GET", f"/products/{SKU}").json()["availableLicenses"] == 0


def test_an_answer_tells_all_of_the_license(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    api.turn(on=True)
    chosen = [{"skuId": SKU, "disabledServicePlanIds": [EXCHANGE]}]
    policy = api.call("POST", "/policies", json=policy_body(products=chosen)).json()

    answer = api.sign_in("ada").json()

    assert TIME.fullmatch(answer["license"]["assignedAt"])
    assert answer == {
        "outcome": "claimed",
        "policyId": policy["id"],
        "license": {
            "skuId": SKU,
            "productName": "Office 365 E1",
            "disabledServicePlanIds": [EXCHANGE],
            "assignedAt": answer["license"]["assignedAt"],
            "assignedBy": {"kind": "policy", "policyId": policy["id"], "policyName": "Teams for all"},
        },
        "reason": answer["reason"],
    }
    assert "Teams for all" in answer["reason"]


def test_a_tenant_never_heard_of_has_the_feature_off(api: Api) -> None:
    assert _outcome(api) == "featureOff"


def _stocked(api: Api) -> dict[str, Any]:
    """A policy with a second product, whose plan for Exchange another app's policy gives, too."""
    put(api, "/apps/exchange", app_body(name="Exchange", clientAppIds=["exchange-web"], servicePlanIds=[EXCHANGE]))
    policy = stock(api, total=1)
    chosen = [{"skuId": SKU, "disabledServicePlanIds": [TEAMS1]}]
    body = policy_body(name="Exchange", appId="exchange", products=chosen)
    assert api.call("POST", "/policies", json=body).status_code == 201
    return policy


def _licensed(api: Api, _policy: dict[str, Any]) -> None:
    claim(api, "ada")


def _app_turned_off(api: Api, _policy: dict[str, Any]) -> None:
    claim(api, "ada", app_id="exchange")


def _no_licenses(api: Api, _policy: dict[str, Any]) -> None:
    claim(api, "bob")


def _policy_off(api: Api, policy: dict[str, Any]) -> None:
    patched_policy(api, policy, enabled=False)


def _no_policy(api: Api, policy: dict[str, Any]) -> None:
    assert api.call("DELETE", f"/policies/{policy['id']}", headers={"If-Match": "*"}).status_code == 204


def _feature_off(api: Api, _policy: dict[str, Any]) -> None:
    api.turn(on=False)


Condition = Callable[[Api, dict[str, Any]], None]
# In the order in which they can be brought about, which is the reverse of their precedence.
CONDITIONS: list[tuple[str, Condition]] = [
    ("noLicenses", _no_licenses),
    ("appTurnedOff", _app_turned_off),
    ("alreadyLicensed", _licensed),
    ("policyOff", _policy_off),
    ("noPolicy", _no_policy),
    ("featureOff", _feature_off),
]
# Ada's only seat is hers or Bob's, and hers has Teams on or off. Where it is hers, there is no license left either.
EXCLUSIVE = {("noLicenses", "appTurnedOff"), ("noLicenses", "alreadyLicensed"), ("appTurnedOff", "alreadyLicensed")}


@pytest.mark.parametrize(("expected", "condition"), CONDITIONS, ids=[name for name, _ in CONDITIONS])
def test_an_outcome_is_told_when_it_is_so(api: Api, expected: str, condition: Condition) -> None:
    policy = _stocked(api)

    condition(api, policy)

    assert _outcome(api) == expected


@pytest.mark.parametrize(
    ("later", "first"),
    [
        (CONDITIONS[later], CONDITIONS[first])
        for first in range(len(CONDITIONS))
        for later in range(first)
        if (CONDITIONS[later][0], CONDITIONS[first][0]) not in EXCLUSIVE and CONDITIONS[later][0] != "noPolicy"
    ]
    + [(CONDITIONS[4], CONDITIONS[5])],
    ids=lambda condition: condition[0],
)
def test_of_two_outcomes_the_first_in_the_written_order_is_told(
    api: Api, later: tuple[str, Condition], first: tuple[str, Condition]
) -> None:
    policy = _stocked(api)

    later[1](api, policy)
    first[1](api, policy)

    assert _outcome(api) == first[0]


def test_an_unknown_app_has_no_policy(api: Api) -> None:
    stock(api)

    assert _outcome(api, app_id="nothing") == "noPolicy"
    assert _outcome(api, app_id=str(uuid4())) == "noPolicy"


def test_an_app_without_a_policy_has_none_though_the_user_is_licensed_for_it(api: Api) -> None:
    stock(api)
    put(api, "/apps/exchange", app_body(name="Exchange", servicePlanIds=[EXCHANGE]))
    claim(api)

    answer = api.sign_in("ada", app_id="exchange").json()

    assert answer["outcome"] == "noPolicy"
    assert "Exchange" in answer["reason"]


def test_a_license_of_another_product_licenses_the_app_too(api: Api) -> None:
    put(api, "/apps/exchange", app_body(name="Exchange", servicePlanIds=[EXCHANGE]))
    put(api, f"/products/{OTHER_SKU}", product_body(EXCHANGE))
    stock(api)
    api.create_policy(OTHER_SKU, name="Exchange", app_id="exchange")
    held = claim(api)["license"]

    answer = api.sign_in("ada", app_id="exchange").json()

    assert answer["outcome"] == "alreadyLicensed"
    assert answer["license"] == held
    assert answer["policyId"] != held["assignedBy"]["policyId"]


def test_the_products_are_used_up_in_their_order(api: Api) -> None:
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS_ESSENTIALS, totalLicenses=1))
    policy = stock(api, total=1)
    patched_policy(api, policy, products=[{"skuId": OTHER_SKU}, {"skuId": SKU}])

    given = [claim(api, user)["license"]["skuId"] for user in ("ada", "bob")]

    assert given == [OTHER_SKU, SKU]
    assert _outcome(api, "eve") == "noLicenses"


def test_a_product_that_the_user_holds_is_passed_over(api: Api) -> None:
    policy = _stocked(api)
    claim(api, "ada", app_id="exchange")
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS1, totalLicenses=1))
    patched_policy(api, policy, products=[{"skuId": SKU}, {"skuId": OTHER_SKU}])

    assert claim(api, "ada")["license"]["skuId"] == OTHER_SKU


def test_a_product_held_with_the_app_off_and_another_used_up_are_no_licenses(api: Api) -> None:
    policy = _stocked(api)
    claim(api, "ada", app_id="exchange")
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS1, totalLicenses=0))
    patched_policy(api, policy, products=[{"skuId": SKU}, {"skuId": OTHER_SKU}])

    assert _outcome(api) == "noLicenses"


def test_a_claim_changes_no_license_that_the_user_has(api: Api) -> None:
    policy = _stocked(api)
    held = claim(api, "ada", app_id="exchange")["license"]
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS1))
    patched_policy(api, policy, products=[{"skuId": OTHER_SKU}])

    claim(api, "ada")

    assert api.sign_in("ada", app_id="exchange").json()["license"] == held


def test_more_licenses_bought_count_at_once(api: Api) -> None:
    stock(api, total=0)
    assert _outcome(api) == "noLicenses"

    put(api, f"/products/{SKU}", product_body(totalLicenses=1))

    assert _outcome(api) == "claimed"


def test_a_repeat_of_the_sign_in_that_claimed_is_answered_claimed_again(api: Api) -> None:
    stock(api)

    first = claim(api, "ada", signInId="one")
    repeat = api.sign_in("ada", signInId="one").json()

    assert repeat == first
    assert api.call("GET", f"/products/{SKU}").json()["assignedLicenses"] == 1


@pytest.mark.parametrize("more", [{}, {"signInId": None}, {"signInId": "two"}, {"signInId": "ONE"}], ids=repr)
def test_another_sign_in_of_the_same_user_is_not_that_repeat(api: Api, more: dict[str, Any]) -> None:
    stock(api)
    claim(api, "ada", signInId="one")

    assert _outcome(api, **more) == "alreadyLicensed"


def test_sign_ins_without_an_id_are_no_repeats_of_each_other(api: Api) -> None:
    stock(api)
    claim(api)

    assert _outcome(api) == "alreadyLicensed"


def test_the_same_sign_in_id_of_another_user_claims_for_that_user(api: Api) -> None:
    stock(api)
    claim(api, "ada", signInId="one")

    claim(api, "bob", signInId="one")

    assert api.call("GET", f"/products/{SKU}").json()["assignedLicenses"] == 2


def test_the_same_sign_in_id_for_another_app_is_no_repeat(api: Api) -> None:
    put(api, "/apps/exchange", app_body(name="Exchange", servicePlanIds=[EXCHANGE]))
    put(api, f"/products/{OTHER_SKU}", product_body(EXCHANGE))
    stock(api)
    api.create_policy(OTHER_SKU, name="Exchange", app_id="exchange")
    claim(api, "ada", signInId="one")

    assert _outcome(api, app_id="exchange", signInId="one") == "alreadyLicensed"


def test_a_repeat_is_told_that_the_policy_is_off_by_now(api: Api) -> None:
    policy = stock(api)
    claim(api, "ada", signInId="one")

    patched_policy(api, policy, enabled=False)

    assert _outcome(api, signInId="one") == "policyOff"


def test_a_client_app_id_names_its_app(api: Api) -> None:
    stock(api)

    assert _outcome(api, "ada", app_id="1fec8e78-bce4-4aaf-ab1b-5451cc387264") == "claimed"
    assert _outcome(api, "bob", app_id="5E3CE6C0-2B1F-4285-8D4B-75EE78787346") == "claimed"


def test_an_app_id_wins_over_a_client_app_id(api: Api) -> None:
    policy = stock(api)
    put(api, "/apps/payroll", app_body(clientAppIds=["microsoft-teams"]))
    put(api, f"/products/{OTHER_SKU}", product_body(PAYROLL))
    other = api.create_policy(OTHER_SKU, name="Payroll", app_id="payroll")

    assert claim(api, app_id="microsoft-teams")["policyId"] == policy["id"]
    assert claim(api, app_id="payroll")["policyId"] == other["id"]
