"""`make token` and `make key`: one credential on stdout and nothing else, so that it can be put into a command."""

import argparse
import sys
from collections.abc import Sequence

from localhost.data_folder import DataFolder, DataFolderError
from localhost.issuer import (
    ADMINISTRATOR_NAME,
    ADMINISTRATOR_ROLE,
    SAMPLE_TENANT,
    DevelopmentIssuer,
    InvalidTenantError,
    UnknownRoleError,
)


class UnknownKindError(ValueError):
    """KIND names no credential of this command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a token or a key. Gives the exit code: 1, with a message on stderr, for an argument that is not one."""
    parser = argparse.ArgumentParser(prog="credentials", description=__doc__)
    parser.add_argument("command", choices=("token", "key"))
    parser.add_argument("--data", default=".local/data")
    parser.add_argument("--kind", default="")
    parser.add_argument("--tenant", default=SAMPLE_TENANT)
    parser.add_argument("--role", default=ADMINISTRATOR_ROLE)
    parser.add_argument("--name", default=ADMINISTRATOR_NAME)
    given = parser.parse_args(arguments)
    try:
        print(_token(given) if given.command == "token" else _key(given))
    except (DataFolderError, InvalidTenantError, UnknownKindError, UnknownRoleError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _token(given: argparse.Namespace) -> str:
    if given.kind not in {"", "administrator", "entra"}:
        raise UnknownKindError(f'KIND="{given.kind}" is not a kind of token: leave it out, or KIND=entra')
    issuer = DevelopmentIssuer(DataFolder(given.data))
    if given.kind == "entra":
        return issuer.entra_token(given.tenant or SAMPLE_TENANT)
    return issuer.administrator_token(given.tenant or SAMPLE_TENANT, given.role, given.name or ADMINISTRATOR_NAME)


def _key(given: argparse.Namespace) -> str:
    if given.kind not in {"", "function", "master"}:
        raise UnknownKindError(f'KIND="{given.kind}" is not a kind of key: leave it out, or KIND=master')
    keys = DataFolder(given.data).keys()
    return keys.master if given.kind == "master" else keys.function


if __name__ == "__main__":
    sys.exit(main())
