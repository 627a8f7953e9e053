"""What instances and the storage carry at most, by arithmetic: what a storm is held against."""

from dataclasses import replace
from random import Random

from benchmarks.simulation.costs import TYPICAL, Costs
from benchmarks.simulation.licensed_before import license_beforehand
from benchmarks.simulation.machine import Cores
from benchmarks.simulation.partitions import Partition
from benchmarks.simulation.people import signing_in
from benchmarks.simulation.simulated_process import Machine, process_on
from benchmarks.simulation.simulated_storage import SimulatedStorage
from benchmarks.simulation.simulated_time import in_simulated_time
from benchmarks.stage import open_tenant
from storage.engine.drafting import USERS_PER_COMMIT
from storage.rows.content import HEAD_KEY, JOURNAL_START, USERS_START


def claims_per_second(costs: Costs, instances: int, *, are_named: bool = False) -> float:
    """New users a second that cores and partition carry in full commits, each used for nothing else.

    Args:
        costs: What everything costs.
        instances: Each with a core.
        are_named: See Crowd.
    """
    cpu = (
        costs.call_cpu_seconds
        + costs.claim_cpu_seconds
        + costs.row_cpu_seconds
        + costs.request_cpu_seconds / USERS_PER_COMMIT
    )
    cores = instances / cpu if cpu else float("inf")
    if costs.rows_per_second is None:
        return cores
    return min(cores, costs.rows_per_second * USERS_PER_COMMIT / full_commit_load(costs, are_named=are_named))


def full_commit_load(costs: Costs, *, are_named: bool = False) -> int:
    """As how many rows the commit of as many claims as fit counts."""
    partition = in_simulated_time(
        _full_commit(replace(TYPICAL, counted_bytes=costs.counted_bytes), are_named=are_named)
    )
    written = (key for key in partition.rows if key == HEAD_KEY or key.startswith((JOURNAL_START, USERS_START)))
    return sum(map(partition.load_of_row, written))


async def _full_commit(costs: Costs, *, are_named: bool) -> Partition:
    """A partition with nothing but a tenant's configuration and that commit."""
    draw = Random(1)  # noqa: S311 - a simulation
    cores = Cores(costs.cores)
    storage = SimulatedStorage(costs, cores, draw)
    process = process_on(Machine(costs, cores, storage), "process")
    tenant_id = await open_tenant(process)
    state = await process.ledger.state(tenant_id)
    rows = storage.partitions[tenant_id].rows
    partition = Partition(costs)
    partition.put(stored.row for key, stored in rows.items() if not key.startswith(JOURNAL_START))
    people = [signing_in(tenant_id, draw, is_named=are_named) for _ in range(USERS_PER_COMMIT)]
    license_beforehand(partition, state, people)
    return partition
