"""The app's settings on this machine."""

import json
from collections.abc import Mapping

from functions.settings.environment import TABLES_ACCOUNTS
from localhost.data_folder import DataFolder
from localhost.emulator import connection_string
from localhost.issuer import AUDIENCE, DevelopmentIssuer
from localhost.ports import LOOPBACK

CLOUD_SETTINGS = ("TABLES_URL", "TABLES_IDENTITY_CLIENT_ID", "APPLICATIONINSIGHTS_CONNECTION_STRING")
"""Settings that a local run must not inherit from a shell: it never writes to anything in Azure."""


def app_settings(data: DataFolder, table_port: int) -> dict[str, str]:
    """Gives the settings of an app that keeps its rows in the Azurite at a port and trusts the development issuer."""
    return {
        "TABLES_CONNECTION_STRING": connection_string(table_port),
        "TRUSTED_ISSUERS": json.dumps([DevelopmentIssuer(data).trusted_issuer()]),
        "API_AUDIENCES": AUDIENCE,
        "REPORT_ROLLUP_SCHEDULE": "0 10 * * * *",
        "INTEGRITY_CHECK_SCHEDULE": "0 */10 2-3 * * *",
    }


def app_environment(data: DataFolder, table_port: int, inherited: Mapping[str, str]) -> dict[str, str]:
    """Gives the environment of a process of the app: what it inherits, with the local settings over it.

    Further storage accounts are inherited if all of them are on this machine.
    """
    kept = {name: value for name, value in inherited.items() if name not in CLOUD_SETTINGS}
    if not _are_here(kept.get(TABLES_ACCOUNTS, "")):
        del kept[TABLES_ACCOUNTS]
    return {**kept, **app_settings(data, table_port)}


def _are_here(accounts: str) -> bool:
    """Tells whether all storage accounts are on this machine. What cannot be read the app itself refuses."""
    try:
        entries = json.loads(accounts or "[]")
    except ValueError:
        return True
    endpoint = f"TableEndpoint=http://{LOOPBACK}:"
    return not isinstance(entries, list) or all(
        not isinstance(entry, dict) or endpoint in str(entry.get("connectionString", "")) for entry in entries
    )
