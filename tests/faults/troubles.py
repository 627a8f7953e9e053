"""What breaks during a storm besides the network: processes die or stand still, the storage goes away or restarts.

What Azurite 3.35 keeps was tried, ten times, with transactions of 20 rows from six callers (rows acknowledged, then
lost): SIGINT, while busy or quiet: 0 of some 1,200. SIGTERM: 154 of 324 and 206 of 483. SIGKILL: 122 of 352 and 169 of
375. SIGTERM and SIGKILL after 6 s without a request: 0. No transaction was kept by half. It writes its rows every 5 s
and on SIGINT only, so what another signal loses is the emulator's loss and would be held against the product. Here it
is only ended by SIGINT, once no request is under way: what it has acknowledged it then has.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from random import Random

from localhost.emulator import Azurite
from tests.faults.draws import own_draws
from tests.faults.network import CALM, UnreliableNetwork
from tests.faults.serving import ServedApp

STALL_SHARE = 0.3
"""How many troubles of a process are a standstill; the others are its death."""
STALL_SECONDS = (0.3, 3.0)
AWAY_SECONDS = (0.5, 4.0)


class Troubles:
    """Makes trouble until told to stop.

    Attributes:
        happened: How often each trouble happened, by name.
    """

    def __init__(self, apps: Sequence[ServedApp], network: UnreliableNetwork, azurite: Azurite, random: Random) -> None:
        self._apps = apps
        self._network = network
        self._azurite = azurite
        self._random = random
        self.happened: Counter[str] = Counter()

    async def of_processes(self, deadline: float, pauses_seconds: tuple[float, float]) -> None:
        """Processes that serve are killed, or stand still for a while and go on with what they were at."""
        random = own_draws(self._random)
        while await self._goes_on(random, deadline, pauses_seconds):
            app = random.choice(self._apps)
            if random.random() < STALL_SHARE:
                self.happened["stalls"] += app.signal_process(signal.SIGSTOP)
                await asyncio.sleep(random.uniform(*STALL_SECONDS))
                app.signal_process(signal.SIGCONT)
            else:
                self.happened["kills"] += app.signal_process(signal.SIGKILL)

    async def of_the_storage(self, deadline: float, pauses_seconds: tuple[float, float]) -> None:
        """The storage is not reached, does not answer, or is stopped and started on its rows; each in turn at first."""
        random = own_draws(self._random)
        kinds = [self._is_away, self._stands_still, self._restarts]
        random.shuffle(kinds)
        first = iter(tuple(kinds))
        while await self._goes_on(random, deadline, pauses_seconds):
            await next(first, random.choice(kinds))(random)

    async def of_the_network_end(self, deadline: float) -> None:
        """From the deadline on the network is calm, so that what was begun before comes to its end."""
        await asyncio.sleep(deadline - time.monotonic())
        self._network.rates = CALM

    async def _goes_on(self, random: Random, deadline: float, pauses_seconds: tuple[float, float]) -> bool:
        """Pause; whether there is time for one more."""
        pause = random.uniform(*pauses_seconds)
        if time.monotonic() + pause > deadline:
            return False
        await asyncio.sleep(pause)
        return True

    async def _is_away(self, random: Random) -> None:
        self.happened["outages"] += 1
        self._network.go_away()
        await asyncio.sleep(random.uniform(*AWAY_SECONDS))
        self._network.come_back()

    async def _stands_still(self, random: Random) -> None:
        self.happened["standstills"] += 1
        assert self._azurite.process_id is not None
        os.kill(self._azurite.process_id, signal.SIGSTOP)
        try:
            await asyncio.sleep(random.uniform(*AWAY_SECONDS))
        finally:
            os.kill(self._azurite.process_id, signal.SIGCONT)

    async def _restarts(self, _random: Random) -> None:
        self.happened["restarts"] += 1
        self._network.go_away()
        await self._network.quiet()
        await asyncio.to_thread(self._azurite.stop)
        await asyncio.to_thread(self._azurite.start)
        self._network.come_back()
