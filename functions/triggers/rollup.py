"""The timer: counts claims into the report's rows, and removes what is older than retention."""

import asyncio
import logging
from typing import Final

import azure.functions as func

from domain.errors import TenantClosedError
from domain.upkeep import Upkeep
from functions.composition import services
from functions.telemetry.logs import tell
from functions.telemetry.observation import Observation
from functions.telemetry.roll_up import OPERATION, RollUpWatch

blueprint = func.Blueprint()  # type: ignore[no-untyped-call]

RUN_SECONDS: Final = 240.0
"""A run ends before the host's limit of five minutes, and the next goes on."""

STEPS_PER_TENANT: Final = 20
"""Roll-up steps for one tenant in a run, of 500 commits each: one tenant does not keep the others waiting."""


class UpkeepFailedError(Exception):
    """Some tenants could not be kept up; the others were."""


@blueprint.function_name(OPERATION)
@blueprint.timer_trigger(arg_name="timer", schedule="%REPORT_ROLLUP_SCHEDULE%", use_monitor=True)
@blueprint.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:00:30")
async def daily_report_rollup(timer: func.TimerRequest, context: func.Context = None) -> None:  # type: ignore[assignment]
    """Keep every tenant up. A tenant that fails does not stop the others, and makes the run fail at its end."""
    del timer
    app = services()
    days = app.settings.retention_days
    if not app.settings.telemetry.is_on:
        await keep_up(app.upkeep, days)
        return
    with Observation(OPERATION) as observation:
        observation.begin(context, is_request=False)
        await keep_up(app.upkeep, days, RollUpWatch(app.figures, app.now))


async def keep_up(upkeep: Upkeep, retention_days: int, watch: RollUpWatch | None = None) -> None:
    """Roll up and prune every tenant, as far as there is time.

    Raises:
        UpkeepFailedError: Some tenants failed; each is logged.
    """
    failed: list[str] = []
    try:
        async with asyncio.timeout(RUN_SECONDS):
            async for tenant_id in upkeep.tenants():
                is_counted = False
                try:
                    is_counted = await upkeep.roll_up(tenant_id, STEPS_PER_TENANT)
                    await upkeep.prune(tenant_id, retention_days)
                except TenantClosedError:
                    continue  # it is being deleted, or lives in another storage account
                except Exception as error:  # noqa: BLE001 - one tenant's fault, whatever it is, stops no other
                    text = f"not kept up: {type(error).__name__}: {error}"
                    tell(logging.ERROR, text, {"operation": OPERATION, "tenant_id": tenant_id})
                    failed.append(tenant_id)
                if watch:
                    await watch.look(tenant_id, is_counted=is_counted)
    except TimeoutError:
        tell(logging.WARNING, f"ended after {RUN_SECONDS} s; the next run goes on", {"operation": OPERATION})
    if watch:
        watch.tell(len(failed))
    if failed:
        raise UpkeepFailedError(f"{len(failed)} tenants failed, the first are {failed[:5]}")
