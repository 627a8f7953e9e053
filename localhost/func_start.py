"""`make settings` and `make azurite`: what Core Tools' `func start` needs to serve the app itself."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from localhost.app_settings import app_environment, app_settings
from localhost.data_folder import PROJECT_FOLDER, DataFolder, DataFolderError
from localhost.emulator import POLL_SECONDS, Azurite, AzuriteError
from localhost.ports import PortTakenError, check_port


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes local.settings.json, or runs the storage until SIGINT or SIGTERM. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="func_start", description=__doc__)
    parser.add_argument("command", choices=("settings", "azurite"))
    parser.add_argument("--data", default=".local/data")
    parser.add_argument("--table-port", type=int, default=10002)
    parser.add_argument("--file", type=Path, default=PROJECT_FOLDER / "local.settings.json")
    given = parser.parse_args(arguments)
    try:
        data = DataFolder(given.data)
        if given.command == "azurite":
            return _run_azurite(data, given.table_port)
        _write_settings(data, given.table_port, given.file)
    except (AzuriteError, DataFolderError, PortTakenError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _write_settings(data: DataFolder, table_port: int, file: Path) -> None:
    # https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file
    content = {
        "IsEncrypted": False,
        "Values": {
            "FUNCTIONS_WORKER_RUNTIME": "python",
            "AzureWebJobsStorage": "UseDevelopmentStorage=true",
            **app_settings(data, table_port),
        },
    }
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"{file.name} is written. With `make azurite` running elsewhere, `func start` serves the app.")


def _run_azurite(data: DataFolder, table_port: int) -> int:
    """Runs tables, and the blobs and queues that the Functions host wants for itself."""
    signals: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: signals.append(received))
    check_port(table_port)
    with Azurite(port=table_port, folder=data.azurite, only_tables=False) as azurite:
        prepared = subprocess.run(
            [sys.executable, "-m", "functions.create_tables"],
            check=False,
            cwd=PROJECT_FOLDER,
            env=app_environment(data, table_port, os.environ),
        )
        if prepared.returncode != 0 and not signals:
            return 1
        print(f"Azurite keeps {data.path}. Its tables:\n{azurite.connection_string}", flush=True)
        while azurite.is_running() and not signals:
            time.sleep(POLL_SECONDS)
        if not signals:
            print(f"Azurite ended: {azurite.output()}", file=sys.stderr)
    return 0 if signals else 1


if __name__ == "__main__":
    sys.exit(main())
