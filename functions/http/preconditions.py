"""What If-Match and If-None-Match demand of a version (RFC 9110, sections 8.8.3 and 13.1)."""

import re
from collections.abc import Mapping
from typing import Final

from domain.versions import Demand, Precondition

_OUR_ETAG: Final = re.compile(r'"(0|[1-9][0-9]{0,14})"')


def precondition_of(headers: Mapping[str, str]) -> Precondition:
    """What the request demands. One ETag or `*`; anything else is a version that is never the current one."""
    return Precondition(match=_match(headers.get("if-match")), absent=headers.get("if-none-match", "").strip() == "*")


def _match(header: str | None) -> int | Demand | None:
    if header is None:
        return None
    if header.strip() == "*":
        return Demand.ANY
    ours = _OUR_ETAG.fullmatch(header.strip())
    return int(ours.group(1)) if ours else Demand.UNKNOWN
