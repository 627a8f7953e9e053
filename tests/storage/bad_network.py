"""A network between the app and the emulator that does to a request what networks do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import Enum, auto

from localhost.ports import LOOPBACK


class Mishap(Enum):
    """What becomes of a request."""

    CUT_BEFORE = auto()
    """The connection is cut, and the request never arrives."""
    CUT_AFTER = auto()
    """The request is carried out, and the connection cut before the answer."""
    CUT_WITHIN_THE_HEADERS = auto()
    """The request is carried out, and the answer ends within its headers."""
    CUT_WITHIN_THE_BODY = auto()
    """The request is carried out, and the answer ends within its body."""
    SILENCE_BEFORE = auto()
    """The request never arrives, and nothing comes back."""
    SILENCE_AFTER = auto()
    """The request is carried out, and nothing comes back."""
    SERVER_ERROR_AFTER = auto()
    """The request is carried out, and answered 500 all the same."""
    BUSY = auto()
    """503 ServerBusy."""
    STRANGER = auto()
    """The request is carried out, and somebody in between answers with a page of his own."""


_FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nx-ms-error-code: ServerBusy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)
_PAGE = (
    b"HTTP/1.1 202 Accepted\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<p>Log in</p>"
    b"\n"
)


class BadNetwork:
    """Passes requests on to a port; the next ones meet the mishaps given, in order."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._mishaps: list[tuple[bytes, Mishap]] = []
        self.requests = 0
        self.arrived = asyncio.Event()

    def will(self, *mishaps: Mishap, method: str = "") -> None:
        """What the next requests (of that method) meet."""
        self._mishaps += [(method.encode(), mishap) for mishap in mishaps]

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for one request."""
        try:
            request = await message(reader)
            self.requests += 1
            self.arrived.set()
            answer = await self._answer(request)
            if answer is None:
                # Until the other side has enough.
                await reader.read()
                return
            writer.write(answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: bytes) -> bytes | None:
        return await met_with(self._next(request), lambda: self._passed_on(request))

    def _next(self, request: bytes) -> Mishap | None:
        for place, (method, _) in enumerate(self._mishaps):
            if request.startswith(method):
                return self._mishaps.pop(place)[1]
        return None

    async def _passed_on(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(LOOPBACK, self._target_port)
        first_line, rest = request.split(b"\r\n", 1)
        writer.write(first_line + b"\r\nConnection: close\r\n" + rest.replace(b"Connection: keep-alive\r\n", b""))
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


async def message(reader: asyncio.StreamReader) -> bytes:
    """A whole request, headers and body. Its body has a length."""
    headers = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line[15:]) for line in headers.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    return headers + await reader.readexactly(length)


async def met_with(mishap: Mishap | None, pass_on: Callable[[], Awaitable[bytes]]) -> bytes | None:
    """What comes back to a request that meets this, before the connection is cut; None if nothing ever does."""
    if mishap is Mishap.SILENCE_BEFORE:
        return None
    if mishap in {Mishap.CUT_BEFORE, Mishap.BUSY}:
        return _BUSY if mishap is Mishap.BUSY else b""
    answer = await pass_on()
    headers = answer.index(b"\r\n\r\n") + 4
    cuts: dict[Mishap | None, Callable[[], bytes]] = {
        None: lambda: answer,
        Mishap.CUT_AFTER: lambda: b"",
        Mishap.CUT_WITHIN_THE_HEADERS: lambda: answer[: headers // 2],
        Mishap.CUT_WITHIN_THE_BODY: lambda: answer[: (headers + len(answer)) // 2],
        Mishap.SERVER_ERROR_AFTER: lambda: _FAILED,
        Mishap.STRANGER: lambda: _PAGE,
    }
    if mishap is Mishap.SILENCE_AFTER:
        return None
    return cuts[mishap]()


@asynccontextmanager
async def bad_network(target_port: int) -> AsyncIterator[tuple[BadNetwork, int]]:
    """A bad network before that port, and the port where it is reached."""
    network = BadNetwork(target_port)
    connections: set[asyncio.Task[None]] = set()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(network.connected(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(accepted, LOOPBACK, 0)
    try:
        yield network, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in connections:
            task.cancel()
        if connections:
            await asyncio.wait(connections)
