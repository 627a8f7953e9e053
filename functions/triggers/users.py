"""/users and /products/{skuId}/licenses: who has what; assigning by hand and taking back."""

from functools import partial

from domain.assignments import assign_license, remove_licenses
from domain.changes import Effect
from domain.directory import begins_with, find_users, holds
from domain.ledger import user_proposal
from domain.products import product_not_found
from domain.refusals import Refusal
from domain.tenant import TenantState
from functions.http.admission import MANAGERS, READERS
from functions.http.answers import Answer
from functions.http.bodies import invalid_request
from functions.http.errors import Detail, refused
from functions.http.operations import Call, NoBody, Operations, raise_refusal
from functions.http.paging import Listing
from functions.schemas.licenses import license_answer
from functions.schemas.users import (
    HolderList,
    LicenseWrite,
    UserList,
    holder_answer,
    user_answer,
    user_licenses_answer,
)

operations = Operations()


@operations.operation("GET", "users", admission=READERS)
async def list_users(call: Call[NoBody]) -> Answer:
    """Find users by the beginning of id, principal name or display name."""
    start = call.query.get("startsWith", "")
    if not start:
        message = "startsWith is missing: send at least 1 character that an id or a name begins with."
        raise invalid_request([Detail("MissingField", message, "startsWith")])
    listing = call.listing("startsWith")
    step = await find_users(
        call.services.records, call.caller.tenant_id, _after(listing), listing.top, wanted=begins_with(start)
    )
    next_link = listing.next_link((step.next,)) if step.next else None
    return Answer(body=UserList(value=[user_answer(user) for user in step.users], next_link=next_link))


@operations.operation("GET", "products/{skuId}/licenses", admission=READERS)
async def list_product_licenses(call: Call[NoBody]) -> Answer:
    """List who holds a product."""
    sku_id = call.path["skuId"]
    state = await call.state()
    raise_refusal(_missing(state, sku_id))
    listing = call.listing()
    step = await find_users(
        call.services.records, call.caller.tenant_id, _after(listing), listing.top, wanted=holds(sku_id)
    )
    next_link = listing.next_link((step.next,)) if step.next else None
    holders = [
        holder_answer(state, user, held) for user in step.users for held in user.licenses if held.sku_id == sku_id
    ]
    return Answer(body=HolderList(value=holders, next_link=next_link))


@operations.operation("GET", "users/{userId}/licenses", admission=READERS)
async def list_user_licenses(call: Call[NoBody]) -> Answer:
    """Read all licenses of a user. One never seen has none."""
    state, user = await call.services.records.user(call.caller.tenant_id, call.path["userId"])
    return Answer(body=user_licenses_answer(state, user))


async def _refuse_missing(call: Call[NoBody], _body: bytes) -> None:
    raise_refusal(_missing(await call.state(), call.path["skuId"]))


@operations.operation(
    "PUT", "users/{userId}/licenses/{skuId}", admission=MANAGERS, body=LicenseWrite, first=_refuse_missing
)
async def put_user_license(call: Call[LicenseWrite]) -> Answer:
    """Give a user a license, or choose the service plans of the one held: where that came from stays."""
    decide = partial(
        assign_license,
        sku_id=call.path["skuId"],
        disabled_service_plan_ids=tuple(call.body.disabled_service_plan_ids),
        actor=call.caller.administrator,
    )
    settled = await call.services.ledger.settle(call.caller.tenant_id, user_proposal(call.path["userId"], decide))
    if isinstance(settled.answer, Refusal):
        raise refused(settled.answer)
    effect, held = settled.answer
    return Answer(201 if effect is Effect.CREATED else 200, license_answer(settled.state, held))


@operations.operation("DELETE", "users/{userId}/licenses/{skuId}", admission=MANAGERS)
async def delete_user_license(call: Call[NoBody]) -> Answer:
    """Take a license back. Its seat is free at once."""
    return await _remove(call, call.path["skuId"])


@operations.operation("DELETE", "users/{userId}/licenses", admission=MANAGERS)
async def delete_user_licenses(call: Call[NoBody]) -> Answer:
    """Take back all licenses of a user."""
    return await _remove(call, None)


async def _remove(call: Call[NoBody], sku_id: str | None) -> Answer:
    decide = partial(remove_licenses, sku_id=sku_id, actor=call.caller.administrator)
    await call.services.ledger.settle(call.caller.tenant_id, user_proposal(call.path["userId"], decide))
    return Answer(204)


def _missing(state: TenantState, sku_id: str) -> Refusal | None:
    return None if sku_id in state.configuration.products else product_not_found(sku_id)


def _after(listing: Listing) -> str | None:
    position = listing.position
    return str(position[0]) if position else None
