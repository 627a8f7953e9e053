"""What administrators describe: settings, apps, products and policies. Facts only; the changes are elsewhere.

`version` of each is the sequence number of the commit that last changed it (see domain/versions.py).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from domain.actors import Administrator

TOTAL_LICENSES_LIMIT: Final = 10_000_000
SERVICE_PLANS_PER_PRODUCT: Final = 200
SERVICE_PLANS_PER_APP: Final = 50
CLIENT_APP_IDS_PER_APP: Final = 50
PRODUCTS_PER_POLICY: Final = 5
APPS_PER_TENANT: Final = 200
PRODUCTS_PER_TENANT: Final = 300
POLICIES_PER_TENANT: Final = 200


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """The settings of one tenant."""

    auto_claim_enabled: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class App:
    """What users sign in to.

    Attributes:
        id: The app's id, chosen by administrators.
        name: Its name for people.
        client_app_ids: The ids under which sign-in events name it; each belongs to one app only.
        service_plan_ids: The service plans that license it; one that is on is enough.
        version: See the module.
    """

    id: str
    name: str
    client_app_ids: tuple[str, ...]
    service_plan_ids: tuple[str, ...]
    version: int = 0


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """One of the apps and services inside a product.

    Attributes:
        id: The service plan's GUID.
        name: Its technical name, like `TEAMS1`.
        display_name: Its name for people.
        added: The commit that put it into its product.
    """

    id: str
    name: str
    display_name: str
    added: int = 0


@dataclass(frozen=True)
class Product:
    """A purchased subscription."""

    sku_id: str
    sku_part_number: str
    display_name: str
    total_licenses: int
    service_plans: tuple[ServicePlan, ...]
    version: int = 0
    plans_removed: int = 0
    """The last commit that took a service plan from it; 0 if none did."""

    @cached_property
    def service_plan_ids(self) -> frozenset[str]:
        """The ids of its service plans."""
        return frozenset(self._added)

    @cached_property
    def _added(self) -> dict[str, int]:
        return {plan.id: plan.added for plan in self.service_plans}

    def still_off(self, disabled_service_plan_ids: tuple[str, ...], since: int) -> tuple[str, ...]:
        """Of service plans turned off by a commit, those that the product has had ever since.

        A plan that goes from a product is forgotten wherever it was off, also if it comes back later. This derives it
        from when each plan was added, so that a product's edit writes one row however many have it.
        """
        return tuple(
            plan_id for plan_id in disabled_service_plan_ids if plan_id in self._added and self._added[plan_id] <= since
        )


@dataclass(frozen=True, slots=True)
class PolicyProduct:
    """A product in a policy, with the service plans that are off in the licenses it gives."""

    sku_id: str
    disabled_service_plan_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """An auto-claim policy. `products` is in assigning order: the first is the primary product."""

    id: str
    name: str
    app_id: str
    enabled: bool
    products: tuple[PolicyProduct, ...]
    created_at: datetime
    created_by: Administrator
    modified_at: datetime
    modified_by: Administrator
    version: int

    @property
    def sku_ids(self) -> tuple[str, ...]:
        """The ids of its products, in assigning order."""
        return tuple(product.sku_id for product in self.products)


@dataclass(frozen=True, slots=True)
class RetiredPolicy:
    """What is remembered of a deleted policy, for reports: its last name and that of its app."""

    id: str
    name: str
    app_name: str


MICROSOFT_TEAMS: Final = App(
    id="microsoft-teams",
    name="Microsoft Teams",
    client_app_ids=(
        "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
        "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
        "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
    ),
    service_plan_ids=(
        "57ff2da0-773e-42df-b2af-ffb7a2317929",  # TEAMS1
        "f4f2f6de-6830-442b-a433-e92249faebe2",  # TeamsEss
    ),
)
"""The app that every tenant starts with: its sign-in clients and the service plans that license it."""
