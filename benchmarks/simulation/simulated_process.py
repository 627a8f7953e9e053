"""A process of the product in simulated time: all of it is the product's own but what it costs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, ParamSpec, TypeVar

from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables.aio import TableClient

from benchmarks.simulation.costs import Costs
from benchmarks.simulation.machine import RUNNING_ON, Cores, Thread
from benchmarks.simulation.simulated_storage import SimulatedStorage, SimulatedTable, SimulatedWire
from benchmarks.stage import Process
from domain.ledger import AnswerT, Proposal, Settled
from storage.clock import StorageClock
from storage.ledger import TableLedger

ResultT = TypeVar("ResultT")
Given = ParamSpec("Given")

_BEGINNING: Final = datetime(2026, 1, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a simulation runs on."""

    costs: Costs
    cores: Cores
    storage: SimulatedStorage


def process_on(machine: Machine, process_id: str) -> Process:
    """A process of the app, as far as claims need it. Not for input or output: its client is connected to nothing."""
    thread = Thread(machine.cores)
    wire = SimulatedWire(machine.storage, thread, machine.costs)
    client = TableClient("http://127.0.0.1", "ledger", credential=AzureNamedKeyCredential("nobody", "bm9uZQ=="))
    table = SimulatedTable(client, wire, machine.storage)
    loop = asyncio.get_running_loop()
    clock = StorageClock(lambda: _BEGINNING + timedelta(seconds=loop.time()))
    return Process(client, wire, table, _CostlyLedger(table, clock, process_id, thread, machine.costs))


class _CostlyLedger(TableLedger):
    """The product's ledger. Deciding takes its process's time, each time that something is decided."""

    def __init__(
        self, table: SimulatedTable, clock: StorageClock, process_id: str, thread: Thread, costs: Costs
    ) -> None:
        super().__init__(table, clock)
        self._process_id = process_id
        self._thread = thread
        self._costs = costs

    async def settle(self, tenant_id: str, proposal: Proposal[AnswerT]) -> Settled[AnswerT]:
        """See Ledger."""
        RUNNING_ON.set(self._thread)
        await self._thread.work(self._costs.call_cpu_seconds)
        return await super().settle(tenant_id, replace(proposal, decide=self._costly(proposal.decide)))

    def _costly(self, decide: Callable[Given, ResultT]) -> Callable[Given, ResultT]:
        def decided(*given: Given.args, **named: Given.kwargs) -> ResultT:
            self._thread.owe(self._costs.claim_cpu_seconds)
            return decide(*given, **named)

        return decided
