"""The time of commits: a process's own clock, for as long as the storage's agrees with it.

Reports count days by it and retention removes by it, so a clock that is ahead is not believed, nor one that is behind.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from domain.times import whole_milliseconds

BELIEVED_APART_MAX: Final = timedelta(seconds=5)
"""How far a process's own clock may be from the storage's, as the `Date` header of its answers tells it."""

_DATE: Final = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT", re.ASCII)
"""RFC 9110's IMF-fixdate, the only form that may be sent. The standard library reads much more as a date."""


def system_time() -> datetime:
    """The process's own clock, UTC."""
    return datetime.now(UTC)


class StorageClock:
    """The process's own clock, or the storage's if the two are too far apart."""

    def __init__(self, own_time: Callable[[], datetime] = system_time) -> None:
        self._own_time = own_time
        self._ahead = timedelta()
        """How far the own clock is ahead of the storage's (below zero: behind it), as of its last answer."""

    def now(self) -> datetime:
        """The time, UTC, in whole milliseconds."""
        believed = abs(self._ahead) <= BELIEVED_APART_MAX
        return whole_milliseconds(self._own_time() - (timedelta() if believed else self._ahead))

    def earliest(self) -> datetime:
        """The earlier of the process's own clock and the storage's: what is to be deleted must be old by both."""
        return whole_milliseconds(min(self._own_time(), self._own_time() - self._ahead))

    def observe(self, date_header: str | None) -> None:
        """Take note of an answer's `Date` header (RFC 9110, whole seconds); one of another form is ignored."""
        if date_header is None or not _DATE.fullmatch(date_header):
            return
        try:
            date = parsedate_to_datetime(date_header)
        except ValueError:
            return
        self._ahead = self._own_time() - date.astimezone(UTC)
