"""Versions: ETags, If-Match and If-None-Match, of settings, apps, products and policies alike."""

import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_error
from tests.functions.valid import SKU, app_body, claim, policy_body, product_body, put, stock

STRONG = re.compile(r'"[!#-~]*"')


@dataclass
class Versioned:
    """A resource, and two ways to write it that differ."""

    api: Api
    path: str
    method: str
    bodies: tuple[dict[str, Any], dict[str, Any]]
    listed: str | None = None

    def write(self, which: int, **headers: str) -> httpx.Response:
        """Write it in one of the two ways. `if_match` and `if_none_match` are headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.api.call(self.method, self.path, json=self.bodies[which], headers=named)

    def written(self, which: int) -> str:
        """Write it whatever its version; gives its ETag then."""
        response = self.write(which, if_match="*")
        assert response.status_code == 200, response.text
        return str(response.headers["ETag"])

    def read(self) -> httpx.Response:
        """Read it."""
        return self.api.call("GET", self.path)

    def delete(self, etag: str | None = "*") -> httpx.Response:
        """Delete it."""
        return self.api.call("DELETE", self.path, headers={"If-Match": etag} if etag else {})


KINDS = ("settings", "app", "product", "policy")


@pytest.fixture
def versioned(api: Api, request: pytest.FixtureRequest) -> Versioned:
    """One of KINDS, there and in the first of its two ways."""
    match request.param:
        case "settings":
            kind = Versioned(api, "/settings", "PATCH", ({"autoClaimEnabled": False}, {"autoClaimEnabled": True}))
        case "app":
            put(api, "/apps/payroll", app_body())
            kind = Versioned(api, "/apps/payroll", "PUT", (app_body(), app_body(name="Wages")), "/apps")
        case "product":
            put(api, f"/products/{SKU}", product_body())
            bodies = (product_body(), product_body(totalLicenses=11))
            kind = Versioned(api, f"/products/{SKU}", "PUT", bodies, "/products")
        case _:
            policy = stock(api)
            renames = ({"name": policy["name"]}, {"name": "Another name"})
            kind = Versioned(api, f"/policies/{policy['id']}", "PATCH", renames, "/policies")
    return kind


all_kinds = pytest.mark.parametrize("versioned", KINDS, indirect=True)
lasting_kinds = pytest.mark.parametrize("versioned", ["app", "product", "policy"], indirect=True)
put_kinds = pytest.mark.parametrize("versioned", ["app", "product"], indirect=True)


@all_kinds
def test_the_etag_is_strong_and_the_same_wherever_it_is_told(versioned: Versioned) -> None:
    written = versioned.write(1, if_match="*")
    read = versioned.read()

    assert STRONG.fullmatch(read.headers["ETag"])
    assert read.headers["ETag"] == read.json()["etag"] == written.headers["ETag"] == written.json()["etag"]
    if versioned.listed:
        assert read.json() in versioned.api.call("GET", versioned.listed).json()["value"]


@put_kinds
def test_what_is_made_has_its_etag_at_once(versioned: Versioned) -> None:
    assert versioned.delete().status_code == 204

    made = versioned.write(0)

    assert made.status_code == 201
    assert made.headers["ETag"] == made.json()["etag"] == versioned.read().headers["ETag"]
    assert made.json() == versioned.read().json()


def test_a_new_policy_has_its_etag_at_once(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    api.turn(on=True)

    made = api.call("POST", "/policies", json=policy_body())

    read = api.call("GET", f"/policies/{made.json()['id']}")
    assert made.headers["ETag"] == made.json()["etag"] == read.headers["ETag"]
    assert made.json() == read.json()


@all_kinds
def test_the_current_etag_opens_one_write_and_then_no_more(versioned: Versioned) -> None:
    etag = versioned.read().headers["ETag"]

    first = versioned.write(1, if_match=etag)
    late = versioned.write(0, if_match=etag)

    assert first.status_code == 200
    assert first.headers["ETag"] != etag
    check_error(late, 412, "ConditionNotMet", target="If-Match", says=first.headers["ETag"])
    assert versioned.read().json() == first.json()


@all_kinds
@pytest.mark.parametrize("which", [0, 1], ids=["a change of nothing", "a change"])
def test_a_write_needs_a_precondition(versioned: Versioned, which: int) -> None:
    before = versioned.read().json()

    response = versioned.write(which)

    check_error(response, 428, "PreconditionRequired", target="If-Match", says=("If-Match", "*"))
    assert versioned.read().json() == before


NEVER_THE_ONE: tuple[str, ...] = (
    *("W/{etag}", "{etag}, {etag}", '{etag}, "never"', "*, {etag}", "{bare}", "'{bare}'", '"0{bare}"', '"{bare} "'),
    *('"999999"', '"x"', '""', "{etag}x", "**", '"*"', '"99999999999999999999"'),
)


@all_kinds
def test_anything_but_the_one_current_etag_is_not_met(versioned: Versioned) -> None:
    before = versioned.read()
    etag = before.headers["ETag"]

    for form in NEVER_THE_ONE:
        response = versioned.write(1, if_match=form.format(etag=etag, bare=etag.strip('"')))
        check_error(response, 412, "ConditionNotMet", target="If-Match", says=etag)
    assert versioned.read().json() == before.json()


@lasting_kinds
def test_a_deletion_needs_the_current_etag(versioned: Versioned) -> None:
    old = versioned.read().headers["ETag"]
    current = versioned.written(1)

    check_error(versioned.delete(None), 428, "PreconditionRequired", target="If-Match")
    check_error(versioned.delete(old), 412, "ConditionNotMet", target="If-Match", says=current)
    check_error(versioned.delete(f"W/{current}"), 412, "ConditionNotMet", target="If-Match")
    if "policies" not in versioned.path:
        gone = versioned.delete(current)
        assert gone.status_code == 204
        assert gone.content == b""
        assert versioned.read().status_code == 404


def test_a_policy_is_deleted_with_its_etag(api: Api) -> None:
    policy = stock(api)
    path = f"/policies/{policy['id']}"

    gone = api.call("DELETE", path, headers={"If-Match": policy["etag"]})
    again = api.call("DELETE", path, headers={"If-Match": policy["etag"]})

    assert gone.status_code == 204
    check_error(again, 404, "PolicyNotFound", target="policyId", says=policy["id"])


@put_kinds
def test_a_put_on_what_is_there_fails_if_it_must_not_be(versioned: Versioned) -> None:
    etag = versioned.read().headers["ETag"]

    alone = versioned.write(1, if_none_match="*")
    with_match = versioned.write(1, if_none_match="*", if_match=etag)

    check_error(alone, 412, "ConditionNotMet", target="If-None-Match", says="exists already")
    check_error(with_match, 412, "ConditionNotMet", target="If-None-Match")
    assert versioned.read().headers["ETag"] == etag


@put_kinds
def test_a_put_on_what_is_not_there_makes_it_unless_it_must_be(versioned: Versioned) -> None:
    etag = versioned.read().headers["ETag"]
    versioned.delete()

    for demanded in ("*", etag, '"0"', "nonsense"):
        response = versioned.write(0, if_match=demanded)
        check_error(response, 412, "ConditionNotMet", target="If-Match", says="does not exist")
    assert versioned.read().status_code == 404
    assert versioned.write(0, if_none_match="*").status_code == 201


@put_kinds
def test_no_etag_is_used_twice_though_the_resource_is_deleted_and_made_again(versioned: Versioned) -> None:
    seen = [versioned.read().headers["ETag"]]

    for _ in range(3):
        seen.append(versioned.written(1))
        versioned.delete()
        seen.append(versioned.write(0).headers["ETag"])

    assert len(set(seen)) == len(seen)


def test_the_default_app_never_gets_its_first_etag_back(api: Api) -> None:
    path = "/apps/microsoft-teams"
    first = api.call("GET", path)
    body = {name: value for name, value in first.json().items() if name not in {"id", "etag"}}

    gone = api.call("DELETE", path, headers={"If-Match": first.headers["ETag"]})
    made = api.call("PUT", path, json=body)

    assert gone.status_code == 204
    assert made.status_code == 201
    assert made.headers["ETag"] != first.headers["ETag"]
    assert {**made.json(), "etag": first.headers["ETag"]} == first.json()


def test_settings_turned_on_and_off_again_have_another_etag(api: Api) -> None:
    first = api.call("GET", "/settings").headers["ETag"]

    api.turn(on=True)
    api.turn(on=False)

    assert api.call("GET", "/settings").headers["ETag"] != first


@all_kinds
def test_a_write_that_changes_nothing_keeps_the_etag(versioned: Versioned) -> None:
    before = versioned.read()

    with_etag = versioned.write(0, if_match=before.headers["ETag"])
    with_star = versioned.write(0, if_match="*")

    for response in (with_etag, with_star, versioned.read()):
        assert response.status_code == 200
        assert response.json() == before.json()
        assert response.headers["ETag"] == before.headers["ETag"]


@pytest.mark.parametrize("versioned", ["settings", "policy"], indirect=True)
def test_an_empty_patch_changes_nothing(api: Api, versioned: Versioned) -> None:
    before = versioned.read()

    response = api.call("PATCH", versioned.path, json={}, headers={"If-Match": "*"})

    assert response.status_code == 200
    assert response.json() == before.json() == versioned.read().json()


@all_kinds
def test_a_write_that_changes_nothing_still_needs_the_current_version(versioned: Versioned) -> None:
    old = versioned.read().headers["ETag"]
    versioned.written(1)

    check_error(versioned.write(1, if_match=old), 412, "ConditionNotMet", target="If-Match")


def test_what_is_equal_once_stored_changes_nothing(api: Api) -> None:
    app = put(api, "/apps/payroll", app_body(clientAppIds=[SKU]))
    product = put(api, f"/products/{SKU}", product_body())
    plans = [
        {name: f" {value.upper()}\n" if name == "servicePlanName" else value for name, value in plan.items()}
        for plan in product["servicePlans"]
    ]
    plans = [{**plan, "servicePlanId": plan["servicePlanId"].upper()} for plan in plans]

    assert put(api, "/apps/payroll", app_body(name=" Payroll ", clientAppIds=[SKU.upper()])) == app
    assert put(api, f"/products/{SKU}", product_body(displayName="Office 365 E1\n", servicePlans=plans)) == product


def test_another_order_is_a_change(api: Api) -> None:
    app = put(api, "/apps/payroll", app_body(clientAppIds=["one", "two"]))

    changed = put(api, "/apps/payroll", app_body(clientAppIds=["two", "one"]))

    assert changed["clientAppIds"] == ["two", "one"]
    assert changed["etag"] != app["etag"]


def test_claims_change_no_etag(api: Api) -> None:
    policy = stock(api)
    paths = (f"/policies/{policy['id']}", f"/products/{SKU}", "/settings", "/apps/microsoft-teams")
    before = [api.call("GET", path).headers["ETag"] for path in paths]

    claim(api, "ada")
    claim(api, "bob")

    assert [api.call("GET", path).headers["ETag"] for path in paths] == before
    product = api.call("GET", f"/products/{SKU}").json()
    assert (product["assignedLicenses"], product["availableLicenses"]) == (2, 8)


def test_a_change_of_one_resource_leaves_the_others_etags(api: Api) -> None:
    policy = stock(api)
    before = api.call("GET", f"/policies/{policy['id']}").headers["ETag"]

    put(api, f"/products/{SKU}", product_body(displayName="Office 365 E3", totalLicenses=20))
    api.turn(on=False)

    assert api.call("GET", f"/policies/{policy['id']}").headers["ETag"] == before


@pytest.mark.parametrize("path", ["/settings", "/apps/microsoft-teams"])
@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("demanded", ["*", '"0"', '"5"'])
def test_a_read_knows_no_preconditions(api: Api, path: str, header: str, demanded: str) -> None:
    assert api.call("GET", path, headers={header: demanded}).status_code == 200
