"""NCRONTAB, the schedules of timer triggers: six fields, seconds first, in UTC.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
Cron libraries read five fields, or put seconds last, and join day and weekday by "or"; NCRONTAB joins them by "and".
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SEARCH_DAYS = 9 * 366
"""How far ahead the next time is looked for: 29 February can be eight years away."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ITEM = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[0-9]+))?")


class InvalidScheduleError(ValueError):
    """Not an NCRONTAB expression of six fields; the message says where."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The sets of values that each field allows."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    def next_after(self, moment: datetime) -> datetime | None:
        """Gives the first time strictly after a moment in UTC, or None if there is none within SEARCH_DAYS."""
        start = moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        for ahead in range(SEARCH_DAYS):
            day = start.date() + timedelta(days=ahead)
            if not self._allows_day(day.month, day.day, day.isoweekday() % 7):
                continue
            earliest = start.time() if ahead == 0 else datetime.min.time()
            for hour in self.hours:
                for minute in self.minutes:
                    for second in self.seconds:
                        candidate = earliest.replace(hour=hour, minute=minute, second=second)
                        if candidate >= earliest:
                            return datetime.combine(day, candidate, UTC)
        return None

    def _allows_day(self, month: int, day: int, weekday: int) -> bool:
        return month in self.months and day in self.days and weekday in self.weekdays


def parse_schedule(expression: str) -> Schedule:
    """Reads an expression such as `0 10 * * * *`; `%NAME%` is taken from the environment, as app settings are.

    Raises:
        InvalidScheduleError: The setting is missing or the expression is not one.
    """
    if len(expression) > 1 and expression.startswith("%") and expression.endswith("%"):
        setting = expression[1:-1]
        if setting not in os.environ:
            raise InvalidScheduleError(f"the setting {setting}, named by a timer's schedule, is missing")
        return parse_schedule(os.environ[setting])
    fields = expression.split()
    if len(fields) != 6:  # noqa: PLR2004 - the docstring names the six
        raise InvalidScheduleError(f"{expression!r} has {len(fields)} fields, not 6: seconds come first")
    return Schedule(
        _values(fields[0], 0, 59),
        _values(fields[1], 0, 59),
        _values(fields[2], 0, 23),
        _values(fields[3], 1, 31),
        _values(fields[4], 1, 12, _MONTHS),
        _values(fields[5], 0, 6, _WEEKDAYS),
    )


def _values(field: str, lowest: int, highest: int, names: tuple[str, ...] = ()) -> tuple[int, ...]:
    allowed: set[int] = set()
    for item in field.split(","):
        found = _ITEM.fullmatch(item)
        if found is None:
            raise InvalidScheduleError(f"{item!r} is not *, a value, a range, or one of these with a /step")
        step = int(found["step"] or 1)
        first = lowest if found["first"] is None else _value(found["first"], lowest, names)
        if found["last"] is not None:
            last = _value(found["last"], lowest, names)
        else:
            last = first if found["first"] is not None and found["step"] is None else highest
        if step == 0 or not lowest <= first <= last <= highest:
            raise InvalidScheduleError(f"{item!r} is outside {lowest} to {highest}, or runs backwards")
        allowed.update(range(first, last + 1, step))
    return tuple(sorted(allowed))


def _value(text: str, lowest: int, names: tuple[str, ...]) -> int:
    if re.fullmatch("[0-9]+", text):
        return int(text)
    if text[:3].lower() in names:
        return names.index(text[:3].lower()) + lowest
    raise InvalidScheduleError(f"{text!r} is not a number" + (f" or one of {', '.join(names)}" if names else ""))
