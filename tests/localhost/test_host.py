"""The host's own rules, on the toy app."""

import asyncio
import importlib.util
from collections.abc import AsyncIterator, Callable
from types import ModuleType
from typing import Any

import azure.functions as func
import httpx
import pytest

from localhost import host, timers
from localhost.host import build_host
from localhost.indexing import UnservableFunctionError
from localhost.keys import Keys
from localhost.schedule import InvalidScheduleError
from tests.localhost import toy_app

KEYS = Keys(function="function-key", master="master-key")
GUID = "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30"
MASTER = {"x-functions-key": KEYS.master}


def new_toy() -> ModuleType:
    """A second copy of the module: the functions of an app can be listed only once."""
    specification = importlib.util.spec_from_file_location("another_toy_app", str(toy_app.__file__))
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def toy() -> ModuleType:
    return new_toy()


@pytest.fixture
async def client(toy: ModuleType) -> AsyncIterator[httpx.AsyncClient]:
    app = build_host(toy.app, KEYS, runs_timers=False)
    async with (
        app.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy.example:7071") as opened,
    ):
        yield opened


def is_bare(response: httpx.Response, status: int) -> bool:
    return (response.status_code, response.content) == (status, b"") and set(response.headers) <= {"content-length"}


async def shown(client: httpx.AsyncClient, path: str, **options: Any) -> dict[str, Any]:
    response = await client.request(options.pop("method", "GET"), path, **options)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize(
    ("method", "path", "reached"),
    [
        ("GET", f"/api/things/{GUID}", "a_thing"),
        ("GET", "/api/things/other", "b_any_word"),
        ("GET", "/api/things/literal", "b_any_word"),
        ("POST", "/api/things/literal", "c_literal"),
        ("GET", "/API/Things/LITERAL/", "b_any_word"),
        ("GET", "/api/numbers/7", "number"),
        ("GET", "/api/numbers/7/seven", "number"),
        ("GET", "/api/files/a/b/c.txt", "files"),
        ("DELETE", "/api/every-method", "every_method"),
        ("HEAD", "/api/every-method", "every_method"),
    ],
)
async def test_the_first_function_by_name_whose_route_and_method_fit_is_reached(
    client: httpx.AsyncClient, method: str, path: str, reached: str
) -> None:
    response = await client.request(method, path)
    assert response.status_code == 200
    assert method == "HEAD" or response.json()["reached"] == reached


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/echo"),
        ("GET", "/api"),
        ("GET", "/api/unknown"),
        ("GET", "/api/unknown%0A"),
        ("HEAD", "/api/echo"),
        ("OPTIONS", "/api/echo"),
        ("DELETE", "/api/with-function-key"),
        ("PUT", "/api/things/no-guid"),
        ("GET", "/api/numbers/seven"),
        ("GET", "/api/echo/more"),
        ("GET", "/api//echo"),
    ],
)
async def test_an_unknown_route_or_method_is_a_bare_404(client: httpx.AsyncClient, method: str, path: str) -> None:
    assert is_bare(await client.request(method, path), 404)


async def test_route_parameters_arrive_decoded(client: httpx.AsyncClient) -> None:
    assert (await shown(client, "/api/things/a%20%C3%A4%2Fb+c%7C"))["route"] == {"word": "a ä%2Fb+c|"}
    assert (await shown(client, "/api/numbers/7"))["route"] == {"n": "7"}
    assert (await shown(client, "/api/files/a/b"))["route"] == {"rest": "a/b"}


async def test_empty_query_parameters_are_absent_and_repeated_ones_joined(client: httpx.AsyncClient) -> None:
    answer = await shown(client, "/api/echo?a=&b=1&b=2&c=x%20y+z&d&E=5&e=6")
    assert answer["params"] == {"b": "1,2", "c": "x y z", "E": "5,6"}


async def test_the_url_is_absolute_with_the_hosts_name_and_the_query(client: httpx.AsyncClient) -> None:
    assert (await shown(client, "/api/echo?top=5"))["url"] == "http://toy.example:7071/api/echo?top=5"
    headers = {"Host": "portal.example", "X-Forwarded-Proto": "https"}
    assert (await shown(client, "/api/echo", headers=headers))["url"] == "http://portal.example/api/echo"


async def test_identity_headers_are_dropped_and_others_arrive_in_lower_case(client: httpx.AsyncClient) -> None:
    sent = {
        "X-MS-CLIENT-PRINCIPAL": "forged",
        "X-Ms-Client-Principal-Id": "forged",
        "x-ms-token-aad-id-token": "forged",
        "x-ms-client-request-id": "mine",
        "If-Match": '"5"',
    }
    headers = (await shown(client, "/api/echo", headers=sent))["headers"]
    assert headers["x-ms-client-request-id"] == "mine"
    assert headers["if-match"] == '"5"'
    assert not any("principal" in name or "token" in name for name in headers)
    assert all(name == name.lower() for name in headers)


async def test_a_repeated_header_arrives_joined(client: httpx.AsyncClient) -> None:
    repeated = [("If-Match", '"1"'), ("If-Match", '"2"')]
    assert (await shown(client, "/api/echo", headers=repeated))["headers"]["if-match"] == '"1","2"'


async def test_a_body_arrives_and_a_chunked_one_is_empty(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"hello"

    assert (await shown(client, "/api/echo", method="POST", content=b"hello"))["body"] == "hello"
    assert (await shown(client, "/api/echo", method="POST", content=chunks()))["body"] == ""


async def test_a_body_over_the_limit_is_a_bare_413(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert host.BODY_BYTES_MAX == 104_857_600
    monkeypatch.setattr(host, "BODY_BYTES_MAX", 10)
    assert (await shown(client, "/api/echo", method="POST", content=b"x" * 10))["body"] == "x" * 10
    assert is_bare(await client.post("/api/echo", content=b"x" * 11), 413)


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("/api/with-function-key", None, 401),
        ("/api/with-function-key", "", 401),
        ("/api/with-function-key", "wrong", 401),
        ("/api/with-function-key", "schlüssel", 401),
        ("/api/with-function-key", KEYS.function, 200),
        ("/api/with-function-key", KEYS.master, 200),
        ("/api/with-master-key", None, 401),
        ("/api/with-master-key", KEYS.function, 401),
        ("/api/with-master-key", KEYS.master, 200),
    ],
)
@pytest.mark.parametrize("place", ["header", "query"])
async def test_a_key_opens_the_functions_of_its_level(
    client: httpx.AsyncClient, path: str, key: str | None, status: int, place: str
) -> None:
    if key is None:
        response = await client.get(path)
    elif place == "header":
        response = await client.get(path, headers=[(b"x-functions-key", key.encode())])
    else:
        response = await client.get(path, params={"code": key})
    assert response.status_code == status
    assert status == 200 or is_bare(response, 401)


@pytest.mark.parametrize("in_header", ["wrong", ""])
async def test_a_wrong_key_in_the_header_is_not_made_good_by_the_query(
    client: httpx.AsyncClient, in_header: str
) -> None:
    path = f"/api/with-function-key?code={KEYS.function}"
    assert is_bare(await client.get(path, headers={"x-functions-key": in_header}), 401)


async def test_of_several_keys_in_the_query_the_first_counts(client: httpx.AsyncClient) -> None:
    path = "/api/with-function-key?CODE={}&code={}"
    assert (await client.get(path.format(KEYS.function, "wrong"))).status_code == 200
    assert is_bare(await client.get(path.format("wrong", KEYS.function)), 401)


async def test_async_functions_share_the_event_loop_and_others_run_in_a_thread(client: httpx.AsyncClient) -> None:
    assert (await shown(client, "/api/echo"))["thread"] is True
    assert (await shown(client, "/api/in-a-thread"))["thread"] is False


async def test_an_answer_arrives_as_the_function_made_it(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/teapot")
    assert (response.status_code, response.json()) == (418, {"tea": True})
    assert response.headers == {"x-kind": "clay", "content-type": "application/json", "content-length": "12"}
    assert (await client.get("/api/echo")).headers["content-type"] == "text/plain; charset=utf-8"


async def test_an_answer_without_content_has_no_body(client: httpx.AsyncClient) -> None:
    response = await client.request("DELETE", "/api/nothing", content=b"body")
    assert (response.status_code, response.content) == (204, b"")
    assert "content-length" not in response.headers


@pytest.mark.parametrize("path", ["/api/a-dict", "/api/a-fault", "/api/teapot?kind=a%0D%0Aset-cookie:b"])
async def test_a_fault_of_a_function_is_a_bare_500_and_is_logged(
    client: httpx.AsyncClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert is_bare(await client.get(path), 500)
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def test_a_path_that_the_web_server_refuses_is_a_bare_400(client: httpx.AsyncClient) -> None:
    assert is_bare(await client.get("/api/things/a%00b"), 400)


async def test_a_timer_function_starts_by_hand_with_the_master_key(client: httpx.AsyncClient, toy: ModuleType) -> None:
    for content in (b"{}", b'{"input":""}'):
        assert is_bare(await client.post("/admin/functions/Rare_Timer", headers=MASTER, content=content), 202)
        assert await asyncio.wait_for(toy.timer_runs.get(), 5) is False


@pytest.mark.parametrize(
    ("method", "name", "key", "content", "status"),
    [
        ("POST", "rare_timer", "", b"{}", 401),
        ("POST", "rare_timer", KEYS.function, b"{}", 401),
        ("POST", "unknown", "", b"{}", 401),
        ("POST", "unknown", KEYS.master, b"{}", 404),
        ("POST", "echo", KEYS.master, b"{}", 404),
        ("GET", "rare_timer", KEYS.master, b"{}", 404),
        ("POST", "rare_timer", KEYS.master, b"", 400),
        ("POST", "unknown", KEYS.master, b"", 400),
        ("POST", "rare_timer", KEYS.master, b"[]", 400),
    ],
)
async def test_nothing_else_starts_by_hand(  # noqa: PLR0913, PLR0917 - a table of requests
    client: httpx.AsyncClient, toy: ModuleType, method: str, name: str, key: str, content: bytes, status: int
) -> None:
    response = await client.request(
        method, f"/admin/functions/{name}", headers={"x-functions-key": key}, content=content
    )
    assert is_bare(response, status)
    assert toy.timer_runs.empty()


async def test_runs_by_hand_are_bounded(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "RUNS_AT_ONCE_MAX", 0)
    assert is_bare(await client.post("/admin/functions/rare_timer", headers=MASTER, content=b"{}"), 429)


async def test_one_process_runs_timers_on_their_schedule() -> None:
    ran = asyncio.Event()

    async def often(timer: func.TimerRequest) -> None:
        assert timer.past_due is False
        ran.set()

    app = func.FunctionApp()
    app.timer_trigger(arg_name="timer", schedule="* * * * * *")(often)
    served = build_host(app, KEYS, runs_timers=True)
    async with served.lifespan_context(served):
        await asyncio.wait_for(ran.wait(), 5)


async def test_the_other_processes_run_no_timers(toy: ModuleType) -> None:
    served = build_host(toy.app, KEYS, runs_timers=False)
    tasks = asyncio.all_tasks()
    async with served.lifespan_context(served):
        assert asyncio.all_tasks() == tasks


def _takes_more(app: func.FunctionApp) -> None:
    async def greedy(req: func.HttpRequest, context: func.Context, more: str) -> str:
        return f"{req.url}{context}{more}"

    app.route("greedy")(greedy)


def _has_a_queue(app: func.FunctionApp) -> None:
    async def queued(msg: func.QueueMessage) -> None:
        msg.get_body()

    app.queue_trigger(arg_name="msg", queue_name="q", connection="C")(queued)


@pytest.mark.parametrize("add", [_takes_more, _has_a_queue])
def test_a_function_that_cannot_be_served_is_refused_at_the_start(add: Callable[[func.FunctionApp], None]) -> None:
    app = func.FunctionApp()
    add(app)
    with pytest.raises(UnservableFunctionError, match=r"greedy|queued"):
        build_host(app, KEYS)


def test_a_schedule_whose_setting_is_missing_is_refused_at_the_start() -> None:
    async def sometimes(timer: func.TimerRequest) -> None:
        raise AssertionError(timer)

    app = func.FunctionApp()
    app.timer_trigger(arg_name="timer", schedule="%NO_SUCH_SETTING%")(sometimes)
    with pytest.raises(InvalidScheduleError, match="NO_SUCH_SETTING"):
        build_host(app, KEYS)
