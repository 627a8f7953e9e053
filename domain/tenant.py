"""A tenant's state: what every decision is made on.

It has two parts that change at different speeds: the configuration, which only administrators change, and the
head, a few numbers that every claim changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from domain.catalog import MICROSOFT_TEAMS, App, Policy, PolicyProduct, Product, TenantSettings
from domain.ids import parse_guid


@dataclass(frozen=True)
class Configuration:
    """What administrators wrote, by id.

    Attributes:
        settings: The tenant's settings.
        apps: The apps.
        products: The products.
        written_policies: The policies as they were written; see `policies`.
    """

    settings: TenantSettings = field(default_factory=TenantSettings)
    apps: Mapping[str, App] = field(default_factory=lambda: {MICROSOFT_TEAMS.id: MICROSOFT_TEAMS})
    products: Mapping[str, Product] = field(default_factory=dict)
    written_policies: Mapping[str, Policy] = field(default_factory=dict)

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        """The policies as they are, given what their products have."""
        return {policy_id: remembered(policy, self.products) for policy_id, policy in self.written_policies.items()}

    @cached_property
    def app_by_client_app_id(self) -> Mapping[str, App]:
        """The app that each client app id belongs to."""
        return {client_id: app for app in self.apps.values() for client_id in app.client_app_ids}

    @cached_property
    def policy_by_app_id(self) -> Mapping[str, Policy]:
        """The policy of each app that has one, on or off."""
        return {policy.app_id: policy for policy in self.policies.values()}

    def find_app(self, reference: str) -> App | None:
        """The app that a sign-in names, by app id (which wins) or by client app id."""
        return self.apps.get(reference) or self.app_by_client_app_id.get(parse_guid(reference) or reference)

    def policies_of_product(self, sku_id: str) -> tuple[Policy, ...]:
        """The policies that have the product."""
        return tuple(policy for policy in self.policies.values() if sku_id in policy.sku_ids)


@dataclass(frozen=True, slots=True)
class Head:
    """The part of the state that every commit replaces.

    Attributes:
        sequence: Number of the tenant's last commit; 0 before the first.
        at: Time of the last commit, None before the first. Never runs backwards.
        configuration_sequence: Number of the last commit that touched the configuration.
        assigned: Licenses held by users, per product; products without any may be left out.
        held: Licenses that users hold by a policy's claims, per living policy; zero may be left out.
        digest: Additive hash of all licenses held (see domain.licenses.digest_of).
        began_after: Number of the last commit before this life of the tenant: 0 unless it was deleted before.
    """

    sequence: int = 0
    at: datetime | None = None
    configuration_sequence: int = 0
    assigned: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    digest: int = 0
    began_after: int = 0


@dataclass(frozen=True, slots=True)
class TenantState:
    """Head and configuration of one tenant, as of one commit. A tenant never heard of has the defaults."""

    tenant_id: str
    head: Head = field(default_factory=Head)
    configuration: Configuration = field(default_factory=Configuration)

    def assigned_licenses(self, sku_id: str) -> int:
        """How many licenses of the product users hold."""
        return self.head.assigned.get(sku_id, 0)

    def available_licenses(self, sku_id: str) -> int:
        """How many licenses of the product are free."""
        return self.configuration.products[sku_id].total_licenses - self.assigned_licenses(sku_id)


def remembered(policy: Policy, products: Mapping[str, Product]) -> Policy:
    """The policy as written, without the service plans that its products have lost since.

    Its version is then that of the commit that took plans away, because an administrator's write changed it.
    """
    version = policy.version
    chosen = []
    for choice in policy.products:
        product = products[choice.sku_id]
        still_off = product.still_off(choice.disabled_service_plan_ids, policy.version)
        if still_off != choice.disabled_service_plan_ids:
            version = max(version, product.plans_removed)
        chosen.append(PolicyProduct(choice.sku_id, still_off))
    return policy if version == policy.version else replace(policy, products=tuple(chosen), version=version)
