"""Settling a sign-in, whoever told of it, and telling what came of it."""

from typing import Any

from domain.ledger import Settled, sign_in_proposal
from domain.sign_ins import ClaimAnswer, SignIn
from functions.http.operations import Call
from functions.telemetry.instruments import count_sign_in


async def settle_sign_in(call: Call[Any], event: SignIn) -> Settled[ClaimAnswer]:
    """See domain.ledger.Ledger.settle."""
    call.observation.note(tenant_id=event.tenant_id, user_id=event.user_id)
    answer: ClaimAnswer | None = None
    try:
        settled = await call.services.ledger.settle(event.tenant_id, sign_in_proposal(event))
        answer = settled.answer
        call.observation.note(
            outcome=answer.outcome,
            policy_id=answer.policy.id if answer.policy else None,
            sku_id=answer.license.sku_id if answer.license else None,
        )
        return settled
    finally:
        count_sign_in(answer.outcome if answer else None)
