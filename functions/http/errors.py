"""Every error as an HTTP answer: the only place that knows which status a code has.

Three kinds come in: an ApiError that a layer of functions/ raised, a domain refusal, and whatever else was raised.
"""

import logging
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.errors import LedgerError, LedgerUnavailableError, TenantClosedError, TooManyRequestsError
from domain.refusals import Code, Refusal
from functions.authentication.errors import KeysUnavailableError, UnauthenticatedError
from functions.http.answers import Answer
from functions.schemas.errors import ErrorAnswer, ErrorContent, ErrorDetail
from functions.telemetry.logs import tell

_STATUS: Final[Mapping[Code, int]] = {
    Code.APP_NOT_FOUND: 404,
    Code.PRODUCT_NOT_FOUND: 404,
    Code.POLICY_NOT_FOUND: 404,
    Code.PRECONDITION_REQUIRED: 428,
    Code.CONDITION_NOT_MET: 412,
    Code.INVALID_PRODUCT_LIST: 400,
    Code.UNKNOWN_APP: 400,
    Code.UNKNOWN_PRODUCT: 400,
    Code.UNKNOWN_SERVICE_PLAN: 400,
    Code.PRODUCT_LACKS_APP: 400,
    Code.CLIENT_APP_ID_TAKEN: 409,
    Code.LICENSES_IN_USE: 409,
    Code.PRODUCT_IN_USE: 409,
    Code.POLICY_WOULD_LOSE_APP: 409,
    Code.APP_IN_USE: 409,
    Code.FEATURE_OFF: 409,
    Code.APP_HAS_POLICY: 409,
    Code.POLICY_NAME_TAKEN: 409,
    Code.NO_LICENSES_AVAILABLE: 409,
    Code.LIMIT_REACHED: 409,
}
RETRY_AFTER_MOST_SECONDS: Final = 4
"""Callers are told to come again after 1 to so many seconds, each by chance: a crowd must not come back in step."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One fault among several."""

    code: str
    message: str
    target: str


@dataclass(slots=True)
class ApiError(Exception):
    """A fault of a request, found in functions/.

    Attributes:
        status: The HTTP status.
        code: The code that callers rely on.
        message: What was wrong, with which value, and what would be right.
        target: The place in the request.
        details: All faults, where several are told together.
        headers: Headers of the answer.
    """

    status: int
    code: str
    message: str
    target: str | None = None
    details: Sequence[Detail] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def refused(refusal: Refusal) -> ApiError:
    """A domain refusal as an error."""
    return ApiError(_STATUS[refusal.code], refusal.code.value, refusal.message, refusal.target)


def answer_for(error: Exception, fields: Mapping[str, str]) -> Answer:
    """The answer for anything that was raised. See fault_of."""
    return error_answer(fault_of(error, fields))


def fault_of(error: Exception, fields: Mapping[str, str]) -> ApiError:
    """The fault that anything that was raised is. What is our own fault is logged here, once, and nowhere else.

    `fields` are what is known of the request (functions.telemetry.logs).
    """
    fault = unlogged_fault_of(error)
    if fault.status >= 500:  # noqa: PLR2004 - where HTTP's own faults begin
        unknown = fault.code == "InternalError"
        text = f"answered {fault.status} {fault.code}: {type(error).__name__}: {error}"
        tell(logging.ERROR if unknown else logging.WARNING, text, fields, error if unknown else None)
    return fault


def error_answer(error: ApiError) -> Answer:
    """An error's answer: its body, its code as a header, and its own headers."""
    body = ErrorAnswer(error=error_content(error))
    return Answer(error.status, body, {"x-ms-error-code": error.code, **error.headers})


def error_content(error: ApiError) -> ErrorContent:
    """An error as callers see it."""
    details = [ErrorDetail(code=each.code, message=each.message, target=each.target) for each in error.details]
    return ErrorContent(code=error.code, message=error.message, target=error.target, details=details or None)


def seconds_to_retry(error: Exception) -> int:
    """After how many whole seconds somebody who was sent away is to come again: never less than the error says."""
    known = error.retry_after_seconds if isinstance(error, LedgerError) else None
    return math.ceil(known or 0) + random.randint(0 if known else 1, RETRY_AFTER_MOST_SECONDS)  # noqa: S311 - no secret


def _retry(error: Exception) -> dict[str, str]:
    return {"Retry-After": str(seconds_to_retry(error))}


def unlogged_fault_of(error: Exception) -> ApiError:
    """The same, where nothing is to be logged."""
    match error:
        case ApiError():
            return error
        case UnauthenticatedError():
            return ApiError(401, "Unauthenticated", str(error), headers={"WWW-Authenticate": "Bearer"})
        case TooManyRequestsError():
            message = "Too many changes wait already; this one was not made. Send it again later."
            return ApiError(429, "TooManyRequests", message, headers=_retry(error))
        case LedgerUnavailableError() | TimeoutError() | KeysUnavailableError():
            return ApiError(503, "ServiceUnavailable", _why_unavailable(error), headers=_retry(error))
        case _:
            message = "Something failed here that should not. Tell the operator the x-ms-request-id of this answer."
            return ApiError(500, "InternalError", message)


def _why_unavailable(error: Exception) -> str:
    match error:
        case TenantClosedError():
            return "This tenant is being moved or deleted just now. Nothing was done: send it again later."
        case KeysUnavailableError():
            return "The token issuer's signing keys cannot be had now. Nothing was done: send it again later."
        case _:
            return "The storage did not answer in time. A change may have been made: read before you repeat it."
