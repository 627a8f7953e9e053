"""The nightly timer: checks the integrity of every tenant, as GET /integrity does for one.

A round of all tenants begins once a day. Each run goes on where the last one ended, until all are checked. What is
wrong is logged and counted; a run does not fail for it, because to run it again would find the same.
"""

import asyncio
import logging
from typing import Final

import azure.functions as func

from domain.errors import LedgerDamagedError, TenantClosedError
from domain.integrity import Integrity
from domain.upkeep import Tenants
from functions.composition import services
from functions.telemetry.instruments import PROBLEMS
from functions.telemetry.logs import tell
from functions.telemetry.observation import Observation
from functions.timers.rounds import go_round

blueprint = func.Blueprint()  # type: ignore[no-untyped-call]

OPERATION: Final = "check_integrity"

CHECK_SECONDS: Final = 200.0
"""How long a run checks: well below the host's limit of five minutes."""

TENANT_SECONDS: Final = 150.0
"""How long one tenant may take: less than a run, so that the run which begins with it comes to the next one."""

ROUND: Final = "integrity-check"


@blueprint.function_name(OPERATION)
@blueprint.timer_trigger(arg_name="timer", schedule="%INTEGRITY_CHECK_SCHEDULE%", use_monitor=True)
async def check_integrity(timer: func.TimerRequest, context: func.Context = None) -> None:  # type: ignore[assignment]
    """Check every tenant, as far as there is time."""
    del timer
    app = services()
    with Observation(OPERATION) as observation:
        if app.settings.telemetry.is_on:
            observation.begin(context, is_request=False)
        await check_all(app.upkeep, app.integrity, app.settings.retention_days)


async def check_all(tenants: Tenants, integrity: Integrity, retention_days: int) -> None:
    """Check the tenants that the round has not come to yet, until the time is over, and tell how many they were.

    Raises:
        LedgerUnavailableError: The storage did not tell which tenants there are.
    """
    checked = failed = 0

    async def check(tenant_id: str) -> None:
        nonlocal checked, failed
        try:
            async with asyncio.timeout(TENANT_SECONDS):
                await _check(tenant_id, integrity, retention_days)
            checked += 1
        except TenantClosedError:
            return  # it is being deleted, or lives in another storage account
        except Exception as error:  # noqa: BLE001 - one tenant's fault, whatever it is, stops no other
            failed += 1
            text = f"takes over {TENANT_SECONDS} s" if isinstance(error, TimeoutError) else str(error)
            tell(logging.ERROR, f"not checked: {text}", {"operation": OPERATION, "tenant_id": tenant_id})

    at = await go_round(tenants, ROUND, check, CHECK_SECONDS)
    # An alert asks for the words of a round that is over.
    text = f"{checked} tenants are checked" if at.is_over else f"{checked} tenants, and not all, were checked"
    text += f"; {failed} could not be" if failed else ""
    text += "" if at.is_over else f"; the round that began at {at.began:%Y-%m-%d %H:%M} UTC goes on in the next run"
    tell(logging.WARNING if failed else logging.INFO, text, {"operation": OPERATION})


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
