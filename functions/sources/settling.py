"""Settling a sign-in, whoever told of it, and telling what came of it."""

from domain.ledger import Ledger, Settled, sign_in_proposal
from domain.sign_ins import ClaimAnswer, SignIn
from functions.telemetry.instruments import count_sign_in
from functions.telemetry.observation import Observation


async def settle_sign_in(ledger: Ledger, observation: Observation, event: SignIn) -> Settled[ClaimAnswer]:
    """See domain.ledger.Ledger.settle."""
    observation.note(tenant_id=event.tenant_id, user_id=event.user_id)
    answer: ClaimAnswer | None = None
    try:
        settled = await ledger.settle(event.tenant_id, sign_in_proposal(event))
        answer = settled.answer
        observation.note(
            outcome=answer.outcome,
            policy_id=answer.policy.id if answer.policy else None,
            sku_id=answer.license.sku_id if answer.license else None,
        )
        return settled
    finally:
        count_sign_in(answer.outcome if answer else None)
