"""A process that serves dies in the middle of a storm: what it told stays true, and the others go on."""

import asyncio
import os
import signal

import pytest

from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from tests.storms.running_app import RunningApp
from tests.storms.tenant import tenant_on, users

USERS = 600
SEATS = 500
KILL_AFTER = (100, 200, 300)
"""Numbers of answers after which a process is killed."""


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 4])
async def test_killed_processes_lose_nothing_that_was_told(processes: int, azurite: Azurite, data: DataFolder) -> None:
    with RunningApp(data, azurite.port, processes=processes) as app:
        async with tenant_on(azurite.port, app) as tenant:
            (sku_id,), _ = await tenant.prepare(SEATS)
            storming = asyncio.create_task(tenant.storm(users(USERS)))
            for number in KILL_AFTER:
                await tenant.until(lambda storm, number=number: len(storm.answers) >= number)  # type: ignore[misc]
                os.kill(app.workers()[0], signal.SIGKILL)
            await storming

            assert tenant.broken > 0, "nobody noticed: nothing was killed in the middle"
            assert tenant.outcomes() == {("claimed", sku_id): SEATS, ("noLicenses", None): USERS - SEATS}
            tenant.assert_rules_held()
