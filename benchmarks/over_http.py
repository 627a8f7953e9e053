"""The app through the local host: sign-ins sent as plain HTTP/1.1 over connections that stay open.

The text is made by hand, so that the callers, who share the machine with the app, cost as little as they can.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from benchmarks.storms import Storm, storm
from localhost.data_folder import DataFolder
from localhost.ports import LOOPBACK, free_port
from localhost.supervisor import Plan, Supervisor


@dataclass(frozen=True, slots=True)
class Served:
    """The app, served on this machine.

    Attributes:
        port: Where.
        function_key: What a source of sign-ins sends.
    """

    port: int
    function_key: str


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
    async with _connections(app.port, callers) as idle:

        async def sign_in(user_id: str) -> None:
            reader, writer = idle.pop()
            body = json.dumps({"tenantId": tenant_id, "appId": "microsoft-teams", "user": {"id": user_id}})
            writer.write(
                f"POST /api/sign-ins HTTP/1.1\r\nHost: {LOOPBACK}:{app.port}\r\nx-functions-key: {app.function_key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            answer = await reader.readexactly(int(length))
            idle.append((reader, writer))
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{user_id} was answered {head.decode()} {answer.decode()}")

        return await storm(sign_in, user_ids, callers)


@asynccontextmanager
async def _connections(port: int, count: int) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    opened = [await asyncio.open_connection(LOOPBACK, port) for _ in range(count)]
    try:
        yield list(opened)
    finally:
        for _, writer in opened:
            writer.close()
