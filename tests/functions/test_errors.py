"""Errors, and the headers that every answer has."""

from collections.abc import Callable

import httpx
import pytest

from functions.http.errors import RETRY_AFTER_MOST_SECONDS
from tests.functions.conftest import Api
from tests.functions.faults import check_bare, check_envelope, check_error, check_headers
from tests.functions.valid import EXTENSION_PATH, SKU, WRITES, app_body, policy_body, product_body, put, write

ANSWERS: dict[str, tuple[int, Callable[[Api], httpx.Response]]] = {
    "a resource": (200, lambda api: api.call("GET", "/settings")),
    "a list": (200, lambda api: api.call("GET", "/apps")),
    "a new resource": (201, lambda api: api.call("PUT", "/apps/payroll", json=app_body())),
    "a deletion": (204, lambda api: api.call("DELETE", "/apps/microsoft-teams", headers={"If-Match": "*"})),
    "a sign-in": (200, lambda api: api.sign_in("ada")),
    "health": (200, lambda api: api.anonymous("GET", "/health")),
    "a body that is not JSON": (400, lambda api: write(api, "settings").send(b"no")),
    "no token": (401, lambda api: api.anonymous("GET", "/settings")),
    "no token of Entra": (401, lambda api: api.anonymous("POST", EXTENSION_PATH, json={})),
    "no right": (403, lambda api: api.call("GET", "/settings", token=api.token("none"))),
    "nothing there": (404, lambda api: api.call("GET", "/apps/nothing")),
    "a conflict": (409, lambda api: api.call("POST", "/policies", json=_policy_while_off(api))),
    "an old version": (412, lambda api: api.call("PATCH", "/settings", json={}, headers={"If-Match": '"9"'})),
    "too long a body": (413, lambda api: write(api, "settings").send(b" " * 65_537)),
    "another media type": (415, lambda api: write(api, "settings").send(b"{}", media_type="text/plain")),
    "no precondition": (428, lambda api: api.call("PATCH", "/settings", json={})),
}


def _policy_while_off(api: Api) -> dict[str, object]:
    put(api, f"/products/{SKU}", product_body())
    return policy_body()


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_a_request_id_and_exposes_its_headers(api: Api, name: str) -> None:
    status, ask = ANSWERS[name]

    response = ask(api)

    assert response.status_code == status, response.text
    check_headers(response)


@pytest.mark.parametrize("name", [name for name, (status, _) in ANSWERS.items() if status >= 400])
def test_every_error_has_the_envelope_and_its_code_as_a_header(api: Api, name: str) -> None:
    _, ask = ANSWERS[name]

    check_envelope(ask(api))


@pytest.mark.parametrize("name", [name for name, (status, _) in ANSWERS.items() if status < 400])
def test_a_success_has_no_error_code(api: Api, name: str) -> None:
    _, ask = ANSWERS[name]

    assert "x-ms-error-code" not in ask(api).headers


def test_each_request_gets_an_id_of_its_own(api: Api) -> None:
    ids = {api.call("GET", "/settings").headers["x-ms-request-id"] for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize("path", ["/settings", "/apps/nothing", "/products/no-guid"])
@pytest.mark.parametrize("sent", ["1", "a request of mine!", "~" * 128], ids=["one", "with blanks", "longest"])
def test_the_callers_request_id_is_echoed(api: Api, path: str, sent: str) -> None:
    response = api.call("GET", path, headers={"x-ms-client-request-id": sent})

    assert response.headers["x-ms-client-request-id"] == sent
    assert response.headers["x-ms-request-id"] != sent


@pytest.mark.parametrize("sent", [None, b"", b"a" * 129, "ä".encode(), b"a\tb"])
def test_a_callers_request_id_of_another_form_is_ignored(api: Api, sent: bytes | None) -> None:
    own = [] if sent is None else [(b"x-ms-client-request-id", sent)]
    headers = httpx.Headers([(b"Authorization", f"Bearer {api.manager}".encode()), *own])

    response = api.anonymous("GET", "/settings", headers=headers)

    assert response.status_code == 200
    assert "x-ms-client-request-id" not in response.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/nothing"),
        ("GET", "/apps/payroll/nothing"),
        ("POST", "/apps"),
        ("PUT", "/policies"),
        ("PATCH", "/apps/payroll"),
        ("PUT", f"/policies/{SKU}"),
        ("DELETE", "/settings"),
        ("GET", "/sign-ins"),
        ("HEAD", "/settings"),
        ("OPTIONS", "/settings"),
        ("PROPFIND", "/settings"),
    ],
)
def test_an_unknown_route_or_method_is_the_hosts_bare_404(api: Api, method: str, path: str) -> None:
    check_bare(api.call(method, path), 404)


def test_routes_do_not_care_for_case_or_a_trailing_slash(api: Api) -> None:
    assert api.call("GET", "/SETTINGS/").json() == api.call("GET", "/settings").json()


@pytest.mark.parametrize("name", WRITES)
def test_no_error_repeats_a_credential(api: Api, name: str) -> None:
    operation = write(api, name)
    secrets = [value.removeprefix("Bearer ") for value in operation.credential.values()]

    for content in (b"", b"no", b"[]", b"{}", b'{"a":' * 40):
        text = operation.send(content).text
        assert not [secret for secret in secrets if secret in text]


def test_an_unknown_failure_is_internal_error_and_tells_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the key is 12345 in /etc/secret.py")

    monkeypatch.setattr("functions.triggers.settings.settings_answer", broken)

    response = api.call("GET", "/settings")

    check_error(response, 500, "InternalError", says="x-ms-request-id")
    assert "12345" not in response.text


def test_a_change_that_finds_the_queue_full_is_not_made(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("storage.engine.committer.ADMINISTRATORS_WAITING", 0)
        response = api.call("PATCH", "/settings", json={"autoClaimEnabled": True}, headers={"If-Match": "*"})

    check_error(response, 429, "TooManyRequests", says="not made")
    assert int(response.headers["Retry-After"]) >= 1
    assert api.call("GET", "/settings").json()["autoClaimEnabled"] is False


def test_a_sign_in_that_finds_the_queue_full_is_to_be_sent_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.committer.SIGN_INS_WAITING", 0)

    response = api.sign_in("ada")

    check_error(response, 503, "ServiceUnavailable")
    assert int(response.headers["Retry-After"]) >= 1


def test_those_who_are_sent_away_are_not_told_to_come_back_in_step(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.committer.SIGN_INS_WAITING", 0)
    told = {int(api.sign_in("ada").headers["Retry-After"]) for _ in range(50)}
    assert len(told) > 1
    assert told <= set(range(1, RETRY_AFTER_MOST_SECONDS + 1))


def test_entra_is_answered_pending_when_the_queue_is_full(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.committer.SIGN_INS_WAITING", 0)
    event = write(api, "Entra's event")

    response = event.send_json(event.body)

    assert response.status_code == 200
    assert response.json()["data"]["actions"][0]["claims"] == {"autoClaimOutcome": "pending"}
