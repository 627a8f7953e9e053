"""The timers on many tenants in simulated time: what docs/capacity.md says of many holds of some."""

from benchmarks.many_tenants import enumeration, hourly, nightly_check, nightly_round
from benchmarks.tenants_in_memory import CALL_SECONDS
from functions.timers.rounds import AT_ONCE_MOST


def test_an_hour_costs_what_changed_and_not_what_there_is() -> None:
    few, many = hourly(100, 40), hourly(1_000, 40)

    assert few.runs == many.runs == 1
    assert many.calls == few.calls


def test_no_more_calls_are_made_a_second_than_so_many_visits_make_one_after_the_other() -> None:
    outcome = nightly_round(300)

    assert outcome.runs == 1
    assert outcome.calls / outcome.seconds < AT_ONCE_MOST / CALL_SECONDS


def test_every_tenant_is_checked_in_one_round() -> None:
    assert nightly_check(50).runs == 1


def test_tenants_are_found_faster_than_by_one_call_after_the_other() -> None:
    assert enumeration(2_000).seconds < 2_000 * CALL_SECONDS / 4


def test_where_sign_ins_leave_little_little_is_refused_and_all_is_counted_in_the_end() -> None:
    outcome = hourly(100, 100, 200)

    assert 0 < outcome.refused < outcome.calls / 5
    assert outcome.calls / outcome.seconds < 300
