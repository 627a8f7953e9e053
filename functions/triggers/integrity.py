"""GET /integrity: are users, counts, journal and reports in agreement?"""

from functions.http.admission import MANAGERS
from functions.http.answers import Answer
from functions.http.operations import Call, NoBody, Operations
from functions.schemas.integrity import integrity_answer, progress_of_text, progress_text

operations = Operations()


@operations.operation("GET", "integrity", admission=MANAGERS)
async def check_integrity(call: Call[NoBody]) -> Answer:
    """Replay the journal against the rows, a bounded part in each call; nextLink goes on."""
    listing = call.listing()
    position = listing.position
    step = await call.services.integrity.step(
        call.caller.tenant_id,
        progress_of_text(str(position[0])) if position else None,
        call.services.settings.retention_days,
    )
    next_link = listing.next_link((progress_text(step.progress),)) if step.progress else None
    return Answer(body=integrity_answer(step, call.services.now(), next_link))
