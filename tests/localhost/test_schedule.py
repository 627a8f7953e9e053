from datetime import UTC, datetime, timedelta, timezone

import pytest

from localhost.schedule import InvalidScheduleError, parse_schedule


@pytest.mark.parametrize(
    ("expression", "after", "due"),
    [
        ("0 10 * * * *", "2026-03-05 07:10:00", "2026-03-05 08:10:00"),
        ("0 10 * * * *", "2026-03-05 07:09:59.5", "2026-03-05 07:10:00"),
        ("*/15 * * * * *", "2026-03-05 07:09:46", "2026-03-05 07:10:00"),
        ("30 5/20 22-23 * * *", "2026-12-31 23:45:30", "2027-01-01 22:05:30"),
        ("0 0 0 29 2 *", "2096-02-29 00:00:00", "2104-02-29 00:00:00"),
        ("0 0 9 * Jan,Mar Mon-Fri", "2026-01-30 09:00:00", "2026-03-02 09:00:00"),
        ("0 0 0 13 * Friday", "2026-03-14 00:00:00", "2026-11-13 00:00:00"),
        ("0 0 0 1,15 * *", "2026-03-02 00:00:00", "2026-03-15 00:00:00"),
    ],
)
def test_the_next_time_is_the_first_one_strictly_after(expression: str, after: str, due: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert parse_schedule(expression).next_after(moment) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_times_are_utc_wherever_the_clock_stands() -> None:
    tokyo = datetime(2026, 3, 5, 8, 0, tzinfo=timezone(timedelta(hours=9)))
    assert parse_schedule("0 0 0 * * *").next_after(tokyo) == datetime(2026, 3, 5, tzinfo=UTC)


def test_a_day_that_never_comes_is_not_waited_for() -> None:
    assert parse_schedule("0 0 0 30 2 *").next_after(datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_a_schedule_can_be_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_SCHEDULE", "1 2 3 * * *")
    assert parse_schedule("%TOY_SCHEDULE%") == parse_schedule("1 2 3 * * *")


@pytest.mark.parametrize(
    "expression",
    [
        "10 * * * *",
        "60 * * * * *",
        "0 0 0 0 * *",
        "0 0 0 * * 7",
        "0 0 5-2 * * *",
        "*/0 * * * * *",
        "x * * * * *",
        "1,, * * * * *",
        "0 0 0 * Foo *",
        "%NO_SUCH_SETTING%",
        "",
    ],
)
def test_what_is_no_schedule_is_refused_with_a_reason(expression: str) -> None:
    with pytest.raises(InvalidScheduleError) as refused:
        parse_schedule(expression)
    assert str(refused.value)
