"""The types of fields, and what all request and answer models have in common."""

import re
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    WithJsonSchema,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from domain.catalog import TOTAL_LICENSES_LIMIT
from domain.ids import (
    APP_ID_PATTERN,
    CLIENT_APP_ID_PATTERN,
    GUID_PATTERN,
    NAME_LENGTH,
    PERSON_NAME_LENGTH,
    PRINTABLE_ASCII_PATTERN,
    USER_ID_PATTERN,
    parse_app_id,
    parse_client_app_id,
    parse_guid,
    parse_name,
    parse_sign_in_id,
    parse_user_id,
)

ItemT = TypeVar("ItemT", bound=Hashable)

GUID_FORM: Final = "a GUID as 8-4-4-4-12 hexadecimal digits"
APP_ID_FORM: Final = "1 to 128 of A-Z a-z 0-9 . _ ~ -, and not . or .."
USER_ID_FORM: Final = "1 to 128 of A-Z a-z 0-9 . _ ~ @ | : + = -, and not . or .."


class RequestModel(BaseModel):
    """A request: types are exact, unknown fields are refused, and null is not a way to leave a field out."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: object) -> object:
        if value is None:
            raise PydanticCustomError("null", "Null is not taken: send a value, or leave an optional field out")
        return value


class AnswerModel(BaseModel):
    """An answer. A field that is None is left out."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class VersionedModel(AnswerModel):
    """A resource with a version. Its ETag is also the answer's header."""

    etag: str


def etag_of(version: int) -> str:
    """A version as an entity tag: strong, in its quotes (RFC 9110, section 8.8.3)."""
    return f'"{version}"'


def _form(parse: Callable[[str], str | None], form: str) -> AfterValidator:
    def check(text: str) -> str:
        parsed = parse(text)
        if parsed is None:
            raise PydanticCustomError("form", "It must be {form}", {"form": form})
        return parsed

    return AfterValidator(check)


def _text_schema(**schema: Any) -> WithJsonSchema:  # noqa: ANN401 - JSON
    return WithJsonSchema({"type": "string", **schema})


Guid = Annotated[str, _form(parse_guid, GUID_FORM), _text_schema(format="uuid", pattern=GUID_PATTERN)]
AppId = Annotated[str, _form(parse_app_id, APP_ID_FORM), _text_schema(pattern=APP_ID_PATTERN)]
UserId = Annotated[str, _form(parse_user_id, USER_ID_FORM), _text_schema(pattern=USER_ID_PATTERN)]
ClientAppId = Annotated[
    str,
    _form(parse_client_app_id, "1 to 256 printable ASCII characters without blanks"),
    _text_schema(pattern=CLIENT_APP_ID_PATTERN),
]
AppReference = Annotated[
    str,
    _form(lambda text: text if parse_client_app_id(text) else None, "an app id or a client app id"),
    _text_schema(pattern=CLIENT_APP_ID_PATTERN),
]
SignInId = Annotated[
    str, _form(parse_sign_in_id, "1 to 128 printable ASCII characters"), _text_schema(pattern=PRINTABLE_ASCII_PATTERN)
]
Name = Annotated[
    str,
    _form(parse_name, f"1 to {NAME_LENGTH} characters once trimmed, without control characters"),
    _text_schema(minLength=1, maxLength=NAME_LENGTH),
]
PersonName = Annotated[
    str,
    _form(
        lambda text: parse_name(text, PERSON_NAME_LENGTH),
        f"1 to {PERSON_NAME_LENGTH} characters once trimmed, without control characters",
    ),
    _text_schema(minLength=1, maxLength=PERSON_NAME_LENGTH),
]
TotalLicenses = Annotated[int, Field(ge=0, le=TOTAL_LICENSES_LIMIT)]
Flag = StrictBool


_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def parse_rfc3339(text: str) -> datetime | None:
    """A date and time with its offset (RFC 3339, section 5.6) in UTC, or None if the text is none."""
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC) if _RFC_3339.fullmatch(text.upper()) else None
    except (ValueError, OverflowError):
        return None


Time = Annotated[
    str,
    _form(
        lambda text: text if parse_rfc3339(text) else None,
        "an RFC 3339 time with its offset, like 2026-01-31T09:00:00.000Z",
    ),
    _text_schema(format="date-time"),
]


def distinct(items: list[ItemT]) -> list[ItemT]:
    """The list, if nothing stands in it twice."""
    seen: set[ItemT] = set()
    for item in items:
        if item in seen:
            raise PydanticCustomError("duplicate", "It names {item} twice: name each once", {"item": str(item)})
        seen.add(item)
    return items


DistinctGuids = Annotated[
    list[Guid],
    AfterValidator(distinct),
    WithJsonSchema(
        {"type": "array", "uniqueItems": True, "items": {"type": "string", "format": "uuid", "pattern": GUID_PATTERN}}
    ),
]
