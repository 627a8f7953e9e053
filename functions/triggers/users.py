"""/users and /products/{skuId}/licenses: who has what; assigning by hand and taking back."""

from functools import partial
from typing import Final

from domain.assignments import assign_license, remove_licenses
from domain.changes import Effect
from domain.directory import begins_with, find_users, holds
from domain.ids import parse_user_id
from domain.ledger import user_proposal
from domain.products import product_not_found
from domain.refusals import Code, Refusal
from domain.tenant import TenantState
from functions.http.admission import MANAGERS, READERS
from functions.http.answers import Answer
from functions.http.errors import refused
from functions.http.operations import Call, NoBody, Operations, raise_refusal
from functions.http.paging import PAGE, Listing, invalid_continuation
from functions.http.parameters import QueryParameter
from functions.schemas.licenses import LicenseAnswer, license_answer
from functions.schemas.users import (
    HolderList,
    LicenseWrite,
    UserLicensesAnswer,
    UserList,
    holder_answer,
    user_answer,
    user_licenses_answer,
)

operations = Operations()


async def _refuse_missing(call: Call[NoBody], _body: bytes) -> None:
    raise_refusal(_missing(await call.state(), call.path["skuId"]))


STARTS_WITH: Final = QueryParameter(
    "startsWith",
    "What an id, a principal name or a display name begins with, in whatever case.",
    {"type": "string", "minLength": 1},
    form="at least 1 character that an id or a name begins with",
    required=True,
)


@operations.operation("GET", "users", admission=READERS, query=(STARTS_WITH, *PAGE), answers={200: UserList})
async def list_users(call: Call[NoBody]) -> Answer:
    """Find users by the beginning of id, principal name or display name."""
    listing = call.listing(STARTS_WITH.name)
    step = await find_users(
        call.services.records,
        call.caller.tenant_id,
        _after(listing),
        listing.top,
        wanted=begins_with(call.query[STARTS_WITH.name]),
    )
    next_link = listing.next_link((step.next,)) if step.next else None
    return Answer(body=UserList(value=[user_answer(user) for user in step.users], next_link=next_link))


@operations.operation(
    "GET",
    "products/{skuId}/licenses",
    admission=READERS,
    query=PAGE,
    answers={200: HolderList},
    first=_refuse_missing,
    errors=(Code.PRODUCT_NOT_FOUND,),
)
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


@operations.operation("GET", "users/{userId}/licenses", admission=READERS, answers={200: UserLicensesAnswer})
async def list_user_licenses(call: Call[NoBody]) -> Answer:
    """Read all licenses of a user. One never seen has none."""
    state, user = await call.services.records.user(call.caller.tenant_id, call.path["userId"])
    return Answer(body=user_licenses_answer(state, user))


@operations.operation(
    "PUT",
    "users/{userId}/licenses/{skuId}",
    admission=MANAGERS,
    body=LicenseWrite,
    answers={200: LicenseAnswer, 201: LicenseAnswer},
    errors=(Code.PRODUCT_NOT_FOUND, Code.UNKNOWN_SERVICE_PLAN, Code.NO_LICENSES_AVAILABLE, Code.LIMIT_REACHED),
    first=_refuse_missing,
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


@operations.operation("DELETE", "users/{userId}/licenses/{skuId}", admission=MANAGERS, answers={204: None})
async def delete_user_license(call: Call[NoBody]) -> Answer:
    """Take a license back. Its seat is free at once."""
    return await _remove(call, call.path["skuId"])


@operations.operation("DELETE", "users/{userId}/licenses", admission=MANAGERS, answers={204: None})
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
    position = listing.position(str)
    if position and parse_user_id(str(position[0])) is None:
        raise invalid_continuation()
    return str(position[0]) if position else None
