"""The timer: counts claims into the report's rows, and removes what is older than retention.

Each hour those tenants are rolled up that were noted to have changed. Once a day a round visits all: it finds what was
never noted, because a process was killed, and prunes. A round takes as many runs as it must, and gives way to notes.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

import azure.functions as func

from domain.errors import LedgerUnavailableError, TenantClosedError
from domain.upkeep import Change, Upkeep
from functions.composition import services
from functions.telemetry.logs import tell
from functions.telemetry.observation import Observation
from functions.telemetry.roll_up import OPERATION, RollUpWatch
from functions.timers.rounds import Pace, go_round, visit_each

blueprint = func.Blueprint()  # type: ignore[no-untyped-call]

RUN_SECONDS: Final = 240.0
"""A run ends before the host's limit of five minutes, and the next goes on."""

CHANGED_SECONDS: Final = 180.0
"""What tenants that changed may have of that: the round of all has the rest, so that it ends whatever changes."""

POSTS_SECONDS: Final = 20.0
"""What removing old posts may have of it. What is left the next run does."""

TENANT_SECONDS: Final = 120.0
"""How long one tenant may take. What it did until then stays done."""

STEPS_PER_TENANT: Final = 20
"""Roll-up steps for one tenant in a run, of 500 commits each: one tenant does not keep the others waiting."""

PRUNING_STEPS_PER_TENANT: Final = 50
"""Steps of pruning for one tenant in a round, of 500 commits each: more than what a day leaves to the next."""

ROUND: Final = "roll-up"
CHANGED_ROUND: Final = "changed"
"""Names of rounds: of all tenants, and of those that changed, where only the place counts that a run ended at."""


class UpkeepFailedError(Exception):
    """Some tenants could not be kept up; the others were."""


@blueprint.function_name(OPERATION)
@blueprint.timer_trigger(arg_name="timer", schedule="%REPORT_ROLLUP_SCHEDULE%", use_monitor=True)
@blueprint.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:00:30")
async def daily_report_rollup(timer: func.TimerRequest, context: func.Context = None) -> None:  # type: ignore[assignment]
    """Keep tenants up. One that fails does not stop the others, and makes the run fail at its end."""
    del timer
    app = services()
    days = app.settings.retention_days
    if not app.settings.telemetry.is_on:
        await keep_up(app.upkeep, days)
        return
    with Observation(OPERATION) as observation:
        observation.begin(context, is_request=False)
        await keep_up(app.upkeep, days, RollUpWatch(app.figures, app.now))


async def keep_up(
    upkeep: Upkeep, retention_days: int, watch: RollUpWatch | None = None, *, everyone: bool = False
) -> None:
    """Roll up the tenants that changed, then go on with the round of all, as far as there is time.

    Args:
        upkeep: The tenants' upkeep.
        retention_days: How long journal and daily counts are kept.
        watch: Looks at every tenant that was visited.
        everyone: Begin a round of all now, whether there was one today or not.

    Raises:
        UpkeepFailedError: Some tenants failed; each is logged.
        LedgerUnavailableError: The storage did not tell whom to visit.
    """
    run = _Run(upkeep, retention_days, watch)
    began = asyncio.get_running_loop().time()
    await run.visit_changed()
    await run.remove_old_posts()
    left = RUN_SECONDS - (asyncio.get_running_loop().time() - began)
    at = await go_round(upkeep, ROUND, run.visit, left, anew=everyone)
    if not at.is_over:
        tell(logging.INFO, "ended with its time; the next run goes on with the round", {"operation": OPERATION})
    if watch:
        watch.tell(len(run.failed))
    if run.failed:
        raise UpkeepFailedError(f"{len(run.failed)} tenants failed, the first are {run.failed[:5]}")


class _Run:
    """One run.

    Attributes:
        failed: The tenants that failed so far.
    """

    def __init__(self, upkeep: Upkeep, retention_days: int, watch: RollUpWatch | None) -> None:
        self._upkeep = upkeep
        self._retention_days = retention_days
        self._watch = watch
        self.failed: list[str] = []

    async def visit_changed(self) -> None:
        """Roll up those that changed, as far as there is time, beginning behind where the last run ended."""
        changes = await self._upkeep.changes()
        if not changes:
            return
        at = await self._upkeep.round(CHANGED_ROUND)

        async def reached(change: Change) -> None:
            with suppress(LedgerUnavailableError):
                await self._upkeep.keep_round(CHANGED_ROUND, replace(at, after=change.tenant_id))

        try:
            async with asyncio.timeout(CHANGED_SECONDS):
                pace = Pace(self._upkeep.unanswered)
                await visit_each(_from(changes, at.after), self._visit_changed, pace, reached)
        except TimeoutError:
            text = f"ended after {CHANGED_SECONDS} s with changed tenants; the next run goes on"
            tell(logging.WARNING, text, {"operation": OPERATION})

    async def remove_old_posts(self) -> None:
        """Remove what processes wrote to each other a day ago, as far as there is time."""
        try:
            async with asyncio.timeout(POSTS_SECONDS):
                await self._upkeep.remove_old_posts()
        except (LedgerUnavailableError, TimeoutError) as error:
            text = f"old posts are not all removed; the next run goes on: {type(error).__name__}: {error}"
            tell(logging.WARNING, text, {"operation": OPERATION})

    async def _visit_changed(self, change: Change) -> None:
        await self._kept_up(change.tenant_id, change)

    async def visit(self, tenant_id: str) -> None:
        """Roll up and prune a tenant of the round. If that must go on, the next run does so and not the next round."""
        if not await self._kept_up(tenant_id):
            with suppress(LedgerUnavailableError):
                await self._upkeep.note_change(tenant_id)

    async def _kept_up(self, tenant_id: str, change: Change | None = None) -> bool:
        """Whether nothing is left to do for a tenant, for now; takes the note of its change away if there is one."""
        is_counted, is_failed = False, False
        try:
            async with asyncio.timeout(TENANT_SECONDS):
                is_counted = await self._upkeep.roll_up(tenant_id, STEPS_PER_TENANT)
                if change is None:
                    await self._prune(tenant_id)
                elif is_counted:
                    await self._upkeep.forget_change(change)
        except TenantClosedError:
            return True  # it is being deleted, or lives in another storage account
        except Exception as error:  # noqa: BLE001 - one tenant's fault, whatever it is, stops no other
            text = f"not kept up: {type(error).__name__}: {error}"
            tell(logging.ERROR, text, {"operation": OPERATION, "tenant_id": tenant_id})
            self.failed.append(tenant_id)
            is_failed = True
        if self._watch:
            await self._watch.look(tenant_id, is_counted=is_counted)
        return is_counted and not is_failed

    async def _prune(self, tenant_id: str) -> None:
        for _ in range(PRUNING_STEPS_PER_TENANT):
            if await self._upkeep.prune(tenant_id, self._retention_days):
                return


async def _from(changes: Sequence[Change], after: str) -> AsyncIterator[Change]:
    """All changes, beginning behind a tenant: if there was no time for all, others come first the next time."""
    for change in sorted(changes, key=lambda change: (change.tenant_id <= after, change.tenant_id)):
        yield change
