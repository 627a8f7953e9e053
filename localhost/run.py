"""`make run`: the app with its storage on this machine, until Ctrl-C."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from localhost.data_folder import DataFolder, DataFolderError
from localhost.emulator import AzuriteError
from localhost.issuer import ADMINISTRATOR_ROLE, SAMPLE_TENANT, DevelopmentIssuer
from localhost.ports import LOOPBACK, PortTakenError
from localhost.supervisor import Plan, StartError, StopRequestedError, Supervisor

SAMPLE_SECONDS = 60.0
"""How long the welcome, which has a sign-in of the sample tenant, waits for that tenant: slow machines take some 20."""
PROCESSES_MAX = 32
PORT_MAX = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs until a signal. Gives the exit code: 0 after a signal, 1 when something could not start or be saved."""
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--port", type=_number("PORT", PORT_MAX), default=7071)
    parser.add_argument("--table-port", type=_number("TABLE_PORT", PORT_MAX), default=10002)
    parser.add_argument("--data", default=".local/data")
    parser.add_argument("--processes", type=_number("PROCESSES", PROCESSES_MAX), default=1)
    parser.add_argument("--azurite", choices=("0", "1"), default="1")
    parser.add_argument("--portal", choices=("0", "1"), default="0")
    given = parser.parse_args(arguments)
    try:
        plan = Plan(
            data=DataFolder(given.data),
            port=given.port,
            table_port=given.table_port,
            processes=given.processes,
            own_azurite=given.azurite == "1",
            serves_portal=given.portal == "1",
        )
        return run(plan)
    except DataFolderError as error:
        print(error, file=sys.stderr)
        return 1


def run(plan: Plan, *, with_sample_tenant: bool = True) -> int:
    """Runs a plan until a signal; gives the exit code, as `main`."""
    supervisor = Supervisor(plan)
    exit_code = 0
    try:
        supervisor.start()
        if plan.serves_portal:
            supervisor.run_beside("localhost.install", "portal", "portal-pages", wait_seconds=0)
        if with_sample_tenant and not plan.data.sample_tenant_mark.exists():
            print("Making the sample tenant, once: it takes some seconds.", file=sys.stderr, flush=True)
            options = ("--data", str(plan.data.path), "--table-port", str(plan.table_port))
            supervisor.run_beside("localhost.sample_tenant", *options, wait_seconds=SAMPLE_SECONDS)
        print(_welcome(plan), flush=True)
        supervisor.watch()
    except StopRequestedError:
        print("Stopping: requests under way end, then the storage is saved.", file=sys.stderr, flush=True)
    except (AzuriteError, PortTakenError, StartError) as error:
        print(error, file=sys.stderr, flush=True)
        exit_code = 1
    finally:
        try:
            supervisor.stop()
        except AzuriteError as error:
            print(error, file=sys.stderr, flush=True)
            exit_code = 1
    return exit_code


def _welcome(plan: Plan) -> str:
    address = f"http://{LOOPBACK}:{plan.port}/api"
    key = plan.data.keys().function
    user = {"id": "alex", "userPrincipalName": "alex@autoclaim.example", "displayName": "Alex"}
    event = json.dumps({"tenantId": SAMPLE_TENANT, "appId": "microsoft-teams", "user": user})
    portal = f"\nIts pages: http://{LOOPBACK}:{plan.port}/\n" if plan.serves_portal else ""
    return f"""
Autoclaim serves {address}
{portal}
An administrator's token of the sample tenant ({ADMINISTRATOR_ROLE}, 12 h):
{DevelopmentIssuer(plan.data).administrator_token()}

The function key:
{key}

A sign-in, to paste into another terminal:
curl {address}/sign-ins -H 'x-functions-key: {key}' -H 'Content-Type: application/json' -d '{event}'

Ctrl-C stops it.
"""


def _number(name: str, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= highest):
            raise argparse.ArgumentTypeError(f"{name}={text} is not a number from 1 to {highest}")
        return int(text)

    return parse


if __name__ == "__main__":
    sys.exit(main())
