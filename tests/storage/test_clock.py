"""The time of commits: the process's own clock, unless it is too far from the storage's."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import LedgerUnavailableError
from storage.tables.clock import StorageClock, system_time
from tests.storage.processes import Process
from tests.storage.strangers import answered_by

OWN = datetime(2026, 1, 5, 8, 0, 30, 123_456, tzinfo=UTC)
CUT = OWN.replace(microsecond=123_000)


def observed(header: str | None) -> datetime:
    """What a clock tells that has seen an answer with this header."""
    clock = StorageClock(lambda: OWN)
    clock.observe(header)
    return clock.now()


def date(seconds: float) -> str:
    """The header of a storage whose clock is so many seconds from the process's."""
    return format_datetime((OWN + timedelta(seconds=seconds)).replace(microsecond=0), usegmt=True)


def test_a_clock_that_has_seen_nothing_tells_its_own_time_in_whole_milliseconds() -> None:
    assert StorageClock(lambda: OWN).now() == CUT


@pytest.mark.parametrize("seconds", [-4, -1, 0, 1, 4, 5])
def test_a_clock_up_to_five_seconds_ahead_or_behind_is_believed(seconds: float) -> None:
    assert observed(date(seconds)) == CUT


@pytest.mark.parametrize("seconds", [-6, -60, -(10**7), 6, 60, 120 * 86400])
def test_a_clock_over_five_seconds_ahead_or_behind_is_set_to_the_storages(seconds: float) -> None:
    expected = (OWN + timedelta(seconds=seconds)).replace(microsecond=0)
    assert observed(date(seconds)) == expected


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_clock_that_is_right_again_is_believed_again(seconds: float) -> None:
    clock = StorageClock(lambda: OWN)
    clock.observe(date(seconds))
    clock.observe(date(0))
    assert clock.now() == CUT


@pytest.mark.parametrize(
    "header", [None, "", "yesterday", "Mon, 99 Jan 2026 08:00:00 GMT", "2026-01-05T08:00:00Z", "0", "1 Jan 30 0:0"]
)
def test_a_header_that_is_no_date_changes_nothing(header: str | None) -> None:
    clock = StorageClock(lambda: OWN)
    clock.observe(date(-60))
    before = clock.now()
    clock.observe(header)
    assert clock.now() == before


@given(
    st.text(max_size=40)
    | st.from_regex(r"Mon, 0?\d Jan \d{1,3} \d\d:\d\d:\d\d (GMT|[+-]\d{4})", fullmatch=True)
    | st.from_regex(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}", fullmatch=True)
)
def test_a_header_of_another_form_changes_nothing(header: str) -> None:
    assert observed(header) == CUT


@given(st.from_regex(r"Mon, \d\d Jan \d{4} \d\d:\d\d:\d\d GMT", fullmatch=True))
def test_no_header_of_the_right_form_stops_the_clock(header: str) -> None:
    assert observed(header).tzinfo is UTC


def test_the_systems_time_is_in_utc() -> None:
    assert system_time().tzinfo is UTC


async def test_the_storages_answers_reach_the_clock(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reads and commits both: this process's clock is a year ahead, and its commits are not."""
    monkeypatch.setattr(process.clock, "_own_time", lambda: system_time() + timedelta(days=365))
    await process.turn(audited, on=True)
    at = (await process.state(audited)).head.at
    assert at
    assert abs(at - system_time()) < timedelta(minutes=1)


@pytest.mark.parametrize("days", [-365, 365])
async def test_the_date_of_a_stranger_does_not_reach_the_clock(days: int) -> None:
    told = format_datetime(system_time() + timedelta(days=days), usegmt=True)
    page = f"HTTP/1.1 404 Not Found\r\nDate: {told}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    clock = StorageClock()
    async with answered_by(page.encode(), clock.observe) as table:
        with pytest.raises(LedgerUnavailableError):
            await table.get("p", "r")
    assert abs(clock.now() - system_time()) < timedelta(minutes=1)
