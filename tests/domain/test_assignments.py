"""Administrators' changes of one user's licenses."""

from domain.changes import Effect
from domain.journal import Action
from domain.licenses import LICENSES_PER_USER, License, PolicyClaim
from domain.refusals import Code
from tests.domain.tenants import (
    ADA,
    E1,
    E3,
    EXCHANGE,
    TEAMS1,
    Tenant,
    code,
    guid,
    product,
    refusal,
    teams_tenant,
)


def test_an_assigned_license_says_who_gave_it() -> None:
    tenant = teams_tenant()
    assert tenant.assign("ann", E1, EXCHANGE) is Effect.CREATED

    assert tenant.state.head.at
    assert tenant.license("ann") == License(E1, (EXCHANGE,), tenant.state.head.at, ADA, tenant.state.head.sequence)
    assert (tenant.entry.actor, tenant.entry.action) == (ADA, Action.LICENSE_ASSIGNED)
    assert tenant.entry.target == f"users/ann/licenses/{E1}"
    assert tenant.entry.details["before"] == {}
    assert tenant.entry.details["after"]["disabledServicePlanIds"] == [EXCHANGE]
    assert tenant.state.assigned_licenses(E1) == 1
    assert tenant.state.head.held == {}


def test_choosing_plans_leaves_where_a_license_came_from() -> None:
    tenant = teams_tenant()
    tenant.sign_in("ann")
    before = tenant.license("ann")

    assert tenant.assign("ann", E1, TEAMS1) is Effect.CHANGED

    after = tenant.license("ann")
    assert isinstance(after.assigned_by, PolicyClaim)
    assert after == License(E1, (TEAMS1,), before.assigned_at, before.assigned_by, tenant.state.head.sequence)
    assert tenant.entry.action is Action.LICENSE_CHANGED
    assert tenant.entry.details == {
        "before": {"disabledServicePlanIds": []},
        "after": {"disabledServicePlanIds": [TEAMS1]},
    }
    assert tenant.state.assigned_licenses(E1) == 1


def test_the_same_plans_again_leave_no_trace() -> None:
    tenant = teams_tenant()
    tenant.assign("ann", E1, EXCHANGE)
    assert tenant.assign("ann", E1, EXCHANGE) is Effect.UNCHANGED
    assert tenant.changed is None


def test_plans_are_chosen_also_when_no_seat_is_left() -> None:
    tenant = teams_tenant(product(total=1))
    tenant.assign("ann", E1)
    assert tenant.assign("ann", E1, EXCHANGE) is Effect.CHANGED


def full(tenant: Tenant, user_id: str) -> None:
    for number in range(LICENSES_PER_USER):
        tenant.put_product(product(guid(1000 + number), 1))
        assert tenant.assign(user_id, guid(1000 + number)) is Effect.CREATED


def test_refusals_come_in_their_order() -> None:
    tenant = teams_tenant(product(total=0))
    full(tenant, "ann")
    assert code(tenant.assign("ann", guid(9), guid(8))) is Code.PRODUCT_NOT_FOUND
    refused = refusal(tenant.assign("ann", E1, EXCHANGE, guid(8)))
    assert (refused.code, refused.target) == (Code.UNKNOWN_SERVICE_PLAN, "disabledServicePlanIds[1]")
    assert code(tenant.assign("ann", E1)) is Code.NO_LICENSES_AVAILABLE
    tenant.put_product(product(total=1))
    assert code(tenant.assign("ann", E1)) is Code.LIMIT_REACHED
    assert tenant.changed is None


def test_a_license_taken_back_frees_its_seat_and_leaves_the_others() -> None:
    tenant = teams_tenant(product(E1, 1), product(E3, 1))
    tenant.assign("ann", E1, EXCHANGE)
    tenant.assign("ann", E3)

    assert tenant.take_back("ann", E1) is Effect.DELETED

    assert [held.sku_id for held in tenant.user("ann").licenses] == [E3]
    assert tenant.state.available_licenses(E1) == 1
    assert (tenant.entry.action, tenant.entry.target) == (Action.LICENSE_REMOVED, f"users/ann/licenses/{E1}")
    assert tenant.entry.details["before"]["disabledServicePlanIds"] == [EXCHANGE]
    assert tenant.entry.details["after"] == {}


def test_all_taken_back_is_one_change_with_an_entry_for_each() -> None:
    tenant = teams_tenant(product(E1), product(E3))
    tenant.sign_in("ann", display_name="Ann")
    tenant.assign("ann", E3)

    assert tenant.take_back("ann") is Effect.DELETED

    assert tenant.changed
    assert [entry.target for entry in tenant.changed.entries] == [f"users/ann/licenses/{sku}" for sku in (E1, E3)]
    assert tenant.user("ann").licenses == ()
    assert tenant.user("ann").display_name == "Ann"
    assert tenant.state.head.assigned == {}


def test_taking_back_what_is_not_held_leaves_no_trace() -> None:
    tenant = teams_tenant(product(E1), product(E3))
    tenant.assign("ann", E3)
    assert tenant.take_back("ann", E1) is Effect.UNCHANGED
    assert tenant.take_back("bob") is Effect.UNCHANGED
    assert tenant.take_back("ann", guid(9)) is Effect.UNCHANGED
    assert tenant.changed is None


def test_a_license_is_taken_back_though_the_feature_is_off() -> None:
    tenant = teams_tenant()
    tenant.sign_in("ann")
    tenant.turn(on=False)
    assert tenant.take_back("ann", E1) is Effect.DELETED
