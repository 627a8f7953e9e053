"""What the rules need of storage: a ledger that settles proposals, one after the other, for each tenant."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from domain.changes import Decision, Stamp
from domain.licenses import User
from domain.sign_ins import ClaimAnswer, SignIn, decide_claim, policy_in_force, recall_license
from domain.tenant import TenantState

AnswerT = TypeVar("AnswerT")
NOBODY = User("")


@dataclass(frozen=True, slots=True)
class Proposal(Generic[AnswerT]):
    """Something to be decided on a tenant's latest state, again whenever that moved before the commit.

    Attributes:
        decide: The decision, pure: from the state, the user concerned and the commit's stamp.
        user_id: The user concerned, None if the decision is about no user (it is then given `NOBODY`).
        concerns_user: Whether, on a state, the decision depends on the user at all: saves a read if not.
        by_administrator: Administrators' proposals go before sign-ins.
        sign_in: The sign-in that it is about: then another process can decide it as well.
        recall: An answer that may rest on a state and a user that are up to a minute old, or None if this one may not.
    """

    decide: Callable[[TenantState, User, Stamp], Decision[AnswerT]]
    user_id: str | None = None
    concerns_user: Callable[[TenantState], bool] = lambda _: True
    by_administrator: bool = True
    recall: Callable[[TenantState, User], AnswerT | None] | None = None
    sign_in: SignIn | None = None


@dataclass(frozen=True, slots=True)
class Settled(Generic[AnswerT]):
    """A proposal's answer, and the state that it holds on: with its change, if it made one.

    Where another process decided, nothing is known here of how many licenses are held: the head has no counts.
    """

    answer: AnswerT
    state: TenantState


class Ledger(Protocol):
    """Every tenant's state and history.

    All methods raise LedgerUnavailableError when the storage does not answer. None waits for ever, but each may
    wait longer than a caller wants to: callers set their own deadline, and one that gave up is withdrawn.
    """

    async def state(self, tenant_id: str) -> TenantState:
        """The tenant's state, from a read that began after this call."""

    async def settle(self, tenant_id: str, proposal: Proposal[AnswerT]) -> Settled[AnswerT]:
        """Decide the proposal on the tenant's latest state and commit its change, if it makes one.

        When this returns, the change is there for good. A decision without change rests on a state that was
        read after this call; only what the proposal recalls may rest on what was so within the last minute.

        Raises:
            TooManyRequestsError: Too many proposals wait for this tenant; nothing was done.
            LedgerUnavailableError: The change may or may not have been made.
        """

    async def check(self) -> None:
        """Return if the storage answers."""


def configuration_proposal(decide: Callable[[TenantState, Stamp], Decision[AnswerT]]) -> Proposal[AnswerT]:
    """An administrator's change of settings, apps, products or policies."""
    return Proposal(lambda state, _nobody, stamp: decide(state, stamp))


def user_proposal(user_id: str, decide: Callable[[TenantState, User, Stamp], Decision[AnswerT]]) -> Proposal[AnswerT]:
    """An administrator's change of one user's licenses."""
    return Proposal(decide, user_id)


def sign_in_proposal(sign_in: SignIn) -> Proposal[ClaimAnswer]:
    """A sign-in that may claim a license."""
    return Proposal(
        decide=lambda state, user, stamp: decide_claim(state, user, sign_in, stamp),
        user_id=sign_in.user_id,
        concerns_user=lambda state: not isinstance(policy_in_force(state, sign_in), ClaimAnswer),
        by_administrator=False,
        recall=lambda state, user: recall_license(state, user, sign_in),
        sign_in=sign_in,
    )
