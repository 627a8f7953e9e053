"""Changes: what a decision wants to be true, and what a tenant's state is after it.

A decision is made on a state and gives an answer, and a change if something is to be written. Decisions can be
made one after the other on the state that the last would leave, and then committed as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar

from domain.catalog import App, Policy, Product, RetiredPolicy, TenantSettings
from domain.journal import Entry
from domain.licenses import DIGEST_MODULUS, PolicyClaim, User, license_digest
from domain.tenant import Configuration, Head, TenantState

AnswerT = TypeVar("AnswerT")
ResourceT = TypeVar("ResourceT")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a decision knows of the commit that it will be part of.

    Attributes:
        sequence: The commit's number.
        at: The commit's time.
        place: How many journal entries the commit has already.
    """

    sequence: int
    at: datetime
    place: int = 0


class Effect(Enum):
    """What an administrator's change did."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    UNCHANGED = "unchanged"
    """Everything was so already: there is no commit."""


@dataclass(frozen=True, slots=True)
class UserChange:
    """A user before and after: the counts are derived from the difference, so they cannot disagree with it."""

    before: User
    after: User


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written in one commit. A resource that maps to None is deleted.

    Attributes:
        entries: What the journal says of it, at least one.
        settings: The tenant's new settings, if they change.
        apps: Apps written or deleted, by id.
        products: Products written or deleted, by id.
        policies: Policies written or deleted, by id.
        retired_policies: What is remembered of policies deleted.
        users: Users whose licenses change, each once.
    """

    entries: tuple[Entry, ...]
    settings: TenantSettings | None = None
    apps: Mapping[str, App | None] = field(default_factory=dict)
    products: Mapping[str, Product | None] = field(default_factory=dict)
    policies: Mapping[str, Policy | None] = field(default_factory=dict)
    retired_policies: tuple[RetiredPolicy, ...] = ()
    users: tuple[UserChange, ...] = ()

    @property
    def touches_configuration(self) -> bool:
        """Whether it changes what administrators wrote."""
        return bool(self.settings or self.apps or self.products or self.policies)


@dataclass(frozen=True, slots=True)
class Decision(Generic[AnswerT]):
    """The outcome of a decision: what the caller is told, and what must be committed before that is true."""

    answer: AnswerT
    change: Change | None = None


def apply(state: TenantState, change: Change, stamp: Stamp) -> TenantState:
    """The state after the change, as of the commit that the stamp names."""
    configuration = state.configuration
    if change.touches_configuration:
        configuration = _apply_to_configuration(configuration, change)
    head = state.head
    assigned, held = dict(head.assigned), dict(head.held)
    digest = head.digest
    for user in change.users:
        before, after = set(user.before.licenses), set(user.after.licenses)
        for sign, licenses in ((-1, before - after), (1, after - before)):
            for held_license in licenses:
                digest += sign * license_digest(user.after.id, held_license)
                _add(assigned, held_license.sku_id, sign)
                origin = held_license.assigned_by
                if isinstance(origin, PolicyClaim) and origin.policy_id in configuration.policies:
                    _add(held, origin.policy_id, sign)
    return TenantState(
        state.tenant_id,
        Head(
            sequence=stamp.sequence,
            at=stamp.at,
            configuration_sequence=(stamp.sequence if change.touches_configuration else head.configuration_sequence),
            assigned=assigned,
            held={policy_id: held[policy_id] for policy_id in held.keys() & configuration.policies.keys()},
            digest=digest % DIGEST_MODULUS,
            began_after=head.began_after,
        ),
        configuration,
    )


def _apply_to_configuration(configuration: Configuration, change: Change) -> Configuration:
    return replace(
        configuration,
        settings=change.settings or configuration.settings,
        apps=_replaced(configuration.apps, change.apps),
        products=_replaced(configuration.products, change.products),
        written_policies=_replaced(configuration.written_policies, change.policies),
    )


def _replaced(resources: Mapping[str, ResourceT], changed: Mapping[str, ResourceT | None]) -> Mapping[str, ResourceT]:
    if not changed:
        return resources
    return {key: value for key, value in {**resources, **changed}.items() if value is not None}


def _add(counts: dict[str, int], key: str, amount: int) -> None:
    count = counts.get(key, 0) + amount
    if count:
        counts[key] = count
    else:
        counts.pop(key, None)
