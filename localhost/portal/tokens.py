"""POST /portal/token: signs a developer in to the pages, as whom the developer chooses to be.

Whoever can read the answer is an administrator of this machine's app, so no other web page may. A browser tells where a
request comes from in headers that a page cannot write (`Origin`, `Sec-Fetch-Site`: https://www.w3.org/TR/fetch-metadata/),
and JSON cannot be sent to another origin without asking first, which is never allowed here. A name that somebody else's
DNS server points at this machine shows in `Host`. There is nothing like it in Azure: Entra signs people in there.
"""

import json
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhost.issuer import (
    ADMINISTRATOR_NAME,
    SAMPLE_TENANT,
    DevelopmentIssuer,
    InvalidTenantError,
    UnknownRoleError,
)

TOKEN_PATH: Final = "/portal/token"  # noqa: S105 - a path
BODY_BYTES_MAX: Final = 4096
NAME_CHARACTERS_MAX: Final = 256
_FIELDS: Final = frozenset({"role", "name", "tenant"})
_LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class _RefusedError(Exception):
    """The request gets no token."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def answer_token(request: Request, issuer: DevelopmentIssuer) -> Response:
    """Gives `{"token"}` for `{"role", "name"?, "tenant"?}`, or an error in the API's form. Nobody keeps the answer."""
    headers = {"Cache-Control": "no-store"}
    try:
        _check_sender(request)
        asked = await _read(request)
        token = issuer.administrator_token(asked["tenant"], asked["role"], asked["name"])
    except (InvalidTenantError, UnknownRoleError) as error:
        return _error(400, str(error), headers)
    except _RefusedError as refused:
        allowed = {"Allow": "POST"} if refused.status == 405 else {}  # noqa: PLR2004 - Method Not Allowed
        return _error(refused.status, str(refused), {**headers, **allowed})
    return JSONResponse({"token": token}, headers=headers)


def _check_sender(request: Request) -> None:
    if request.method != "POST":
        raise _RefusedError(405, "a token is given by POST only")
    host = request.headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        name = None
    if name not in _LOOPBACK_NAMES:
        raise _RefusedError(403, "a token is given to this machine only: open the pages at a loopback address")
    if request.headers.getlist("origin") != [f"{request.scope['scheme']}://{host}"]:
        raise _RefusedError(403, "a token is given to the pages' own origin only")
    if request.headers.getlist("sec-fetch-site") != ["same-origin"]:
        raise _RefusedError(403, "a token is given to the pages' own script only, in a browser that says who asks")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise _RefusedError(415, "the body is to be application/json")


async def _read(request: Request) -> dict[str, str]:
    """The body's fields, the optional ones filled in."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            raise _RefusedError(413, f"the body is over {BODY_BYTES_MAX} bytes")
    try:
        asked: Any = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict) or not _FIELDS.issuperset(asked) or "role" not in asked:
        raise _RefusedError(400, 'the body is to be {"role", "name"?, "tenant"?}')
    if not all(isinstance(value, str) and 1 <= len(value) <= NAME_CHARACTERS_MAX for value in asked.values()):
        raise _RefusedError(400, f"role, name and tenant are texts of 1 to {NAME_CHARACTERS_MAX} characters")
    return {"name": ADMINISTRATOR_NAME, "tenant": SAMPLE_TENANT, **asked}


def _error(status: int, message: str, headers: dict[str, str]) -> Response:
    return JSONResponse({"error": {"code": "TokenRefused", "message": message}}, status, headers)
