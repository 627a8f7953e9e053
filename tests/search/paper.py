"""A tenant as somebody would keep it on paper: says what every change must be answered, and what it leads to.

Shares no code with the rules. It knows nothing of commits, rows or processes: one thing happens after the other.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tests.search.asked import (
    Assign,
    Change,
    CreatePolicy,
    DeletePolicy,
    DeleteProduct,
    EditPolicy,
    PutApp,
    PutProduct,
    SignIn,
    TakeBack,
    Turn,
)

ACTIONS: Final = {"created": "created", "changed": "updated", "deleted": "deleted"}
"""What the journal calls what was done to anything but a license."""

Plans = frozenset[str]
Answer = tuple[Any, ...]
"""A refusal's code or what a change did; for a sign-in the outcome, the product and the policy."""


@dataclass(frozen=True, slots=True)
class Product:
    total: int
    plans: Plans


@dataclass(frozen=True, slots=True)
class Policy:
    app: str
    enabled: bool
    products: tuple[tuple[str, Plans], ...]


@dataclass(frozen=True, slots=True)
class License:
    """What is off in it, and the policy, app and event that it was claimed by; None if it was given by hand."""

    off: Plans
    claim: tuple[str, str, str | None] | None = None


@dataclass(slots=True)
class Paper:
    on: bool = False
    apps: dict[str, Plans] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    held: dict[tuple[str, str], License] = field(default_factory=dict)

    def copy(self) -> "Paper":
        return Paper(self.on, dict(self.apps), dict(self.products), dict(self.policies), dict(self.held))

    def seats(self) -> Counter[str]:
        """Licenses held of each product."""
        return Counter(sku for _, sku in self.held)

    def do(self, change: Change) -> tuple[Answer, list[tuple[str, str]]]:
        """Write the change down: its answer, and what the journal says of it, each an action and a target."""
        match change:
            case SignIn():
                answer = self._sign_in(change)
                target = f"users/{change.user}/licenses/{answer[1]}"
                is_new = answer[0] == "claimed" and self._claim(change, *answer[1:])
                return answer, [("license.claimed", target)] if is_new else []
            case TakeBack():
                taken = [key for key in self.held if key[0] == change.user and change.sku in {None, key[1]}]
                for key in taken:
                    del self.held[key]
                entries = [("license.removed", f"users/{user}/licenses/{sku}") for user, sku in taken]
                return ("deleted" if taken else "unchanged",), entries
            case Assign():
                effect, kind, target = self._assign(change), "license", f"users/{change.user}/licenses/{change.sku}"
            case Turn():
                effect, kind, target = self._turn(change), "settings", "settings"
            case PutProduct() | DeleteProduct():
                effect, kind, target = self._product(change), "product", f"products/{change.sku}"
            case PutApp():
                effect, kind, target = self._put_app(change), "app", f"apps/{change.app}"
            case _:
                effect, kind, target = self._policy(change), "policy", f"policies/{change.policy}"
        actions = {"created": "assigned", "changed": "changed"} if kind == "license" else ACTIONS
        return (effect,), [(f"{kind}.{actions[effect]}", target)] if effect in actions else []

    def _is_on(self, app: str, sku: str, off: Plans) -> bool:
        return bool(self.apps[app] & self.products[sku].plans - off)

    def _policy_of(self, app: str) -> str | None:
        return next((key for key, policy in self.policies.items() if policy.app == app), None)

    def _sign_in(self, change: SignIn) -> Answer:
        key = self._policy_of(change.app)
        if not self.on or key is None:
            return ("noPolicy" if self.on else "featureOff", None, None)
        policy = self.policies[key]
        if not policy.enabled:
            return "policyOff", None, key
        mine = {sku: held for (user, sku), held in self.held.items() if user == change.user}
        licensing = [sku for sku, held in mine.items() if self._is_on(change.app, sku, held.off)]
        for sku in licensing:
            claim = mine[sku].claim
            if change.event and claim and claim[1:] == (change.app, change.event):
                return "claimed", sku, key
        if licensing:
            return "alreadyLicensed", licensing[0], key
        left = [sku for sku, _ in policy.products if sku not in mine]
        free = [sku for sku in left if self.seats()[sku] < self.products[sku].total]
        if not free:
            return ("noLicenses" if left else "appTurnedOff", None, key)
        return "claimed", free[0], key

    def _claim(self, change: SignIn, sku: str, key: str) -> bool:
        """Note a claim; False if it was a repeat of the event that had claimed."""
        if (change.user, sku) in self.held:
            return False
        off = dict(self.policies[key].products)[sku]
        self.held[change.user, sku] = License(off, (key, change.app, change.event))
        return True

    def _assign(self, change: Assign) -> str:
        key, off = (change.user, change.sku), frozenset(change.off)
        if change.sku not in self.products:
            return "ProductNotFound"
        if not off <= self.products[change.sku].plans:
            return "UnknownServicePlan"
        before = self.held.get(key)
        if before is None and self.seats()[change.sku] >= self.products[change.sku].total:
            return "NoLicensesAvailable"
        self.held[key] = replace(before, off=off) if before else License(off)
        if before is None:
            return "created"
        return "unchanged" if before.off == off else "changed"

    def _turn(self, change: Turn) -> str:
        was, self.on = self.on, change.on
        return "unchanged" if was == change.on else "changed"

    def _loses_app(self, changed: "Paper") -> bool:
        return any(
            not changed._is_on(policy.app, sku, off)  # noqa: SLF001 - another paper
            for policy in changed.policies.values()
            for sku, off in policy.products
        )

    def _product(self, change: PutProduct | DeleteProduct) -> str:
        before = self.products.get(change.sku)
        used = any(change.sku == sku for policy in self.policies.values() for sku, _ in policy.products)
        if isinstance(change, DeleteProduct):
            if before is None or self.seats()[change.sku] or used:
                return (
                    "ProductNotFound"
                    if before is None
                    else "ProductInUse"
                    if not self.seats()[change.sku]
                    else "LicensesInUse"
                )
            del self.products[change.sku]
            return "deleted"
        if (before is not None) != change.over:
            return "PreconditionRequired" if before else "ConditionNotMet"
        if change.total < self.seats()[change.sku]:
            return "LicensesInUse"
        after = self.copy()
        after.products[change.sku] = Product(change.total, frozenset(change.plans))
        after._forget_plans(change.sku)  # noqa: SLF001 - another paper
        if self._loses_app(after):
            return "PolicyWouldLoseApp"
        self.products, self.policies, self.held = after.products, after.policies, after.held
        return "created" if before is None else "unchanged" if before == after.products[change.sku] else "changed"

    def _forget_plans(self, sku: str) -> None:
        """What a product has lost is off nowhere any more."""
        plans = self.products[sku].plans
        for key, held in self.held.items():
            if key[1] == sku:
                self.held[key] = replace(held, off=held.off & plans)
        for policy_id, policy in self.policies.items():
            chosen = tuple((each, off & plans if each == sku else off) for each, off in policy.products)
            self.policies[policy_id] = replace(policy, products=chosen)

    def _put_app(self, change: PutApp) -> str:
        before = self.apps.get(change.app)
        if (before is not None) != change.over:
            return "PreconditionRequired" if before else "ConditionNotMet"
        after = self.copy()
        after.apps[change.app] = frozenset(change.plans)
        if self._loses_app(after):
            return "PolicyWouldLoseApp"
        self.apps = after.apps
        return "created" if before is None else "unchanged" if before == after.apps[change.app] else "changed"

    def _unfit(self, app: str, products: tuple[tuple[str, Plans], ...]) -> str | None:
        if any(sku not in self.products for sku, _ in products):
            return "UnknownProduct"
        if any(not off <= self.products[sku].plans for sku, off in products):
            return "UnknownServicePlan"
        return None if all(self._is_on(app, sku, off) for sku, off in products) else "ProductLacksApp"

    def _forget_policy(self, policy: str) -> None:
        """Its claims are nobody's from now on, also if there is a policy of that id again."""
        for key, held in self.held.items():
            if held.claim and held.claim[0] == policy:
                self.held[key] = replace(held, claim=("deleted", *held.claim[1:]))

    def _policy(self, change: CreatePolicy | EditPolicy | DeletePolicy) -> str:
        chosen = tuple((sku, frozenset(off)) for sku, off in getattr(change, "products", None) or ())
        if isinstance(change, CreatePolicy):
            refusal = "UnknownApp" if change.app not in self.apps else self._unfit(change.app, chosen)
            if refusal or not self.on or self._policy_of(change.app):
                return refusal or ("AppHasPolicy" if self.on else "FeatureOff")
            self.policies[change.policy] = Policy(change.app, change.enabled, chosen)
            return "created"
        before = self.policies.get(change.policy)
        if before is None:
            return "PolicyNotFound"
        if isinstance(change, DeletePolicy):
            del self.policies[change.policy]
            self._forget_policy(change.policy)
            return "deleted"
        unfit = self._unfit(before.app, chosen)
        if unfit:
            return unfit
        enabled = before.enabled if change.enabled is None else change.enabled
        after = Policy(before.app, enabled, before.products if change.products is None else chosen)
        self.policies[change.policy] = after
        return "unchanged" if after == before else "changed"
