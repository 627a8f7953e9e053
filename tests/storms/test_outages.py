"""The storage is away for some seconds: everybody is told soon, nothing told is lost, and all works again by itself."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from localhost.audit import Answer
from localhost.data_folder import DataFolder
from localhost.demo.administrator import TEAMS
from localhost.demo.callers import token_issuance_start
from localhost.demo.people import people
from localhost.emulator import Azurite
from localhost.issuer import DevelopmentIssuer
from localhost.ports import free_port
from tests.storms.running_app import RunningApp
from tests.storms.tenant import Tenant, tenant_on, users

AWAY_SECONDS = 5.0
SIGN_IN_SECONDS_MAX = 3.0
ENTRA_SECONDS_MAX = 1.5
HEALTH_SECONDS_MAX = 2.5
RECOVERY_SECONDS_MAX = 5.0
PAUSE_SECONDS = 0.25
"""Between two questions of one kind."""
STORMERS = 400
BEFORE = 100
"""Claims before the storage goes away."""
SEATS = 1000

pytestmark = pytest.mark.slow

_log = logging.getLogger("storms")

Outage = Callable[[Azurite], Coroutine[None, None, None]]
Ask = Callable[[int], Coroutine[None, None, "Reply"]]


@dataclass(frozen=True)
class Reply:
    """What was answered, and when."""

    began: float
    ended: float
    status: int
    headers: Any
    content: Any

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Azurite]:
    """An emulator of this test alone, which keeps its rows and its port."""
    with Azurite(port=free_port(), folder=tmp_path / "rows") as azurite:
        yield azurite


async def stands_still(storage: Azurite) -> None:
    """Connections stay, and nothing is answered."""
    assert storage.process_id is not None
    os.kill(storage.process_id, signal.SIGSTOP)
    try:
        await asyncio.sleep(AWAY_SECONDS)
    finally:
        os.kill(storage.process_id, signal.SIGCONT)


async def is_restarted(storage: Azurite) -> None:
    """Connections break, nobody listens, and then another process has the rows."""
    await asyncio.to_thread(storage.stop)
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(storage.start)


class Asker:
    """Asks a tenant's app again and again, without waiting for answers."""

    def __init__(self, tenant: Tenant, data: DataFolder) -> None:
        self._tenant = tenant
        self._entra = {"Authorization": f"Bearer {DevelopmentIssuer(data).entra_token(tenant.id)}"}
        self._people = people(100)

    async def while_away(self, away: "asyncio.Task[None]", ask: Ask) -> list[Reply]:
        async with asyncio.TaskGroup() as group:
            asked: list[asyncio.Task[Reply]] = []
            while not away.done():
                asked.append(group.create_task(ask(len(asked))))
                await asyncio.sleep(PAUSE_SECONDS)
        return [task.result() for task in asked]

    async def sign_in(self, number: int) -> Reply:
        body = {"tenantId": self._tenant.id, "appId": TEAMS, "user": {"id": f"asker-{number}"}}
        return await self._send("POST", "sign-ins", json=body, headers={"x-functions-key": self._tenant.function_key})

    async def entra(self, number: int) -> Reply:
        event = token_issuance_start(self._tenant.id, self._people[number], str(uuid4()))
        return await self._send("POST", "webhooks/entra/token-issuance-start", json=event, headers=self._entra)

    async def health(self, _number: int) -> Reply:
        return await self._send("GET", "health")

    async def _send(self, method: str, path: str, **options: Any) -> Reply:
        began = time.monotonic()
        async with self._tenant.sessions[0].request(method, path, **options) as response:
            content = await response.json()
        return Reply(began, time.monotonic(), response.status, response.headers, content)


@pytest.mark.parametrize("processes", [1, 4])
@pytest.mark.parametrize("outage", [stands_still, is_restarted])
async def test_an_outage_is_told_soon_and_costs_nothing(
    outage: Outage, processes: int, storage: Azurite, tmp_path: Path
) -> None:
    data = DataFolder(tmp_path / "data")
    with RunningApp(data, storage.port, processes=processes) as app:
        async with tenant_on(storage.port, app) as tenant, asyncio.TaskGroup() as group:
            (sku_id,), _ = await tenant.prepare(SEATS)
            group.create_task(tenant.storm(users(STORMERS)))
            await tenant.until(lambda storm: len(storm.answers) >= BEFORE)

            asker = Asker(tenant, data)
            away = group.create_task(outage(storage))
            kinds = (asker.sign_in, asker.entra, asker.health)
            asking = [group.create_task(asker.while_away(away, kind)) for kind in kinds]
            gone = time.monotonic()
            await away
            back = time.monotonic()
            await tenant.sign_in("first-afterwards")
            recovered = time.monotonic() - back
            sign_ins, entra, health = [await task for task in asking]

        _log.info(
            "longest: sign-in %.2f s, Entra's %.2f s, health %.2f s; works again after %.2f s",
            *(max(reply.seconds for reply in replies) for replies in (sign_ins, entra, health)),
            recovered,
        )
        # The first moment is the storage's going away, and the last its coming back: either answer is right then.
        surely = [[each for each in kind if each.began > gone + 1 and each.ended < back] for kind in (sign_ins, entra)]
        assert {reply.status for reply in surely[0]} == {503}
        assert {outcome_of(reply) for reply in surely[1]} == {"pending"}
        assert all(int(reply.headers["Retry-After"]) >= 1 for reply in sign_ins if reply.status == 503)
        assert {reply.status for reply in sign_ins} <= {200, 503}
        assert {reply.status for reply in entra} == {200}
        assert {(reply.status, reply.content["storage"]) for reply in health} <= {(200, "ok"), (503, "unavailable")}
        assert 503 in {reply.status for reply in health}
        assert max(reply.seconds for reply in sign_ins) < SIGN_IN_SECONDS_MAX
        assert max(reply.seconds for reply in entra) < ENTRA_SECONDS_MAX
        assert max(reply.seconds for reply in health) < HEALTH_SECONDS_MAX
        assert recovered < RECOVERY_SECONDS_MAX

        tenant.answers += [answer_of(f"asker-{n}", reply) for n, reply in enumerate(sign_ins) if reply.status == 200]
        assert tenant.outcomes() == {("claimed", sku_id): len(tenant.answers)}
        tenant.assert_rules_held()


def outcome_of(reply: Reply) -> str:
    outcome: str = reply.content["data"]["actions"][0]["claims"]["autoClaimOutcome"]
    return outcome


def answer_of(user_id: str, reply: Reply) -> Answer:
    content = reply.content
    sku_id = content.get("license", {}).get("skuId")
    return Answer(user_id, user_id, content["outcome"], sku_id, reply.began, reply.ended)
