"""Rows as they are read and written: the words that everything above the wire shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Write(StrEnum):
    """What an operation does to its row. Only advice is written as UPSERT: nothing may rest on such a row."""

    INSERT = "insert"
    REPLACE = "replace"
    UPSERT = "insert or replace"
    DELETE = "delete"


ANY_VERSION: Final = "*"
"""Replaces or deletes a row in any version, so long as it is there. The head's ETag, in the same transaction,
already says that nobody changed anything in between."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row written in a transaction.

    Attributes:
        write: What to do.
        row: The whole row; for a deletion the keys suffice.
        etag: The version that must be there; not for INSERT and UPSERT.
    """

    write: Write
    row: Mapping[str, Any]
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as read, with its ETag."""

    row: Mapping[str, Any]
    etag: str


def written_over(row: Mapping[str, Any], etag: str | None) -> Operation:
    """The row in place of the version with that ETag, or new if there is none."""
    return Operation(Write.REPLACE, row, etag) if etag else Operation(Write.INSERT, row)


def deleted(partition: str, row_key: str) -> Operation:
    """The row away, in whatever version, so long as it is there."""
    return Operation(Write.DELETE, {"PartitionKey": partition, "RowKey": row_key}, ANY_VERSION)


def without_timestamp(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what the storage adds to it."""
    return {name: value for name, value in row.items() if name != "Timestamp"}


def written_again(stored: StoredRow) -> Operation:
    """The row as it was read, under its ETag: the transaction is made only if nobody wrote the row since."""
    return Operation(Write.REPLACE, without_timestamp(stored.row), stored.etag)
