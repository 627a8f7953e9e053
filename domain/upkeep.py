"""What is done for tenants besides requests: roll-up, retention, rebuilding reports."""

from collections.abc import AsyncIterator
from typing import Final, Protocol

RETENTION_DAYS_DEFAULT: Final = 400
RETENTION_DAYS_LEAST: Final = 90
"""What the longest report covers."""


class Upkeep(Protocol):
    """Every tenant's upkeep. All methods may be cut off anywhere and run again, also at once in several processes."""

    def tenants(self) -> AsyncIterator[str]:
        """Every tenant once."""

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
