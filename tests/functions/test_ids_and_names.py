"""The forms of ids and names: what is taken, what is refused, and in which form it is kept."""

import http.client
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_error, check_invalid
from tests.functions.valid import (
    EXCHANGE,
    PAYROLL,
    SKU,
    TEAMS1,
    app_body,
    claim,
    event_body,
    plan_body,
    policy_body,
    product_body,
    put,
    sign_in_body,
    stock,
    write,
)

NO_GUIDS = {
    "in braces": f"{{{SKU}}}",
    "in parentheses": f"({SKU})",
    "a URN": f"urn:uuid:{SKU}",
    "32 digits": SKU.replace("-", ""),
    "a digit short": SKU[:-1],
    "a digit long": f"{SKU}0",
    "a letter that is no digit": f"g{SKU[1:]}",
    "digits of another script": f"\N{ARABIC-INDIC DIGIT ONE}{SKU[1:]}",
    "fullwidth digits": f"\N{FULLWIDTH DIGIT ONE}{SKU[1:]}",
    "hyphens elsewhere": f"{SKU[:7]}-{SKU[7]}{SKU[9:]}",
    "a blank before": f" {SKU}",
    "a line end after": f"{SKU}\n",
    "a word": "nope",
}


@pytest.mark.parametrize("name", NO_GUIDS)
@pytest.mark.parametrize(("resource", "target"), [("products", "skuId"), ("policies", "policyId")])
def test_an_id_in_a_path_is_a_guid_of_one_form(api: Api, resource: str, target: str, name: str) -> None:
    response = api.call("GET", f"/{resource}/{quote(NO_GUIDS[name], safe='')}")

    check_error(response, 400, "InvalidId", target=target, says="8-4-4-4-12")


@pytest.mark.parametrize("name", NO_GUIDS)
def test_an_id_in_a_body_is_a_guid_of_one_form(api: Api, name: str) -> None:
    product = product_body()
    product["servicePlans"][1]["servicePlanId"] = NO_GUIDS[name]
    disabled = [{"skuId": SKU, "disabledServicePlanIds": [NO_GUIDS[name]]}]

    answers = {
        "products[0].skuId": api.call("POST", "/policies", json=policy_body(NO_GUIDS[name])),
        "products[0].disabledServicePlanIds[0]": api.call("POST", "/policies", json=policy_body(products=disabled)),
        "servicePlans[1].servicePlanId": api.call("PUT", f"/products/{SKU}", json=product),
        "servicePlanIds[0]": api.call("PUT", "/apps/payroll", json=app_body(servicePlanIds=[NO_GUIDS[name]])),
        "tenantId": write(api, "sign-in").send_json(sign_in_body(NO_GUIDS[name])),
    }

    for target, response in answers.items():
        check_invalid(response, target, says=(target, "8-4-4-4-12"))


def test_a_guid_is_taken_in_any_case_and_kept_in_lower_case(api: Api) -> None:
    made = api.call("PUT", f"/products/{SKU.upper()}", json=product_body(TEAMS1.upper(), EXCHANGE))
    app = put(api, "/apps/payroll", app_body(servicePlanIds=[PAYROLL.upper()]))
    api.turn(on=True)
    chosen = [{"skuId": SKU.upper(), "disabledServicePlanIds": [EXCHANGE.upper()]}]
    policy = api.call("POST", "/policies", json=policy_body(products=chosen)).json()

    assert made.json()["skuId"] == SKU
    assert made.json()["servicePlans"][0]["servicePlanId"] == TEAMS1
    assert api.call("GET", f"/products/{SKU}").json() == made.json()
    assert api.call("GET", f"/products/{SKU.upper()}").json() == made.json()
    assert app["servicePlanIds"] == [PAYROLL]
    assert policy["products"][0]["skuId"] == SKU
    assert policy["products"][0]["disabledServicePlanIds"] == [EXCHANGE]
    assert api.call("GET", f"/policies/{policy['id'].upper()}").json() == policy


def test_a_tenant_is_the_same_in_any_case(api: Api) -> None:
    stock(api)

    body = sign_in_body(api.tenant_id.upper())

    assert write(api, "sign-in").send_json(body).json()["outcome"] == "claimed"


@pytest.mark.parametrize("field", ["servicePlanIds", "clientAppIds"])
def test_an_id_twice_in_another_case_is_a_duplicate(api: Api, field: str) -> None:
    response = api.call("PUT", "/apps/payroll", json=app_body(**{field: [EXCHANGE, PAYROLL, EXCHANGE.upper()]}))

    check_invalid(response, field, says=(EXCHANGE, "twice"))


APP_IDS = ["a", "9", "_", "~", "-", "...", "A.b_c~d-e", "x" * 128, "con", "%41"]
NO_APP_IDS = ["x" * 129, "a b", "a@b", "a:b", "a+b", "a|b", "a=b", "a'b", "a\\b", "a?b", "a#b", "ä", "a\n", "\u212a"]
APP_FORM = "1 to 128 of A-Z a-z 0-9 . _ ~ -"


@pytest.mark.parametrize("app_id", APP_IDS, ids=lambda text: text[:20])
def test_an_app_id_of_the_right_form_is_taken(api: Api, app_id: str) -> None:
    path = f"/apps/{app_id}"

    made = api.call("PUT", path, json=app_body())

    assert made.status_code == 201
    assert api.call("GET", path).json() == made.json()
    assert made.json()["id"] == ("A" if app_id == "%41" else app_id)
    assert api.call("DELETE", path, headers={"If-Match": "*"}).status_code == 204


@pytest.mark.parametrize("app_id", NO_APP_IDS, ids=ascii)
def test_an_app_id_of_another_form_is_refused(api: Api, app_id: str) -> None:
    in_path = api.call("PUT", f"/apps/{quote(app_id, safe='')}", json=app_body())
    in_body = api.call("POST", "/policies", json=policy_body(appId=app_id))

    check_error(in_path, 400, "InvalidId", target="appId", says=APP_FORM)
    check_invalid(in_body, "appId", says=APP_FORM)


@pytest.mark.parametrize("app_id", [".", "..", "", ". ", "a/b"])
def test_an_app_id_that_a_path_cannot_hold_is_refused_in_a_body(api: Api, app_id: str) -> None:
    check_invalid(api.call("POST", "/policies", json=policy_body(appId=app_id)), "appId", says=APP_FORM)


@pytest.mark.parametrize("dots", [".", "..", "%2e", "%2E%2E", "a%2Fb", "a/b"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_dots_and_slashes_in_a_path_reach_no_app(api: Api, method: str, dots: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=10)
    headers = {"Authorization": f"Bearer {api.manager}", "Content-Type": "application/json", "If-Match": "*"}

    connection.request(method, f"/api/apps/{dots}", b"{}", headers)
    status = connection.getresponse().status
    connection.close()

    assert status in {400, 404}
    assert [app["id"] for app in api.call("GET", "/apps").json()["value"]] == ["microsoft-teams"]


def test_app_ids_are_compared_exactly(api: Api) -> None:
    put(api, "/apps/payroll", app_body(clientAppIds=["one"]))
    put(api, "/apps/Payroll", app_body(clientAppIds=["two"]))

    assert api.call("GET", "/apps/payroll").json()["clientAppIds"] == ["one"]
    assert api.call("GET", "/apps/Payroll").json()["clientAppIds"] == ["two"]
    assert api.call("GET", "/apps/PAYROLL").status_code == 404


CLIENT_APP_IDS = ["a", "!", "~", "x" * 256, 'https://a.example/?b=c&d#e"f\\g', "<a>", "{" + SKU + "}"]
NO_CLIENT_APP_IDS = ["", "x" * 257, " a", "a ", "a b", "a\tb", "a\n", "\x7f", "ä", "\N{NO-BREAK SPACE}", "\u200b"]


@pytest.mark.parametrize("client_app_id", CLIENT_APP_IDS, ids=lambda text: text[:20])
def test_a_client_app_id_is_printable_ascii_without_blanks(api: Api, client_app_id: str) -> None:
    assert put(api, "/apps/payroll", app_body(clientAppIds=[client_app_id]))["clientAppIds"] == [client_app_id]


@pytest.mark.parametrize("client_app_id", NO_CLIENT_APP_IDS, ids=ascii)
def test_a_client_app_id_of_another_form_is_refused(api: Api, client_app_id: str) -> None:
    response = api.call("PUT", "/apps/payroll", json=app_body(clientAppIds=["fine", client_app_id]))

    check_invalid(response, "clientAppIds[1]", says="1 to 256 printable ASCII characters without blanks")


def test_a_client_app_id_is_compared_exactly_but_a_guid_in_any_case(api: Api) -> None:
    stock(api)
    app = app_body(name="Teams", clientAppIds=["Web", SKU.upper()], servicePlanIds=[TEAMS1])
    put(api, "/apps/microsoft-teams", app)

    assert api.call("GET", "/apps/microsoft-teams").json()["clientAppIds"] == ["Web", SKU]
    assert api.sign_in("ada", app_id="web").json()["outcome"] == "noPolicy"
    assert api.sign_in("ada", app_id=SKU.upper()).json()["outcome"] == "claimed"
    assert api.sign_in("bob", app_id="Web").json()["outcome"] == "claimed"


USER_IDS = ["a", "...", "ada@contoso.example", "auth0|1=2+3:4", "A.b_c~d-e", "x" * 128, EXCHANGE]
NO_USER_IDS = [".", "..", "", "x" * 129, "a b", " a", "a/b", "a\\b", "a#b", "a?b", "a%b", "a,b", "ä", "a\n", "\0", "'"]
USER_FORM = "1 to 128 of A-Z a-z 0-9 . _ ~ @ | : + = -"


@pytest.mark.parametrize("user_id", USER_IDS, ids=lambda text: text[:20])
def test_a_user_id_of_the_right_form_is_taken(api: Api, user_id: str) -> None:
    stock(api)

    claim(api, user_id)

    assert api.sign_in(user_id).json()["outcome"] == "alreadyLicensed"


@pytest.mark.parametrize("user_id", NO_USER_IDS, ids=ascii)
def test_a_user_id_of_another_form_is_refused(api: Api, user_id: str) -> None:
    event = write(api, "Entra's event")

    told = api.sign_in(user_id)
    told_by_entra = event.send_json(event_body(api.tenant_id, user_id))

    check_invalid(told, "user.id", says=USER_FORM)
    check_invalid(told_by_entra, "data.authenticationContext.user.id", says=USER_FORM)


def test_user_ids_are_compared_exactly(api: Api) -> None:
    stock(api)

    first, second = claim(api, "ada"), claim(api, "Ada")

    assert first["license"]["assignedAt"] <= second["license"]["assignedAt"]
    assert api.call("GET", f"/products/{SKU}").json()["assignedLicenses"] == 2


NAMES: dict[str, tuple[str, str]] = {
    "blanks around": ("  Payroll \n", "Payroll"),
    "exotic blanks around": ("\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}Payroll\t\r", "Payroll"),
    "blanks inside": ("Pay  roll", "Pay  roll"),
    "decomposed": ("Cafe\N{COMBINING ACUTE ACCENT}", "Caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
    "compatibility forms stay": ("\N{LATIN SMALL LIGATURE FI}", "\N{LATIN SMALL LIGATURE FI}"),
    "one": ("x", "x"),
    "128": ("x" * 128, "x" * 128),
    "128 after trimming": (" " * 500 + "x" * 128 + " ", "x" * 128),
    "128 after composing": ("e\N{COMBINING ACUTE ACCENT}" * 128, "\N{LATIN SMALL LETTER E WITH ACUTE}" * 128),
    "128 beyond the basic plane": ("\N{ROCKET}" * 128, "\N{ROCKET}" * 128),
    "markup and quotes": ("<b>&\"'\\</b>", "<b>&\"'\\</b>"),
    "right to left": ("\N{HEBREW LETTER ALEF}\N{RIGHT-TO-LEFT MARK}", "\N{HEBREW LETTER ALEF}\N{RIGHT-TO-LEFT MARK}"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_trimmed_and_composed(api: Api, name: str) -> None:
    sent, kept = NAMES[name]
    product = product_body(skuPartNumber=sent, displayName=sent, servicePlans=[plan_body(TEAMS1, "x")])
    product["servicePlans"][0].update(servicePlanName=sent, displayName=sent)

    app = put(api, "/apps/payroll", app_body(name=sent))
    put(api, f"/products/{SKU}", product)
    api.turn(on=True)
    policy = api.create_policy(SKU, name=sent)

    read = api.call("GET", f"/products/{SKU}").json()
    assert app["name"] == kept
    assert (read["skuPartNumber"], read["displayName"]) == (kept, kept)
    assert read["servicePlans"] == [{"servicePlanId": TEAMS1, "servicePlanName": kept, "displayName": kept}]
    assert api.call("GET", f"/policies/{policy['id']}").json()["name"] == kept


NO_NAMES: dict[str, Any] = {
    "empty": "",
    "blanks only": " \t\n\N{NO-BREAK SPACE}",
    "129": "x" * 129,
    "129 beyond the basic plane": "\N{ROCKET}" * 129,
    "129 after composing": "\N{DEVANAGARI LETTER QA}" * 65,
    "a NUL": "a\0b",
    "a tab": "a\tb",
    "a line end": "a\nb",
    "DEL": "a\x7fb",
    "a C1 control": "a\x85b",
    "a number": 5,
    "null": None,
    "a list": ["a"],
}


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_of_another_form_is_refused(api: Api, name: str) -> None:
    sent = NO_NAMES[name]
    product = product_body(skuPartNumber=sent, displayName=sent)
    product["servicePlans"][1].update(servicePlanName=sent, displayName=sent)

    app = api.call("PUT", "/apps/payroll", json=app_body(name=sent))
    made = api.call("PUT", f"/products/{SKU}", json=product)
    policy = api.call("POST", "/policies", json=policy_body(name=sent))

    places = ("skuPartNumber", "displayName", "servicePlans[1].servicePlanName", "servicePlans[1].displayName")
    details = {**check_invalid(app, "name"), **check_invalid(policy, "name"), **check_invalid(made, *places)}
    if isinstance(sent, str):
        assert all("1 to 128 characters" in detail["message"] for detail in details.values())


@pytest.mark.parametrize("field", ["userPrincipalName", "displayName"])
@pytest.mark.parametrize("name", ["x" * 256, "\N{ROCKET}" * 256, " " + "x" * 256 + "\n"], ids=["256", "astral", "trim"])
def test_a_persons_name_may_have_256_characters(api: Api, field: str, name: str) -> None:
    body = sign_in_body(api.tenant_id, user={"id": "ada", field: name})

    assert write(api, "sign-in").send_json(body).status_code == 200


@pytest.mark.parametrize("field", ["userPrincipalName", "displayName"])
@pytest.mark.parametrize("name", ["x" * 257, "", " ", "a\0b", "a\nb", 5, True, [], {}], ids=repr)
def test_a_persons_name_of_another_form_is_refused(api: Api, field: str, name: object) -> None:
    body = sign_in_body(api.tenant_id, user={"id": "ada", field: name})

    details = check_invalid(write(api, "sign-in").send_json(body), f"user.{field}")

    assert not isinstance(name, str) or "256" in details[f"user.{field}"]["message"]


@pytest.mark.parametrize("surrogate", [b"\\ud83d", b"\\ude80\\ud83d"])
@pytest.mark.parametrize("field", ["id", "userPrincipalName", "displayName"])
def test_no_lone_surrogate_gets_into_a_user(api: Api, field: str, surrogate: bytes) -> None:
    user = b'{"id":"ada","' + field.encode() + b'":"' + surrogate + b'"}'
    user = b'{"id":"' + surrogate + b'"}' if field == "id" else user
    tenant_id = api.tenant_id.encode()

    response = write(api, "sign-in").send(b'{"tenantId":"' + tenant_id + b'","appId":"a","user":' + user + b"}")

    check_invalid(response, f"user.{field}")


def test_a_path_that_is_not_utf_8_is_no_app(api: Api) -> None:
    response: httpx.Response = api.call("GET", "/apps/%ff%fe")

    check_error(response, 400, "InvalidId", target="appId")
