"""The app on a machine whose clock is wrong. A worker of the local host imports it in place of function_app.

What is wrong is the clock of commits, reports and retention (storage/tables/clock.py). The clock that tokens are
checked by stays right: on one that is minutes behind, a token made just now is rightly refused as not valid yet, and
the storm would only see administrators kept out.
"""

import os
from datetime import datetime, timedelta

from storage.tables.clock import StorageClock, system_time
from tests.faults.serving import CLOCK_AHEAD_SECONDS

_AHEAD = timedelta(seconds=float(os.environ[CLOCK_AHEAD_SECONDS]))


def wrong_time() -> datetime:
    """The process's own clock, off by as much as the environment says."""
    return system_time() + _AHEAD


StorageClock.__init__.__defaults__ = (wrong_time,)

from function_app import app  # noqa: E402 - only now, so that everything it makes has the wrong clock

__all__ = ["app"]
