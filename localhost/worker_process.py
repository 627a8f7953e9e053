"""One serving process, seen from the one that supervises it, and what the two agree on."""

import socket
import subprocess
from collections.abc import Mapping, Sequence

from localhost.data_folder import PROJECT_FOLDER

DRAIN_SECONDS = 5
"""How long requests under way may take to end once the process is to stop."""
READY = b"R"
"""What the process writes to the socket that is its stdin, as soon as it listens."""


class WorkerProcess:
    """A process that serves the app, tied to this one by a socket: when one end is gone, the other notices."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = environment
        self._socket: socket.socket | None = None
        self._said = b""
        self.process: subprocess.Popen[bytes] | None = None

    def spawn(self) -> None:
        """Starts it, in a session of its own, where a terminal's Ctrl-C does not reach it."""
        self.close()
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(0)
        self._said = b""
        with theirs:
            self.process = subprocess.Popen(
                self._command,
                stdin=theirs.fileno(),
                cwd=PROJECT_FOLDER,
                env=self._environment,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        """Tells whether the process has said that it listens."""
        if not self._said and self._socket is not None:
            try:
                self._said = self._socket.recv(len(READY))
            except (BlockingIOError, ConnectionResetError):
                return False
        return self._said == READY

    def has_died(self) -> bool:
        """Tells whether a process that was spawned has ended."""
        return self.process is not None and self.process.poll() is not None

    def close(self) -> None:
        """Closes this end of the socket. A process that still lives ends then."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
