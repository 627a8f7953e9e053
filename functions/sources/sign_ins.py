"""POST /sign-ins and /sign-ins/batch: somebody signed in, and may claim a license."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from pydantic import Field, WithJsonSchema, model_validator

from domain.errors import LedgerUnavailableError, TooManyRequestsError
from domain.ledger import Ledger
from domain.sign_ins import ClaimAnswer, Outcome, SignIn
from domain.tenant import TenantState
from functions.http.admission import SIGN_IN_SOURCES
from functions.http.answers import Answer
from functions.http.bodies import FAULTS_TOLD, validated
from functions.http.errors import error_content, fault_of, unlogged_fault_of
from functions.http.operations import Call, Operations
from functions.schemas.errors import ErrorContent
from functions.schemas.fields import (
    AnswerModel,
    AppReference,
    Guid,
    PersonName,
    RequestModel,
    SignInId,
    Time,
    UserId,
    parse_rfc3339,
)
from functions.schemas.licenses import LicenseAnswer, license_answer
from functions.sources.settling import settle_sign_in
from functions.telemetry.observation import Observation

SIGN_INS_PER_BATCH_MAX: Final = 100
"""As many as one commit takes, about; 100 with names of the usual length fit into a body of 64 KiB."""


class LenientModel(RequestModel):
    """A request in which null leaves an optional field out, because sources of sign-ins send it so."""

    @model_validator(mode="before")
    @classmethod
    def _drop_null(cls, value: Any) -> Any:  # noqa: ANN401 - JSON
        if not isinstance(value, dict) or None not in value.values():
            return value
        optional = {each.alias for each in cls.model_fields.values() if not each.is_required()}
        return {name: content for name, content in value.items() if content is not None or name not in optional}


class SignInUser(LenientModel):
    """Who signed in."""

    id: UserId
    user_principal_name: PersonName | None = None
    display_name: PersonName | None = None


class SignInEvent(LenientModel):
    """A user signed in to an app."""

    tenant_id: Guid
    app_id: AppReference
    user: SignInUser
    sign_in_id: SignInId | None = None
    signed_in_at: Time | None = None

    def to_sign_in(self) -> SignIn:
        """The sign-in that is told of."""
        return SignIn(
            tenant_id=self.tenant_id,
            app_references=(self.app_id,),
            user_id=self.user.id,
            principal_name=self.user.user_principal_name,
            display_name=self.user.display_name,
            sign_in_id=self.sign_in_id,
            signed_in_at=parse_rfc3339(self.signed_in_at) if self.signed_in_at else None,
        )


_Anything = Annotated[Any, WithJsonSchema({"description": "Anything else is answered 400 in its place."})]


class SignInBatch(RequestModel):
    """Several sign-ins, of one tenant or of several. One that does not fit is kept as it came: it spoils no other."""

    sign_ins: Annotated[
        list[Annotated[SignInEvent | _Anything, Field(union_mode="left_to_right")]],
        Field(min_length=1, max_length=SIGN_INS_PER_BATCH_MAX),
    ]


class SignInAnswer(AnswerModel):
    """What came of a sign-in."""

    outcome: Outcome
    policy_id: str | None = None
    license: LicenseAnswer | None = None
    reason: str


class SettledSignIn(SignInAnswer):
    """What came of one sign-in of several: as it would be answered alone."""

    status: Literal[200] = 200


class UnsettledSignIn(AnswerModel):
    """The status and the error that one sign-in of several would be answered alone."""

    status: int
    error: ErrorContent


class SignInBatchAnswer(AnswerModel):
    """What came of each sign-in, in the order in which they were sent."""

    results: list[SettledSignIn | UnsettledSignIn]


def sign_in_answer(state: TenantState, answer: ClaimAnswer) -> SignInAnswer:
    """What came of a sign-in as it is answered."""
    return SignInAnswer(
        outcome=answer.outcome,
        policy_id=answer.policy.id if answer.policy else None,
        license=license_answer(state, answer.license) if answer.license else None,
        reason=_reason(state, answer),
    )


def _reason(state: TenantState, answer: ClaimAnswer) -> str:
    app = f"'{answer.app.name}'" if answer.app else "the app"
    policy = f"'{answer.policy.name}'" if answer.policy else ""
    product = f"'{state.configuration.products[answer.license.sku_id].display_name}'" if answer.license else ""
    reasons = {
        Outcome.FEATURE_OFF: "Auto-claim is off for this tenant, or the tenant is not known here.",
        Outcome.NO_POLICY: f"No auto-claim policy is for {app}." if answer.app else "No app of the tenant has this id.",
        Outcome.POLICY_OFF: f"Policy {policy} for {app} is turned off.",
        Outcome.ALREADY_LICENSED: f"The user is licensed for {app} already, by a license of {product}.",
        Outcome.APP_TURNED_OFF: f"The user holds every product of policy {policy}, with {app} turned off in each.",
        Outcome.NO_LICENSES: f"Policy {policy} has no license left for this user, who is not licensed for {app}.",
        Outcome.CLAIMED: f"The user claimed a license of {product} under policy {policy}.",
    }
    return reasons[answer.outcome]


operations = Operations()

SIGN_IN_SECONDS: Final = 2.5
"""How long a sign-in may take before it is answered 503: people wait for it."""

BATCH_SECONDS: Final = SIGN_IN_SECONDS + 1.0
"""How long a batch may take: its sign-ins, side by side, have as long as one alone; the rest is for the answer."""

FAULTS_TOLD_PER_SIGN_IN: Final = FAULTS_TOLD // SIGN_INS_PER_BATCH_MAX
"""Of one sign-in of a batch: all together tell no more than one body does."""


@operations.operation(
    "POST",
    "sign-ins",
    admission=SIGN_IN_SOURCES,
    body=SignInEvent,
    answers={200: SignInAnswer},
    deadline_seconds=SIGN_IN_SECONDS,
)
async def sign_in(call: Call[SignInEvent]) -> Answer:
    """Tell of a sign-in. The user gets a license if a policy has one for the app and the user is without."""
    return Answer(body=await _answered(call.services.ledger, call.observation, call.body))


@operations.operation(
    "POST",
    "sign-ins/batch",
    admission=SIGN_IN_SOURCES,
    body=SignInBatch,
    answers={200: SignInBatchAnswer},
    deadline_seconds=BATCH_SECONDS,
)
async def sign_in_batch(call: Call[SignInBatch]) -> Answer:
    """Tell of up to 100 sign-ins. Each is answered in its place with a status, as it would be alone.

    They are decided in their order, and none fails with another. A 503 may have been done: send that sign-in again.
    A batch has 64 KiB at most, as every body.
    """
    until = asyncio.get_running_loop().time() + SIGN_IN_SECONDS
    # All at once, so that they share commits. Tasks begin in the order in which they are made.
    ledger, whole = call.services.ledger, call.observation
    results = await asyncio.gather(*(_result(ledger, whole.part(), each, until) for each in call.body.sign_ins))
    return Answer(body=SignInBatchAnswer(results=results))


async def _result(
    ledger: Ledger, observation: Observation, told: object, until: float
) -> SettledSignIn | UnsettledSignIn:
    """What came of one sign-in of several; `until` is when it is given up, by the event loop's clock."""
    try:
        event = validated(told, SignInEvent, whole="The sign-in", faults_told=FAULTS_TOLD_PER_SIGN_IN)
        async with asyncio.timeout_at(until):
            answer = await _answered(ledger, observation, event)
    except Exception as error:  # noqa: BLE001 - the edge of this one: whatever it is, the others go on
        fault = fault_of(error, observation.fields)
        observation.answered(fault.status)
        if fault.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            # It is logged as what it is. A source has one thing to do about it, as about every 503: send it again.
            fault = unlogged_fault_of(LedgerUnavailableError())
        return UnsettledSignIn(status=fault.status, error=error_content(fault))
    observation.answered(200)
    return SettledSignIn(**dict(answer))


async def _answered(ledger: Ledger, observation: Observation, event: SignInEvent) -> SignInAnswer:
    try:
        settled = await settle_sign_in(ledger, observation, event.to_sign_in())
    except TooManyRequestsError as error:
        # Sources of sign-ins know one way of being asked to repeat.
        raise LedgerUnavailableError(str(error), error.retry_after_seconds) from error
    return sign_in_answer(settled.state, settled.answer)
