"""Times: always UTC, always whole milliseconds, always written the same way, so that text order is time order."""

from datetime import UTC, datetime
from functools import lru_cache


def whole_milliseconds(time: datetime) -> datetime:
    """The time in UTC with what is below a millisecond cut off."""
    time = time.astimezone(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


@lru_cache
def format_time(time: datetime) -> str:
    """RFC 3339 in UTC with three fraction digits and `Z`."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """The inverse of `format_time`.

    Raises:
        ValueError: The text is not in that form.
    """
    time = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if format_time(time) != text:
        raise ValueError(f"{text!r} is not a time with three fraction digits and Z")
    return time
