"""The real app in processes of its own, run as `make run` does, on a storage that the test chooses."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.ports import LOOPBACK, free_port

START_SECONDS = 60.0
STOP_SECONDS = 30.0
WELCOME_ENDS = "Ctrl-C stops it."


class RunningApp:
    """One `make run`, without the sample tenant unless told otherwise. To be used in a `with` block."""

    def __init__(
        self,
        data: DataFolder,
        table_port: int,
        *,
        processes: int = 1,
        own_azurite: bool = False,
        sample_tenant: bool = False,
    ) -> None:
        self.data = data
        self.table_port = table_port
        self.port = free_port()
        self.address = f"http://{LOOPBACK}:{self.port}"
        self._arguments = {
            "--port": self.port,
            "--table-port": table_port,
            "--data": data.path,
            "--processes": processes,
            "--azurite": int(own_azurite),
        }
        self._sample_tenant = sample_tenant
        self._said = data.path / f"run-{self.port}.txt"
        self._run: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if not self._sample_tenant:
            self.data.sample_tenant_mark.touch()
        options = [str(part) for pair in self._arguments.items() for part in pair]
        # A file, because nobody reads a pipe while the app serves, and it would stand still once that is full.
        with self._said.open("wb") as said:
            self._run = subprocess.Popen(
                [sys.executable, "-m", "localhost.run", *options],
                cwd=PROJECT_FOLDER,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while WELCOME_ENDS not in self.said():
            assert self._run.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._run is not None
        self._run.terminate()
        try:
            assert self._run.wait(STOP_SECONDS) == 0, self.said()
        finally:
            self._run.kill()

    def said(self) -> str:
        """What it and its processes printed."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def workers(self) -> list[int]:
        """The processes that serve."""
        assert self._run is not None
        children = Path(f"/proc/{self._run.pid}/task/{self._run.pid}/children").read_text().split()
        return [int(child) for child in children if b"localhost.worker" in Path(f"/proc/{child}/cmdline").read_bytes()]
