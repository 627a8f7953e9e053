"""GET /audit-log: every change, newest first."""

from domain.history import all_entries, step_back
from functions.http.admission import READERS
from functions.http.answers import Answer
from functions.http.operations import Call, NoBody, Operations
from functions.http.paging import PAGE
from functions.schemas.audit import AuditList, audit_entry_answer

operations = Operations()


@operations.operation("GET", "audit-log", admission=READERS, query=PAGE, answers={200: AuditList})
async def list_audit_log(call: Call[NoBody]) -> Answer:
    """List every change, newest first, as far back as the journal is kept."""
    listing = call.listing()
    position = listing.position(int, int)
    step = await step_back(
        call.services.records,
        call.caller.tenant_id,
        (int(position[0]), int(position[1])) if position else None,
        listing.top,
        select=all_entries,
    )
    entries = [audit_entry_answer(record, entry) for record, entry in step.items]
    return Answer(body=AuditList(value=entries, next_link=listing.next_link(step.next) if step.next else None))
