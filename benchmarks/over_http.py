"""The app through the local host: sign-ins sent as plain HTTP/1.1 over connections that stay open.

The text is made by hand, so that the callers, who share the machine with the app, cost as little as they can.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.storms import Storm, storm
from localhost.data_folder import DataFolder
from localhost.ports import LOOPBACK, free_port
from localhost.supervisor import Plan, Supervisor

BATCH: Final = 100
"""As many as a batch may have."""

_TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")

Send = Callable[[str, Any], Awaitable[bytes]]
"""Posts JSON to a path of the API and gives the answer's body."""

Claim = Callable[["Served", str, Sequence[str], int], Awaitable[Storm]]
"""Signs users of a tenant in, from so many callers."""


@dataclass(frozen=True, slots=True)
class Served:
    """The app, served on this machine.

    Attributes:
        port: Where.
        function_key: What a source of sign-ins sends.
    """

    port: int
    function_key: str

    def cpu_seconds(self) -> float:
        """CPU time that the app's processes have used so far: those that this one has started to serve it."""
        own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        serving = [child for child in own if b"localhost.worker" in Path(f"/proc/{child}/cmdline").read_bytes()]
        used = [Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split() for child in serving]
        return sum(int(user) + int(system) for *_, user, system in (each[:13] for each in used)) / _TICKS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Rate:
    """What a storm of sign-ins came to.

    Attributes:
        per_second: Claims a second.
        cpu_milliseconds: CPU time of the app's process for each.
    """

    per_second: float
    cpu_milliseconds: float


@contextmanager
def served(table_port: int, processes: int = 1) -> Iterator[Served]:
    """The app on a storage that runs already. To be used in the main thread."""
    with tempfile.TemporaryDirectory(prefix="autoclaim-bench-") as folder:
        data = DataFolder(folder)
        port = free_port()
        supervisor = Supervisor(Plan(data, port=port, table_port=table_port, processes=processes, own_azurite=False))
        try:
            supervisor.start()
            yield Served(port, data.keys().function)
        finally:
            supervisor.stop()


async def claims_over_http(app: Served, tenant_id: str, user_ids: Sequence[str], callers: int) -> Storm:
    """These users sign in, from so many connections.

    Raises:
        RuntimeError: One was not answered 200.
    """
    async with _sending(app, callers) as send:

        async def sign_in(user_id: str) -> None:
            await send("sign-ins", _sign_in(tenant_id, user_id))

        return await storm(sign_in, user_ids, callers)


async def batches_over_http(app: Served, tenant_id: str, user_ids: Sequence[str], callers: int) -> Storm:
    """These users sign in, in batches from so many connections. Each of the storm's calls is a batch.

    Raises:
        RuntimeError: One did not claim.
    """
    async with _sending(app, callers) as send:

        async def sign_in_together(first: str) -> None:
            batch = user_ids[int(first) : int(first) + BATCH]
            answer = await send("sign-ins/batch", {"signIns": [_sign_in(tenant_id, user_id) for user_id in batch]})
            if answer.count(b'"outcome":"claimed"') != len(batch):
                raise RuntimeError(f"not all of a batch claimed: {answer.decode()}")

        return await storm(sign_in_together, [str(first) for first in range(0, len(user_ids), BATCH)], callers)


def _sign_in(tenant_id: str, user_id: str) -> dict[str, Any]:
    return {"tenantId": tenant_id, "appId": "microsoft-teams", "user": {"id": user_id}}


@asynccontextmanager
async def _sending(app: Served, callers: int) -> AsyncIterator[Send]:
    async with _connections(app.port, callers) as idle:

        async def send(path: str, content: Any) -> bytes:  # noqa: ANN401 - JSON
            reader, writer = idle.pop()
            body = json.dumps(content)
            writer.write(
                f"POST /api/{path} HTTP/1.1\r\nHost: {LOOPBACK}:{app.port}\r\nx-functions-key: {app.function_key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            answer = await reader.readexactly(int(length))
            idle.append((reader, writer))
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{body} was answered {head.decode()} {answer.decode()}")
            return answer

        yield send


@asynccontextmanager
async def _connections(port: int, count: int) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    opened = [await asyncio.open_connection(LOOPBACK, port) for _ in range(count)]
    try:
        yield list(opened)
    finally:
        for _, writer in opened:
            writer.close()
