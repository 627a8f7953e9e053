"""Operators in a storm: they delete a tenant, by the product's own command, and set it up anew.

The command is killed in the middle, overtaken by another one, or stands still until another one has completed the
deletion, and goes on in the tenant's next life.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping
from random import Random

from localhost.data_folder import PROJECT_FOLDER
from tests.faults.account import DeletionTold
from tests.faults.network import LATE_SECONDS
from tests.faults.tenant import StormTenant
from tests.faults.witness import Witness

RUN_SECONDS_MAX = 120.0
"""How long a run may take: it is cut off by nothing but its own bounds."""
RUNS_MAX = 40
"""How often the command is run again while it says that the deletion is not complete."""
BEGINNINGS_MAX = 20
"""How often the tenant is set up anew while what is set up is deleted."""
PAUSE_SECONDS = 0.3
MIDDLE_SECONDS_MAX = 0.2
"""How long after its first deletion of rows a run is killed or stopped."""
ANYWHERE_SHARE = 0.3
"""How many are killed or stopped anywhere instead."""
ANYWHERE_SECONDS_MAX = 3.0
STANDSTILL_SECONDS = (0.0, 12.0)
"""How long a run stands still in the tenant's next life."""
AFTERLIFE_SECONDS = LATE_SECONDS[1] + 10.0
"""What a run has sent without an answer has arrived by then, also where it was late and the storage away."""


class OperatorAtWork:
    """An operator of a tenant, who deletes it now and then.

    Attributes:
        happened: What became of runs, by name.
    """

    def __init__(
        self, tenant: StormTenant, random: Random, environment: Mapping[str, str], witness: Witness, seats: int
    ) -> None:
        self._tenant = tenant
        self._seats = seats
        self._random = random
        self._environment = environment
        self._witness = witness
        self._runs: list[_Run] = []
        self.happened: Counter[str] = Counter()

    async def work_until(self, deadline: float, pauses_seconds: tuple[float, float], times_max: int) -> None:
        """Delete the tenant and begin again, each way in turn at first; what was begun is completed, however late."""
        ways = [self._killed, self._two_at_once, self._overtaken]
        self._random.shuffle(ways)
        first = iter(tuple(ways))
        ways.append(self._undisturbed)
        async with asyncio.TaskGroup() as group:
            for _ in range(times_max):
                pause = self._random.uniform(*pauses_seconds)
                if time.monotonic() + pause > deadline:
                    return
                await asyncio.sleep(pause)
                await next(first, self._random.choice(ways))(group)
                await self._begin_again()

    async def _undisturbed(self, _group: asyncio.TaskGroup) -> None:
        await self._surely()

    async def _two_at_once(self, _group: asyncio.TaskGroup) -> None:
        self.happened["deletions at once"] += 1
        await asyncio.gather(self._surely(), self._surely())

    async def _killed(self, _group: asyncio.TaskGroup) -> None:
        run = await self._in_the_middle()
        if run:
            self.happened["deletions killed"] += run.signal(signal.SIGKILL)
            await run.over()
            await self._surely()

    async def _overtaken(self, group: asyncio.TaskGroup) -> None:
        """One stands still while another completes what it began; then it goes on, in the next life."""
        run = await self._in_the_middle()
        if run is None:
            return
        self.happened["deletions stopped"] += run.signal(signal.SIGSTOP)
        try:
            await self._surely()
        except BaseException:
            run.signal(signal.SIGKILL)
            raise
        group.create_task(self._goes_on(run))

    async def _goes_on(self, run: "_Run") -> None:
        try:
            await asyncio.sleep(self._random.uniform(*STANDSTILL_SECONDS))
            run.signal(signal.SIGCONT)
            await run.over()
        finally:
            run.signal(signal.SIGKILL)
        # One that had been stopped before it did anything rightly deletes what it finds now, or half of it.
        await self._begin_again()

    async def _begin_again(self) -> None:
        """Set the tenant up anew. Where a deletion goes on or was cut off, it is completed before."""
        for _ in range(BEGINNINGS_MAX):
            if await self._tenant.begins_again(self._random, self._seats):
                return
            await self._surely()
        self._tenant.account.strange.append(f"the tenant could not be set up {BEGINNINGS_MAX} times")

    async def _surely(self) -> None:
        """Run the command until it says that the tenant is deleted."""
        for _ in range(RUNS_MAX):
            if await (await self._begun()).over() == 0:
                return
            await asyncio.sleep(PAUSE_SECONDS)
        self._tenant.account.strange.append(f"delete-tenant was not done by {RUNS_MAX} runs")

    async def _begun(self) -> "_Run":
        self.happened["deletions"] += 1
        run = await _Run.begin(self._tenant, self._environment)
        self._runs.append(run)
        return run

    async def _in_the_middle(self) -> "_Run | None":
        """A run in the middle of its work; None if none was caught there, and the tenant is deleted."""
        for _ in range(RUNS_MAX):
            run = await self._begun()
            await self._passes(run)
            if run.is_under_way:
                return run
            if await run.over() == 0:
                return None
        return None

    async def _passes(self, run: "_Run") -> None:
        """Return when a run is somewhere in its work, mostly where it deletes rows, or has ended."""
        over = asyncio.create_task(run.wait())
        if self._random.random() < ANYWHERE_SHARE:
            await asyncio.wait([over], timeout=self._random.random() * ANYWHERE_SECONDS_MAX)
        else:
            removes = asyncio.create_task(self._witness.removes(self._tenant.id))
            await asyncio.wait([over, removes], return_when=asyncio.FIRST_COMPLETED)
            if removes.done() and all(each is run or each.is_past(time.monotonic()) for each in self._runs):
                run.removing = time.monotonic()
            removes.cancel()
            await asyncio.wait([over], timeout=self._random.random() * MIDDLE_SECONDS_MAX)
        over.cancel()


class _Run:
    """One run of the command that deletes a tenant, in a process of its own.

    Attributes:
        removing: When it was seen to remove rows, and it was nobody else.
    """

    def __init__(self, tenant: StormTenant, process: asyncio.subprocess.Process, began: float) -> None:
        self._account = tenant.account
        self._process = process
        self._began = began
        self._past: float | None = None
        self.removing: float | None = None

    @classmethod
    async def begin(cls, tenant: StormTenant, environment: Mapping[str, str]) -> "_Run":
        """Start it, without waiting."""
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "functions.operate", "delete-tenant", tenant.id, "--yes"),
            cwd=PROJECT_FOLDER,
            env=environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(tenant, process, began)

    @property
    def is_under_way(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    def is_past(self, now: float) -> bool:
        """Whether it has ended, and all that it has sent has arrived."""
        return self._past is not None and self._past < now

    def signal(self, number: signal.Signals) -> bool:
        """Send it a signal; whether it was still there."""
        if self._process.returncode is not None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, number)
            return True
        return False

    async def wait(self) -> None:
        """Return once it has ended."""
        await self._process.wait()

    async def over(self) -> int | None:
        """Keep how it ended; gives what it said, None if it was killed."""
        try:
            async with asyncio.timeout(RUN_SECONDS_MAX):
                _, said = await self._process.communicate()
        except TimeoutError:
            self._account.strange.append(f"delete-tenant ran for more than {RUN_SECONDS_MAX} s")
            self._process.kill()
            _, said = await self._process.communicate()
        finally:
            self.signal(signal.SIGKILL)  # only if this is cancelled
        code = self._process.returncode
        self._past = time.monotonic() + (0 if code == 0 else AFTERLIFE_SECONDS)
        exit_code = None if code == -signal.SIGKILL else code
        self._account.deletions.append(DeletionTold(self._began, self._past, exit_code, self.removing))
        if exit_code not in {None, 0, 1} or b"Traceback" in said:
            self._account.strange.append(f"delete-tenant ended with {code}: {said.decode(errors='replace')}")
        return exit_code
