"""Answers that must be true on a state: each is held against the states between its question and its end.

Only that somebody is licensed already may also rest on what was so up to a minute before (recalled.py). What is held
so: what sign-ins are told, what somebody reads, and that nothing is left of what was to be taken back. Where an answer
was lost there is nothing to hold; what it was about then shows in the answers of others.
"""

from collections.abc import Sequence
from functools import partial

from tests.faults.account import Account, ChangeTold, SignInTold, ViewTold
from tests.faults.explained import Observation, unexplained
from tests.faults.history import Commit, State
from tests.faults.lives import named
from tests.faults.moments import Moments
from tests.faults.recalled import REMEMBERED_SECONDS, Recollection, unremembered
from tests.faults.rules import EXACT, TRUE_ANSWERS, Broken
from tests.faults.views import VIEWS, written


def untrue_answers(commits: Sequence[Commit], moments: Moments, account: Account, made: set[str]) -> list[Broken]:
    """Answers that are true on no state that they may rest on.

    Args:
        commits: The tenant's history.
        moments: When its commits happened.
        account: What was told.
        made: The administrators whose change is in the history.
    """
    sign_ins = [told for told in account.sign_ins if told.outcome]
    observations = [_of_sign_in(moments, told) for told in sign_ins]
    observations += [_of_view(moments, view) for view in account.views]
    observations += [
        _of_taking_back(moments, change, change.target)
        for change in account.changes
        if change.status == 204 and change.is_about_licenses and change.target and change.actor_id not in made
    ]
    observations += [_of_defaults(moments, change) for change in account.changes if change.version == 0]
    found = unexplained(commits, observations)
    whats = {each.what for each in found}
    remembered = [
        _of_remembered(moments, told) for told in sign_ins if told.outcome == "alreadyLicensed" and _what(told) in whats
    ]
    excused = {each.what for each in remembered} - {each.what for each in unremembered(commits, remembered)}
    return [
        Broken(
            each.rule,
            f"{each.what}: not so on any state from {named(commits, each.first)} to {named(commits, each.last)}",
        )
        for each in found
        if each.what not in excused
    ]


def _of_sign_in(moments: Moments, told: SignInTold) -> Observation:
    window = moments.window(told.began, told.ended)
    return Observation(*window, partial(_is_told, told), TRUE_ANSWERS, _what(told), decided_among_claims=True)


def _of_remembered(moments: Moments, told: SignInTold) -> Recollection:
    window = moments.window(told.began - REMEMBERED_SECONDS, told.ended)
    return Recollection(told.user_id, *window, partial(_is_told, told), _what(told))


def _of_view(moments: Moments, view: ViewTold) -> Observation:
    def shows(state: State) -> bool:
        return written(VIEWS[view.view][2](state, view.subject)) == view.content

    rule = EXACT if view.view == "report" else TRUE_ANSWERS
    what = f"the {view.view} {view.subject} read at {view.began:.3f} as {view.content}"
    return Observation(*moments.window(view.began, view.ended), shows, rule, what)


def _of_taking_back(moments: Moments, change: ChangeTold, target: str) -> Observation:
    _, user_id, _, *sku_ids = target.split("/")

    def has_none(state: State) -> bool:
        return not state.of(user_id).keys() & set(sku_ids or state.of(user_id))

    what = f"{change.asked}, told that nothing of it is left"
    return Observation(*moments.window(change.began, change.ended), has_none, TRUE_ANSWERS, what)


def _of_defaults(moments: Moments, change: ChangeTold) -> Observation:
    what = f"{change.asked}, told that it is so and that nobody has written it"
    window = moments.window(change.began, change.ended)
    return Observation(*window, lambda state: not state.settings_written, TRUE_ANSWERS, what)


def _what(told: SignInTold) -> str:
    told_of = f" of {told.sku_id}" if told.sku_id else ""
    return (
        f"{told.user_id} signed in to {told.reference} by {told.sign_in_id} at {told.began:.3f}, and was told "
        f"{told.outcome}{told_of} at {told.ended:.3f}"
    )


def _is_told(told: SignInTold, state: State) -> bool:
    verdict = state.verdict(told.user_id, told.reference, told.sign_in_id)
    return (
        verdict.outcome == told.outcome
        and (told.sku_id is None or told.sku_id in verdict.sku_ids)
        and told.policy_id in {None, verdict.policy_id}
    )
