"""Times: one form, whose text order is time order."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.times import format_time, parse_time, whole_milliseconds

ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001 - Hypothesis adds the zone


@given(TIMES)
def test_a_time_in_whole_milliseconds_is_read_back(time: datetime) -> None:
    cut = whole_milliseconds(time)
    assert parse_time(format_time(cut)) == cut
    assert format_time(time) == format_time(cut)


@given(TIMES)
def test_milliseconds_are_cut_off_and_never_rounded_up(time: datetime) -> None:
    cut = whole_milliseconds(time)
    assert timedelta() <= time - cut < timedelta(milliseconds=1)
    assert cut.tzinfo is UTC


@given(TIMES, TIMES)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    earlier, later = sorted([whole_milliseconds(one), whole_milliseconds(other)])
    assert format_time(earlier) <= format_time(later)
    assert (format_time(earlier) == format_time(later)) == (earlier == later)


def test_the_form_is_rfc_3339_with_three_digits_and_z() -> None:
    time = datetime(2026, 1, 5, 1, 2, 3, 4_999, tzinfo=timezone(timedelta(hours=2)))
    assert format_time(time) == "2026-01-04T23:02:03.004Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-04",
        "2026-01-04T23:02:03Z",
        "2026-01-04T23:02:03.04Z",
        "2026-01-04T23:02:03.0040Z",
        "2026-01-04T23:02:03.004+00:00",
        "2026-01-04 23:02:03.004Z",
        "2026-1-4T23:02:03.004Z",
        "2026-02-30T23:02:03.004Z",
        "2026-01-04T24:02:03.004Z",
        "2026-01-04T23:02:03.004Z ",
        "\u0662026-01-04T23:02:03.004Z",
    ],
)
def test_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"(does not match|not a time|out of range|unconverted)"):
        parse_time(text)


@pytest.mark.parametrize("year", [1, 999])
def test_a_year_has_four_digits_however_long_ago(year: int) -> None:
    assert format_time(datetime(year, 3, 1, tzinfo=UTC)) == f"{year:04d}-03-01T00:00:00.000Z"
