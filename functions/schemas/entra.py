"""Microsoft Entra's custom authentication extension, event onTokenIssuanceStart, as request and answer.

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

from domain.sign_ins import SignIn
from functions.schemas.fields import AnswerModel, AppReference, Guid, PersonName, SignInId, UserId

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
