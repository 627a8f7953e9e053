"""Parameters of operations in OpenAPI: in the path, in the query, in headers."""

import re
from typing import Any, Final

from pydantic import TypeAdapter

from functions.http.answers import CLIENT_REQUEST_ID
from functions.http.operations import Operation
from functions.http.parameters import PATH_PARAMETERS, QueryParameter

PARAMETERS: Final = "#/components/parameters/"

_IN_PATH: Final = re.compile(r"\{(\w+)\}")
_TAG: Final = '"42"'

HEADER_PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "ClientRequestId": {
        "name": CLIENT_REQUEST_ID,
        "in": "header",
        "description": (
            "Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored."
        ),
        "schema": {"type": "string"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The current ETag, or `*` for whatever is there. Missing: 428. Another: 412.",
        "schema": {"type": "string"},
        "example": "*",
    },
    "IfMatchToReplace": {
        "name": "If-Match",
        "in": "header",
        "description": (
            "To replace what is there: its current ETag, or `*`. Missing: 428. Another, or nothing is there: 412."
        ),
        "schema": {"type": "string"},
        "examples": {"etag": {"value": _TAG}, "any": {"value": "*"}},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "`*` to make only what is not there: else 412.",
        "schema": {"type": "string"},
        "example": "*",
    },
}


def path_parameter_names(operation: Operation) -> list[str]:
    """The names of the parameters in an operation's path."""
    return _IN_PATH.findall(operation.route)


def parameters_of(operation: Operation) -> list[dict[str, Any]]:
    """All parameters of an operation."""
    headers = ["ClientRequestId"]
    if operation.conditional:
        headers += ["IfMatchToReplace", "IfNoneMatch"] if operation.method == "PUT" else ["IfMatch"]
    return [
        *(_path_parameter(name) for name in path_parameter_names(operation)),
        *(_query_parameter(parameter) for parameter in operation.query),
        *({"$ref": f"{PARAMETERS}{name}"} for name in headers),
    ]


def _path_parameter(name: str) -> dict[str, Any]:
    parameter = PATH_PARAMETERS[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"{parameter.form[:1].upper()}{parameter.form[1:]}.",
        "schema": TypeAdapter(parameter.type_).json_schema(),
        "example": parameter.example,
    }


def _query_parameter(parameter: QueryParameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        # The Functions host hands `?name=` over as if it were not there.
        "allowEmptyValue": not parameter.required,
        "description": parameter.description,
        "schema": dict(parameter.schema),
    }
