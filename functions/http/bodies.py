"""Bodies: bytes to JSON to a request model. Stricter than json.loads, so that one text has one meaning."""

import codecs
import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from email.message import Message
from functools import lru_cache
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from functions.http.answers import JSON
from functions.http.errors import ApiError, Detail

BODY_BYTES: Final = 64 * 1024
PRODUCT_BODY_BYTES: Final = 256 * 1024
"""A product may have 200 service plans."""

NESTING: Final = 32
FAULTS_TOLD: Final = 2_000
"""So many faults of a request are told; of further ones, how many there are."""

MERGE_PATCH: Final = "application/merge-patch+json"
_SHOWN_CHARACTERS: Final = 100

ModelT = TypeVar("ModelT", bound=BaseModel)


def read_body(
    body: bytes, content_type: str | None, model: type[ModelT], *, media_types: tuple[str, ...], most_bytes: int
) -> ModelT:
    """The body as a model.

    Raises:
        ApiError: 413, 415, or 400 with code BodyMissing, InvalidJson or InvalidRequest, in this order.
    """
    if len(body) > most_bytes:
        message = f"The body has {len(body)} bytes: at most {most_bytes} are taken."
        raise ApiError(413, "RequestTooLarge", message)
    if media_types and (body or content_type) and not _is_accepted(content_type, media_types):
        message = f"Content-Type is {_shown(content_type)}: send {' or '.join(media_types)}, in UTF-8."
        raise ApiError(415, "UnsupportedMediaType", message, "Content-Type")
    if not body:
        message = "There is no body. Send a JSON object, with its Content-Length: a chunked body does not arrive."
        raise ApiError(400, "BodyMissing", message)
    return validated(parse_json(body), model)


def default_media_types(method: str) -> tuple[str, ...]:
    """The media types that a body of this method may have."""
    return (JSON, MERGE_PATCH) if method == "PATCH" else (JSON,)


@lru_cache
def _is_accepted(content_type: str | None, accepted: tuple[str, ...]) -> bool:
    message = Message()
    message["Content-Type"] = (content_type or "").encode("ascii", "replace").decode()
    charset = str(message.get_param("charset") or "utf-8")
    return bool(content_type) and message.get_content_type() in accepted and charset.lower() in {"utf-8", "utf8"}


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """The JSON value that the bytes are.

    Raises:
        ApiError: 400 InvalidJson: a byte-order mark, other than UTF-8, not JSON, NaN or Infinity, the same key
            twice in an object, or nested too deep.
    """
    if body.startswith(codecs.BOM_UTF8):
        raise _invalid_json("it begins with a byte-order mark; leave that out")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _invalid_json(f"byte {error.start} is not UTF-8") from None
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _invalid_json(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise _invalid_json(str(error)) from None
    # What has so few brackets is not nested deeper: most sign-ins need not be looked through.
    if text.count("{") + text.count("[") > NESTING and _depth_exceeds(value, NESTING):
        raise _too_deep()
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {_shown(twice)} stands twice in one object")
    if all(map(str.isascii, content)):
        return content
    # A key with a lone surrogate is nobody's field. Made a text that can be shown, it is refused as one.
    return {key.encode("utf-8", "backslashreplace").decode(): value for key, value in content.items()}


def _whole_number(text: str) -> int | Decimal:
    """A JSON number without fraction, of any length; Python's int refuses those of many thousand digits."""
    return int(text) if len(text) <= _SHOWN_CHARACTERS else Decimal(text)


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole_number)


def _depth_exceeds(value: object, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_depth_exceeds(each, most - 1) for each in inner)


def _too_deep() -> ApiError:
    return _invalid_json(f"it is nested deeper than {NESTING}")


def _invalid_json(why: str) -> ApiError:
    return ApiError(400, "InvalidJson", f"The body is not the JSON that is needed: {why}.")


def validated(value: object, model: type[ModelT], *, whole: str = "The body", faults_told: int = FAULTS_TOLD) -> ModelT:
    """The JSON value as a model. Messages call it `whole`.

    Raises:
        ApiError: 400 InvalidRequest, with the faults of all fields, up to so many.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        # The error's context may hold an exception, and its input anything: only the parts used are taken out.
        faults = error.errors(include_url=False, include_context=False)
        raise invalid_request(
            [_detail(each, whole) for each in faults[:faults_told]], untold=len(faults) - faults_told
        ) from None


def invalid_request(details: list[Detail], untold: int = 0) -> ApiError:
    """400 InvalidRequest with these faults; the first of them speaks for all in message and target.

    Args:
        details: The faults.
        untold: How many there are besides.
    """
    others = f" ({len(details) - 1} more in details)" if len(details) > 1 else ""
    if untold > 0:
        others = f" ({len(details) - 1} more in details, and {untold} that are not told)"
    return ApiError(400, "InvalidRequest", details[0].message + others, details[0].target or None, details)


_CODES: Final = {"missing": "MissingField", "extra_forbidden": "UnknownField"}


def _detail(fault: Mapping[str, Any], whole: str) -> Detail:
    target = _target(fault["loc"])
    code = _CODES.get(fault["type"], "InvalidValue")
    match code:
        case "MissingField":
            message = f"{target} is missing: it is needed."
        case "UnknownField":
            message = f"{target} is not a field that can be written here: leave it out."
        case _ if fault["type"] in {"model_type", "dict_type"}:
            message = f"{target or whole} is {_shown(fault['input'])}. It must be a JSON object."
        case _:
            message = f"{target or whole} is {_shown(fault['input'])}. {fault['msg'].rstrip('.')}."
    return Detail(code, message, target)


def _target(location: tuple[int | str, ...]) -> str:
    target = ""
    for part in location:
        if isinstance(part, int):
            target += f"[{part}]"
        else:
            # A key of the caller's own may be anything; it is shown safely and not at any length.
            name = part if part.isidentifier() or part.startswith("@") else _shown(part)
            target += f".{name[:_SHOWN_CHARACTERS]}" if target else name[:_SHOWN_CHARACTERS]
    return target


def _shown(value: object) -> str:
    """A value as JSON, in ASCII, cut where it is long."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        text = json.dumps(str(value))
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
