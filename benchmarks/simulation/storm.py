"""People who sign in to some instances of the product at once, and what they are told, in simulated time."""

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from benchmarks.simulation.costs import Costs
from benchmarks.simulation.fleet import CutOffError, Fleet, Instance
from benchmarks.simulation.licensed_before import license_beforehand
from benchmarks.simulation.machine import Cores
from benchmarks.simulation.outcome import TENANT, Answer, Outcome, Tally
from benchmarks.simulation.people import Crowd, Person, people_of, strangers
from benchmarks.simulation.simulated_process import Machine, decisions_cost, process_on
from benchmarks.simulation.simulated_storage import SimulatedStorage
from benchmarks.simulation.simulated_time import in_simulated_time
from benchmarks.stage import open_tenant
from domain.errors import LedgerUnavailableError, TooManyRequestsError
from domain.sign_ins import Outcome as SignInOutcome
from functions.http.errors import seconds_to_retry
from storage.rows.content import user_key

TRIES: Final = 20
"""How often somebody who is told to repeat does so before giving up."""

COLLECTED_AFTER: Final = (50_000, 20, 100)
"""New objects, and rounds of the younger ones, after which Python looks for garbage."""

SETTLE_SECONDS: Final = 2.0
"""Between setting the tenant up and the storm: nothing of the one slows the other."""


class Turn(StrEnum):
    """What happens to the instances."""

    START = "start"
    KILL = "kill"
    KILL_LEADER = "kill the leader"


@dataclass(frozen=True, slots=True)
class Event:
    """Something happens to the instances in a storm.

    Attributes:
        at: When, in seconds since the storm began.
        turn: What.
        instances: To how many.
    """

    at: float
    turn: Turn
    instances: int = 1


def simulate(costs: Costs, processes: int, callers_per_process: int, seconds: float, seed: int) -> Outcome:
    """New users of one tenant, as fast as they are answered: each caller brings the next when the last is done.

    Deterministic by seed. Not from within a running event loop.

    Args:
        costs: What everything costs.
        processes: How many processes serve the tenant.
        callers_per_process: How many wait at each process at the same time.
        seconds: For how long new ones are brought; those under way are answered.
        seed: Of everything random.
    """

    def more(tenant: _Tenant, _asked: int) -> bool:
        return tenant.now() < seconds

    return _simulate_callers(costs, processes, callers_per_process, more, seed)


def simulate_users(costs: Costs, processes: int, callers_per_process: int, users: int, seed: int) -> Outcome:
    """The same with so many users, as many at each process, however long it takes: what a benchmark does."""

    def more(_tenant: _Tenant, asked: int) -> bool:
        return asked < users // processes

    return _simulate_callers(costs, processes, callers_per_process, more, seed)


def _simulate_callers(
    costs: Costs, processes: int, callers: int, more: Callable[["_Tenant", int], bool], seed: int
) -> Outcome:
    async def storm() -> Outcome:
        async with _tenant(costs, processes, seed) as tenant:
            new = strangers(tenant.tenant_id, tenant.draw)

            async def caller(instance: Instance, asked: list[int]) -> None:
                while more(tenant, asked[0]):
                    asked[0] += 1
                    await tenant.serve(Person(tenant.now(), next(new)), lambda: instance)

            async def all_callers() -> None:
                served = [(instance, [0]) for instance in tenant.fleet.instances]
                await asyncio.gather(*(caller(*at) for _ in range(callers) for at in served))

            return await tenant.weather(all_callers)

    return _simulated(costs, storm, seed)


def simulate_arrivals(
    costs: Costs, instances: int, crowds: Sequence[Crowd], seed: int, events: Sequence[Event] = ()
) -> Outcome:
    """People of one tenant who come when they please, over HTTP, which spreads them over the instances at random.

    Each waits as long as their crowd has patience. Who is told to repeat, or gets no answer, comes again, to any
    instance, after the time that an answer names.

    Deterministic by seed. Not from within a running event loop.

    Args:
        costs: What everything costs.
        instances: How many instances serve the tenant at the beginning.
        crowds: Who comes, and when.
        seed: Of everything random.
        events: What happens to the instances meanwhile.
    """

    async def storm() -> Outcome:
        async with _tenant(costs, instances, seed, crowds) as tenant:

            async def everybody() -> None:
                happening = [asyncio.create_task(tenant.happen(event)) for event in events]
                async with asyncio.TaskGroup() as signing_in:
                    for person in tenant.people:
                        await tenant.sleep_until(person.comes)
                        signing_in.create_task(tenant.serve(person, tenant.fleet.any))
                for event in happening:
                    event.cancel()

            return await tenant.weather(everybody)

    return _simulated(costs, storm, seed)


class _Tenant:
    """One tenant, the instances that serve it, and its people."""

    def __init__(
        self, machine: Machine, fleet: Fleet, tenant_id: str, people: Sequence[Person], draw: random.Random
    ) -> None:
        self.fleet = fleet
        self.tenant_id = tenant_id
        self.people = people
        self.draw = draw
        self._partitions = machine.storage.partitions
        self._tally = Tally()
        self._loop = asyncio.get_running_loop()
        self._opened = self._loop.time()

    def now(self) -> float:
        """Simulated seconds since it was opened."""
        return self._loop.time() - self._opened

    async def sleep_until(self, moment: float) -> None:
        """Return at a moment since it was opened, or at once."""
        if moment > self.now():
            await asyncio.sleep(moment - self.now())

    async def happen(self, event: Event) -> None:
        """Let it happen when it is due."""
        await self.sleep_until(event.at)
        for _ in range(event.instances):
            match event.turn:
                case Turn.START:
                    self.fleet.start()
                case Turn.KILL:
                    self.fleet.kill(Fleet.any)
                case Turn.KILL_LEADER:
                    self.fleet.kill(Fleet.leader)

    async def serve(self, person: Person, choose: Callable[[], Instance]) -> None:
        """Somebody signs in, until they are told that they have a license, or give up."""
        tally = self._tally
        tally.asked += 1
        came = self.now()
        was_cut_off = False
        for repeats in range(TRIES):
            try:
                outcome, late = await choose().sign_in(person.sign_in, person.patience)
            except (LedgerUnavailableError, TooManyRequestsError, TimeoutError) as error:
                tally.repeated += 1
                await asyncio.sleep(seconds_to_retry(error))
            except CutOffError as error:
                tally.cut_off += 1
                was_cut_off = True
                await asyncio.sleep(seconds_to_retry(error))
            else:
                self._check(person, outcome)
                waited = self.now() - came + late
                tally.answers.append(Answer(came, waited, person.was_licensed, repeats, was_cut_off))
                return
        tally.gave_up += 1

    def _check(self, person: Person, outcome: SignInOutcome) -> None:
        user_id = person.sign_in.user_id
        is_right = outcome is SignInOutcome.ALREADY_LICENSED
        if not is_right and (person.was_licensed or outcome is not SignInOutcome.CLAIMED):
            raise AssertionError(f"the simulated tenant has a license for everybody, and {user_id} met {outcome}")
        if user_key(user_id) not in self._partitions[self.tenant_id].rows:
            raise AssertionError(f"{user_id} was told of a license, and the storage has none")

    async def weather(self, storm: Callable[[], Awaitable[None]]) -> Outcome:
        """What comes of it when all of them come."""
        before = {name: replace(partition.counts) for name, partition in self._partitions.items()}
        began = self.now()
        await storm()
        tally = self._tally
        return Outcome(
            asked=tally.asked,
            gave_up=tally.gave_up,
            repeated=tally.repeated,
            cut_off=tally.cut_off,
            seconds=self.now() - began,
            answers=tally.answers,
            shares=[instance.answered for instance in self.fleet.instances],
            partitions={
                self._called(name): partition.counts.since(before[name]) if name in before else partition.counts
                for name, partition in self._partitions.items()
            },
        )

    def _called(self, partition: str) -> str:
        return partition.replace(self.tenant_id, "").replace("::", " ").strip(":") or TENANT


@asynccontextmanager
async def _tenant(costs: Costs, instances: int, seed: int, crowds: Sequence[Crowd] = ()) -> AsyncIterator[_Tenant]:
    """A tenant that has been there for a while, known to each of the instances."""
    draw = random.Random(seed)  # noqa: S311 - a simulation
    cores = Cores(costs.cores)
    machine = Machine(costs, cores, SimulatedStorage(costs, cores, random.Random(seed)))  # noqa: S311 - a simulation
    administrators = process_on(machine, "administrators")
    tenant_id = await open_tenant(administrators)
    people = people_of(tenant_id, crowds, draw)
    before = [person.sign_in for person in people if person.was_licensed]
    license_beforehand(machine.storage.partitions[tenant_id], await administrators.ledger.state(tenant_id), before)
    fleet = Fleet(machine, tenant_id, draw)
    for _ in range(instances):
        await fleet.start().meet(tenant_id)
    await asyncio.sleep(SETTLE_SECONDS)
    yield _Tenant(machine, fleet, tenant_id, people, draw)


def _simulated(costs: Costs, storm: Callable[[], Coroutine[Any, Any, Outcome]], seed: int) -> Outcome:
    with _seeded(seed), _seldom_collected(), decisions_cost(costs.claim_cpu_seconds):
        return in_simulated_time(storm())


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Looking for garbage among hundreds of thousands of people who wait takes half of all time."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Who takes over draws from Python's own source of chance."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)
