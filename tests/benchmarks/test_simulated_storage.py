"""The simulated storage: what a page gives, what counts against the limits, and what it takes of a process."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from benchmarks.simulation.costs import BURST_SECONDS, ENTITY_COUNTED_BYTES, TYPICAL
from benchmarks.simulation.machine import Cores, Thread
from benchmarks.simulation.partitions import Allowance, Partition
from benchmarks.simulation.simulated_process import Machine, process_on
from benchmarks.simulation.simulated_storage import ServerBusyError, SimulatedStorage
from benchmarks.simulation.simulated_time import in_simulated_time
from benchmarks.stage import Process
from domain.errors import LedgerUnavailableError
from storage.tables.limits import ROWS_PER_PAGE_MAX
from storage.tables.operations import Operation, StoredRow, Write, deleted

FREE = replace(
    TYPICAL,
    claim_cpu_seconds=0,
    request_cpu_seconds=0,
    row_cpu_seconds=0,
    query_cpu_seconds=0,
    transaction_seconds=0,
    received_row_seconds=0,
    written_row_seconds=0,
    read_seconds=0,
    growth=0,
    spread=0,
    one_thread=False,
    cores=None,
)
KIB = 1024
AS_IT_COMES = cast("Write", "insert or replace")
"""A write that the product need not have."""


def _row(key: str, kib: float = 0, partition: str = "tenant") -> dict[str, str]:
    # Two bytes a character, and what names and keys take.
    return {"PartitionKey": partition, "RowKey": key, "text": "x" * max(0, int(kib * KIB / 2) - 60)}


def _inserted(*rows: dict[str, str]) -> list[Operation]:
    return [Operation(Write.INSERT, row) for row in rows]


def _partition(*rows: dict[str, str], **costs: Any) -> Partition:
    partition = Partition(replace(FREE, **{"counted_bytes": ENTITY_COUNTED_BYTES, **costs}))
    partition.change(_inserted(*rows))
    return partition


def _keys(rows: Sequence[StoredRow]) -> list[str]:
    return [stored.row["RowKey"] for stored in rows]


def _machine(**costs: Any) -> Machine:
    changed = replace(FREE, **costs)
    cores = Cores(changed.cores)
    return Machine(changed, cores, SimulatedStorage(changed, cores, random.Random(1)))  # noqa: S311 - a simulation


@pytest.mark.parametrize(("kib", "load"), [(0, 1), (0.9, 1), (1.1, 2), (50.5, 51)])
def test_a_row_counts_as_many_as_it_has_kib(kib: float, load: int) -> None:
    partition = _partition(_row("a", kib))

    assert partition.load_of_row("a") == partition.page("a", "b", 10)[2] == load


def test_a_row_counts_once_if_sizes_are_not_counted_and_also_if_it_is_not_there() -> None:
    partition = _partition(_row("a", 10), counted_bytes=None)

    assert partition.load_of_row("a") == partition.load_of_row("nobody") == 1


def test_a_page_has_the_rows_of_its_range_in_order_and_goes_on_behind_the_last() -> None:
    partition = _partition(*(_row(key) for key in ("b3", "a", "b1", "c", "b2")))
    partition.change([deleted("tenant", "b1"), Operation(Write.INSERT, _row("b0"))])

    first, *_ = partition.page("b", "c", 2)
    rest, *_ = partition.page("b", "c", 2, _keys(first)[-1])

    assert (_keys(first), _keys(rest)) == (["b0", "b2"], ["b3"])


def test_a_query_counts_all_that_it_looks_at_given_or_not() -> None:
    partition = _partition(*(_row(f"b{number}", 1.5) for number in range(7)), _row("a"), _row("c"))

    found, looked_at, load = partition.page("b", "c", 2)

    assert (len(found), looked_at, load) == (2, 7, 14)


def test_a_query_that_finds_nothing_counts_one() -> None:
    assert _partition(_row("a")).page("b", "c", 10) == ([], 0, 1)


def test_a_query_looks_at_no_more_than_a_page() -> None:
    partition = _partition()
    partition.put(_row(f"b{number:05d}") for number in range(ROWS_PER_PAGE_MAX + 5))

    assert partition.page("b", "c", ROWS_PER_PAGE_MAX)[1:] == (ROWS_PER_PAGE_MAX, ROWS_PER_PAGE_MAX)


def test_a_write_without_a_condition_takes_a_row_as_it_comes() -> None:
    partition = _partition(_row("there"))
    before = partition.rows["there"].etag
    there, new = partition.change([Operation(AS_IT_COMES, _row("there", 2)), Operation(AS_IT_COMES, _row("new"))])

    assert before != there == partition.rows["there"].etag
    assert new == partition.rows["new"].etag
    assert partition.load_of_row("there") == 2
    assert _keys(partition.page("a", "z", 10)[0]) == ["new", "there"]


def test_what_is_more_than_is_kept_is_had_on_credit() -> None:
    allowance = Allowance(100)

    assert allowance.has(1_000, now=0)
    allowance.take(1_000)
    assert not allowance.has(1, now=9)
    assert allowance.has(1, now=9.8)
    assert not allowance.has(int(100 * BURST_SECONDS), now=9.8)


def test_each_partition_has_its_own_limit_and_the_account_one_for_all() -> None:
    async def written(**costs: Any) -> tuple[int, int]:
        storage = _machine(rows_per_second=4, **costs).storage
        busy = 0
        for partition in ("one", "two"):
            for key in ("a", "b"):
                try:
                    await storage.transact(_inserted(_row(key, partition=partition)), "process")
                except ServerBusyError:
                    busy += 1
        return sum(len(partition.rows) for partition in storage.partitions.values()), busy

    # A quarter of a second's allowance is one row.
    assert in_simulated_time(written()) == (2, 2)
    assert in_simulated_time(written(account_rows_per_second=4)) == (1, 3)


async def _rows_of(process: Process, most: int) -> list[str]:
    """All rows, through the product's own table."""
    found, continuation = await process.table.page("tenant", "b", "c", rows=most)
    keys = _keys(found)
    while continuation:
        found, continuation = await process.table.page("tenant", "b", "c", continuation, rows=most)
        keys += _keys(found)
    return keys


@pytest.mark.parametrize("most", [1, 3, 6, 1_000])
def test_the_products_table_reads_all_rows_page_by_page(most: int) -> None:
    expected = [f"b{number}" for number in range(6)]

    async def read() -> list[str]:
        machine = _machine()
        machine.storage.partitions["tenant"].change(_inserted(_row("a"), *map(_row, expected), _row("c")))
        return await _rows_of(process_on(machine, "process"), most)

    assert in_simulated_time(read()) == expected


def test_a_query_takes_the_process_its_own_time_and_each_rows() -> None:
    async def read() -> float:
        machine = _machine(query_cpu_seconds=1.0, row_cpu_seconds=0.1)
        machine.storage.partitions["tenant"].change(_inserted(*(_row(f"b{number}") for number in range(5))))
        await _rows_of(process_on(machine, "process"), 1_000)
        return asyncio.get_running_loop().time()

    assert in_simulated_time(read()) == pytest.approx(1.5, abs=0.001)


def test_a_partition_that_is_too_busy_for_a_query_is_unavailable_to_the_product() -> None:
    async def read() -> None:
        machine = _machine(rows_per_second=4)
        machine.storage.partitions["tenant"].allowance.take(1_000)
        await _rows_of(process_on(machine, "process"), 10)

    with pytest.raises(LedgerUnavailableError, match="503"):
        in_simulated_time(read())


def test_a_killed_process_sends_nothing_and_hears_nothing_but_what_it_sent_is_done() -> None:
    async def kill() -> tuple[list[str], list[bool]]:
        machine = _machine(transaction_seconds=1.0)
        thread = Thread(machine.cores)
        process = process_on(machine, "process", thread)
        sent = asyncio.create_task(process.wire.transact(_inserted(_row("sent"))))
        await asyncio.sleep(0.5)
        thread.is_killed = True
        late = asyncio.create_task(process.wire.transact(_inserted(_row("late"))))
        await asyncio.sleep(10)
        return list(machine.storage.partitions["tenant"].rows), [sent.done(), late.done()]

    assert in_simulated_time(kill()) == (["sent"], [False, False])


@pytest.mark.parametrize("abandoned_seconds", [0.0, 0.5, 2.0])
def test_who_leaves_before_the_turn_comes_costs_what_it_takes_to_see_so(abandoned_seconds: float) -> None:
    async def leave() -> float:
        thread = Thread(Cores(None))
        first = asyncio.create_task(thread.work(2))
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await thread.work_for(2, abandoned_seconds=abandoned_seconds)
        await first
        await thread.work(1)
        return asyncio.get_running_loop().time()

    assert in_simulated_time(leave()) == pytest.approx(3 + abandoned_seconds, abs=0.001)
