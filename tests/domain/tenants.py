"""A tenant in memory: what the rules decide is applied at once, as a ledger would that nobody competes for."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from domain.actors import Administrator
from domain.apps import put_app
from domain.assignments import assign_license, remove_licenses
from domain.catalog import MICROSOFT_TEAMS, App, PolicyProduct, Product, ServicePlan
from domain.changes import Change, Decision, Effect, Stamp, apply
from domain.journal import Entry
from domain.licenses import License, User
from domain.policies import PolicyEdit, create_policy, update_policy
from domain.products import put_product
from domain.refusals import Code, Refusal
from domain.settings import update_settings
from domain.sign_ins import ClaimAnswer, Outcome, SignIn, decide_claim
from domain.tenant import TenantState
from domain.versions import Demand, Precondition

AnswerT = TypeVar("AnswerT")

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ADA = Administrator("0a000000-0000-4000-8000-000000000001", "ada@contoso.example")
ANY = Precondition(match=Demand.ANY)
NEW = Precondition()
TEAMS = MICROSOFT_TEAMS.id
TEAMS1, TEAMS_ESSENTIALS = MICROSOFT_TEAMS.service_plan_ids


def guid(number: int) -> str:
    """A GUID that is easy to tell from others."""
    return f"{number:08x}-0000-4000-8000-000000000000"


TENANT_ID = guid(0xC0FFEE)
EXCHANGE = guid(0xE1)
SHAREPOINT = guid(0xE2)
E1, E3, E5 = guid(1), guid(3), guid(5)
POLICY = guid(0xB0)


def service_plans(*plan_ids: str) -> tuple[ServicePlan, ...]:
    """Service plans as a request brings them."""
    return tuple(ServicePlan(plan_id, f"NAME_{plan_id[:8]}", f"Plan {plan_id[:8]}") for plan_id in plan_ids)


def product(sku_id: str = E1, total: int = 10, plans: Iterable[str] = (TEAMS1, EXCHANGE)) -> Product:
    """A product as a request brings it."""
    return Product(sku_id, f"PART_{sku_id[:8]}", f"Product {sku_id[:8]}", total, service_plans(*plans))


def app(app_id: str, *plan_ids: str, clients: tuple[str, ...] | None = None) -> App:
    """An app as a request brings it."""
    return App(app_id, f"App {app_id}", clients or (f"client-of-{app_id}",), plan_ids)


def sign_in(user_id: str, *references: str, **facts: Any) -> SignIn:
    """A sign-in to Microsoft Teams, or to another app."""
    return SignIn(TENANT_ID, references or (TEAMS,), user_id, **facts)


def refusal(answer: object) -> Refusal:
    """What must be a refusal, and say why."""
    assert isinstance(answer, Refusal), answer
    assert answer.message
    return answer


def code(answer: object) -> Code:
    """The code of what must be a refusal."""
    return refusal(answer).code


class Tenant:
    """One tenant, its users, and what the last decision changed."""

    def __init__(self) -> None:
        self.state = TenantState(TENANT_ID)
        self.users: dict[str, User] = {}
        self.changed: Change | None = None
        self._now = START

    def user(self, user_id: str) -> User:
        return self.users.get(user_id, User(user_id))

    def stamp(self) -> Stamp:
        self._now += timedelta(minutes=1)
        return Stamp(self.state.head.sequence + 1, self._now)

    def settle(self, decide: Callable[[Stamp], Decision[AnswerT]]) -> AnswerT:
        """Decide, and apply what was decided."""
        stamp = self.stamp()
        decision = decide(stamp)
        self.changed = decision.change
        if decision.change:
            self.state = apply(self.state, decision.change, stamp)
            self.users.update({each.after.id: each.after for each in decision.change.users})
        return decision.answer

    def change(self, function: Callable[..., Decision[AnswerT]], **facts: Any) -> AnswerT:
        """An administrator's change of settings, apps, products or policies."""
        return self.settle(lambda stamp: function(self.state, stamp, actor=ADA, **facts))

    def done(self, function: Callable[..., Decision[Refusal | Effect]], **facts: Any) -> Effect:
        """The same, where it must not be refused."""
        effect = self.change(function, **facts)
        assert isinstance(effect, Effect), effect
        return effect

    @property
    def entry(self) -> Entry:
        """What the journal says of the last change."""
        assert self.changed is not None
        (entry,) = self.changed.entries
        return entry

    def turn(self, *, on: bool) -> Effect:
        return self.done(update_settings, auto_claim_enabled=on, precondition=ANY)

    def put_product(self, new: Product) -> Effect:
        precondition = ANY if new.sku_id in self.state.configuration.products else NEW
        return self.done(put_product, product=new, precondition=precondition)

    def put_app(self, new: App) -> Effect:
        precondition = ANY if new.id in self.state.configuration.apps else NEW
        return self.done(put_app, app=new, precondition=precondition)

    def create_policy(self, *products: str | PolicyProduct, policy_id: str = POLICY, **facts: Any) -> Effect:
        """Make a policy for Microsoft Teams, on, unless the facts say otherwise."""
        chosen = tuple(PolicyProduct(each) if isinstance(each, str) else each for each in products)
        defaults = {"name": f"Policy {policy_id[:8]}", "app_id": TEAMS, "enabled": True}
        return self.done(create_policy, policy_id=policy_id, products=chosen, **{**defaults, **facts})

    def edit_policy(self, policy_id: str = POLICY, **edit: Any) -> Effect:
        return self.done(update_policy, policy_id=policy_id, edit=PolicyEdit(**edit), precondition=ANY)

    def assign(self, user_id: str, sku_id: str, *disabled: str) -> Refusal | Effect:
        answer = self.settle(
            lambda stamp: assign_license(
                self.state,
                self.user(user_id),
                stamp,
                sku_id=sku_id,
                disabled_service_plan_ids=disabled,
                actor=ADA,
            )
        )
        if isinstance(answer, Refusal):
            return answer
        effect, held = answer
        assert held == self.license(user_id, sku_id)
        return effect

    def take_back(self, user_id: str, sku_id: str | None = None) -> Effect:
        return self.settle(
            lambda stamp: remove_licenses(self.state, self.user(user_id), stamp, sku_id=sku_id, actor=ADA)
        )

    def sign_in(self, user_id: str, *references: str, **facts: Any) -> ClaimAnswer:
        event = sign_in(user_id, *references, **facts)
        return self.settle(lambda stamp: decide_claim(self.state, self.user(user_id), event, stamp))

    def outcome(self, user_id: str, *references: str, **facts: Any) -> Outcome:
        return self.sign_in(user_id, *references, **facts).outcome

    def license(self, user_id: str, sku_id: str = E1) -> License:
        """A license that the user must hold."""
        held = self.user(user_id).license_of(sku_id)
        assert held is not None
        return held


def teams_tenant(*skus: Product, on: bool = True) -> Tenant:
    """A tenant with these products (or one of ten licenses) in a policy for Microsoft Teams, in this order."""
    tenant = Tenant()
    tenant.turn(on=True)
    chosen = skus or (product(),)
    for each in chosen:
        tenant.put_product(each)
    tenant.create_policy(*(each.sku_id for each in chosen[:5]))
    if not on:
        tenant.turn(on=False)
    return tenant
