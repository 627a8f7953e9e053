"""The time of commits. Reports count days by it, so a process whose clock runs ahead must not be believed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from domain.times import whole_milliseconds

BELIEVED_AHEAD: Final = timedelta(seconds=5)
"""How far ahead of the storage's clock, as its answers' `Date` header tells it, a process's own may be."""


def system_time() -> datetime:
    """The process's own clock, UTC."""
    return datetime.now(UTC)


class StorageClock:
    """The process's own clock, corrected by the storage's if it runs ahead of that."""

    def __init__(self, own_time: Callable[[], datetime] = system_time) -> None:
        self._own_time = own_time
        self._ahead = timedelta()
        """How far the own clock is ahead of the storage's, as of its last answer."""

    def now(self) -> datetime:
        """The time, UTC, in whole milliseconds."""
        believed = self._ahead <= BELIEVED_AHEAD
        return whole_milliseconds(self._own_time() - (timedelta() if believed else self._ahead))

    def earliest(self) -> datetime:
        """The earlier of the process's own clock and the storage's: what is to be deleted must be old by both."""
        return whole_milliseconds(min(self._own_time(), self._own_time() - self._ahead))

    def observe(self, date_header: str | None) -> None:
        """Take note of an answer's `Date` header (RFC 9110, whole seconds); one that is no date is ignored."""
        try:
            date = parsedate_to_datetime(date_header or "")
        except ValueError:
            return
        self._ahead = self._own_time() - date.astimezone(UTC)
