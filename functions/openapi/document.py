"""The whole OpenAPI document."""

from collections.abc import Sequence
from typing import Any, Final

from functions.http.answers import JSON
from functions.http.operations import NoBody, Operation
from functions.openapi.answers import ANSWER_HEADERS, errors_of, responses_of, shared_responses
from functions.openapi.examples import EXAMPLES
from functions.openapi.models import component_schemas, schema_of
from functions.openapi.parameters import HEADER_PARAMETERS, parameters_of
from functions.openapi.texts import DESCRIPTION, SECURITY, SECURITY_SCHEMES, TAGS, Tag
from functions.schemas.errors import ErrorAnswer
from functions.version import VERSION

OPENAPI: Final = "3.1.0"


def openapi_document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document that describes these operations. It has no `servers` yet: those depend on who asks."""
    requests = [each.body for each in operations if each.body is not NoBody]
    answers = [model for each in operations for model in each.answers.values() if model]
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Autoclaim",
            "version": VERSION,
            "description": f"{DESCRIPTION}\n{_codes(operations)}\n",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "tags": _tags(operations),
        "paths": _paths(operations),
        "components": {
            "securitySchemes": SECURITY_SCHEMES,
            "parameters": HEADER_PARAMETERS,
            "headers": ANSWER_HEADERS,
            "responses": shared_responses(),
            "schemas": component_schemas(requests, [*answers, ErrorAnswer]),
        },
    }


def _codes(operations: Sequence[Operation]) -> str:
    """Every code that there is, as a list in Markdown."""
    found: dict[int, set[str]] = {}
    for operation in operations:
        for status, codes in errors_of(operation).items():
            found.setdefault(status, set()).update(codes)
    return "\n".join(
        f"- {status}: {', '.join(f'`{code}`' for code in sorted(codes))}" for status, codes in sorted(found.items())
    )


def _tag_of(operation: Operation) -> Tag:
    return TAGS[operation.route.partition("/")[0]]


def _tags(operations: Sequence[Operation]) -> list[dict[str, str]]:
    used = {_tag_of(operation) for operation in operations}
    in_order = dict.fromkeys(tag for tag in TAGS.values() if tag in used)
    return [{"name": tag.name, "description": tag.description} for tag in in_order]


def _paths(operations: Sequence[Operation]) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(f"/{operation.route}", {})[operation.method.lower()] = _described(operation, operations)
    return paths


def _described(operation: Operation, operations: Sequence[Operation]) -> dict[str, Any]:
    summary, _, rest = operation.summary.partition(". ")
    described = {
        "operationId": operation.name,
        "summary": summary.removesuffix("."),
        "description": f"{rest} For {operation.admission.who}.".lstrip(),
        "tags": [_tag_of(operation).name],
        "security": SECURITY[operation.admission],
        "parameters": parameters_of(operation),
        "responses": responses_of(operation, operations),
    }
    return described if operation.body is NoBody else {**described, "requestBody": _body(operation)}


def _body(operation: Operation) -> dict[str, Any]:
    content = {"schema": schema_of(operation.body), "example": EXAMPLES[operation.body]}
    return {"required": True, "content": dict.fromkeys(operation.media_types or (JSON,), content)}
