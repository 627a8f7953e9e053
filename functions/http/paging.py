"""Lists in pages. A link to the next page is opaque, and holds only for the list that it was made for."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import quote, urlencode

from functions.http.bodies import invalid_request
from functions.http.errors import ApiError, Detail

TOP_DEFAULT: Final = 100
TOP_LIMIT: Final = 1000
CONTINUATION: Final = "continuation"
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
        """The most items that a page may have.

        Raises:
            ApiError: 400 InvalidRequest.
        """
        text = self.query.get("top", str(TOP_DEFAULT))
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(TOP_LIMIT)) and 1 <= int(text) <= TOP_LIMIT):
            message = f"top is {json.dumps(text[:50])}: it must be a whole number from 1 to {TOP_LIMIT}."
            raise invalid_request([Detail("InvalidValue", message, "top")])
        return int(text)

    @property
    def position(self) -> Position | None:
        """Where the request's link says to go on: after what has this position. None at the beginning.

        Raises:
            ApiError: 400 InvalidContinuation: not a link of this service, or of another tenant or list.
        """
        link = self.query.get(CONTINUATION)
        if link is None:
            return None
        content = self._unsealed(link)
        if content is None:
            message = "This is no link of this list: follow a nextLink as it is, or begin without continuation."
            raise ApiError(400, "InvalidContinuation", message, CONTINUATION)
        return tuple(json.loads(content))

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


def page_of(items: Sequence[tuple[Position, ItemT]], listing: Listing) -> tuple[list[ItemT], str | None]:
    """The page that is asked for of items in the order of their positions, and the link to the next, if any."""
    top, after = listing.top, listing.position
    rest = [(position, item) for position, item in items if after is None or position > after]
    page = rest[:top]
    link = listing.next_link(page[-1][0]) if len(rest) > top else None
    return [item for _, item in page], link
