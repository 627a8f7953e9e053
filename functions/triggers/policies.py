"""/policies: auto-claim policies."""

from functools import partial
from uuid import uuid4

from domain import policies
from domain.ids import fold
from domain.refusals import Code, Refusal
from domain.tenant import TenantState
from functions.http.admission import MANAGERS, READERS
from functions.http.answers import Answer, versioned
from functions.http.operations import Call, NoBody, Operations, raise_refusal
from functions.http.paging import PAGE, page_of
from functions.schemas.policies import (
    PolicyAnswer,
    PolicyCreation,
    PolicyList,
    PolicyUpdate,
    chosen_products,
    policy_answer,
)

operations = Operations()


def _missing(state: TenantState, policy_id: str) -> Refusal | None:
    return None if policy_id in state.configuration.policies else policies.policy_not_found(policy_id)


async def _refuse_missing(call: Call[NoBody], _body: bytes) -> None:
    raise_refusal(_missing(await call.state(), call.path["policyId"]))


@operations.operation("GET", "policies", admission=READERS, query=PAGE, answers={200: PolicyList})
async def list_policies(call: Call[NoBody]) -> Answer:
    """List the policies, by name."""
    state = await call.state()
    policies_ = state.configuration.policies.values()
    in_order = sorted(((fold(policy.name), policy.id), policy.id) for policy in policies_)
    page, next_link = page_of(in_order, call.listing(), parts=2)
    return Answer(body=PolicyList(value=[policy_answer(state, policy_id) for policy_id in page], next_link=next_link))


@operations.operation(
    "POST",
    "policies",
    admission=MANAGERS,
    body=PolicyCreation,
    answers={201: PolicyAnswer},
    errors=(
        Code.INVALID_PRODUCT_LIST,
        Code.UNKNOWN_APP,
        Code.UNKNOWN_PRODUCT,
        Code.UNKNOWN_SERVICE_PLAN,
        Code.PRODUCT_LACKS_APP,
        Code.FEATURE_OFF,
        Code.APP_HAS_POLICY,
        Code.POLICY_NAME_TAKEN,
        Code.LIMIT_REACHED,
    ),
)
async def create_policy(call: Call[PolicyCreation]) -> Answer:
    """Make a policy for an app that has none."""
    policy_id = str(uuid4())
    state, effect = await call.change(
        partial(
            policies.create_policy,
            policy_id=policy_id,
            name=call.body.name,
            app_id=call.body.app_id,
            products=chosen_products(call.body.products),
            enabled=call.body.enabled,
            actor=call.caller.administrator,
        )
    )
    return versioned(policy_answer(state, policy_id), effect=effect, location=call.location(policy_id))


@operations.operation(
    "GET", "policies/{policyId}", admission=READERS, answers={200: PolicyAnswer}, errors=(Code.POLICY_NOT_FOUND,)
)
async def get_policy(call: Call[NoBody]) -> Answer:
    """Read a policy."""
    state = await call.state()
    raise_refusal(_missing(state, call.path["policyId"]))
    return versioned(policy_answer(state, call.path["policyId"]))


@operations.operation(
    "PATCH",
    "policies/{policyId}",
    admission=MANAGERS,
    body=PolicyUpdate,
    conditional=True,
    answers={200: PolicyAnswer},
    errors=(
        Code.POLICY_NOT_FOUND,
        Code.INVALID_PRODUCT_LIST,
        Code.UNKNOWN_PRODUCT,
        Code.UNKNOWN_SERVICE_PLAN,
        Code.PRODUCT_LACKS_APP,
        Code.POLICY_NAME_TAKEN,
    ),
    first=_refuse_missing,
)
async def update_policy(call: Call[PolicyUpdate]) -> Answer:
    """Rename a policy, turn it on or off, choose its products and their service plans. Acts on later claims only."""
    policy_id = call.path["policyId"]
    state, _ = await call.change(
        partial(
            policies.update_policy,
            policy_id=policy_id,
            edit=call.body.to_edit(),
            precondition=call.precondition,
            actor=call.caller.administrator,
        )
    )
    return versioned(policy_answer(state, policy_id))


@operations.operation(
    "DELETE",
    "policies/{policyId}",
    admission=MANAGERS,
    conditional=True,
    answers={204: None},
    errors=(Code.POLICY_NOT_FOUND,),
)
async def delete_policy(call: Call[NoBody]) -> Answer:
    """Delete a policy. Licenses that it gave stay."""
    await call.change(
        partial(
            policies.delete_policy,
            policy_id=call.path["policyId"],
            precondition=call.precondition,
            actor=call.caller.administrator,
        )
    )
    return Answer(204)
