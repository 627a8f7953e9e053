"""Lists in pages. A link to the next page is opaque, and holds only for the list that it was made for."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import quote, urlencode

from functions.http.errors import ApiError
from functions.http.parameters import QueryParameter

TOP_DEFAULT: Final = 100
TOP_LIMIT: Final = 1000
_WHOLE_NUMBER: Final = re.compile("[0-9]{1,4}")
CONTINUATION: Final = "continuation"
TOP: Final = QueryParameter(
    "top",
    "The most items that the page may have. It may have fewer, or none, and still a next.",
    {"type": "integer", "minimum": 1, "maximum": TOP_LIMIT, "default": TOP_DEFAULT},
    form=f"a whole number from 1 to {TOP_LIMIT}",
    fits=lambda text: _WHOLE_NUMBER.fullmatch(text) is not None and 1 <= int(text) <= TOP_LIMIT,
)
NEXT: Final = QueryParameter(
    CONTINUATION,
    "Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters.",
    {"type": "string"},
    code="InvalidContinuation",
)
PAGE: Final = (TOP, NEXT)
"""The query parameters of every list."""

_SEAL_BYTES: Final = 12

ItemT = TypeVar("ItemT")
Position = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list, as one caller asked for it.

    Attributes:
        tenant_id: Whose list.
        path: Its path, from the root.
        base_url: What absolute links begin with.
        query: The request's query parameters.
        filters: Names of the query parameters that choose what is in the list.
    """

    tenant_id: str
    path: str
    base_url: str
    query: Mapping[str, str]
    filters: tuple[str, ...] = ()

    @property
    def top(self) -> int:
        """The most items that a page may have."""
        return int(self.query.get(TOP.name, str(TOP_DEFAULT)))

    def position(self, *shape: type[str | int]) -> Position | None:
        """Where the request's link says to go on: after what has this position. None at the beginning.

        `shape` is what positions of this list are made of.

        Raises:
            ApiError: 400 InvalidContinuation: not a link of this service, or of another tenant or list.
        """
        link = self.query.get(CONTINUATION)
        if link is None:
            return None
        content = self._unsealed(link)
        try:
            position = json.loads(content or b"")
        except (ValueError, RecursionError):
            raise invalid_continuation() from None
        if not isinstance(position, list) or [type(part) for part in position] != list(shape):
            raise invalid_continuation()
        return tuple(position)

    def next_link(self, position: Position) -> str:
        """The absolute URL of the page after what has this position."""
        content = json.dumps(position, separators=(",", ":")).encode()
        kept = {name: self.query[name] for name in (*self.filters, "top") if name in self.query}
        query = {**kept, CONTINUATION: base64.urlsafe_b64encode(self._seal(content) + content).decode()}
        return f"{self.base_url}{quote(self.path)}?{urlencode(query)}"

    def _unsealed(self, link: str) -> bytes | None:
        """The content of a link of this list; None of any other, also of one that merely decodes to the same."""
        try:
            sealed = base64.urlsafe_b64decode(link.encode("ascii"))
        except ValueError:
            return None
        content = sealed[_SEAL_BYTES:]
        is_ours = sealed[:_SEAL_BYTES] == self._seal(content) and base64.urlsafe_b64encode(sealed).decode() == link
        return content if is_ours else None

    def _seal(self, content: bytes) -> bytes:
        """Binds a position to its list. No secret: what a link can reach, its caller may read anyway."""
        chosen = [self.query.get(name) for name in self.filters]
        bound = json.dumps([self.tenant_id, self.path, chosen]).encode()
        return hashlib.blake2b(bound + b"\0" + content, digest_size=_SEAL_BYTES).digest()


def invalid_continuation() -> ApiError:
    """400 InvalidContinuation."""
    message = "This is no link of this list: follow a nextLink as it is, or begin without continuation."
    return ApiError(400, "InvalidContinuation", message, CONTINUATION)


def page_of(
    items: Sequence[tuple[tuple[str, ...], ItemT]], listing: Listing, *, parts: int
) -> tuple[list[ItemT], str | None]:
    """The page that is asked for of items in the order of their positions, and the link to the next, if any.

    `parts` is how many texts a position has.
    """
    top, after = listing.top, listing.position(*[str] * parts)
    rest = [(position, item) for position, item in items if after is None or position > after]
    page = rest[:top]
    link = listing.next_link(page[-1][0]) if len(rest) > top else None
    return [item for _, item in page], link
