"""What requests ask of reports: the period, and a policy."""

from typing import Final

from domain.ids import GUID_PATTERN, parse_guid
from domain.reports import DEFAULT_PERIOD, PERIODS, Period, period_until, today
from domain.tenant import TenantState
from functions.http.errors import ApiError
from functions.http.operations import Call, NoBody
from functions.http.parameters import QueryParameter
from functions.schemas.fields import GUID_FORM

PERIOD: Final = QueryParameter(
    "period",
    "How many days, up to today: days are UTC.",
    {"type": "integer", "enum": list(PERIODS), "default": DEFAULT_PERIOD},
    code="InvalidPeriod",
)
POLICY_ID: Final = QueryParameter(
    "policyId",
    "Only what was claimed under this policy. It may be deleted.",
    {"type": "string", "format": "uuid", "pattern": GUID_PATTERN},
    form=GUID_FORM,
    fits=lambda text: parse_guid(text) is not None,
)


def asked_period(call: Call[NoBody], state: TenantState) -> tuple[int, Period]:
    """The period that the request asks for: how many days, and which.

    Raises:
        ApiError: 400 InvalidPeriod.
    """
    text = call.query.get("period", str(DEFAULT_PERIOD))
    if text not in {str(days) for days in PERIODS}:
        shown = text[:50].encode("ascii", "backslashreplace").decode()
        message = f"period is '{shown}': it must be one of {', '.join(str(days) for days in PERIODS)} days."
        raise ApiError(400, "InvalidPeriod", message, "period")
    return int(text), period_until(today(call.services.now(), state), int(text))


def asked_policy_id(call: Call[NoBody]) -> str | None:
    """The policy that the request asks for, if it asks for one."""
    return parse_guid(call.query.get(POLICY_ID.name, ""))
