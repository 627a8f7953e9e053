"""Checks that the schemathesis command runs besides its own. It loads this file; no test imports it."""

import json
from typing import Any

import schemathesis
from schemathesis import Case
from schemathesis.checks import CheckContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response

MALFORMED = {"BodyMissing", "InvalidJson", "InvalidRequest", "InvalidId", "InvalidPeriod", "UnsupportedMediaType"}
"""Codes of requests that are not of the described form."""

BEYOND_SCHEMAS = (
    "once trimmed, without control characters",  # which are Unicode's, and trimming comes before measuring
    "twice: name each once",  # by a part of each, or but for case
    "Input should be a valid integer",  # 25.0 is an integer to JSON schemas
    "It must name an app:",  # one of two parts, each of which may be dropped
)
"""What a JSON schema cannot say."""


@schemathesis.check
def what_fits_the_description_is_not_called_malformed(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """The description asks for no less than the app does."""
    fits = case.meta is not None and case.meta.generation.mode.is_positive
    code = response.headers.get("x-ms-error-code", [""])[0]
    if not fits or code not in MALFORMED:
        return
    error = json.loads(response.content)["error"]
    faults = [each["message"] for each in error.get("details", [error])]
    if not all(any(reason in fault for reason in BEYOND_SCHEMAS) for fault in faults):
        raise Failure(operation=case.operation.label, message=f"{code}: {faults}")
