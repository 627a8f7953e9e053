"""Licenses in answers."""

from typing import Literal

from domain.licenses import License, PolicyClaim, off_in
from domain.tenant import TenantState
from domain.times import format_time
from functions.schemas.fields import AnswerModel


class OriginAnswer(AnswerModel):
    """Where a license came from: a policy's claim, or an administrator."""

    kind: Literal["policy", "administrator"]
    policy_id: str | None = None
    policy_name: str | None = None
    id: str | None = None
    name: str | None = None


class LicenseAnswer(AnswerModel):
    """One product held by one user."""

    sku_id: str
    product_name: str
    disabled_service_plan_ids: list[str]
    assigned_at: str
    assigned_by: OriginAnswer


def license_answer(state: TenantState, held: License) -> LicenseAnswer:
    """A license as it is answered: service plans that its product no longer has are not in it."""
    product = state.configuration.products[held.sku_id]
    return LicenseAnswer(
        sku_id=held.sku_id,
        product_name=product.display_name,
        disabled_service_plan_ids=list(off_in(held, state.configuration.products)),
        assigned_at=format_time(held.assigned_at),
        assigned_by=_origin_answer(state, held),
    )


def _origin_answer(state: TenantState, held: License) -> OriginAnswer:
    origin = held.assigned_by
    if not isinstance(origin, PolicyClaim):
        return OriginAnswer(kind="administrator", id=origin.id, name=origin.name)
    policy = state.configuration.policies.get(origin.policy_id)
    name = policy.name if policy else origin.policy_name
    return OriginAnswer(kind="policy", policy_id=origin.policy_id, policy_name=name)
