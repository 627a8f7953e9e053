"""The auto-claim report: what was claimed in the last days, by policy, product and day. Days are UTC."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from domain.catalog import RetiredPolicy
from domain.claims import Claim
from domain.ids import fold
from domain.tenant import TenantState

PERIODS: Final = (1, 7, 30, 90)
"""Days that a report may cover: today and the days before it."""

DEFAULT_PERIOD: Final = 90


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Every day, oldest first."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def period_until(today: date, days: int) -> Period:
    """The period of so many days that ends today."""
    return Period(today - timedelta(days=days - 1), today)


def today(now: datetime, state: TenantState) -> date:
    """The day of the later of now and the tenant's last commit: a clock that is behind hides no claim."""
    return max(now, state.head.at or now).date()


@dataclass(slots=True)
class PolicyCounts:
    """Claims under one policy, and the last names that its claims were made under.

    Attributes:
        days: Claims for each day and product.
        product_names: The last name of each product claimed.
        policy_name: The last name of the policy at a claim.
        app_name: The last name of its app at a claim.
    """

    days: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    product_names: dict[str, str] = field(default_factory=dict)
    policy_name: str = ""
    app_name: str = ""

    def add(self, claim: Claim) -> None:
        """Count a claim. Claims come oldest first, so that the last names stay."""
        self.days[claim.day][claim.sku_id] += 1
        self.product_names[claim.sku_id] = claim.product_name
        self.policy_name, self.app_name = claim.policy_name, claim.app_name

    def merge(self, later: "PolicyCounts") -> None:
        """Add counts whose names are later."""
        for day, products in later.days.items():
            self.days[day].update(products)
        self.product_names.update(later.product_names)
        self.policy_name = later.policy_name or self.policy_name
        self.app_name = later.app_name or self.app_name


def count(claims: Iterable[Claim]) -> dict[str, PolicyCounts]:
    """Claims by policy. They come oldest first."""
    counts: defaultdict[str, PolicyCounts] = defaultdict(PolicyCounts)
    for claim in claims:
        counts[claim.policy_id].add(claim)
    return dict(counts)


@dataclass(frozen=True, slots=True)
class ProductClaims:
    """How often a product was claimed."""

    sku_id: str
    display_name: str
    claims: int


@dataclass(frozen=True, slots=True)
class DayClaims:
    """Claims of one day: product by product, those without any left out."""

    day: date
    products: tuple[tuple[str, int], ...]

    @property
    def claims(self) -> int:
        """All claims of the day."""
        return sum(claims for _, claims in self.products)


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """What was claimed under one policy."""

    policy_id: str
    policy_name: str
    app_name: str
    deleted: bool
    products: tuple[ProductClaims, ...]
    days: tuple[DayClaims, ...]

    @property
    def total(self) -> int:
        """All claims of the period."""
        return sum(day.claims for day in self.days)


def report(
    state: TenantState, period: Period, counts: Mapping[str, PolicyCounts], retired: Mapping[str, RetiredPolicy]
) -> tuple[PolicyReport, ...]:
    """Every policy that exists, and deleted ones with claims in the period, by name.

    `counts` may reach beyond the period. `retired` has every policy of `counts` that the state has not.
    """
    reports = [
        _policy_report(state, period, policy_id, counts.get(policy_id, PolicyCounts()), retired.get(policy_id))
        for policy_id in state.configuration.policies.keys() | counts.keys()
    ]
    told = [each for each in reports if not each.deleted or each.total]
    return tuple(sorted(told, key=lambda each: (fold(each.policy_name), each.policy_id)))


def _policy_report(
    state: TenantState, period: Period, policy_id: str, counts: PolicyCounts, retired: RetiredPolicy | None
) -> PolicyReport:
    configuration = state.configuration
    policy = configuration.policies.get(policy_id)
    days = tuple(DayClaims(day, tuple(sorted(counts.days.get(day, {}).items()))) for day in period.days)
    totals: Counter[str] = Counter()
    for day in days:
        totals.update(dict(day.products))
    in_policy = policy.sku_ids if policy else ()
    gone = sorted(totals.keys() - set(in_policy))
    if policy:
        name, app_name = policy.name, configuration.apps[policy.app_id].name
    elif retired:
        name, app_name = retired.name, retired.app_name
    else:
        name, app_name = counts.policy_name, counts.app_name
    return PolicyReport(
        policy_id,
        name,
        app_name,
        deleted=policy is None,
        products=tuple(
            ProductClaims(sku_id, _product_name(state, counts, sku_id), totals[sku_id])
            for sku_id in (*in_policy, *gone)
        ),
        days=days,
    )


def _product_name(state: TenantState, counts: PolicyCounts, sku_id: str) -> str:
    """Its name today, or once it is deleted its last name at a claim."""
    product = state.configuration.products.get(sku_id)
    return product.display_name if product else counts.product_names[sku_id]
