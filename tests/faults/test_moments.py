"""Between which states an answer lies, for all that callers know: as few as can be, and never too few."""

import pytest

from tests.faults.account import Account, ChangeTold, DeletionTold, SignInTold
from tests.faults.history import Commit, Entry
from tests.faults.moments import Moments


def commit(sequence: int, actor_id: str) -> Commit:
    return Commit(sequence, "", (Entry(actor_id, "settings.updated", "settings", {}, 0),))


def claim(sequence: int, sign_in_id: str) -> Commit:
    return Commit(sequence, "", (Entry(None, "license.claimed", "users/u/licenses/s", {"signInId": sign_in_id}, 0),))


def change(actor_id: str, began: float, ended: float, status: int | None = 200) -> ChangeTold:
    return ChangeTold(actor_id, "", "settings", began, ended, status)


COMMITS = [commit(1, "a"), commit(2, "b"), commit(3, "c")]
KNOWN = Account("t", changes=[change("a", 10, 11), change("b", 20, 21), change("c", 30, 31)])


@pytest.mark.parametrize(
    ("began", "ended", "window"),
    [
        (5, 6, (0, 0)),
        (5, 10.5, (0, 1)),
        (10.5, 10.6, (0, 1)),
        (12, 13, (1, 1)),
        (12, 20.5, (1, 2)),
        (20.5, 40, (1, 3)),
        (40, 41, (3, 3)),
    ],
)
def test_what_was_answered_before_has_happened_and_what_was_asked_for_later_has_not(
    began: float, ended: float, window: tuple[int, int]
) -> None:
    assert Moments(COMMITS, KNOWN).window(began, ended) == window


def test_a_commit_whose_answer_was_lost_is_bounded_by_the_others() -> None:
    changes = [change("a", 10, 11, None), change("b", 20, 21), change("c", 30, 31, None)]
    moments = Moments(COMMITS, Account("t", changes=changes))
    assert moments.window(12, 13) == (0, 1)
    assert moments.window(22, 23) == (2, 2)
    assert moments.window(40, 41) == (2, 3)
    assert moments.answered_at(1) == 21
    assert moments.answered_at(3) == float("inf")


@pytest.mark.parametrize(
    ("deletions", "asked", "window"),
    [
        ([DeletionTold(32, 36, 0)], 32, (3, 3)),
        ([DeletionTold(25, 40, 1), DeletionTold(32, 36, 0)], 25, (3, 4)),
        ([DeletionTold(5, 29, 1), DeletionTold(32, 36, 0)], 32, (3, 3)),
        ([DeletionTold(5, 50, None, removing=29), DeletionTold(32, 36, 0)], 32, (3, 3)),
        ([], float("-inf"), (3, 4)),
    ],
)
def test_the_end_of_a_life_is_after_what_may_have_made_it_was_asked_for(
    deletions: list[DeletionTold], asked: float, window: tuple[int, int]
) -> None:
    line = [*COMMITS, Commit(3, "", (), ended_by=35), commit(4, "d")]
    told = Account("t", changes=[*KNOWN.changes, change("d", 40, 41)], deletions=deletions)
    moments = Moments(line, told)
    assert moments.asked_at(4) == asked
    assert moments.window(31.2, 31.5) == window
    assert moments.window(35.5, 36) == (4, 4)
    assert moments.window(40.5, 42) == (4, 5)


def test_a_claim_is_after_its_first_sending_and_before_whoever_was_told_of_it() -> None:
    sendings = [
        SignInTold("u", "app", "s", 10, 12),
        SignInTold("u", "app", "s", 13, 14, "claimed", "sku"),
        SignInTold("u", "app", "s", 15, 16, "claimed", "sku"),
    ]
    moments = Moments([claim(1, "s")], Account("t", sendings))
    assert moments.window(9, 9.5) == (0, 0)
    assert moments.window(11, 11.5) == (0, 1)
    assert moments.window(14.5, 15) == (1, 1)


def test_a_second_claim_by_the_same_sign_in_is_not_taken_for_the_first() -> None:
    sendings = [SignInTold("u", "app", "s", 10, 11, "claimed", "sku"), SignInTold("u", "app", "s", 20, 21)]
    moments = Moments([claim(1, "s"), commit(2, "b"), claim(3, "s")], Account("t", sendings))
    assert moments.window(12, 13) == (1, 3)
    assert moments.surely_by(100) == 1
