"""The auditor itself: it believes a true story, also where answers were lost, and finds what a forgery breaks."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.domain.tenants import E1, E3, POLICY
from tests.faults.account import ChangeTold, SignInTold
from tests.faults.forging import change_told, journal_key, put_first, rewrite, rules, sign_in_told, swap
from tests.faults.rules import (
    EXACT,
    MONOTONE,
    NEVER_OVERSOLD,
    NOTHING_LOST,
    ONE_CLAIM,
    PROMPT,
    TAKES_NOTHING,
    TIME,
    TRUE_ANSWERS,
)
from tests.faults.story import lively, opened, turn_off

AHEAD_OF_ALL = 4e9
"""A wall clock that is far ahead of every commit of a story."""


def test_a_true_story_is_believed() -> None:
    assert rules(lively(), AHEAD_OF_ALL) == set()


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_a_claim_that_was_told_and_is_not_there_is_lost(kept: int) -> None:
    story = opened()
    rows = [story.rows_now()]
    for number in range(4):
        story.signs_in(f"user-{number}", f"sign-in-{number}")
        rows.append(story.rows_now())
    assert rules(story) == set()
    story.rows = rows[kept]
    assert NOTHING_LOST in rules(story)


def test_a_change_that_was_told_and_is_not_there_is_lost() -> None:
    story = opened()
    before = story.rows_now()
    turn_off(story)
    story.rows = before
    assert rules(story) == {NOTHING_LOST}


def test_a_license_given_by_hand_that_is_not_there_is_lost() -> None:
    story = opened()
    before = story.rows_now()
    story.gives("ada", E1)
    story.rows = before
    assert rules(story) == {NOTHING_LOST}


def test_a_deletion_that_was_told_and_is_not_there_is_lost() -> None:
    story = lively()
    story.account.changes.append(ChangeTold("administrator-9", "delete", f"policies/{POLICY}", 90.0, 91.0, 204))
    assert rules(story) == {NOTHING_LOST}


def test_a_policy_may_have_the_version_of_the_commit_that_took_a_plan_from_its_product() -> None:
    story = lively()
    change_told(story, -1, actor_id="administrator-9", version=2)
    again = ChangeTold(
        f"administrator-{len(story.account.changes) - 1}", "turn off", f"policies/{POLICY}", 14, 15, None
    )
    story.account.changes.append(again)
    assert rules(story) == set()
    change_told(story, -2, version=1)
    assert rules(story) == {NOTHING_LOST}


def test_a_row_that_lacks_a_license_that_nobody_took_back_has_lost_it() -> None:
    story = lively()
    rewrite(story, "user:ada", lambda user: user.update(licenses=[]))
    assert rules(story) == {NOTHING_LOST, MONOTONE, EXACT}


def test_what_was_asked_for_and_never_answered_may_have_happened_or_not() -> None:
    story = opened()
    story.signs_in("ada", "ada-1")
    without = [story.rows_now()]
    story.signs_in("bob", "bob-1")
    without.append(story.rows_now())
    turn_off(story)
    without.append(story.rows_now())
    sign_in_told(story, "bob-1", outcome=None, sku_id=None, policy_id=None, at=None)
    change_told(story, -1, status=None, version=None)
    for rows in without:
        story.rows = rows
        assert rules(story) == set()


def test_what_was_seen_later_says_whether_it_had_happened() -> None:
    story = opened()
    without = story.rows_now()
    story.signs_in("bob", "bob-1")
    story.looks("user", "bob")
    sign_in_told(story, "bob-1", outcome=None, sku_id=None, policy_id=None, at=None)
    assert rules(story) == set()
    story.rows = without
    assert rules(story) == {TRUE_ANSWERS}


def test_fewer_licenses_than_are_held_are_oversold() -> None:
    story = opened()
    story.signs_in("ada", "ada-1")
    story.signs_in("bob", "bob-1")
    rewrite(story, journal_key(2), lambda entries: entries[0][3]["after"].update(totalLicenses=1))
    rewrite(story, f"state:product:{E1}", lambda product: product.update(totalLicenses=1))
    assert NEVER_OVERSOLD in rules(story)


def test_a_seat_sold_before_it_was_given_back_was_oversold_though_it_is_not_at_the_end() -> None:
    story = lively()
    swap(story, 9, 10)
    assert NEVER_OVERSOLD in rules(story)


def test_a_total_below_what_is_held_is_oversold_at_that_commit() -> None:
    story = lively()
    swap(story, 2, 3)
    entry = json.loads(story.rows[journal_key(11)]["content"])[0]
    lowered = [entry[0], "product.updated", f"products/{E3}", {"before": {}, "after": {"totalLicenses": 1}}]
    rewrite(story, journal_key(11), lambda entries: entries.append(lowered))
    assert NEVER_OVERSOLD in rules(story)


@pytest.mark.parametrize(
    "edit",
    [
        lambda head: head.update(digest=f"{1:032x}"),
        lambda head: head["assigned"].update({E1: 1}),
        lambda head: head["held"].update({POLICY: 9}),
        lambda head: head.update(sequence=12),
    ],
)
def test_a_head_that_counts_otherwise_is_not_exact(edit: Callable[[Any], object]) -> None:
    story = lively()
    rewrite(story, "state", edit)
    assert rules(story) == {EXACT}


def test_a_commit_that_is_missing_is_not_exact() -> None:
    story = lively()
    del story.rows[journal_key(8)]
    assert EXACT in rules(story)


def test_an_entry_that_does_not_say_what_changed_is_not_exact() -> None:
    story = lively()
    rewrite(story, journal_key(11), lambda entries: entries[0][3].update(before={}, after={}))
    assert EXACT in rules(story)


def test_an_entry_without_a_field_that_it_needs_is_not_exact() -> None:
    story = lively()
    rewrite(story, journal_key(8), lambda entries: entries[0][3]["after"].pop("disabledServicePlanIds"))
    assert EXACT in rules(story)


def test_a_report_that_counts_a_claim_twice_is_not_exact() -> None:
    story = lively()
    place = next(place for place, view in enumerate(story.account.views) if view.view == "report")
    by_day, totals, total = json.loads(story.account.views[place].content)
    wrong = json.dumps([by_day, totals, total + 1], sort_keys=True)
    story.account.views[place] = replace(story.account.views[place], content=wrong)
    assert rules(story) == {EXACT}


def test_what_nobody_asked_for_is_not_exact() -> None:
    story = lively()
    story.account.changes.pop(0)
    assert rules(story) == {EXACT}
    story = lively()
    story.account.sign_ins = [told for told in story.account.sign_ins if told.sign_in_id != "cleo-1"]
    assert rules(story) == {EXACT}


def test_a_change_that_was_done_twice_is_not_exact() -> None:
    story = lively()
    for sequence in (9, 11):
        actor = {"id": story.account.changes[4].actor_id, "name": None}
        rewrite(story, journal_key(sequence), partial(put_first, actor))
    assert EXACT in rules(story)


def test_a_second_claim_for_the_app_is_found() -> None:
    story = lively()
    entry = json.loads(story.rows[journal_key(7)]["content"])[0]
    again = deepcopy(entry)
    again[2] = f"users/ada/licenses/{E3}"
    again[3] |= {"userId": "ada", "signInId": "ada-2"}
    rewrite(story, journal_key(7), lambda entries: entries.append(again))
    assert ONE_CLAIM in rules(story)


def test_a_claim_over_a_license_that_was_there_is_not_monotone() -> None:
    story = lively()
    entry = json.loads(story.rows[journal_key(5)]["content"])[0]
    rewrite(story, journal_key(6), lambda entries: entries.insert(0, entry))
    assert {MONOTONE, ONE_CLAIM} <= rules(story)


def test_a_sign_in_that_takes_a_license_is_not_monotone() -> None:
    story = lively()
    rewrite(story, journal_key(9), partial(put_first, {}))
    assert MONOTONE in rules(story)


@pytest.mark.parametrize(
    "edit",
    [
        lambda user: user["licenses"][0].update(off=["57ff2da0-773e-42df-b2af-ffb7a2317929"]),
        lambda user: user["licenses"][0]["by"].update(signInId="another"),
    ],
)
def test_a_license_that_is_another_than_was_given_is_not_monotone(edit: Callable[[Any], object]) -> None:
    story = lively()
    rewrite(story, "user:cleo", edit)
    assert MONOTONE in rules(story)


def test_a_claim_behind_the_turning_off_in_the_journal_is_not_prompt() -> None:
    story = lively()
    swap(story, 10, 11)
    assert PROMPT in rules(story)


def test_a_claim_before_the_turning_off_that_was_asked_for_after_its_answer_is_not_prompt() -> None:
    story = lively()
    off = story.account.changes[-1]
    sign_in_told(story, "eve-2", began=off.ended + 0.1, ended=off.ended + 0.4)
    assert PROMPT in rules(story)


def test_a_claim_that_was_asked_for_before_that_answer_is_prompt() -> None:
    story = lively()
    off = story.account.changes[-1]
    sign_in_told(story, "eve-2", ended=off.ended + 0.4)
    assert rules(story) == set()


def test_a_claim_of_a_product_that_the_policy_no_longer_had_is_not_prompt() -> None:
    story = lively()
    without = [{"skuId": E3, "disabledServicePlanIds": []}]
    rewrite(story, journal_key(4), lambda entries: entries[0][3]["after"].update(products=without))
    assert PROMPT in rules(story)


def test_a_turning_off_that_takes_a_license_is_found() -> None:
    story = lively()
    entry = json.loads(story.rows[journal_key(9)]["content"])[0]
    actor = {"id": story.account.changes[-1].actor_id, "name": None}
    taken = [actor, entry[1], f"users/ada/licenses/{E1}", entry[3]]
    rewrite(story, journal_key(11), lambda entries: entries.append(taken))
    rewrite(story, "user:ada", lambda user: user.update(licenses=[]))
    assert TAKES_NOTHING in rules(story)


@pytest.mark.parametrize(
    ("sign_in_id", "told"),
    [
        ("eve-1", {"outcome": "alreadyLicensed", "sku_id": E1}),
        ("eve-1", {"outcome": "policyOff"}),
        ("eve-1", {"outcome": "featureOff", "policy_id": None}),
        ("ada-2", {"outcome": "noLicenses", "sku_id": None}),
        ("ada-2", {"sku_id": E3}),
        ("ada-2", {"outcome": "claimed"}),
        ("ada-1", {"outcome": "alreadyLicensed"}),
        ("ada-1", {"at": "2026-01-05T08:00:00.000Z"}),
        ("bob-2", {"outcome": "noLicenses"}),
        ("bob-2", {"outcome": "alreadyLicensed", "sku_id": E1, "began": 200.0, "ended": 201.0}),
    ],
)
def test_an_answer_that_no_state_of_its_time_gives_is_not_true(sign_in_id: str, told: dict[str, Any]) -> None:
    story = lively()
    sign_in_told(story, sign_in_id, **told)
    assert rules(story) & {TRUE_ANSWERS, NOTHING_LOST}


def test_only_already_licensed_may_be_a_minute_old() -> None:
    story = opened()
    story.signs_in("ada", "ada-1")
    story.takes("ada", E1)
    licensed = SignInTold("ada", "microsoft-teams", "ada-2", 50.0, 51.0, "alreadyLicensed", E1, POLICY)
    story.account.sign_ins.append(licensed)
    assert rules(story) == set()
    story.account.sign_ins[-1] = replace(licensed, began=70.0, ended=71.0)
    assert rules(story) == {TRUE_ANSWERS}


def test_a_change_that_was_refused_and_done_all_the_same_is_not_truly_answered() -> None:
    story = lively()
    change_told(story, -1, status=409, code="LicensesInUse", version=None)
    assert TRUE_ANSWERS in rules(story)


def test_a_license_given_anew_that_was_told_as_changed_is_not_truly_answered() -> None:
    story = opened()
    story.gives("ada", E1)
    assert rules(story) == set()
    change_told(story, -1, status=200)
    assert rules(story) == {TRUE_ANSWERS}


def test_a_taking_back_that_was_told_and_not_done_is_not_truly_answered() -> None:
    story = opened()
    story.signs_in("ada", "ada-1")
    taken = ChangeTold("administrator-9", "take", f"users/ada/licenses/{E1}", 20.0, 21.0, 204)
    story.account.changes.append(taken)
    assert rules(story) == {TRUE_ANSWERS}
    story.account.changes[-1] = replace(taken, target=f"users/ada/licenses/{E3}")
    assert rules(story) == set()


def test_an_answer_that_nobody_should_get_is_told() -> None:
    story = lively()
    story.account.strange.append("a sign-in was answered 500")
    assert rules(story) == {TRUE_ANSWERS}


def test_a_commit_that_is_later_than_its_answer_has_a_clock_that_runs_ahead() -> None:
    assert rules(lively(), 1.7e9) == {TIME}
