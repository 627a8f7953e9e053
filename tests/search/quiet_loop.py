"""An event loop in which time stands still until a test lets it pass: no test waits, and every run is the same."""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from typing import Any, Final

MOMENT_SECONDS: Final = 1e-6
"""Each look at the clock takes so long, so that no two moments are the same, as on a real clock."""


class QuietLoop(asyncio.SelectorEventLoop):
    """Runs what can go on without waiting, and then stops.

    Attributes:
        unasked: What went wrong in tasks and futures that nobody asked for the outcome of.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._until_timer: float | None = None
        self.unasked: list[str] = []
        super().__init__(_Selector(self._nothing_is_ready))
        self.set_exception_handler(self._was_not_asked)

    def time(self) -> float:
        self._now += MOMENT_SECONDS
        return self._now

    @property
    def has_timer(self) -> bool:
        """Whether somebody waits for time to pass."""
        return self._until_timer is not None

    def run_until_quiet(self) -> None:
        """Afterwards nothing can go on before a timer or a call ends."""
        self.run_forever()

    def skip(self, seconds: float) -> None:
        """Let so much time pass at once, as if this had been busy."""
        self._now += seconds

    def pass_time(self) -> None:
        """Let the next timer end, and run until it is quiet again."""
        assert self._until_timer is not None
        self._now += self._until_timer
        self.run_until_quiet()

    def _nothing_is_ready(self, seconds: float | None) -> None:
        self._until_timer = seconds
        self.stop()

    def _was_not_asked(self, _: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        self.unasked.append(f"{context.get('message')}: {context.get('exception')!r}")


class _Selector(selectors.SelectSelector):
    """Never waits: it says instead that the loop would."""

    def __init__(self, would_wait: Callable[[float | None], None]) -> None:
        super().__init__()
        self._would_wait = would_wait

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            self._would_wait(timeout)
        return super().select(0)
