"""Timer functions: on their schedule, and by hand through the host's admin endpoint."""

import asyncio
import logging
from datetime import UTC, datetime

from azure.functions.timer import TimerRequest

from localhost.indexing import TimerFunction, invoke
from localhost.invocation import TraceContext
from localhost.schedule import Schedule, parse_schedule

RUNS_AT_ONCE_MAX = 10
"""Runs by hand that may be under way at once."""
SLEEP_SECONDS_MAX = 3600.0
"""A schedule looks at the clock again at least this often: a laptop sleeps, and clocks are set."""

_logger = logging.getLogger(__name__)


class Timers:
    """Runs timer functions in the running event loop."""

    def __init__(self, functions: tuple[TimerFunction, ...]) -> None:
        self._functions = {function.name.casefold(): function for function in functions}
        self._schedules = {function.name: parse_schedule(function.schedule) for function in functions}
        self._scheduled: set[asyncio.Task[None]] = set()
        self._by_hand: set[asyncio.Task[None]] = set()

    def has(self, name: str) -> bool:
        """Tells whether a timer function has this name; case does not matter."""
        return name.casefold() in self._functions

    def run_by_hand(self, name: str) -> bool:
        """Starts a function in the background. False, and nothing started, while RUNS_AT_ONCE_MAX are under way."""
        if len(self._by_hand) >= RUNS_AT_ONCE_MAX:
            return False
        task = asyncio.create_task(_run(self._functions[name.casefold()]))
        self._by_hand.add(task)
        task.add_done_callback(self._by_hand.discard)
        return True

    def start_schedules(self) -> None:
        """From now on every function runs at its times. One process of an app does this: timers are singletons."""
        for function in self._functions.values():
            self._scheduled.add(asyncio.create_task(_follow(function, self._schedules[function.name])))

    async def stop(self) -> None:
        """Nothing runs any more. What was under way is canceled: the real host kills it, too."""
        tasks = self._scheduled | self._by_hand
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(function: TimerFunction, schedule: Schedule) -> None:
    if function.runs_at_start:
        await _run(function)
    while (due := schedule.next_after(datetime.now(UTC))) is not None:
        while (seconds := (due - datetime.now(UTC)).total_seconds()) > 0:  # noqa: ASYNC110 - nobody can tell when the clock is set
            await asyncio.sleep(min(seconds, SLEEP_SECONDS_MAX))
        await _run(function)


async def _run(function: TimerFunction) -> None:
    try:
        await invoke(function, TimerRequest(past_due=False), TraceContext())
    except Exception:
        _logger.exception("Timer function %s failed", function.name)
