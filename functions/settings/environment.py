"""Every setting of the app: the only module that reads the environment.

README's settings table and infra/ are held to the names and defaults here.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.upkeep import RETENTION_DAYS_DEFAULT, RETENTION_DAYS_LEAST
from functions.settings.accounts import StorageAccount, storage_accounts
from functions.settings.checks import (
    InvalidSettingError,
    guid,
    items_of,
    plain_url,
    text_of,
)
from functions.settings.issuers import TrustedIssuer, trusted_issuers
from functions.settings.telemetry import Telemetry, TelemetrySettings, UserIds, choice

TABLES_CONNECTION_STRING: Final = "TABLES_CONNECTION_STRING"
TABLES_URL: Final = "TABLES_URL"
TABLES_IDENTITY_CLIENT_ID: Final = "TABLES_IDENTITY_CLIENT_ID"
TABLES_ACCOUNTS: Final = "TABLES_ACCOUNTS"
TRUSTED_ISSUERS: Final = "TRUSTED_ISSUERS"
API_AUDIENCES: Final = "API_AUDIENCES"
MANAGER_DIRECTORY_ROLES: Final = "MANAGER_DIRECTORY_ROLES"
MANAGER_APP_ROLES: Final = "MANAGER_APP_ROLES"
READER_DIRECTORY_ROLES: Final = "READER_DIRECTORY_ROLES"
READER_APP_ROLES: Final = "READER_APP_ROLES"
PUBLIC_URL: Final = "PUBLIC_URL"
RETENTION_DAYS: Final = "RETENTION_DAYS"
TELEMETRY: Final = "TELEMETRY"
LOG_USER_IDS: Final = "LOG_USER_IDS"
APPLICATIONINSIGHTS_CONNECTION_STRING: Final = "APPLICATIONINSIGHTS_CONNECTION_STRING"
REPORT_ROLLUP_SCHEDULE: Final = "REPORT_ROLLUP_SCHEDULE"
INTEGRITY_CHECK_SCHEDULE: Final = "INTEGRITY_CHECK_SCHEDULE"
"""These two are read by the Functions host, which starts the timers by them: six fields, UTC."""

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
BILLING_ADMINISTRATOR = "b0f54661-2d74-4c50-afa3-1ec803f12efe"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
REPORTS_READER = "4a5d8f65-41da-4de4-8968-e035b65339cf"
LICENSE_ADMINISTRATOR = "4d6ac14f-3453-41d0-bef9-a3e0c569773a"


@dataclass(frozen=True, slots=True)
class RoleSets:
    """Which directory roles (`wids`, template ids) and app roles (`roles`) manage, and which read."""

    manager_directory_roles: frozenset[str] = frozenset(
        {GLOBAL_ADMINISTRATOR, BILLING_ADMINISTRATOR, USER_ADMINISTRATOR}
    )
    manager_app_roles: frozenset[str] = frozenset({"AutoClaim.Manage"})
    reader_directory_roles: frozenset[str] = frozenset({GLOBAL_READER, REPORTS_READER, LICENSE_ADMINISTRATOR})
    reader_app_roles: frozenset[str] = frozenset({"AutoClaim.Read"})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of the app, checked.

    Attributes:
        accounts: The storage accounts with the tables, the default one first.
        tables_identity_client_id: Client id of the managed identity; None is the system-assigned one.
        trusted_issuers: Whose tokens are believed; at least one, each `issuer` once.
        api_audiences: The `aud` claims that mean this API; at least one.
        roles: Which roles manage and which read.
        public_url: What links in answers start with, without a slash at its end; None: the request's host.
        retention_days: How long journal and daily counts are kept.
        telemetry: Where metrics, traces and logs go.
    """

    accounts: tuple[StorageAccount, ...]
    tables_identity_client_id: str | None
    trusted_issuers: tuple[TrustedIssuer, ...]
    api_audiences: frozenset[str]
    roles: RoleSets
    public_url: str | None
    retention_days: int = RETENTION_DAYS_DEFAULT
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Reads and checks every setting.

    A blank setting counts as absent, except a role set: a blank one is nobody, an absent one is the default.

    Raises:
        InvalidSettingError: At the first fault.
    """
    default = _default_account(environment)
    client_id = text_of(environment, TABLES_IDENTITY_CLIENT_ID)
    audiences = items_of(environment.get(API_AUDIENCES, ""))
    if not audiences:
        raise InvalidSettingError(
            f"{API_AUDIENCES}: is empty; list the `aud` claims that tokens for this API have, comma-separated"
        )
    public_url = text_of(environment, PUBLIC_URL)
    return Settings(
        accounts=storage_accounts(TABLES_ACCOUNTS, text_of(environment, TABLES_ACCOUNTS), default),
        tables_identity_client_id=client_id and guid(TABLES_IDENTITY_CLIENT_ID, client_id),
        trusted_issuers=trusted_issuers(TRUSTED_ISSUERS, text_of(environment, TRUSTED_ISSUERS)),
        api_audiences=audiences,
        roles=_role_sets(environment),
        public_url=public_url and plain_url(PUBLIC_URL, public_url, {"http", "https"}),
        retention_days=_retention_days(text_of(environment, RETENTION_DAYS)),
        telemetry=_telemetry_settings(environment),
    )


def _default_account(environment: Mapping[str, str]) -> StorageAccount:
    connection_string = text_of(environment, TABLES_CONNECTION_STRING)
    url = text_of(environment, TABLES_URL)
    if (connection_string is None) == (url is None):
        found = "neither is" if url is None else "both are"
        raise InvalidSettingError(
            f"{TABLES_CONNECTION_STRING}, {TABLES_URL}: {found} set; set one of them: the URL in Azure, "
            "the connection string on your own machine"
        )
    if connection_string is not None:
        return StorageAccount.with_key(TABLES_CONNECTION_STRING, connection_string)
    return StorageAccount.with_identity(TABLES_URL, url)


def _retention_days(text: str | None) -> int:
    if text is None:
        return RETENTION_DAYS_DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) >= RETENTION_DAYS_LEAST):  # noqa: PLR2004
        raise InvalidSettingError(
            f"{RETENTION_DAYS}: is {text[:20]!r}; it must be a whole number of days, at least {RETENTION_DAYS_LEAST}"
        )
    return int(text)


def _telemetry_settings(environment: Mapping[str, str]) -> TelemetrySettings:
    destination = choice(TELEMETRY, text_of(environment, TELEMETRY), Telemetry.OFF)
    connection_string = text_of(environment, APPLICATIONINSIGHTS_CONNECTION_STRING)
    if destination is Telemetry.AZURE_MONITOR and connection_string is None:
        raise InvalidSettingError(
            f"{APPLICATIONINSIGHTS_CONNECTION_STRING}: is missing; {TELEMETRY}={destination} needs the one that the "
            "Application Insights resource shows"
        )
    user_ids = choice(LOG_USER_IDS, text_of(environment, LOG_USER_IDS), UserIds.PLAIN)
    return TelemetrySettings(destination, user_ids, connection_string)


def _role_sets(environment: Mapping[str, str]) -> RoleSets:
    default = RoleSets()

    def app_roles(name: str, otherwise: frozenset[str]) -> frozenset[str]:
        return items_of(environment[name]) if name in environment else otherwise

    def directory_roles(name: str, otherwise: frozenset[str]) -> frozenset[str]:
        return frozenset(guid(name, role) for role in app_roles(name, otherwise))

    return RoleSets(
        manager_directory_roles=directory_roles(MANAGER_DIRECTORY_ROLES, default.manager_directory_roles),
        manager_app_roles=app_roles(MANAGER_APP_ROLES, default.manager_app_roles),
        reader_directory_roles=directory_roles(READER_DIRECTORY_ROLES, default.reader_directory_roles),
        reader_app_roles=app_roles(READER_APP_ROLES, default.reader_app_roles),
    )
