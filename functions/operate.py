"""What an operator runs by hand, with the app's settings in the environment.

python -m functions.operate roll-up                      count claims into reports now
python -m functions.operate rebuild-reports [TENANT]     make reports again from the journal
python -m functions.operate erase-names TENANT USER      take a person's names out of what was written
python -m functions.operate delete-tenant TENANT --yes   delete everything of a tenant
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from domain.errors import LedgerError
from domain.ids import parse_guid, parse_user_id
from domain.upkeep import Upkeep
from functions.composition import close_services, services
from functions.triggers.rollup import UpkeepFailedError, keep_up


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="operate", description="What an operator runs by hand.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("roll-up", help="count claims into reports now, and remove what is older than retention")
    rebuild = commands.add_parser("rebuild-reports", help="make reports again from the journal")
    rebuild.add_argument("tenant", nargs="?", type=_tenant, help="one tenant; all if left out")
    erase = commands.add_parser("erase-names", help="take a person's names out of what was written")
    erase.add_argument("tenant", type=_tenant)
    erase.add_argument("user", type=_user)
    delete = commands.add_parser("delete-tenant", help="delete everything of a tenant; cannot be undone")
    delete.add_argument("tenant", type=_tenant)
    delete.add_argument("--yes", action="store_true", required=True, help="yes, delete it")
    given = parser.parse_args(arguments)
    try:
        print(asyncio.run(_run(given)))  # noqa: T201 - a command
    except (LedgerError, UpkeepFailedError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command
        return 1
    return 0


def _tenant(text: str) -> str:
    tenant_id = parse_guid(text)
    if tenant_id is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no tenant's GUID")
    return tenant_id


def _user(text: str) -> str:
    user_id = parse_user_id(text)
    if user_id is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no user id")
    return user_id


async def _run(given: argparse.Namespace) -> str:
    app = services()
    try:
        match given.command:
            case "roll-up":
                await keep_up(app.upkeep, app.settings.retention_days)
                return "Every tenant's claims are counted, as far as one run goes."
            case "rebuild-reports":
                return await _rebuild(app.upkeep, given.tenant)
            case "erase-names":
                rows = await app.upkeep.erase_names(given.tenant, given.user)
                return f"Names of user {given.user} are erased from {rows} rows."
            case _:
                await app.upkeep.delete_tenant(given.tenant)
                return f"Tenant {given.tenant} is deleted."
    finally:
        await close_services()


async def _rebuild(upkeep: Upkeep, tenant_id: str | None) -> str:
    tenants = [tenant_id] if tenant_id else [each async for each in upkeep.tenants()]
    for each in tenants:
        await upkeep.rebuild(each)
    return f"The reports of {len(tenants)} tenants are made again from the journal."


if __name__ == "__main__":
    sys.exit(main())
