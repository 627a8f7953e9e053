"""POST /sign-ins and /sign-ins/batch: somebody signed in, and may claim a license."""

import asyncio
from http import HTTPStatus
from typing import Final

from domain.errors import LedgerUnavailableError, TooManyRequestsError
from domain.ledger import Ledger
from functions.http.admission import SIGN_IN_SOURCES
from functions.http.answers import Answer
from functions.http.bodies import FAULTS_TOLD, validated
from functions.http.errors import error_content, fault_of, unlogged_fault_of
from functions.http.operations import Call, Operations
from functions.schemas.sign_ins import (
    SIGN_INS_PER_BATCH_MAX,
    SettledSignIn,
    SignInAnswer,
    SignInBatch,
    SignInBatchAnswer,
    SignInEvent,
    UnsettledSignIn,
    sign_in_answer,
)
from functions.telemetry.observation import Observation
from functions.triggers.settling import settle_sign_in

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
