"""A `make run` of the toy app in a process group of its own, as a terminal would have it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from localhost.data_folder import PROJECT_FOLDER
from localhost.ports import LOOPBACK, free_port

WAIT_SECONDS = 30.0


@dataclass
class LocalRun:
    data: Path
    processes: int = 1
    own_azurite: bool = True
    app: str = "tests.localhost.toy_app"
    preparation: str = ""
    port: int = field(default_factory=free_port)
    table_port: int = field(default_factory=free_port)
    process: "subprocess.Popen[str] | None" = None

    @contextmanager
    def started(self) -> Iterator["subprocess.Popen[str]"]:
        """Runs it; what is left of it at the end of the block is killed."""
        arguments = [self.data, self.port, self.table_port, self.processes, int(self.own_azurite)]
        arguments += [self.app, self.preparation]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.localhost.toy_run", *map(str, arguments)],
            cwd=PROJECT_FOLDER,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield self.process
        finally:
            for process_id in [*self.descendants(), self.process.pid]:
                with_end(process_id, signal.SIGKILL)
            self.process.communicate()

    def wait_until_ready(self) -> str:
        """Gives what it printed, up to the last line of its welcome."""
        assert self.process is not None
        assert self.process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Ctrl-C"):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()
            lines.append(line)
        return "".join(lines)

    def descendants(self) -> list[int]:
        """The processes that it started, and theirs."""
        assert self.process is not None
        found = [self.process.pid]
        for process_id in found:
            for task in Path(f"/proc/{process_id}/task").glob("*/children"):
                try:
                    found.extend(int(child) for child in task.read_text().split())
                except OSError:
                    continue
        return found[1:]

    def call(self, path: str, **options: Any) -> Any:
        response = httpx.get(f"http://{LOOPBACK}:{self.port}/api/{path}", trust_env=False, **options)
        assert response.status_code == 200
        return response.json()

    def serving(self) -> set[int]:
        """The process that answers a call, or nothing while none does."""
        try:
            return {self.call("echo", timeout=2)["process"]}
        except httpx.TransportError:
            return set()


def with_end(process_id: int, number: int) -> None:
    try:
        os.kill(process_id, number)
    except ProcessLookupError:
        return


def is_alive(process_id: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return False


def until(is_true: Callable[[], bool], seconds: float = WAIT_SECONDS) -> float:
    """Looks again until something is true; gives the seconds that it took, and fails after the bound."""
    start = time.monotonic()
    while not is_true():
        assert time.monotonic() - start < seconds, "not true in time"
        time.sleep(0.01)
    return time.monotonic() - start
