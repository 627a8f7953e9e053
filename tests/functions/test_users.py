"""Who has what: users found by their names, licenses of one user, holders of one product."""

from typing import Any
from uuid import uuid4

import pytest

from storage.reports import records as storage_records
from tests.functions.conftest import Api
from tests.functions.faults import check_error, check_invalid
from tests.functions.lists import follow, items, pages
from tests.functions.valid import EXCHANGE, OTHER_SKU, SKU, TEAMS1, UNKNOWN, claim, product_body, put, stock

ADA = {"id": "ada", "userPrincipalName": "Countess@contoso.example", "displayName": "Ástríður Lovelace"}


def _assign(api: Api, user_id: str, sku_id: str = SKU, **body: Any) -> Any:
    response = api.call("PUT", f"/users/{user_id}/licenses/{sku_id}", json=body)
    assert response.status_code in {200, 201}, response.text
    return response.json()


def _licenses(api: Api, user_id: str) -> Any:
    return api.call("GET", f"/users/{user_id}/licenses").json()


def _found(api: Api, start: str) -> list[str]:
    response = api.call("GET", "/users", params={"startsWith": start})
    assert response.status_code == 200, response.text
    return [user["userId"] for user in response.json()["value"]]


@pytest.fixture
def administrator(api: Api) -> dict[str, str]:
    """The manager, as the one who assigned something."""
    me = api.call("GET", "/me").json()
    return {"kind": "administrator", "id": me["id"], "name": me["name"]}


@pytest.mark.whole_pages
def test_users_are_found_by_the_beginning_of_an_id_or_a_name_in_any_case(api: Api) -> None:
    stock(api)
    claim(api, user=ADA)
    claim(api, "bob")

    for start in ("a", "ADA", "ada", "count", "COUNTESS@CONTOSO.EXAMPLE", "á", "ástríður l", "Ástri\u0301ður"):
        assert _found(api, start) == ["ada"], start
    assert _found(api, "b") == ["bob"]
    for start in ("da", "lovelace", "contoso", "x", "ada ", "%", "'", "ada' or 'a' eq 'a"):
        assert _found(api, start) == []


@pytest.mark.whole_pages
def test_a_user_is_told_with_names_and_the_number_of_licenses(api: Api) -> None:
    put(api, f"/products/{OTHER_SKU}", product_body())
    stock(api)
    claim(api, user=ADA)
    _assign(api, "ada", OTHER_SKU)
    _assign(api, "bob", OTHER_SKU)

    users = (
        api.call("GET", "/users?startsWith=a").json()["value"] + api.call("GET", "/users?startsWith=b").json()["value"]
    )

    names = {"userPrincipalName": ADA["userPrincipalName"], "displayName": ADA["displayName"]}
    assert users == [{"userId": "ada", **names, "licenses": 2}, {"userId": "bob", "licenses": 1}]


def test_users_come_in_pages_each_once(api: Api) -> None:
    stock(api)
    user_ids = [f"user-{number}" for number in range(5)]
    for user_id in (*user_ids, "other"):
        claim(api, user_id)

    found = pages(api, "/users?startsWith=user&top=2")

    assert [user["userId"] for page in found for user in page] == user_ids
    assert all(len(page) <= 2 for page in found)


@pytest.mark.parametrize("query", ["", "?startsWith=", "?top=5"])
def test_the_beginning_has_at_least_one_character(api: Api, query: str) -> None:
    check_invalid(api.call("GET", f"/users{query}"), "startsWith", says="startsWith")


def test_all_query_parameters_at_fault_are_told_together(api: Api) -> None:
    check_invalid(api.call("GET", "/users?top=0"), "startsWith", "top")


def test_a_link_holds_for_its_beginning_only(api: Api) -> None:
    stock(api)
    for user_id in ("a1", "a2", "b1", "b2"):
        claim(api, user_id)
    link = api.call("GET", "/users?startsWith=a&top=1").json()["nextLink"]

    assert [user["userId"] for user in follow(api, link).json()["value"]] == ["a2"]
    changed = follow(api, link.replace("startsWith=a", "startsWith=b"))
    check_error(changed, 400, "InvalidContinuation", target="continuation")


@pytest.mark.parametrize("top", [1, 100])
def test_a_scan_is_bounded_and_goes_on_also_from_empty_pages(
    api: Api, monkeypatch: pytest.MonkeyPatch, top: int
) -> None:
    put(api, f"/products/{OTHER_SKU}", product_body())
    stock(api)
    for user_id in ("a1", "b1", "b2", "b3", "c1", "z1"):
        claim(api, user_id)
    for user_id in ("a1", "z1"):
        _assign(api, user_id, OTHER_SKU)
    monkeypatch.setattr(storage_records, "PAGE_ROWS", 2)

    for path in ("/users?startsWith=z&", f"/products/{OTHER_SKU}/licenses?"):
        found = pages(api, f"{path}top={top}")
        expected = ["z1"] if "users?" in path else ["a1", "z1"]
        assert [each["userId"] for page in found for each in page] == expected
        assert [] in found


def test_a_user_never_seen_has_no_licenses(api: Api) -> None:
    assert _licenses(api, "nobody") == {"userId": "nobody", "licenses": []}


@pytest.mark.parametrize("user_id", ["a@b.example", "a|b", "a:b", "a+b", "a=b", "~a-b_c.d", "A", "x" * 128])
def test_every_form_of_user_id_has_a_path(api: Api, user_id: str) -> None:
    put(api, f"/products/{SKU}", product_body())

    _assign(api, user_id)

    assert _licenses(api, user_id)["userId"] == user_id
    assert _found(api, user_id) == [user_id]
    assert [holder["userId"] for holder in items(api, f"/products/{SKU}/licenses")] == [user_id]


@pytest.mark.parametrize("user_id", ["x" * 129, "a%20b", "a%23b", "%C3%A4", "a%27b"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_user_id_of_another_form_is_invalid(api: Api, method: str, user_id: str) -> None:
    check_error(api.call(method, f"/users/{user_id}/licenses"), 400, "InvalidId", target="userId")


def test_all_licenses_of_a_user_say_where_they_came_from(api: Api, administrator: dict[str, str]) -> None:
    put(api, f"/products/{OTHER_SKU}", product_body(displayName="By hand"))
    policy = stock(api)
    claimed = claim(api, user=ADA)["license"]
    _assign(api, "ada", OTHER_SKU, disabledServicePlanIds=[EXCHANGE])

    user = _licenses(api, "ada")

    assert user.keys() == {"userId", "userPrincipalName", "displayName", "licenses"}
    by_sku = {held["skuId"]: held for held in user["licenses"]}
    assert by_sku[SKU] == claimed
    assert claimed["assignedBy"] == {"kind": "policy", "policyId": policy["id"], "policyName": "Teams for all"}
    assert by_sku[OTHER_SKU] == {
        "skuId": OTHER_SKU,
        "productName": "By hand",
        "disabledServicePlanIds": [EXCHANGE],
        "assignedAt": by_sku[OTHER_SKU]["assignedAt"],
        "assignedBy": administrator,
    }


def test_assigning_is_201_and_takes_a_seat(api: Api, administrator: dict[str, str]) -> None:
    put(api, f"/products/{SKU}", product_body(totalLicenses=1))

    response = api.call("PUT", f"/users/ada/licenses/{SKU}", json={"disabledServicePlanIds": [EXCHANGE.upper()]})

    assert response.status_code == 201
    assert response.json()["assignedBy"] == administrator
    assert response.json()["disabledServicePlanIds"] == [EXCHANGE]
    assert _licenses(api, "ada")["licenses"] == [response.json()]
    product = api.call("GET", f"/products/{SKU}").json()
    assert (product["assignedLicenses"], product["availableLicenses"]) == (1, 0)


def test_a_license_held_changes_its_plans_and_keeps_where_it_came_from(api: Api) -> None:
    stock(api, total=1)
    claimed = claim(api)["license"]

    response = api.call("PUT", f"/users/ada/licenses/{SKU}", json={"disabledServicePlanIds": [EXCHANGE]})

    assert response.status_code == 200
    assert response.json() == {**claimed, "disabledServicePlanIds": [EXCHANGE]}
    assert _assign(api, "ada") == claimed
    assert api.call("GET", f"/products/{SKU}").json()["assignedLicenses"] == 1


def test_a_change_that_changes_nothing_leaves_no_trace(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    assigned = _assign(api, "ada")
    before = items(api, "/audit-log")

    assert _assign(api, "ada") == assigned
    assert api.call("DELETE", "/users/bob/licenses").status_code == 204

    assert items(api, "/audit-log") == before


def test_no_version_is_asked_of_a_license(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())

    response = api.call("PUT", f"/users/ada/licenses/{SKU}", json={})

    assert "ETag" not in response.headers
    assert "etag" not in response.json()


def test_a_product_that_is_not_there_is_404_before_its_body_is_looked_at(api: Api) -> None:
    for content in (b"", b"nonsense", b'{"x": 1}', b"{}"):
        response = api.call(
            "PUT", f"/users/ada/licenses/{UNKNOWN}", content=content, headers={"Content-Type": "application/json"}
        )
        check_error(response, 404, "ProductNotFound", target="skuId", says=UNKNOWN)


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"disabledServicePlanIds": [TEAMS1, TEAMS1.upper()]}, "disabledServicePlanIds"),
        ({"disabledServicePlanIds": ["x"]}, "disabledServicePlanIds[0]"),
        ({"disabledServicePlanIds": None}, "disabledServicePlanIds"),
        ({"skuId": SKU}, "skuId"),
        ({"assignedBy": {}}, "assignedBy"),
    ],
    ids=repr,
)
def test_a_body_of_another_form_is_refused(api: Api, body: dict[str, Any], target: str) -> None:
    put(api, f"/products/{SKU}", product_body())

    check_invalid(api.call("PUT", f"/users/ada/licenses/{SKU}", json=body), target)


def test_a_plan_that_the_product_does_not_have_cannot_be_off(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body(TEAMS1, totalLicenses=0))

    response = api.call("PUT", f"/users/ada/licenses/{SKU}", json={"disabledServicePlanIds": [TEAMS1, EXCHANGE]})

    error = check_error(response, 400, "UnknownServicePlan", target="disabledServicePlanIds[1]")
    assert EXCHANGE in error["message"]


def test_without_a_free_seat_nothing_is_assigned(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body(totalLicenses=1))
    _assign(api, "ada")

    check_error(api.call("PUT", f"/users/bob/licenses/{SKU}", json={}), 409, "NoLicensesAvailable")

    assert _licenses(api, "bob")["licenses"] == []


def test_a_license_taken_back_frees_its_seat_at_once_and_can_be_claimed_again(api: Api) -> None:
    stock(api, total=1)
    first = claim(api, "ada", signInId="1")["license"]
    assert api.sign_in("bob").json()["outcome"] == "noLicenses"

    assert api.call("DELETE", f"/users/ada/licenses/{SKU}").status_code == 204

    assert claim(api, "bob")["outcome"] == "claimed"
    assert api.call("DELETE", f"/users/bob/licenses/{SKU}").status_code == 204
    again = claim(api, "ada", signInId="1")["license"]
    assert again["assignedAt"] > first["assignedAt"]


def test_taking_back_what_is_not_held_is_204(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    _assign(api, "ada")

    for path in (f"/users/bob/licenses/{SKU}", f"/users/ada/licenses/{UNKNOWN}", "/users/bob/licenses"):
        response = api.call("DELETE", path)
        assert (response.status_code, response.content) == (204, b"")

    assert len(_licenses(api, "ada")["licenses"]) == 1


def test_all_licenses_of_a_user_are_taken_back_together(api: Api) -> None:
    put(api, f"/products/{OTHER_SKU}", product_body())
    stock(api)
    claim(api)
    _assign(api, "ada", OTHER_SKU)
    _assign(api, "bob", OTHER_SKU)

    assert api.call("DELETE", "/users/ada/licenses").status_code == 204

    assert _licenses(api, "ada")["licenses"] == []
    assigned = [api.call("GET", f"/products/{sku_id}").json()["assignedLicenses"] for sku_id in (SKU, OTHER_SKU)]
    assert assigned == [0, 1]


def test_a_license_assigned_by_hand_licenses_the_user_for_the_app(api: Api) -> None:
    stock(api)
    held = _assign(api, "ada")

    answer = api.sign_in("ada").json()

    assert (answer["outcome"], answer["license"]) == ("alreadyLicensed", held)


def test_a_license_with_the_app_turned_off_by_hand_stays_so(api: Api) -> None:
    stock(api)
    held = _assign(api, "ada", disabledServicePlanIds=[TEAMS1])

    assert api.sign_in("ada").json()["outcome"] == "appTurnedOff"
    assert _licenses(api, "ada")["licenses"] == [held]


def test_a_plan_that_the_product_lost_is_not_told_of_licenses(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body(TEAMS1, EXCHANGE))
    _assign(api, "ada", disabledServicePlanIds=[EXCHANGE])

    put(api, f"/products/{SKU}", product_body(TEAMS1))

    assert _licenses(api, "ada")["licenses"][0]["disabledServicePlanIds"] == []


def test_what_holders_are_told_with_has_the_names_of_today(api: Api) -> None:
    policy = stock(api)
    claim(api, user=ADA)
    put(api, f"/products/{SKU}", product_body(displayName="Another name"))
    change = api.call("PATCH", f"/policies/{policy['id']}", json={"name": "Renamed"}, headers={"If-Match": "*"})
    assert change.status_code == 200

    (holder,) = items(api, f"/products/{SKU}/licenses")

    (held,) = _licenses(api, "ada")["licenses"]
    names = {"userPrincipalName": ADA["userPrincipalName"], "displayName": ADA["displayName"]}
    assert holder == {"userId": "ada", **names, **held}
    assert holder["productName"] == "Another name"
    assert holder["assignedBy"]["policyName"] == "Renamed"


def test_a_policys_last_name_stays_with_its_licenses_when_it_is_deleted(api: Api) -> None:
    policy = stock(api)
    claim(api)
    path = f"/policies/{policy['id']}"
    assert api.call("PATCH", path, json={"name": "Its last name"}, headers={"If-Match": "*"}).status_code == 200
    assert api.call("DELETE", path, headers={"If-Match": "*"}).status_code == 204

    (held,) = _licenses(api, "ada")["licenses"]

    origin = held["assignedBy"]
    assert (origin["kind"], origin["policyId"]) == ("policy", policy["id"])


def test_holders_come_in_pages_each_once(api: Api) -> None:
    put(api, f"/products/{OTHER_SKU}", product_body())
    put(api, f"/products/{SKU}", product_body())
    user_ids = [f"user-{number}" for number in range(5)]
    for user_id in user_ids:
        _assign(api, user_id)
    _assign(api, "other", OTHER_SKU)

    found = pages(api, f"/products/{SKU}/licenses?top=2")

    assert [holder["userId"] for page in found for holder in page] == user_ids
    assert all(len(page) <= 2 for page in found)


def test_holders_of_an_unknown_product_are_404(api: Api) -> None:
    unknown = str(uuid4())

    check_error(
        api.call("GET", f"/products/{unknown}/licenses?top=0"), 404, "ProductNotFound", target="skuId", says=unknown
    )


def test_a_sign_in_that_claims_nothing_changes_no_names(api: Api) -> None:
    stock(api)
    claim(api, user=ADA)

    assert api.sign_in("ada", user={"id": "ada", "displayName": "Another"}).json()["outcome"] == "alreadyLicensed"

    assert _licenses(api, "ada")["displayName"] == ADA["displayName"]
