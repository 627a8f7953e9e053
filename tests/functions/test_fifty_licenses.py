"""A user holds 50 licenses at most, by claim or by hand."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.functions.conftest import Api, Served
from tests.functions.faults import check_error
from tests.functions.lists import at_once
from tests.functions.valid import PAYROLL, TEAMS1, product_body, put

MOST = 50


@pytest.fixture(scope="module")
def full(served: Served) -> Iterator[tuple[Api, list[str]]]:
    """A tenant where ada holds 50 products without Teams; another such product comes last, then one with Teams."""
    api = Api(served, str(uuid4()))
    sku_ids = [str(uuid4()) for _ in range(MOST + 1)]
    for sku_id in sku_ids:
        put(api, f"/products/{sku_id}", product_body(PAYROLL))
    paths = [f"/users/ada/licenses/{sku_id}" for sku_id in sku_ids[:MOST]]
    # At once, because one after the other takes long, and must hold all the same.
    answers = at_once(*(lambda path=path: api.call("PUT", path, json={}) for path in paths))
    assert {answer.status_code for answer in answers} == {201}
    with_teams = str(uuid4())
    put(api, f"/products/{with_teams}", product_body(TEAMS1))
    api.turn(on=True)
    api.create_policy(with_teams)
    yield api, [*sku_ids, with_teams]
    api.close()


def test_a_fifty_first_license_is_refused_by_hand_and_by_claim(full: tuple[Api, list[str]]) -> None:
    api, (*_, last, _with_teams) = full

    by_hand = api.call("PUT", f"/users/ada/licenses/{last}", json={})
    claimed = api.sign_in("ada").json()

    check_error(by_hand, 409, "LimitReached", says=str(MOST))
    assert (claimed["outcome"], "license" in claimed) == ("noLicenses", False)
    assert len(api.call("GET", "/users/ada/licenses").json()["licenses"]) == MOST
    assert api.call("GET", f"/products/{last}").json()["assignedLicenses"] == 0


def test_a_license_held_can_still_be_changed(full: tuple[Api, list[str]]) -> None:
    api, (first, *_) = full

    response = api.call("PUT", f"/users/ada/licenses/{first}", json={"disabledServicePlanIds": [PAYROLL]})

    assert response.status_code == 200


def test_one_taken_back_makes_room_for_a_claim(full: tuple[Api, list[str]]) -> None:
    api, (first, *_, with_teams) = full

    assert api.call("DELETE", f"/users/ada/licenses/{first}").status_code == 204
    claimed = api.sign_in("ada").json()

    assert (claimed["outcome"], claimed["license"]["skuId"]) == ("claimed", with_teams)
    check_error(api.call("PUT", f"/users/ada/licenses/{first}", json={}), 409, "LimitReached")
    assert api.call("GET", "/users?startsWith=ada").json()["value"] == [{"userId": "ada", "licenses": MOST}]
