"""Administrators' changes of apps: refusals in their order, effects, and what the journal says."""

import pytest

from domain.apps import delete_app, put_app
from domain.catalog import APPS_PER_TENANT, MICROSOFT_TEAMS, App, PolicyProduct
from domain.changes import Effect
from domain.journal import Action
from domain.refusals import Code
from domain.versions import Precondition
from tests.domain.tenants import (
    ADA,
    ANY,
    E1,
    E3,
    EXCHANGE,
    NEW,
    TEAMS,
    TEAMS1,
    TEAMS_ESSENTIALS,
    Tenant,
    app,
    code,
    product,
    refusal,
    teams_tenant,
)

TEAMS_CLIENT = MICROSOFT_TEAMS.client_app_ids[1]


def full(tenant: Tenant) -> Tenant:
    for number in range(APPS_PER_TENANT - len(tenant.state.configuration.apps)):
        tenant.put_app(app(f"app-{number}", EXCHANGE))
    return tenant


def test_every_tenant_starts_with_microsoft_teams_in_version_0() -> None:
    assert Tenant().state.configuration.apps == {TEAMS: MICROSOFT_TEAMS}
    assert MICROSOFT_TEAMS.version == 0


def test_an_app_that_is_new_gets_the_commits_version_whatever_it_said() -> None:
    tenant = Tenant()
    mail = App("mail", "Mail", ("client",), (EXCHANGE,), version=99)

    assert tenant.put_app(mail) is Effect.CREATED

    assert tenant.state.configuration.apps["mail"] == App("mail", "Mail", ("client",), (EXCHANGE,), 1)
    assert (tenant.entry.actor, tenant.entry.action, tenant.entry.target) == (ADA, Action.APP_CREATED, "apps/mail")
    assert tenant.entry.details == {
        "before": {},
        "after": {"name": "Mail", "clientAppIds": ["client"], "servicePlanIds": [EXCHANGE]},
    }


def test_the_journal_keeps_only_the_fields_that_changed() -> None:
    tenant = Tenant()
    tenant.put_app(App("mail", "Mail", ("client",), (EXCHANGE,)))

    assert tenant.put_app(App("mail", "Post", ("client",), (EXCHANGE,))) is Effect.CHANGED

    assert tenant.entry.action is Action.APP_UPDATED
    assert tenant.entry.details == {"before": {"name": "Mail"}, "after": {"name": "Post"}}
    assert tenant.state.configuration.apps["mail"].version == 2


def test_an_equal_app_leaves_no_trace() -> None:
    tenant = Tenant()
    tenant.put_app(app("mail", EXCHANGE))
    assert tenant.put_app(app("mail", EXCHANGE)) is Effect.UNCHANGED
    assert tenant.changed is None
    assert tenant.state.configuration.apps["mail"].version == 1


def test_an_app_keeps_its_own_client_app_ids() -> None:
    tenant = Tenant()
    renamed = App(TEAMS, "Teams", MICROSOFT_TEAMS.client_app_ids, MICROSOFT_TEAMS.service_plan_ids)
    assert tenant.put_app(renamed) is Effect.CHANGED


def test_a_client_app_id_of_another_app_is_refused_at_its_place() -> None:
    taken = app("mail", EXCHANGE, clients=("own", TEAMS_CLIENT))
    refused = refusal(Tenant().change(put_app, app=taken, precondition=NEW))
    assert (refused.code, refused.target) == (Code.CLIENT_APP_ID_TAKEN, "clientAppIds[1]")


def test_a_client_app_id_is_free_again_once_its_app_is_deleted() -> None:
    tenant = Tenant()
    tenant.done(delete_app, app_id=TEAMS, precondition=ANY)
    assert tenant.put_app(app("mail", EXCHANGE, clients=(TEAMS_CLIENT,))) is Effect.CREATED
    assert tenant.state.configuration.find_app(TEAMS_CLIENT) == tenant.state.configuration.apps["mail"]


def test_a_policys_app_keeps_a_plan_that_is_on_in_each_of_its_products() -> None:
    tenant = teams_tenant(product(E1, 5, (TEAMS1,)), product(E3, 5, (TEAMS_ESSENTIALS,)))
    assert code(tenant.change(put_app, app=app(TEAMS, TEAMS1), precondition=ANY)) is Code.POLICY_WOULD_LOSE_APP


def test_a_plan_that_is_off_in_the_policy_does_not_count_as_on() -> None:
    tenant = teams_tenant(product(E1, 5, (TEAMS1, EXCHANGE)))
    tenant.edit_policy(products=(PolicyProduct(E1, (EXCHANGE,)),))
    assert code(tenant.change(put_app, app=app(TEAMS, EXCHANGE), precondition=ANY)) is Code.POLICY_WOULD_LOSE_APP


def test_a_policy_that_is_off_does_not_lose_its_app_either() -> None:
    tenant = teams_tenant()
    tenant.edit_policy(enabled=False)
    assert (
        code(tenant.change(put_app, app=app(TEAMS, TEAMS_ESSENTIALS), precondition=ANY)) is Code.POLICY_WOULD_LOSE_APP
    )


def test_the_last_app_fits_and_one_more_does_not() -> None:
    tenant = full(Tenant())
    assert code(tenant.change(put_app, app=app("one-more", EXCHANGE), precondition=NEW)) is Code.LIMIT_REACHED
    assert tenant.put_app(app(TEAMS, EXCHANGE)) is Effect.CHANGED


def test_refusals_of_an_app_come_in_their_order() -> None:
    tenant = teams_tenant()
    tenant.put_app(app("mail", EXCHANGE, clients=("mail-client",)))
    bad = app(TEAMS, EXCHANGE.replace("e1", "ff"), clients=("mail-client",))
    assert code(tenant.change(put_app, app=bad, precondition=NEW)) is Code.PRECONDITION_REQUIRED
    assert code(tenant.change(put_app, app=bad, precondition=Precondition(match=9))) is Code.CONDITION_NOT_MET
    assert code(tenant.change(put_app, app=bad, precondition=ANY)) is Code.CLIENT_APP_ID_TAKEN
    better = app(TEAMS, EXCHANGE.replace("e1", "ff"))
    assert code(tenant.change(put_app, app=better, precondition=ANY)) is Code.POLICY_WOULD_LOSE_APP


def test_a_taken_client_app_id_comes_before_the_limit() -> None:
    tenant = full(Tenant())
    taken = app("one-more", EXCHANGE, clients=(TEAMS_CLIENT,))
    assert code(tenant.change(put_app, app=taken, precondition=ANY)) is Code.CONDITION_NOT_MET
    assert code(tenant.change(put_app, app=taken, precondition=NEW)) is Code.CLIENT_APP_ID_TAKEN


def test_deleting_an_app_leaves_what_it_was_in_the_journal() -> None:
    tenant = Tenant()
    tenant.put_app(app("mail", EXCHANGE))

    assert tenant.done(delete_app, app_id="mail", precondition=Precondition(match=1)) is Effect.DELETED

    assert "mail" not in tenant.state.configuration.apps
    assert (tenant.entry.action, tenant.entry.target) == (Action.APP_DELETED, "apps/mail")
    assert tenant.entry.details["before"]["servicePlanIds"] == [EXCHANGE]
    assert tenant.entry.details["after"] == {}


@pytest.mark.parametrize("enabled", [True, False])
def test_an_app_that_a_policy_uses_is_not_deleted(enabled: bool) -> None:  # noqa: FBT001
    tenant = teams_tenant()
    tenant.edit_policy(enabled=enabled)
    refusals = [
        tenant.change(delete_app, app_id="no-app", precondition=NEW),
        tenant.change(delete_app, app_id=TEAMS, precondition=NEW),
        tenant.change(delete_app, app_id=TEAMS, precondition=Precondition(match=3)),
        tenant.change(delete_app, app_id=TEAMS, precondition=ANY),
    ]
    assert [code(each) for each in refusals] == [
        Code.APP_NOT_FOUND,
        Code.PRECONDITION_REQUIRED,
        Code.CONDITION_NOT_MET,
        Code.APP_IN_USE,
    ]
