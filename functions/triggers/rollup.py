"""The timer: counts claims into the report's rows, and removes what is older than retention."""

import asyncio
import logging
from typing import Final

import azure.functions as func

from domain.errors import TenantClosedError
from domain.upkeep import Upkeep
from functions.composition import services

blueprint = func.Blueprint()  # type: ignore[no-untyped-call]

RUN_SECONDS: Final = 240.0
"""A run ends before the host's limit of five minutes, and the next goes on."""

STEPS_PER_TENANT: Final = 20
"""Roll-up steps for one tenant in a run, of 500 commits each: one tenant does not keep the others waiting."""

_log = logging.getLogger("autoclaim")


class UpkeepFailedError(Exception):
    """Some tenants could not be kept up; the others were."""


@blueprint.function_name("daily_report_rollup")
@blueprint.timer_trigger(arg_name="timer", schedule="%REPORT_ROLLUP_SCHEDULE%", use_monitor=True)
@blueprint.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:00:30")
async def daily_report_rollup(timer: func.TimerRequest) -> None:
    """Keep every tenant up. A tenant that fails does not stop the others, and makes the run fail at its end."""
    del timer
    app = services()
    await keep_up(app.upkeep, app.settings.retention_days)


async def keep_up(upkeep: Upkeep, retention_days: int) -> None:
    """Roll up and prune every tenant, as far as there is time.

    Raises:
        UpkeepFailedError: Some tenants failed; each is logged.
    """
    failed: list[str] = []
    try:
        async with asyncio.timeout(RUN_SECONDS):
            async for tenant_id in upkeep.tenants():
                try:
                    await upkeep.roll_up(tenant_id, STEPS_PER_TENANT)
                    await upkeep.prune(tenant_id, retention_days)
                except TenantClosedError:
                    continue  # it is being deleted, or lives in another storage account
                except Exception as error:  # noqa: BLE001 - one tenant's fault, whatever it is, stops no other
                    _log.error("operation=daily_report_rollup tenant=%s error=%s", tenant_id, error)
                    failed.append(tenant_id)
    except TimeoutError:
        _log.warning("operation=daily_report_rollup ended after %s s; the next run goes on", RUN_SECONDS)
    if failed:
        raise UpkeepFailedError(f"{len(failed)} tenants failed, the first are {failed[:5]}")
