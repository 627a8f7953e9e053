"""Products as requests and answers."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from domain.catalog import SERVICE_PLANS_PER_PRODUCT, Product, ServicePlan
from domain.tenant import TenantState
from functions.schemas.fields import AnswerModel, Guid, Name, RequestModel, TotalLicenses, VersionedModel, etag_of


class ServicePlanWrite(RequestModel):
    """One service plan of a product."""

    service_plan_id: Guid
    service_plan_name: Name
    display_name: Name


def _distinct_plans(plans: list[ServicePlanWrite]) -> list[ServicePlanWrite]:
    seen: set[str] = set()
    for plan in plans:
        if plan.service_plan_id in seen:
            message = "It names service plan {id} twice: name each once"
            raise PydanticCustomError("duplicate", message, {"id": plan.service_plan_id})
        seen.add(plan.service_plan_id)
    return plans


class ProductWrite(RequestModel):
    """Every writable field of a product."""

    sku_part_number: Name
    display_name: Name
    total_licenses: TotalLicenses
    service_plans: Annotated[
        list[ServicePlanWrite],
        Field(min_length=1, max_length=SERVICE_PLANS_PER_PRODUCT),
        AfterValidator(_distinct_plans),
    ]

    def to_product(self, sku_id: str) -> Product:
        """The product that is asked for."""
        plans = tuple(
            ServicePlan(plan.service_plan_id, plan.service_plan_name, plan.display_name) for plan in self.service_plans
        )
        return Product(sku_id, self.sku_part_number, self.display_name, self.total_licenses, plans)


class ServicePlanAnswer(AnswerModel):
    """One service plan of a product."""

    service_plan_id: str
    service_plan_name: str
    display_name: str


class ProductAnswer(VersionedModel):
    """A product, with the licenses that users hold and those that are free."""

    sku_id: str
    sku_part_number: str
    display_name: str
    total_licenses: int
    assigned_licenses: int
    available_licenses: int
    service_plans: list[ServicePlanAnswer]


class ProductList(AnswerModel):
    """A page of products."""

    value: list[ProductAnswer]
    next_link: str | None = None


def product_answer(state: TenantState, sku_id: str) -> ProductAnswer:
    """A product of the tenant as it is answered."""
    product = state.configuration.products[sku_id]
    return ProductAnswer(
        sku_id=product.sku_id,
        sku_part_number=product.sku_part_number,
        display_name=product.display_name,
        total_licenses=product.total_licenses,
        assigned_licenses=state.assigned_licenses(sku_id),
        available_licenses=state.available_licenses(sku_id),
        service_plans=[
            ServicePlanAnswer(service_plan_id=plan.id, service_plan_name=plan.name, display_name=plan.display_name)
            for plan in product.service_plans
        ],
        etag=etag_of(product.version),
    )
