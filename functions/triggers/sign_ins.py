"""POST /sign-ins: somebody signed in, and may claim a license."""

from typing import Final

from domain.errors import LedgerUnavailableError, TooManyRequestsError
from functions.http.admission import SIGN_IN_SOURCES
from functions.http.answers import Answer
from functions.http.operations import Call, Operations
from functions.schemas.sign_ins import SignInAnswer, SignInEvent, sign_in_answer
from functions.triggers.settling import settle_sign_in

operations = Operations()

SIGN_IN_SECONDS: Final = 2.5
"""How long a sign-in may take before it is answered 503: people wait for it."""


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
    event = call.body.to_sign_in()
    try:
        settled = await settle_sign_in(call, event)
    except TooManyRequestsError as error:
        # Sources of sign-ins know one way of being asked to repeat.
        raise LedgerUnavailableError(str(error)) from error
    return Answer(body=sign_in_answer(settled.state, settled.answer))
