"""Administrators' changes of auto-claim policies. They act on later claims only: no license is changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.actors import Administrator
from domain.catalog import POLICIES_PER_TENANT, PRODUCTS_PER_POLICY, App, Policy, PolicyProduct, RetiredPolicy
from domain.changes import Change, Decision, Effect, Stamp
from domain.ids import fold
from domain.journal import Action, Entry, changed_fields, fields_of
from domain.licenses import licenses_app
from domain.refusals import Code, Refusal
from domain.tenant import Configuration, TenantState
from domain.versions import Precondition


@dataclass(frozen=True, slots=True)
class PolicyEdit:
    """What to change of a policy; None leaves it. `products` is the whole list in its new order."""

    name: str | None = None
    enabled: bool | None = None
    products: tuple[PolicyProduct, ...] | None = None


def policy_not_found(policy_id: str) -> Refusal:
    """There is no such policy."""
    message = f"The tenant has no policy '{policy_id}': GET /policies lists those it has."
    return Refusal(Code.POLICY_NOT_FOUND, message, "policyId")


def create_policy(  # noqa: PLR0913 - each is a fact of its own
    state: TenantState,
    stamp: Stamp,
    *,
    policy_id: str,
    name: str,
    app_id: str,
    products: tuple[PolicyProduct, ...],
    enabled: bool,
    actor: Administrator,
) -> Decision[Refusal | Effect]:
    """Make a policy for an app that has none, while the feature is on. `policy_id` must be new."""
    configuration = state.configuration
    refusal = (
        _invalid_list(products)
        or _unknown_app(configuration, app_id)
        or _unfit_product(configuration, products, configuration.apps.get(app_id))
        or _feature_off(configuration)
        or _app_with_policy(configuration, app_id)
        or _taken_name(configuration, name, policy_id)
    )
    if not refusal and len(configuration.policies) >= POLICIES_PER_TENANT:
        message = f"The tenant has {POLICIES_PER_TENANT} policies, which is the most: delete one first."
        refusal = Refusal(Code.LIMIT_REACHED, message)
    if refusal:
        return Decision(refusal)
    policy = Policy(
        id=policy_id,
        name=name,
        app_id=app_id,
        enabled=enabled,
        products=products,
        created_at=stamp.at,
        created_by=actor,
        modified_at=stamp.at,
        modified_by=actor,
        version=stamp.sequence,
    )
    details = changed_fields({}, fields_of(policy))
    entry = Entry(actor, Action.POLICY_CREATED, f"policies/{policy_id}", details)
    return Decision(Effect.CREATED, Change(entries=(entry,), policies={policy_id: policy}))


def update_policy(  # noqa: PLR0913 - each is a fact of its own
    state: TenantState,
    stamp: Stamp,
    *,
    policy_id: str,
    edit: PolicyEdit,
    precondition: Precondition,
    actor: Administrator,
) -> Decision[Refusal | Effect]:
    """Rename, turn on or off, and choose products and their service plans, in one save. Works with the feature off."""
    configuration = state.configuration
    before = configuration.policies.get(policy_id)
    if before is None:
        return Decision(policy_not_found(policy_id))
    refusal = precondition.refusal_for_existing(f"Policy '{policy_id}'", before.version)
    if not refusal and edit.products is not None:
        app = configuration.apps[before.app_id]
        refusal = _invalid_list(edit.products) or _unfit_product(configuration, edit.products, app)
    if not refusal and edit.name is not None:
        refusal = _taken_name(configuration, edit.name, policy_id)
    if refusal:
        return Decision(refusal)
    edited = replace(
        before,
        name=before.name if edit.name is None else edit.name,
        enabled=before.enabled if edit.enabled is None else edit.enabled,
        products=before.products if edit.products is None else edit.products,
    )
    details = changed_fields(fields_of(before), fields_of(edited))
    if not details["after"]:
        return Decision(Effect.UNCHANGED)
    after = replace(edited, modified_at=stamp.at, modified_by=actor, version=stamp.sequence)
    entry = Entry(actor, Action.POLICY_UPDATED, f"policies/{policy_id}", details)
    return Decision(Effect.CHANGED, Change(entries=(entry,), policies={policy_id: after}))


def delete_policy(
    state: TenantState, _stamp: Stamp, *, policy_id: str, precondition: Precondition, actor: Administrator
) -> Decision[Refusal | Effect]:
    """Delete the policy. Licenses that it gave stay, and reports keep its past under its last name."""
    policy = state.configuration.policies.get(policy_id)
    if policy is None:
        return Decision(policy_not_found(policy_id))
    refusal = precondition.refusal_for_existing(f"Policy '{policy_id}'", policy.version)
    if refusal:
        return Decision(refusal)
    details = changed_fields(fields_of(policy), {})
    entry = Entry(actor, Action.POLICY_DELETED, f"policies/{policy_id}", details)
    retired = RetiredPolicy(policy_id, policy.name, state.configuration.apps[policy.app_id].name)
    change = Change(entries=(entry,), policies={policy_id: None}, retired_policies=(retired,))
    return Decision(Effect.DELETED, change)


def _invalid_list(products: Sequence[PolicyProduct]) -> Refusal | None:
    if not 1 <= len(products) <= PRODUCTS_PER_POLICY:
        message = (
            f"The list has {len(products)} products: a policy has 1 to {PRODUCTS_PER_POLICY}, "
            "the primary first and then up to four backups."
        )
        return Refusal(Code.INVALID_PRODUCT_LIST, message, "products")
    seen: set[str] = set()
    for place, product in enumerate(products):
        if product.sku_id in seen:
            message = f"Product '{product.sku_id}' is in the list twice: name each product once."
            return Refusal(Code.INVALID_PRODUCT_LIST, message, f"products[{place}].skuId")
        seen.add(product.sku_id)
    return None


def _unknown_app(configuration: Configuration, app_id: str) -> Refusal | None:
    if app_id in configuration.apps:
        return None
    message = f"The tenant has no app '{app_id}': GET /apps lists those it has, PUT /apps/{app_id} makes it."
    return Refusal(Code.UNKNOWN_APP, message, "appId")


def _unfit_product(configuration: Configuration, chosen: Sequence[PolicyProduct], app: App | None) -> Refusal | None:
    """The first fault by kind, then by place: a product that is not there, a plan not in it, the app not on."""
    for place, choice in enumerate(chosen):
        if choice.sku_id not in configuration.products:
            message = f"The tenant has no product '{choice.sku_id}': GET /products lists those it has."
            return Refusal(Code.UNKNOWN_PRODUCT, message, f"products[{place}].skuId")
    for place, choice in enumerate(chosen):
        product = configuration.products[choice.sku_id]
        refusal = unknown_service_plan(product.service_plan_ids, choice.disabled_service_plan_ids)
        if refusal:
            return replace(refusal, target=f"products[{place}].{refusal.target}")
    for place, choice in enumerate(chosen):
        product = configuration.products[choice.sku_id]
        if app and not licenses_app(app, product, choice.disabled_service_plan_ids):
            message = (
                f"No service plan of {app.name} is on in {product.display_name}: choose a product that has one, "
                f"and leave it on. Its plans are {', '.join(app.service_plan_ids)}."
            )
            return Refusal(Code.PRODUCT_LACKS_APP, message, f"products[{place}]")
    return None


def unknown_service_plan(known: frozenset[str], disabled: Sequence[str]) -> Refusal | None:
    """Why these service plans cannot be turned off in a product that has the known ones, or None."""
    for place, plan_id in enumerate(disabled):
        if plan_id not in known:
            message = f"The product has no service plan '{plan_id}': only plans that it has can be turned off."
            return Refusal(Code.UNKNOWN_SERVICE_PLAN, message, f"disabledServicePlanIds[{place}]")
    return None


def _feature_off(configuration: Configuration) -> Refusal | None:
    if configuration.settings.auto_claim_enabled:
        return None
    message = 'Auto-claim is off for the tenant: turn it on with PATCH /settings {"autoClaimEnabled": true} first.'
    return Refusal(Code.FEATURE_OFF, message)


def _app_with_policy(configuration: Configuration, app_id: str) -> Refusal | None:
    policy = configuration.policy_by_app_id.get(app_id)
    if policy is None:
        return None
    message = (
        f"App '{app_id}' has policy '{policy.name}' ({policy.id}) already, and an app has one: change that instead."
    )
    return Refusal(Code.APP_HAS_POLICY, message, "appId")


def _taken_name(configuration: Configuration, name: str, policy_id: str) -> Refusal | None:
    for policy in configuration.policies.values():
        if policy.id != policy_id and fold(policy.name) == fold(name):
            message = f"Policy {policy.id} is named '{policy.name}': choose a name that differs in more than case."
            return Refusal(Code.POLICY_NAME_TAKEN, message, "name")
    return None
