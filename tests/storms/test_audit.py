"""The audit itself: it finds each rule broken in books that were forged for it, and no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.actors import SignInSource
from domain.catalog import MICROSOFT_TEAMS, Product, ServicePlan
from domain.journal import Action, Entry, JournalRecord
from domain.licenses import License, PolicyClaim, User, digest_of
from domain.tenant import Configuration, Head
from localhost.audit import (
    Answer,
    Books,
    Verdict,
    exact,
    monotone,
    never_oversold,
    nothing_lost,
    one_claim,
    prompt,
    takes_nothing,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
PLAN = ServicePlan(MICROSOFT_TEAMS.service_plan_ids[0], "TEAMS1", "Microsoft Teams")
TEAMS = MICROSOFT_TEAMS.id


def license_of(sku_id: str, sequence: int) -> License:
    return License(sku_id, (), AT, PolicyClaim("policy", "Teams", TEAMS, "s", sequence, 0))


def claim(user_id: str, sku_id: str, sequence: int) -> JournalRecord:
    details = {"userId": user_id, "skuId": sku_id, "policyId": "policy"}
    return JournalRecord(sequence, AT, "id", (Entry(SignInSource(), Action.LICENSE_CLAIMED, "", details),))


def books_of(*users: User, journal: tuple[JournalRecord, ...]) -> Books:
    """Books of two products with two seats each, with counts that agree with the users."""
    held = [license_ for user in users for license_ in user.licenses]
    assigned = {sku_id: count for sku_id in "ab" if (count := sum(each.sku_id == sku_id for each in held))}
    products = {sku_id: Product(sku_id, sku_id, f"Product {sku_id}", 2, (PLAN,)) for sku_id in "ab"}
    head = Head(
        sequence=len(journal),
        at=AT,
        assigned=assigned,
        held={"policy": len(held)},
        digest=sum(digest_of(user) for user in users) % 2**128,
    )
    return Books(head, Configuration(products=products), {user.id: user for user in users}, journal)


ADA = User("ada", licenses=(license_of("a", 2),))
BOB = User("bob", licenses=(license_of("b", 3),))
START = JournalRecord(1, AT, "id", (Entry(SignInSource(), Action.SETTINGS_UPDATED, "settings", {}),))
SOUND = books_of(ADA, BOB, journal=(START, claim("ada", "a", 2), claim("bob", "b", 3)))
ANSWERS = (
    Answer("ada", "1", "claimed", "a", 1, 2),
    Answer("bob", "2", "claimed", "b", 1, 3),
    Answer("bob", "3", "alreadyLicensed", "b", 4, 5),
    Answer("bob", "2", "claimed", "b", 6, 7),
    Answer("cleo", "4", "noLicenses", None, 4, 5),
)

RULES: dict[str, Callable[[Books, tuple[Answer, ...]], Verdict]] = {
    "never oversold": lambda books, _: never_oversold(books),
    "exact": lambda books, _: exact(books),
    "one claim": lambda books, _: one_claim(books, TEAMS),
    "nothing lost": nothing_lost,
    "monotone": monotone,
    "prompt": lambda books, answers: prompt(books, answers, off_sequence=3, off_at=7.5),
    "takes nothing": lambda books, _: takes_nothing(SOUND, books),
}


def broken(books: Books = SOUND, answers: tuple[Answer, ...] = ANSWERS) -> set[str]:
    return {name for name, rule in RULES.items() if not rule(books, answers).held}


def with_head(**changes: Any) -> Books:
    return replace(SOUND, head=replace(SOUND.head, **changes))


def test_every_rule_holds_in_sound_books() -> None:
    assert broken() == set()


def test_more_licenses_than_seats_are_found_in_rows_and_in_counts() -> None:
    crowd = [User(name, licenses=(license_of("a", number),)) for number, name in enumerate("xyz", 2)]
    journal = (START, *(claim(user.id, "a", number) for number, user in enumerate(crowd, 2)))
    oversold = books_of(*crowd, journal=journal)
    assert never_oversold(oversold).faults == ("Product a has 2 licenses, 3 are assigned",) * 2
    assert exact(oversold).held
    assert broken(with_head(assigned={"a": 3, "b": 1})) == {"never oversold", "exact", "takes nothing"}


@pytest.mark.parametrize(
    "books",
    [
        with_head(held={"policy": 3}),
        with_head(digest=1),
        with_head(sequence=4),
        replace(SOUND, journal=(START, claim("ada", "a", 2), claim("bob", "a", 3))),
        replace(SOUND, journal=(claim("ada", "a", 2), claim("bob", "b", 3))),
    ],
)
def test_counts_digest_and_journal_that_disagree_are_not_exact(books: Books) -> None:
    assert broken(books) == {"exact"}


def test_a_count_that_is_not_that_of_the_rows_is_not_exact() -> None:
    assert broken(with_head(assigned={"a": 1})) == {"exact", "takes nothing"}


def test_a_second_license_for_the_app_and_a_second_claim_are_found() -> None:
    both = replace(BOB, licenses=(*BOB.licenses, license_of("a", 4)))
    twice = books_of(ADA, both, journal=(*SOUND.journal, claim("bob", "a", 4)))
    assert one_claim(twice, TEAMS).faults == ("bob holds 2 licenses", "bob claimed 2 times")
    assert broken(twice) == {"one claim", "monotone", "prompt", "takes nothing"}


def test_a_license_that_was_told_of_and_is_not_there_is_lost() -> None:
    without = books_of(ADA, replace(BOB, licenses=()), journal=SOUND.journal[:2])
    assert broken(without) == {"nothing lost", "monotone", "takes nothing"}
    assert broken(books_of(ADA, journal=SOUND.journal[:2])) == {"nothing lost", "monotone", "takes nothing"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer("bob", "5", "alreadyLicensed", "a", 4, 5),
        Answer("bob", "5", "noLicenses", None, 4, 5),
        Answer("bob", "5", "claimed", "b", 4, 5),
        Answer("bob", "2", "alreadyLicensed", "b", 4, 5),
        Answer("cleo", "5", "alreadyLicensed", "b", 6, 7),
    ],
)
def test_an_answer_that_does_not_go_with_the_first_is_not_monotone(answer: Answer) -> None:
    assert broken(answers=(*ANSWERS, answer)) == {"monotone"}


def test_a_claim_after_the_answer_is_not_prompt_and_one_before_it_is() -> None:
    late = Answer("bob", "2", "claimed", "b", 7.6, 8)
    assert broken(answers=(*ANSWERS, late)) == {"prompt"}
    assert broken(answers=(*ANSWERS, replace(late, began=7.4))) == set()


def test_a_claim_in_a_commit_after_the_change_is_not_prompt() -> None:
    assert not prompt(SOUND, ANSWERS, off_sequence=2, off_at=7.5).held
    assert prompt(SOUND, ANSWERS, off_sequence=2, off_at=7.5, sku_id="a").held
    assert not prompt(SOUND, ANSWERS, off_sequence=SOUND.last_change(Action.POLICY_UPDATED), off_at=7.5).held


def test_a_verdict_says_what_contradicts_the_rule_and_how_much_more_does() -> None:
    verdict = Verdict("Exact", "1 of 5", tuple("abcde"))
    assert str(verdict) == "Exact: BROKEN (1 of 5): a; b; c and 2 more"
    assert str(Verdict("Exact", "5 of 5")) == "Exact: held (5 of 5)"
