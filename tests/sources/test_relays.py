"""The Python of docs/sources where answers are late, lost or refusals: against a server that says what it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest

from localhost.ports import LOOPBACK
from tests.sources.pages import page

SIGN_IN = {"tenantId": "t", "appId": "a", "user": {"id": "ada"}, "signInId": "one"}

Answer = tuple[int, dict[str, str], Any]


@contextmanager
def _server(answer: Callable[[str, Any], Answer]) -> Iterator[str]:
    """Serves what `answer` says to a path and a body, status 0 being a connection that breaks; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            status, headers, body = answer(self.path, json.loads(self.rfile.read(length) or b"null"))
            if status == 0:
                self.close_connection = True
                return
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815 - the name that http.server calls

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _defined(*names: str) -> dict[str, Any]:
    defined: dict[str, Any] = {}
    for name in names:
        exec(page(name).one("python").text, defined)  # noqa: S102 - the pages are ours
    return defined


def _in_turn(*answers: Answer) -> tuple[Callable[[str, Any], Answer], list[Any]]:
    """Gives these answers one after the other, and the list of bodies that came."""
    rest, came = list(answers), []

    def answer(_path: str, body: Any) -> Answer:
        came.append(body)
        return rest.pop(0)

    return answer, came


BUSY: Answer = (503, {"Retry-After": "3"}, {"error": {"code": "ServiceUnavailable"}})
LOST: Answer = (0, {}, None)
CLAIMED: Answer = (200, {}, {"outcome": "claimed"})


def test_a_busy_app_and_a_lost_connection_are_told_again_with_longer_pauses() -> None:
    pauses: list[float] = []
    answer, came = _in_turn(BUSY, BUSY, LOST, CLAIMED)

    with _server(answer) as url:
        told = _defined("own-app")["tell"](url, "key", SIGN_IN, wait=pauses.append)

    assert told == {"outcome": "claimed"}
    assert came == [SIGN_IN] * 4
    assert 3 <= pauses[0] <= 4.5
    assert 6 <= pauses[1] <= 9
    assert 4 <= pauses[2] <= 6


def test_telling_again_ends() -> None:
    pauses: list[float] = []
    answer, came = _in_turn(*[BUSY] * 5)

    with _server(answer) as url, pytest.raises(TimeoutError, match="sign-in one in 5 attempts"):
        _defined("own-app")["tell"](url, "key", SIGN_IN, wait=pauses.append)

    assert len(came) == len(pauses) == 5


@pytest.mark.parametrize("status", [400, 401, 500])
def test_what_is_refused_is_not_told_again(status: int) -> None:
    answer, came = _in_turn((status, {}, {}))

    with _server(answer) as url, pytest.raises(HTTPError) as refused:
        _defined("own-app")["tell"](url, "key", SIGN_IN)

    with refused.value as error:
        assert error.code == status
    assert len(came) == 1


ROW = {"id": "r1", "createdDateTime": "2026-11-23T09:00:00Z", "userId": "ada", "appId": "a", "status": {"errorCode": 0}}


def test_a_refused_row_is_written_down_and_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    code = _defined("own-app", "entra-sign-in-logs")
    answer, came = _in_turn((400, {}, {"error": {"message": "no such user"}}), CLAIMED)
    told: set[str] = set()

    with _server(answer) as url:
        code["relay"](url, "key", "t", [ROW, {**ROW, "id": "r2"}], told)

    assert told == {"r1", "r2"}
    assert [each["signInId"] for each in came] == ["r1", "r2"]
    assert "r1 is refused" in capsys.readouterr().err


@pytest.mark.parametrize("status", [401, 500])
def test_a_row_that_was_not_answered_is_told_in_the_next_run(status: int) -> None:
    code = _defined("own-app", "entra-sign-in-logs")
    answer, _ = _in_turn((status, {}, {}))
    told: set[str] = set()

    with _server(answer) as url, pytest.raises(HTTPError) as refused:
        code["relay"](url, "key", "t", [ROW], told)

    refused.value.close()
    assert told == set()


def test_what_failed_or_is_nobodys_is_not_told() -> None:
    sign_in_of = _defined("entra-sign-in-logs")["sign_in_of"]

    assert sign_in_of("t", {**ROW, "status": {"errorCode": 50126}}) is None
    assert sign_in_of("t", {**ROW, "userId": ""}) is None
    named = sign_in_of("t", {**ROW, "userDisplayName": "", "userPrincipalName": None})
    assert named["user"] == {"id": "ada", "userPrincipalName": None, "displayName": None}


def test_the_log_is_read_page_by_page_for_the_apps_that_count() -> None:
    asked: list[str] = []

    def graph(path: str, _body: Any) -> Answer:
        asked.append(path)
        place = len(asked)
        more = {"@odata.nextLink": f"{url}/v1.0/auditLogs/signIns?$skiptoken={place}"} if place < 3 else {}
        return 200, {}, {"value": [{"id": place}], **more}

    with _server(graph) as url:
        found = list(_defined("entra-sign-in-logs")["rows"](url, "token", "2026-11-23T08:00:00Z", ["a1", "a2"]))

    assert [row["id"] for row in found] == [1, 2, 3]
    first = parse_qs(urlsplit(asked[0]).query)["$filter"]
    assert first == [
        "createdDateTime ge 2026-11-23T08:00:00Z and status/errorCode eq 0 and (appId eq 'a1' or appId eq 'a2')"
    ]
    assert asked[1:] == ["/v1.0/auditLogs/signIns?$skiptoken=1", "/v1.0/auditLogs/signIns?$skiptoken=2"]


def test_only_successful_sign_ins_to_known_applications_are_googles() -> None:
    code = _defined("google-workspace")
    (activity,) = page("google-workspace").one("json", "input").content["items"]
    (event,) = activity["events"]

    def with_event(**changes: Any) -> Any:
        return {**activity, "events": [{**event, **changes}]}

    assert code["sign_in_of"]("t", with_event(name="login_failure")) is None
    other = [{"name": "application_name", "value": "Another"}]
    assert code["sign_in_of"]("t", with_event(parameters=other)) is None
    assert code["sign_in_of"]("t", activity)["appId"] == "google-payroll"
