"""Walking back through a tenant's past: nothing twice, nothing left out, a bounded part at each step."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.history
from domain.actors import Administrator, SignInSource
from domain.catalog import RetiredPolicy
from domain.claims import Claim, claims_in, claims_of
from domain.errors import LedgerDamagedError
from domain.history import Place, all_entries, claims_since, claims_under, is_held, step_back
from domain.journal import Action, Entry, JournalRecord
from domain.licenses import License, PolicyClaim, User
from domain.records import ClaimCounts
from domain.reports import Period
from domain.tenant import TenantState
from tests.domain.tenants import ADA, E1, E3, POLICY, TENANT_ID, guid

START = datetime(2024, 2, 28, tzinfo=UTC)
OTHER = guid(0xB1)
STEPS_MOST = 1_000


class Past:
    """The journal of one tenant, in memory. Pages are short: at most so many rows, whatever is asked for."""

    def __init__(self, commits: Sequence[JournalRecord], page_rows: int = 1_000) -> None:
        self.commits = list(commits)
        self._page_rows = page_rows
        self.pages = 0

    async def commits_before(
        self, tenant_id: str, sequence: int | None, rows: int
    ) -> tuple[Sequence[JournalRecord], bool]:
        assert tenant_id == TENANT_ID
        self.pages += 1
        older = [each for each in self.commits if sequence is None or each.sequence < sequence]
        page = sorted(older, key=lambda each: -each.sequence)[: min(rows, self._page_rows)]
        return page, len(page) < len(older)

    async def user(self, tenant_id: str, user_id: str) -> tuple[TenantState, User]:
        raise AssertionError(tenant_id, user_id)

    async def users(self, tenant_id: str, user_ids: Iterable[str]) -> dict[str, User]:
        raise AssertionError(tenant_id, user_ids)

    async def users_after(self, tenant_id: str, user_id: str | None) -> tuple[list[User], str | None]:
        raise AssertionError(tenant_id, user_id)

    async def retired_policies(self, tenant_id: str, policy_ids: Iterable[str]) -> dict[str, RetiredPolicy]:
        raise AssertionError(tenant_id, policy_ids)

    async def claim_counts(self, tenant_id: str, period: Period) -> ClaimCounts:
        raise AssertionError(tenant_id, period)


def claimed(user_id: str, sku_id: str = E1, policy_id: str = POLICY) -> Entry:
    """A claim."""
    details = {
        "userId": user_id,
        "skuId": sku_id,
        "productName": "Product",
        "policyId": policy_id,
        "policyName": "Policy",
        "appName": "App",
        "assigningOrder": 1,
    }
    return Entry(SignInSource(), Action.LICENSE_CLAIMED, f"users/{user_id}/licenses/{sku_id}", details)


def by_hand(user_id: str, action: Action, sku_id: str = E1) -> Entry:
    """What an administrator does to a license."""
    return Entry(ADA, action, f"users/{user_id}/licenses/{sku_id}", {})


def commit(sequence: int, *entries: Entry, day: int = 0) -> JournalRecord:
    """A commit so many days after the start."""
    return JournalRecord(sequence, START + timedelta(days=day), f"commit-{sequence}", entries)


async def walk(
    past: Past, most: int, policy_id: str | None = None, first_day: date = date.min
) -> tuple[list[Claim], int]:
    """All claims, step by step, and how many steps that took."""
    found: list[Claim] = []
    before: Place | None = None
    for steps in range(1, STEPS_MOST):
        step = await step_back(past, TENANT_ID, before, most, select=claims_under(policy_id), first_day=first_day)
        assert len(step.items) <= most
        found += step.items
        if step.next is None:
            return found, steps
        assert before is None or step.next < before
        before = step.next
    raise AssertionError("the walk does not end")


def newest_first(commits: Iterable[JournalRecord]) -> list[Claim]:
    """Every claim of these commits, the newest first."""
    return list(claims_in(sorted(commits, key=lambda each: each.sequence)))[::-1]


ENTRIES = st.one_of(
    st.builds(claimed, st.sampled_from("abc"), st.sampled_from([E1, E3]), st.sampled_from([POLICY, OTHER])),
    st.builds(by_hand, st.sampled_from("abc"), st.sampled_from([Action.LICENSE_ASSIGNED, Action.LICENSE_REMOVED])),
)
COMMITS = st.lists(st.lists(ENTRIES, min_size=1, max_size=4), max_size=12)


def numbered(commits: list[list[Entry]], first: int = 1) -> list[JournalRecord]:
    """Commits one after the other, two a day."""
    return [commit(first + number, *entries, day=number // 2) for number, entries in enumerate(commits)]


@given(COMMITS, st.integers(1, 5), st.integers(1, 4), st.integers(1, 9), st.sampled_from([None, POLICY]))
def test_steps_of_any_size_find_every_claim_once_newest_first(
    commits: list[list[Entry]], most: int, page_rows: int, first: int, policy_id: str | None
) -> None:
    records = numbered(commits, first)  # A journal that was pruned does not begin with 1.
    found, _ = asyncio.run(walk(Past(records, page_rows), most, policy_id))
    assert found == [each for each in newest_first(records) if policy_id in (None, each.policy_id)]


@given(COMMITS, st.integers(1, 5), st.integers(0, 7))
def test_a_walk_ends_before_the_first_day(commits: list[list[Entry]], most: int, day: int) -> None:
    records = numbered(commits)
    first_day = (START + timedelta(days=day)).date()
    found, _ = asyncio.run(walk(Past(records, 3), most, first_day=first_day))
    assert found == [each for each in newest_first(records) if each.day >= first_day]


async def test_commits_that_come_in_between_disturb_no_walk() -> None:
    past = Past([commit(number, claimed(f"u{number}"), claimed(f"v{number}")) for number in range(1, 6)])
    expected = newest_first(past.commits)
    found: list[Claim] = []
    before: Place | None = None
    for number in range(6, STEPS_MOST):
        step = await step_back(past, TENANT_ID, before, 3, select=claims_under(None))
        found += step.items
        past.commits.append(commit(number, claimed(f"u{number}")))
        if step.next is None:
            assert found == expected
            return
        before = step.next
    raise AssertionError("the walk does not end")


async def test_a_page_that_ends_exactly_with_the_past_has_no_next() -> None:
    past = Past([commit(1, claimed("a"), claimed("b"))])
    step = await step_back(past, TENANT_ID, None, 2, select=claims_under(None))
    assert ([each.user_id for each in step.items], step.next) == (["b", "a"], None)
    assert (await step_back(Past([]), TENANT_ID, None, 2, select=claims_under(None))).next is None


async def test_a_step_that_finds_little_ends_at_a_bound_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain.history, "COMMITS_PER_PAGE", 2)
    monkeypatch.setattr(domain.history, "COMMITS_PER_STEP", 6)
    past = Past([commit(1, claimed("first")), *(commit(n, by_hand("a", Action.LICENSE_CHANGED)) for n in range(2, 40))])
    step = await step_back(past, TENANT_ID, None, 10, select=claims_under(None))
    assert (step.items, step.next, past.pages) == ([], (34, 0), 3)
    found, steps = await walk(past, 10)
    assert [each.user_id for each in found] == ["first"]
    assert steps == 8


async def test_every_entry_can_be_walked_through() -> None:
    past = Past([commit(1, claimed("a"), by_hand("a", Action.LICENSE_REMOVED)), commit(2, claimed("b"))])
    step = await step_back(past, TENANT_ID, None, 10, select=all_entries)
    assert [(record.sequence, entry.action) for record, entry in step.items] == [
        (2, Action.LICENSE_CLAIMED),
        (1, Action.LICENSE_REMOVED),
        (1, Action.LICENSE_CLAIMED),
    ]


def test_a_claim_has_the_place_that_it_has_in_its_commit() -> None:
    record = commit(7, by_hand("a", Action.LICENSE_ASSIGNED), claimed("b"), claimed("c"))
    assert [(each.sequence, each.place, each.user_id) for each in claims_of(record)] == [(7, 1, "b"), (7, 2, "c")]


@pytest.mark.parametrize("field", ["userId", "skuId", "productName", "policyId", "policyName", "appName"])
def test_a_claim_that_does_not_say_what_was_claimed_is_damage(field: str) -> None:
    entry = claimed("a")
    broken = replace(entry, details={name: value for name, value in entry.details.items() if name != field})
    with pytest.raises(LedgerDamagedError, match=f"entry 1 of commit 7.*{field}"):
        list(claims_of(commit(7, claimed("b"), broken)))


def held_by(origin: PolicyClaim | Administrator, sku_id: str = E1) -> User:
    """A user with one license."""
    return User("a", licenses=(License(sku_id, (), START, origin),))


def test_a_claim_is_held_while_the_license_is_from_that_very_claim() -> None:
    (claim,) = claims_of(commit(7, claimed("a")))
    assert is_held(claim, held_by(PolicyClaim(POLICY, "Policy", "app", None, 7, 0)))
    assert not is_held(claim, held_by(PolicyClaim(POLICY, "Policy", "app", None, 7, 1)))
    assert not is_held(claim, held_by(PolicyClaim(POLICY, "Policy", "app", None, 8, 0)))
    assert not is_held(claim, held_by(PolicyClaim(POLICY, "Policy", "app", None, 7, 0), E3))
    assert not is_held(claim, held_by(ADA))
    assert not is_held(claim, User("a"))
    assert not is_held(claim, None)


async def exported(past: Past, first_day: date = date.min, policy_id: str | None = None) -> list[tuple[int, bool]]:
    """The numbers of the commits of claims, newest first, and whether they are held."""
    return [(claim.sequence, held) async for claim, held in claims_since(past, TENANT_ID, first_day, policy_id)]


async def test_an_export_knows_what_was_taken_back_later() -> None:
    past = Past(
        [
            commit(1, claimed("a"), claimed("b")),
            commit(2, by_hand("a", Action.LICENSE_REMOVED)),
            commit(3, claimed("a")),
            commit(4, by_hand("a", Action.LICENSE_REMOVED, E3)),
            commit(5, by_hand("b", Action.LICENSE_CHANGED)),
            commit(6, claimed("a", E3), claimed("c")),
            commit(7, by_hand("c", Action.LICENSE_REMOVED)),
            commit(8, by_hand("c", Action.LICENSE_ASSIGNED)),
        ]
    )
    assert await exported(past) == [(6, False), (6, True), (3, True), (1, True), (1, False)]


async def test_an_export_under_a_policy_heeds_what_was_taken_back_of_any() -> None:
    past = Past(
        [
            commit(1, claimed("a", policy_id=POLICY)),
            commit(2, by_hand("a", Action.LICENSE_REMOVED)),
            commit(3, claimed("a", policy_id=OTHER)),
        ]
    )
    assert await exported(past, policy_id=POLICY) == [(1, False)]
    assert await exported(past, policy_id=OTHER) == [(3, True)]


async def test_an_export_ends_before_the_first_day() -> None:
    past = Past([commit(number, claimed(f"u{number}"), day=number) for number in range(1, 8)], page_rows=2)
    first_day = (START + timedelta(days=5)).date()
    assert await exported(past, first_day) == [(7, True), (6, True), (5, True)]
    assert past.pages == 2


@given(COMMITS, st.integers(1, 4))
def test_an_export_has_every_claim_newest_first(commits: list[list[Entry]], page_rows: int) -> None:
    records = numbered(commits)
    found = asyncio.run(exported(Past(records, page_rows)))
    assert [sequence for sequence, _ in found] == [each.sequence for each in newest_first(records)]
