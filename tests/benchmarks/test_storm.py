"""Simulated storms: who comes, what they do when they are sent away, and instances that come and go."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.simulation import fleet, storm
from benchmarks.simulation.carried import claims_per_second, full_commit_load
from benchmarks.simulation.costs import (
    ENTITY_COUNTED_BYTES,
    HTTP_CPU_SECONDS,
    PARTITION_ROWS_PER_SECOND,
    TYPICAL,
    service_costs,
)
from benchmarks.simulation.machine import Cores
from benchmarks.simulation.people import Crowd, Shape, people_of, signing_in
from benchmarks.simulation.simulated_process import Machine
from benchmarks.simulation.simulated_storage import SimulatedStorage
from benchmarks.simulation.simulated_time import in_simulated_time
from benchmarks.simulation.storm import TRIES, Event, Turn, simulate, simulate_arrivals
from domain.errors import LedgerUnavailableError, TooManyRequestsError
from storage.engine.drafting import USERS_PER_COMMIT
from storage.engine.ledger import TableLedger
from tests.storage.audit import audit

HTTP = service_costs(TYPICAL, full_transaction_seconds=0.03, call_cpu_seconds=HTTP_CPU_SECONDS)
NINE = Crowd(600, 3, Shape.TRIANGLE, licensed=0.6)


@pytest.fixture
def storages(monkeypatch: pytest.MonkeyPatch) -> list[SimulatedStorage]:
    """Those of all storms of the test."""
    made: list[SimulatedStorage] = []

    class Kept(SimulatedStorage):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

    monkeypatch.setattr(storm, "SimulatedStorage", Kept)
    return made


def _problems(storage: SimulatedStorage) -> list[str]:
    """What the auditor, which shares no code with the product, finds in the tenant's rows."""
    (tenant,) = (partition for partition in storage.partitions.values() if "state" in partition.rows)
    return audit(stored.row for stored in tenant.rows.values())


@pytest.mark.parametrize("are_named", [False, True])
def test_those_who_were_licensed_before_are_told_so_and_the_others_claim(
    storages: list[SimulatedStorage], *, are_named: bool
) -> None:
    outcome = simulate_arrivals(HTTP, 3, [replace(NINE, are_named=are_named)], seed=1)

    assert (len(outcome.waited_licensed), len(outcome.waited_new)) == (360, 240)
    assert outcome.storage.rows == 240 + 2 * outcome.storage.commits
    assert _problems(storages[0]) == []


def test_somebody_told_of_a_license_that_is_not_in_the_storage_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storm, "user_key", lambda user_id: f"nobody:{user_id}")

    with pytest.raises(ExceptionGroup) as failed:
        simulate_arrivals(HTTP, 1, [Crowd(1, 0)], seed=1)
    assert failed.group_contains(AssertionError, match="the storage has none")


def test_a_triangle_has_most_people_in_its_middle() -> None:
    people = people_of("tenant", [Crowd(4_000, 40, Shape.TRIANGLE, begins=100)], random.Random(1))  # noqa: S311
    by_quarter = Counter(int((person.comes - 100) // 10) for person in people)

    # An eighth of a triangle's area lies in each outer quarter of its base.
    assert [round(by_quarter[quarter] / 500) for quarter in range(4)] == [1, 3, 3, 1]
    assert [person.comes for person in people] == sorted(person.comes for person in people)


def test_people_come_from_several_crowds() -> None:
    outcome = simulate_arrivals(HTTP, 2, [Crowd(20, 1), Crowd(30, 1, begins=5, licensed=1)], seed=1)

    assert sum(answer.came < 1.1 for answer in outcome.answers) == 20
    assert sum(answer.came >= 5 and answer.was_licensed for answer in outcome.answers) == 30


def test_calls_are_spread_over_all_instances() -> None:
    shares = simulate_arrivals(HTTP, 5, [Crowd(500, 2)], seed=1).shares

    assert len(shares) == 5
    assert all(60 < share < 140 for share in shares)


def _refusing(monkeypatch: pytest.MonkeyPatch, errors: Iterator[Exception]) -> None:
    """Instances that send people away as long as there are errors."""
    sign_in = fleet.Instance.sign_in

    async def refuse(instance: fleet.Instance, *given: Any) -> Any:
        error = next(errors, None)
        if error:
            raise error
        return await sign_in(instance, *given)

    monkeypatch.setattr(fleet.Instance, "sign_in", refuse)


def test_who_is_told_when_to_come_again_does_not_come_before(monkeypatch: pytest.MonkeyPatch) -> None:
    _refusing(monkeypatch, iter([LedgerUnavailableError("busy", 30.0)] * 2))
    outcome = simulate_arrivals(HTTP, 1, [Crowd(1, 0)], seed=1)

    assert outcome.repeated == outcome.answers[0].repeats == 2
    assert 60 < outcome.p50 < 70


def test_who_is_sent_away_too_often_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    _refusing(monkeypatch, iter([TimeoutError()] * (TRIES + 1)))
    outcome = simulate_arrivals(HTTP, 1, [Crowd(1, 0), Crowd(1, 0, begins=500)], seed=1)

    assert (outcome.asked, outcome.gave_up, outcome.claims) == (2, 1, 1)
    assert outcome.repeated == TRIES + 1


def test_those_whose_instance_is_killed_are_cut_off_and_served_elsewhere(storages: list[SimulatedStorage]) -> None:
    slow = replace(HTTP, transaction_seconds=0.5)
    events = [Event(1.0, Turn.KILL), Event(1.5, Turn.KILL, 2)]
    outcome = simulate_arrivals(slow, 5, [Crowd(300, 3)], seed=1, events=events)

    assert outcome.claims == 300
    assert outcome.cut_off > 0
    assert any(answer.was_cut_off and answer.repeats for answer in outcome.answers)
    assert outcome.repeated + outcome.cut_off == sum(answer.repeats for answer in outcome.answers)
    assert _problems(storages[0]) == []


def test_where_no_instance_is_left_people_wait_for_the_next_one() -> None:
    events = [Event(1.0, Turn.KILL, 2), Event(6.0, Turn.START)]
    outcome = simulate_arrivals(HTTP, 2, [Crowd(100, 2)], seed=1, events=events)

    assert outcome.claims == 100
    assert outcome.shares[2] > 0
    assert outcome.longest_silence(0, 8) > 4


def test_instances_that_appear_take_their_share() -> None:
    outcome = simulate_arrivals(HTTP, 1, [Crowd(600, 6)], seed=1, events=[Event(2.0, Turn.START, 3)])

    assert len(outcome.shares) == 4
    assert all(share > 40 for share in outcome.shares[1:])
    assert outcome.shares[0] > 2 * max(outcome.shares[1:]) - 60


def test_the_one_that_commits_most_is_found_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[str] = []
    leader = fleet.Fleet.leader

    def watched(living: fleet.Fleet) -> fleet.Instance:
        living._writers.extend(["process-2"] * 30)  # noqa: SLF001 - as if it had
        found = leader(living)
        killed.append(found.name)
        return found

    monkeypatch.setattr(fleet.Fleet, "leader", watched)
    simulate_arrivals(HTTP, 4, [Crowd(200, 2)], seed=1, events=[Event(1.0, Turn.KILL_LEADER)])

    assert killed == ["process-2"]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is let into the line of those who wait for a commit."""

    async def refuse(*_: Any) -> None:
        raise TooManyRequestsError

    monkeypatch.setattr(TableLedger, "settle", refuse)


async def _answered(deadlines: Sequence[float | None], **costs: Any) -> float:
    """When an instance has answered all calls that come at once, each given up after so long."""
    cores = Cores(None)
    storage = SimulatedStorage(HTTP, cores, random.Random(1))  # noqa: S311 - a simulation
    instance = fleet.Instance(Machine(replace(HTTP, **costs), cores, storage), "instance")
    sign_in = signing_in("tenant", random.Random(1), is_named=False)  # noqa: S311
    calls = [instance.sign_in(sign_in, deadline) for deadline in deadlines]
    for answer in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(answer, TooManyRequestsError | TimeoutError)
    return asyncio.get_running_loop().time()


@pytest.mark.usefixtures("refused")
def test_a_refused_call_takes_as_much_of_the_core_as_any() -> None:
    assert in_simulated_time(_answered([None] * 50, call_cpu_seconds=0.1)) == pytest.approx(5, abs=0.001)


@pytest.mark.usefixtures("refused")
def test_a_call_whose_caller_has_left_takes_less_but_not_nothing() -> None:
    answered = _answered([None, 0.5, 0.5, None], call_cpu_seconds=1.0, abandoned_cpu_seconds=0.25)

    assert in_simulated_time(answered) == pytest.approx(2.5, abs=0.001)


def test_a_decision_costs_the_process_that_makes_it() -> None:
    dear, cheap = (
        simulate(replace(HTTP, call_cpu_seconds=0, claim_cpu_seconds=seconds), 1, 50, 1, seed=1)
        for seconds in (0.01, 0.0001)
    )

    assert 60 < dear.claims_per_second < 101
    assert cheap.claims_per_second > 500


def test_the_same_seed_gives_the_same_storm_also_where_instances_come_and_go() -> None:
    events = [Event(0.5, Turn.START, 2), Event(1.0, Turn.KILL), Event(1.5, Turn.KILL_LEADER)]
    first, again, other = (simulate_arrivals(HTTP, 3, [NINE], seed, events) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_what_is_carried_is_the_least_of_cores_and_partition() -> None:
    by_size = replace(HTTP, counted_bytes=ENTITY_COUNTED_BYTES)
    load = full_commit_load(by_size)
    one, two, many = (claims_per_second(by_size, instances) for instances in (1, 2, 64))

    # The head, a row for each user, and a journal row of many KiB.
    assert load > USERS_PER_COMMIT + 40
    assert many == pytest.approx(PARTITION_ROWS_PER_SECOND * USERS_PER_COMMIT / load)
    assert 500 < one < 1 / HTTP_CPU_SECONDS
    assert two == min(many, 2 * one)
    assert full_commit_load(replace(HTTP, counted_bytes=None)) == USERS_PER_COMMIT + 2
    assert full_commit_load(by_size, are_named=True) > 1.5 * load


def test_a_storm_at_its_limit_makes_what_is_carried_and_no_more() -> None:
    in_process = replace(HTTP, call_cpu_seconds=0)
    carried = claims_per_second(in_process, 1)

    assert 0.75 * carried < simulate(in_process, 1, 300, 4, seed=1).claims_per_second <= 1.1 * carried
