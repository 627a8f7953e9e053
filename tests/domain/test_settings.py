"""Administrators' changes of the settings."""

from domain.changes import Effect
from domain.journal import Action
from domain.refusals import Code
from domain.settings import update_settings
from domain.versions import Precondition
from tests.domain.tenants import ADA, ANY, E1, NEW, Tenant, code, teams_tenant


def test_the_feature_is_off_by_default_in_version_0() -> None:
    settings = Tenant().state.configuration.settings
    assert (settings.auto_claim_enabled, settings.version) == (False, 0)


def test_turning_on_changes_the_version_to_the_commits() -> None:
    tenant = Tenant()
    assert tenant.turn(on=True) is Effect.CHANGED
    settings = tenant.state.configuration.settings
    assert (settings.auto_claim_enabled, settings.version) == (True, tenant.state.head.sequence)


def test_the_journal_says_who_turned_it_on() -> None:
    tenant = Tenant()
    tenant.turn(on=True)
    assert (tenant.entry.actor, tenant.entry.action, tenant.entry.target) == (ADA, Action.SETTINGS_UPDATED, "settings")
    assert tenant.entry.details == {"before": {"autoClaimEnabled": False}, "after": {"autoClaimEnabled": True}}


def test_what_is_so_already_leaves_no_trace() -> None:
    tenant = Tenant()
    assert tenant.turn(on=False) is Effect.UNCHANGED
    assert tenant.changed is None
    assert tenant.done(update_settings, auto_claim_enabled=None, precondition=ANY) is Effect.UNCHANGED
    assert tenant.changed is None


def test_a_condition_is_checked_before_whether_anything_would_change() -> None:
    tenant = Tenant()
    for wanted in (None, False, True):
        refused = tenant.change(update_settings, auto_claim_enabled=wanted, precondition=NEW)
        assert code(refused) is Code.PRECONDITION_REQUIRED
        refused = tenant.change(update_settings, auto_claim_enabled=wanted, precondition=Precondition(match=7))
        assert code(refused) is Code.CONDITION_NOT_MET


def test_the_current_version_is_enough_also_the_defaults_0() -> None:
    tenant = Tenant()
    zero = Precondition(match=0)
    assert tenant.change(update_settings, auto_claim_enabled=True, precondition=zero) is Effect.CHANGED


def test_turning_off_takes_no_license() -> None:
    tenant = teams_tenant()
    tenant.sign_in("ann")
    tenant.turn(on=False)
    assert tenant.license("ann").sku_id == E1
    assert tenant.state.assigned_licenses(E1) == 1
