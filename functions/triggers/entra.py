"""POST /webhooks/entra/token-issuance-start: Microsoft Entra is about to issue a token, and waits for us."""

from typing import Any, Final

from domain.ids import parse_guid
from functions.authentication.errors import UnauthenticatedError
from functions.http.admission import ENTRA
from functions.http.answers import Answer
from functions.http.bodies import parse_json
from functions.http.errors import ApiError
from functions.http.operations import Call, NoBody, Operations
from functions.schemas.entra import PENDING, EventResponse, TokenIssuanceStartEvent, event_response
from functions.triggers.settling import settle_sign_in

operations = Operations()

ENTRA_SECONDS: Final = 1.2
"""Entra gives up after 2 s, and then the person cannot sign in; the answer must be there within 1.5 s."""


async def _refuse_other_tenant(call: Call[NoBody], body: bytes) -> None:
    try:
        event = parse_json(body)
    except ApiError:
        return  # what is no JSON names no tenant
    data = event.get("data") if isinstance(event, dict) else None
    tenant_id = data.get("tenantId") if isinstance(data, dict) else None
    if isinstance(tenant_id, str):
        _check_tenant(parse_guid(tenant_id), call)


def _check_tenant(tenant_id: str | None, call: Call[Any]) -> None:
    if tenant_id not in (None, call.caller.tenant_id):
        raise UnauthenticatedError("The token is of another tenant than the event: they must be of the same.")


@operations.operation(
    "POST",
    "webhooks/entra/token-issuance-start",
    admission=ENTRA,
    body=TokenIssuanceStartEvent,
    answers={200: EventResponse},
    media_types=(),
    first=_refuse_other_tenant,
    deadline_seconds=ENTRA_SECONDS,
    fallback=Answer(body=event_response(PENDING)),
)
async def token_issuance_start(call: Call[TokenIssuanceStartEvent]) -> Answer:
    """Claim a license for whoever signs in, and put the outcome into the token."""
    event = call.body.to_sign_in()
    _check_tenant(event.tenant_id, call)
    settled = await settle_sign_in(call.services.ledger, call.observation, event)
    license_ = settled.answer.license
    return Answer(body=event_response(settled.answer.outcome, license_.sku_id if license_ else None))
