"""GET /integrity: are users, counts, journal and reports in agreement?"""

from functions.http.admission import MANAGERS
from functions.http.answers import Answer
from functions.http.operations import Call, NoBody, Operations
from functions.http.paging import NEXT, invalid_continuation
from functions.schemas.integrity import IntegrityAnswer, integrity_answer, progress_of_text, progress_text

operations = Operations()


@operations.operation("GET", "integrity", admission=MANAGERS, query=(NEXT,), answers={200: IntegrityAnswer})
async def get_integrity(call: Call[NoBody]) -> Answer:
    """Replay the journal against the rows, a bounded part in each call; nextLink goes on."""
    listing = call.listing()
    position = listing.position(str)
    progress = progress_of_text(str(position[0])) if position else None
    if position and progress is None:
        raise invalid_continuation()
    step = await call.services.integrity.step(
        call.caller.tenant_id,
        progress,
        call.services.settings.retention_days,
    )
    next_link = listing.next_link((progress_text(step.progress),)) if step.progress else None
    return Answer(body=integrity_answer(step, call.services.now(), next_link))
