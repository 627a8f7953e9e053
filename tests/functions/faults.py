"""What every answer has, and what every error has."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import httpx

EXPOSED = "ETag, Location, Retry-After, x-ms-request-id, x-ms-error-code"
LEAKS = ("Traceback", 'File "', ".py", "pydantic", "site-packages", "/work", "/home", "object at 0x", "eyJ", "<class")


def check_headers(response: httpx.Response) -> None:
    """Every answer of the app has these headers."""
    UUID(response.headers["x-ms-request-id"])
    assert response.headers["access-control-expose-headers"] == EXPOSED


def check_bare(response: httpx.Response, status: int) -> None:
    """What the Functions host answers itself has nothing of the app's."""
    assert response.status_code == status
    assert response.content == b""
    names = {"x-ms-request-id", "x-ms-error-code", "access-control-expose-headers", "www-authenticate"}
    assert not names & set(response.headers)


def check_envelope(response: httpx.Response) -> dict[str, Any]:
    """The answer is a well-formed error; gives what is below `error`."""
    check_headers(response)
    assert response.headers["content-type"].partition(";")[0] == "application/json"
    content = response.json()
    assert list(content) == ["error"]
    error: dict[str, Any] = content["error"]
    assert {"code", "message"} <= error.keys() <= {"code", "message", "target", "details"}
    assert response.headers["x-ms-error-code"] == error["code"]
    assert error.get("target", "its absence") != ""
    details = error.get("details", [])
    assert all(detail.keys() == {"code", "message", "target"} for detail in details)
    assert ("details" in error) is (error["code"] == "InvalidRequest")
    for fault in (error, *details):
        assert all(isinstance(value, str) for name, value in fault.items() if name != "details")
        assert fault["code"]
        assert fault["message"]
        assert not [leak for leak in LEAKS if leak in fault["message"]]
    return error


def check_error(
    response: httpx.Response, status: int, code: str, *, target: str | None = None, says: str | Collection[str] = ()
) -> dict[str, Any]:
    """The answer is this error, and its message says these things; gives what is below `error`."""
    assert response.status_code == status, response.text
    error = check_envelope(response)
    assert error["code"] == code, error
    assert error.get("target") == target, error
    for part in [says] if isinstance(says, str) else says:
        assert part in error["message"]
    return error


def check_invalid(
    response: httpx.Response, *targets: str, says: str | Collection[str] = ()
) -> dict[str, dict[str, str]]:
    """The answer is InvalidRequest with exactly these places at fault; gives its details by place."""
    error = check_error(response, 400, "InvalidRequest", target=targets[0] if targets else None, says=says)
    details = {detail["target"]: detail for detail in error["details"]}
    assert list(details) == list(targets)
    return details
