"""A sign-in's outcome: each, their precedence, and which license is taken."""

from datetime import UTC, datetime
from itertools import combinations

import pytest

from domain.catalog import PolicyProduct
from domain.journal import Action
from domain.licenses import LICENSES_PER_USER, PolicyClaim
from domain.policies import delete_policy
from domain.sign_ins import ClaimAnswer, Outcome, decide_claim, policy_in_force
from tests.domain.tenants import (
    ANY,
    E1,
    E3,
    E5,
    EXCHANGE,
    POLICY,
    SHAREPOINT,
    TEAMS,
    TEAMS1,
    TEAMS_ESSENTIALS,
    Tenant,
    app,
    guid,
    product,
    sign_in,
    teams_tenant,
)

REFUSALS = [outcome for outcome in Outcome if outcome is not Outcome.CLAIMED]
SITUATIONS = [set(facts) for size in range(len(REFUSALS) + 1) for facts in combinations(REFUSALS, size)]


def situation(facts: set[Outcome]) -> Tenant:
    """A tenant in which each of these outcomes would be true of Ann, if none before it in order were."""
    tenant = teams_tenant(product(E1, 2), product(E3, 2))
    if Outcome.ALREADY_LICENSED in facts:
        tenant.put_product(product(E5, 1))
        tenant.assign("ann", E5)
    if Outcome.APP_TURNED_OFF in facts:
        tenant.assign("ann", E1, TEAMS1)
        tenant.assign("ann", E3, TEAMS1)
    if Outcome.NO_LICENSES in facts:
        for user_id, sku_id in (("bob", E1), ("cid", E1), ("bob", E3), ("cid", E3)):
            tenant.assign(user_id, sku_id)
    if Outcome.POLICY_OFF in facts:
        tenant.edit_policy(enabled=False)
    if Outcome.NO_POLICY in facts:
        tenant.done(delete_policy, policy_id=POLICY, precondition=ANY)
    if Outcome.FEATURE_OFF in facts:
        tenant.turn(on=False)
    return tenant


@pytest.mark.parametrize("facts", SITUATIONS, ids=lambda facts: "+".join(sorted(facts)) or "nothing")
def test_the_first_outcome_that_is_true_is_the_answer(facts: set[Outcome]) -> None:
    tenant = situation(facts)
    before = tenant.user("ann")

    answer = tenant.sign_in("ann")

    assert answer.outcome == next((outcome for outcome in Outcome if outcome in facts), Outcome.CLAIMED)
    assert (tenant.changed is not None) == (not facts)
    assert tenant.user("ann").licenses[: len(before.licenses)] == before.licenses


@pytest.mark.parametrize("facts", SITUATIONS, ids=lambda facts: "+".join(sorted(facts)) or "nothing")
def test_the_answer_names_the_policy_from_policy_off_on_and_a_license_only_if_there_is_one(facts: set[Outcome]) -> None:
    answer = situation(facts).sign_in("ann")

    assert (answer.policy is None) == (answer.outcome in {Outcome.FEATURE_OFF, Outcome.NO_POLICY})
    assert (answer.license is not None) == (answer.outcome in {Outcome.CLAIMED, Outcome.ALREADY_LICENSED})


@pytest.mark.parametrize("facts", SITUATIONS, ids=lambda facts: "+".join(sorted(facts)) or "nothing")
def test_what_needs_nothing_of_the_user_is_known_without_the_user(facts: set[Outcome]) -> None:
    tenant = situation(facts)
    standing = policy_in_force(tenant.state, sign_in("ann"))
    needs_no_user = facts & {Outcome.FEATURE_OFF, Outcome.NO_POLICY, Outcome.POLICY_OFF}

    assert isinstance(standing, ClaimAnswer) == bool(needs_no_user)
    if isinstance(standing, ClaimAnswer):
        assert standing == tenant.sign_in("ann")


def test_a_tenant_never_heard_of_has_the_feature_off() -> None:
    assert Tenant().outcome("ann") is Outcome.FEATURE_OFF


def test_an_app_that_nobody_has_made_has_no_policy() -> None:
    answer = teams_tenant().sign_in("ann", "no-such-app")
    assert (answer.outcome, answer.app) == (Outcome.NO_POLICY, None)


def test_an_app_without_a_policy_is_named_in_the_answer() -> None:
    tenant = teams_tenant()
    tenant.put_app(app("mail", EXCHANGE))
    answer = tenant.sign_in("ann", "mail")
    assert answer.outcome is Outcome.NO_POLICY
    assert answer.app is not None
    assert answer.app.id == "mail"


def test_the_claim_says_where_it_came_from() -> None:
    tenant = teams_tenant()
    tenant.edit_policy(products=(PolicyProduct(E1, (EXCHANGE,)),))

    answer = tenant.sign_in("ann", sign_in_id="s-1")

    claimed = tenant.license("ann")
    assert answer.license == claimed
    assert claimed.disabled_service_plan_ids == (EXCHANGE,)
    assert claimed.assigned_at == tenant.state.head.at
    assert claimed.assigned_by == PolicyClaim(POLICY, "Policy 000000b0", TEAMS, "s-1", tenant.state.head.sequence, 0)


def test_the_journal_entry_of_a_claim_keeps_the_names_as_they_were() -> None:
    tenant = teams_tenant(product(E1, 0), product(E3))
    signed_in_at = datetime(2026, 1, 5, 7, 59, 59, 123_999, tzinfo=UTC)

    tenant.sign_in(
        "ann", principal_name="ann@contoso.example", display_name="Ann", sign_in_id="s-1", signed_in_at=signed_in_at
    )

    assert tenant.entry.action is Action.LICENSE_CLAIMED
    assert tenant.entry.target == f"users/ann/licenses/{E3}"
    assert tenant.entry.details == {
        "userId": "ann",
        "userPrincipalName": "ann@contoso.example",
        "displayName": "Ann",
        "skuId": E3,
        "productName": "Product 00000003",
        "policyId": POLICY,
        "policyName": "Policy 000000b0",
        "appId": TEAMS,
        "appName": "Microsoft Teams",
        "assigningOrder": 2,
        "signInId": "s-1",
        "signedInAt": "2026-01-05T07:59:59.123Z",
    }


def test_what_a_sign_in_does_not_know_is_left_out_of_the_journal() -> None:
    tenant = teams_tenant()
    tenant.sign_in("ann")
    assert not {"userPrincipalName", "displayName", "signInId", "signedInAt"} & tenant.entry.details.keys()


def test_names_are_learnt_by_a_claim_and_kept_where_a_later_one_brings_none() -> None:
    tenant = teams_tenant()
    tenant.sign_in("ann", principal_name="ann@contoso.example", display_name="Ann")
    tenant.take_back("ann")
    tenant.sign_in("ann", display_name="Ann B")

    assert tenant.user("ann").principal_name == "ann@contoso.example"
    assert tenant.user("ann").display_name == "Ann B"


def test_products_are_taken_in_the_policys_order_until_each_is_used_up() -> None:
    tenant = teams_tenant(product(E5, 1), product(E1, 1), product(E3, 1))
    claimed = [tenant.sign_in(user_id).license for user_id in ("ann", "bob", "cid")]

    assert [held.sku_id for held in claimed if held] == [E5, E1, E3]
    assert tenant.outcome("dan") is Outcome.NO_LICENSES


def test_a_seat_that_comes_free_in_an_earlier_product_is_taken_first_again() -> None:
    tenant = teams_tenant(product(E1, 1), product(E3, 5))
    tenant.sign_in("ann")
    tenant.sign_in("bob")
    tenant.take_back("ann")

    answer = tenant.sign_in("cid")

    assert answer.license
    assert answer.license.sku_id == E1


def test_a_product_that_the_user_holds_with_the_app_off_is_skipped() -> None:
    tenant = teams_tenant(product(E1), product(E3))
    tenant.assign("ann", E1, TEAMS1)

    answer = tenant.sign_in("ann")

    assert answer.outcome is Outcome.CLAIMED
    assert [held.sku_id for held in tenant.user("ann").licenses] == [E1, E3]
    assert tenant.license("ann", E1).disabled_service_plan_ids == (TEAMS1,)


def test_holding_one_product_with_the_app_off_while_the_other_is_used_up_is_no_licenses() -> None:
    tenant = teams_tenant(product(E1), product(E3, 0))
    tenant.assign("ann", E1, TEAMS1)
    assert tenant.outcome("ann") is Outcome.NO_LICENSES


def held_by_ann(tenant: Tenant, count: int) -> None:
    for number in range(count):
        sku_id = guid(1000 + number)
        tenant.put_product(product(sku_id, 1, (SHAREPOINT,)))
        tenant.assign("ann", sku_id)


def test_a_user_with_the_most_licenses_claims_no_more() -> None:
    tenant = teams_tenant()
    held_by_ann(tenant, LICENSES_PER_USER)
    assert tenant.outcome("ann") is Outcome.NO_LICENSES
    assert tenant.changed is None


def test_a_user_one_below_the_most_licenses_claims_the_last() -> None:
    tenant = teams_tenant()
    held_by_ann(tenant, LICENSES_PER_USER - 1)
    assert tenant.outcome("ann") is Outcome.CLAIMED
    assert len(tenant.user("ann").licenses) == LICENSES_PER_USER


def test_a_repeat_of_the_sign_in_that_claimed_is_answered_claimed_again() -> None:
    tenant = teams_tenant()
    first = tenant.sign_in("ann", sign_in_id="s-1")
    again = tenant.sign_in("ann", sign_in_id="s-1")

    assert (again.outcome, again.license) == (Outcome.CLAIMED, first.license)
    assert tenant.changed is None
    assert tenant.outcome("ann", sign_in_id="s-2") is Outcome.ALREADY_LICENSED
    assert tenant.outcome("ann") is Outcome.ALREADY_LICENSED


def test_a_claim_without_a_sign_in_id_is_never_a_repeat() -> None:
    tenant = teams_tenant()
    tenant.sign_in("ann")
    assert tenant.outcome("ann") is Outcome.ALREADY_LICENSED


def test_the_same_sign_in_id_of_another_user_is_a_sign_in_of_its_own() -> None:
    tenant = teams_tenant()
    tenant.assign("bob", E1)
    tenant.sign_in("ann", sign_in_id="s-1")
    assert tenant.outcome("bob", sign_in_id="s-1") is Outcome.ALREADY_LICENSED


def test_the_same_sign_in_id_at_another_app_is_a_sign_in_of_its_own() -> None:
    tenant = teams_tenant()
    tenant.put_app(app("mail", EXCHANGE))
    tenant.create_policy(E1, policy_id=guid(0xB1), app_id="mail")
    tenant.sign_in("ann", sign_in_id="s-1")

    assert tenant.outcome("ann", "mail", sign_in_id="s-1") is Outcome.ALREADY_LICENSED
    assert tenant.outcome("ann", TEAMS, sign_in_id="s-1") is Outcome.CLAIMED


def test_a_repeat_after_the_license_was_taken_back_claims_anew() -> None:
    tenant = teams_tenant()
    tenant.sign_in("ann", sign_in_id="s-1")
    tenant.take_back("ann")

    assert tenant.outcome("ann", sign_in_id="s-1") is Outcome.CLAIMED
    assert tenant.changed is not None


def test_a_repeat_is_known_though_an_administrator_chose_other_plans_meanwhile() -> None:
    tenant = teams_tenant()
    tenant.sign_in("ann", sign_in_id="s-1")
    tenant.assign("ann", E1, EXCHANGE)
    assert tenant.outcome("ann", sign_in_id="s-1") is Outcome.CLAIMED
    assert tenant.changed is None


def test_a_license_assigned_by_hand_licenses_like_a_claimed_one() -> None:
    tenant = teams_tenant()
    tenant.assign("ann", E1)
    answer = tenant.sign_in("ann")
    assert (answer.outcome, answer.license) == (Outcome.ALREADY_LICENSED, tenant.license("ann"))


def test_one_of_the_apps_plans_that_is_on_is_enough() -> None:
    tenant = teams_tenant(product(E1, 2, (TEAMS1, TEAMS_ESSENTIALS)))
    tenant.assign("ann", E1, TEAMS1)
    tenant.assign("bob", E1, TEAMS1, TEAMS_ESSENTIALS)
    assert tenant.outcome("ann") is Outcome.ALREADY_LICENSED
    assert tenant.outcome("bob") is Outcome.APP_TURNED_OFF


def test_a_plan_added_to_a_product_is_on_for_its_holders() -> None:
    tenant = teams_tenant(product(E3))
    tenant.put_product(product(E1, 5, (EXCHANGE,)))
    tenant.assign("ann", E1)
    tenant.put_product(product(E1, 5, (EXCHANGE, TEAMS1)))
    assert tenant.outcome("ann") is Outcome.ALREADY_LICENSED


def test_a_plan_removed_from_a_product_no_longer_licenses_its_holders() -> None:
    tenant = teams_tenant(product(E3))
    tenant.put_product(product(E1, 5, (EXCHANGE, TEAMS1)))
    tenant.assign("ann", E1)
    tenant.put_product(product(E1, 5, (EXCHANGE,)))

    answer = tenant.sign_in("ann")

    assert answer.outcome is Outcome.CLAIMED
    assert answer.license
    assert answer.license.sku_id == E3


def test_a_plan_that_was_off_in_a_license_is_on_once_it_left_the_product_and_came_back() -> None:
    tenant = teams_tenant(product(E1, 5, (EXCHANGE, TEAMS1)))
    tenant.put_product(product(E3, 5, (EXCHANGE, TEAMS1)))
    tenant.assign("ann", E3, TEAMS1)
    tenant.put_product(product(E3, 5, (EXCHANGE,)))
    tenant.put_product(product(E3, 5, (EXCHANGE, TEAMS1)))
    assert tenant.outcome("ann") is Outcome.ALREADY_LICENSED


def test_an_app_id_wins_over_a_client_app_id() -> None:
    tenant = teams_tenant()
    tenant.put_app(app("mail", EXCHANGE, clients=("calendar",)))
    tenant.put_app(app("calendar", SHAREPOINT))
    answer = tenant.sign_in("ann", "calendar")
    assert answer.app
    assert answer.app.id == "calendar"


@pytest.mark.parametrize("reference", ["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "1FEC8E78-BCE4-4AAF-AB1B-5451CC387264"])
def test_a_client_app_id_names_its_app_in_either_case_if_it_is_a_guid(reference: str) -> None:
    assert teams_tenant().outcome("ann", reference) is Outcome.CLAIMED


def test_a_client_app_id_that_is_no_guid_is_compared_exactly() -> None:
    tenant = teams_tenant()
    tenant.put_app(app("mail", EXCHANGE, clients=("Mail.Client",)))
    tenant.create_policy(E1, policy_id=guid(0xB1), app_id="mail")
    assert tenant.outcome("ann", "mail.client") is Outcome.NO_POLICY
    assert tenant.outcome("ann", "Mail.Client") is Outcome.CLAIMED


def test_the_first_reference_that_an_app_has_counts() -> None:
    tenant = teams_tenant()
    tenant.put_app(app("mail", EXCHANGE))
    assert tenant.outcome("ann", "unknown", "mail", TEAMS) is Outcome.NO_POLICY
    assert tenant.outcome("ann", "unknown", TEAMS, "mail") is Outcome.CLAIMED


def test_a_decision_depends_on_nothing_but_its_arguments() -> None:
    tenant = teams_tenant()
    stamp = tenant.stamp()
    event = sign_in("ann", sign_in_id="s-1")
    first = decide_claim(tenant.state, tenant.user("ann"), event, stamp)
    assert first == decide_claim(tenant.state, tenant.user("ann"), event, stamp)
    assert tenant.state.head.assigned == {}
