"""Tenants without a storage: which there are, which changed, and how far rounds came."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from domain.upkeep import Change, Round


class MadeUpTenants:
    """Tenants by name. See domain.upkeep.Tenants.

    Attributes:
        noted: The notes, with the number of their version.
        rounds: How far rounds came.
        now: The time.
        trouble: How many calls have met trouble so far.
    """

    def __init__(self, *tenant_ids: str) -> None:
        self._tenant_ids = sorted(tenant_ids)
        self.noted: dict[str, int] = {}
        self.rounds: dict[str, Round] = {}
        self.now = datetime(2026, 1, 5, 0, 10, tzinfo=UTC)
        self.trouble = 0

    async def tenants(self, after: str = "") -> AsyncIterator[str]:
        for tenant_id in self._tenant_ids:
            if tenant_id > after:
                yield tenant_id

    async def changes(self) -> Sequence[Change]:
        return [Change(tenant_id, str(version)) for tenant_id, version in sorted(self.noted.items())]

    async def note_change(self, tenant_id: str) -> None:
        self.noted[tenant_id] = self.noted.get(tenant_id, 0) + 1

    async def forget_change(self, change: Change) -> None:
        if self.noted.get(change.tenant_id) == int(change.version):
            del self.noted[change.tenant_id]

    async def round(self, name: str, *, anew: bool = False) -> Round:
        known = self.rounds.get(name)
        if known is None or anew or (known.is_over and known.began.date() != self.now.date()):
            return Round(self.now)
        return known

    async def keep_round(self, name: str, reached: Round) -> None:
        self.rounds[name] = reached

    def unanswered(self) -> int:
        return self.trouble
