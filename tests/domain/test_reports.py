"""Reports: which days, which policies and products, under which names, and in which order."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog import PolicyProduct, RetiredPolicy
from domain.claims import Claim
from domain.policies import delete_policy
from domain.reports import (
    DEFAULT_PERIOD,
    PERIODS,
    Period,
    PolicyCounts,
    PolicyReport,
    count,
    period_until,
    report,
    today,
)
from domain.tenant import TenantState
from tests.domain.tenants import ANY, E1, E3, E5, POLICY, START, TENANT_ID, Tenant, app, guid, product, teams_tenant

DAY = date(2024, 3, 1)
OTHER = guid(0xB1)
PLAN = guid(0xAA)
CLAIM = Claim(
    sequence=1,
    place=0,
    at=datetime(2024, 3, 1, 12, tzinfo=UTC),
    user_id="ann",
    principal_name=None,
    display_name=None,
    sku_id=E1,
    product_name="Product then",
    policy_id=POLICY,
    policy_name="Policy then",
    app_name="App then",
    assigning_order=1,
)


def claim(day: date = DAY, sku_id: str = E1, policy_id: str = POLICY, **facts: Any) -> Claim:
    """A claim at noon of a day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return replace(CLAIM, at=at, sku_id=sku_id, policy_id=policy_id, **facts)


def reported(
    tenant: Tenant, *claims: Claim, period: Period | None = None, retired: tuple[RetiredPolicy, ...] = ()
) -> dict[str, PolicyReport]:
    """The report of a week, or of another period."""
    policies = report(
        tenant.state, period or period_until(DAY, 7), count(claims), {policy.id: policy for policy in retired}
    )
    return {each.policy_id: each for each in policies}


def test_periods_are_those_of_the_api() -> None:
    assert PERIODS == (1, 7, 30, 90)
    assert DEFAULT_PERIOD == 90


@pytest.mark.parametrize(
    ("days", "first"),
    [(1, date(2024, 3, 1)), (7, date(2024, 2, 24)), (30, date(2024, 2, 1)), (90, date(2023, 12, 3))],
)
def test_a_period_is_today_and_the_days_before_it(days: int, first: date) -> None:
    period = period_until(date(2024, 3, 1), days)
    assert (period.first, period.last) == (first, date(2024, 3, 1))
    assert len(period.days) == days
    assert (period.days[0], period.days[-1]) == (first, date(2024, 3, 1))
    assert first in period
    assert date(2024, 3, 1) in period
    assert first - timedelta(days=1) not in period
    assert date(2024, 3, 2) not in period


@given(st.dates(date(1970, 1, 2), date(9000, 1, 1)), st.sampled_from(PERIODS))
def test_the_days_of_a_period_follow_each_other_without_a_gap(last: date, days: int) -> None:
    period = period_until(last, days)
    assert len(period.days) == days
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(period.days))
    assert all(day in period for day in period.days)


def test_today_is_the_day_of_the_later_of_now_and_the_last_commit() -> None:
    state = teams_tenant().state
    assert state.head.at is not None
    assert state.head.at.date() == START.date()
    assert today(START - timedelta(days=3), state) == START.date()
    assert today(START + timedelta(days=3), state) == START.date() + timedelta(days=3)
    midnight = datetime(2026, 1, 6, tzinfo=UTC)
    assert today(midnight - timedelta(milliseconds=1), state) == date(2026, 1, 5)
    assert today(midnight, state) == date(2026, 1, 6)


def test_today_of_a_tenant_that_never_was_is_now() -> None:
    assert today(START, TenantState(TENANT_ID)) == START.date()


def test_a_policy_without_claims_has_every_day_with_nothing() -> None:
    found = reported(teams_tenant(product(E1), product(E3)))
    (policy,) = found.values()
    assert [(day.day, day.claims, day.products) for day in policy.days] == [
        (date(2024, 2, 24) + timedelta(days=number), 0, ()) for number in range(7)
    ]
    assert [(each.sku_id, each.claims) for each in policy.products] == [(E1, 0), (E3, 0)]
    assert (policy.total, policy.deleted) == (0, False)


def test_claims_are_counted_by_day_and_product() -> None:
    days = [date(2024, 2, 23), date(2024, 2, 24), date(2024, 2, 29), DAY, date(2024, 3, 2)]
    claims = [claim(day, sku_id) for day in days for sku_id in (E1, E3, E3)]
    (policy,) = reported(teams_tenant(product(E1), product(E3)), *claims).values()
    assert {day.day: day.products for day in policy.days if day.claims} == dict.fromkeys(days[1:4], ((E1, 1), (E3, 2)))
    assert [(each.sku_id, each.claims) for each in policy.products] == [(E1, 3), (E3, 6)]
    assert policy.total == 9


def test_names_are_those_of_today() -> None:
    tenant = teams_tenant()
    tenant.edit_policy(name="Policy today")
    policy = reported(tenant, claim())[POLICY]
    assert (policy.policy_name, policy.app_name) == ("Policy today", "Microsoft Teams")
    assert [each.display_name for each in policy.products] == [f"Product {E1[:8]}"]


def test_a_deleted_policy_has_its_last_names_and_is_marked() -> None:
    tenant = teams_tenant()
    tenant.done(delete_policy, policy_id=POLICY, precondition=ANY)
    retired = RetiredPolicy(POLICY, "Last name", "Last app")
    policy = reported(tenant, claim(), retired=(retired,))[POLICY]
    assert (policy.policy_name, policy.app_name, policy.deleted, policy.total) == ("Last name", "Last app", True, 1)
    assert [(each.sku_id, each.claims) for each in policy.products] == [(E1, 1)]


def test_a_deleted_policy_that_nothing_is_remembered_of_has_the_names_of_its_last_claim() -> None:
    claims = claim(policy_name="First"), claim(policy_name="Last")
    policy = reported(Tenant(), *claims)[POLICY]
    assert (policy.policy_name, policy.app_name, policy.deleted) == ("Last", "App then", True)


def test_a_deleted_policy_without_claims_in_the_period_is_left_out() -> None:
    old = claim(date(2024, 2, 23))
    assert reported(Tenant(), old) == {}
    assert set(reported(Tenant(), old, period=period_until(DAY, 30))) == {POLICY}


def test_products_of_the_policy_come_in_its_order_and_then_those_that_left_it() -> None:
    tenant = teams_tenant(product(E5), product(E1), product(E3))
    tenant.edit_policy(products=(PolicyProduct(E3),))
    policy = reported(tenant, claim(sku_id=E5), claim(sku_id=E1), claim(sku_id=E3))[POLICY]
    assert [each.sku_id for each in policy.products] == [E3, E1, E5]
    without_claims = reported(tenant, claim(date(2024, 1, 1), E5))[POLICY]
    assert [each.sku_id for each in without_claims.products] == [E3]


def test_a_deleted_product_has_its_last_name_at_a_claim() -> None:
    claims = claim(sku_id=E5, product_name="First"), claim(sku_id=E5, product_name="Last")
    policy = reported(teams_tenant(), *claims)[POLICY]
    assert [(each.sku_id, each.display_name, each.claims) for each in policy.products] == [
        (E1, f"Product {E1[:8]}", 0),
        (E5, "Last", 2),
    ]


def test_policies_come_by_name_whatever_its_case_and_then_by_id() -> None:
    tenant = teams_tenant(product(E1, plans=(PLAN, "57ff2da0-773e-42df-b2af-ffb7a2317929")))
    tenant.edit_policy(name="ärger")
    tenant.put_app(app("other", PLAN))
    tenant.create_policy(E1, policy_id=OTHER, app_id="other", name="ARGON")
    retired = [RetiredPolicy(guid(number), "Argon", "App") for number in (0xC2, 0xC1)]
    claims = [claim(policy_id=each.id) for each in retired]
    found = reported(tenant, *claims, retired=tuple(retired))
    assert list(found) == [OTHER, guid(0xC1), guid(0xC2), POLICY]


def test_counts_are_added_with_the_later_names() -> None:
    earlier, later = (
        count([claim(DAY, E1, product_name=name, policy_name=name, app_name=name), claim(DAY, E3)])[POLICY]
        for name in ("earlier", "later")
    )
    total = PolicyCounts()
    total.merge(earlier)
    total.merge(later)
    total.merge(PolicyCounts())
    assert total.days == {DAY: Counter({E1: 2, E3: 2})}
    assert total.product_names == {E1: "later", E3: "Product then"}
    assert (total.policy_name, total.app_name) == ("Policy then", "App then")
    assert earlier.days == {DAY: Counter({E1: 1, E3: 1})}


CLAIMS = st.lists(
    st.builds(
        claim,
        st.dates(date(2024, 2, 20), date(2024, 3, 3)),
        st.sampled_from([E1, E3, E5]),
        st.sampled_from([POLICY, OTHER]),
    ),
    max_size=30,
)


@given(CLAIMS, st.integers(0, 30), st.sampled_from(PERIODS))
def test_counting_in_two_parts_is_counting_at_once(claims: list[Claim], cut: int, days: int) -> None:
    parts = count(claims[:cut])
    for policy_id, later in count(claims[cut:]).items():
        parts.setdefault(policy_id, PolicyCounts()).merge(later)
    tenant, period = teams_tenant(product(E1), product(E3)), period_until(DAY, days)
    assert report(tenant.state, period, parts, {}) == report(tenant.state, period, count(claims), {})


@given(CLAIMS, st.sampled_from(PERIODS))
def test_every_claim_of_the_period_is_in_the_report_once(claims: list[Claim], days: int) -> None:
    period = period_until(DAY, days)
    policies = report(teams_tenant(product(E1), product(E3)).state, period, count(claims), {})
    found = Counter(
        {
            (policy.policy_id, day.day, sku_id): amount
            for policy in policies
            for day in policy.days
            for sku_id, amount in day.products
        }
    )
    assert found == Counter((each.policy_id, each.day, each.sku_id) for each in claims if each.day in period)
    for policy in policies:
        assert policy.total == sum(each.claims for each in policy.products) == sum(day.claims for day in policy.days)
