"""Partitions in memory: rows under ETags, in their order, and how much of them may be read and written a second."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, Self

from benchmarks.simulation.costs import BURST_SECONDS, Costs
from storage.rows.content import Row
from storage.tables.limits import ROWS_PER_PAGE_MAX, entity_bytes
from storage.tables.operations import ANY_VERSION, Operation, StoredRow, Write
from storage.tables.wire import FailedOperationError

WRITERS_REMEMBERED: Final = 50
"""Of the latest transactions it is known which process sent them."""


@dataclass(slots=True)
class Counts:
    """What a partition was asked.

    Attributes:
        commits: Transactions made.
        conflicts: Transactions refused, because a row was in another version.
        busy: Calls answered "too busy".
        reads: Point reads and queries.
        queries: Of these, queries.
        rows: Rows of transactions made.
        load: Rows of 1 KiB that were read, looked at or written, made or refused: what the limit counts.
    """

    commits: int = 0
    conflicts: int = 0
    busy: int = 0
    reads: int = 0
    queries: int = 0
    rows: int = 0
    load: int = 0

    def since(self, before: Self) -> Self:
        """What came after an earlier count."""
        return replace(
            self, **{each.name: getattr(self, each.name) - getattr(before, each.name) for each in fields(self)}
        )


class Allowance:
    """So many rows of 1 KiB a second. What is not used is kept, for BURST_SECONDS."""

    def __init__(self, rows_per_second: int | None) -> None:
        self._rate = rows_per_second
        self._most = BURST_SECONDS * (rows_per_second or 0)
        self._left = self._most
        self._at = 0.0

    def has(self, load: int, now: float) -> bool:
        """Whether so many may be read or written now."""
        if self._rate is None:
            return True
        self._left = min(self._most, self._left + self._rate * (now - self._at))
        self._at = now
        # What is more than is ever kept is taken on credit, or it could never be had.
        return min(load, self._most) <= self._left

    def take(self, load: int) -> None:
        """Use up so many."""
        self._left -= load


class Partition:
    """Rows of one PartitionKey: changed all or none, under ETags that are never used twice.

    Attributes:
        rows: The rows, by RowKey.
        counts: What it was asked.
        allowance: How much it may be asked.
        latest_writers: Which processes sent the latest transactions that were made.
    """

    def __init__(self, costs: Costs) -> None:
        self.rows: dict[str, StoredRow] = {}
        self.counts = Counts()
        self.allowance = Allowance(costs.rows_per_second)
        self.latest_writers: deque[str] = deque(maxlen=WRITERS_REMEMBERED)
        self._counted_bytes = costs.counted_bytes
        self._changes = 0
        self._keys: list[str] = []
        self._loads: dict[str, int] = {}

    def change(self, operations: Sequence[Operation]) -> list[str]:
        """Make all operations, or none; gives the new ETags.

        Raises:
            FailedOperationError: One met a row in another version than it named.
        """
        for place, operation in enumerate(operations):
            self._check(place, operation)
        self._changes += 1
        etag = f'W/"{self._changes}"'
        for operation in operations:
            row_key = operation.row["RowKey"]
            if operation.write is Write.DELETE:
                del self.rows[row_key], self._loads[row_key]
                del self._keys[bisect_left(self._keys, row_key)]
            else:
                if row_key not in self.rows:
                    insort(self._keys, row_key)
                self._put(operation.row, etag)
        return ["" if operation.write is Write.DELETE else etag for operation in operations]

    def _check(self, place: int, operation: Operation) -> None:
        there = self.rows.get(operation.row["RowKey"])
        match operation.write:
            case Write.INSERT:
                if there:
                    raise FailedOperationError(place, 409, "EntityAlreadyExists")
            case Write.REPLACE | Write.DELETE:
                if not there:
                    raise FailedOperationError(place, 404, "ResourceNotFound")
                if operation.etag not in (ANY_VERSION, there.etag):
                    raise FailedOperationError(place, 412, "UpdateConditionNotSatisfied")
            case _:
                """Insert or replace takes a row as it comes."""

    def put(self, rows: Iterable[Row]) -> None:
        """Write rows, whatever is there: at no cost, and before anybody looks."""
        self._changes += 1
        for row in rows:
            self._put(row, f'W/"{self._changes}"')
        self._keys = sorted(self.rows)

    def _put(self, row: Row, etag: str) -> None:
        self.rows[row["RowKey"]] = StoredRow(row, etag)
        self._loads[row["RowKey"]] = self.load_of(row)

    def load_of(self, row: Row) -> int:
        """As how many rows a row counts."""
        return -(-entity_bytes(row) // self._counted_bytes) if self._counted_bytes else 1

    def load_of_row(self, row_key: str) -> int:
        """What reading a row counts, there or not."""
        return self._loads.get(row_key, 1)

    def page(self, first: str, end: str, most: int, behind: str | None = None) -> tuple[list[StoredRow], int, int]:
        """Rows with first <= RowKey < end, at most so many, behind the one where a page before ended.

        Also how many rows, and how much, the query looks at: all that are in its range, given or not, up to what a page
        can have; at least one.
        """
        start = bisect_left(self._keys, first) if behind is None else bisect_left(self._keys, behind + "\0")
        looked_at = self._keys[start : min(bisect_left(self._keys, end), start + ROWS_PER_PAGE_MAX)]
        load = sum(self._loads[key] for key in looked_at)
        return [self.rows[key] for key in looked_at[:most]], len(looked_at), max(1, load)
