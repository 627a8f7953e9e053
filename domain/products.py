"""Administrators' changes of products."""

from dataclasses import replace

from domain.actors import Administrator
from domain.catalog import PRODUCTS_PER_TENANT, Product
from domain.changes import Change, Decision, Effect, Stamp
from domain.journal import Action, Entry, changed_fields, fields_of
from domain.licenses import licenses_app
from domain.refusals import Code, Refusal
from domain.tenant import Configuration, TenantState, remembered
from domain.versions import Precondition


def product_not_found(sku_id: str) -> Refusal:
    """There is no such product."""
    message = f"The tenant has no product '{sku_id}': GET /products lists those it has."
    return Refusal(Code.PRODUCT_NOT_FOUND, message, "skuId")


def put_product(
    state: TenantState, stamp: Stamp, *, product: Product, precondition: Precondition, actor: Administrator
) -> Decision[Refusal | Effect]:
    """Make the product, or replace it, whatever its `version` says: that becomes the commit's.

    Holders of its licenses have a plan that is added on at once, and one that is removed no more.
    """
    configuration = state.configuration
    before = configuration.products.get(product.sku_id)
    what = f"Product '{product.sku_id}'"
    refusal = precondition.refusal_for_existing(what, before.version) if before else precondition.refusal_for_new(what)
    if refusal:
        return Decision(refusal)
    assigned = state.assigned_licenses(product.sku_id)
    if product.total_licenses < assigned:
        message = (
            f"{product.total_licenses} licenses are fewer than the {assigned} that users hold: "
            f"take licenses back first, or set at least {assigned}."
        )
        return Decision(Refusal(Code.LICENSES_IN_USE, message, "totalLicenses"))
    added = {plan.id: plan.added for plan in before.service_plans} if before else {}
    after = replace(
        product,
        service_plans=tuple(replace(plan, added=added.get(plan.id, stamp.sequence)) for plan in product.service_plans),
        version=stamp.sequence,
        plans_removed=_last_removal(before, product, stamp),
    )
    refusal = _policy_that_loses(configuration, after)
    if refusal:
        return Decision(refusal)
    if before is None and len(configuration.products) >= PRODUCTS_PER_TENANT:
        message = f"The tenant has {PRODUCTS_PER_TENANT} products, which is the most: delete one first."
        return Decision(Refusal(Code.LIMIT_REACHED, message))
    details = changed_fields(fields_of(before), fields_of(after))
    if before and not details["after"]:
        return Decision(Effect.UNCHANGED)
    action = Action.PRODUCT_UPDATED if before else Action.PRODUCT_CREATED
    entry = Entry(actor, action, f"products/{product.sku_id}", details)
    return Decision(
        Effect.CREATED if before is None else Effect.CHANGED, Change(entries=(entry,), products={product.sku_id: after})
    )


def delete_product(
    state: TenantState, _stamp: Stamp, *, sku_id: str, precondition: Precondition, actor: Administrator
) -> Decision[Refusal | Effect]:
    """Delete the product, unless users hold licenses of it or a policy has it."""
    configuration = state.configuration
    product = configuration.products.get(sku_id)
    if product is None:
        return Decision(product_not_found(sku_id))
    refusal = precondition.refusal_for_existing(f"Product '{sku_id}'", product.version)
    assigned = state.assigned_licenses(sku_id)
    policies = configuration.policies_of_product(sku_id)
    if not refusal and assigned:
        message = f"Users hold {assigned} licenses of {product.display_name}: take them back first."
        refusal = Refusal(Code.LICENSES_IN_USE, message)
    if not refusal and policies:
        names = ", ".join(f"'{policy.name}'" for policy in policies[:5])
        message = f"{product.display_name} is in {len(policies)} policies ({names}): take it from them first."
        refusal = Refusal(Code.PRODUCT_IN_USE, message)
    if refusal:
        return Decision(refusal)
    details = changed_fields(fields_of(product), {})
    entry = Entry(actor, Action.PRODUCT_DELETED, f"products/{sku_id}", details)
    return Decision(Effect.DELETED, Change(entries=(entry,), products={sku_id: None}))


def _last_removal(before: Product | None, after: Product, stamp: Stamp) -> int:
    if before is None:
        return 0
    return before.plans_removed if before.service_plan_ids <= after.service_plan_ids else stamp.sequence


def _policy_that_loses(configuration: Configuration, after: Product) -> Refusal | None:
    products = {**configuration.products, after.sku_id: after}
    for policy in configuration.policies_of_product(after.sku_id):
        app = configuration.apps[policy.app_id]
        chosen = next(chosen for chosen in remembered(policy, products).products if chosen.sku_id == after.sku_id)
        if not licenses_app(app, after, chosen.disabled_service_plan_ids):
            return Refusal(
                Code.POLICY_WOULD_LOSE_APP,
                f"Policy '{policy.name}' ({policy.id}) gives out this product for {app.name}, and no service plan "
                "of that app would be on in it: keep one, or take the product from the policy first.",
                "servicePlans",
            )
    return None
