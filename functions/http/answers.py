"""Answers, and the headers that every answer has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import azure.functions as func

from domain.changes import Effect
from domain.ids import parse_sign_in_id
from functions.schemas.fields import AnswerModel, VersionedModel

JSON: Final = "application/json"
REQUEST_ID: Final = "x-ms-request-id"
CLIENT_REQUEST_ID: Final = "x-ms-client-request-id"
EXPOSED_HEADERS: Final = "ETag, Location, Retry-After, x-ms-request-id, x-ms-error-code"


@dataclass(frozen=True, slots=True)
class File:
    """A body that is no JSON."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers.

    Attributes:
        status: The HTTP status.
        body: The body: a model to be told as JSON, or a file; None for an empty one.
        headers: Headers besides those that every answer has.
    """

    status: int = 200
    body: AnswerModel | File | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def versioned(body: VersionedModel, *, effect: Effect | None = None, location: str | None = None) -> Answer:
    """An answer with one resource and its ETag: 201 if it was made now."""
    headers = {"ETag": body.etag, "Location": location} if location else {"ETag": body.etag}
    return Answer(201 if effect is Effect.CREATED else 200, body, headers)


def request_ids(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that name this request: a new id, and the caller's own if it sent a fitting one."""
    ids = {REQUEST_ID: str(uuid4())}
    sent = parse_sign_in_id(headers.get(CLIENT_REQUEST_ID, ""))
    return {**ids, CLIENT_REQUEST_ID: sent} if sent else ids


def to_response(answer: Answer, ids: Mapping[str, str]) -> func.HttpResponse:
    """The answer for the Functions host."""
    headers = {**answer.headers, **ids, "Access-Control-Expose-Headers": EXPOSED_HEADERS}
    if answer.body is None:
        return func.HttpResponse(status_code=answer.status, headers=headers)
    if isinstance(answer.body, File):
        return func.HttpResponse(
            answer.body.content, status_code=answer.status, headers=headers, mimetype=answer.body.media_type
        )
    text = answer.body.model_dump_json(by_alias=True, exclude_none=True)
    return func.HttpResponse(text, status_code=answer.status, headers=headers, mimetype=JSON)
