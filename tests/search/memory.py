"""A table in memory with Table Storage's semantics, as far as the ledger relies on them.

Storage is tested on the real emulator; a search needs thousands of calls a second and the same run each time, which no
emulator gives. So this one stands in for it, in the search only, and test_memory.py holds it to the emulator: both must
give the same rows and pages, and refuse the same transactions at the same place.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from storage.tables.limits import check_transaction
from storage.tables.operations import ANY_VERSION, Operation, StoredRow, Write
from storage.tables.table import ConflictError

Note = Callable[[Mapping[str, StoredRow], Sequence[Operation]], None]
"""Is told of each transaction that will be made: the partition's rows before it, and its operations."""


class Memory:
    """The rows of one table."""

    def __init__(self, note: Note | None = None) -> None:
        self._note = note
        self._partitions: dict[str, dict[str, StoredRow]] = {}
        self._etags = count(1)

    def partitions(self) -> list[str]:
        """The PartitionKeys, in their order."""
        return sorted(name for name, rows in self._partitions.items() if rows)

    def rows(self, partition: str) -> list[Mapping[str, Any]]:
        """Every row of a partition."""
        return [stored.row for stored in self._partitions.get(partition, {}).values()]

    def get(self, partition: str, row_key: str) -> StoredRow | None:
        return self._partitions.get(partition, {}).get(row_key)

    def page(
        self, partition: str, first: str, end: str, continuation: str | None, rows: int
    ) -> tuple[list[StoredRow], str | None]:
        """Up to so many rows with first <= RowKey < end, and the key of the row that follows them."""
        stored = self._partitions.get(partition, {})
        keys = sorted(key for key in stored if (continuation or first) <= key < end)
        return [stored[key] for key in keys[:rows]], next(iter(keys[rows:]), None)

    def next_partition(self, after: str, end: str) -> str | None:
        return min((name for name, rows in self._partitions.items() if rows and after < name < end), default=None)

    def transact(self, operations: Sequence[Operation]) -> list[str]:
        """Make all operations, or none: see LedgerTable.commit."""
        check_transaction([operation.row for operation in operations])
        rows = self._partitions.setdefault(operations[0].row["PartitionKey"], {})
        for place, operation in enumerate(operations):
            if not _meets(rows.get(operation.row["RowKey"]), operation):
                raise ConflictError(place)
        if self._note:
            self._note(rows, operations)
        return [self._write(rows, operation) for operation in operations]

    def _write(self, rows: dict[str, StoredRow], operation: Operation) -> str:
        row_key = operation.row["RowKey"]
        if operation.write is Write.DELETE:
            del rows[row_key]
            return ""
        rows[row_key] = StoredRow(dict(operation.row), f"etag-{next(self._etags)}")
        return rows[row_key].etag


def _meets(stored: StoredRow | None, operation: Operation) -> bool:
    """Whether the operation finds the version that it names. A transaction touches each row once."""
    if operation.write is Write.UPSERT:
        return True
    if operation.write is Write.INSERT:
        return stored is None
    return stored is not None and operation.etag in {ANY_VERSION, stored.etag}
