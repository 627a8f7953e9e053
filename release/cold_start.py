"""How long the worker of a new instance imports the app, which a caller waits for."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

IMPORT_SECONDS_MAX: Final = 60.0

_TIMED: Final = """\
import importlib, sys, time
start = time.perf_counter()
importlib.import_module(sys.argv[1])
print(time.perf_counter() - start)
"""


def import_seconds(python: Path, app: Path, modules: Sequence[str], times: int) -> list[float]:
    """Seconds that importing each module takes in a process of its own: the least of several.

    They take turns, so that what else the machine does meets all of them. Packages come with their bytecode, as pip
    leaves them. The app does not, and none is kept: each new instance is taken to compile it.
    """
    rounds = [[_import_seconds(python, app, module) for module in modules] for _ in range(times)]
    return [min(seconds) for seconds in zip(*rounds, strict=True)]


def _import_seconds(python: Path, app: Path, module: str) -> float:
    done = subprocess.run(
        # -P: the app's folder is on the path because of PYTHONPATH alone, and the current one is not.
        [str(python), "-P", "-c", _TIMED, module],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(app), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=app,
        capture_output=True,
        text=True,
        timeout=IMPORT_SECONDS_MAX,
        check=True,
    )
    return float(done.stdout)
