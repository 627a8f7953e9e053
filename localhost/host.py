"""Serves a FunctionApp under the Azure Functions host's own rules, where Core Tools is missing.

Keys, the hand-over of a request and the admin endpoint follow the host's AuthenticationLevelHandler,
GrpcMessageConversionExtensions and AdminController or FunctionsController
(https://github.com/Azure/azure-functions-host), with the capabilities that the Python worker declares. What the host
answers itself is bare: a status and nothing else.

Known differences: the admin endpoint starts timer functions only, and a request's URL keeps the percent-encoding of its
path, which the host writes anew.
"""

import hmac
import json
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import azure.functions as func
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from localhost.indexing import HttpFunction, Index, index_functions, invoke
from localhost.invocation import TraceContext
from localhost.keys import Keys
from localhost.routing import InvalidPathError, decode_path
from localhost.timers import Timers

BODY_BYTES_MAX = 100 * 1024 * 1024
"""The host's own limit of a request (maxRequestBodySize), in bytes."""

_ADMIN_FUNCTIONS = "/admin/functions/"
_IDENTITY_HEADERS = ("x-ms-client-principal", "x-ms-token-")

_logger = logging.getLogger(__name__)


def build_host(app: func.FunctionApp, keys: Keys, *, route_prefix: str = "api", runs_timers: bool = True) -> Router:
    """Makes the ASGI app that serves a FunctionApp. Of several processes, one should run the timers.

    Raises:
        UnservableFunctionError, InvalidRouteError, InvalidScheduleError: The app holds what is not served here.
    """
    index = index_functions(app, route_prefix)
    timers = Timers(index.timers)

    @asynccontextmanager
    async def lifespan(_router: Router) -> AsyncIterator[None]:
        if runs_timers:
            timers.start_schedules()
        yield
        await timers.stop()

    # Everything goes to the default: Starlette's own routes know other rules than the host's.
    return Router(redirect_slashes=False, default=_Host(index, timers, keys), lifespan=lifespan)


class _Host:
    """Answers one request at a time."""

    def __init__(self, index: Index, timers: Timers, keys: Keys) -> None:
        self._functions = index.http
        self._timers = timers
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            path = decode_path(request.scope["raw_path"])
        except InvalidPathError:
            return Response(status_code=400)
        if path.lower().startswith(_ADMIN_FUNCTIONS):
            return await self._administer(request, path[len(_ADMIN_FUNCTIONS) :].removesuffix("/"))
        function, route_parameters = self._find(request.method, path)
        if function is None:
            return Response(status_code=404)
        if not _opens(self._keys, function.auth_level, _key_of(request)):
            return Response(status_code=401)
        body = await _read_body(request)
        if body is None:
            return Response(status_code=413)
        return await _call(function, _hand_over(request, route_parameters, body))

    def _find(self, method: str, path: str) -> tuple[HttpFunction | None, dict[str, str]]:
        for function in self._functions:
            if function.methods and method not in function.methods:
                continue
            if (route_parameters := function.route.match(path)) is not None:
                return function, route_parameters
        return None, {}

    async def _administer(self, request: Request, name: str) -> Response:
        """The host's way to start a function that is not triggered by HTTP."""
        if request.method != "POST":
            return Response(status_code=404)
        if not _opens(self._keys, func.AuthLevel.ADMIN, _key_of(request)):
            return Response(status_code=401)
        body = await _read_body(request)
        if body is None:
            return Response(status_code=413)
        if not _is_invocation(body):
            return Response(status_code=400)
        if not self._timers.has(name):
            return Response(status_code=404)
        return Response(status_code=202 if self._timers.run_by_hand(name) else 429)


def _opens(keys: Keys, level: func.AuthLevel, given: str) -> bool:
    """Compares in constant time."""
    if level is func.AuthLevel.ANONYMOUS:
        return True
    is_master = hmac.compare_digest(given.encode(), keys.master.encode())
    is_function = hmac.compare_digest(given.encode(), keys.function.encode())
    return is_master or (is_function and level is func.AuthLevel.FUNCTION)


def _key_of(request: Request) -> str:
    """The header wins, even when it is empty and `?code=` is right; of several, the first one."""
    if (header := request.headers.get("x-functions-key")) is not None:
        return header
    query = parse_qsl(request.url.query, keep_blank_values=True)
    return next((value for name, value in query if name.casefold() == "code"), "")


def query_parameters(query: str) -> dict[str, str]:
    """Reads a query as functions see it: names without case, repeats joined by commas, empty ones absent."""
    names: dict[str, str] = {}
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(names.setdefault(name.casefold(), name), []).append(value)
    joined = {name: ",".join(several) for name, several in values.items()}
    return {name: value for name, value in joined.items() if value}


async def _read_body(request: Request) -> bytes | None:
    """The body, or None when it is over the limit. Without a Content-Length, so if chunked, it is empty."""
    length = int(request.headers.get("content-length", "0"))
    if length > BODY_BYTES_MAX:
        return None
    return await request.body() if length > 0 else b""


def _hand_over(request: Request, route_parameters: dict[str, str], body: bytes) -> func.HttpRequest:
    raw_path = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    headers: dict[str, list[str]] = {}
    for raw_name, value in request.scope["headers"]:
        name = raw_name.decode("latin-1").lower()
        if not name.startswith(_IDENTITY_HEADERS):
            headers.setdefault(name, []).append(value.decode("utf-8", "replace"))
    return func.HttpRequest(
        method=request.method,
        url=f"{request.scope['scheme']}://{request.headers.get('host', '')}{raw_path}{'?' if query else ''}{query}",
        headers={name: ",".join(values) for name, values in headers.items()},
        params=query_parameters(query),
        route_params=route_parameters,
        body=body,
    )


async def _call(function: HttpFunction, request: func.HttpRequest) -> Response:
    """What goes wrong in a function is logged and answered with a bare 500."""
    try:
        return _response(await invoke(function, request, TraceContext.of(request.headers)))
    except Exception:
        _logger.exception("Function %s failed", function.name)
        return Response(status_code=500)


def _response(result: object) -> Response:
    if isinstance(result, str):
        result = func.HttpResponse(result)
    if not isinstance(result, func.HttpResponse):
        raise TypeError(f"an HTTP function gives func.HttpResponse or str, not {type(result).__name__}")
    headers = [(name.lower(), value) for name, value in result.headers.items()]
    if "content-type" not in result.headers:
        charset = f"; charset={result.charset}" if result.mimetype.startswith("text/") else ""
        headers.append(("content-type", f"{result.mimetype}{charset}"))
    bodyless = result.status_code in {204, 304}
    response = Response(b"" if bodyless else result.get_body(), result.status_code)
    response.raw_headers = [*_encode(headers), *response.raw_headers]
    return response


def _encode(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """The host computes the length itself, and refuses control characters in a header."""
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers if name != "content-length"]
    if any(byte < ord(" ") for _, value in encoded for byte in value):
        raise ValueError("a header of the answer holds a control character")
    return encoded


def _is_invocation(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False
