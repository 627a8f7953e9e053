"""Every license that a policy assigned in a period: JSON in pages, or a CSV file that no spreadsheet runs."""

import csv
import io
import re
from typing import Any

import httpx
import pytest

from functions.triggers import claims as claims_trigger
from localhost.emulator import Azurite
from tests.functions.conftest import Api
from tests.functions.faults import check_error, check_headers, check_invalid
from tests.functions.lists import at_once, follow, items, pages
from tests.functions.past_tenant import claiming, opening, tell
from tests.functions.test_reports import MILLISECOND, midnight
from tests.functions.valid import EXCHANGE, OTHER_SKU, SKU, UNKNOWN, app_body, claim, product_body, put, stock

PATH = "/reports/auto-claim/licenses"
COLUMNS = "claimedAt,policyId,policyName,userId,userPrincipalName,displayName,skuId,productName,assigningOrder,held"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def _csv(api: Api, query: str = "", accept: str = "text/csv") -> httpx.Response:
    return api.call("GET", f"{PATH}{query}", headers={"Accept": accept})


def _rows(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    text = response.content.removeprefix(b"\xef\xbb\xbf").decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.fixture
def two_policies(api: Api) -> tuple[dict[str, Any], dict[str, Any]]:
    """Policies for Teams and Exchange, each with two claims; the first one's claims came first."""
    put(api, "/apps/exchange", app_body(name="Exchange", clientAppIds=["exchange-web"], servicePlanIds=[EXCHANGE]))
    put(api, f"/products/{OTHER_SKU}", product_body(EXCHANGE, displayName="Exchange Online"))
    teams = stock(api)
    exchange = api.create_policy(OTHER_SKU, name="Exchange", app_id="exchange")
    for user in ("ada", "bob"):
        claim(api, user)
    for user in ("eve", "dan"):
        claim(api, user, app_id="exchange")
    return teams, exchange


def test_a_row_is_the_policys_claim_with_the_policy(api: Api) -> None:
    policy = stock(api)
    claim(api, user={"id": "ada", "userPrincipalName": "ada@contoso.example", "displayName": "Ada"})

    (row,) = items(api, PATH)

    (claimed,) = items(api, f"/policies/{policy['id']}/claims")
    assert row == {**claimed, "policyId": policy["id"], "policyName": "Teams for all"}


def test_rows_are_of_all_policies_newest_first(api: Api, two_policies: tuple[dict[str, Any], dict[str, Any]]) -> None:
    teams, exchange = two_policies

    rows = items(api, PATH)

    assert [(row["userId"], row["policyId"]) for row in rows] == [
        ("dan", exchange["id"]),
        ("eve", exchange["id"]),
        ("bob", teams["id"]),
        ("ada", teams["id"]),
    ]


def test_rows_are_of_one_policy_if_it_is_named(api: Api, two_policies: tuple[dict[str, Any], dict[str, Any]]) -> None:
    teams, _ = two_policies

    for policy_id in (teams["id"], teams["id"].upper()):
        rows = items(api, f"{PATH}?policyId={policy_id}&top=1")
        assert [row["userId"] for row in rows] == ["bob", "ada"]
        assert [row["userId"] for row in _rows(_csv(api, f"?policyId={policy_id}"))] == ["bob", "ada"]


def test_rows_are_of_the_period(api: Api, azurite: Azurite) -> None:
    ages = (91, 90, 89, 31, 29, 8, 6, 1, 0)
    moments = [midnight(ago) + shift for ago in ages for shift in (-MILLISECOND, 0 * MILLISECOND)]
    events = [claiming(at, api.tenant_id, f"user-{number}") for number, at in enumerate(moments)]
    tell(azurite, api.tenant_id, *opening(midnight(100)), *events)

    for days, expected in ((1, 1), (7, 5), (30, 9), (90, 13), (None, 13)):
        query = f"?period={days}" if days else ""
        rows = items(api, f"{PATH}{query}")
        assert len(rows) == expected
        assert [row["userId"] for row in rows] == [f"user-{17 - number}" for number in range(expected)]
        assert [row["userId"] for row in _rows(_csv(api, query))] == [row["userId"] for row in rows]


@pytest.mark.parametrize("top", [1, 3])
def test_pages_give_every_row_once_though_new_ones_arrive(api: Api, top: int) -> None:
    stock(api, total=100)
    at_once(*(lambda number=number: claim(api, f"early-{number}") for number in range(6)))
    expected = [row["userId"] for row in items(api, PATH)]
    late = iter(range(100))

    found = pages(api, f"{PATH}?period=7&top={top}", lambda: claim(api, f"late-{next(late)}"))

    assert len(set(expected)) == 6
    assert [row["userId"] for page in found for row in page] == expected
    assert all(len(page) <= top for page in found)


def test_a_link_holds_for_its_period_and_policy_only(
    api: Api, two_policies: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    teams, exchange = two_policies
    link = api.call("GET", f"{PATH}?period=7&policyId={teams['id']}&top=1").json()["nextLink"]

    assert [row["userId"] for row in follow(api, link).json()["value"]] == ["ada"]
    for changed in (
        link.replace("period=7", "period=30"),
        link.replace("period=7&", ""),
        link.replace(teams["id"], exchange["id"]),
        link.replace(f"policyId={teams['id']}&", ""),
    ):
        assert changed != link
        check_error(follow(api, changed), 400, "InvalidContinuation", target="continuation")


def test_a_deleted_policys_rows_are_still_told(api: Api) -> None:
    policy = stock(api)
    claim(api)
    assert api.call("DELETE", f"/policies/{policy['id']}", headers={"If-Match": "*"}).status_code == 204

    for query in ("", f"?policyId={policy['id']}"):
        assert [(row["policyName"], row["held"]) for row in items(api, f"{PATH}{query}")] == [("Teams for all", True)]
        assert len(_rows(_csv(api, query))) == 1


def test_a_policy_that_never_was_is_not_found(api: Api) -> None:
    stock(api)

    for accept in ("application/json", "text/csv"):
        response = _csv(api, f"?policyId={UNKNOWN}", accept)
        check_error(response, 404, "PolicyNotFound", target="policyId", says=UNKNOWN)


@pytest.mark.parametrize("policy_id", ["x", "%20", f"{{{UNKNOWN}}}", UNKNOWN.replace("-", "")])
def test_a_policy_of_another_form_is_invalid(api: Api, policy_id: str) -> None:
    check_invalid(api.call("GET", f"{PATH}?policyId={policy_id}"), "policyId", says="8-4-4-4-12")


def test_top_is_a_whole_number_from_1_to_1000(api: Api) -> None:
    for top in ("0", "1001", "x"):
        check_invalid(api.call("GET", f"{PATH}?top={top}"), "top", says="1 to 1000")


def test_all_fields_at_fault_are_told_before_the_period(api: Api) -> None:
    check_invalid(api.call("GET", f"{PATH}?period=2&policyId=x&top=0"), "policyId", "top")


def test_a_field_at_fault_is_told_before_the_link(api: Api) -> None:
    check_invalid(api.call("GET", f"{PATH}?continuation=x&top=0"), "top")


def test_csv_is_utf_8_with_a_byte_order_mark_and_rfc_4180(api: Api) -> None:
    stock(api, total=1)
    held = claim(api, user={"id": "ada", "userPrincipalName": "ada@contoso.example", "displayName": 'Zoë, "Z"'})
    claimed_at = held["license"]["assignedAt"]

    response = _csv(api)

    check_headers(response)
    assert response.headers["content-type"].partition(";")[0] == "text/csv"
    assert response.headers["content-type"].partition("=")[2].lower() in {"", "utf-8"}
    row = (
        f'{claimed_at},{held["policyId"]},Teams for all,ada,ada@contoso.example,"Zoë, ""Z""",{SKU},Office 365 E1,1,true'
    )
    assert response.content == b"\xef\xbb\xbf" + f"{COLUMNS}\r\n{row}\r\n".encode()


def test_csv_has_the_rows_of_json_and_all_of_them(
    api: Api, two_policies: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assert two_policies
    assert api.call("DELETE", f"/users/bob/licenses/{SKU}").status_code == 204
    claim(api, "bob")

    rows = _rows(_csv(api, "?top=1"))

    expected = [{name: str(value) for name, value in row.items()} for row in items(api, PATH)]
    for each in expected:
        each["held"] = each["held"].lower()
    assert [{name: value for name, value in row.items() if value} for row in rows] == expected
    assert [row["held"] for row in rows] == ["true", "true", "true", "false", "true"]


def test_csv_of_nothing_is_its_header(api: Api) -> None:
    assert _csv(api).content == b"\xef\xbb\xbf" + f"{COLUMNS}\r\n".encode()


@pytest.mark.parametrize("user_id", ["=1", "+1", "-1", "@SUM", "=cmd|x"])
def test_no_cell_begins_as_a_formula(api: Api, user_id: str) -> None:
    put(api, f"/products/{SKU}", product_body(displayName="=1+1"))
    api.turn(on=True)
    api.create_policy(SKU, name='@SUM(A1) "x", y')
    names = {"userPrincipalName": "+1@contoso.example", "displayName": '=HYPERLINK("https://x.example","y")'}
    claim(api, user={"id": user_id, **names})

    response = _csv(api)

    (row,) = _rows(response)
    assert row["userId"] == f"'{user_id}"
    assert row["userPrincipalName"] == "'+1@contoso.example"
    assert row["displayName"] == '\'=HYPERLINK("https://x.example","y")'
    assert (row["policyName"], row["productName"]) == ('\'@SUM(A1) "x", y', "'=1+1")
    assert not any(cell.startswith(FORMULAS) for cell in row.values())
    (told,) = items(api, PATH)
    assert (told["userId"], told["productName"]) == (user_id, "=1+1")


CSV_ACCEPTED = ["text/csv", "TEXT/CSV", "text/csv; charset=utf-8", "text/csv;q=0.9", "text/csv, */*;q=0.1"]
JSON_ACCEPTED = [
    *("application/json", "*/*", "", "text/html", "text/plain", "text/csv-schema"),
    *("text/csv;q=0", "application/json, text/csv;q=0.5"),
]


@pytest.mark.parametrize("accept", CSV_ACCEPTED)
def test_whoever_accepts_csv_gets_it(api: Api, accept: str) -> None:
    assert _csv(api, accept=accept).headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("accept", JSON_ACCEPTED)
def test_everybody_else_gets_json(api: Api, accept: str) -> None:
    response = _csv(api, accept=accept)

    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == "application/json"
    assert response.json() == {"value": []}


def test_errors_are_json_whatever_is_accepted(api: Api) -> None:
    check_error(_csv(api, "?period=2"), 400, "InvalidPeriod", target="period")


def test_a_file_has_a_limit_and_json_has_none(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    stock(api)
    for user in ("ada", "bob"):
        claim(api, user)
    monkeypatch.setattr(claims_trigger, "EXPORT_ROWS", 2)
    assert len(_rows(_csv(api))) == 2

    claim(api, "eve")

    error = check_error(_csv(api), 400, "ExportTooLarge", says=("narrow", "page"))
    assert re.search(r"\b2\b", error["message"])
    assert len(items(api, PATH)) == 3


def test_the_limit_is_100_000_rows() -> None:
    assert claims_trigger.EXPORT_ROWS == 100_000
