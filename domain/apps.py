"""Administrators' changes of apps."""

from dataclasses import replace

from domain.actors import Administrator
from domain.catalog import APPS_PER_TENANT, App
from domain.changes import Change, Decision, Effect, Stamp
from domain.journal import Action, Entry, changed_fields, fields_of
from domain.licenses import licenses_app
from domain.refusals import Code, Refusal
from domain.tenant import Configuration, TenantState
from domain.versions import Precondition


def app_not_found(app_id: str) -> Refusal:
    """There is no such app."""
    return Refusal(Code.APP_NOT_FOUND, f"The tenant has no app '{app_id}': GET /apps lists those it has.", "appId")


def put_app(
    state: TenantState, stamp: Stamp, *, app: App, precondition: Precondition, actor: Administrator
) -> Decision[Refusal | Effect]:
    """Make the app, or replace it, whatever its `version` says: that becomes the commit's."""
    configuration = state.configuration
    before = configuration.apps.get(app.id)
    what = f"App '{app.id}'"
    refusal = precondition.refusal_for_existing(what, before.version) if before else precondition.refusal_for_new(what)
    refusal = refusal or _taken_client_app_id(configuration, app) or _policy_that_loses(configuration, app)
    if refusal:
        return Decision(refusal)
    if before is None and len(configuration.apps) >= APPS_PER_TENANT:
        message = f"The tenant has {APPS_PER_TENANT} apps, which is the most: delete one first."
        return Decision(Refusal(Code.LIMIT_REACHED, message))
    details = changed_fields(fields_of(before), fields_of(app))
    if before and not details["after"]:
        return Decision(Effect.UNCHANGED)
    action = Action.APP_UPDATED if before else Action.APP_CREATED
    return Decision(
        Effect.CREATED if before is None else Effect.CHANGED,
        Change(
            entries=(Entry(actor, action, f"apps/{app.id}", details),),
            apps={app.id: replace(app, version=stamp.sequence)},
        ),
    )


def delete_app(
    state: TenantState, _stamp: Stamp, *, app_id: str, precondition: Precondition, actor: Administrator
) -> Decision[Refusal | Effect]:
    """Delete the app, unless a policy uses it."""
    configuration = state.configuration
    app = configuration.apps.get(app_id)
    if app is None:
        return Decision(app_not_found(app_id))
    refusal = precondition.refusal_for_existing(f"App '{app_id}'", app.version)
    policy = configuration.policy_by_app_id.get(app_id)
    if not refusal and policy:
        message = f"Policy '{policy.name}' ({policy.id}) is for app '{app_id}': delete the policy first."
        refusal = Refusal(Code.APP_IN_USE, message)
    if refusal:
        return Decision(refusal)
    entry = Entry(actor, Action.APP_DELETED, f"apps/{app_id}", changed_fields(fields_of(app), {}))
    return Decision(Effect.DELETED, Change(entries=(entry,), apps={app_id: None}))


def _taken_client_app_id(configuration: Configuration, app: App) -> Refusal | None:
    for place, client_app_id in enumerate(app.client_app_ids):
        owner = configuration.app_by_client_app_id.get(client_app_id)
        if owner and owner.id != app.id:
            return Refusal(
                Code.CLIENT_APP_ID_TAKEN,
                f"Client app id '{client_app_id}' belongs to app '{owner.id}': a client app id names one app only.",
                f"clientAppIds[{place}]",
            )
    return None


def _policy_that_loses(configuration: Configuration, app: App) -> Refusal | None:
    policy = configuration.policy_by_app_id.get(app.id)
    for chosen in policy.products if policy else ():
        product = configuration.products[chosen.sku_id]
        if policy and not licenses_app(app, product, chosen.disabled_service_plan_ids):
            return Refusal(
                Code.POLICY_WOULD_LOSE_APP,
                f"Policy '{policy.name}' ({policy.id}) gives out {product.display_name}, which would have none of "
                f"these service plans on: keep one that is on there, or take the product from the policy first.",
                "servicePlanIds",
            )
    return None
