"""The rules that must always hold, against a model of a few lines that shares no code with the rules.

The model keeps who holds what, what is off where, and how many seats there are, and says what each step must give.
"""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.apps import put_app
from domain.catalog import MICROSOFT_TEAMS, App, PolicyProduct
from domain.changes import Effect
from domain.licenses import PolicyClaim, off_in
from domain.policies import PolicyEdit, create_policy, delete_policy, update_policy
from domain.products import put_product
from domain.refusals import Refusal
from domain.sign_ins import Outcome
from domain.versions import Precondition
from tests.domain.tenants import ANY, NEW, TEAMS, Tenant, guid, product

PLANS = [*MICROSOFT_TEAMS.service_plan_ids, guid(0xE1), guid(0xE2)]
SKUS = [guid(1), guid(2), guid(3)]
APPS = [TEAMS, "mail"]
USERS = ["ann", "bob", "cid", "dan"]

plan_sets = st.sets(st.sampled_from(PLANS)).map(lambda plans: tuple(sorted(plans)))
product_lists = st.lists(
    st.tuples(st.sampled_from(SKUS), plan_sets), min_size=1, max_size=3, unique_by=lambda product: product[0]
)


@dataclass
class ModelPolicy:
    app: str
    products: list[tuple[str, set[str]]]
    enabled: bool = True


@dataclass
class Model:
    """A tenant as a child would keep it on paper."""

    on: bool = False
    app_plans: dict[str, set[str]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    plans: dict[str, set[str]] = field(default_factory=dict)
    policies: dict[str, ModelPolicy] = field(default_factory=dict)
    held: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    claimed_by: dict[tuple[str, str], tuple[str, str, str | None]] = field(default_factory=dict)

    def free(self, sku: str) -> int:
        return self.totals[sku] - sum(held == sku for _, held in self.held)

    def has_app(self, app: str, sku: str, off: set[str]) -> bool:
        return bool(self.app_plans[app] & self.plans[sku] - off)

    def policy_of(self, app: str) -> str | None:
        return next((key for key, policy in self.policies.items() if policy.app == app), None)

    def licensing(self, user: str, app: str) -> list[str]:
        return [sku for (holder, sku), off in self.held.items() if holder == user and self.has_app(app, sku, off)]

    def sign_in(self, user: str, app: str, sign_in_id: str | None) -> tuple[Outcome, str | None]:
        """The outcome, and the product of its license; a claim is noted."""
        key = self.policy_of(app)
        if not self.on or key is None:
            return Outcome.NO_POLICY if self.on else Outcome.FEATURE_OFF, None
        if not self.policies[key].enabled:
            return Outcome.POLICY_OFF, None
        return self.sign_in_under(key, user, app, sign_in_id)

    def sign_in_under(self, key: str, user: str, app: str, sign_in_id: str | None) -> tuple[Outcome, str | None]:
        licensing = self.licensing(user, app)
        for sku in licensing:
            if sign_in_id and self.claimed_by.get((user, sku), ("", "", None))[1:] == (app, sign_in_id):
                return Outcome.CLAIMED, sku
        if licensing:
            return Outcome.ALREADY_LICENSED, licensing[0]
        open_to_user = [(sku, off) for sku, off in self.policies[key].products if (user, sku) not in self.held]
        if not open_to_user:
            return Outcome.APP_TURNED_OFF, None
        for sku, off in open_to_user:
            if self.free(sku) > 0:
                self.held[user, sku] = set(off)
                self.claimed_by[user, sku] = (key, app, sign_in_id)
                return Outcome.CLAIMED, sku
        return Outcome.NO_LICENSES, None

    def may_have(self, app: str, products: list[tuple[str, tuple[str, ...]]]) -> bool:
        """Whether the list is one that a policy for the app may have."""
        return all(
            sku in self.totals and set(off) <= self.plans[sku] and self.has_app(app, sku, set(off))
            for sku, off in products
        )


class TenantMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.tenant = Tenant()
        self.model = Model()
        self.next_policy = 100

    @initialize(on=st.booleans(), totals=st.tuples(*[st.integers(0, 3)] * len(SKUS)))
    def begin(self, on: bool, totals: tuple[int, ...]) -> None:  # noqa: FBT001
        self.tenant.put_app(App("mail", "Mail", ("mail-client",), (PLANS[2],)))
        self.model.app_plans = {TEAMS: set(PLANS[:2]), "mail": {PLANS[2]}}
        for sku, total in zip(SKUS, totals, strict=True):
            self.put_product(sku, total, tuple(PLANS[:3]))
        self.turn(on=on)

    def expect(self, possible: bool, answer: Refusal | Effect) -> bool:  # noqa: FBT001
        assert isinstance(answer, Effect) == possible, answer
        assert possible or self.tenant.changed is None
        return possible

    @rule(on=st.booleans())
    def turn(self, *, on: bool) -> None:
        assert (self.tenant.turn(on=on) is Effect.CHANGED) == (on != self.model.on)
        self.model.on = on

    @rule(sku=st.sampled_from(SKUS), total=st.integers(0, 4), plans=plan_sets.filter(bool))
    def put_product(self, sku: str, total: int, plans: tuple[str, ...]) -> None:
        model = self.model
        seats = sum(held == sku for _, held in model.held)
        kept = all(
            model.app_plans[policy.app] & set(plans) - off
            for policy in model.policies.values()
            for chosen, off in policy.products
            if chosen == sku
        )
        known = sku in model.totals
        answer = self.tenant.change(
            put_product, product=product(sku, total, plans), precondition=ANY if known else Precondition()
        )
        if self.expect(total >= seats and kept, answer):
            model.totals[sku], model.plans[sku] = total, set(plans)
            for (_, held), off in model.held.items():
                if held == sku:
                    off.intersection_update(plans)
            for policy in model.policies.values():
                policy.products = [
                    (chosen, off & set(plans) if chosen == sku else off) for chosen, off in policy.products
                ]

    @rule(app=st.sampled_from(APPS), plans=plan_sets.filter(bool))
    def put_app(self, app: str, plans: tuple[str, ...]) -> None:
        model = self.model
        key = model.policy_of(app)
        kept = key is None or all(set(plans) & model.plans[sku] - off for sku, off in model.policies[key].products)
        before = self.tenant.state.configuration.apps[app]
        changed = App(app, before.name, before.client_app_ids, plans)
        if self.expect(kept, self.tenant.change(put_app, app=changed, precondition=ANY)):
            model.app_plans[app] = set(plans)

    @rule(app=st.sampled_from(APPS), products=product_lists)
    def create_policy(self, app: str, products: list[tuple[str, tuple[str, ...]]]) -> None:
        self.next_policy += 1
        key = guid(self.next_policy)
        answer = self.tenant.change(
            create_policy,
            policy_id=key,
            name=f"Policy {key}",
            app_id=app,
            products=tuple(PolicyProduct(sku, off) for sku, off in products),
            enabled=True,
        )
        model = self.model
        if self.expect(model.on and model.policy_of(app) is None and model.may_have(app, products), answer):
            model.policies[key] = ModelPolicy(app, [(sku, set(off)) for sku, off in products])

    @rule(app=st.sampled_from(APPS), enabled=st.none() | st.booleans(), products=st.none() | product_lists)
    def edit_policy(
        self, app: str, *, enabled: bool | None, products: list[tuple[str, tuple[str, ...]]] | None
    ) -> None:
        key = self.model.policy_of(app)
        chosen = None if products is None else tuple(PolicyProduct(sku, off) for sku, off in products)
        answer = self.tenant.change(
            update_policy,
            policy_id=key or guid(0),
            edit=PolicyEdit(enabled=enabled, products=chosen),
            precondition=ANY,
        )
        possible = key is not None and (products is None or self.model.may_have(app, products))
        if self.expect(possible, answer) and key:
            policy = self.model.policies[key]
            policy.enabled = policy.enabled if enabled is None else enabled
            policy.products = policy.products if products is None else [(sku, set(off)) for sku, off in products]

    @rule(app=st.sampled_from(APPS), sure=st.integers(0, 3))
    def delete_policy(self, app: str, sure: int) -> None:
        key = self.model.policy_of(app)
        answer = self.tenant.change(delete_policy, policy_id=key or guid(0), precondition=ANY if sure == 0 else NEW)
        if self.expect(key is not None and sure == 0, answer) and key:
            del self.model.policies[key]

    @rule(user=st.sampled_from(USERS), app=st.sampled_from(APPS), sign_in_id=st.sampled_from([None, "s-1", "s-2"]))
    def sign_in(self, user: str, app: str, sign_in_id: str | None) -> None:
        before = self.tenant.user(user)
        answer = self.tenant.sign_in(user, app, sign_in_id=sign_in_id)
        expected, sku = self.model.sign_in(user, app, sign_in_id)
        assert (answer.outcome, answer.license and answer.license.sku_id) == (expected, sku)
        assert self.tenant.user(user).licenses[: len(before.licenses)] == before.licenses
        assert (self.tenant.changed is not None) == (len(self.tenant.user(user).licenses) > len(before.licenses))

    @rule(user=st.sampled_from(USERS), sku=st.sampled_from(SKUS), off=plan_sets)
    def assign(self, user: str, sku: str, off: tuple[str, ...]) -> None:
        model = self.model
        possible = set(off) <= model.plans[sku] and ((user, sku) in model.held or model.free(sku) > 0)
        if self.expect(possible, self.tenant.assign(user, sku, *off)):
            model.held[user, sku] = set(off)

    @rule(user=st.sampled_from(USERS), sku=st.none() | st.sampled_from(SKUS))
    def take_back(self, user: str, sku: str | None) -> None:
        taken = [(user, each) for each in SKUS if sku in {None, each} and (user, each) in self.model.held]
        assert (self.tenant.take_back(user, sku) is Effect.DELETED) == bool(taken)
        for key in taken:
            del self.model.held[key]
            self.model.claimed_by.pop(key, None)

    @invariant()
    def nothing_is_oversold_and_counts_are_exact(self) -> None:
        state, model = self.tenant.state, self.model
        assigned = Counter(sku for _, sku in model.held)
        assert state.head.assigned == assigned
        assert all(assigned[sku] <= model.totals[sku] for sku in model.totals)
        assert all(state.available_licenses(sku) == model.free(sku) for sku in model.totals)

    @invariant()
    def every_user_holds_what_the_model_says(self) -> None:
        held = {
            (user.id, each.sku_id): set(off_in(each, self.tenant.state.configuration.products))
            for user in self.tenant.users.values()
            for each in user.licenses
        }
        assert held == self.model.held

    @invariant()
    def a_policy_holds_the_licenses_of_its_claims(self) -> None:
        claims = Counter(key for key, _, _ in self.model.claimed_by.values())
        assert self.tenant.state.head.held == {key: claims[key] for key in self.model.policies if claims[key]}
        origins = {
            (user.id, each.sku_id): each.assigned_by.policy_id
            for user in self.tenant.users.values()
            for each in user.licenses
            if isinstance(each.assigned_by, PolicyClaim)
        }
        assert origins == {key: claim[0] for key, claim in self.model.claimed_by.items()}

    @invariant()
    def a_policy_gives_out_what_the_model_says(self) -> None:
        policies = self.tenant.state.configuration.policies
        assert {
            key: [(each.sku_id, set(each.disabled_service_plan_ids)) for each in policy.products]
            for key, policy in policies.items()
        } == {key: policy.products for key, policy in self.model.policies.items()}


TenantMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestAnyHistory = TenantMachine.TestCase
