"""POST /webhooks/entra/token-issuance-start: Microsoft Entra is about to issue a token, and waits for us.

A failure here would keep a person from signing in, so only what a claim needs is looked at, and whatever else is
missing or does not fit is dropped.

Source: Microsoft, "Custom claims provider: onTokenIssuanceStart event reference".
"""

from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from domain.ids import parse_guid
from domain.sign_ins import SignIn
from functions.authentication.errors import UnauthenticatedError
from functions.http.admission import ENTRA
from functions.http.answers import Answer
from functions.http.bodies import parse_json
from functions.http.errors import ApiError
from functions.http.operations import Call, NoBody, Operations
from functions.schemas.fields import AnswerModel, AppReference, Guid, PersonName, SignInId, UserId
from functions.sources.settling import settle_sign_in

PENDING: Final = "pending"
"""The outcome told when the claim was not settled in time, or could not be tried."""


def _or_none(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - of any type
    try:
        return validate(value)
    except ValidationError:
        return None


_Dropped = WrapValidator(_or_none)


class EventModel(BaseModel):
    """A part of Entra's event: fields that are not needed are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, alias_generator=to_camel)


class ServicePrincipal(EventModel):
    """The app that a token is for, or the app that asks for it."""

    app_id: Annotated[AppReference | None, _Dropped] = None


class EventUser(EventModel):
    """Who signs in."""

    id: UserId
    user_principal_name: Annotated[PersonName | None, _Dropped] = None
    display_name: Annotated[PersonName | None, _Dropped] = None


class AuthenticationContext(EventModel):
    """The sign-in."""

    correlation_id: Annotated[SignInId | None, _Dropped] = None
    client_service_principal: Annotated[ServicePrincipal | None, _Dropped] = None
    resource_service_principal: Annotated[ServicePrincipal | None, _Dropped] = None
    user: EventUser

    @property
    def app_references(self) -> tuple[str, ...]:
        """The apps that the sign-in may be to: the client first, then the resource."""
        principals = (self.client_service_principal, self.resource_service_principal)
        return tuple(principal.app_id for principal in principals if principal and principal.app_id)

    @model_validator(mode="after")
    def _needs_an_app(self) -> "AuthenticationContext":
        if not self.app_references:
            raise PydanticCustomError(
                "form", "It must name an app: clientServicePrincipal.appId or resourceServicePrincipal.appId"
            )
        return self


class EventData(EventModel):
    """The event's data."""

    tenant_id: Guid
    authentication_context: AuthenticationContext


class TokenIssuanceStartEvent(EventModel):
    """A token is about to be issued."""

    type: Literal["microsoft.graph.authenticationEvent.tokenIssuanceStart"]
    data: EventData

    def to_sign_in(self) -> SignIn:
        """The sign-in that is told of."""
        context = self.data.authentication_context
        return SignIn(
            tenant_id=self.data.tenant_id,
            app_references=context.app_references,
            user_id=context.user.id,
            principal_name=context.user.user_principal_name,
            display_name=context.user.display_name,
            sign_in_id=context.correlation_id,
        )


class EventClaims(AnswerModel):
    """The claims for the token. Values are never null or empty."""

    auto_claim_outcome: str
    auto_claim_sku_id: str | None = None


class ProvideClaims(AnswerModel):
    """The action: put claims into the token."""

    odata_type: Annotated[str, Field(alias="@odata.type")] = "microsoft.graph.tokenIssuanceStart.provideClaimsForToken"
    claims: EventClaims


class EventResponseData(AnswerModel):
    """What Entra is to do."""

    odata_type: Annotated[str, Field(alias="@odata.type")] = "microsoft.graph.onTokenIssuanceStartResponseData"
    actions: list[ProvideClaims]


class EventResponse(AnswerModel):
    """The answer to the event."""

    data: EventResponseData


def event_response(outcome: str, sku_id: str | None = None) -> EventResponse:
    """The answer that puts a sign-in's outcome into the token."""
    claims = EventClaims(auto_claim_outcome=outcome, auto_claim_sku_id=sku_id)
    return EventResponse(data=EventResponseData(actions=[ProvideClaims(claims=claims)]))


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
