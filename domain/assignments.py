"""Administrators' changes of one user's licenses, under the same rules and counts as claims."""

from dataclasses import replace

from domain.actors import Administrator
from domain.catalog import Product
from domain.changes import Change, Decision, Effect, Stamp, UserChange
from domain.journal import Action, Entry, changed_fields, fields_of_license
from domain.licenses import LICENSES_PER_USER, License, User, off_in
from domain.policies import unknown_service_plan
from domain.products import product_not_found
from domain.refusals import Code, Refusal
from domain.tenant import TenantState


def assign_license(  # noqa: PLR0913 - each is a fact of its own
    state: TenantState,
    user: User,
    stamp: Stamp,
    *,
    sku_id: str,
    disabled_service_plan_ids: tuple[str, ...],
    actor: Administrator,
) -> Decision[Refusal | tuple[Effect, License]]:
    """Give the user a license of the product, or choose the plans of the one held: where that came from stays.

    The answer has the license as it is then.
    """
    product = state.configuration.products.get(sku_id)
    if product is None:
        return Decision(product_not_found(sku_id))
    refusal = unknown_service_plan(product.service_plan_ids, disabled_service_plan_ids)
    if refusal:
        return Decision(refusal)
    before = user.license_of(sku_id)
    if before:
        if off_in(before, state.configuration.products) == disabled_service_plan_ids:
            return Decision((Effect.UNCHANGED, before))
        return _change_plans(user, before, disabled_service_plan_ids, stamp, actor)
    refusal = _no_room(state, user, product)
    if refusal:
        return Decision(refusal)
    assigned = License(sku_id, disabled_service_plan_ids, stamp.at, actor, stamp.sequence)
    details = changed_fields({}, fields_of_license(assigned))
    entry = Entry(actor, Action.LICENSE_ASSIGNED, f"users/{user.id}/licenses/{sku_id}", details)
    after = replace(user, licenses=(*user.licenses, assigned))
    return Decision((Effect.CREATED, assigned), Change(entries=(entry,), users=(UserChange(user, after),)))


def remove_licenses(
    _state: TenantState, user: User, _stamp: Stamp, *, sku_id: str | None, actor: Administrator
) -> Decision[Effect]:
    """Take back the user's license of a product, or with None all licenses. Their seats are free at once."""
    taken = tuple(held for held in user.licenses if sku_id in (None, held.sku_id))
    if not taken:
        return Decision(Effect.UNCHANGED)
    entries = tuple(
        Entry(
            actor,
            Action.LICENSE_REMOVED,
            f"users/{user.id}/licenses/{held.sku_id}",
            changed_fields(fields_of_license(held), {}),
        )
        for held in taken
    )
    after = replace(user, licenses=tuple(held for held in user.licenses if held not in taken))
    return Decision(Effect.DELETED, Change(entries=entries, users=(UserChange(user, after),)))


def _change_plans(
    user: User, before: License, disabled: tuple[str, ...], stamp: Stamp, actor: Administrator
) -> Decision[Refusal | tuple[Effect, License]]:
    after = replace(before, disabled_service_plan_ids=disabled, version=stamp.sequence)
    # Both as they are written, and also if they are the same: a plan that the product lost and has again was on.
    details = {
        "before": {"disabledServicePlanIds": list(before.disabled_service_plan_ids)},
        "after": {"disabledServicePlanIds": list(disabled)},
    }
    entry = Entry(actor, Action.LICENSE_CHANGED, f"users/{user.id}/licenses/{before.sku_id}", details)
    changed = replace(user, licenses=tuple(after if held is before else held for held in user.licenses))
    return Decision((Effect.CHANGED, after), Change(entries=(entry,), users=(UserChange(user, changed),)))


def _no_room(state: TenantState, user: User, product: Product) -> Refusal | None:
    if state.available_licenses(product.sku_id) <= 0:
        message = (
            f"All {product.total_licenses} licenses of {product.display_name} are held: take one back or buy more."
        )
        return Refusal(Code.NO_LICENSES_AVAILABLE, message)
    if len(user.licenses) >= LICENSES_PER_USER:
        message = f"User '{user.id}' holds {LICENSES_PER_USER} licenses, which is the most: take one back first."
        return Refusal(Code.LIMIT_REACHED, message)
    return None
