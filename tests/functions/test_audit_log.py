"""The audit log: every change once, newest first, with who made it and what was before and after."""

import re
from typing import Any

import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_invalid
from tests.functions.lists import at_once, items, pages
from tests.functions.valid import (
    EXCHANGE,
    OTHER_SKU,
    SKU,
    TEAMS1,
    app_body,
    claim,
    policy_body,
    product_body,
    put,
    stock,
)

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
PRESENT = {"If-Match": "*"}


def _newest(api: Api) -> Any:
    return api.call("GET", "/audit-log?top=1").json()["value"][0]


def _change(api: Api, method: str, path: str, body: Any = None) -> Any:
    """A change that must be made: the newest entry, without what every entry has."""
    response = api.call(method, path, json=body, headers=PRESENT)
    assert response.is_success, response.text
    entry = _newest(api)
    assert TIME.fullmatch(entry.pop("at"))
    del entry["sequence"]
    return entry


@pytest.fixture
def by(api: Api) -> dict[str, Any]:
    """The manager as an actor."""
    me = api.call("GET", "/me").json()
    return {"actor": {"kind": "administrator", "id": me["id"], "name": "ada@contoso.example"}}


def test_a_new_tenant_has_an_empty_log(api: Api) -> None:
    assert api.call("GET", "/audit-log").json() == {"value": []}


def test_settings(api: Api, by: dict[str, Any]) -> None:
    assert _change(api, "PATCH", "/settings", {"autoClaimEnabled": True}) == {
        **by,
        "action": "settings.updated",
        "target": "settings",
        "details": {"before": {"autoClaimEnabled": False}, "after": {"autoClaimEnabled": True}},
    }


def test_apps(api: Api, by: dict[str, Any]) -> None:
    path = "/apps/payroll"
    put(api, path, app_body())
    created = _newest(api)
    about = {**by, "target": "apps/payroll"}

    assert (created["action"], created["target"]) == ("app.created", "apps/payroll")
    assert created["details"] == {"before": {}, "after": app_body()}
    assert _change(api, "PUT", path, app_body(name="Pay")) == {
        **about,
        "action": "app.updated",
        "details": {"before": {"name": "Payroll"}, "after": {"name": "Pay"}},
    }
    assert _change(api, "DELETE", path) == {
        **about,
        "action": "app.deleted",
        "details": {"before": app_body(name="Pay"), "after": {}},
    }


def test_products(api: Api, by: dict[str, Any]) -> None:
    path = f"/products/{SKU}"
    put(api, path, product_body())
    created = _newest(api)
    about = {**by, "target": f"products/{SKU}"}

    assert (created["action"], created["target"]) == ("product.created", f"products/{SKU}")
    assert created["details"] == {"before": {}, "after": product_body()}
    assert _change(api, "PUT", path, product_body(totalLicenses=11)) == {
        **about,
        "action": "product.updated",
        "details": {"before": {"totalLicenses": 10}, "after": {"totalLicenses": 11}},
    }
    assert _change(api, "DELETE", path) == {
        **about,
        "action": "product.deleted",
        "details": {"before": product_body(totalLicenses=11), "after": {}},
    }


def test_policies(api: Api, by: dict[str, Any]) -> None:
    policy = stock(api)
    created = _newest(api)
    path = f"/policies/{policy['id']}"
    about = {**by, "target": path[1:]}
    whole = {
        "name": "Teams for all",
        "appId": "microsoft-teams",
        "enabled": True,
        "products": [{"skuId": SKU, "disabledServicePlanIds": []}],
    }
    change = {"name": "Renamed", "enabled": False, "products": [{"skuId": SKU, "disabledServicePlanIds": [EXCHANGE]}]}

    assert (created["action"], created["target"]) == ("policy.created", path[1:])
    assert created["details"] == {"before": {}, "after": whole}
    assert _change(api, "PATCH", path, change) == {
        **about,
        "action": "policy.updated",
        "details": {"before": {name: whole[name] for name in change}, "after": change},
    }
    assert _change(api, "PATCH", path, {"name": "Renamed", "enabled": True})["details"] == {
        "before": {"enabled": False},
        "after": {"enabled": True},
    }
    deleted = _change(api, "DELETE", path)
    assert deleted == {
        **about,
        "action": "policy.deleted",
        "details": {"before": {**whole, **change, "enabled": True}, "after": {}},
    }


def test_licenses_of_administrators(api: Api, by: dict[str, Any]) -> None:
    put(api, f"/products/{SKU}", product_body())
    path = f"/users/ada/licenses/{SKU}"
    about = {**by, "target": path[1:]}

    assigned = _change(api, "PUT", path, {"disabledServicePlanIds": [EXCHANGE]})
    changed = _change(api, "PUT", path, {"disabledServicePlanIds": [TEAMS1, EXCHANGE]})
    removed = _change(api, "DELETE", path)

    details = [entry.pop("details") for entry in (assigned, changed, removed)]
    assert assigned == {**about, "action": "license.assigned"}
    assert changed == {**about, "action": "license.changed"}
    assert removed == {**about, "action": "license.removed"}
    assert details[0]["before"] == {}
    assert details[0]["after"]["disabledServicePlanIds"] == [EXCHANGE]
    assert details[1] == {
        "before": {"disabledServicePlanIds": [EXCHANGE]},
        "after": {"disabledServicePlanIds": [TEAMS1, EXCHANGE]},
    }
    assert details[2] == {"before": {**details[0]["after"], **details[1]["after"]}, "after": {}}


def test_all_licenses_taken_back_together_are_one_commit(api: Api) -> None:
    for sku_id in (SKU, OTHER_SKU):
        put(api, f"/products/{sku_id}", product_body())
        assert api.call("PUT", f"/users/ada/licenses/{sku_id}", json={}).status_code == 201

    assert api.call("DELETE", "/users/ada/licenses").status_code == 204

    removed = [entry for entry in items(api, "/audit-log") if entry["action"] == "license.removed"]
    assert {entry["target"] for entry in removed} == {f"users/ada/licenses/{sku_id}" for sku_id in (SKU, OTHER_SKU)}
    assert len({entry["sequence"] for entry in removed}) == 1


def test_claims(api: Api) -> None:
    policy = stock(api)
    user = {"id": "ada", "userPrincipalName": "ada@contoso.example", "displayName": "Ada"}

    claimed = claim(api, user=user, signInId="one", signedInAt="2026-01-31T10:00:00+01:00")["license"]

    entry = _newest(api)
    assert entry == {
        "sequence": entry["sequence"],
        "at": claimed["assignedAt"],
        "actor": {"kind": "signIn"},
        "action": "license.claimed",
        "target": f"users/ada/licenses/{SKU}",
        "details": entry["details"],
    }
    assert (
        entry["details"]
        | {
            "skuId": SKU,
            "policyId": policy["id"],
            "policyName": "Teams for all",
            "assigningOrder": 1,
            "signInId": "one",
            "signedInAt": "2026-01-31T09:00:00.000Z",
        }
        == entry["details"]
    )


def test_entries_are_newest_first_and_their_numbers_have_no_gaps(api: Api) -> None:
    stock(api)
    claim(api, "ada")
    claim(api, "bob")
    api.turn(on=False)

    entries = items(api, "/audit-log")

    actions = ["settings.updated", *["license.claimed"] * 2, "policy.created", "settings.updated", "product.created"]
    assert [entry["action"] for entry in entries] == actions
    assert [entry["sequence"] for entry in entries] == [6, 5, 4, 3, 2, 1]
    assert [entry["at"] for entry in entries] == sorted((entry["at"] for entry in entries), reverse=True)


def test_what_changed_nothing_or_was_refused_is_not_in_it(api: Api) -> None:
    policy = stock(api, total=1)
    claim(api)
    before = items(api, "/audit-log")

    api.turn(on=True)
    put(api, f"/products/{SKU}", product_body(totalLicenses=1))
    for body in ({}, {"name": "Teams for all"}):
        assert api.call("PATCH", f"/policies/{policy['id']}", json=body, headers=PRESENT).status_code == 200
    assert api.call("DELETE", f"/products/{SKU}", headers=PRESENT).status_code == 409
    assert api.call("POST", "/policies", json=policy_body()).status_code == 409
    assert api.call("PUT", f"/users/bob/licenses/{SKU}", json={}).status_code == 409
    assert api.sign_in("ada").json()["outcome"] == "alreadyLicensed"
    assert api.sign_in("bob").json()["outcome"] == "noLicenses"

    assert items(api, "/audit-log") == before


@pytest.mark.parametrize("top", [1, 4, 9])
def test_pages_give_every_entry_once_though_new_ones_come(api: Api, top: int) -> None:
    stock(api, total=100)
    # At once, so that one commit has several.
    at_once(*(lambda number=number: claim(api, f"early-{number}") for number in range(8)))
    expected = items(api, "/audit-log")
    late = iter(range(100))

    found = pages(api, f"/audit-log?top={top}", lambda: claim(api, f"late-{next(late)}"))

    assert [entry for page in found for entry in page] == expected
    assert len({entry["target"] for entry in expected}) == len(expected) == 11
    assert len({entry["sequence"] for entry in expected}) < len(expected), "no commit has two claims"
    assert all(len(page) <= top for page in found)


def test_each_change_carries_who_made_it(api: Api) -> None:
    token = api.token("AutoClaim.Manage", name="deploy@contoso.example")

    body = {"autoClaimEnabled": True}
    assert api.call("PATCH", "/settings", json=body, headers=PRESENT, token=token).status_code == 200

    me = api.call("GET", "/me", token=token).json()
    assert _newest(api)["actor"] == {"kind": "administrator", "id": me["id"], "name": "deploy@contoso.example"}


def test_top_is_a_whole_number_from_1_to_1000(api: Api) -> None:
    for top in ("0", "1001", "x"):
        check_invalid(api.call("GET", f"/audit-log?top={top}"), "top", says="1 to 1000")
