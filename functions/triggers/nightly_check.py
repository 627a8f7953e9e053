"""The nightly timer: checks the integrity of every tenant, as GET /integrity does for one.

Each run begins at another tenant, so that those whom one had no time for come first in some other. What is wrong is
logged and counted; a run does not fail for it, because to run it again would find the same.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from time import monotonic
from typing import Final

import azure.functions as func

from domain.errors import LedgerDamagedError, LedgerError, TenantClosedError
from domain.integrity import Integrity
from functions.composition import services
from functions.telemetry.instruments import PROBLEMS
from functions.telemetry.logs import tell
from functions.telemetry.observation import Observation

blueprint = func.Blueprint()  # type: ignore[no-untyped-call]

OPERATION: Final = "check_integrity"

CHECK_SECONDS: Final = 200.0
"""How long a run checks: well below the host's limit of five minutes."""

COUNT_SECONDS: Final = 30.0
"""How long it then counts the tenants that it had no time for."""


@blueprint.function_name(OPERATION)
@blueprint.timer_trigger(arg_name="timer", schedule="%INTEGRITY_CHECK_SCHEDULE%", use_monitor=True)
async def check_integrity(timer: func.TimerRequest, context: func.Context = None) -> None:  # type: ignore[assignment]
    """Check every tenant, as far as there is time."""
    del timer
    app = services()
    with Observation(OPERATION) as observation:
        if app.settings.telemetry.is_on:
            observation.begin(context, is_request=False)
        await check_all(app.upkeep.tenants(), app.integrity, app.settings.retention_days)


async def check_all(tenants: AsyncIterator[str], integrity: Integrity, retention_days: int) -> None:
    """Check tenant after tenant until the time is over, and tell how many were checked and how many were not."""
    ends = monotonic() + CHECK_SECONDS
    checked = failed = unreached = 0
    async for tenant_id in tenants:
        left = ends - monotonic()
        if left <= -COUNT_SECONDS:
            break
        if left <= 0:
            unreached += 1
            continue
        try:
            async with asyncio.timeout(left):
                await _check(tenant_id, integrity, retention_days)
            checked += 1
        except TimeoutError:
            unreached += 1
        except TenantClosedError:
            continue  # it is being deleted, or lives in another storage account
        except LedgerError as error:
            failed += 1
            tell(logging.ERROR, f"not checked: {error}", {"operation": OPERATION, "tenant_id": tenant_id})
    level = logging.WARNING if failed or unreached else logging.INFO
    text = f"{checked} tenants are checked; {failed} could not be, and for {unreached} or more there was no time"
    tell(level, text if failed or unreached else f"{checked} tenants are checked", {"operation": OPERATION})


async def _check(tenant_id: str, integrity: Integrity, retention_days: int) -> None:
    """Check a tenant to the end: each step is bounded, and all of them by the caller's time."""
    progress = None
    while True:
        try:
            step = await integrity.step(tenant_id, progress, retention_days)
        except LedgerDamagedError as error:
            _tell_problem(tenant_id, str(error))
            return
        for found in step.discrepancies:
            _tell_problem(tenant_id, f"{found.kind} at {found.target} : {found.message}")
        progress = step.progress
        if progress is None:
            return


def _tell_problem(tenant_id: str, text: str) -> None:
    PROBLEMS.add(1, {"tenant_id": tenant_id})
    tell(logging.ERROR, text, {"operation": OPERATION, "tenant_id": tenant_id})
