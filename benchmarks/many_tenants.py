"""python -m benchmarks.many_tenants [docs/capacity.md]: what the timers do for many tenants, in simulated time.

Takes some minutes. Puts the table between the two comments that name this command, or prints it. The product's own
timers run, on a clock that jumps and tables in memory (benchmarks/tenants_in_memory.py).
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.simulation.simulated_time import in_simulated_time
from benchmarks.tenants_in_memory import SimulatedApp
from domain.errors import LedgerUnavailableError
from functions.telemetry.roll_up import RollUpWatch
from functions.timers.nightly_check import ROUND as CHECK_ROUND
from functions.timers.nightly_check import check_all
from functions.timers.roll_up import ROUND, UpkeepFailedError, keep_up

BEGIN: Final = "<!-- python -m benchmarks.many_tenants docs/capacity.md -->\n"
END: Final = "<!-- end of what that command wrote -->\n"

TENANTS: Final = 50_000
CHANGED: Final = 2_000
CHECKED: Final = 20_000
LEFT_BY_SIGN_INS: Final = 200
"""Calls a second that a busy account leaves to the timers, in the last line of the table."""

RETENTION_DAYS: Final = 400
RUNS_MAX: Final = 50
TITLES: Final = ("what", "runs", "seconds", "calls", "calls a second", "refused")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one line of the table.

    Attributes:
        runs: Runs of the timer that it took.
        seconds: How long they took together.
        calls: Calls of the storage.
        refused: How many of these were answered "too busy".
    """

    runs: int
    seconds: float
    calls: int
    refused: int


def main(document: Path | None) -> None:
    """Make the table, and print it or put it into the document."""
    logging.disable(logging.CRITICAL)
    text = _table(TITLES, _lines())
    if document is None:
        sys.stdout.write(text)
        return
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{document} lacks the lines {BEGIN!r} and {END!r}, between which the table goes")
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def hourly(tenants: int, changed: int, calls_per_second: int | None = None) -> Outcome:
    """Some of the tenants changed; the round of all was over before. Runs until all of these are counted."""

    async def simulation() -> Outcome:
        app = await SimulatedApp.with_tenants(tenants, changed, calls_per_second)
        await app.end_round(ROUND)

        async def run() -> bool:
            await _kept_up(app)
            return not await app.upkeep.changes()

        return await _measured(app, run)

    return in_simulated_time(simulation())


def nightly_round(tenants: int) -> Outcome:
    """The round of all tenants, none of which changed."""

    async def simulation() -> Outcome:
        app = await SimulatedApp.with_tenants(tenants)

        async def run() -> bool:
            await _kept_up(app)
            return (await app.upkeep.round(ROUND)).is_over

        return await _measured(app, run)

    return in_simulated_time(simulation())


def nightly_check(tenants: int) -> Outcome:
    """The integrity of all tenants."""

    async def simulation() -> Outcome:
        app = await SimulatedApp.with_tenants(tenants)

        async def run() -> bool:
            await check_all(app.upkeep, app.integrity, RETENTION_DAYS)
            return (await app.upkeep.round(CHECK_ROUND)).is_over

        return await _measured(app, run)

    return in_simulated_time(simulation())


def enumeration(tenants: int) -> Outcome:
    """Which tenants there are, and nothing else."""

    async def simulation() -> Outcome:
        app = await SimulatedApp.with_tenants(tenants)

        async def run() -> bool:
            found = [each async for each in app.upkeep.tenants()]
            if len(found) != tenants:
                raise AssertionError(f"{len(found)} of {tenants} tenants were found")
            return True

        return await _measured(app, run)

    return in_simulated_time(simulation())


async def _kept_up(app: SimulatedApp) -> None:
    """A run of the timer. Tenants may fail for it where the storage refuses calls: the next run goes on."""
    try:
        await keep_up(app.upkeep, RETENTION_DAYS, RollUpWatch(app.figures, app.clock.now))
    except (UpkeepFailedError, LedgerUnavailableError):
        if not app.storage.is_limited:
            raise


async def _measured(app: SimulatedApp, run: Callable[[], Awaitable[bool]]) -> Outcome:
    """What it takes to run until a run says that nothing is left."""
    clock = asyncio.get_running_loop().time
    before = app.storage.calls
    seconds = 0.0
    for runs in range(1, RUNS_MAX + 1):
        began = clock()
        is_done = await run()
        seconds += clock() - began
        if is_done:
            return Outcome(runs, seconds, app.storage.calls - before, app.storage.refused)
    raise AssertionError(f"not done in {RUNS_MAX} runs")


def _lines() -> Iterable[Sequence[str]]:
    yield _line(f"which {TENANTS:,} tenants there are", enumeration(TENANTS))
    yield _line(f"the hour: {CHANGED:,} changed of {TENANTS:,} tenants", hourly(TENANTS, CHANGED))
    yield _line(f"the round of all {TENANTS:,} tenants", nightly_round(TENANTS))
    yield _line(f"the check of {CHECKED:,} tenants", nightly_check(CHECKED))
    throttled = f"the hour, where sign-ins leave {LEFT_BY_SIGN_INS} calls a second"
    yield _line(throttled, hourly(TENANTS, CHANGED, LEFT_BY_SIGN_INS))


def _line(what: str, outcome: Outcome) -> Sequence[str]:
    rate = outcome.calls / outcome.seconds
    refused = f"{100 * outcome.refused / outcome.calls:.1f} %"
    return what, str(outcome.runs), f"{outcome.seconds:,.0f}", f"{outcome.calls:,}", f"{rate:,.0f}", refused


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
