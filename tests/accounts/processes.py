"""Processes of the app on two storage accounts, and what the accounts have of a tenant, read raw."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import TableClient, TableServiceClient

from storage.accounts.moving import TenantMover
from tests.reports.processes import ReportingProcess
from tests.reports.raw_rows import put
from tests.reports.tables import Watch, WatchedTable
from tests.storage.audit import rows_of

FIRST: Final = "first"
SECOND: Final = "second"
THIRD: Final = "third"
ACCOUNTS: Final = (FIRST, SECOND, THIRD)
"""The first is the default one."""

TABLES: Final = ("ledger", "reports")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SpreadProcess(ReportingProcess):
    """A process with a setting. `table` and `reports` are the first account's.

    Attributes:
        moves: Moves tenants.
        accounts: Where a call to one account alone can be watched.
    """

    moves: TenantMover
    accounts: Mapping[str, tuple[WatchedTable, WatchedTable]]

    @contextmanager
    def watched(self, watch: Watch) -> Iterator[None]:
        """Within, every call of this process to any account is watched."""
        tables = [table for account in self.accounts.values() for table in account]
        for table in tables:
            table.watch = watch
        try:
            yield
        finally:
            for table in tables:
                table.watch = None

    async def move(self, tenant_id: str, to: str) -> int:
        """Afterwards the tenant is there; gives how many rows it has."""
        return (await self.moves.move(tenant_id, to, _unheard)).rows


def _unheard(_progress: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class RawAccounts:
    """What the accounts have, read past the product.

    Attributes:
        connection_string: Of the emulator that they share; each has tables of its own.
    """

    connection_string: str

    def rows(self, account: str, tenant_id: str) -> dict[tuple[str, str], Row]:
        """Every row of a tenant in an account, by table and key."""
        return {
            (table, str(row["RowKey"])): row
            for table in TABLES
            for row in rows_of(self.connection_string, tenant_id, account + table)
        }

    def living(self, tenant_id: str) -> list[str]:
        """The accounts that have a head that is no tombstone."""
        with TableServiceClient.from_connection_string(self.connection_string) as service:
            heads = {account: _head(service.get_table_client(f"{account}ledger"), tenant_id) for account in ACCOUNTS}
        return [account for account, head in heads.items() if head and "closed" not in head]

    def put(self, account: str, row: Row, table: str = "ledger") -> None:
        """Write a row, whatever is there."""
        put(self.connection_string, row, account + table)


def _head(table: TableClient, tenant_id: str) -> Row | None:
    try:
        return dict(table.get_entity(tenant_id, "state"))
    except ResourceNotFoundError:
        return None
