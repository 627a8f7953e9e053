"""Costs from samples: a storage that takes exactly these costs is measured to have them."""

import pytest

from benchmarks.ceilings import FULL_ROWS, LONE_ROWS
from benchmarks.simulation.costs import TYPICAL, Costs
from benchmarks.simulation.measuring import Sample, Samples, fit


def _samples(costs: Costs, stored: int) -> Samples:
    grown = 1 + costs.growth * stored / 1_000

    def transaction(rows: int, *, made: bool) -> Sample:
        cpu = costs.request_cpu_seconds + rows * costs.row_cpu_seconds
        written = costs.written_row_seconds * grown if made else 0
        return Sample(cpu + costs.transaction_seconds + rows * (costs.received_row_seconds + written), cpu)

    read = Sample(costs.request_cpu_seconds + costs.read_seconds * grown, costs.request_cpu_seconds)
    full, refused = transaction(FULL_ROWS, made=True), transaction(FULL_ROWS, made=False)
    return Samples(stored, transaction(LONE_ROWS, made=True), full, refused, read)


def test_the_costs_that_gave_the_samples_are_found() -> None:
    cpu = TYPICAL.claim_cpu_seconds + TYPICAL.row_cpu_seconds
    small, large = (_samples(TYPICAL, stored) for stored in (1_000, 9_000))

    found = fit(small, large, claim_cpu_seconds=cpu, cores=2)

    for name in ("claim_cpu", "request_cpu", "row_cpu", "transaction", "received_row", "written_row", "read"):
        assert getattr(found, f"{name}_seconds") == pytest.approx(getattr(TYPICAL, f"{name}_seconds"))
    assert found.growth == pytest.approx(TYPICAL.growth)


def test_a_noisy_measurement_gives_no_cost_below_zero() -> None:
    nothing = Sample(0.0, 0.0)
    slow = Sample(0.05, 0.06)
    small = Samples(1_000, slow, nothing, nothing, nothing)
    large = Samples(2_000, nothing, slow, slow, nothing)

    found = fit(small, large, claim_cpu_seconds=0.0, cores=2)

    assert all(getattr(found, name) >= 0 for name in Costs.__dataclass_fields__ if name.endswith("seconds"))
