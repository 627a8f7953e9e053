"""What requests ask of reports: the period, and a policy."""

from domain.ids import parse_guid
from domain.reports import DEFAULT_PERIOD, PERIODS, Period, period_until, today
from domain.tenant import TenantState
from functions.http.bodies import invalid_request
from functions.http.errors import ApiError, Detail
from functions.http.operations import Call, NoBody
from functions.schemas.fields import GUID_FORM


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
    """The policy that the request asks for, if it asks for one.

    Raises:
        ApiError: 400 InvalidRequest.
    """
    text = call.query.get("policyId")
    if text is None:
        return None
    policy_id = parse_guid(text)
    if policy_id is None:
        shown = text[:50].encode("ascii", "backslashreplace").decode()
        message = f"policyId is '{shown}': it must be {GUID_FORM}."
        raise invalid_request([Detail("InvalidValue", message, "policyId")])
    return policy_id
