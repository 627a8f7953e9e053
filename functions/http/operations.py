"""HTTP operations: the decorator that registers one, and the order of faults that every request runs through.

What the decorator is told is what is checked, so that whoever documents the API can read it there: a query parameter
or a condition that is not declared does not reach the handler.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

import azure.functions as func
from pydantic import BaseModel

from domain.changes import Decision, Effect, Stamp
from domain.ledger import configuration_proposal
from domain.refusals import Code, Refusal
from domain.tenant import TenantState
from domain.versions import Precondition
from functions.composition import Services, services
from functions.http.admission import Admission, Caller
from functions.http.answers import REQUEST_ID, Answer, request_ids, to_response
from functions.http.bodies import BODY_BYTES, default_media_types, invalid_request, read_body
from functions.http.errors import ApiError, answer_for, refused
from functions.http.paging import Listing
from functions.http.parameters import QueryParameter, path_id, query_faults
from functions.http.preconditions import precondition_of
from functions.schemas.fields import AnswerModel
from functions.telemetry.observation import Observation

BASE_PATH: Final = "/api"
ADMINISTRATION_SECONDS: Final = 10.0
"""How long an administrator's request may take before it is answered 503."""

BodyT = TypeVar("BodyT", bound=BaseModel)

Error = Code | tuple[int, str]
"""An error that an operation is known to answer: a refusal, or a status and a code."""


class NoBody(BaseModel):
    """The body of an operation that takes none."""


NOTHING: Final = NoBody()


@dataclass(frozen=True, slots=True)
class Operation:
    """What is known of an operation before any request.

    Attributes:
        name: The function's name.
        summary: What it does, in a sentence.
        method: The HTTP method.
        route: The route below the base path.
        admission: Who may call it.
        body: The model of its body; NoBody if it takes none.
        media_types: The media types that it may have; empty for any.
        body_bytes: The longest body that it takes.
        query: Its query parameters.
        conditional: Whether it heeds If-Match and If-None-Match.
        answers: Its statuses besides errors, each with the model of the JSON body, None for no such body.
        files: Media types in which its answer may come instead of that body.
        errors: Its errors besides those that follow from all this, in the order in which they are answered.
        first: Called where the body or the query is at fault, with the request without its body and the body's
            bytes: raises the fault that is answered before that, if there is one.
        deadline_seconds: How long it may take before it is answered 503.
        fallback: The answer in place of any 429 or 5xx, for an operation that must not fail.
    """

    name: str
    summary: str
    method: str
    route: str
    admission: Admission
    body: type[BaseModel]
    media_types: tuple[str, ...]
    body_bytes: int
    query: tuple[QueryParameter, ...]
    conditional: bool
    answers: Mapping[int, type[AnswerModel] | None]
    files: tuple[str, ...]
    errors: tuple[Error, ...]
    first: Callable[["Call[NoBody]", bytes], Awaitable[None]] | None
    deadline_seconds: float
    fallback: Answer | None


@dataclass(frozen=True, slots=True)
class Call(Generic[BodyT]):
    """One request, checked.

    Attributes:
        services: What the app is made of.
        caller: Who calls.
        path: The ids in the path, in their stored form.
        body: The body.
        headers: The headers, names in lower case.
        query: The query parameters that the operation has.
        precondition: What the request demands of the version.
        base_url: What absolute links begin with: the setting PUBLIC_URL, or the host that the request went to.
        resource: The path that was called, below the base path.
        observation: What is told of this request.
    """

    services: Services
    caller: Caller
    path: Mapping[str, str]
    body: BodyT
    headers: Mapping[str, str]
    query: Mapping[str, str]
    precondition: Precondition
    base_url: str
    resource: str
    observation: Observation

    async def state(self) -> TenantState:
        """The state of the caller's tenant, from a read that began after the request came in."""
        return await self.services.ledger.state(self.caller.tenant_id)

    async def change(
        self, decide: Callable[[TenantState, Stamp], Decision[Refusal | Effect]]
    ) -> tuple[TenantState, Effect]:
        """Make an administrator's change of the configuration; gives the state with it, and what it did.

        Raises:
            ApiError: It was refused.
        """
        settled = await self.services.ledger.settle(self.caller.tenant_id, configuration_proposal(decide))
        if isinstance(settled.answer, Refusal):
            raise refused(settled.answer)
        return settled.state, settled.answer

    def listing(self, *filters: str) -> Listing:
        """The list that is asked for; `filters` are the query parameters that choose what is in it."""
        return Listing(self.caller.tenant_id, f"{BASE_PATH}/{self.resource}", self.base_url, self.query, filters)

    def location(self, child: str) -> str:
        """The absolute URL of something below what was called."""
        return f"{self.base_url}{BASE_PATH}/{self.resource}/{child}"


Handler = Callable[[Call[BodyT]], Awaitable[Answer]]


class Operations:
    """The operations of one resource."""

    def __init__(self) -> None:
        self.blueprint = func.Blueprint()  # type: ignore[no-untyped-call]
        self.known: list[Operation] = []

    def operation(  # noqa: PLR0913 - an operation has so many sides, all named
        self,
        method: str,
        route: str,
        *,
        admission: Admission,
        answers: Mapping[int, type[AnswerModel] | None],
        body: type[BodyT] = NoBody,  # type: ignore[assignment]
        media_types: tuple[str, ...] | None = None,
        body_bytes: int = BODY_BYTES,
        query: tuple[QueryParameter, ...] = (),
        conditional: bool = False,
        files: tuple[str, ...] = (),
        errors: tuple[Error, ...] = (),
        first: Callable[[Call[NoBody], bytes], Awaitable[None]] | None = None,
        deadline_seconds: float = ADMINISTRATION_SECONDS,
        fallback: Answer | None = None,
    ) -> Callable[[Handler[BodyT]], Handler[BodyT]]:
        """Register a handler as an HTTP function. Its name is the function's, its docstring the summary."""

        def register(handler: Handler[BodyT]) -> Handler[BodyT]:
            operation = Operation(
                name=handler.__name__,
                summary=inspect.getdoc(handler) or "",
                method=method,
                route=route,
                admission=admission,
                body=body,
                media_types=default_media_types(method) if media_types is None else media_types,
                body_bytes=body_bytes,
                query=query,
                conditional=conditional,
                answers=answers,
                files=files,
                errors=errors,
                first=first,
                deadline_seconds=deadline_seconds,
                fallback=fallback,
            )
            self.known.append(operation)

            # The worker insists on this very type; whoever calls the function without a host has none.
            async def run(
                req: func.HttpRequest,
                context: func.Context = None,  # type: ignore[assignment]
            ) -> func.HttpResponse:
                return await _run(operation, handler, req, context)

            # The name of the function is what the host sorts routes by.
            run.__name__ = operation.name
            self.blueprint.route(route=route, methods=[method], auth_level=admission.auth_level)(run)
            return handler

        return register


async def _run(
    operation: Operation, handler: Handler[Any], req: func.HttpRequest, context: func.Context
) -> func.HttpResponse:
    ids = request_ids(req.headers)
    with Observation(operation.name, ids[REQUEST_ID]) as observation:
        try:
            app = services()
            if app.settings.telemetry.is_on:
                observation.begin(context)
            async with asyncio.timeout(operation.deadline_seconds):
                answer = await handler(await _checked(app, operation, req, observation))
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is becomes an answer here
            answer = answer_for(error, observation.fields)
            if operation.fallback and (answer.status == 429 or answer.status >= 500):  # noqa: PLR2004 - statuses
                answer = operation.fallback
        observation.answered(answer.status)
    return to_response(answer, ids)


async def _checked(app: Services, operation: Operation, req: func.HttpRequest, observation: Observation) -> Call[Any]:
    """The request, checked in the order in which faults are answered: who calls, ids in the path, the body."""
    headers = dict(req.headers)
    caller = await operation.admission.check(app.authenticator, headers)
    url = urlsplit(req.url)
    path = {name: path_id(name, text) for name, text in req.route_params.items()}
    observation.note(
        tenant_id=caller.tenant_id,
        user_id=path.get("userId"),
        policy_id=path.get("policyId"),
        sku_id=path.get("skuId"),
    )
    query = {each.name: req.params[each.name] for each in operation.query if each.name in req.params}
    call_with: Callable[..., Call[Any]] = partial(
        Call,
        services=app,
        caller=caller,
        path=path,
        headers=headers,
        query=query,
        precondition=precondition_of(headers) if operation.conditional else Precondition(),
        base_url=app.settings.public_url or f"{url.scheme}://{url.netloc}",
        resource=operation.route.format(**path),
        observation=observation,
    )
    content = req.get_body()
    try:
        faults = query_faults(operation.query, query)
        if faults:
            raise invalid_request(faults)
        if operation.body is NoBody:
            return call_with(body=NOTHING)
        body = read_body(
            content,
            headers.get("content-type"),
            operation.body,
            media_types=operation.media_types,
            most_bytes=operation.body_bytes,
        )
    except ApiError:
        if operation.first:
            await operation.first(call_with(body=NOTHING), content)
        raise
    return call_with(body=body)


def raise_refusal(refusal: Refusal | None) -> None:
    """Return if there is none.

    Raises:
        ApiError: The refusal.
    """
    if refusal:
        raise refused(refusal)
