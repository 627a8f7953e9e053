"""Starts the processes of a local run, starts those that die again, and stops them in the order that loses nothing.

Everything happens in one thread that looks at its children some times a second. Signals only leave a mark, which every
wait here looks at: so a signal is never lost, however early it comes, and a second one cannot break the saving.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from localhost.app_settings import app_environment
from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.emulator import Azurite, AzuriteError
from localhost.ports import LOOPBACK, check_port, reserve_port
from localhost.worker_process import DRAIN_SECONDS, WorkerProcess

POLL_SECONDS = 0.05
START_SECONDS = 60.0
"""From the first process to all serving: a fresh machine compiles every module first."""
STOP_SECONDS = DRAIN_SECONDS + 3.0
"""After this a process that was asked to end is killed."""
START_DEATHS_MAX = 2
"""A process that dies so often before all serve will not start."""
RESTARTS_AT_ONCE = 5
"""So many deaths within RESTART_WINDOW_SECONDS are answered at once; after that, one each RESTART_PAUSE_SECONDS."""
RESTART_WINDOW_SECONDS = 10.0
RESTART_PAUSE_SECONDS = 1.0

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartError(Exception):
    """The run cannot start; the message says why."""


class StopRequestedError(Exception):
    """A signal asked this run to end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run.

    Attributes:
        data: Keeps the keys and, when `own_azurite`, the rows.
        port: Where the app is served.
        table_port: Where the tables are, or are to be, served.
        processes: How many processes serve the app.
        own_azurite: Start Azurite, or use the one that runs at `table_port`.
        app: The module whose `app` is the FunctionApp.
        preparation: A module that is run once before the app is served, or None.
        serves_portal: Serve the administrator's pages beside the app.
    """

    data: DataFolder
    port: int
    table_port: int
    processes: int = 1
    own_azurite: bool = True
    app: str = "function_app"
    preparation: str | None = "functions.create_tables"
    serves_portal: bool = False


@dataclass(slots=True)
class Restarts:
    """When a process that died may be started again."""

    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS_AT_ONCE))
    due: float | None = None

    def note_death(self, now: float) -> None:
        """Decides when: at once, or after a pause when it keeps dying."""
        keeps_dying = len(self.deaths) == RESTARTS_AT_ONCE and now - self.deaths[0] < RESTART_WINDOW_SECONDS
        self.deaths.append(now)
        self.due = now + RESTART_PAUSE_SECONDS if keeps_dying else now


class Supervisor:
    """Keeps a plan running. Make one in the main thread: it takes over SIGINT, SIGTERM and SIGHUP."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._signals: list[int] = []
        self._azurite: Azurite | None = None
        self._azurite_restarts = Restarts()
        self._workers: list[tuple[WorkerProcess, Restarts]] = []
        self._tasks: list[subprocess.Popen[bytes]] = []
        self._reserved: socket.socket | None = None
        self._environment: dict[str, str] = {}
        for number in _SIGNALS:
            # nohup ignores SIGHUP on purpose.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._note_signal)

    def start(self) -> None:
        """Afterwards the storage is prepared and every process of the app listens.

        Raises:
            PortTakenError: A port is not free; nothing was started.
            StartError, AzuriteError: Something did not start; `stop` ends what did.
            StopRequestedError: A signal came.
        """
        plan = self._plan
        self._reserved = reserve_port(plan.port)
        self._environment = app_environment(plan.data, plan.table_port, os.environ)
        if plan.own_azurite:
            check_port(plan.table_port)
            self._start_azurite(Azurite(port=plan.table_port, folder=plan.data.azurite))
        else:
            _check_azurite(plan.table_port)
        if plan.preparation is not None:
            self._prepare(plan.preparation)
        for place in range(plan.processes):
            # Timers are singletons in Azure: one process runs them here.
            worker = WorkerProcess(self._worker_command(runs_timers=place == 0), self._environment)
            self._workers.append((worker, Restarts()))
            worker.spawn()
        self._wait(lambda: all(worker.is_ready() for worker, _ in self._workers), "the app")

    def run_beside(self, *command: str, wait_seconds: float) -> None:
        """Runs a Python module with the app's settings while the app serves, and waits for its end, but no longer.

        It is not started again, and ended when the run ends. Without a wait it goes on beside what comes next.

        Raises:
            StopRequestedError: A signal came.
        """
        process = self._spawn(*command)
        self._tasks.append(process)
        deadline = time.monotonic() + wait_seconds
        while process.poll() is None and time.monotonic() < deadline:
            self._pause()
            self._revive()

    def watch(self) -> None:
        """Starts again what dies, until a signal comes.

        Raises:
            StopRequestedError: Always, in the end.
        """
        while True:
            self._pause()
            self._revive()

    def stop(self) -> None:
        """Afterwards no process is left, acknowledged rows are saved and both ports are free. Signals don't stop it.

        Raises:
            AzuriteError: Azurite had to be killed.
        """
        processes = [*self._tasks, *(worker.process for worker, _ in self._workers if worker.process is not None)]
        for process in processes:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for worker, _ in self._workers:
            worker.close()
        # Last, so that requests under way could still be answered.
        if self._azurite is not None:
            self._azurite.stop()
        if self._reserved is not None:
            self._reserved.close()

    def _note_signal(self, number: int, _frame: FrameType | None) -> None:
        self._signals.append(number)

    def _pause(self) -> None:
        if self._signals:
            raise StopRequestedError
        time.sleep(POLL_SECONDS)

    def _wait(self, is_done: Callable[[], bool], name: str) -> None:
        """Waits during the start. What dies is started again, but what keeps dying ends the run."""
        deadline = time.monotonic() + START_SECONDS
        while not is_done():
            if time.monotonic() > deadline:
                raise StartError(f"{name} did not start within {START_SECONDS:.0f} s")
            self._pause()
            self._revive()
            if any(len(restarts.deaths) >= START_DEATHS_MAX for _, restarts in self._workers):
                raise StartError("the app does not start; its messages are above")

    def _start_azurite(self, azurite: Azurite) -> None:
        azurite.spawn()
        self._azurite = azurite
        deadline = time.monotonic() + START_SECONDS
        while not azurite.is_ready():
            if not azurite.is_running() or time.monotonic() > deadline:
                raise StartError(f"Azurite did not start on port {azurite.port}: {azurite.output()}")
            self._pause()

    def _prepare(self, module: str) -> None:
        process = self._spawn(module)
        self._tasks.append(process)
        self._wait(lambda: process.poll() is not None, module)
        self._tasks.remove(process)
        if process.returncode != 0:
            raise StartError(f"{module} failed; its messages are above")

    def _revive(self) -> None:
        """Starts again, when it is time, what has died."""
        for place, (worker, restarts) in enumerate(self._workers):
            if worker.has_died() and _is_due(restarts, f"Process {place} of the app"):
                worker.spawn()
        azurite = self._azurite
        if azurite is not None and not azurite.is_running() and _is_due(self._azurite_restarts, "Azurite"):
            try:
                azurite.spawn()
            except AzuriteError as error:
                print(error, file=sys.stderr, flush=True)

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.DEVNULL,
            cwd=PROJECT_FOLDER,
            env=self._environment,
            start_new_session=True,
        )

    def _worker_command(self, *, runs_timers: bool) -> list[str]:
        plan = self._plan
        options = ("--app", plan.app, "--data", str(plan.data.path), "--port", str(plan.port))
        timers = ("--timers",) if runs_timers else ()
        portal = ("--portal",) if plan.serves_portal else ()
        return [sys.executable, "-m", "localhost.worker", *options, *timers, *portal]


def _is_due(restarts: Restarts, name: str) -> bool:
    now = time.monotonic()
    if restarts.due is None:
        restarts.note_death(now)
        print(f"{name} died; it is started again", file=sys.stderr, flush=True)
    if restarts.due is None or now < restarts.due:
        return False
    restarts.due = None
    return True


def _check_azurite(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if probe.connect_ex((LOOPBACK, port)) != 0:
            raise StartError(
                f"AZURITE=0, but nothing answers at TABLE_PORT={port}: start make azurite there, or leave AZURITE=0 out"
            )
