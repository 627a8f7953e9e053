"""People who sign in to some processes of the product at once, and what they are told, in simulated time."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from benchmarks.simulation.costs import Costs
from benchmarks.simulation.machine import Cores
from benchmarks.simulation.simulated_process import Machine, process_on
from benchmarks.simulation.simulated_storage import Counts, SimulatedStorage
from benchmarks.simulation.simulated_time import in_simulated_time
from benchmarks.stage import Process, open_tenant
from benchmarks.storms import percentile
from domain.errors import LedgerUnavailableError, TooManyRequestsError
from domain.sign_ins import Outcome as SignInOutcome
from functions.http.errors import seconds_to_retry
from functions.triggers.sign_ins import SIGN_IN_SECONDS

TRIES: Final = 20
"""How often somebody who is told to repeat does so before giving up."""

SETTLE_SECONDS: Final = 2.0
"""Between setting the tenant up and the storm: nothing of the one slows the other."""


@dataclass(slots=True)
class Tally:
    """What the callers of one process have met with so far."""

    asked: int = 0
    waited: list[float] = field(default_factory=list)
    repeated: int = 0
    gave_up: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a simulated storm.

    Attributes:
        asked: People who signed in.
        claims: Of these, people who were told that they have a license.
        gave_up: People who were told to repeat too often.
        repeated: How often anybody was told to repeat: the storage did not answer, the line was full, or time was up.
        seconds: From the first sign-in to the last answer.
        waited: How long each claim took from the first sign-in, repeats included, in seconds, shortest first.
        shares: Claims by process.
        storage: What the tenant's partition was asked.
    """

    asked: int
    claims: int
    gave_up: int
    repeated: int
    seconds: float
    waited: Sequence[float]
    shares: Sequence[int]
    storage: Counts

    @property
    def claims_per_second(self) -> float:
        """Claims a second, of all processes together."""
        return self.claims / self.seconds

    @property
    def claims_per_commit(self) -> float:
        """How many claims shared a commit."""
        return self.claims / self.storage.commits

    @property
    def p50(self) -> float:
        """Half of the claims took at most so many seconds."""
        return percentile(self.waited, 50)

    @property
    def p99(self) -> float:
        """99 of 100 claims took at most so many seconds."""
        return percentile(self.waited, 99)

    def within(self, seconds: float) -> float:
        """The share of all people who had a license after so many seconds."""
        return sum(waited <= seconds for waited in self.waited) / self.asked


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

    def more(tenant: _Tenant, _process: int) -> bool:
        return tenant.now() < seconds

    return _simulate_callers(costs, processes, callers_per_process, more, seed)


def simulate_users(costs: Costs, processes: int, callers_per_process: int, users: int, seed: int) -> Outcome:
    """The same with so many users, as many at each process, however long it takes: what a benchmark does."""

    def more(tenant: _Tenant, process: int) -> bool:
        return tenant.asked_at(process) < users // processes

    return _simulate_callers(costs, processes, callers_per_process, more, seed)


def _simulate_callers(
    costs: Costs, processes: int, callers: int, more: Callable[["_Tenant", int], bool], seed: int
) -> Outcome:
    async def storm() -> Outcome:
        async with _tenant(costs, processes, seed) as tenant:

            async def caller(process: int) -> None:
                while more(tenant, process):
                    await tenant.claim(process, deadline=None)

            return await tenant.weather([caller(each % processes) for each in range(processes * callers)])

    with _seeded(seed):
        return in_simulated_time(storm())


def simulate_arrivals(costs: Costs, processes: int, users: int, within_seconds: float, seed: int) -> Outcome:
    """New users of one tenant who come when they please: evenly spread at random, to a random process.

    Each waits as long as the API lets them, and comes again when told to, after the time that the answer names.

    Deterministic by seed. Not from within a running event loop.

    Args:
        costs: What everything costs.
        processes: How many processes serve the tenant.
        users: How many people come.
        within_seconds: The time in which they come; 0 for all at once.
        seed: Of everything random.
    """

    async def storm() -> Outcome:
        draw = random.Random(seed)  # noqa: S311 - a simulation
        async with _tenant(costs, processes, seed) as tenant:

            async def arrival(after: float, process: int) -> None:
                await asyncio.sleep(after)
                await tenant.claim(process, deadline=SIGN_IN_SECONDS)

            return await tenant.weather(
                [arrival(draw.uniform(0, within_seconds), draw.randrange(processes)) for _ in range(users)]
            )

    with _seeded(seed):
        return in_simulated_time(storm())


class _Tenant:
    """One tenant, the processes that serve it, and its people."""

    def __init__(self, machine: Machine, tenant_id: str, processes: Sequence[Process]) -> None:
        self._counts = machine.storage.partitions[tenant_id].counts
        self._tenant_id = tenant_id
        self._processes = processes
        self._tallies = [Tally() for _ in processes]
        self._opened = asyncio.get_running_loop().time()

    def now(self) -> float:
        """Simulated seconds since it was opened."""
        return asyncio.get_running_loop().time() - self._opened

    def asked_at(self, process: int) -> int:
        """How many have signed in there."""
        return self._tallies[process].asked

    async def claim(self, process: int, *, deadline: float | None) -> None:
        """Somebody new signs in, until they have a license or give up."""
        tally = self._tallies[process]
        user_id = f"user-{process}-{tally.asked}"
        tally.asked += 1
        began = self.now()
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(deadline):
                    outcome = await self._processes[process].sign_in(self._tenant_id, user_id)
            except (LedgerUnavailableError, TooManyRequestsError, TimeoutError) as error:
                tally.repeated += 1
                await asyncio.sleep(seconds_to_retry(error))
                continue
            if outcome not in {SignInOutcome.CLAIMED, SignInOutcome.ALREADY_LICENSED}:
                raise AssertionError(f"the simulated tenant has a license for everybody, and {user_id} met {outcome}")
            tally.waited.append(self.now() - began)
            return
        tally.gave_up += 1

    async def weather(self, people: Sequence[Coroutine[Any, Any, None]]) -> Outcome:
        """What comes of it when all of them come."""
        before = replace(self._counts)
        began = self.now()
        await asyncio.gather(*people)
        waited = sorted(seconds for tally in self._tallies for seconds in tally.waited)
        gave_up = sum(tally.gave_up for tally in self._tallies)
        return Outcome(
            asked=sum(tally.asked for tally in self._tallies),
            claims=len(waited),
            gave_up=gave_up,
            repeated=sum(tally.repeated for tally in self._tallies),
            seconds=self.now() - began,
            waited=waited,
            shares=[len(tally.waited) for tally in self._tallies],
            storage=self._counts.since(before),
        )


@asynccontextmanager
async def _tenant(costs: Costs, processes: int, seed: int) -> AsyncIterator[_Tenant]:
    """A tenant that has been there for a while, known to each of its processes."""
    cores = Cores(costs.cores)
    machine = Machine(costs, cores, SimulatedStorage(costs, cores, random.Random(seed)))  # noqa: S311 - a simulation
    serving = [process_on(machine, f"process-{number}") for number in range(processes)]
    tenant_id = await open_tenant(serving[0])
    for process in serving:
        await process.ledger.state(tenant_id)
    await asyncio.sleep(SETTLE_SECONDS)
    yield _Tenant(machine, tenant_id, serving)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """The order of turns draws from Python's own source of chance."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)
