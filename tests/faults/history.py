"""A tenant's history, replayed from the journal's raw rows by a model that shares no code with the product.

It is what must be true by what administrators and users are promised, in as few words as possible: the state after
each commit, and what a sign-in would be told on it. All lives of a tenant are one line of commits; where one ends, the
state is that of a tenant that nobody has heard of (lives.py).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done.

    Attributes:
        actor_id: The administrator who did it; None for a sign-in.
        action: What was done.
        target: To what.
        details: The journal's.
        place: Which entry of its commit this is, from 0.
    """

    actor_id: str | None
    action: str
    target: str
    details: Mapping[str, Any]
    place: int


@dataclass(frozen=True, slots=True)
class Commit:
    """One row of the journal, or the end of a life.

    Attributes:
        sequence: Its number. An end has none of its own, so that of the last commit before it.
        at: Its time.
        entries: What was done; nothing at an end.
        ended_by: Of an end: when somebody saw that it had come.
    """

    sequence: int
    at: str
    entries: tuple[Entry, ...]
    ended_by: float | None = None


def content_of(row: Row) -> Any:
    """The JSON of a row, over all its properties `content`, `content1`, …"""
    names = sorted((name for name in row if name.startswith("content")), key=lambda name: int(name[7:] or 0))
    return json.loads("".join(row[name] for name in names))


def commits_of(rows: Iterable[Row]) -> list[Commit]:
    """Every commit that the rows of a tenant have, in order."""
    journal = [row for row in rows if row["RowKey"].startswith("journal:")]
    return [
        Commit(
            int(row["sequence"]),
            row["at"],
            tuple(
                Entry(actor.get("id"), action, target, details, place)
                for place, (actor, action, target, details) in enumerate(content_of(row))
            ),
        )
        for row in sorted(journal, key=lambda row: int(row["sequence"]))
    ]


@dataclass(slots=True)
class Held:
    """A license that a user holds.

    Attributes:
        off: The plans that are off in it.
        claim: The sign-in, the policy and the app of the claim that it came from; None if an administrator gave it.
        chosen: The plans that were chosen to be off: what the user's row has, whatever the product lost since.
    """

    off: frozenset[str]
    claim: tuple[str | None, str, str] | None
    chosen: frozenset[str]


@dataclass(slots=True)
class Product:
    """A product: its total of licenses and the ids of its plans."""

    total: int
    plans: frozenset[str]


@dataclass(slots=True)
class Policy:
    """A policy. `products` maps each product, in order, to the plans that are off in what it gives."""

    app_id: str
    enabled: bool
    products: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sign-in is told on a state: the outcome, and which licenses it may be told of; to claim, the policy."""

    outcome: str
    sku_ids: frozenset[str] = frozenset()
    policy_id: str | None = None


TEAMS_PLANS = ("57ff2da0-773e-42df-b2af-ffb7a2317929", "f4f2f6de-6830-442b-a433-e92249faebe2")
TEAMS_CLIENTS = (
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
    "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
)


@dataclass(slots=True)
class State:
    """A tenant after a commit; without any, as it begins.

    Attributes:
        feature_on: Whether auto-claim is on.
        settings_written: Whether anybody has ever said so.
        apps: Every app's plans.
        clients: The app of each client app id.
        products: Every product.
        policies: Every policy.
        licenses: What each user holds, by product.
        assigned: How many licenses of each product are held.
        claims: How often each product was ever claimed under each policy, on each day.
    """

    feature_on: bool = False
    settings_written: bool = False
    apps: dict[str, frozenset[str]] = field(default_factory=lambda: {"microsoft-teams": frozenset(TEAMS_PLANS)})
    clients: dict[str, str] = field(default_factory=lambda: dict.fromkeys(TEAMS_CLIENTS, "microsoft-teams"))
    products: dict[str, Product] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    licenses: dict[str, dict[str, Held]] = field(default_factory=dict)
    assigned: Counter[str] = field(default_factory=Counter)
    claims: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def of(self, user_id: str) -> dict[str, Held]:
        """What a user holds."""
        return self.licenses.get(user_id, {})

    def is_on(self, app_id: str, sku_id: str, off: frozenset[str]) -> bool:
        """Whether a license of the product, with these plans off, licenses the app."""
        return bool(self.apps[app_id] & self.products[sku_id].plans - off)

    def licensing(self, user_id: str, app_id: str) -> dict[str, Held]:
        """What a user holds that licenses the app."""
        return {sku_id: held for sku_id, held in self.of(user_id).items() if self.is_on(app_id, sku_id, held.off)}

    def verdict(self, user_id: str, reference: str, sign_in_id: str | None) -> Verdict:
        """What a sign-in is told."""
        if not self.feature_on:
            return Verdict("featureOff")
        app_id = reference if reference in self.apps else self.clients.get(reference)
        found = next(((key, policy) for key, policy in self.policies.items() if policy.app_id == app_id), None)
        if app_id is None or found is None:
            return Verdict("noPolicy")
        policy_id, policy = found
        if not policy.enabled:
            return Verdict("policyOff", policy_id=policy_id)
        licensing = self.licensing(user_id, app_id)
        repeated = {
            sku_id
            for sku_id, held in licensing.items()
            if held.claim and sign_in_id is not None and (held.claim[0], held.claim[2]) == (sign_in_id, app_id)
        }
        if licensing:
            outcome = "claimed" if repeated else "alreadyLicensed"
            return Verdict(outcome, frozenset(repeated or licensing), policy_id)
        choice = [sku_id for sku_id in policy.products if sku_id not in self.of(user_id)]
        free = [sku_id for sku_id in choice if self.assigned[sku_id] < self.products[sku_id].total]
        if not free:
            return Verdict("noLicenses" if choice else "appTurnedOff", policy_id=policy_id)
        return Verdict("claims", frozenset(free[:1]), policy_id)

    def apply(self, entry: Entry, at: str) -> None:
        """Make it so. `at` is the time of its commit."""
        kind, _, rest = entry.target.partition("/")
        after = entry.details.get("after", {})
        if kind == "users":
            user_id, _, sku_id = rest.split("/")
            self._apply_license(entry, user_id, sku_id, at)
        elif kind == "settings":
            self.feature_on = after["autoClaimEnabled"]
            self.settings_written = True
        elif kind == "apps":
            self._apply_app(entry.action, rest, after)
        elif kind == "products":
            self._apply_product(entry.action, rest, after)
        else:
            self._apply_policy(entry.action, rest, after)

    def _apply_license(self, entry: Entry, user_id: str, sku_id: str, at: str) -> None:
        licenses = self.licenses.setdefault(user_id, {})
        before = licenses.get(sku_id)
        if entry.action == "license.removed":
            self.assigned[sku_id] -= before is not None
            licenses.pop(sku_id, None)
            return
        self.assigned[sku_id] += before is None
        claim = before.claim if before else None
        if entry.action == "license.claimed":
            details = entry.details
            claim = details.get("signInId"), details["policyId"], details["appId"]
            policy = self.policies.get(claim[1])
            off = policy.products.get(sku_id, frozenset()) if policy else frozenset()
            self.claims[claim[1], sku_id, at[:10]] += 1
        else:
            written = entry.details.get("after", {}).get("disabledServicePlanIds")
            off = frozenset(written) if written is not None else before.chosen if before else frozenset()
        licenses[sku_id] = Held(off, claim, off)

    def _apply_app(self, action: str, app_id: str, after: Mapping[str, Any]) -> None:
        if action == "app.deleted":
            del self.apps[app_id]
        if "servicePlanIds" in after:
            self.apps[app_id] = frozenset(after["servicePlanIds"])
        if action == "app.deleted" or "clientAppIds" in after:
            kept = {client: owner for client, owner in self.clients.items() if owner != app_id}
            self.clients = kept | dict.fromkeys(after.get("clientAppIds", ()), app_id)

    def _apply_product(self, action: str, sku_id: str, after: Mapping[str, Any]) -> None:
        if action == "product.deleted":
            del self.products[sku_id]
            return
        product = self.products.setdefault(sku_id, Product(0, frozenset()))
        product.total = after.get("totalLicenses", product.total)
        if "servicePlans" in after:
            product.plans = frozenset(plan["servicePlanId"] for plan in after["servicePlans"])
            # A plan that goes is forgotten wherever it was off.
            for policy in self.policies.values():
                if sku_id in policy.products:
                    policy.products[sku_id] &= product.plans
            for licenses in self.licenses.values():
                if sku_id in licenses:
                    licenses[sku_id].off &= product.plans

    def _apply_policy(self, action: str, policy_id: str, after: Mapping[str, Any]) -> None:
        if action == "policy.deleted":
            del self.policies[policy_id]
            return
        policy = self.policies.setdefault(policy_id, Policy(after.get("appId", ""), enabled=False, products={}))
        policy.enabled = after.get("enabled", policy.enabled)
        if "products" in after:
            policy.products = {each["skuId"]: frozenset(each["disabledServicePlanIds"]) for each in after["products"]}
