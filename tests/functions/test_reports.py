"""The auto-claim report: exact for every period, before and after any roll-up, with everything's last names."""

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions import composition
from functions.composition import close_services, services
from localhost.app_settings import app_settings
from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from localhost.past import HandClock
from tests.functions.conftest import Api, Served
from tests.functions.faults import check_error
from tests.functions.past_tenant import POLICY, claiming, opening, tell
from tests.functions.valid import OTHER_SKU, SKU, UNKNOWN, app_body, claim, policy_body, product_body, put, stock
from tests.functions.variants import app_with
from tests.storage.storage_time import ClockInThePast

PERIODS = (1, 7, 30, 90)
MILLISECOND = timedelta(milliseconds=1)


def _report(api: Api, days: int | None = None) -> Any:
    response = api.call("GET", "/reports/auto-claim" + (f"?period={days}" if days else ""))
    assert response.status_code == 200, response.text
    return response.json()


def _lasting(report: dict[str, Any]) -> dict[str, Any]:
    """What of a report does not depend on when it was made."""
    return {name: value for name, value in report.items() if name not in {"generatedAt", "rolledUpTo"}}


def _roll_up(api: Api) -> None:
    async def roll_up() -> None:
        try:
            assert await services().upkeep.roll_up(api.tenant_id, 10)
        finally:
            await close_services()

    asyncio.run(roll_up())


def _today() -> date:
    return datetime.now(UTC).date()


def midnight(days_ago: int) -> datetime:
    return datetime.combine(_today() - timedelta(days=days_ago), time(), UTC)


def _change(api: Api, policy: dict[str, Any], **change: Any) -> None:
    response = api.call("PATCH", f"/policies/{policy['id']}", json=change, headers={"If-Match": "*"})
    assert response.status_code == 200, response.text


def _delete(api: Api, path: str) -> None:
    assert api.call("DELETE", path, headers={"If-Match": "*"}).status_code == 204


def test_a_new_tenant_has_an_empty_report(api: Api) -> None:
    report = _report(api)

    today = _today()
    assert _lasting(report) == {
        "period": 90,
        "from": (today - timedelta(days=89)).isoformat(),
        "to": today.isoformat(),
        "totalClaims": 0,
        "policies": [],
    }
    assert "rolledUpTo" not in report


@pytest.mark.parametrize("days", PERIODS)
def test_a_period_is_today_and_the_days_before_it(api: Api, days: int) -> None:
    stock(api)

    report = _report(api, days)

    today = _today()
    assert (report["period"], report["to"]) == (days, today.isoformat())
    expected = [(today - timedelta(days=ago)).isoformat() for ago in reversed(range(days))]
    assert report["from"] == expected[0]
    assert [day["date"] for day in report["policies"][0]["days"]] == expected
    assert all((day["claims"], day["products"]) == (0, []) for day in report["policies"][0]["days"])


def test_claims_are_told_by_policy_product_and_day(api: Api) -> None:
    put(api, f"/products/{OTHER_SKU}", product_body(displayName="The backup"))
    policy = stock(api, total=1)
    _change(api, policy, products=[{"skuId": SKU}, {"skuId": OTHER_SKU}])
    for user in ("ada", "bob", "eve"):
        claim(api, user)
    assert api.call("PUT", f"/users/dan/licenses/{OTHER_SKU}", json={}).status_code == 201

    report = _report(api, 7)

    (told,) = report["policies"]
    by_day = [{"skuId": SKU, "claims": 1}, {"skuId": OTHER_SKU, "claims": 2}]
    today = told["days"][-1]
    assert sorted(today.pop("products"), key=lambda each: str(each["skuId"])) == by_day
    assert report["totalClaims"] == 3
    assert told == {
        "policyId": policy["id"],
        "policyName": "Teams for all",
        "appName": "Microsoft Teams",
        "deleted": False,
        "totalClaims": 3,
        "products": [
            {"skuId": SKU, "displayName": "Office 365 E1", "claims": 1},
            {"skuId": OTHER_SKU, "displayName": "The backup", "claims": 2},
        ],
        "days": [*told["days"][:-1], {"date": _today().isoformat(), "claims": 3}],
    }


def test_a_license_taken_back_was_claimed_all_the_same(api: Api) -> None:
    stock(api)
    claim(api)
    _delete(api, f"/users/ada/licenses/{SKU}")
    claim(api)

    assert _report(api, 1)["totalClaims"] == 2


def test_a_roll_up_changes_nothing_that_is_told(api: Api) -> None:
    stock(api)
    for user in ("ada", "bob"):
        claim(api, user)
    before = [_lasting(_report(api, days)) for days in PERIODS]

    _roll_up(api)

    assert [_lasting(_report(api, days)) for days in PERIODS] == before
    claims = api.call("GET", "/reports/auto-claim/licenses").json()["value"]
    assert _report(api)["rolledUpTo"] == claims[0]["claimedAt"]
    claim(api, "eve")
    assert _report(api)["totalClaims"] == 3


@pytest.mark.parametrize("rolled_up", [False, True])
def test_claims_fall_on_their_utc_days_to_the_millisecond(api: Api, azurite: Azurite, *, rolled_up: bool) -> None:
    midnights = [midnight(ago) for ago in (90, 89, 30, 29, 7, 6, 1, 0)]
    times = [at for midnight in midnights for at in (midnight - MILLISECOND, midnight)]
    claims = [claiming(at, api.tenant_id, f"user-{number}") for number, at in enumerate(times)]
    tell(azurite, api.tenant_id, *opening(midnight(100)), *claims)
    if rolled_up:
        _roll_up(api)

    for days in PERIODS:
        report = _report(api, days)
        (policy,) = report["policies"]
        expected = [sum(at.date().isoformat() == day["date"] for at in times) for day in policy["days"]]
        assert [day["claims"] for day in policy["days"]] == expected
        assert report["totalClaims"] == sum(expected)
        assert policy["totalClaims"] == sum(expected)
    assert [_report(api, days)["totalClaims"] for days in PERIODS] == [1, 5, 9, 13]


def test_every_period_equals_an_independent_count(api: Api, azurite: Azurite) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    times = sorted(midnight(119) + timedelta(seconds=chance.randrange(118 * 86400)) for _ in range(60))
    claims = [claiming(at, api.tenant_id, f"user-{number}") for number, at in enumerate(times)]
    tell(azurite, api.tenant_id, *opening(midnight(120), primary=40), *claims[:45])
    _roll_up(api)
    tell(azurite, api.tenant_id, *claims[45:])

    for days in PERIODS:
        (policy,) = _report(api, days)["policies"]
        first = _today() - timedelta(days=days - 1)
        counted = [(at.date(), SKU if number < 40 else OTHER_SKU) for number, at in enumerate(times)]
        counted = [each for each in counted if each[0] >= first]
        told = [
            (date.fromisoformat(day["date"]), product["skuId"])
            for day in policy["days"]
            for product in day["products"]
            for _ in range(product["claims"])
        ]
        assert sorted(told) == sorted(counted)
        assert {each["skuId"]: each["claims"] for each in policy["products"]} == {
            sku_id: sum(sku_id == claimed for _, claimed in counted) for sku_id in (SKU, OTHER_SKU)
        }


@pytest.fixture
def hand_clock() -> HandClock:
    """The time, as far as one app is concerned."""
    return HandClock()


@pytest.fixture
def timed_api(served: Served, azurite: Azurite, tmp_path: Path, tenant_id: str, hand_clock: HandClock) -> Iterator[Api]:
    """A client of an app that lives by the hand clock, as its storage does, in the tables of the usual app."""
    del served
    data = DataFolder(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "StorageClock", lambda: ClockInThePast(hand_clock, hand_clock))
        with app_with(tmp_path, app_settings(data, azurite.port)) as app:
            client = Api(app, tenant_id)
            yield client
            client.close()


def test_a_report_asked_at_midnight_is_of_the_day_that_begins(
    timed_api: Api, azurite: Azurite, hand_clock: HandClock
) -> None:
    at_midnight = midnight(1)
    yesterday, today = ((at_midnight + timedelta(days=days)).date().isoformat() for days in (-1, 0))
    before = claiming(at_midnight - MILLISECOND, timed_api.tenant_id, "ada")
    tell(azurite, timed_api.tenant_id, *opening(midnight(10)), before)

    hand_clock.at = at_midnight - MILLISECOND
    report = _report(timed_api, 1)
    assert (report["from"], report["to"], report["totalClaims"]) == (yesterday, yesterday, 1)

    hand_clock.at = at_midnight
    report = _report(timed_api, 1)
    assert (report["from"], report["to"], report["totalClaims"]) == (today, today, 0)
    assert [day["claims"] for day in _report(timed_api, 7)["policies"][0]["days"]] == [0, 0, 0, 0, 0, 1, 0]


def test_a_clock_that_is_behind_hides_no_claim(timed_api: Api, azurite: Azurite, hand_clock: HandClock) -> None:
    at_midnight = midnight(1)
    tell(azurite, timed_api.tenant_id, *opening(midnight(10)), claiming(at_midnight, timed_api.tenant_id, "ada"))

    hand_clock.at = at_midnight - timedelta(seconds=3)

    report = _report(timed_api, 1)
    assert (report["to"], report["totalClaims"]) == (at_midnight.date().isoformat(), 1)
    assert len(timed_api.call("GET", "/reports/auto-claim/licenses?period=1").json()["value"]) == 1


def test_policies_are_in_the_order_of_their_names(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    api.turn(on=True)
    for app_id, name in (("one", "beta"), ("two", "Alpha"), ("three", "GAMMA")):
        plans = ["57ff2da0-773e-42df-b2af-ffb7a2317929"]
        put(api, f"/apps/{app_id}", app_body(name=f"App {app_id}", clientAppIds=[app_id], servicePlanIds=plans))
        api.create_policy(SKU, name=name, app_id=app_id)

    told = [(each["policyName"], each["appName"]) for each in _report(api, 1)["policies"]]

    assert told == [("Alpha", "App two"), ("beta", "App one"), ("GAMMA", "App three")]


@pytest.mark.parametrize("rolled_up", [False, True])
def test_names_are_todays_also_for_what_was_claimed_before(api: Api, *, rolled_up: bool) -> None:
    policy = stock(api)
    claim(api)
    if rolled_up:
        _roll_up(api)

    _change(api, policy, name="Renamed")
    put(api, f"/products/{SKU}", product_body(displayName="Another product name"))

    (told,) = _report(api, 1)["policies"]
    assert told["policyName"] == "Renamed"
    assert told["products"] == [{"skuId": SKU, "displayName": "Another product name", "claims": 1}]


@pytest.mark.parametrize("rolled_up", [False, True])
def test_a_deleted_policy_stays_under_its_last_name_if_it_had_claims(api: Api, *, rolled_up: bool) -> None:
    policy = stock(api)
    claim(api)
    if rolled_up:
        _roll_up(api)
    _change(api, policy, name="Its last name")
    _delete(api, f"/policies/{policy['id']}")
    _delete(api, f"/users/ada/licenses/{SKU}")
    _delete(api, f"/products/{SKU}")

    (told,) = _report(api, 1)["policies"]

    assert (told["policyName"], told["appName"], told["deleted"]) == ("Its last name", "Microsoft Teams", True)
    assert told["products"] == [{"skuId": SKU, "displayName": "Office 365 E1", "claims": 1}]


def test_a_deleted_policy_without_claims_in_the_period_is_not_told(api: Api, azurite: Azurite) -> None:
    events = [*opening(midnight(40)), claiming(midnight(31), api.tenant_id, "ada")]
    tell(azurite, api.tenant_id, *events)
    _delete(api, f"/policies/{POLICY}")
    unused = stock(api)
    _delete(api, f"/policies/{unused['id']}")

    assert [len(_report(api, days)["policies"]) for days in PERIODS] == [0, 0, 0, 1]


def test_a_product_taken_from_the_policy_is_told_if_it_was_claimed(api: Api) -> None:
    for sku_id in (OTHER_SKU, UNKNOWN):
        put(api, f"/products/{sku_id}", product_body(displayName=f"Product {sku_id[0]}"))
    policy = stock(api)
    claim(api)

    _change(api, policy, products=[{"skuId": OTHER_SKU}, {"skuId": UNKNOWN}])

    (told,) = _report(api, 1)["policies"]
    assert {each["skuId"]: each["claims"] for each in told["products"]} == {SKU: 1, OTHER_SKU: 0, UNKNOWN: 0}


def test_a_second_policy_of_one_name_in_the_past_is_another_policy(api: Api) -> None:
    first = stock(api)
    claim(api, "ada")
    _delete(api, f"/policies/{first['id']}")
    second = api.call("POST", "/policies", json=policy_body()).json()
    claim(api, "bob")

    told = {each["policyId"]: (each["deleted"], each["totalClaims"]) for each in _report(api, 1)["policies"]}

    assert told == {first["id"]: (True, 1), second["id"]: (False, 1)}


NO_PERIODS = ["0", "2", "-1", "+1", "01", "7.0", "90 ", "ninety", "365", "1,7", "\N{ARABIC-INDIC DIGIT SEVEN}", "null"]


@pytest.mark.parametrize("path", ["/reports/auto-claim", "/reports/auto-claim/licenses"])
def test_another_period_is_invalid(api: Api, path: str) -> None:
    for period in NO_PERIODS:
        response = api.call("GET", path, params={"period": period})

        check_error(response, 400, "InvalidPeriod", target="period", says="1, 7, 30, 90")


@pytest.mark.parametrize("path", ["/reports/auto-claim", "/reports/auto-claim/licenses"])
def test_a_period_named_twice_is_invalid(api: Api, path: str) -> None:
    check_error(api.call("GET", f"{path}?period=7&period=7"), 400, "InvalidPeriod", target="period")
