"""What operations answer, in OpenAPI: successes, errors with their codes, and headers."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from domain.refusals import Code, Refusal
from functions.http.admission import ANYONE, ENTRA, SIGN_IN_SOURCES
from functions.http.answers import CLIENT_REQUEST_ID, JSON, REQUEST_ID
from functions.http.errors import refused
from functions.http.operations import NoBody, Operation
from functions.openapi.models import OPEN_ENUM, schema_of
from functions.openapi.parameters import path_parameter_names
from functions.schemas.errors import ErrorAnswer
from functions.schemas.fields import VersionedModel

RESPONSES: Final = "#/components/responses/"
HEADERS: Final = "#/components/headers/"

ANSWER_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "RequestId": {
        "description": "Names this request in the service's logs.",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    },
    "ClientRequestId": {"description": "Your own name for this request.", "schema": {"type": "string"}},
    "ETag": {
        "description": "The version of the resource, for If-Match.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"(0|[1-9][0-9]*)"$'},
    },
    "Location": {
        "description": "The absolute URL of what was made.",
        "required": True,
        "schema": {"type": "string", "format": "uri"},
    },
    "RetryAfter": {
        "description": "In how many seconds to send the request again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWWAuthenticate": {"description": "What lets in.", "required": True, "schema": {"type": "string"}},
}
_SAID: Final = {
    200: "Done.",
    201: "Made.",
    204: "Gone, or never there.",
    503: "Not available.",
}
_FILE_SCHEMAS: Final = {JSON: {"type": "object"}}
_OVERLOAD: Final = (429, 503)


def responses_of(operation: Operation, operations: Iterable[Operation]) -> dict[str, dict[str, Any]]:
    """All responses of an operation, by status; what it makes is linked to those operations that go on with it."""
    errors = {str(status): _error(status, codes) for status, codes in errors_of(operation).items()}
    successes = {str(status): _success(operation, status, operations) for status in operation.answers}
    if operation.admission is SIGN_IN_SOURCES:
        errors["401"] = {"description": "No function key, or a wrong one. The Functions host answers this, bare."}
    return dict(sorted({**successes, **errors}.items()))


def errors_of(operation: Operation) -> dict[int, list[str]]:
    """The codes that an operation may answer, by status, in the order in which they apply."""
    found: dict[int, list[str]] = {}
    for status, code in _in_order(operation):
        codes = found.setdefault(status, [])
        if code not in codes:
            codes.append(code)
    return {status: codes for status, codes in found.items() if status not in operation.answers}


def _in_order(operation: Operation) -> Iterable[tuple[int, str]]:
    takes_body = operation.body is not NoBody
    known = [_status_and_code(error) for error in operation.errors]
    if operation.admission not in (ANYONE, SIGN_IN_SOURCES):
        yield 401, "Unauthenticated"
    if operation.admission not in (ANYONE, SIGN_IN_SOURCES, ENTRA):
        yield 403, "AuthorizationRequestDenied"
    if set(path_parameter_names(operation)) - {"file"}:
        yield 400, "InvalidId"
    if takes_body:
        yield from ((413, "RequestTooLarge"), (415, "UnsupportedMediaType"))
        yield from ((400, "BodyMissing"), (400, "InvalidJson"), (400, "InvalidRequest"))
    yield from ((400, parameter.code) for parameter in operation.query)
    if operation.conditional:
        yield from ((428, Code.PRECONDITION_REQUIRED.value), (412, Code.CONDITION_NOT_MET.value))
    yield from known
    if operation.fallback:
        return
    if operation.method != "GET" and operation.admission is not SIGN_IN_SOURCES:
        yield 429, "TooManyRequests"
    yield from ((500, "InternalError"), (503, "ServiceUnavailable"))


def _status_and_code(error: Code | tuple[int, str]) -> tuple[int, str]:
    if isinstance(error, tuple):
        return error
    fault = refused(Refusal(error, ""))
    return fault.status, fault.code


def _headers(*names: tuple[str, str]) -> dict[str, dict[str, Any]]:
    every = ((REQUEST_ID, "RequestId"), (CLIENT_REQUEST_ID, "ClientRequestId"))
    return {name: {"$ref": f"{HEADERS}{component}"} for name, component in (*every, *names)}


def _success(operation: Operation, status: int, operations: Iterable[Operation]) -> dict[str, Any]:
    model = operation.answers[status]
    headers = _headers()
    if model and issubclass(model, VersionedModel):
        headers |= _headers(("ETag", "ETag"))
    if status == HTTPStatus.CREATED and operation.method == "POST":
        headers |= _headers(("Location", "Location"))
    content: dict[str, Any] = {JSON: {"schema": schema_of(model)}} if model else {}
    if status == HTTPStatus.OK:
        for media_type in operation.files:
            content[media_type] = {"schema": _FILE_SCHEMAS.get(media_type, {"type": "string"})}
    links = _links(operation, operations) if status == HTTPStatus.CREATED else {}
    parts = {"description": _SAID[status], "headers": headers, "content": content, "links": links}
    return {name: part for name, part in parts.items() if part}


def _links(operation: Operation, operations: Iterable[Operation]) -> dict[str, dict[str, Any]]:
    """What can be done with what a POST makes: it has an id, and the others are below that."""
    below = re.compile(rf"{re.escape(operation.route)}/\{{(\w+)\}}")
    found = [(each.name, below.match(each.route)) for each in operations]
    return {
        name: {"operationId": name, "parameters": {match[1]: "$response.body#/id"}}
        for name, match in found
        if match and operation.method == "POST"
    }


def _error(status: int, codes: list[str]) -> dict[str, Any]:
    if codes == [_SHARED.get(status)]:
        return {"$ref": f"{RESPONSES}{codes[0]}"}
    return error_response(status, codes)


def error_response(status: int, codes: list[str]) -> dict[str, Any]:
    """A response with one of these codes."""
    headers = _headers()
    if status in _OVERLOAD:
        headers |= _headers(("Retry-After", "RetryAfter"))
    if status == HTTPStatus.UNAUTHORIZED:
        headers |= _headers(("WWW-Authenticate", "WWWAuthenticate"))
    said = f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}."
    code_header = {"required": True, "schema": {"type": "string", OPEN_ENUM: codes}}
    return {
        "description": said,
        "headers": {**headers, "x-ms-error-code": {"description": "The error's code.", **code_header}},
        "content": {JSON: {"schema": schema_of(ErrorAnswer)}},
    }


_SHARED: Final = {
    401: "Unauthenticated",
    403: "AuthorizationRequestDenied",
    412: "ConditionNotMet",
    413: "RequestTooLarge",
    415: "UnsupportedMediaType",
    428: "PreconditionRequired",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
}


def shared_responses() -> dict[str, dict[str, Any]]:
    """The responses that many operations have, by the name of their component."""
    return {code: error_response(status, [code]) for status, code in _SHARED.items()}
