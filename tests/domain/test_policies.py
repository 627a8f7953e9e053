"""Administrators' changes of policies: refusals in their order, effects, and what the journal says."""

from typing import Any

import pytest

from domain import policies
from domain.catalog import PolicyProduct, RetiredPolicy
from domain.changes import Effect
from domain.journal import Action
from domain.policies import PolicyEdit, create_policy, delete_policy, update_policy
from domain.refusals import Code, Refusal
from domain.versions import Precondition
from tests.domain.tenants import (
    ADA,
    ANY,
    E1,
    E3,
    E5,
    EXCHANGE,
    NEW,
    POLICY,
    SHAREPOINT,
    TEAMS,
    TEAMS1,
    TEAMS_ESSENTIALS,
    Tenant,
    app,
    code,
    guid,
    product,
    refusal,
    teams_tenant,
)

OTHER = guid(0xB1)


def chosen(*sku_ids: str, off: tuple[str, ...] = ()) -> tuple[PolicyProduct, ...]:
    return tuple(PolicyProduct(sku_id, off) for sku_id in sku_ids)


def create(tenant: Tenant, **facts: Any) -> Refusal | Effect:
    defaults = {"policy_id": OTHER, "name": "Mail", "app_id": "mail", "products": chosen(E1), "enabled": True}
    return tenant.change(create_policy, **{**defaults, **facts})


def update(tenant: Tenant, precondition: Precondition = ANY, **edit: Any) -> Refusal | Effect:
    return tenant.change(update_policy, policy_id=POLICY, edit=PolicyEdit(**edit), precondition=precondition)


@pytest.fixture
def tenant() -> Tenant:
    """Products E1, E3 (Teams, Exchange) and E5 (SharePoint), a policy for Teams, and an app `mail` without one."""
    made = teams_tenant(product(E1), product(E3))
    made.put_product(product(E5, plans=(SHAREPOINT,)))
    made.put_app(app("mail", EXCHANGE))
    return made


def test_a_policy_that_is_new_says_who_made_it_and_when(tenant: Tenant) -> None:
    assert create(tenant, products=chosen(E3, E1, off=(TEAMS1,)), enabled=False) is Effect.CREATED

    policy = tenant.state.configuration.policies[OTHER]
    assert policy.products == chosen(E3, E1, off=(TEAMS1,))
    assert not policy.enabled
    assert policy.created_at == policy.modified_at == tenant.state.head.at
    assert policy.created_by == policy.modified_by == ADA
    assert policy.version == tenant.state.head.sequence
    assert (tenant.entry.action, tenant.entry.target) == (Action.POLICY_CREATED, f"policies/{OTHER}")
    assert tenant.entry.details == {
        "before": {},
        "after": {
            "name": "Mail",
            "appId": "mail",
            "enabled": False,
            "products": [
                {"skuId": E3, "disabledServicePlanIds": [TEAMS1]},
                {"skuId": E1, "disabledServicePlanIds": [TEAMS1]},
            ],
        },
    }


FAULTS: list[tuple[Code, dict[str, Any]]] = [
    (Code.INVALID_PRODUCT_LIST, {"products": ()}),
    (Code.UNKNOWN_APP, {"app_id": "no-app"}),
    (Code.UNKNOWN_PRODUCT, {"products": (*chosen(E1, off=(guid(9),)), *chosen(E5, guid(8)))}),
    (Code.UNKNOWN_SERVICE_PLAN, {"products": (*chosen(E5), *chosen(E1, off=(guid(9),)))}),
    (Code.PRODUCT_LACKS_APP, {"products": chosen(E1, E5)}),
    (Code.FEATURE_OFF, {}),
    (Code.APP_HAS_POLICY, {"app_id": TEAMS}),
    (Code.POLICY_NAME_TAKEN, {"name": "POLICY 000000B0"}),
    (Code.LIMIT_REACHED, {}),
]


@pytest.mark.parametrize("first", range(len(FAULTS)), ids=[fault.value for fault, _ in FAULTS])
def test_the_first_fault_of_a_creation_is_answered_whatever_else_is_wrong(
    tenant: Tenant, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that comes after it in order is wrong too, where it does not exclude it."""
    facts: dict[str, Any] = {}
    for _, fault in reversed(FAULTS[first:]):
        facts |= fault
    if Code.FEATURE_OFF in [fault for fault, _ in FAULTS[first:]]:
        tenant.turn(on=False)
    # Out of reach otherwise: an app has one policy, and a tenant no more apps than policies.
    monkeypatch.setattr(policies, "POLICIES_PER_TENANT", 1)

    assert code(create(tenant, **facts)) is FAULTS[first][0]
    assert tenant.changed is None


def test_the_last_policy_fits(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "POLICIES_PER_TENANT", 2)
    assert create(tenant) is Effect.CREATED


@pytest.mark.parametrize("sku_ids", [(), (E1, E3, E5, guid(7), guid(8), guid(9)), (E1, E3, E1)])
def test_a_policy_has_one_to_five_products_each_once(tenant: Tenant, sku_ids: tuple[str, ...]) -> None:
    assert code(create(tenant, products=chosen(*sku_ids))) is Code.INVALID_PRODUCT_LIST
    assert code(update(tenant, products=chosen(*sku_ids))) is Code.INVALID_PRODUCT_LIST


def test_a_refusal_names_the_place(tenant: Tenant) -> None:
    def target(**facts: Any) -> str | None:
        return refusal(create(tenant, **facts)).target

    assert target(products=chosen(E1, E3, E1)) == "products[2].skuId"
    assert target(products=chosen(E1, guid(9))) == "products[1].skuId"
    assert target(products=(*chosen(E1), *chosen(E3, off=(TEAMS1, guid(9))))) == "products[1].disabledServicePlanIds[1]"
    assert target(products=chosen(E1, E5)) == "products[1]"


def test_a_product_whose_plans_of_the_app_are_all_off_lacks_the_app(tenant: Tenant) -> None:
    assert code(create(tenant, products=chosen(E1, off=(EXCHANGE,)))) is Code.PRODUCT_LACKS_APP
    assert code(update(tenant, products=chosen(E1, off=(TEAMS1,)))) is Code.PRODUCT_LACKS_APP


def test_an_app_has_one_policy_on_or_off(tenant: Tenant) -> None:
    tenant.edit_policy(enabled=False)
    assert code(create(tenant, app_id=TEAMS)) is Code.APP_HAS_POLICY


def test_names_are_compared_casefolded(tenant: Tenant) -> None:
    tenant.edit_policy(name="Straße")
    assert code(create(tenant, name="STRASSE")) is Code.POLICY_NAME_TAKEN
    assert tenant.edit_policy(name="STRASSE") is Effect.CHANGED


def test_one_save_changes_name_products_and_switch(tenant: Tenant) -> None:
    before = tenant.state.configuration.policies[POLICY]

    assert update(tenant, name="All", enabled=False, products=chosen(E3, E1)) is Effect.CHANGED

    after = tenant.state.configuration.policies[POLICY]
    assert (after.name, after.enabled, after.products, after.app_id) == ("All", False, chosen(E3, E1), TEAMS)
    assert (after.created_at, after.modified_at) == (before.created_at, tenant.state.head.at)
    assert after.version == tenant.state.head.sequence
    assert (tenant.entry.action, tenant.entry.target) == (Action.POLICY_UPDATED, f"policies/{POLICY}")
    assert set(tenant.entry.details["after"]) == {"name", "enabled", "products"}


def test_what_is_so_already_leaves_no_trace(tenant: Tenant) -> None:
    before = tenant.state.configuration.policies[POLICY]
    assert update(tenant) is Effect.UNCHANGED
    assert update(tenant, name=before.name, enabled=True, products=before.products) is Effect.UNCHANGED
    assert tenant.changed is None
    assert tenant.state.configuration.policies[POLICY] == before


def test_an_edit_works_while_the_feature_is_off(tenant: Tenant) -> None:
    tenant.turn(on=False)
    assert update(tenant, enabled=False) is Effect.CHANGED


def test_the_first_fault_of_an_edit_is_answered(tenant: Tenant) -> None:
    create(tenant)
    bad: dict[str, Any] = {"name": "mail"}
    lists = [
        (Code.INVALID_PRODUCT_LIST, ()),
        (Code.UNKNOWN_PRODUCT, (*chosen(E1, off=(guid(9),)), *chosen(guid(8)))),
        (Code.UNKNOWN_SERVICE_PLAN, (*chosen(E5), *chosen(E1, off=(guid(9),)))),
        (Code.PRODUCT_LACKS_APP, chosen(E5)),
        (Code.POLICY_NAME_TAKEN, chosen(E1)),
    ]
    for expected, products in lists:
        assert code(update(tenant, NEW, products=products, **bad)) is Code.PRECONDITION_REQUIRED
        assert code(update(tenant, Precondition(match=1), products=products, **bad)) is Code.CONDITION_NOT_MET
        assert code(update(tenant, products=products, **bad)) is expected
    missing = tenant.change(update_policy, policy_id=guid(9), edit=PolicyEdit(), precondition=NEW)
    assert code(missing) is Code.POLICY_NOT_FOUND


def test_an_edit_changes_no_license(tenant: Tenant) -> None:
    tenant.sign_in("ann")
    before = tenant.user("ann")
    update(tenant, products=chosen(E3), enabled=False)
    assert tenant.user("ann") == before
    assert tenant.state.assigned_licenses(E1) == 1


def test_an_edit_of_a_policy_that_forgot_a_plan_writes_down_what_it_is_now() -> None:
    tenant = teams_tenant(product(plans=(TEAMS1, TEAMS_ESSENTIALS, EXCHANGE)))
    tenant.edit_policy(products=chosen(E1, off=(EXCHANGE, TEAMS_ESSENTIALS)))
    tenant.put_product(product(plans=(TEAMS1, TEAMS_ESSENTIALS)))
    tenant.put_product(product(plans=(TEAMS1, TEAMS_ESSENTIALS, EXCHANGE)))
    tenant.edit_policy(name="Renamed")
    assert tenant.entry.details["after"] == {"name": "Renamed"}
    assert tenant.state.configuration.policies[POLICY].products == chosen(E1, off=(TEAMS_ESSENTIALS,))


def test_a_plan_chosen_off_after_it_came_back_is_off(tenant: Tenant) -> None:
    tenant.put_product(product(E1, plans=(TEAMS1,)))
    tenant.put_product(product(E1, plans=(TEAMS1, EXCHANGE)))
    tenant.edit_policy(products=chosen(E1, off=(EXCHANGE,)))
    assert tenant.state.configuration.policies[POLICY].products == chosen(E1, off=(EXCHANGE,))


def test_deleting_keeps_licenses_and_the_last_name(tenant: Tenant) -> None:
    tenant.sign_in("ann")
    tenant.edit_policy(name="Last name")

    assert tenant.done(delete_policy, policy_id=POLICY, precondition=ANY) is Effect.DELETED

    assert tenant.changed
    assert tenant.changed.retired_policies == (RetiredPolicy(POLICY, "Last name", "Microsoft Teams"),)
    assert (tenant.entry.action, tenant.entry.target) == (Action.POLICY_DELETED, f"policies/{POLICY}")
    assert tenant.entry.details["before"]["name"] == "Last name"
    assert tenant.entry.details["after"] == {}
    assert POLICY not in tenant.state.configuration.policies
    assert tenant.license("ann").sku_id == E1
    assert tenant.state.head.held == {}
    assert tenant.state.assigned_licenses(E1) == 1


def test_refusals_of_a_deletion_come_in_their_order(tenant: Tenant) -> None:
    missing = tenant.change(delete_policy, policy_id=guid(9), precondition=NEW)
    assert code(missing) is Code.POLICY_NOT_FOUND
    for precondition, expected in (
        (NEW, Code.PRECONDITION_REQUIRED),
        (Precondition(match=1), Code.CONDITION_NOT_MET),
    ):
        assert code(tenant.change(delete_policy, policy_id=POLICY, precondition=precondition)) is expected
