"""Who claimed under a policy: newest first, as it was at the claim, in pages that stay while claims arrive."""

import re
from typing import Any

import pytest

from domain import history
from tests.functions.conftest import Api
from tests.functions.faults import check_error, check_invalid
from tests.functions.lists import at_once, follow, items, pages
from tests.functions.valid import OTHER_SKU, SKU, UNKNOWN, claim, product_body, put, stock

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ADA = {"id": "ada", "userPrincipalName": "ada@contoso.example", "displayName": "Ada Lovelace"}


def _path(policy: dict[str, Any]) -> str:
    return f"/policies/{policy['id']}/claims"


def _change(api: Api, policy: dict[str, Any], **change: Any) -> None:
    response = api.call("PATCH", f"/policies/{policy['id']}", json=change, headers={"If-Match": "*"})
    assert response.status_code == 200, response.text


def _with_backup(api: Api) -> dict[str, Any]:
    """A policy with one license of its primary product, and more of a backup product."""
    put(api, f"/products/{OTHER_SKU}", product_body(displayName="The backup"))
    policy = stock(api, total=1)
    _change(api, policy, products=[{"skuId": SKU}, {"skuId": OTHER_SKU}])
    return policy


def test_a_policy_without_claims_has_an_empty_list(api: Api) -> None:
    assert api.call("GET", _path(stock(api))).json() == {"value": []}


def test_claims_come_newest_first_with_the_place_that_the_product_had(api: Api) -> None:
    policy = _with_backup(api)
    claimed = [claim(api, user=ADA)["license"], claim(api, "bob")["license"]]

    claims = items(api, _path(policy))

    assert [each["claimedAt"] for each in claims] == [held["assignedAt"] for held in reversed(claimed)]
    assert all(TIME.fullmatch(each["claimedAt"]) for each in claims)
    assert claims == [
        {
            "userId": "bob",
            "skuId": OTHER_SKU,
            "productName": "The backup",
            "assigningOrder": 2,
            "claimedAt": claims[0]["claimedAt"],
            "held": True,
        },
        {
            "userId": "ada",
            "userPrincipalName": "ada@contoso.example",
            "displayName": "Ada Lovelace",
            "skuId": SKU,
            "productName": "Office 365 E1",
            "assigningOrder": 1,
            "claimedAt": claims[1]["claimedAt"],
            "held": True,
        },
    ]


def test_what_happened_later_does_not_change_a_claim(api: Api) -> None:
    policy = _with_backup(api)
    claim(api, user=ADA)
    before = items(api, _path(policy))

    put(api, f"/products/{SKU}", product_body(displayName="Another name"))
    _change(api, policy, name="Another name", products=[{"skuId": OTHER_SKU}], enabled=False)
    api.turn(on=False)

    assert items(api, _path(policy)) == before


def test_a_claim_is_no_longer_held_once_its_license_is_taken_back(api: Api) -> None:
    policy = stock(api)
    path = f"/users/ada/licenses/{SKU}"

    claim(api)
    assert api.call("DELETE", path).status_code == 204
    assert [each["held"] for each in items(api, _path(policy))] == [False]
    assert api.call("PUT", path, json={}).status_code == 201
    assert [each["held"] for each in items(api, _path(policy))] == [False]
    assert api.call("DELETE", path).status_code == 204
    claim(api)
    assert [each["held"] for each in items(api, _path(policy))] == [True, False]


def test_a_claim_whose_plans_an_administrator_changed_is_still_held(api: Api) -> None:
    policy = stock(api)
    claim(api)

    assert api.call("PUT", f"/users/ada/licenses/{SKU}", json={"disabledServicePlanIds": []}).status_code == 200

    assert [each["held"] for each in items(api, _path(policy))] == [True]


def test_claims_of_other_policies_and_assignments_by_hand_are_not_in_it(api: Api) -> None:
    put(api, "/apps/another", {"name": "A", "clientAppIds": ["a"], "servicePlanIds": [UNKNOWN]})
    put(api, f"/products/{OTHER_SKU}", product_body(UNKNOWN))
    policy = stock(api)
    other = api.create_policy(OTHER_SKU, name="Another", app_id="another")
    claim(api, "ada")
    claim(api, "ada", app_id="another")
    assert api.call("PUT", f"/users/bob/licenses/{SKU}", json={}).status_code == 201

    assert [(each["userId"], each["skuId"]) for each in items(api, _path(policy))] == [("ada", SKU)]
    assert [(each["userId"], each["skuId"]) for each in items(api, _path(other))] == [("ada", OTHER_SKU)]


@pytest.mark.parametrize("top", [1, 2, 7])
def test_pages_give_every_claim_once_though_new_ones_arrive(api: Api, top: int) -> None:
    policy = stock(api, total=100)
    # At once, so that one commit has several.
    at_once(*(lambda number=number: claim(api, f"early-{number}") for number in range(6)))
    expected = [each["userId"] for each in items(api, _path(policy))]
    late = iter(range(100))

    found = pages(api, f"{_path(policy)}?top={top}", lambda: claim(api, f"late-{next(late)}"))

    assert len(set(expected)) == 6
    assert [each["userId"] for page in found for each in page] == expected
    assert all(len(page) <= top for page in found)


def test_a_scan_is_bounded_and_goes_on_also_from_empty_pages(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "COMMITS_PER_PAGE", 2)
    monkeypatch.setattr(history, "COMMITS_PER_STEP", 2)
    policy = stock(api)
    claim(api, "ada")
    for _ in range(4):
        api.turn(on=False)
        api.turn(on=True)
    claim(api, "bob")

    found = pages(api, _path(policy))

    assert [each["userId"] for page in found for each in page] == ["bob", "ada"]
    assert [] in found


def test_a_link_holds_for_its_policy_only(api: Api) -> None:
    policy = stock(api)
    claim(api, "ada")
    claim(api, "bob")
    put(api, "/apps/another", {"name": "A", "clientAppIds": ["a"], "servicePlanIds": [UNKNOWN]})
    put(api, f"/products/{OTHER_SKU}", product_body(UNKNOWN))
    other = api.create_policy(OTHER_SKU, name="Another", app_id="another")
    link = api.call("GET", f"{_path(policy)}?top=1").json()["nextLink"]

    elsewhere = follow(api, link.replace(policy["id"], other["id"]))

    assert follow(api, link).status_code == 200
    check_error(elsewhere, 400, "InvalidContinuation", target="continuation")


def test_an_unknown_policy_has_no_claims(api: Api) -> None:
    policy = stock(api)
    assert api.call("DELETE", f"/policies/{policy['id']}", headers={"If-Match": "*"}).status_code == 204

    for policy_id in (UNKNOWN, policy["id"]):
        response = api.call("GET", f"/policies/{policy_id}/claims?top=0")
        check_error(response, 404, "PolicyNotFound", target="policyId", says=policy_id)


def test_top_is_a_whole_number_from_1_to_1000(api: Api) -> None:
    policy = stock(api)

    for top in ("0", "1001", "x"):
        check_invalid(api.call("GET", f"{_path(policy)}?top={top}"), "top", says="1 to 1000")
