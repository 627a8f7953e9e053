"""Chromium, driven over its DevTools protocol: just enough to read a page, to write into it and to click.

https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SECONDS_MAX = 30
"""How long the start, or anything that a page is waited for, may take."""

_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0"),
    # There is no internet: no name but this machine's resolves.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_UNTIL = """
new Promise((resolve) => {
  const look = () => { const found = (() => %s)(); found ? resolve(found) : setTimeout(look, 20); };
  look();
})
"""


class Page:
    """A tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.complaints: list[str] = []
        """What the browser logged as an error: above all what the Content-Security-Policy kept from being done."""
        self._socket = socket
        self._last = 0

    async def open(self, url: str) -> None:
        """Begin to load a page."""
        for domain in ("Log", "Runtime", "Page"):
            await self._call(f"{domain}.enable")
        await self._call("Page.navigate", url=url)

    async def until(self, expression: str) -> Any:
        """Wait until a JavaScript expression is true of the page, and give its value."""
        async with asyncio.timeout(SECONDS_MAX):
            while True:
                # A page that goes away takes what waits in it along.
                answer = await self._call(
                    "Runtime.evaluate", expression=_UNTIL % expression, awaitPromise=True, returnByValue=True
                )
                if "result" in answer and "exceptionDetails" not in answer["result"]:
                    return answer["result"]["result"].get("value")

    async def click(self, selector: str) -> None:
        """Wait for an element, and click it."""
        await self.until(f"(found => found && (found.click(), true))(document.querySelector({json.dumps(selector)}))")

    async def write(self, selector: str, text: str) -> None:
        """Wait for an input, and write into it as a person does."""
        await self.until(f"(found => found && (found.focus(), true))(document.querySelector({json.dumps(selector)}))")
        await self._call("Input.insertText", text=text)

    async def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._last += 1
        await self._socket.send_json({"id": self._last, "method": method, "params": parameters})
        while True:
            message: dict[str, Any] = await self._socket.receive_json()
            if message.get("id") == self._last:
                return message
            self._note(message)

    def _note(self, event: dict[str, Any]) -> None:
        if event["method"] == "Runtime.exceptionThrown":
            self.complaints.append(str(event["params"]["exceptionDetails"]))
        if event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
            self.complaints.append(str(event["params"]["entry"]))


@asynccontextmanager
async def browser_page(folder: Path) -> AsyncIterator[Page]:
    """A tab of a browser that keeps its data in this folder; it ends afterwards."""
    process = await asyncio.create_subprocess_exec(
        str(CHROMIUM), *_OPTIONS, f"--user-data-dir={folder}", "about:blank", stderr=PIPE
    )
    try:
        async with asyncio.timeout(SECONDS_MAX):
            address = await _address(process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://{address}/json/list") as response:
                tabs = await response.json(content_type=None)
            tab = next(each for each in tabs if each["type"] == "page")
            async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Page(socket)
    finally:
        process.terminate()
        await process.communicate()


async def _address(process: Process) -> str:
    assert process.stderr
    async for line in process.stderr:
        _, found, rest = line.decode(errors="replace").partition("DevTools listening on ws://")
        if found:
            return rest.partition("/")[0]
    raise AssertionError("the browser did not start")
