"""Somebody who answers at the storage's address and is not the storage."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from functions.composition import connect
from localhost.emulator import connection_string
from localhost.ports import LOOPBACK
from storage.tables.table import LedgerTable
from tests.storage.bad_network import message


@asynccontextmanager
async def answered_by(
    told: bytes, observe_date: Callable[[str | None], None] = lambda _: None
) -> AsyncIterator[LedgerTable]:
    """A table at whose address every request is answered so, and the connection closed."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await message(reader)
            writer.write(told)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, LOOPBACK, 0)
    client, wire = connect(
        "ledger", observe_date, connection_string=connection_string(server.sockets[0].getsockname()[1])
    )
    async with server, client:
        yield LedgerTable(client, wire)
