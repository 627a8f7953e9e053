"""Administrators' changes of a tenant's settings."""

from dataclasses import replace

from domain.actors import Administrator
from domain.changes import Change, Decision, Effect, Stamp
from domain.journal import Action, Entry, changed_fields, fields_of
from domain.refusals import Refusal
from domain.tenant import TenantState
from domain.versions import Precondition


def update_settings(
    state: TenantState,
    stamp: Stamp,
    *,
    auto_claim_enabled: bool | None,
    precondition: Precondition,
    actor: Administrator,
) -> Decision[Refusal | Effect]:
    """Turn the feature on or off (None leaves it). Off, nobody claims from then on, and nobody loses a license."""
    before = state.configuration.settings
    refusal = precondition.refusal_for_existing("The settings resource", before.version)
    if refusal:
        return Decision(refusal)
    if auto_claim_enabled is None or auto_claim_enabled == before.auto_claim_enabled:
        return Decision(Effect.UNCHANGED)
    after = replace(before, auto_claim_enabled=auto_claim_enabled, version=stamp.sequence)
    details = changed_fields(fields_of(before), fields_of(after))
    entry = Entry(actor, Action.SETTINGS_UPDATED, "settings", details)
    return Decision(Effect.CHANGED, Change(entries=(entry,), settings=after))
