"""The app with its pages, on a free port and a storage of its own: what the portal's Playwright tests stand on.

    python -m tests.portal.stack

Says one line of JSON as soon as it serves: `url`, `functionKey`, `masterKey`. Then each line on stdin is a command,
and each is answered by the line `done`: `away` ends the app while the storage stays, `back` starts it again, `sample`
makes the sample tenant. When stdin ends, so when its parent does, everything ends.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from localhost.app_settings import app_environment
from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.emulator import Azurite
from localhost.ports import LOOPBACK, free_port, reserve_port
from localhost.worker_process import WorkerProcess
from tests.service.pages import load_before_azurite, set_pages

START_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.02


class App:
    """The process that serves the app and its pages."""

    def __init__(self, data: DataFolder, port: int, environment: Mapping[str, str]) -> None:
        options = ("--app", "function_app", "--data", str(data.path), "--port", str(port), "--portal")
        self._worker = WorkerProcess([sys.executable, "-m", "localhost.worker", *options], environment)

    def start(self) -> None:
        """Afterwards it answers."""
        self._worker.spawn()
        deadline = time.monotonic() + START_SECONDS
        while not self._worker.is_ready():
            if self._worker.has_died() or time.monotonic() > deadline:
                raise RuntimeError("the app did not start; its messages are above")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Afterwards nothing answers at its port."""
        process = self._worker.process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._worker.close()


def say(line: str) -> None:
    """The parent reads one line at a time."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Serves until stdin ends."""
    load_before_azurite()
    with tempfile.TemporaryDirectory() as folder, Azurite() as azurite, reserve_port(free_port()) as reserved:
        # What a page of the portal shows at once is compared with everything that there is.
        set_pages(azurite.port, 0, cut=False)
        data = DataFolder(Path(folder))
        port = reserved.getsockname()[1]
        environment = app_environment(data, azurite.port, os.environ)

        def run(*command: str) -> None:
            subprocess.run(
                [sys.executable, "-m", *command],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),
                cwd=PROJECT_FOLDER,
                env=environment,
            )

        run("functions.create_tables")
        app = App(data, port, environment)
        commands: Mapping[str, Callable[[], None]] = {
            "away": app.stop,
            "back": app.start,
            "sample": lambda: run("localhost.sample_tenant", "--data", folder, "--table-port", str(azurite.port)),
        }
        try:
            app.start()
            keys = data.keys()
            ready = {"url": f"http://{LOOPBACK}:{port}", "functionKey": keys.function, "masterKey": keys.master}
            say(json.dumps(ready))
            for line in sys.stdin:
                commands[line.strip()]()
                say("done")
        finally:
            app.stop()


if __name__ == "__main__":
    main()
