"""What is written to a tenant's rows, noted as it happens.

A tenant that is deleted can begin again, and old rows of the journal are removed: so what happened is not in the rows
that are there. Who notes every transaction knows each commit in its order, and where one life of the tenant ended and
the next began, whatever numbers the commits have.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.tables.operations import Operation, StoredRow, Write
from tests.domain.tenants import TENANT_ID
from tests.search.memory import Note

Row = Mapping[str, Any]

HEAD = "state"
POSTS = ("inbox:", "outbox:")
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction of a tenant's ledger that was made.

    Attributes:
        account: Where.
        operations: What it wrote.
        head_before: The head before it, or the tombstone in its place.
        removed: The rows that it deleted, as they were.
    """

    account: str
    operations: Sequence[Operation]
    head_before: Row | None
    removed: tuple[Row, ...]

    @property
    def head_operation(self) -> Operation | None:
        """What it does to the head, if anything."""
        return next((each for each in self.operations if each.row["RowKey"] == HEAD), None)

    @property
    def head_after(self) -> Row | None:
        """The head after it, or the tombstone in its place."""
        operation = self.head_operation
        if operation is None:
            return self.head_before
        return None if operation.write is Write.DELETE else operation.row

    @property
    def journal_rows(self) -> list[Row]:
        """The journal's rows that it inserted."""
        return [
            each.row
            for each in self.operations
            if each.write is Write.INSERT and each.row["RowKey"].startswith("journal:")
        ]

    @property
    def is_commit(self) -> bool:
        """Whether it is the tenant's change, and no copy of one: only then the head lives."""
        return bool(self.journal_rows) and self.head_operation is not None and lives(self.head_after)

    @property
    def ends_life(self) -> bool:
        """Whether the tenant is deleted from now on."""
        after, before = self.head_after or {}, self.head_before or {}
        return after.get("closed") == DELETED and before.get("closed") != DELETED

    @property
    def closes(self) -> bool:
        """Whether the tenant cannot be worked with here from now on, and could before."""
        before, after = self.head_before, self.head_after
        return (before is None or lives(before)) and after is not None and after.get("closed") in {DELETED, "left"}


@dataclass(slots=True)
class Notes:
    """The transactions of the tenant's ledger in all accounts, in their order.

    Attributes:
        posts: Every row that inboxes and outboxes have had, by the account's name.
    """

    posts: dict[str, list[Row]] = field(default_factory=dict)
    _new: list[Transaction] = field(default_factory=list)

    def of(self, account: str) -> Note:
        """Notes what is written to the ledger of an account."""

        def note(rows: Mapping[str, StoredRow], operations: Sequence[Operation]) -> None:
            partition = operations[0].row["PartitionKey"]
            if partition.startswith(POSTS):
                self.posts.setdefault(account, []).extend(
                    each.row for each in operations if each.write is not Write.DELETE
                )
            if partition != TENANT_ID:
                return
            head = rows.get(HEAD)
            gone = (each.row["RowKey"] for each in operations if each.write is Write.DELETE)
            removed = tuple(rows[key].row for key in gone)
            self._new.append(Transaction(account, operations, head.row if head else None, removed))

        return note

    def take(self) -> list[Transaction]:
        """Those since the last time."""
        new, self._new = self._new, []
        return new


def lives(head: Row | None) -> bool:
    """Whether the tenant can be worked with where that is its head."""
    return head is not None and "closed" not in head


def content_of(row: Row) -> Any:
    """The JSON of a row."""
    return json.loads("".join(row[name] for name in sorted(row) if name.startswith("content")))


def number_of(entry: Any) -> int:
    """The number of what was asked: administrators have it as their id, users as their name."""
    actor, _, _, details = entry
    return int(actor["id"] if actor else details["displayName"])


def tokens_of(row: Row) -> Mapping[int, str]:
    """The tokens of the sign-ins of a commit that another process posted, by the number of their entry."""
    text = "".join(row[name] for name in sorted(row) if name.startswith("tokens"))
    return {int(place): token for place, token in json.loads(text or "{}").items()}


def names_in(row: Row, user_id: str) -> list[int]:
    """The numbers of the sign-ins whose names of the user the row has."""
    if row["RowKey"] == f"user:{user_id}":
        name = content_of(row)["displayName"]
        return [] if name is None else [int(name)]
    if not row["RowKey"].startswith("journal:"):
        return []
    entries = [details for _, _, target, details in content_of(row) if target.startswith(f"users/{user_id}/")]
    return [int(details["displayName"]) for details in entries if "displayName" in details]


def nameless(row: Row) -> list[Any]:
    """What a row of the journal has, without names."""
    entries = [
        [actor, action, target, {**details, "displayName": None}] for actor, action, target, details in content_of(row)
    ]
    return [row["sequence"], row["at"], row["commitId"], entries]
