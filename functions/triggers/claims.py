"""Lists of claims: of one policy, and of a report's period, as JSON or as a CSV file."""

from datetime import date
from typing import Final

from domain.claims import Claim
from domain.history import Place, Step, claims_since, claims_under, is_held, step_back
from domain.policies import policy_not_found
from domain.refusals import Code
from domain.tenant import TenantState
from functions.http.admission import READERS
from functions.http.answers import JSON, Answer, File
from functions.http.errors import ApiError, refused
from functions.http.media_types import prefers
from functions.http.operations import Call, NoBody, Operations
from functions.http.paging import PAGE, Listing
from functions.schemas.claims import (
    ClaimList,
    PolicyClaimList,
    TooManyRowsError,
    claim_answer,
    claims_csv,
    policy_claim_answer,
)
from functions.triggers.periods import PERIOD, POLICY_ID, asked_period, asked_policy_id

operations = Operations()

CSV: Final = "text/csv"
EXPORT_ROWS: Final = 100_000
EXPORT_SECONDS: Final = 180.0
"""How long an export may take: Azure's front end cuts a request off at 230 s."""


async def _refuse_missing(call: Call[NoBody], _body: bytes) -> None:
    policy_id = call.path["policyId"]
    if policy_id not in (await call.state()).configuration.policies:
        raise refused(policy_not_found(policy_id))


@operations.operation(
    "GET",
    "policies/{policyId}/claims",
    admission=READERS,
    query=PAGE,
    answers={200: ClaimList},
    errors=(Code.POLICY_NOT_FOUND,),
    first=_refuse_missing,
)
async def list_policy_claims(call: Call[NoBody]) -> Answer:
    """List who claimed under a policy, newest first."""
    policy_id = call.path["policyId"]
    await _refuse_missing(call, b"")
    listing = call.listing()
    step = await _claims(call, listing, policy_id, date.min)
    held = await _held(call, step.items)
    claims = [claim_answer(claim, held=is_held_) for claim, is_held_ in zip(step.items, held, strict=True)]
    return Answer(body=ClaimList(value=claims, next_link=_next(listing, step)))


@operations.operation(
    "GET",
    "reports/auto-claim/licenses",
    admission=READERS,
    query=(PERIOD, POLICY_ID, *PAGE),
    answers={200: PolicyClaimList},
    files=(CSV,),
    errors=(Code.POLICY_NOT_FOUND, (400, "ExportTooLarge")),
    deadline_seconds=EXPORT_SECONDS,
)
async def list_claimed_licenses(call: Call[NoBody]) -> Answer:
    """List every license that a policy assigned in the period, newest first; with Accept: text/csv as a file."""
    state = await call.state()
    _, period = asked_period(call, state)
    policy_id = asked_policy_id(call)
    if policy_id and not await _ever_was(call, state, policy_id):
        raise refused(policy_not_found(policy_id))
    if prefers(CSV, JSON, call.headers.get("accept", "")):
        return await _export(call, period.first, policy_id)
    listing = call.listing("period", "policyId")
    step = await _claims(call, listing, policy_id, period.first)
    held = await _held(call, step.items)
    claims = [policy_claim_answer(claim, held=is_held_) for claim, is_held_ in zip(step.items, held, strict=True)]
    return Answer(body=PolicyClaimList(value=claims, next_link=_next(listing, step)))


async def _export(call: Call[NoBody], first_day: date, policy_id: str | None) -> Answer:
    claims = claims_since(call.services.records, call.caller.tenant_id, first_day, policy_id)
    try:
        content = await claims_csv(claims, EXPORT_ROWS)
    except TooManyRowsError:
        message = (
            f"There are more than {EXPORT_ROWS} claims: narrow it with period or policyId, "
            "or page through the list as JSON."
        )
        raise ApiError(400, "ExportTooLarge", message) from None
    return Answer(body=File(content, CSV))


async def _claims(call: Call[NoBody], listing: Listing, policy_id: str | None, first_day: date) -> Step[Claim]:
    position = listing.position(int, int)
    before: Place | None = (int(position[0]), int(position[1])) if position else None
    return await step_back(
        call.services.records,
        call.caller.tenant_id,
        before,
        listing.top,
        select=claims_under(policy_id),
        first_day=first_day,
    )


async def _held(call: Call[NoBody], claims: list[Claim]) -> list[bool]:
    users = await call.services.records.users(call.caller.tenant_id, {claim.user_id for claim in claims})
    return [is_held(claim, users.get(claim.user_id)) for claim in claims]


async def _ever_was(call: Call[NoBody], state: TenantState, policy_id: str) -> bool:
    if policy_id in state.configuration.policies:
        return True
    return bool(await call.services.records.retired_policies(call.caller.tenant_id, [policy_id]))


def _next(listing: Listing, step: Step[Claim]) -> str | None:
    return listing.next_link(step.next) if step.next else None
