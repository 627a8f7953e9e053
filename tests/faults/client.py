"""Callers of the app: one request to one of its processes, with a bound on everything, and what came of it."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import aiohttp

from tests.faults.serving import ServedApp

REQUEST_SECONDS = 20.0
"""The app gives up after 10 s at most: whoever waits this long waits for a fault."""
CONNECTIONS = 400


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request.

    Attributes:
        began: When it was sent.
        ended: When it was answered or broke, or was given up.
        status: The answer's, None if there was none.
        content: The answer's JSON; None if there is none.
        hung: Whether REQUEST_SECONDS went by.
    """

    began: float
    ended: float
    status: int | None
    content: Any = None
    hung: bool = False

    @property
    def code(self) -> str | None:
        """The error's code, if it is one."""
        return self.content["error"]["code"] if isinstance(self.content, dict) and "error" in self.content else None

    @property
    def version(self) -> int | None:
        """The version of the resource that is answered."""
        etag = self.content.get("etag") if isinstance(self.content, dict) else None
        return int(etag.strip('"')) if etag else None


class Client:
    """Sends requests. To be used in an `async with` block."""

    def __init__(self, apps: Sequence[ServedApp]) -> None:
        self._apps = apps
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS), timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def send(
        self, process: float, method: str, path: str, headers: Mapping[str, str], body: object = None
    ) -> Reply:
        """Send a request to one of the processes: `process` is a share of 1, drawn by the caller.

        Paths are below the API's base; those of the host itself begin with admin/.
        """
        assert self._session is not None
        prefix = "" if path.startswith("admin/") else "api/"
        url = self._apps[int(process * len(self._apps))].address + prefix + path
        began = time.monotonic()
        try:
            async with self._session.request(method, url, json=body, headers=headers) as response:
                text = await response.text()
                return Reply(began, time.monotonic(), response.status, _content(text))
        except TimeoutError:
            return Reply(began, time.monotonic(), None, hung=True)
        except (aiohttp.ClientError, ConnectionError):
            return Reply(began, time.monotonic(), None)


def _content(text: str) -> Any:
    """The JSON of an answer, or its text where it is none."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
