"""The real request for a key set, against a server on this machine."""

import asyncio
import contextlib
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from functions.authentication.errors import KeyFetchError
from functions.authentication.fetch import LARGEST_KEY_SET_BYTES, fetch_key_set

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves one handler at every path of a free port."""
    runners: list[web.ServerRunner] = []

    async def start(handler: Handler) -> str:
        runner = web.ServerRunner(web.Server(handler), shutdown_timeout=1)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}/keys"

    yield start
    for runner in runners:
        await runner.cleanup()


async def test_the_body_of_a_200_is_given_as_it_is(serve: Serve) -> None:
    async def handler(request: web.BaseRequest) -> web.Response:
        assert (request.method, request.path) == ("GET", "/keys")
        return web.Response(body=b'{"keys": []}\xff')

    assert await fetch_key_set(await serve(handler)) == b'{"keys": []}\xff'


@pytest.mark.parametrize("status", [201, 204, 301, 302, 307, 308, 401, 404, 500, 503])
async def test_another_status_is_refused_and_no_redirect_followed(serve: Serve, status: int) -> None:
    paths: list[str] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        paths.append(request.path)
        if request.path == "/elsewhere":
            return web.Response(body=b"{}")
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    url = await serve(handler)
    with pytest.raises(KeyFetchError, match=f"{status}, not 200"):
        await fetch_key_set(url)
    assert paths == ["/keys"]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("zipped", [False, True])
async def test_the_body_is_at_most_256_kib_however_it_is_sent(
    serve: Serve,
    chunked: bool,  # noqa: FBT001
    zipped: bool,  # noqa: FBT001
) -> None:
    sizes = iter([LARGEST_KEY_SET_BYTES, LARGEST_KEY_SET_BYTES + 1, 50 * 1024 * 1024])

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        body = b"x" * next(sizes)
        response = web.StreamResponse()
        if zipped:
            body = gzip.compress(body, 1)
            response.headers["Content-Encoding"] = "gzip"
        if chunked:
            response.enable_chunked_encoding()
        else:
            response.content_length = len(body)
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # The other side may have read enough.
            await response.write(body)
        return response

    url = await serve(handler)
    assert len(await fetch_key_set(url, timeout_seconds=30)) == 256 * 1024
    for _ in range(2):
        with pytest.raises(KeyFetchError, match="longer than 262144"):
            await fetch_key_set(url, timeout_seconds=30)


@pytest.mark.parametrize("after_headers", [False, True])
async def test_a_server_that_does_not_finish_is_left_after_the_timeout(
    serve: Serve,
    after_headers: bool,  # noqa: FBT001
) -> None:
    test_is_over = asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        if after_headers:
            await response.prepare(request)
            await response.write(b"{")
        await test_is_over.wait()
        return response

    with pytest.raises(KeyFetchError, match=r"no complete answer within 0\.1 s"):
        await fetch_key_set(await serve(handler), timeout_seconds=0.1)
    test_is_over.set()


async def test_a_server_that_is_not_there_or_no_server_is_a_failed_fetch() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        for url in (
            f"http://127.0.0.1:{port}/",
            f"https://127.0.0.1:{port}/",
            "http://",
            "nonsense",
            "http://[::",
            "http://a..b/",
        ):
            with pytest.raises(KeyFetchError, match="the request failed"):
                await fetch_key_set(url)


async def test_a_server_that_breaks_off_is_a_failed_fetch(serve: Serve) -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = 100
        await response.prepare(request)
        await response.write(b"{")
        assert request.transport is not None
        request.transport.abort()
        return response

    with pytest.raises(KeyFetchError, match="the request failed"):
        await fetch_key_set(await serve(handler))
