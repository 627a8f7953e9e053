"""What a FunctionApp holds, read the way that the Functions worker indexes it: each function's trigger, once.

Only what this project uses is served: HTTP and timer triggers without further bindings. Anything else is refused when
the host starts, because silence would look like a function that works.
"""

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import azure.functions as func
from azure.functions.decorators.function_app import Function
from azure.functions.decorators.http import HttpTrigger
from azure.functions.decorators.timer import TimerTrigger

from localhost.invocation import Invocation, TraceContext
from localhost.routing import Route, compile_route

Handler = Callable[..., Any]

_CONTEXT = "context"
"""The parameter in which the worker hands over the invocation's context."""


class UnservableFunctionError(ValueError):
    """A function that this host cannot serve; the message names it."""


@dataclass(frozen=True, slots=True)
class HttpFunction:
    """A function behind a route. No methods means every method."""

    name: str
    route: Route
    methods: frozenset[str]
    auth_level: func.AuthLevel
    handler: Handler
    parameter: str
    takes_context: bool


@dataclass(frozen=True, slots=True)
class TimerFunction:
    """A function behind a schedule: an NCRONTAB expression, or `%SETTING%` that names one."""

    name: str
    schedule: str
    runs_at_start: bool
    handler: Handler
    parameter: str
    takes_context: bool


@dataclass(frozen=True, slots=True)
class Index:
    """Every function of an app, in the host's order: alphabetical by name."""

    http: tuple[HttpFunction, ...]
    timers: tuple[TimerFunction, ...]


def index_functions(app: func.FunctionApp, route_prefix: str) -> Index:
    """Reads the functions of an app. Call it once per app: the SDK refuses to list them twice.

    Raises:
        UnservableFunctionError: A trigger, binding or handler that is not served here.
        InvalidRouteError: A route that the Functions host would refuse.
    """
    http: list[HttpFunction] = []
    timers: list[TimerFunction] = []
    for function in sorted(app.get_functions(), key=_name_of):
        trigger = function.get_trigger()
        if isinstance(trigger, HttpTrigger):
            http.append(_http_function(function, trigger, route_prefix))
        elif isinstance(trigger, TimerTrigger):
            timers.append(_timer_function(function, trigger))
        else:
            raise UnservableFunctionError(f"{_name_of(function)}: only HTTP and timer triggers are served here")
    return Index(tuple(http), tuple(timers))


async def invoke(function: HttpFunction | TimerFunction, argument: object, trace_context: TraceContext) -> object:
    """Calls a function's handler as the worker does: async ones on the event loop, others in a thread."""
    arguments: dict[str, object] = {function.parameter: argument}
    if function.takes_context:
        arguments[_CONTEXT] = Invocation(function.name, trace_context)
    if inspect.iscoroutinefunction(function.handler):
        result: object = await function.handler(**arguments)
        return result
    return await asyncio.to_thread(function.handler, **arguments)


def _name_of(function: Function) -> str:
    return str(function.get_function_name())


def _handler_of(function: Function, parameter: str) -> Handler:
    handler: Handler = function.get_user_function()
    names = list(inspect.signature(handler).parameters)
    if names not in ([parameter], [parameter, _CONTEXT]):
        raise UnservableFunctionError(
            f"{_name_of(function)}: a handler takes its trigger ({parameter}) here, and then {_CONTEXT} or nothing, "
            f"not {', '.join(names)}"
        )
    return handler


def _takes_context(function: Function) -> bool:
    return _CONTEXT in inspect.signature(function.get_user_function()).parameters


def _http_function(function: Function, trigger: HttpTrigger, route_prefix: str) -> HttpFunction:
    return HttpFunction(
        name=_name_of(function),
        route=compile_route(str(trigger.route), route_prefix),
        methods=frozenset(str(method).upper() for method in trigger.methods or ()),
        auth_level=trigger.auth_level or func.AuthLevel.FUNCTION,
        handler=_handler_of(function, trigger.name),
        parameter=trigger.name,
        takes_context=_takes_context(function),
    )


def _timer_function(function: Function, trigger: TimerTrigger) -> TimerFunction:
    return TimerFunction(
        name=_name_of(function),
        schedule=trigger.schedule,
        runs_at_start=bool(trigger.run_on_startup),
        handler=_handler_of(function, trigger.name),
        parameter=trigger.name,
        takes_context=_takes_context(function),
    )
