"""The storage accounts of the settings: the default one, and those where some tenants have been moved to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

from functions.settings.checks import InvalidSettingError, entries_of, guid, members_of, object_of, plain_url

_WANTED: Final = 'a JSON list of {"url" or "connectionString", "tenants"}'
_AZURE: Final = "core.windows.net"


@dataclass(frozen=True, slots=True)
class StorageAccount:
    """One storage account with the app's tables.

    Attributes:
        name: Its table endpoint without the scheme, as operators name it; no secret.
        connection_string: How it is reached with a key (this machine), or None. A secret.
        url: Where it is reached with a managed identity (https), or None. One of these two is set.
        tenants: The tenants that live there by an entry of their own; the default account has none.
    """

    name: str
    connection_string: str | None = field(default=None, repr=False)
    url: str | None = None
    tenants: frozenset[str] = frozenset()

    @classmethod
    def with_identity(cls, place: str, value: object, tenants: Iterable[str] = ()) -> Self:
        """The account at a URL."""
        url = plain_url(place, value, {"https"})
        return cls(_without_scheme(url), url=url, tenants=frozenset(tenants))

    @classmethod
    def with_key(cls, place: str, value: object, tenants: Iterable[str] = ()) -> Self:
        """The account that a connection string names."""
        parts = dict(part.split("=", 1) for part in str(value).split(";") if "=" in part)
        if not (isinstance(value, str) and parts.get("AccountName") and parts.get("AccountKey")):
            raise InvalidSettingError(
                f"{place}: is not a connection string with AccountName, AccountKey and, outside of Azure, TableEndpoint"
            )
        azure = f"https://{parts['AccountName']}.table.{parts.get('EndpointSuffix', _AZURE)}"
        url = plain_url(place, parts.get("TableEndpoint", azure), {"http", "https"})
        return cls(_without_scheme(url), connection_string=value, tenants=frozenset(tenants))


def storage_accounts(name: str, text: str | None, default: StorageAccount) -> tuple[StorageAccount, ...]:
    """All accounts, the default first.

    Raises:
        InvalidSettingError: At the first fault. No connection string is repeated.
    """
    entries = entries_of(name, text, _WANTED)
    accounts = (default, *(_account(f"{name}[{i}]", entry) for i, entry in enumerate(entries)))
    names = [account.name for account in accounts]
    tenants = [tenant_id for account in accounts for tenant_id in sorted(account.tenants)]
    for twice in names:
        if names.count(twice) > 1:
            raise InvalidSettingError(f"{name}: {twice!r} is named twice; list each account once, and not the default")
    for twice in tenants:
        if tenants.count(twice) > 1:
            raise InvalidSettingError(f"{name}: tenant {twice!r} is listed twice; list each tenant once")
    return accounts


def _account(place: str, given: object) -> StorageAccount:
    entry = object_of(place, given, {"url", "connectionString", "tenants"})
    if ("url" in entry) == ("connectionString" in entry):
        raise InvalidSettingError(f"{place}: must have url or connectionString, one of the two")
    tenants = members_of(f"{place}.tenants", entry.get("tenants", []), guid)
    if "url" in entry:
        return StorageAccount.with_identity(f"{place}.url", entry["url"], tenants)
    return StorageAccount.with_key(f"{place}.connectionString", entry["connectionString"], tenants)


def _without_scheme(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".rstrip("/").lower()
