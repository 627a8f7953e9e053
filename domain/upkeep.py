"""What is done for tenants besides requests: roll-up, retention, rebuilding reports, deleting, moving."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

RETENTION_DAYS_DEFAULT: Final = 400
RETENTION_DAYS_LEAST: Final = 90
"""What the longest report covers."""


class Upkeep(Protocol):
    """Every tenant's upkeep. All methods may be cut off anywhere and run again, also at once in several processes.

    Of a tenant that is being deleted, or that lives in another storage account than the setting says, they raise
    TenantClosedError.
    """

    def tenants(self) -> AsyncIterator[str]:
        """Every tenant once, of those that are where the setting says."""

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
