"""What is done for tenants besides requests: roll-up, retention, rebuilding reports, deleting, moving."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

RETENTION_DAYS_DEFAULT: Final = 400
RETENTION_DAYS_LEAST: Final = 90
"""What the longest report covers."""


@dataclass(frozen=True, slots=True)
class Change:
    """A note that a tenant changed.

    Attributes:
        tenant_id: The tenant.
        version: Which version of the note it is: a later change has another.
    """

    tenant_id: str
    version: str


@dataclass(frozen=True, slots=True)
class Round:
    """How far a round of all tenants has come.

    Attributes:
        began: When it began, UTC.
        after: Every tenant up to this one was visited, in the order of their ids; empty before the first.
        is_over: Whether every tenant was.
    """

    began: datetime
    after: str = ""
    is_over: bool = False


class Tenants(Protocol):
    """Which tenants there are, and who was visited. All methods raise LedgerUnavailableError.

    Notes of changes are advice: written a little late, and lost with a process that is killed. A round of all tenants
    is the guarantee.
    """

    def tenants(self, after: str = "") -> AsyncIterator[str]:
        """Every tenant behind that id once, in the order of ids, of those that are where the setting says."""

    async def changes(self) -> Sequence[Change]:
        """Notes of tenants that reports may be behind of, in the order of tenants' ids."""

    async def note_change(self, tenant_id: str) -> None:
        """Note that somebody must visit a tenant."""

    async def forget_change(self, change: Change) -> None:
        """Take a note away after the tenant was visited, unless the tenant was noted again meanwhile."""

    async def round(self, name: str, *, anew: bool = False) -> Round:
        """The round of that name that is to go on, or a new one if none has begun today (UTC); or one that is over.

        Args:
            name: What is done.
            anew: Begin a new one, whatever came before.
        """

    async def keep_round(self, name: str, reached: Round) -> None:
        """Remember how far a round came."""

    def unanswered(self) -> int:
        """How many calls of this process so far the storage was too busy for, or did not answer in their time."""


class Upkeep(Tenants, Protocol):
    """Every tenant's upkeep. All methods may be cut off anywhere and run again, also at once in several processes.

    Of a tenant that is being deleted, or that lives in another storage account than the setting says, they raise
    TenantClosedError.
    """

    async def roll_up(self, tenant_id: str, most_steps: int) -> bool:
        """Count what the journal has into the report's rows, in bounded steps; whether nothing is left."""

    async def prune(self, tenant_id: str, days: int) -> bool:
        """Remove a bounded part of what is older than so many days; whether nothing was left."""

    async def rebuild(self, tenant_id: str) -> None:
        """Make the report's rows again from the journal, while they are read and rolled up."""

    async def erase_names(self, tenant_id: str, user_id: str) -> int:
        """Take a person's names out of the user's row and out of the journal; how many rows had them.

        Licenses, counts and ids stay. So does the name of an administrator in policies and licenses that this
        administrator made: it says who answers for them. What is committed meanwhile is not looked at, and the next
        sign-in with names brings them again.
        """

    async def remove_old_posts(self) -> None:
        """Once a day, remove what processes wrote to each other over a day ago: it names people.

        Cut off, the next run goes on about where it was.
        """

    async def delete_tenant(self, tenant_id: str) -> None:
        """Delete everything of a tenant. Run again, it completes what was cut off. Cannot be undone."""


class Figures(Protocol):
    """What an operator watches of a tenant. All methods raise LedgerError like those of the ledger."""

    async def uncounted_since(self, tenant_id: str) -> datetime | None:
        """The time of the first commit that reports have not counted; None if they have counted all."""

    async def available_licenses(self, tenant_id: str) -> Mapping[str, int]:
        """How many licenses are left of each product."""


Tell = Callable[[str], None]
"""Takes a sentence on how far something is."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did.

    Attributes:
        source: The account that the tenant was in; None if it was in the right one already.
        rows: How many rows both accounts have the same.
    """

    source: str | None
    rows: int


class Moves(Protocol):
    """Moves tenants between storage accounts.

    All methods may be cut off anywhere and run again, also at once in several processes. They raise
    LedgerUnavailableError when an account does not answer, and MoveRefusedError, which says what is in the way.
    """

    async def move(self, tenant_id: str, to: str, tell: Tell) -> Moved:
        """Move a tenant to the account of that name, wherever it is, or on the way.

        Afterwards it can be used by processes whose setting says so, and by no others. A tenant that never had a
        commit is moved too: it begins there. What was copied stays in the account that it left, behind a tombstone.
        """

    async def clean(self, tenant_id: str) -> int:
        """Remove a tenant's rows from every account where it is not; how many. The tombstones stay."""
