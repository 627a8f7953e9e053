"""Index the function app with the Functions worker's own code, and print what it found as JSON.

Run as a process of its own: an app can be indexed once, and the worker's code keeps its results in globals.
"""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from azure_functions_runtime import handle_event
from azure_functions_runtime.bindings.meta import load_binding_registry

PROJECT = Path(__file__).resolve().parents[2]


class Message(SimpleNamespace):
    """Keeps whatever fields it is made with; has the directions of bindings, as the protocol numbers them."""

    out = 1
    inout = 2


setattr(Message, "in", 0)


class Messages:
    """Stands for the worker's protocol messages, which the host's side brings along."""

    def __getattr__(self, name: str) -> type[Message]:
        return Message


async def index() -> list[dict[str, Any]]:
    """What the worker would tell the host, from inside a running event loop as in the worker."""
    handle_event.protos = Messages()
    load_binding_registry()
    found = handle_event.index_functions(str(PROJECT / "function_app.py"), str(PROJECT))
    return [{"name": each.name, "bindings": [json.loads(binding) for binding in each.raw_bindings]} for each in found]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(index())))  # noqa: T201 - what it is run for
