"""Which states an answer may rest on."""

import pytest

from tests.faults.explained import Observation, unexplained
from tests.faults.history import Commit, Entry
from tests.faults.rules import TRUE_ANSWERS


def claim(user_id: str, place: int) -> Entry:
    details = {"policyId": "policy", "appId": "microsoft-teams"}
    return Entry(None, "license.claimed", f"users/{user_id}/licenses/sku", details, place)


COMMITS = [
    Commit(1, "2026-01-05T08:00:00.000Z", (claim("ann", 0),)),
    Commit(2, "2026-01-05T08:00:01.000Z", (claim("bob", 0), claim("cleo", 1))),
    Commit(3, "2026-01-05T08:00:02.000Z", (claim("dan", 0),)),
]


def told_with(held: int, first: int, last: int, *, decided_among_claims: bool = True) -> Observation:
    """An answer that is true while so many licenses are held."""
    return Observation(
        *(first, last, lambda state: state.assigned["sku"] == held, TRUE_ANSWERS, "told"),
        decided_among_claims=decided_among_claims,
    )


@pytest.mark.parametrize(("held", "first", "last"), [(0, 0, 0), (1, 0, 1), (3, 2, 2), (4, 0, 3)])
def test_an_answer_that_is_true_after_a_commit_of_its_time_is_explained(held: int, first: int, last: int) -> None:
    assert unexplained(COMMITS, [told_with(held, first, last)]) == []


def test_a_sign_in_may_be_decided_between_two_claims_of_one_commit() -> None:
    assert unexplained(COMMITS, [told_with(2, 1, 2)]) == []


@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 3)])
def test_but_not_if_that_commit_came_before_the_question_or_after_the_answer(first: int, last: int) -> None:
    told = told_with(2, first, last)
    assert unexplained(COMMITS, [told]) == [told]


def test_nobody_else_sees_half_a_commit() -> None:
    told = told_with(2, 0, 3, decided_among_claims=False)
    assert unexplained(COMMITS, [told]) == [told]
