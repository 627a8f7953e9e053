"""`make rollup`, `rebuild-reports`, `erase-names`, `delete-tenant` and `move-tenant`: the operator's commands.

They run as in Azure, in a process of their own beside the app, with the settings of a local run.
"""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from typing import Final

from localhost.app_settings import app_environment
from localhost.data_folder import PROJECT_FOLDER, DataFolder, DataFolderError
from localhost.ports import LOOPBACK

COMMANDS: Final = ("roll-up", "rebuild-reports", "erase-names", "delete-tenant", "move-tenant")


class OperateError(Exception):
    """The command cannot run; the message says what is missing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Becomes the operator's command. Gives the exit code 1, with a message, where that cannot be."""
    parser = argparse.ArgumentParser(prog="operate", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--data", default=".local/data")
    parser.add_argument("--table-port", type=int, default=10002)
    parser.add_argument("--tenant", default="")
    parser.add_argument("--user", default="")
    parser.add_argument("--yes", default="")
    parser.add_argument("--to", default="")
    parser.add_argument("--clean", default="")
    given = parser.parse_args(arguments)
    try:
        command = [sys.executable, "-m", "functions.operate", *_command(given)]
        _check_storage(given.table_port)
        environment = app_environment(DataFolder(given.data), given.table_port, os.environ)
        os.chdir(PROJECT_FOLDER)
        os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is wanted
    except (DataFolderError, OperateError) as error:
        print(error, file=sys.stderr)
    return 1


def _command(given: argparse.Namespace) -> list[str]:
    tenant = [given.tenant] if given.tenant else []
    match given.command:
        case "erase-names":
            return ["erase-names", *_needed(given.tenant, "TENANT=<guid>"), *_needed(given.user, "USER=<user id>")]
        case "delete-tenant":
            needed = _needed(given.tenant, "TENANT=<guid>")
            if given.yes != "1":
                raise OperateError("Everything of the tenant goes, and nothing brings it back: say YES=1 as well")
            return ["delete-tenant", *needed, "--yes"]
        case "move-tenant":
            needed = _needed(given.tenant, "TENANT=<guid>")
            if given.clean == "1" and not given.to:
                return ["move-tenant", *needed, "--clean"]
            if given.clean:
                raise OperateError("CLEAN=1 is a step of its own, after TO: leave TO out")
            return ["move-tenant", *needed, "--to", *_needed(given.to, "TO=<account>, or CLEAN=1,")]
        case command:
            return [command, *tenant]


def _needed(value: str, form: str) -> list[str]:
    if not value:
        raise OperateError(f"{form} is needed")
    return [value]


def _check_storage(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if probe.connect_ex((LOOPBACK, port)) != 0:
            raise OperateError(f"No storage answers at TABLE_PORT={port}: run make run, or make azurite, beside it")


if __name__ == "__main__":
    sys.exit(main())
