"""GET /me: who the caller is."""

from functions.http.admission import READERS
from functions.http.answers import Answer
from functions.http.operations import Call, NoBody, Operations
from functions.schemas.people import MeAnswer

operations = Operations()


@operations.operation("GET", "me", admission=READERS, answers={200: MeAnswer})
async def get_me(call: Call[NoBody]) -> Answer:
    """Tell the administrator who asks what the token says."""
    caller = call.caller
    administrator = caller.administrator
    return Answer(
        body=MeAnswer(
            tenant_id=caller.tenant_id,
            id=administrator.id,
            name=administrator.name,
            rights=[str(right) for right in caller.rights],
        )
    )
