"""/reports/auto-claim: what was claimed in the last 1, 7, 30 or 90 days."""

from domain.reports import report
from functions.http.admission import READERS
from functions.http.answers import Answer
from functions.http.operations import Call, NoBody, Operations
from functions.schemas.reports import ReportAnswer, report_answer
from functions.triggers.periods import PERIOD, asked_period

operations = Operations()


@operations.operation("GET", "reports/auto-claim", admission=READERS, query=(PERIOD,), answers={200: ReportAnswer})
async def get_report(call: Call[NoBody]) -> Answer:
    """Report claims by policy, product and day."""
    records, tenant_id = call.services.records, call.caller.tenant_id
    days, period = asked_period(call, await call.state())
    counts = await records.claim_counts(tenant_id, period)
    # Read after the counts, so that it knows every policy that claims were counted for, or that it is deleted.
    state = await call.state()
    gone = [policy_id for policy_id in counts.counts if policy_id not in state.configuration.policies]
    retired = await records.retired_policies(tenant_id, gone)
    policies = report(state, period, counts.counts, retired)
    return Answer(body=report_answer(days, period, policies, call.services.now(), counts.rolled_up_to))
