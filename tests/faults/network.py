"""The network between the app and its storage in a storm: each request meets what a seed draws for it.

Mishaps are those of tests/storage/bad_network.py. Besides, a request may be late: by a little, or by so much that the
app has long given it up and sent it again when it arrives. That is how an old commit comes back.

The draws come from the seed, one after the other. Which request gets which depends on the order in which they arrive,
and so on the machine.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from localhost.ports import LOOPBACK
from storage.tables.table import CALL_SECONDS
from tests.storage.bad_network import Mishap, message, met_with

SHORT_DELAY_SECONDS = 0.2
LATE_SECONDS = (CALL_SECONDS + 0.1, CALL_SECONDS + 1.0)
"""After the app has given the request up, and while it tries to find out what became of it."""
QUIET_SECONDS_MAX = 30.0
"""By then every request has arrived, been answered or failed."""

_TRANSACTION = b"/$batch"
"""How a transaction's URL ends."""
_CLOSED = b'"closed"'
"""What a deletion writes with everything that it deletes."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a request meets what, as shares of 1.

    Attributes:
        delayed: Late by up to SHORT_DELAY_SECONDS.
        late: Late by LATE_SECONDS.
        mishaps: Each mishap's share.
        for_commits: How many times as often commits meet all this: that is where it could hurt. A deletion is as many
            transactions as it takes and begins again after each mishap, so those meet it as often as anything else.
    """

    delayed: float = 0.0
    late: float = 0.0
    mishaps: Mapping[Mishap, float] = field(default_factory=dict)
    for_commits: float = 1.0

    def times(self, factor: float) -> "Rates":
        """The same mixture, so many times as often, for whatever kind of request."""
        mishaps = {mishap: share * factor for mishap, share in self.mishaps.items()}
        return Rates(self.delayed * factor, self.late * factor, mishaps)


CALM = Rates()
# A read that is never answered costs two seconds, and a batch may wait for a hundred reads: so few are silent or late.
STORMY = Rates(
    delayed=0.02,
    late=0.0005,
    mishaps={
        Mishap.CUT_BEFORE: 0.004,
        Mishap.CUT_AFTER: 0.006,
        Mishap.CUT_WITHIN_THE_HEADERS: 0.002,
        Mishap.CUT_WITHIN_THE_BODY: 0.002,
        Mishap.SILENCE_BEFORE: 0.0001,
        Mishap.SILENCE_AFTER: 0.0003,
        Mishap.SERVER_ERROR_AFTER: 0.004,
        Mishap.BUSY: 0.004,
        Mishap.STRANGER: 0.001,
    },
    for_commits=6.0,
)


class UnreliableNetwork:
    """Passes requests on to a port, most of them.

    Attributes:
        port: Where it is reached.
        rates: What requests meet from now on.
        injected: How often each thing happened, by name.
        requests: How many requests came.
    """

    def __init__(
        self, target_port: int, port: int, random: Random, witness: Callable[[bytes], Awaitable[None]]
    ) -> None:
        self.port = port
        self._target_port = target_port
        self._random = random
        self._witness = witness
        self._is_away = False
        self._under_way = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._connections: set[asyncio.StreamWriter] = set()
        self.rates = CALM
        self.injected: Counter[str] = Counter()
        self.requests = 0

    def go_away(self) -> None:
        """From now on all connections break. Requests that have arrived are carried out, and nobody hears of it."""
        self._is_away = True
        for writer in self._connections:
            writer.transport.abort()

    def come_back(self) -> None:
        """From now on there are connections again."""
        self._is_away = False

    async def quiet(self) -> None:
        """Return once no request is under way. Only sure to come while nobody sends, or the network is away."""
        async with asyncio.timeout(QUIET_SECONDS_MAX):
            await self._quiet.wait()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as many requests as it lasts."""
        if self._is_away:
            writer.transport.abort()
            return
        target = _Target(self._target_port)
        self._connections.add(writer)
        try:
            while await self._served(reader, writer, target):
                pass
        except (asyncio.IncompleteReadError, OSError):
            pass  # either side has ended the connection, or the target is not there
        finally:
            self._connections.discard(writer)
            target.close()
            writer.close()

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: "_Target") -> bool:
        """Serve the next request; whether the connection outlives it."""
        request = await message(reader)
        self.requests += 1
        mishap, delay_seconds = self._draw(request)
        self._under_way += 1
        self._quiet.clear()
        try:
            if delay_seconds:
                await asyncio.sleep(delay_seconds)
            answer = await met_with(mishap, lambda: self._passed_on(request, target))
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._quiet.set()
        if answer is None:
            # Until the other side has enough.
            await reader.read()
            return False
        if writer.is_closing():
            return False  # who asked has given up, or the network went away meanwhile
        writer.write(answer)
        await writer.drain()
        return mishap is None

    async def _passed_on(self, request: bytes, target: "_Target") -> bytes:
        await self._witness(request)
        return await target.answer(request)

    def _draw(self, request: bytes) -> tuple[Mishap | None, float]:
        """What a request meets, and by how many seconds it is late."""
        is_commit = _TRANSACTION in request.split(b"\r\n", 1)[0] and _CLOSED not in request
        rates = self.rates.times(self.rates.for_commits) if is_commit else self.rates
        mishap: Mishap | None = None
        share = self._random.random()
        for each, its_share in rates.mishaps.items():
            share -= its_share
            if share < 0:
                mishap = each
                self.injected[each.name.lower().replace("_", " ")] += 1
                break
        share, lateness = self._random.random(), self._random.random()
        if share < rates.late:
            self.injected["late"] += 1
            return mishap, LATE_SECONDS[0] + lateness * (LATE_SECONDS[1] - LATE_SECONDS[0])
        if share < rates.late + rates.delayed:
            self.injected["delayed"] += 1
            return mishap, lateness * SHORT_DELAY_SECONDS
        return mishap, 0.0


class _Target:
    """A connection to the storage itself."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def answer(self, request: bytes) -> bytes:
        """The whole answer, as it came."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(LOOPBACK, self._port)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        headers = await reader.readuntil(b"\r\n\r\n")
        lines = headers.lower().split(b"\r\n")
        if b"transfer-encoding: chunked" in lines:
            return headers + await _chunks(reader)
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        return headers + await reader.readexactly(length)

    def close(self) -> None:
        """End the connection."""
        if self._streams:
            self._streams[1].close()


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    """A chunked body with its framing (RFC 9112, section 7.1), without trailers: the emulator sends none."""
    chunks: list[bytes] = []
    while True:
        size = await reader.readuntil(b"\r\n")
        chunks += [size, await reader.readexactly(int(size, 16) + 2)]
        if int(size, 16) == 0:
            return b"".join(chunks)


async def _nobody(_request: bytes) -> None:
    """See nothing."""


@asynccontextmanager
async def unreliable_network(
    target_port: int, port: int, random: Random, witness: Callable[[bytes], Awaitable[None]] = _nobody
) -> AsyncIterator[UnreliableNetwork]:
    """A network before the target's port, reached at another; calm at first.

    The witness is there before a request is passed on, and can keep it from that by a ConnectionError.
    """
    network = UnreliableNetwork(target_port, port, random, witness)
    connections: set[asyncio.Task[None]] = set()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(network.connected(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(accepted, LOOPBACK, port)
    try:
        yield network
    finally:
        server.close()
        for task in connections:
            task.cancel()
        if connections:
            await asyncio.wait(connections)
