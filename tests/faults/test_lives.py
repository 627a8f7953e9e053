"""The auditor on a tenant that was deleted and began again: it finds what is of another life, and nothing else."""

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from domain.settings import update_settings
from tests.domain.tenants import ANY, E1, E3, POLICY, TEAMS
from tests.faults.account import DeletionTold, SignInTold
from tests.faults.forging import change_told, journal_key, rewrite, rules
from tests.faults.history import commits_of
from tests.faults.rules import EXACT, NEVER_OVERSOLD, NOTHING_LOST, ONE_CLAIM, PROMPT, TRUE_ANSWERS
from tests.faults.story import Story, open_tenant, opened, reborn

RETENTION = "retention"


def deleted_at(story: Story) -> float:
    """When the first deletion was asked for; half a second later it was told."""
    return story.account.deletions[0].began


def old_rows(story: Story) -> dict[str, dict[str, Any]]:
    return {row["RowKey"]: deepcopy(dict(row)) for row in story.ended[0].rows}


def with_old_rows(story: Story, rows: dict[str, dict[str, Any]]) -> None:
    story.ended[0] = replace(story.ended[0], rows=list(rows.values()))


def tells(story: Story, outcome: str, at: float, sku_id: str | None = None, sign_in_id: str = "lie") -> None:
    """Ada is told something, half a second after she signed in."""
    told = SignInTold("ada", TEAMS, sign_in_id, at, at + 0.5, outcome, sku_id, POLICY)
    story.account.sign_ins.append(told)


def test_a_true_story_of_two_lives_is_believed() -> None:
    assert rules(reborn(), 4e9) == set()


def test_so_is_one_of_a_tenant_that_is_gone_and_of_one_with_three_lives() -> None:
    story = reborn()
    story.deletes()
    assert rules(story) == set()
    story.signs_in("ada", "ada-5")
    assert rules(story) == set()
    story.changes("settings", update_settings, auto_claim_enabled=True, precondition=ANY)
    assert [commit.sequence for commit in commits_of(story.rows.values())] == [20]
    assert rules(story) == set()


def test_a_head_that_waits_for_the_first_commit_is_no_life_yet_and_other_rows_are_of_none() -> None:
    story = reborn()
    story.deletes()
    story.rows = {"state": {"RowKey": "state", "opening": True}}
    assert rules(story) == set()
    story.rows |= {"user:ada": old_rows(story)["user:ada"]}
    assert rules(story) == {EXACT}


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_new_life_whose_numbers_do_not_go_on_is_not_exact(shift: int) -> None:
    story = reborn()
    rewrite(story, RETENTION, lambda content: content.update(prunedThrough=11 + shift))
    assert EXACT in rules(story)


def test_a_new_life_that_does_not_say_after_what_it_begins_is_not_exact() -> None:
    story = reborn()
    del story.rows[RETENTION]
    assert EXACT in rules(story)


def test_a_new_life_that_counts_from_one_again_is_not_exact() -> None:
    story = opened()
    story.deletes()
    other = opened()
    other.ended, other.account.deletions = story.ended, story.account.deletions
    assert EXACT in rules(other)


@pytest.mark.parametrize("sequence", [12, 15, 19])
def test_a_commit_of_a_new_life_that_is_missing_is_not_exact(sequence: int) -> None:
    story = reborn()
    del story.rows[journal_key(sequence)]
    assert EXACT in rules(story)


@pytest.mark.parametrize("sequence", [1, 6, 11])
def test_a_commit_of_a_life_that_ended_and_is_missing_there_is_not_exact(sequence: int) -> None:
    story = reborn()
    rows = old_rows(story)
    del rows[journal_key(sequence)]
    with_old_rows(story, rows)
    assert EXACT in rules(story)


@pytest.mark.parametrize("key", ["user:bob", "user:cleo", journal_key(11), "state:product:" + E1])
def test_a_row_of_the_old_life_in_the_new_one_is_not_exact(key: str) -> None:
    story = reborn()
    story.rows[key] = old_rows(story)[key]
    assert EXACT in rules(story)


def test_a_commit_of_the_old_life_that_is_made_in_the_new_one_came_too_late() -> None:
    story = reborn()
    turned_off = old_rows(story)[journal_key(11)]
    story.rows[journal_key(19)]["content"] = turned_off["content"]
    assert PROMPT in rules(story)


def test_a_seat_of_the_old_life_does_not_count_in_the_new_one() -> None:
    story = reborn()
    rewrite(story, "state", lambda head: head["assigned"].update({E1: 2}))
    assert rules(story) == {EXACT}


def test_a_claim_that_was_told_and_was_not_there_when_its_life_ended_is_lost() -> None:
    story = reborn()
    rows = old_rows(story)
    rows["user:eve"]["content"] = json.dumps({"id": "eve", "licenses": []})
    with_old_rows(story, rows)
    assert NOTHING_LOST in rules(story)


def test_a_claim_of_the_new_life_is_lost_also_where_the_old_one_had_the_same() -> None:
    story = reborn()
    rewrite(story, "user:ada", lambda user: user.update(licenses=[]))
    assert NOTHING_LOST in rules(story)


def test_the_rules_hold_in_the_life_that_ended() -> None:
    story = reborn()
    rows = old_rows(story)
    (entry,) = json.loads(rows[journal_key(7)]["content"])
    again = deepcopy(entry)
    again[2] = f"users/ada/licenses/{E3}"
    again[3] |= {"userId": "ada", "signInId": "ada-2"}
    rows[journal_key(7)]["content"] = json.dumps([entry, again])
    (product,) = json.loads(rows[journal_key(3)]["content"])
    product[3]["after"]["totalLicenses"] = 1
    rows[journal_key(3)]["content"] = json.dumps([product])
    with_old_rows(story, rows)
    assert {ONE_CLAIM, NEVER_OVERSOLD} <= rules(story)


@pytest.mark.parametrize(
    ("outcome", "sku_id", "sign_in_id"),
    [("claimed", E1, "ada-1"), ("noLicenses", None, "lie"), ("policyOff", None, "lie")],
)
def test_only_that_somebody_is_licensed_may_rest_on_the_old_life(
    outcome: str, sku_id: str | None, sign_in_id: str
) -> None:
    story = reborn()
    tells(story, outcome, deleted_at(story) + 0.6, sku_id, sign_in_id)
    assert rules(story) == {TRUE_ANSWERS}


def test_old_products_are_not_shown_once_the_deletion_was_seen() -> None:
    story = reborn()
    seen = next(view for view in story.account.views if view.view == "products")
    at = deleted_at(story)
    story.account.views.append(replace(seen, began=at + 0.6, ended=at + 0.7))
    assert rules(story) == {TRUE_ANSWERS}
    story.account.views[-1] = replace(seen, began=at - 12.0, ended=at + 0.7)
    assert rules(story) == set()


def test_a_report_that_counts_a_claim_of_the_old_life_is_not_exact() -> None:
    story = reborn()
    old = next(view for view in story.account.views if view.view == "report")
    new = story.account.views[-2]
    assert new.view == "report"
    story.account.views[-2] = replace(new, content=old.content)
    assert rules(story) == {EXACT}


def test_settings_that_nobody_has_written_in_this_life_have_version_0() -> None:
    story = reborn()
    told = next(change for change in story.account.changes if change.target == "settings")
    at = deleted_at(story) + 0.6
    unwritten = replace(told, actor_id="administrator-99", began=at, ended=at + 0.1, version=0)
    story.account.changes.append(unwritten)
    assert rules(story) == set()
    story.account.changes[-1] = replace(unwritten, began=at - 2, ended=at - 1.9)
    assert rules(story) == {TRUE_ANSWERS}
    story.account.changes[-1] = replace(unwritten, began=at + 20, ended=at + 20.1)
    assert rules(story) == {TRUE_ANSWERS}


def test_a_version_of_the_old_life_is_not_told_in_the_new_one() -> None:
    story = reborn()
    place = next(
        place
        for place, change in enumerate(story.account.changes)
        if change.target == "settings" and change.began > deleted_at(story)
    )
    told = story.account.changes[place]
    again = replace(told, actor_id="administrator-99", began=told.ended + 1, ended=told.ended + 1.5)
    story.account.changes.append(again)
    assert rules(story) == set()
    change_told(story, -1, version=1)
    assert rules(story) == {TRUE_ANSWERS}


def test_a_life_that_nobody_ended_is_lost() -> None:
    story = reborn()
    (deletion,) = story.account.deletions
    story.account.deletions.clear()
    assert rules(story) == {NOTHING_LOST}
    story.account.deletions.append(replace(deletion, began=deletion.began + 0.4))
    assert rules(story) == {NOTHING_LOST}


def test_a_life_that_was_ended_by_a_deletion_that_was_over_is_lost() -> None:
    story = reborn()
    story.deletes()
    story.account.deletions.pop()
    assert rules(story) == {NOTHING_LOST}


@pytest.mark.parametrize("exit_code", [0, 1, None])
def test_one_deletion_that_goes_on_in_the_next_life_ends_only_one(exit_code: int | None) -> None:
    story = reborn()
    story.deletes()
    story.account.deletions = [DeletionTold(deleted_at(story), 99.0, exit_code)]
    assert rules(story) == {NOTHING_LOST}
    story.account.deletions.append(DeletionTold(deleted_at(story) - 3, 98.0, None))
    assert rules(story) == set()


def test_a_deletion_that_was_removing_rows_does_not_close_the_next_life() -> None:
    """It stood still while the tenant began again, and closed it once more: told done or not."""
    story = reborn()
    story.deletes()
    at = deleted_at(story)
    other = DeletionTold(at + 0.4, at + 0.5, 0)
    stopped = DeletionTold(at, 99.0, 0)
    story.account.deletions = [stopped, other]
    assert rules(story) == {NOTHING_LOST}, "the other one began when the tenant was closed"
    story.account.deletions = [stopped, replace(other, began=at + 0.1)]
    assert rules(story) == set(), "either may have closed it"
    story.account.deletions = [replace(stopped, removing=at + 0.4), replace(other, began=at + 0.1)]
    assert rules(story) == {NOTHING_LOST}


def test_a_deletion_that_was_told_and_not_made_is_not_truly_answered() -> None:
    story = reborn()
    at = story.account.sign_ins[-1].ended + 5
    story.account.deletions.append(DeletionTold(at, at + 1, 0))
    assert rules(story) == {TRUE_ANSWERS}
    story.account.deletions[-1] = DeletionTold(at, at + 1, 1)
    assert rules(story) == set()


def test_what_was_committed_after_a_deletion_was_told_was_not_deleted() -> None:
    """A claim that was asked for later is in the journal of the life that was said to be over."""
    story = reborn()
    place = next(place for place, told in enumerate(story.account.sign_ins) if told.sign_in_id == "eve-2")
    at = deleted_at(story)
    told = story.account.sign_ins[place]
    story.account.sign_ins[place] = replace(told, began=at + 0.6, ended=at + 0.9)
    assert PROMPT in rules(story)


def test_a_change_that_was_made_and_deleted_before_it_was_told_is_made_again() -> None:
    story = opened()
    story.deletes()
    open_tenant(story, 1)
    lost, *others, last = story.account.changes[:5]
    told = replace(last, began=lost.began)
    story.account.changes[:5] = [*others, told]
    rows = old_rows(story)
    entries = json.loads(rows[journal_key(1)]["content"])
    entries[0][0]["id"] = told.actor_id
    rows[journal_key(1)]["content"] = json.dumps(entries)
    with_old_rows(story, rows)
    assert rules(story) == set()
