"""The auto-claim report in answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.reports import DayClaims, Period, PolicyReport
from domain.times import format_time
from functions.schemas.fields import AnswerModel


class ProductClaimsAnswer(AnswerModel):
    """How often a product was claimed under a policy in the period."""

    sku_id: str
    display_name: str
    claims: int


class DayProductAnswer(AnswerModel):
    """How often a product was claimed on a day."""

    sku_id: str
    claims: int


class DayAnswer(AnswerModel):
    """Claims of one UTC day."""

    date: str
    claims: int
    products: list[DayProductAnswer]


class PolicyReportAnswer(AnswerModel):
    """What was claimed under one policy."""

    policy_id: str
    policy_name: str
    app_name: str
    deleted: bool
    total_claims: int
    products: list[ProductClaimsAnswer]
    days: list[DayAnswer]


class ReportAnswer(AnswerModel):
    """What was claimed in a period. `from` and `to` are days, both included."""

    period: int
    from_: Annotated[str, Field(alias="from")]
    to: str
    generated_at: str
    rolled_up_to: str | None = None
    total_claims: int
    policies: list[PolicyReportAnswer]


def report_answer(
    days: int, period: Period, policies: Sequence[PolicyReport], generated_at: datetime, rolled_up_to: datetime | None
) -> ReportAnswer:
    """The report as it is answered."""
    return ReportAnswer(
        period=days,
        from_=period.first.isoformat(),
        to=period.last.isoformat(),
        generated_at=format_time(generated_at),
        rolled_up_to=rolled_up_to and format_time(rolled_up_to),
        total_claims=sum(policy.total for policy in policies),
        policies=[_policy_answer(policy) for policy in policies],
    )


def _policy_answer(policy: PolicyReport) -> PolicyReportAnswer:
    return PolicyReportAnswer(
        policy_id=policy.policy_id,
        policy_name=policy.policy_name,
        app_name=policy.app_name,
        deleted=policy.deleted,
        total_claims=policy.total,
        products=[
            ProductClaimsAnswer(sku_id=each.sku_id, display_name=each.display_name, claims=each.claims)
            for each in policy.products
        ],
        days=[_day_answer(day) for day in policy.days],
    )


def _day_answer(day: DayClaims) -> DayAnswer:
    return DayAnswer(
        date=day.day.isoformat(),
        claims=day.claims,
        products=[DayProductAnswer(sku_id=sku_id, claims=claims) for sku_id, claims in day.products],
    )
