"""What was written, for those who read: see domain.records.Records."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from domain.catalog import RetiredPolicy
from domain.errors import LedgerDamagedError
from domain.journal import JournalRecord
from domain.ledger import Ledger
from domain.licenses import User
from domain.records import ClaimCounts
from domain.reports import Period
from domain.tenant import TenantState
from storage.reports.counts import CountsReader
from storage.rows.content import USERS_END, USERS_START, retired_policy_key, user_key
from storage.rows.journal import JournalReader
from storage.rows.state import retired_policy_of
from storage.rows.tombstones import refuse_closed_tenant
from storage.rows.users import read_user, read_users, user_of
from storage.tables.limits import following_key
from storage.tables.table import PAGE_ROWS, LedgerTable

READ_ATTEMPTS: Final = 5


class TableRecords:
    """See domain.records.Records.

    What was read is given only if the tenant was not closed after that: rows of a tenant that moved, or that is being
    deleted, are old or not all there.
    """

    def __init__(self, ledger: Ledger, table: LedgerTable, reports: LedgerTable) -> None:
        self._ledger = ledger
        self._table = table
        self._journal = JournalReader(table)
        self._counts = CountsReader(table, reports)

    async def user(self, tenant_id: str, user_id: str) -> tuple[TenantState, User]:
        """See domain.records.Records."""
        for _ in range(READ_ATTEMPTS):
            user = (await read_user(self._table, tenant_id, user_id)).user
            # The state is newer: what it does not know, the user has lost since.
            state = await self._ledger.state(tenant_id)
            if all(held.sku_id in state.configuration.products for held in user.licenses):
                return state, user
        raise LedgerDamagedError(f"tenant {tenant_id}: user {user_id} holds licenses of products that are not there")

    async def users(self, tenant_id: str, user_ids: Iterable[str]) -> dict[str, User]:
        """See domain.records.Records."""
        known = await read_users(self._table, tenant_id, set(user_ids))
        await refuse_closed_tenant(self._table, tenant_id)
        return {each.user.id: each.user for each in known}

    async def users_after(self, tenant_id: str, user_id: str | None) -> tuple[list[User], str | None]:
        """See domain.records.Records."""
        first = USERS_START if user_id is None else following_key(user_key(user_id))
        page, continuation = await self._table.page(tenant_id, first, USERS_END, rows=PAGE_ROWS)
        await refuse_closed_tenant(self._table, tenant_id)
        users = [user_of(stored.row) for stored in page]
        last = users[-1].id if users else user_id
        return users, last if continuation else None

    async def commits_before(
        self, tenant_id: str, sequence: int | None, rows: int
    ) -> tuple[Sequence[JournalRecord], bool]:
        """See domain.records.Records."""
        commits = await self._journal.before(tenant_id, sequence, rows)
        await refuse_closed_tenant(self._table, tenant_id)
        return commits

    async def retired_policies(self, tenant_id: str, policy_ids: Iterable[str]) -> dict[str, RetiredPolicy]:
        """See domain.records.Records."""
        ids = list(policy_ids)
        if not ids:
            return {}
        rows = await asyncio.gather(*(self._table.get(tenant_id, retired_policy_key(policy_id)) for policy_id in ids))
        await refuse_closed_tenant(self._table, tenant_id)
        return {policy_id: retired_policy_of(stored.row) for policy_id, stored in zip(ids, rows, strict=True) if stored}

    async def claim_counts(self, tenant_id: str, period: Period) -> ClaimCounts:
        """See domain.records.Records."""
        counts, watermark = await self._counts.read(tenant_id, period)
        await refuse_closed_tenant(self._table, tenant_id)
        return ClaimCounts(counts, watermark.at)
