"""Writing a row whatever is there: for advice that anybody may write at any time, and that nothing rests on."""

from contextlib import suppress
from typing import Final

from domain.errors import LedgerUnavailableError
from storage.operations import ANY_VERSION, Operation, Write
from storage.rows import Row
from storage.table import ConflictError, LedgerTable

PUTTING_MAX: Final = 5
"""How often a row is tried to be written that others take away and write again meanwhile."""


async def put(table: LedgerTable, row: Row) -> None:
    """Write a row in place of any version of it, or where there is none.

    Afterwards it has a version that was written after this call began, by this call or another.

    Raises:
        LedgerUnavailableError: The storage did not answer, so it was written or not, or others kept taking it away.
    """
    for _ in range(PUTTING_MAX):
        for operation in (Operation(Write.INSERT, row), Operation(Write.REPLACE, row, ANY_VERSION)):
            with suppress(ConflictError):
                await table.commit([operation])
                return
    raise LedgerUnavailableError(f"row {row['PartitionKey']}/{row['RowKey']} was taken away {PUTTING_MAX} times")
