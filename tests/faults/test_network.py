"""The network of a storm: it passes requests on, does what its seed draws, and counts it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from localhost.ports import LOOPBACK, free_port
from tests.faults.draws import draws_from
from tests.faults.network import CALM, STORMY, Rates, UnreliableNetwork, unreliable_network
from tests.storage.bad_network import Mishap, message

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"
REQUESTS = 300


@dataclass(slots=True)
class Server:
    """Answers every request alike, and counts requests and connections."""

    answer: bytes
    port: int = field(default_factory=free_port)
    requests: int = 0
    connections: int = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                await message(reader)
                self.requests += 1
                writer.write(self.answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@asynccontextmanager
async def between(server: Server, seed: int = 1) -> AsyncIterator[tuple[UnreliableNetwork, aiohttp.ClientSession]]:
    """The network before the server, and a session on its address."""
    listening = await asyncio.start_server(server.connected, LOOPBACK, server.port)
    port = free_port()
    async with (
        unreliable_network(server.port, port, draws_from(seed)) as network,
        aiohttp.ClientSession(f"http://{LOOPBACK}:{port}") as session,
    ):
        yield network, session
    listening.close()


async def ask(session: aiohttp.ClientSession) -> str:
    """What comes back: the text, or the name of what went wrong."""
    try:
        async with session.post("/", data=b"question") as response:
            return await response.text() if response.status == 200 else str(response.status)
    except (aiohttp.ClientError, ConnectionError):
        return "broken"


@pytest.mark.parametrize("answer", [CHUNKED, SIZED])
async def test_on_a_calm_day_everything_goes_through_on_one_connection(answer: bytes) -> None:
    server = Server(answer)
    async with between(server) as (network, session):
        assert [await ask(session) for _ in range(10)] == ["hello world"] * 10
        assert (server.requests, server.connections) == (10, 1)
        assert not network.injected


@pytest.mark.parametrize(
    ("mishap", "arrives", "comes_back"),
    [
        (Mishap.CUT_BEFORE, False, "broken"),
        (Mishap.CUT_AFTER, True, "broken"),
        (Mishap.CUT_WITHIN_THE_HEADERS, True, "broken"),
        (Mishap.CUT_WITHIN_THE_BODY, True, "broken"),
        (Mishap.SERVER_ERROR_AFTER, True, "500"),
        (Mishap.BUSY, False, "503"),
        (Mishap.STRANGER, True, "202"),
    ],
)
@pytest.mark.parametrize("answer", [CHUNKED, SIZED])
async def test_a_mishap_does_what_it_says_and_is_counted(
    answer: bytes, mishap: Mishap, comes_back: str, *, arrives: bool
) -> None:
    server = Server(answer)
    async with between(server) as (network, session):
        network.rates = Rates(mishaps={mishap: 1.0})
        assert await ask(session) == comes_back
        assert server.requests == arrives * network.requests
        assert network.injected == {mishap.name.lower().replace("_", " "): network.requests}


async def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    drawn = []
    for seed in (7, 7, 8):
        async with between(Server(SIZED), seed) as (network, session):
            network.rates = Rates(mishaps={Mishap.BUSY: 0.3, Mishap.SERVER_ERROR_AFTER: 0.3})
            drawn.append([await ask(session) for _ in range(40)])
    assert drawn[0] == drawn[1] != drawn[2]
    assert set(drawn[0]) == {"hello world", "500", "503"}


async def test_rates_are_shares() -> None:
    async with between(Server(SIZED)) as (network, session):
        network.rates = Rates(mishaps={Mishap.BUSY: 0.1})
        answers = [await ask(session) for _ in range(REQUESTS)]
    assert 0.03 < answers.count("503") / REQUESTS < 0.2
    assert answers.count("hello world") == REQUESTS - answers.count("503")


def test_stormy_rates_have_every_mishap_and_leave_most_requests_alone() -> None:
    assert set(STORMY.mishaps) == set(Mishap)
    assert 0 < sum(STORMY.mishaps.values()) + STORMY.late < 0.1
    assert STORMY.times(0) == Rates(mishaps=dict.fromkeys(Mishap, 0.0))


async def test_what_has_arrived_is_carried_out_while_the_network_is_away() -> None:
    server = Server(SIZED)
    async with between(server) as (network, session):
        network.rates = Rates(delayed=1.0)
        asking = asyncio.create_task(ask(session))
        while not network.requests:  # noqa: ASYNC110 - it notes what has arrived, and tells nobody
            await asyncio.sleep(0)
        network.go_away()
        assert await asking == "broken"
        assert await ask(session) == "broken"
        assert network.requests == 1
        await network.quiet()
        assert server.requests == 1
        network.rates = CALM
        network.come_back()
        assert await ask(session) == "hello world"
