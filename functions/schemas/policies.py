"""Policies as requests and answers."""

from collections.abc import Sequence

from pydantic import Field

from domain.catalog import PolicyProduct
from domain.policies import PolicyEdit
from domain.tenant import TenantState
from domain.times import format_time
from functions.schemas.fields import (
    AnswerModel,
    AppId,
    DistinctGuids,
    Flag,
    Guid,
    Name,
    RequestModel,
    VersionedModel,
    etag_of,
)
from functions.schemas.people import ActorAnswer, administrator_answer


class PolicyProductWrite(RequestModel):
    """A product of a policy, and the service plans that are off in the licenses that it gives."""

    sku_id: Guid
    disabled_service_plan_ids: DistinctGuids = Field(default_factory=list)


class PolicyCreation(RequestModel):
    """A new policy. `products` is in assigning order: the primary first, then up to four backups."""

    name: Name
    app_id: AppId
    products: list[PolicyProductWrite]
    enabled: Flag = True


class PolicyUpdate(RequestModel):
    """What to change of a policy. `products` is the whole list in its new order."""

    name: Name = None  # type: ignore[assignment]  # absent; null is refused
    enabled: Flag = None  # type: ignore[assignment]
    products: list[PolicyProductWrite] = None  # type: ignore[assignment]

    def to_edit(self) -> PolicyEdit:
        """The change that is asked for."""
        chosen = None if self.products is None else chosen_products(self.products)
        return PolicyEdit(self.name, self.enabled, chosen)


def chosen_products(products: Sequence[PolicyProductWrite]) -> tuple[PolicyProduct, ...]:
    """The products that are asked for."""
    return tuple(PolicyProduct(product.sku_id, tuple(product.disabled_service_plan_ids)) for product in products)


class PolicyProductAnswer(AnswerModel):
    """A product of a policy."""

    sku_id: str
    sku_part_number: str
    display_name: str
    disabled_service_plan_ids: list[str]
    available_licenses: int


class PolicyAnswer(VersionedModel):
    """A policy, with the licenses that are free for it and those that users hold by its claims."""

    id: str
    name: str
    app_id: str
    app_name: str
    enabled: bool
    products: list[PolicyProductAnswer]
    available_licenses: int
    claimed_licenses: int
    created_at: str
    created_by: ActorAnswer
    modified_at: str
    modified_by: ActorAnswer


class PolicyList(AnswerModel):
    """A page of policies."""

    value: list[PolicyAnswer]
    next_link: str | None = None


def policy_answer(state: TenantState, policy_id: str) -> PolicyAnswer:
    """A policy of the tenant as it is answered."""
    policy = state.configuration.policies[policy_id]
    return PolicyAnswer(
        id=policy.id,
        name=policy.name,
        app_id=policy.app_id,
        app_name=state.configuration.apps[policy.app_id].name,
        enabled=policy.enabled,
        products=[_policy_product_answer(state, product) for product in policy.products],
        available_licenses=sum(state.available_licenses(sku_id) for sku_id in policy.sku_ids),
        claimed_licenses=state.head.held.get(policy.id, 0),
        created_at=format_time(policy.created_at),
        created_by=administrator_answer(policy.created_by),
        modified_at=format_time(policy.modified_at),
        modified_by=administrator_answer(policy.modified_by),
        etag=etag_of(policy.version),
    )


def _policy_product_answer(state: TenantState, chosen: PolicyProduct) -> PolicyProductAnswer:
    product = state.configuration.products[chosen.sku_id]
    return PolicyProductAnswer(
        sku_id=product.sku_id,
        sku_part_number=product.sku_part_number,
        display_name=product.display_name,
        disabled_service_plan_ids=list(chosen.disabled_service_plan_ids),
        available_licenses=state.available_licenses(product.sku_id),
    )
