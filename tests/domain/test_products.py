"""Administrators' changes of products: refusals in their order, effects, and what the journal says."""

from dataclasses import replace

import pytest

from domain.catalog import PRODUCTS_PER_TENANT, PolicyProduct, Product
from domain.changes import Effect
from domain.journal import Action
from domain.products import delete_product, put_product
from domain.refusals import Code
from domain.versions import Precondition
from tests.domain.tenants import (
    ANY,
    E1,
    E3,
    EXCHANGE,
    NEW,
    SHAREPOINT,
    TEAMS1,
    TEAMS_ESSENTIALS,
    Tenant,
    code,
    guid,
    product,
    refusal,
    service_plans,
    teams_tenant,
)


def stored(tenant: Tenant, sku_id: str = E1) -> Product:
    return tenant.state.configuration.products[sku_id]


def test_a_new_product_gets_the_commits_version_and_so_do_its_plans() -> None:
    tenant = Tenant()
    plans = tuple(replace(plan, added=77) for plan in service_plans(TEAMS1, EXCHANGE))

    assert tenant.put_product(Product(E1, "STANDARDPACK", "Office 365 E1", 5, plans, version=99)) is Effect.CREATED

    assert stored(tenant).version == 1
    assert [plan.added for plan in stored(tenant).service_plans] == [1, 1]
    assert (tenant.entry.action, tenant.entry.target) == (Action.PRODUCT_CREATED, f"products/{E1}")
    assert tenant.entry.details["before"] == {}
    assert tenant.entry.details["after"]["totalLicenses"] == 5
    assert [plan["servicePlanId"] for plan in tenant.entry.details["after"]["servicePlans"]] == [TEAMS1, EXCHANGE]


def test_a_plan_that_stays_keeps_when_it_was_added_and_a_new_one_gets_the_commit() -> None:
    tenant = Tenant()
    tenant.put_product(product(plans=(TEAMS1, EXCHANGE)))
    tenant.put_product(product(plans=(SHAREPOINT, TEAMS1)))
    assert [plan.added for plan in stored(tenant).service_plans] == [2, 1]
    tenant.put_product(product(plans=(EXCHANGE, TEAMS1)))
    assert [plan.added for plan in stored(tenant).service_plans] == [3, 1]


def test_the_journal_keeps_only_the_fields_that_changed() -> None:
    tenant = Tenant()
    tenant.put_product(product(total=5))
    assert tenant.put_product(product(total=6)) is Effect.CHANGED
    assert tenant.entry.action is Action.PRODUCT_UPDATED
    assert tenant.entry.details == {"before": {"totalLicenses": 5}, "after": {"totalLicenses": 6}}


def test_an_equal_product_leaves_no_trace() -> None:
    tenant = Tenant()
    tenant.put_product(product())
    assert tenant.put_product(replace(product(), version=12)) is Effect.UNCHANGED
    assert tenant.changed is None
    assert stored(tenant).version == 1


def test_a_total_may_fall_to_what_is_assigned_and_not_below() -> None:
    tenant = teams_tenant(product(total=5))
    tenant.sign_in("ann")
    tenant.sign_in("bob")
    refused = refusal(tenant.change(put_product, product=product(total=1), precondition=ANY))
    assert (refused.code, refused.target) == (Code.LICENSES_IN_USE, "totalLicenses")
    assert tenant.put_product(product(total=2)) is Effect.CHANGED
    assert tenant.state.available_licenses(E1) == 0


def test_a_policys_product_keeps_a_plan_of_its_app_that_is_on() -> None:
    tenant = teams_tenant(product(plans=(TEAMS1, TEAMS_ESSENTIALS, EXCHANGE)))
    tenant.edit_policy(products=(PolicyProduct(E1, (TEAMS_ESSENTIALS,)),))
    lost = product(plans=(TEAMS_ESSENTIALS, EXCHANGE))
    assert code(tenant.change(put_product, product=lost, precondition=ANY)) is Code.POLICY_WOULD_LOSE_APP
    kept = product(plans=(TEAMS1, EXCHANGE))
    assert tenant.change(put_product, product=kept, precondition=ANY) is Effect.CHANGED


def test_a_removed_plan_is_forgotten_in_the_policy_also_when_it_comes_back() -> None:
    tenant = teams_tenant(product(plans=(TEAMS1, EXCHANGE)))
    tenant.edit_policy(products=(PolicyProduct(E1, (EXCHANGE,)),))

    tenant.put_product(product(plans=(TEAMS1,)))
    removal = tenant.state.head.sequence
    (policy,) = tenant.state.configuration.policies.values()
    assert (policy.products, policy.version) == ((PolicyProduct(E1),), removal)

    tenant.put_product(product(plans=(TEAMS1, EXCHANGE)))
    (policy,) = tenant.state.configuration.policies.values()
    assert (policy.products, policy.version) == ((PolicyProduct(E1),), removal)
    tenant.sign_in("ann")
    assert tenant.license("ann").disabled_service_plan_ids == ()


def test_refusals_of_a_product_come_in_their_order() -> None:
    tenant = teams_tenant(product(total=5))
    tenant.sign_in("ann")
    bad = product(total=0, plans=(EXCHANGE,))
    assert code(tenant.change(put_product, product=bad, precondition=NEW)) is Code.PRECONDITION_REQUIRED
    assert code(tenant.change(put_product, product=bad, precondition=Precondition(match=1))) is Code.CONDITION_NOT_MET
    assert code(tenant.change(put_product, product=bad, precondition=ANY)) is Code.LICENSES_IN_USE
    better = product(total=1, plans=(EXCHANGE,))
    assert code(tenant.change(put_product, product=better, precondition=ANY)) is Code.POLICY_WOULD_LOSE_APP


def test_the_last_product_fits_and_one_more_does_not() -> None:
    tenant = Tenant()
    for number in range(PRODUCTS_PER_TENANT):
        tenant.put_product(product(guid(1000 + number)))
    assert code(tenant.change(put_product, product=product(guid(9)), precondition=NEW)) is Code.LIMIT_REACHED
    assert tenant.put_product(product(guid(1000), total=3)) is Effect.CHANGED


@pytest.mark.parametrize("version", [2, 3])
def test_a_product_made_again_does_not_get_an_old_version(version: int) -> None:
    tenant = Tenant()
    tenant.put_product(product())
    tenant.done(delete_product, sku_id=E1, precondition=ANY)
    tenant.put_product(product())
    expected = Effect.DELETED if version == 3 else Code.CONDITION_NOT_MET
    answer = tenant.change(delete_product, sku_id=E1, precondition=Precondition(match=version))
    assert (answer if isinstance(answer, Effect) else code(answer)) == expected


def test_refusals_of_a_deletion_come_in_their_order() -> None:
    tenant = teams_tenant(product(E1), product(E3))
    tenant.sign_in("ann")
    refusals = [
        tenant.change(delete_product, sku_id=guid(9), precondition=NEW),
        tenant.change(delete_product, sku_id=E1, precondition=NEW),
        tenant.change(delete_product, sku_id=E1, precondition=Precondition(match=1)),
        tenant.change(delete_product, sku_id=E1, precondition=ANY),
    ]
    tenant.take_back("ann")
    refusals.append(tenant.change(delete_product, sku_id=E1, precondition=ANY))

    assert [code(each) for each in refusals] == [
        Code.PRODUCT_NOT_FOUND,
        Code.PRECONDITION_REQUIRED,
        Code.CONDITION_NOT_MET,
        Code.LICENSES_IN_USE,
        Code.PRODUCT_IN_USE,
    ]


def test_a_product_that_nobody_needs_is_deleted_and_stays_in_the_journal() -> None:
    tenant = teams_tenant(product(E1), product(E3))
    tenant.edit_policy(products=(PolicyProduct(E3),))

    assert tenant.change(delete_product, sku_id=E1, precondition=ANY) is Effect.DELETED

    assert set(tenant.state.configuration.products) == {E3}
    assert (tenant.entry.action, tenant.entry.target) == (Action.PRODUCT_DELETED, f"products/{E1}")
    assert tenant.entry.details["before"]["displayName"] == "Product 00000001"
    assert tenant.entry.details["after"] == {}
