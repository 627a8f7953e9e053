"""The simulation's own properties: what must hold of it whatever things cost."""

import random
from dataclasses import replace

import pytest

from benchmarks.simulation.check import MeasuredStorm, check
from benchmarks.simulation.costs import (
    BURST_SECONDS,
    PARTITION_ROWS_PER_SECOND,
    TYPICAL,
    service_costs,
)
from benchmarks.simulation.outcome import Outcome
from benchmarks.simulation.partitions import Partition
from benchmarks.simulation.people import Crowd
from benchmarks.simulation.storm import simulate, simulate_arrivals, simulate_users
from storage.engine.drafting import USERS_PER_COMMIT
from storage.tables.operations import ANY_VERSION, Operation, Write, written_over
from storage.tables.wire import FailedOperationError

SERVICE = service_costs(TYPICAL, full_transaction_seconds=0.03, call_cpu_seconds=0)
FREE = replace(
    TYPICAL,
    claim_cpu_seconds=0,
    request_cpu_seconds=0,
    row_cpu_seconds=0,
    transaction_seconds=0.1,
    received_row_seconds=0,
    written_row_seconds=0,
    read_seconds=0,
    growth=0,
    spread=0,
)
"""A commit takes a tenth of a second and everything else nothing."""


def _row(key: str) -> dict[str, str]:
    return {"PartitionKey": "tenant", "RowKey": key}


def test_a_lone_process_never_conflicts() -> None:
    outcome = simulate(TYPICAL, 1, 40, 0.5, seed=1)

    assert outcome.claims > 40
    assert outcome.storage.conflicts == 0


def test_processes_on_one_tenant_conflict_now_and_then() -> None:
    assert simulate(TYPICAL, 3, 20, 0.5, seed=1).storage.conflicts > 0


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_everybody_is_answered_and_counted_once(processes: int) -> None:
    outcome = simulate_users(TYPICAL, processes, 10, 400, seed=2)

    assert outcome.asked == outcome.claims == len(outcome.waited) == sum(outcome.shares)
    assert 400 <= outcome.asked <= 400 + 10 * processes
    assert outcome.gave_up == outcome.repeated == 0
    assert outcome.storage.rows == outcome.claims + 2 * outcome.storage.commits


def test_all_who_arrive_are_answered_also_where_some_are_told_to_repeat() -> None:
    slow = replace(FREE, transaction_seconds=1.5)
    outcome = simulate_arrivals(slow, 1, [Crowd(250, 0)], seed=3)

    assert outcome.claims == outcome.asked == 250
    assert outcome.repeated > 0


def _seen(outcome: Outcome) -> object:
    return outcome.waited, outcome.shares, outcome.seconds, outcome.storage


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    first, again, other = (simulate(SERVICE, 3, 20, 0.5, seed) for seed in (1, 1, 2))

    assert _seen(first) == _seen(again)
    assert _seen(first) != _seen(other)


def test_a_simulation_leaves_pythons_own_chance_alone() -> None:
    before = random.getstate()
    simulate(SERVICE, 2, 4, 0.1, seed=1)

    assert random.getstate() == before


def test_a_commit_takes_as_many_as_wait_and_fit() -> None:
    # The first waits for nobody; all others come while it is under way.
    outcome = simulate_arrivals(FREE, 1, [Crowd(1 + 2 * USERS_PER_COMMIT, 0.05)], seed=1)

    assert outcome.storage.commits == 3
    assert outcome.seconds == pytest.approx(0.3, abs=0.06)


def test_a_lone_claim_waits_for_its_own_commit_only() -> None:
    outcome = simulate(FREE, 1, 1, 1, seed=1)

    assert outcome.p99 == pytest.approx(0.1, abs=0.001)
    assert outcome.claims_per_commit == 1


def test_a_partition_gives_no_more_rows_than_its_limit() -> None:
    fast = replace(FREE, transaction_seconds=0.01, rows_per_second=PARTITION_ROWS_PER_SECOND)
    seconds = 2.0
    limited = simulate(fast, 1, 200, seconds, seed=1)
    unlimited = simulate(replace(fast, rows_per_second=None), 1, 200, 0.1, seed=1)

    assert limited.storage.busy > 0
    assert limited.storage.load <= PARTITION_ROWS_PER_SECOND * (limited.seconds + BURST_SECONDS)
    assert limited.storage.load >= 0.8 * PARTITION_ROWS_PER_SECOND * seconds
    assert unlimited.claims_per_second > 3 * PARTITION_ROWS_PER_SECOND


def test_processes_on_fewer_cores_are_slower() -> None:
    # Not deciding: one process does that for all anyway.
    calls_only = replace(FREE, call_cpu_seconds=0.01, transaction_seconds=0.001)
    crowded, roomy = (simulate(replace(calls_only, cores=cores), 4, 40, 1, seed=1) for cores in (1, 8))

    assert crowded.claims_per_second < 0.8 * roomy.claims_per_second


def test_a_partition_changes_all_rows_or_none() -> None:
    partition = Partition(FREE)
    etag, _ = partition.change([written_over(_row("state"), None), Operation(Write.INSERT, _row("user:a"))])

    with pytest.raises(FailedOperationError) as failed:
        partition.change([written_over(_row("state"), etag), Operation(Write.INSERT, _row("user:a"))])

    assert (failed.value.place, failed.value.status) == (1, 409)
    assert partition.rows["state"].etag == etag


def test_a_partition_replaces_no_row_of_another_version_and_none_that_is_gone() -> None:
    partition = Partition(FREE)
    (first,) = partition.change([written_over(_row("state"), None)])
    partition.change([written_over(_row("state"), first)])

    for operation, status in (
        (written_over(_row("state"), first), 412),
        (Operation(Write.REPLACE, _row("gone"), ANY_VERSION), 404),
    ):
        with pytest.raises(FailedOperationError) as failed:
            partition.change([operation])
        assert failed.value.status == status


def test_a_check_puts_the_simulated_beside_the_measured() -> None:
    simulated = simulate_users(TYPICAL, 1, 20, 300, seed=1)
    exact, twice = check(
        TYPICAL,
        [
            MeasuredStorm(1, 20, simulated.claims, simulated.seconds),
            MeasuredStorm(1, 20, simulated.claims, simulated.seconds / 2),
        ],
    )

    assert exact.processes == 1
    assert exact.ratio == pytest.approx(1, abs=0.05)
    assert exact.is_good
    assert twice.ratio == pytest.approx(0.5, abs=0.05)
    assert not twice.is_good
