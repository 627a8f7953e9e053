"""A process of the product in simulated time: all of it is the product's own but what it costs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from unittest.mock import patch

from azure.data.tables.aio import TableClient

from benchmarks.simulation.costs import Costs
from benchmarks.simulation.machine import RUNNING_ON, Cores, Thread
from benchmarks.simulation.simulated_storage import SimulatedClient, SimulatedStorage, SimulatedWire
from benchmarks.stage import Process
from domain.changes import Decision
from domain.ledger import AnswerT, Proposal, Settled
from domain.tenant import TenantState
from storage.engine.drafting import Draft
from storage.engine.ledger import TableLedger
from storage.tables.clock import StorageClock
from storage.tables.table import LedgerTable

_BEGINNING: Final = datetime(2026, 1, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a simulation runs on."""

    costs: Costs
    cores: Cores
    storage: SimulatedStorage


def process_on(machine: Machine, process_id: str, thread: Thread | None = None) -> Process:
    """A process of the app, as far as claims need it, on a thread of its own."""
    thread = thread or Thread(machine.cores)
    wire = SimulatedWire(machine.storage, thread, process_id, machine.costs)
    client = cast("TableClient", SimulatedClient(wire))
    table = LedgerTable(client, wire)
    loop = asyncio.get_running_loop()
    clock = StorageClock(lambda: _BEGINNING + timedelta(seconds=loop.time()))
    return Process(client, wire, table, _LedgerOnThread(table, clock, process_id, thread))


@contextmanager
def decisions_cost(seconds: float) -> Iterator[None]:
    """Every decision takes so much of the process that makes it, each time that something is decided."""
    decide = Draft.decide

    def decided(draft: Draft, proposal: Proposal[Any]) -> Decision[Any]:
        thread = RUNNING_ON.get()
        if thread:
            thread.owe(seconds)
        return decide(draft, proposal)

    with patch.object(Draft, "decide", decided):
        yield


class _LedgerOnThread(TableLedger):
    """The product's ledger, on its process's thread."""

    def __init__(self, table: LedgerTable, clock: StorageClock, process_id: str, thread: Thread) -> None:
        super().__init__(table, clock)
        self._process_id = process_id
        self._thread = thread

    def _new_id(self) -> str:
        """The same each time: it decides where the process posts."""
        return self._process_id

    async def state(self, tenant_id: str) -> TenantState:
        """See Ledger."""
        with _on(self._thread):
            return await super().state(tenant_id)

    async def settle(self, tenant_id: str, proposal: Proposal[AnswerT]) -> Settled[AnswerT]:
        """See Ledger."""
        with _on(self._thread):
            return await super().settle(tenant_id, proposal)


@contextmanager
def _on(thread: Thread) -> Iterator[None]:
    """What is done here, and whatever it begins, is done on this thread."""
    before = RUNNING_ON.set(thread)
    try:
        yield
    finally:
        RUNNING_ON.reset(before)
