"""/apps: what users sign in to."""

from typing import Any

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
    UNKNOWN,
    app_body,
    policy_body,
    product_body,
    put,
    stock,
)

TEAMS_CLIENTS = [
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
    "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
]


def _guids(count: int) -> list[str]:
    return [f"00000000-0000-4000-8000-{number:012x}" for number in range(count)]


def _replace(api: Api, app_id: str, body: dict[str, Any]) -> Any:
    return api.call("PUT", f"/apps/{app_id}", json=body, headers={"If-Match": "*"})


def test_every_tenant_starts_with_microsoft_teams(api: Api) -> None:
    read = api.call("GET", "/apps/microsoft-teams")

    assert read.json() == {
        "id": "microsoft-teams",
        "name": "Microsoft Teams",
        "clientAppIds": TEAMS_CLIENTS,
        "servicePlanIds": [TEAMS1, TEAMS_ESSENTIALS],
        "etag": read.headers["ETag"],
    }
    assert api.call("GET", "/apps").json() == {"value": [read.json()]}


def test_microsoft_teams_can_be_changed_and_deleted_like_any_app(api: Api) -> None:
    changed = _replace(api, "microsoft-teams", app_body(name="Teams"))
    gone = api.call("DELETE", "/apps/microsoft-teams", headers={"If-Match": changed.headers["ETag"]})

    assert changed.status_code == 200
    assert gone.status_code == 204
    assert api.call("GET", "/apps").json() == {"value": []}
    check_error(api.call("GET", "/apps/microsoft-teams"), 404, "AppNotFound", target="appId", says="'microsoft-teams'")


def test_deleting_microsoft_teams_is_a_tenants_first_change_too(api: Api) -> None:
    gone = api.call("DELETE", "/apps/microsoft-teams", headers={"If-Match": "*"})

    assert gone.status_code == 204
    assert api.call("GET", "/apps").json() == {"value": []}
    put(api, "/apps/teams-again", app_body(clientAppIds=TEAMS_CLIENTS))


def test_an_app_is_made_read_replaced_and_deleted(api: Api) -> None:
    made = api.call("PUT", "/apps/payroll", json=app_body())
    read = api.call("GET", "/apps/payroll")
    replaced = _replace(api, "payroll", app_body(name="Wages", servicePlanIds=[EXCHANGE]))
    gone = api.call("DELETE", "/apps/payroll", headers={"If-Match": "*"})

    assert made.status_code == 201
    assert made.json() == {"id": "payroll", **app_body(), "etag": made.headers["ETag"]} == read.json()
    assert replaced.status_code == 200
    wages = app_body(name="Wages", servicePlanIds=[EXCHANGE])
    assert replaced.json() == {"id": "payroll", **wages, "etag": replaced.headers["ETag"]}
    assert (gone.status_code, gone.content) == (204, b"")
    check_error(api.call("GET", "/apps/payroll"), 404, "AppNotFound", target="appId", says="GET /apps")


@pytest.mark.parametrize(
    ("field", "most"), [("clientAppIds", _guids(50)), ("servicePlanIds", _guids(50))], ids=["clients", "plans"]
)
def test_an_app_has_1_to_50_of_each(api: Api, field: str, most: list[str]) -> None:
    for count in (1, 50):
        assert put(api, "/apps/payroll", app_body(**{field: most[:count]}))[field] == most[:count]
    for wrong in ([], [*most, UNKNOWN]):
        details = check_invalid(_replace(api, "payroll", app_body(**{field: wrong})), field)
        assert ("1" if not wrong else "50") in details[field]["message"]


@pytest.mark.parametrize("field", ["clientAppIds", "servicePlanIds"])
@pytest.mark.parametrize("value", [UNKNOWN, {}, None, [[UNKNOWN]], [None], [5]], ids=repr)
def test_the_lists_of_an_app_are_lists_of_texts(api: Api, field: str, value: Any) -> None:
    response = api.call("PUT", "/apps/payroll", json=app_body(**{field: value}))

    check_invalid(response, f"{field}[0]" if isinstance(value, list) else field)


def test_a_client_app_id_belongs_to_one_app(api: Api) -> None:
    put(api, "/apps/payroll", app_body(clientAppIds=["web", "phone"]))

    new = api.call("PUT", "/apps/wages", json=app_body(clientAppIds=["desktop", "phone"]))
    by_guid = api.call("PUT", "/apps/wages", json=app_body(clientAppIds=[TEAMS_CLIENTS[1].upper()]))
    replaced = _replace(api, "microsoft-teams", app_body(clientAppIds=["web"]))

    check_error(new, 409, "ClientAppIdTaken", target="clientAppIds[1]", says=("'phone'", "'payroll'"))
    check_error(
        by_guid, 409, "ClientAppIdTaken", target="clientAppIds[0]", says=("'microsoft-teams'", TEAMS_CLIENTS[1])
    )
    check_error(replaced, 409, "ClientAppIdTaken", target="clientAppIds[0]", says="'web'")
    assert api.call("GET", "/apps/wages").status_code == 404


def test_a_client_app_id_that_its_app_gave_up_is_free(api: Api) -> None:
    put(api, "/apps/payroll", app_body(clientAppIds=["web", "phone"]))
    put(api, "/apps/payroll", app_body(clientAppIds=["phone"]))
    put(api, "/apps/wages", app_body(clientAppIds=["web"]))

    assert api.call("DELETE", "/apps/payroll", headers={"If-Match": "*"}).status_code == 204
    put(api, "/apps/wages", app_body(clientAppIds=["web", "phone"]))


def test_an_apps_own_id_may_be_another_apps_client_app_id(api: Api) -> None:
    put(api, "/apps/payroll", app_body(clientAppIds=["wages"]))
    put(api, "/apps/wages", app_body(clientAppIds=["payroll"]))


def test_an_app_keeps_a_plan_that_is_on_in_its_policys_products(api: Api) -> None:
    policy = stock(api)
    teams = api.call("GET", "/apps/microsoft-teams").json()
    body = {name: teams[name] for name in ("name", "clientAppIds")}

    lost = _replace(api, "microsoft-teams", {**body, "servicePlanIds": [TEAMS_ESSENTIALS]})
    kept = _replace(api, "microsoft-teams", {**body, "servicePlanIds": [PAYROLL, EXCHANGE]})

    check_error(lost, 409, "PolicyWouldLoseApp", target="servicePlanIds", says=(policy["name"], policy["id"]))
    assert kept.status_code == 200


def test_a_plan_that_is_off_in_the_policy_does_not_count(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body(TEAMS1, TEAMS_ESSENTIALS))
    api.turn(on=True)
    chosen = [{"skuId": SKU, "disabledServicePlanIds": [TEAMS1]}]
    assert api.call("POST", "/policies", json=policy_body(products=chosen)).status_code == 201

    lost = _replace(api, "microsoft-teams", app_body(servicePlanIds=[TEAMS1]))

    check_error(lost, 409, "PolicyWouldLoseApp", target="servicePlanIds")


def test_every_product_of_the_policy_must_keep_the_app(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body(TEAMS1))
    put(api, f"/products/{OTHER_SKU}", product_body(TEAMS_ESSENTIALS, displayName="Teams Essentials"))
    api.turn(on=True)
    api.create_policy(SKU, OTHER_SKU)

    lost = _replace(api, "microsoft-teams", app_body(servicePlanIds=[TEAMS1]))

    check_error(lost, 409, "PolicyWouldLoseApp", target="servicePlanIds", says="Teams Essentials")


def test_a_taken_client_app_id_comes_before_a_policy_that_would_lose_the_app(api: Api) -> None:
    stock(api)
    put(api, "/apps/payroll", app_body(clientAppIds=["web"]))

    response = _replace(api, "microsoft-teams", app_body(clientAppIds=["web"], servicePlanIds=[UNKNOWN]))

    check_error(response, 409, "ClientAppIdTaken", target="clientAppIds[0]")


@pytest.mark.parametrize("enabled", [True, False])
def test_an_app_that_a_policy_uses_is_not_deleted(api: Api, enabled: bool) -> None:  # noqa: FBT001 - a parameter
    policy = stock(api)
    path = f"/policies/{policy['id']}"
    api.call("PATCH", path, json={"enabled": enabled}, headers={"If-Match": "*"})

    used = api.call("DELETE", "/apps/microsoft-teams", headers={"If-Match": "*"})
    api.call("DELETE", path, headers={"If-Match": "*"})
    unused = api.call("DELETE", "/apps/microsoft-teams", headers={"If-Match": "*"})

    check_error(used, 409, "AppInUse", says=(policy["name"], policy["id"], "delete the policy"))
    assert unused.status_code == 204


def test_a_new_name_shows_in_the_apps_policy(api: Api) -> None:
    policy = stock(api)

    teams = api.call("GET", "/apps/microsoft-teams").json()
    body = {name: value for name, value in teams.items() if name not in {"id", "etag"}}
    assert _replace(api, "microsoft-teams", {**body, "name": "Teams (new)"}).status_code == 200

    assert api.call("GET", f"/policies/{policy['id']}").json()["appName"] == "Teams (new)"


@pytest.mark.slow
def test_a_tenant_has_at_most_200_apps(api: Api) -> None:
    for number in range(199):
        assert api.call("PUT", f"/apps/{number}", json=app_body(clientAppIds=[f"c{number}"])).status_code == 201

    one_more = api.call("PUT", "/apps/one-more", json=app_body(clientAppIds=["free"]))
    taken = api.call("PUT", "/apps/one-more", json=app_body(clientAppIds=["c5"]))
    replaced = _replace(api, "5", app_body(name="Renamed", clientAppIds=["c5"]))

    check_error(one_more, 409, "LimitReached", says="200")
    check_error(taken, 409, "ClientAppIdTaken", target="clientAppIds[0]")
    assert replaced.status_code == 200
    assert api.call("DELETE", "/apps/7", headers={"If-Match": "*"}).status_code == 204
    assert api.call("PUT", "/apps/one-more", json=app_body(clientAppIds=["free"])).status_code == 201
