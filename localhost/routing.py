"""Which function a URL reaches, by the Functions host's rules rather than by Starlette's.

The host matches with ASP.NET Core's route templates on a path that its web server, Kestrel, has decoded:
https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

INT_BITS = 32
LONG_BITS = 64

_SEGMENT = re.compile(r"\{(?P<rest>\*?)(?P<name>\w+)(?::(?P<constraint>\w+))?(?P<optional>\??)\}")
_GUID_DIGITS = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_GUID = re.compile(rf"{_GUID_DIGITS}|\{{{_GUID_DIGITS}\}}|\({_GUID_DIGITS}\)|[0-9a-f]{{32}}", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?[0-9]+")
_ENCODED = re.compile(r"(?:%(?!2f)[0-9a-f]{2})+", re.IGNORECASE)
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


class InvalidRouteError(ValueError):
    """A route template that the Functions host, or this one, cannot serve."""


class InvalidPathError(ValueError):
    """A path that the host's web server answers with 400."""


def _is_guid(text: str) -> bool:
    """.NET's Guid.TryParse: wider than the API's ids, which check again."""
    return _GUID.fullmatch(text) is not None


def _is_integer(text: str, bits: int) -> bool:
    return _INTEGER.fullmatch(text) is not None and -(2 ** (bits - 1)) <= int(text) < 2 ** (bits - 1)


CONSTRAINTS: Mapping[str, Callable[[str], bool]] = {
    "guid": _is_guid,
    "int": lambda text: _is_integer(text, INT_BITS),
    "long": lambda text: _is_integer(text, LONG_BITS),
    "bool": lambda text: text.lower() in {"true", "false"},
    "alpha": lambda text: text.isascii() and text.isalpha(),
}


@dataclass(frozen=True, slots=True)
class Route:
    """A compiled route template. `parameters` stand in the order of the pattern's groups."""

    pattern: re.Pattern[str]
    parameters: tuple[tuple[str, Callable[[str], bool] | None], ...]

    def match(self, path: str) -> dict[str, str] | None:
        """Gives the route parameters of a decoded path, or None when it is not this route's.

        Letter case and one trailing slash do not matter. An optional parameter that the path leaves out is absent.
        """
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        values: dict[str, str] = {}
        for (name, constraint), value in zip(self.parameters, found.groups(), strict=True):
            if not value:
                continue
            if constraint is not None and not constraint(value):
                return None
            values[name] = value
        return values


def compile_route(template: str, prefix: str) -> Route:
    """Compiles a template such as `policies/{id:guid}/claims` under a prefix such as `api`.

    Raises:
        InvalidRouteError: The host would refuse it (`admin…` and `runtime…` are the host's own), or it uses a
            part of the template language that is not served here.
    """
    if template.lower().startswith(("admin", "runtime")):
        raise InvalidRouteError(f"route {template!r}: the host keeps routes that begin with admin or runtime")
    pattern = ""
    parameters: list[tuple[str, Callable[[str], bool] | None]] = []
    segments = [segment for segment in f"{prefix}/{template}".split("/") if segment]
    for place, segment in enumerate(segments):
        if not set(segment) & set("{}"):
            pattern += "/" + re.escape(segment)
            continue
        found = _SEGMENT.fullmatch(segment)
        is_last = place == len(segments) - 1
        if found is None or ((found["rest"] or found["optional"]) and not is_last):
            raise InvalidRouteError(
                f"route {template!r}: {segment} is not served here; "
                "{name}, {name:constraint}, and at the end {name?} and {*name} are"
            )
        if found["constraint"] and found["constraint"] not in CONSTRAINTS:
            raise InvalidRouteError(
                f"route {template!r}: constraint {found['constraint']} is not one of {', '.join(CONSTRAINTS)}"
            )
        parameters.append((found["name"], CONSTRAINTS[found["constraint"]] if found["constraint"] else None))
        if found["rest"]:
            pattern += "(?:/(.*))?"
        elif found["optional"]:
            pattern += "(?:/([^/]+))?"
        else:
            pattern += "/([^/]+)"
    return Route(re.compile(f"{pattern}/?", re.IGNORECASE | re.DOTALL), tuple(parameters))


def decode_path(raw_path: bytes) -> str:
    """Decodes a path as Kestrel does: once, but never `%2F`; what is not UTF-8 stays as it is; dots are resolved.

    Raises:
        InvalidPathError: The path holds a NUL.
    """
    path = _ENCODED.sub(_decode_run, raw_path.decode("latin-1"))
    if "\0" in path:
        raise InvalidPathError("a path cannot hold a NUL")
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _decode_run(run: re.Match[str]) -> str:
    text = bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "surrogateescape")
    return _NOT_UTF8.sub(lambda lone: f"%{ord(lone[0]) - 0xDC00:02X}", text)
