"""The ledger of all tenants: one committer for each tenant in use."""

from collections import OrderedDict
from typing import Final
from uuid import uuid4

from domain.ledger import AnswerT, Proposal, Settled
from domain.tenant import TenantState
from storage.engine.committer import Committer
from storage.engine.known_users import KnownUsers
from storage.instruments import settling
from storage.tables.clock import StorageClock
from storage.tables.table import LedgerTable

TENANTS_IN_USE: Final = 500
"""Tenants whose standing is kept; the idle one used least lately is forgotten. Only memory and speed depend on it."""


class TableLedger:
    """See domain.ledger.Ledger. One for each event loop."""

    def __init__(self, table: LedgerTable, clock: StorageClock) -> None:
        self._table = table
        self._clock = clock
        self._users = KnownUsers()
        self._committers: OrderedDict[str, Committer] = OrderedDict()

    async def state(self, tenant_id: str) -> TenantState:
        """See domain.ledger.Ledger."""
        return (await self._committer(tenant_id).reader.fresh()).state

    async def settle(self, tenant_id: str, proposal: Proposal[AnswerT]) -> Settled[AnswerT]:
        """See domain.ledger.Ledger."""
        with settling(tenant_id):
            return await self._committer(tenant_id).settle(proposal)

    async def check(self) -> None:
        """See domain.ledger.Ledger."""
        await self._table.check()

    def _committer(self, tenant_id: str) -> Committer:
        committer = self._committers.get(tenant_id)
        if committer is None:
            self._forget_idle()
            committer = self._committers[tenant_id] = Committer(
                tenant_id, self._new_id(), self._table, self._clock, self._users
            )
        self._committers.move_to_end(tenant_id)
        return committer

    def _forget_idle(self) -> None:
        """Make room for one more. Tenants with proposals waiting stay, whatever the bound."""
        while len(self._committers) >= TENANTS_IN_USE:
            idle = next((key for key, committer in self._committers.items() if committer.is_idle), None)
            if idle is None:
                return
            del self._committers[idle]

    def _new_id(self) -> str:
        """Names this process to others, for one tenant while that is in use: what is numbered begins anew with it."""
        return uuid4().hex[:8]
