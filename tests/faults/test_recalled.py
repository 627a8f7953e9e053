"""`alreadyLicensed` may rest on a row of the user and a configuration of the last minute, each of its own moment."""

from dataclasses import replace
from typing import Any

import pytest

from domain.catalog import PolicyProduct
from domain.policies import PolicyEdit, update_policy
from domain.products import put_product
from tests.domain.tenants import ANY, E1, E3, EXCHANGE, POLICY, TEAMS, TEAMS1, product
from tests.faults.account import SignInTold
from tests.faults.forging import rules
from tests.faults.rules import TRUE_ANSWERS
from tests.faults.story import Story, open_tenant, opened, turn_off

WITHOUT_E1 = PolicyEdit(products=(PolicyProduct(E3),))


def turn_on(story: Story) -> None:
    story.changes(
        f"policies/{POLICY}", update_policy, policy_id=POLICY, edit=PolicyEdit(enabled=True), precondition=ANY
    )


def licensed_then_on(seconds_between: float = 0.0) -> Story:
    """Ada is licensed while the policy is off, and the policy is on when she is not any more."""
    story = opened()
    turn_off(story)
    story.gives("ada", E1)
    story.looks("user", "ada")
    story.takes("ada", E1)
    story.waits(seconds_between)
    turn_on(story)
    return story


def tell(story: Story, at: float, **facts: Any) -> None:
    """Ada is told that she is licensed, or what the facts say."""
    told = SignInTold("ada", TEAMS, f"at-{at}", at, at + 0.5, "alreadyLicensed", E1, POLICY)
    story.account.sign_ins.append(replace(told, **facts))


def ended(story: Story) -> float:
    return story.account.changes[-1].ended


def test_a_row_and_a_configuration_of_two_moments_are_believed() -> None:
    story = licensed_then_on()
    tell(story, ended(story) + 40)
    assert rules(story) == set()


def test_not_where_either_is_older_than_a_minute() -> None:
    story = licensed_then_on()
    tell(story, ended(story) + 70)
    assert rules(story) == {TRUE_ANSWERS}
    story = licensed_then_on(seconds_between=70)
    tell(story, ended(story) + 1)
    assert rules(story) == {TRUE_ANSWERS}


@pytest.mark.parametrize(
    "facts",
    [
        {"user_id": "bob"},
        {"sku_id": E3},
        {"policy_id": E3},
        {"reference": "no-app"},
        {"outcome": "claimed"},
        {"outcome": "noLicenses", "sku_id": None},
        {"outcome": "policyOff", "sku_id": None},
    ],
    ids=str,
)
def test_nothing_else_is(facts: dict[str, Any]) -> None:
    story = licensed_then_on()
    tell(story, ended(story) + 40, **facts)
    assert TRUE_ANSWERS in rules(story)


def test_a_repeat_of_what_claimed_is_not_told_that_it_is_licensed_already() -> None:
    story = opened()
    story.signs_in("ada", "ada-1")
    tell(story, 20.0, sign_in_id="ada-1")
    assert rules(story) == {TRUE_ANSWERS}


def test_what_was_not_so_before_the_answer_is_not_recalled() -> None:
    story = opened()
    story.waits(100)
    story.gives("ada", E1)
    tell(story, 50.0)
    assert rules(story) == {TRUE_ANSWERS}


@pytest.mark.parametrize(("after_seconds", "found"), [(1.0, set()), (55.0, set()), (70.0, {TRUE_ANSWERS})])
def test_what_is_deleted_is_recalled_for_a_minute(after_seconds: float, found: set[str]) -> None:
    story = opened()
    story.signs_in("ada", "ada-1")
    story.deletes()
    tell(story, story.account.deletions[0].ended + after_seconds)
    assert rules(story) == found


@pytest.mark.parametrize(("after_seconds", "found"), [(1.0, set()), (70.0, {TRUE_ANSWERS})])
def test_a_row_of_the_old_life_may_meet_the_configuration_of_the_new_one(after_seconds: float, found: set[str]) -> None:
    story = opened()
    turn_off(story)
    story.gives("ada", E1)
    story.deletes()
    open_tenant(story, 1)
    tell(story, ended(story) + after_seconds)
    assert rules(story) == found


@pytest.mark.parametrize(("plans", "found"), [((TEAMS1, EXCHANGE), {TRUE_ANSWERS}), ((EXCHANGE,), set())])
def test_a_plan_that_went_in_between_is_forgotten_in_what_is_recalled(plans: tuple[str, ...], found: set[str]) -> None:
    """Ada's license has Microsoft Teams off, and is taken back; then the product loses Teams, and has it again."""
    story = opened()
    story.gives("ada", E1, off=(TEAMS1,))
    story.takes("ada", E1)
    story.changes(f"policies/{POLICY}", update_policy, policy_id=POLICY, edit=WITHOUT_E1, precondition=ANY)
    story.changes(f"products/{E1}", put_product, product=product(E1, 4, plans), precondition=ANY)
    story.changes(f"products/{E1}", put_product, product=product(E1, 3), precondition=ANY)
    tell(story, ended(story) + 10)
    assert rules(story) == found
