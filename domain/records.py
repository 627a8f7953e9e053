"""What the rules and lists need of storage to read what was written: users, the journal, the report's counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.catalog import RetiredPolicy
from domain.journal import JournalRecord
from domain.licenses import User
from domain.reports import Period, PolicyCounts
from domain.tenant import TenantState


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """Claims by policy, up to a commit that came after the question.

    Attributes:
        counts: Claims by policy, for at least the days asked for.
        rolled_up_to: Time of the last commit that the stored counts have; None before the first.
    """

    counts: Mapping[str, PolicyCounts]
    rolled_up_to: datetime | None


class Records(Protocol):
    """Every tenant's past. All methods raise LedgerUnavailableError when the storage does not answer."""

    async def user(self, tenant_id: str, user_id: str) -> tuple[TenantState, User]:
        """A user, and a state that knows every product that the user holds. One never seen holds nothing."""

    async def users(self, tenant_id: str, user_ids: Iterable[str]) -> dict[str, User]:
        """Several users, by id."""

    async def users_after(self, tenant_id: str, user_id: str | None) -> tuple[list[User], str | None]:
        """A page of users behind an id, by id, and the id to go on after; None when there are no more.

        A page may be short and still have more behind it.
        """

    async def commits_before(
        self, tenant_id: str, sequence: int | None, rows: int
    ) -> tuple[Sequence[JournalRecord], bool]:
        """A page of commits before a sequence number, newest first, and whether there may be more."""

    async def retired_policies(self, tenant_id: str, policy_ids: Iterable[str]) -> dict[str, RetiredPolicy]:
        """What is remembered of deleted policies, by id; those that never were are left out."""

    async def claim_counts(self, tenant_id: str, period: Period) -> ClaimCounts:
        """Claims by policy in a period."""
