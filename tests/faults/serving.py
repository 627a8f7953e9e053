"""Processes of the app that die, stand still and have clocks of their own: a run of one process for each clock."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.ports import LOOPBACK, free_port

START_SECONDS = 60.0
STOP_SECONDS = 30.0
CLOCK_AHEAD_SECONDS = "CLOCK_AHEAD_SECONDS"
"""What tests/faults/app_with_wrong_clock.py reads."""

_WELCOME_ENDS = "Ctrl-C stops it."


class ServedApp:
    """One run of the app: a supervisor and the process that serves. The supervisor starts it again when it dies."""

    def __init__(self, data: DataFolder, table_port: int, clock_ahead_seconds: float) -> None:
        self.port = free_port()
        self.address = f"http://{LOOPBACK}:{self.port}/"
        self.clock_ahead_seconds = clock_ahead_seconds
        self._command = (data.path, self.port, table_port)
        self._output = data.path / f"app-{self.port}.txt"
        self._run: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, without waiting."""
        # A file, because nobody reads a pipe while the app serves, and it would stand still once that is full.
        with self._output.open("wb") as output:
            self._run = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.run_app", *map(str, self._command)],
                cwd=PROJECT_FOLDER,
                env={**os.environ, CLOCK_AHEAD_SECONDS: str(self.clock_ahead_seconds)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def serves(self) -> None:
        """Return once it serves for the first time."""
        assert self._run is not None
        deadline = time.monotonic() + START_SECONDS
        while _WELCOME_ENDS not in self.said():
            assert self._run.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            await asyncio.sleep(0.05)

    def stop(self) -> None:
        """Afterwards neither the supervisor nor the process is left."""
        if self._run is None:
            return
        self.signal_process(signal.SIGCONT)
        self._run.terminate()
        try:
            self._run.wait(STOP_SECONDS)
        finally:
            self._run.kill()
            self._run.wait()

    def signal_process(self, number: signal.Signals) -> bool:
        """Send a signal to the process that serves; whether there was one."""
        process_id = self._process_id()
        if process_id is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, number)
            return True
        return False

    def said(self) -> str:
        """What it printed."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def _process_id(self) -> int | None:
        assert self._run is not None
        try:
            children = Path(f"/proc/{self._run.pid}/task/{self._run.pid}/children").read_text().split()
            commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
        except FileNotFoundError:
            return None  # it ended while this looked
        return next((child for child, command in commands.items() if b"localhost.worker" in command), None)
