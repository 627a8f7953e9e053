"""What an operator runs by hand, with the app's settings in the environment.

python -m functions.operate roll-up                      count claims into reports now
python -m functions.operate rebuild-reports [TENANT]     make reports again from the journal
python -m functions.operate erase-names TENANT USER      take a person's names out of what was written
python -m functions.operate delete-tenant TENANT --yes   delete everything of a tenant
python -m functions.operate move-tenant TENANT --to ACCOUNT   move a tenant to another storage account
python -m functions.operate move-tenant TENANT --clean        remove what it left in the others

docs/accounts.md says how a tenant is moved, step by step.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress

from domain.errors import LedgerError, TenantClosedError
from domain.ids import parse_guid, parse_user_id
from domain.upkeep import Upkeep
from functions.composition import Services, close_services, services
from functions.settings.checks import InvalidSettingError
from functions.settings.environment import TABLES_ACCOUNTS
from functions.timers.roll_up import UpkeepFailedError, keep_up


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
    move = commands.add_parser("move-tenant", help="move a tenant to another storage account")
    move.add_argument("tenant", type=_tenant)
    what = move.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", metavar="ACCOUNT", help="an account of the settings, as host, or `default`")
    what.add_argument("--clean", action="store_true", help="remove the rows that it left in other accounts")
    given = parser.parse_args(arguments)
    try:
        print(asyncio.run(_run(given)))  # noqa: T201 - a command
    except (LedgerError, UpkeepFailedError, InvalidSettingError) as error:
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
                await keep_up(app.upkeep, app.settings.retention_days, everyone=True)
                return "Every tenant's claims are counted, as far as one run goes."
            case "rebuild-reports":
                return await _rebuild(app.upkeep, given.tenant)
            case "erase-names":
                rows = await app.upkeep.erase_names(given.tenant, given.user)
                return f"Names of user {given.user} are erased from {rows} rows."
            case "move-tenant" if given.clean:
                rows = await app.moves.clean(given.tenant)
                return f"{rows} rows of tenant {given.tenant} are removed from the accounts where it is not."
            case "move-tenant":
                return await _move(app, given.tenant, _account(app, given.to))
            case _:
                await app.upkeep.delete_tenant(given.tenant)
                # What a move left elsewhere is the tenant's too.
                await app.moves.clean(given.tenant)
                return f"Tenant {given.tenant} is deleted."
    finally:
        await close_services()


async def _rebuild(upkeep: Upkeep, tenant_id: str | None) -> str:
    if tenant_id:
        await upkeep.rebuild(tenant_id)
        return "The reports of 1 tenant are made again from the journal."
    rebuilt = 0
    async for each in upkeep.tenants():
        with suppress(TenantClosedError):  # it is being deleted, or moved
            await upkeep.rebuild(each)
            rebuilt += 1
    return f"The reports of {rebuilt} tenants are made again from the journal."


def _account(app: Services, given: str) -> str:
    """The name of the account that was asked for.

    Raises:
        InvalidSettingError: The settings have no such account.
    """
    names = [account.name for account in app.settings.accounts]
    asked = given.lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    found = {"default": names[0]}.get(asked) or next((name for name in names if asked == name), None)
    if found is None:
        # What was given is not repeated: it may be a connection string.
        raise InvalidSettingError(f"--to: the settings have no such account; they have {', '.join(names)}")
    return found


async def _move(app: Services, tenant_id: str, to: str) -> str:
    default, *others = app.settings.accounts
    moved = await app.moves.move(tenant_id, to, _tell)
    listed = next((account.name for account in others if tenant_id in account.tenants), default.name)
    done = f"Tenant {tenant_id} is in {to}"
    done += f", with the {moved.rows} rows that it has in {moved.source}." if moved.rows else "."
    if listed == to:
        return f"{done} The setting says so already: restart every process that was started before it did."
    change = f"list it under {to}" if to != default.name else f"take it out of {listed}"
    return f"{done} Now {change} in {TABLES_ACCOUNTS} and restart every process: until then its users are told to wait."


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr)  # noqa: T201 - a command


if __name__ == "__main__":
    sys.exit(main())
