"""Calls functions of the unpacked app as the Functions worker does, with the Python of its own environment.

Nothing is imported here but the standard library, azure.functions and the app. Requests are read from stdin, one JSON
object a line: `function`, `method`, `url`, `headers`, `route_params`, `body`. Each is answered with `status` and
`body`. The last line has the file of every module that was imported on the way.
"""

import asyncio
import importlib
import json
import sys
from types import SimpleNamespace
from typing import Any

import azure.functions as func


async def main() -> None:
    # The worker, too, imports the app inside the running event loop, which all functions share.
    app = importlib.import_module("function_app").app
    functions = {each.get_function_name(): each for each in app.get_functions()}
    for line in sys.stdin:
        say(await answer(functions, json.loads(line)))
    await importlib.import_module("functions.composition").close_services()
    say({name: getattr(module, "__file__", None) for name, module in sys.modules.items()})


async def answer(functions: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    function = functions[asked["function"]]
    request = func.HttpRequest(
        method=asked["method"],
        url=asked["url"],
        headers=asked["headers"],
        route_params=asked["route_params"],
        body=asked["body"].encode(),
    )
    arguments = {function.get_trigger().name: request, "context": context_of(function)}
    response = await function.get_user_function()(**arguments)
    return {"status": response.status_code, "body": response.get_body().decode()}


def context_of(function: Any) -> SimpleNamespace:
    """An invocation's context, of a caller that has no trace."""
    trace = SimpleNamespace(trace_parent="", trace_state="", attributes={})
    return SimpleNamespace(function_name=function.get_function_name(), trace_context=trace)


def say(what: object) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - how it answers


if __name__ == "__main__":
    asyncio.run(main())
