"""A short story of a tenant on paper: what happened as raw rows, and what callers were told as an account.

It is true. Tests forge it.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from domain.actors import Administrator
from domain.assignments import assign_license, remove_licenses
from domain.catalog import PolicyProduct
from domain.changes import Change, Decision
from domain.journal import JournalRecord
from domain.policies import PolicyEdit, create_policy, update_policy
from domain.products import put_product
from domain.settings import update_settings
from domain.sign_ins import decide_claim
from domain.tenant import Head, TenantState
from domain.times import format_time
from storage.rows.journal import journal_row
from storage.rows.retention import retention_row
from storage.rows.state import Resource, head_row, resource_row
from storage.rows.users import user_row
from tests.domain.tenants import ANY, E1, E3, NEW, POLICY, TEAMS, TENANT_ID, Tenant, product, sign_in
from tests.faults.account import Account, ChangeTold, DeletionTold, SignInTold, ViewTold
from tests.faults.history import State, commits_of
from tests.faults.lives import EndedLife
from tests.faults.views import VIEWS, written

Rows = dict[str, dict[str, Any]]


class Story:
    """A tenant, its rows, and the account of its callers. One thing happens each second.

    Attributes:
        rows: The rows, by RowKey.
        account: What callers were told.
        ended: The lives that ended.
    """

    def __init__(self) -> None:
        self._tenant = Tenant()
        self._second = 0.0
        self.rows: Rows = {}
        self.account = Account(TENANT_ID)
        self.ended: list[EndedLife] = []

    def rows_now(self) -> Rows:
        """A copy of the rows."""
        return deepcopy(self.rows)

    def signs_in(self, user_id: str, sign_in_id: str) -> None:
        """Somebody signs in to Microsoft Teams."""
        event = sign_in(user_id, sign_in_id=sign_in_id)
        tenant = self._tenant
        answer = self._settle(lambda stamp: decide_claim(tenant.state, tenant.user(user_id), event, stamp))
        held = answer.license
        self.account.sign_ins.append(
            SignInTold(
                *(user_id, TEAMS, sign_in_id, self._second, self._second + 0.5),
                outcome=answer.outcome.value,
                sku_id=held.sku_id if held else None,
                policy_id=answer.policy.id if answer.policy else None,
                at=format_time(held.assigned_at) if held and answer.outcome == "claimed" else None,
            )
        )

    def changes(self, target: str, function: Callable[..., Decision[Any]], *, status: int = 200, **facts: Any) -> None:
        """An administrator changes settings, a product or a policy."""
        self._told(target, lambda actor, stamp: function(self._tenant.state, stamp, actor=actor, **facts), status, 1)

    def gives(self, user_id: str, sku_id: str, off: tuple[str, ...] = ()) -> None:
        """An administrator gives a license, with service plans off."""
        tenant = self._tenant
        self._told(
            f"users/{user_id}/licenses/{sku_id}",
            lambda actor, stamp: assign_license(
                *(tenant.state, tenant.user(user_id), stamp),
                sku_id=sku_id,
                disabled_service_plan_ids=off,
                actor=actor,
            ),
            201,
        )

    def takes(self, user_id: str, sku_id: str) -> None:
        """An administrator takes a license back."""
        tenant = self._tenant
        self._told(
            f"users/{user_id}/licenses/{sku_id}",
            lambda actor, stamp: remove_licenses(tenant.state, tenant.user(user_id), stamp, sku_id=sku_id, actor=actor),
            204,
        )

    def looks(self, view: str, subject: str = "") -> None:
        """Somebody reads what is true now."""
        self._second += 1
        state = State()
        for commit in commits_of(self.rows.values()):
            for entry in commit.entries:
                state.apply(entry, commit.at)
        content = written(VIEWS[view][2](state, subject))
        self.account.views.append(ViewTold(view, subject, self._second, self._second + 0.5, content))

    def waits(self, seconds: float) -> None:
        """Nothing happens for a while."""
        self._second += seconds

    def deletes(self) -> None:
        """An operator deletes the tenant."""
        self._second += 1
        tombstone = {"PartitionKey": TENANT_ID, "RowKey": "state", "closed": "deleted"}
        self.ended.append(EndedLife(list((self.rows_now() | {"state": tombstone}).values()), self._second + 0.3))
        self.account.deletions.append(DeletionTold(self._second, self._second + 0.5, 0))
        self._tenant.state = TenantState(TENANT_ID, Head(sequence=self._tenant.state.head.sequence))
        self._tenant.users = {}
        self.rows = {}

    def _told(
        self, target: str, decide: Callable[[Administrator, Any], Decision[Any]], status: int, versioned: int = 0
    ) -> None:
        actor = Administrator(f"administrator-{len(self.account.changes)}")
        self._settle(lambda stamp: decide(actor, stamp))
        assert self._tenant.changed is not None
        version = self._tenant.state.head.sequence if versioned else None
        self.account.changes.append(
            ChangeTold(*(actor.id, target, target, self._second, self._second + 0.5, status), version=version)
        )

    def _settle(self, decide: Callable[[Any], Decision[Any]]) -> Any:
        self._second += 1
        answer = self._tenant.settle(decide)
        if self._tenant.changed:
            self._write(self._tenant.changed)
        return answer

    def _write(self, change: Change) -> None:
        state = self._tenant.state
        assert state.head.at is not None
        record = JournalRecord(state.head.sequence, state.head.at, f"commit-{state.head.sequence}", change.entries)
        configuration = state.configuration
        resources: tuple[Resource, ...] = (
            configuration.settings,
            *configuration.apps.values(),
            *configuration.products.values(),
            *configuration.written_policies.values(),
        )
        before = state.head.sequence - 1
        begins = [] if self.rows or not before else [retention_row(TENANT_ID, before, Head(before, state.head.at))]
        rows = [
            *begins,
            head_row(TENANT_ID, state.head),
            journal_row(TENANT_ID, record),
            *(resource_row(TENANT_ID, resource) for resource in resources),
            *(user_row(TENANT_ID, each.after, state.head.sequence) for each in change.users),
        ]
        self.rows |= {row["RowKey"]: row for row in rows}


def opened() -> Story:
    """A story of two products of two seats each, and a policy that gives them to users of Microsoft Teams."""
    story = Story()
    open_tenant(story, 2)
    return story


def open_tenant(story: Story, seats: int) -> None:
    """An administrator makes two products of so many seats each, and that policy."""
    story.changes("settings", update_settings, auto_claim_enabled=True, precondition=ANY)
    story.changes(f"products/{E1}", put_product, status=201, product=product(E1, seats), precondition=NEW)
    story.changes(f"products/{E3}", put_product, status=201, product=product(E3, seats), precondition=NEW)
    story.changes(
        f"policies/{POLICY}",
        create_policy,
        status=201,
        policy_id=POLICY,
        name="Teams",
        app_id=TEAMS,
        products=(PolicyProduct(E1), PolicyProduct(E3)),
        enabled=True,
    )


def turn_off(story: Story) -> None:
    """An administrator turns the policy off."""
    story.changes(
        f"policies/{POLICY}", update_policy, policy_id=POLICY, edit=PolicyEdit(enabled=False), precondition=ANY
    )


def lively() -> Story:
    """A story in which everything happens that a rule is about. Its commits:

    1 to 4 as `opened`, 5 Ada claims E1, 6 Bob claims E1, 7 Cleo claims E3, 8 Dan is given E3, 9 Bob's license is taken
    back, 10 Eve claims E1, 11 the policy is turned off.
    """
    story = opened()
    story.signs_in("ada", "ada-1")
    story.signs_in("bob", "bob-1")
    story.signs_in("cleo", "cleo-1")
    story.gives("dan", E3)
    story.signs_in("ada", "ada-2")
    story.signs_in("ada", "ada-1")
    story.signs_in("eve", "eve-1")
    story.looks("products")
    story.looks("policies")
    story.takes("bob", E1)
    story.looks("user", "bob")
    story.signs_in("eve", "eve-2")
    story.looks("report")
    turn_off(story)
    story.signs_in("bob", "bob-2")
    return story


def reborn() -> Story:
    """The lively story, whose tenant is then deleted and begins again. What comes after commit 11:

    The deletion; Ada signs in and the feature is off; 12 to 15 as `opened`, with one seat each; 16 Ada claims E1, 17
    Eve claims E3, Dan gets nothing, 18 Eve's license is taken back, 19 Dan claims E3.
    """
    story = lively()
    story.deletes()
    story.signs_in("ada", "ada-3")
    story.looks("products")
    story.looks("report")
    open_tenant(story, 1)
    story.signs_in("ada", "ada-1")
    story.signs_in("eve", "eve-3")
    story.signs_in("dan", "dan-1")
    story.takes("eve", E3)
    story.looks("policies")
    story.signs_in("dan", "dan-2")
    story.looks("report")
    story.looks("user", "ada")
    return story
