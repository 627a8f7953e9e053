"""A process of the product in simulated time: all of it is the product's own but what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables.aio import TableClient

from benchmarks.simulation.costs import Costs
from benchmarks.simulation.machine import Cores, Thread
from benchmarks.simulation.simulated_storage import SimulatedStorage, SimulatedTable, SimulatedWire
from benchmarks.simulation.simulated_time import SimulatedTimeLoop
from benchmarks.stage import Process
from domain.ledger import Proposal
from storage.clock import StorageClock
from storage.committer import Committer
from storage.drafting import Draft, Drafter
from storage.ledger import TableLedger
from storage.standing import Standing

_BEGINNING: Final = datetime(2026, 1, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a simulation runs on."""

    loop: SimulatedTimeLoop
    costs: Costs
    cores: Cores
    storage: SimulatedStorage


def process_on(machine: Machine, process_id: str) -> Process:
    """A process of the app, as far as claims need it."""
    thread = Thread(machine.cores)
    wire = SimulatedWire(machine.storage, thread, machine.costs)
    client = TableClient("http://127.0.0.1", "ledger", credential=AzureNamedKeyCredential("nobody", "bm9uZQ=="))
    table = SimulatedTable(client, wire, machine.storage)
    clock = StorageClock(lambda: _BEGINNING + timedelta(seconds=machine.loop.time()))
    ledger = _SimulatedLedger(table, clock, process_id, thread, machine.costs)
    return Process(client, wire, table, ledger)


class _SimulatedLedger(TableLedger):
    def __init__(
        self, table: SimulatedTable, clock: StorageClock, process_id: str, thread: Thread, costs: Costs
    ) -> None:
        super().__init__(table, clock)
        self._process_id = process_id
        self._thread = thread
        self._costs = costs

    def _committer(self, tenant_id: str) -> Committer:
        if tenant_id not in self._committers:
            self._committers[tenant_id] = _SimulatedCommitter(
                tenant_id, self._process_id, self._table, self._clock, self._thread, self._costs
            )
        return self._committers[tenant_id]


class _SimulatedCommitter(Committer):
    def __init__(self, tenant_id: str, process_id: str, table: Any, clock: StorageClock, *work: Any) -> None:
        super().__init__(tenant_id, process_id, table, clock)
        self._drafter = _SimulatedDrafter((tenant_id, table, clock, self._turns), *work)


class _SimulatedDrafter(Drafter):
    """Deciding takes the process's time."""

    def __init__(self, made_of: tuple[Any, ...], thread: Thread, costs: Costs) -> None:
        super().__init__(*made_of)
        self._thread = thread
        self._costs = costs

    async def draft(self, standing: Standing, proposals: Sequence[Proposal[Any]]) -> Draft:
        """See Drafter."""
        await self._thread.work(self._costs.claim_cpu_seconds * len(proposals))
        return await super().draft(standing, proposals)
