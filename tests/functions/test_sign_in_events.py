"""POST /sign-ins: what is taken as a sign-in, and from whom."""

import httpx
import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_bare, check_invalid
from tests.functions.valid import (
    sign_in_body,
    stock,
    write,
)


def test_optional_fields_may_be_null(api: Api) -> None:
    stock(api)
    user = {"id": "ada", "userPrincipalName": None, "displayName": None}
    body = sign_in_body(api.tenant_id, user=user, signInId=None, signedInAt=None)

    response = write(api, "sign-in").send_json(body)

    assert response.json()["outcome"] == "claimed"


@pytest.mark.parametrize("field", ["tenantId", "appId", "user"])
def test_needed_fields_may_not_be_null_or_missing(api: Api, field: str) -> None:
    body = sign_in_body(api.tenant_id)

    null = write(api, "sign-in").send_json({**body, field: None})
    missing = write(api, "sign-in").send_json({name: value for name, value in body.items() if name != field})

    check_invalid(null, field, says="null")
    check_invalid(missing, field, says=f"{field} is missing")


@pytest.mark.parametrize(
    ("user", "target"),
    [
        ({"id": None}, "user.id"),
        ({}, "user.id"),
        ({"id": "ada", "mail": "a"}, "user.mail"),
        ([], "user"),
        ("a", "user"),
    ],
    ids=repr,
)
def test_a_user_has_an_id_and_no_unknown_fields(api: Api, user: object, target: str) -> None:
    check_invalid(write(api, "sign-in").send_json(sign_in_body(api.tenant_id, user=user)), target)


@pytest.mark.parametrize("field", ["claimedAt", "policyId", "userId", "app_id"])
def test_an_unknown_field_is_refused_even_if_it_is_null(api: Api, field: str) -> None:
    check_invalid(write(api, "sign-in").send_json(sign_in_body(api.tenant_id, **{field: None})), field)


@pytest.mark.parametrize("sign_in_id", ["x", " ", "a b", "~" * 128])
def test_a_sign_in_id_is_printable_ascii(api: Api, sign_in_id: str) -> None:
    assert api.sign_in("ada", signInId=sign_in_id).json()["outcome"] == "featureOff"


@pytest.mark.parametrize("sign_in_id", ["", "x" * 129, "ä", "a\n", "a\0", "\x7f", 5, True, [], {}], ids=repr)
def test_a_sign_in_id_of_another_form_is_refused(api: Api, sign_in_id: object) -> None:
    check_invalid(api.sign_in("ada", signInId=sign_in_id), "signInId")


TIMES = [
    "2026-01-31T09:00:00Z",
    "2026-01-31T09:00:00.5Z",
    "2026-01-31T09:00:00.123456789Z",
    "2026-01-31T09:00:00+02:00",
    "2026-01-31T09:00:00.000-23:59",
    "2026-01-31t09:00:00Z",
    "1999-12-31T23:59:59Z",
    "2400-02-29T00:00:00Z",
    "2026-01-31T09:00:00z",
]
NO_TIMES = [
    *("", "now", "2026-01-31", "2026-01-31T09:00:00", "2026-01-31 09:00:00Z", "2026-01-31T09:00Z"),
    *("2026-02-30T09:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T09:60:00Z", "2026-01-31T09:00:00,5Z"),
    *("2026-01-31T09:00:00+0200", "2026-01-31T09:00:00+24:00", "20260131T090000Z", "2026-W05-6T09:00:00Z"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", " 2026-01-31T09:00:00Z", "2026-01-31T09:00:00Z\n"),
    *("\N{ARABIC-INDIC DIGIT TWO}026-01-31T09:00:00Z", "+2026-01-31T09:00:00Z", 1769850000, True, {}),
]


@pytest.mark.parametrize("signed_in_at", TIMES)
def test_a_time_of_a_sign_in_is_rfc_3339_and_decides_nothing(api: Api, signed_in_at: str) -> None:
    stock(api)

    assert api.sign_in("ada", signedInAt=signed_in_at).json()["outcome"] == "claimed"


@pytest.mark.parametrize("signed_in_at", NO_TIMES, ids=repr)
def test_a_time_of_another_form_is_refused(api: Api, signed_in_at: object) -> None:
    details = check_invalid(api.sign_in("ada", signedInAt=signed_in_at), "signedInAt")

    assert not isinstance(signed_in_at, str) or "RFC 3339" in details["signedInAt"]["message"]


@pytest.mark.parametrize("app_id", ["", "a b", "ä", "x" * 257, "a\n", None, 5])
def test_an_app_of_a_form_that_no_id_has_is_refused(api: Api, app_id: object) -> None:
    check_invalid(write(api, "sign-in").send_json(sign_in_body(api.tenant_id, appId=app_id)), "appId")


def _send(api: Api, query: str = "", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.anonymous("POST", f"/sign-ins{query}", json=sign_in_body(api.tenant_id), headers=named)


def test_the_function_key_opens_as_a_header_or_in_the_query(api: Api) -> None:
    keys = api.served.keys

    for response in (
        _send(api, x_functions_key=keys.function),
        _send(api, f"?code={keys.function}"),
        _send(api, x_functions_key=keys.master),
    ):
        assert response.json()["outcome"] == "featureOff"


def test_without_the_function_key_the_host_answers_bare_401(api: Api) -> None:
    for response in (
        _send(api),
        _send(api, x_functions_key="wrong"),
        _send(api, "?code=wrong"),
        _send(api, "?code="),
        _send(api, x_functions_key=api.served.keys.function[:-1]),
        _send(api, Authorization=f"Bearer {api.manager}"),
    ):
        check_bare(response, 401)
