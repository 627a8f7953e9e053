"""/apps: what users sign in to."""

from functools import partial

from domain import apps
from domain.refusals import Code, Refusal
from domain.tenant import TenantState
from functions.http.admission import MANAGERS, READERS
from functions.http.answers import Answer, versioned
from functions.http.operations import Call, NoBody, Operations, raise_refusal
from functions.http.paging import PAGE, page_of
from functions.schemas.apps import AppAnswer, AppList, AppWrite, app_answer

operations = Operations()


@operations.operation("GET", "apps", admission=READERS, query=PAGE, answers={200: AppList})
async def list_apps(call: Call[NoBody]) -> Answer:
    """List the apps, by id."""
    state = await call.state()
    in_order = [((app_id,), app) for app_id, app in sorted(state.configuration.apps.items())]
    page, next_link = page_of(in_order, call.listing(), parts=1)
    return Answer(body=AppList(value=[app_answer(app) for app in page], next_link=next_link))


@operations.operation("GET", "apps/{appId}", admission=READERS, answers={200: AppAnswer}, errors=(Code.APP_NOT_FOUND,))
async def get_app(call: Call[NoBody]) -> Answer:
    """Read an app."""
    state = await call.state()
    raise_refusal(_missing(state, call.path["appId"]))
    return versioned(app_answer(state.configuration.apps[call.path["appId"]]))


@operations.operation(
    "PUT",
    "apps/{appId}",
    admission=MANAGERS,
    body=AppWrite,
    conditional=True,
    answers={200: AppAnswer, 201: AppAnswer},
    errors=(Code.CLIENT_APP_ID_TAKEN, Code.POLICY_WOULD_LOSE_APP, Code.LIMIT_REACHED),
)
async def put_app(call: Call[AppWrite]) -> Answer:
    """Make an app, or replace it."""
    app_id = call.path["appId"]
    state, effect = await call.change(
        partial(
            apps.put_app,
            app=call.body.to_app(app_id),
            precondition=call.precondition,
            actor=call.caller.administrator,
        )
    )
    return versioned(app_answer(state.configuration.apps[app_id]), effect=effect)


@operations.operation(
    "DELETE",
    "apps/{appId}",
    admission=MANAGERS,
    conditional=True,
    answers={204: None},
    errors=(Code.APP_NOT_FOUND, Code.APP_IN_USE),
)
async def delete_app(call: Call[NoBody]) -> Answer:
    """Delete an app that no policy uses."""
    await call.change(
        partial(
            apps.delete_app,
            app_id=call.path["appId"],
            precondition=call.precondition,
            actor=call.caller.administrator,
        )
    )
    return Answer(204)


def _missing(state: TenantState, app_id: str) -> Refusal | None:
    return None if app_id in state.configuration.apps else apps.app_not_found(app_id)
