"""The instances of the app that live just now: HTTP spreads calls over them, they appear, and they are killed."""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random

from benchmarks.simulation.machine import Thread
from benchmarks.simulation.simulated_process import Machine, process_on
from domain.ledger import sign_in_proposal
from domain.sign_ins import Outcome, SignIn
from functions.sources.sign_ins import SIGN_IN_SECONDS


class CutOffError(Exception):
    """The connection broke: nobody knows what became of the call."""


class Instance:
    """One process of the app, behind HTTP.

    Attributes:
        name: What it is called.
        answered: How many people it told something.
    """

    def __init__(self, machine: Machine, name: str) -> None:
        self.name = name
        self.answered = 0
        self._thread = Thread(machine.cores)
        self._costs = machine.costs
        self._process = process_on(machine, name, self._thread)
        self._waiting: dict[asyncio.Timeout, None] = {}

    async def meet(self, tenant_id: str) -> None:
        """Know a tenant before anybody comes."""
        await self._process.ledger.state(tenant_id)

    async def sign_in(self, sign_in: SignIn, patience: float | None) -> tuple[Outcome, float]:
        """What somebody is told, and how much later than now, because the process is busy.

        The API's own time runs from when the call is taken up. Who has no limit to their patience is in the process
        itself, and waits as long as it takes.

        Raises:
            CutOffError: The instance was killed meanwhile.
            TimeoutError: It took longer than the caller's patience, or than the API lets anybody wait.
            LedgerUnavailableError, TooManyRequestsError: They are to come again.
        """
        proposal = sign_in_proposal(sign_in)
        costs = self._costs
        try:
            async with asyncio.timeout(patience) as waiting:
                self._waiting[waiting] = None
                try:
                    await self._thread.work_for(costs.call_cpu_seconds, abandoned_seconds=costs.abandoned_cpu_seconds)
                    async with asyncio.timeout(SIGN_IN_SECONDS if patience else None):
                        answer = (await self._process.ledger.settle(sign_in.tenant_id, proposal)).answer
                finally:
                    del self._waiting[waiting]
        except TimeoutError:
            if self._thread.is_killed:
                raise CutOffError from None
            raise
        self.answered += 1
        return answer.outcome, self._thread.owed_seconds

    def kill(self) -> None:
        """End at once. What it had sent to the storage is carried out."""
        self._thread.is_killed = True
        now = asyncio.get_running_loop().time()
        for waiting in self._waiting:
            if not waiting.expired():
                waiting.reschedule(now)


class Fleet:
    """Instances of the app.

    Attributes:
        instances: All that there ever were, also those that were killed.
    """

    def __init__(self, machine: Machine, tenant_id: str, draw: Random) -> None:
        self.instances: list[Instance] = []
        self._machine = machine
        self._writers = machine.storage.partitions[tenant_id].latest_writers
        self._draw = draw
        self._living: list[Instance] = []

    def start(self) -> Instance:
        """One more, which knows no tenant yet."""
        instance = Instance(self._machine, f"process-{len(self.instances)}")
        self.instances.append(instance)
        self._living.append(instance)
        return instance

    def any(self) -> Instance:
        """Where HTTP sends a call.

        Raises:
            CutOffError: There is none.
        """
        if not self._living:
            raise CutOffError
        return self._draw.choice(self._living)

    def leader(self) -> Instance:
        """The one that made most of the latest commits; any, if none of those lives."""
        commits = Counter(self._writers)
        most = max(self._living, key=lambda instance: commits[instance.name])
        return most if commits[most.name] else self.any()

    def kill(self, choose: Callable[["Fleet"], Instance]) -> None:
        """End one."""
        instance = choose(self)
        self._living.remove(instance)
        instance.kill()
