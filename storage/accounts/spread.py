"""Which storage account holds a tenant's rows, where there are several.

Some tenants have an account by an explicit entry; every other tenant is in the default account. The question is
answered below everything else: a table of several accounts is a table, and nothing above it knows of accounts.

Two heads for one tenant would be two truths. So the default account has the last word: a tenant lives in another
account only while the default's head says that it left. An entry that came too early founds no second tenant, and a
process that does not have it yet meets the tombstone.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import LedgerUnavailableError, TenantClosedError
from storage.rows.content import HEAD_KEY
from storage.rows.posts import tenant_of
from storage.rows.tombstones import Closed, why_closed
from storage.tables.operations import Operation, StoredRow
from storage.tables.table import TENANTS_END, LedgerTable


@dataclass(frozen=True, slots=True)
class Account:
    """One storage account.

    Attributes:
        name: Its table endpoint without the scheme; no secret.
        ledger: Its table `ledger`.
        reports: Its table `reports`.
    """

    name: str
    ledger: LedgerTable
    reports: LedgerTable


class SpreadTable(LedgerTable):
    """One table over several accounts: each call goes to the account that holds the tenant."""

    def __init__(self, tables: Mapping[str, LedgerTable], homes: Mapping[str, str]) -> None:
        """Takes tables that are there already, so it has no client of its own.

        Args:
            tables: The table in each account, by the account's name; the first is the default account's.
            homes: The account of every tenant that has an entry.
        """
        self._tables = tables
        self._homes = homes
        self._default = next(iter(tables))

    async def get(self, partition: str, row_key: str, *, again_if_busy: bool = True) -> StoredRow | None:
        """See LedgerTable.get.

        Raises:
            TenantClosedError: There is no head where the tenant's entry says, and that of the default account does not
                say that the tenant left.
        """
        home = self._home(partition)
        stored = await self._tables[home].get(partition, row_key, again_if_busy=again_if_busy)
        if stored is None and row_key == HEAD_KEY and home != self._default:
            await self._check_left_default(partition, home)
        return stored

    async def page(
        self,
        partition: str,
        first: str,
        end: str,
        continuation: Any = None,  # noqa: ANN401 - the SDK's own
        *,
        rows: int | None = None,
    ) -> tuple[list[StoredRow], Any]:
        """See LedgerTable.page."""
        return await self._tables[self._home(partition)].page(partition, first, end, continuation, rows=rows)

    async def next_partition(self, after: str, end: str = TENANTS_END) -> str | None:
        """See LedgerTable.next_partition: the first that is where it belongs. Tombstones elsewhere are passed over."""
        while True:
            found = await asyncio.gather(*(table.next_partition(after, end) for table in self._tables.values()))
            nearest = min((partition for partition in found if partition is not None), default=None)
            if nearest is None or dict(zip(self._tables, found, strict=True))[self._home(nearest)] == nearest:
                return nearest
            after = nearest

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """See LedgerTable.commit."""
        row = operations[0].row
        return await self._tables[self._home(row["PartitionKey"])].commit(operations)

    def accounts(self) -> Sequence[LedgerTable]:
        """See LedgerTable.accounts."""
        return list(self._tables.values())

    async def check(self) -> None:
        """Return if the storage of every account answers.

        Raises:
            LedgerUnavailableError: One does not; the message names it.
        """

        async def check(name: str, table: LedgerTable) -> None:
            try:
                await table.check()
            except LedgerUnavailableError as error:
                raise LedgerUnavailableError(f"{name}: {error}") from error

        await asyncio.gather(*(check(name, table) for name, table in self._tables.items()))

    def unanswered(self) -> int:
        """See LedgerTable.unanswered: of all accounts."""
        return sum(table.unanswered() for table in self._tables.values())

    def _home(self, partition: str) -> str:
        return self._homes.get(tenant_of(partition), self._default)

    async def _check_left_default(self, tenant_id: str, home: str) -> None:
        head = await self._tables[self._default].get(tenant_id, HEAD_KEY)
        if head is None or why_closed(head.row) is not Closed.LEFT:
            needed = "move-tenant must move it there, also if it never had a commit"
            raise TenantClosedError(f"tenant {tenant_id} is not in {home}, though the setting says so: {needed}")
