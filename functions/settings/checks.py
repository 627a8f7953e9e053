"""Checks that several settings share.

Their messages name the setting, say what would be right, and repeat no secret.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from domain.ids import parse_guid

ValueT = TypeVar("ValueT")


class InvalidSettingError(ValueError):
    """A setting cannot be used; the message names it and says what would be right."""


def text_of(environment: Mapping[str, str], name: str) -> str | None:
    """A setting without blanks around it; a blank one is None."""
    return environment.get(name, "").strip() or None


def items_of(text: str) -> frozenset[str]:
    """The items of a comma-separated list."""
    return frozenset(item.strip() for item in text.split(",") if item.strip())


def guid(place: str, value: object) -> str:
    """The value, in lower case, if it is a GUID."""
    parsed = parse_guid(value) if isinstance(value, str) else None
    if parsed is None:
        raise InvalidSettingError(f"{place}: {value!r} is not a GUID of 8-4-4-4-12 hexadecimal digits")
    return parsed


def entries_of(name: str, text: str | None, wanted: str) -> list[Any]:
    """The entries of a JSON list; none if the setting is absent. `wanted` says what would be right."""
    try:
        entries = json.loads(text or "[]")
    except (ValueError, RecursionError) as error:
        raise InvalidSettingError(f"{name}: is not JSON ({error}); it must be {wanted}") from None
    if not isinstance(entries, list):
        raise InvalidSettingError(f"{name}: must be {wanted}")
    return entries


def object_of(place: str, entry: object, known: set[str]) -> dict[str, Any]:
    """The entry, if it is a JSON object with no other names than these."""
    if not isinstance(entry, dict):
        raise InvalidSettingError(f"{place}: must be a JSON object")
    if unknown := sorted(entry.keys() - known):
        raise InvalidSettingError(f"{place}: unknown {unknown}; known are {sorted(known)}")
    return entry


def members_of(place: str, values: object, check: Callable[[str, object], ValueT]) -> tuple[ValueT, ...]:
    """The checked members of a JSON list."""
    if not isinstance(values, list):
        raise InvalidSettingError(f"{place}: {values!r} is not a JSON list")
    return tuple(check(f"{place}[{i}]", value) for i, value in enumerate(values))


def absolute_url(place: str, value: object, schemes: set[str]) -> SplitResult:
    """The parts of an absolute URL of these schemes, in ASCII, without user information."""
    # User information and queries can be secrets (a SAS token), so a value with one is never repeated.
    shown = repr(value) if isinstance(value, str) and not {"?", "@"} & set(value) else "the value"
    wanted = " or ".join(f"{scheme}://..." for scheme in sorted(schemes))
    fault = InvalidSettingError(f"{place}: {shown} is not an absolute URL of the form {wanted}")
    try:
        url = urlsplit(value) if isinstance(value, str) else None
        usable = url and url.scheme in schemes and url.hostname and url.port != 0 and "@" not in url.netloc
    except ValueError:
        raise fault from None
    if url is None or not usable or not url.geturl().isascii() or any(mark in url.geturl() for mark in " {}"):
        raise fault
    return url


def plain_url(place: str, value: object, schemes: set[str]) -> str:
    """An absolute URL without query, fragment or a slash at its end."""
    if isinstance(value, str) and ("?" in value or "#" in value):
        raise InvalidSettingError(f"{place}: has a query or a fragment; leave out what follows `?` or `#`")
    return absolute_url(place, value, schemes).geturl().rstrip("/")
