"""Azurite, the storage emulator, as a child that loses no acknowledged row.

It writes its rows every 5 s and when SIGINT ends it; any other end loses what came since. So it runs in a session of
its own, where a terminal's Ctrl-C does not reach it, gets one SIGINT from here, and is waited for. When this process
dies without that, Azurite notices and ends by itself, saving (azurite/end_with_parent.cjs).
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from localhost.data_folder import PROJECT_FOLDER
from localhost.ports import LOOPBACK, free_port

START_SECONDS = 30.0
"""A cold start on a busy machine takes some seconds."""
STOP_SECONDS = 60.0
"""Saving a large data folder takes some seconds."""
POLL_SECONDS = 0.02
PORT_ATTEMPTS = 5
"""Free ports tried when none was asked for and somebody was faster."""
OUTPUT_BYTES_MAX = 4000
"""How much of what Azurite said goes into an error's message."""

_FOLDER = PROJECT_FOLDER / "localhost" / "azurite"
_CODE = _FOLDER / "node_modules" / "azurite" / "dist" / "src"

ACCOUNT = "devstoreaccount1"
# Public: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#well-known-storage-account-and-key
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class AzuriteError(Exception):
    """Azurite does not run, or did not end well; the message says why."""


def connection_string(port: int) -> str:
    """Gives the connection string of the tables of an Azurite on this machine."""
    endpoint = f"http://{LOOPBACK}:{port}/{ACCOUNT}"
    return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};TableEndpoint={endpoint};"


class Azurite:
    """One Azurite process. `start` and `stop`, or a `with` block, from the main thread or any other.

    Attributes:
        port: Where the tables are served.
    """

    def __init__(self, *, port: int | None = None, folder: Path | None = None, only_tables: bool = True) -> None:
        """Describes it; nothing runs yet.

        Args:
            port: The port of the tables; None takes a free one at each start.
            folder: Where rows are kept; None keeps them in memory, and they end with the process.
            only_tables: Without blobs and queues, which get Azurite's default ports, 10000 and 10001.
        """
        self.port = port or 0
        self._chooses_port = port is None
        self._folder = folder
        self._only_tables = only_tables
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._lock: int | None = None

    @property
    def connection_string(self) -> str:
        """The connection string of its tables."""
        return connection_string(self.port)

    @property
    def process_id(self) -> int | None:
        """The process that was spawned last, or None before the first."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        """Starts it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops it."""
        self.stop()

    def start(self) -> None:
        """Afterwards this Azurite, and no other process, answers at `port`.

        Raises:
            AzuriteError: It ended, took over START_SECONDS, or its folder or port is in use.
        """
        attempts = PORT_ATTEMPTS if self._chooses_port else 1
        for attempt in range(1, attempts + 1):
            self.spawn()
            deadline = time.monotonic() + START_SECONDS
            while not self.is_ready() and self.is_running() and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)
            if self.is_running() and self.is_ready():
                return
            said = self.output()
            self.stop()
            if attempt == attempts or "EADDRINUSE" not in said:
                raise AzuriteError(f"Azurite did not start on port {self.port}: {said or 'it said nothing'}")

    def spawn(self) -> None:
        """Starts the process without waiting: it is to be asked with `is_ready`. What ran before must have ended.

        Raises:
            AzuriteError: It cannot be started here, or its folder is in use.
        """
        if self.is_running():
            raise AzuriteError("this Azurite runs already")
        self._release()
        if self._chooses_port:
            self.port = free_port()
        command = self._command()
        inherited: tuple[int, ...] = ()
        if self._folder is not None:
            self._lock = _lock_folder(self._folder)
            # The child holds the lock as well: a new run must not open a folder that an orphan still saves.
            inherited = (self._lock,)
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _release
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=inherited,
        )

    def is_running(self) -> bool:
        """Tells whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        """Tells whether the process that was started here has said that it listens.

        A connection would prove less: another process may have the port.
        """
        said = self.output()
        return "Table service successfully started on" in said or "Table service is successfully listening" in said

    def output(self) -> str:
        """What Azurite said since it was spawned; the first OUTPUT_BYTES_MAX bytes."""
        if self._output is None:
            return ""
        return os.pread(self._output.fileno(), OUTPUT_BYTES_MAX, 0).decode(errors="replace").strip()

    def stop(self) -> None:
        """Afterwards all rows are saved, the process is gone and the port is free. May be called again.

        Raises:
            AzuriteError: It did not end within STOP_SECONDS and was killed: the last seconds' rows may be lost.
        """
        if self._process is None:
            return
        if self.is_running():
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            self._process.kill()
            self._process.wait()
            raise AzuriteError(f"Azurite did not end within {STOP_SECONDS} s: rows may be lost") from error
        finally:
            self._release()

    def _command(self) -> list[str]:
        node = shutil.which("node")
        if node is None or not _CODE.exists():
            raise AzuriteError("Azurite is not installed: run make azurite, with Node 20 or newer")
        main = _CODE / ("table/main.js" if self._only_tables else "azurite.js")
        kept = ("--inMemoryPersistence",) if self._folder is None else ("--location", str(self._folder))
        options = ("--silent", "--disableTelemetry", "--tableHost", LOOPBACK, "--tablePort", str(self.port))
        return [node, "--require", str(_FOLDER / "end_with_parent.cjs"), str(main), *options, *kept]

    def _release(self) -> None:
        """Closes what belongs to a process that has ended."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        if self._output is not None:
            self._output.close()
            self._output = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _lock_folder(folder: Path) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise AzuriteError(
            f"{folder} is in use by another Azurite; name another DATA, or share that one's storage with AZURITE=0"
        ) from error
    return descriptor
