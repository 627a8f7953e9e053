"""Integrity: users, counts, digest, journal and report rows held against each other, in bounded steps.

A check is about one moment, the head that it began with. It takes what the head counts and subtracts what every
user holds, and again what every commit added; nothing must be left of either. What was changed after that moment
is undone with the journal's help, so claims that come in raise no alarm.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from domain.claims import claims_of
from domain.errors import LedgerDamagedError
from domain.journal import Action, Entry, JournalRecord, license_of_fields
from domain.licenses import DIGEST_MODULUS, License, PolicyClaim, User, digest_of
from domain.tenant import Head

_FINGERPRINT_MODULUS: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two things that should agree and do not.

    Attributes:
        kind: Which kind of damage.
        target: What it is about, like `products/{skuId}` or `journal/17`.
        message: What was found, and what should be.
    """

    kind: str
    target: str
    message: str


@dataclass(slots=True)
class Remainder:
    """What is left of a head's counts when what was found elsewhere is subtracted: nothing, if all is well.

    Attributes:
        assigned: Licenses per product.
        held: Licenses per policy. Policies that the head does not count are not looked at: they are deleted.
        digest: The digest.
    """

    assigned: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    digest: int = 0

    @classmethod
    def of(cls, head: Head) -> "Remainder":
        """All that a head counts."""
        return cls(dict(head.assigned), dict(head.held), head.digest)

    def subtract(self, user: User) -> None:
        """Take away what a user holds."""
        self.digest = (self.digest - digest_of(user)) % DIGEST_MODULUS
        for held in user.licenses:
            self.count(held.sku_id, -1)
            origin = held.assigned_by
            if isinstance(origin, PolicyClaim) and origin.policy_id in self.held:
                self.held[origin.policy_id] -= 1

    def count(self, sku_id: str, amount: int) -> None:
        """Add to what is left of a product."""
        self.assigned[sku_id] = self.assigned.get(sku_id, 0) + amount


def left_of_users(remainder: Remainder) -> list[Discrepancy]:
    """What does not agree once every user is subtracted."""
    found = [
        Discrepancy("wrongCount", f"products/{sku_id}", f"The head counts {_more(left)} of it than users hold.")
        for sku_id, left in sorted(remainder.assigned.items())
        if left
    ]
    found += [
        Discrepancy("wrongCount", f"policies/{policy_id}", f"The head counts {_more(left)} by it than users hold.")
        for policy_id, left in sorted(remainder.held.items())
        if left
    ]
    if remainder.digest:
        message = "The digest of all licenses is not that of the licenses that users hold: a user's row is wrong."
        found.append(Discrepancy("wrongDigest", "users", message))
    return found


def left_of_journal(assigned: Mapping[str, int]) -> list[Discrepancy]:
    """What does not agree once every commit is subtracted."""
    return [
        Discrepancy(
            "wrongJournal", f"products/{sku_id}", f"The head counts {_more(left)} of it than the journal adds up."
        )
        for sku_id, left in sorted(assigned.items())
        if left
    ]


def _more(left: int) -> str:
    return f"{abs(left)} {'licenses more' if left > 0 else 'licenses fewer'}"


def added_licenses(record: JournalRecord) -> Iterable[tuple[str, int]]:
    """What a commit did to the licenses of products: 1 for each that came, -1 for each that went."""
    for entry in record.entries:
        if entry.action in {Action.LICENSE_CLAIMED, Action.LICENSE_ASSIGNED}:
            yield target_of(entry)[1], 1
        elif entry.action is Action.LICENSE_REMOVED:
            yield target_of(entry)[1], -1


def target_of(entry: Entry) -> tuple[str, str]:
    """The user and the product of an entry about a license.

    Raises:
        LedgerDamagedError: The entry names neither.
    """
    match entry.target.split("/"):
        case ["users", user_id, "licenses", sku_id]:
            return user_id, sku_id
    raise LedgerDamagedError(f"an entry about a license is about {entry.target!r}")


def as_of(user: User, sequence: int, later: Sequence[JournalRecord]) -> User:
    """A user as of a commit, from the user's row and the commits after that which are in the row.

    Raises:
        LedgerDamagedError: An entry does not say what it took back.
    """
    licenses = {held.sku_id: held for held in user.licenses}
    for record in sorted(later, key=lambda each: -each.sequence):
        if record.sequence <= sequence:
            break
        for entry in reversed(record.entries):
            if entry.target.startswith(f"users/{user.id}/licenses/"):
                _undo(licenses, entry)
    return User(user.id, user.principal_name, user.display_name, tuple(licenses.values()))


def _undo(licenses: dict[str, License], entry: Entry) -> None:
    _, sku_id = target_of(entry)
    try:
        match entry.action:
            case Action.LICENSE_CLAIMED | Action.LICENSE_ASSIGNED:
                licenses.pop(sku_id, None)
            case Action.LICENSE_REMOVED:
                licenses[sku_id] = license_of_fields(sku_id, entry.details["before"])
            case Action.LICENSE_CHANGED:
                held = licenses[sku_id]
                before = tuple(entry.details["before"]["disabledServicePlanIds"])
                licenses[sku_id] = License(sku_id, before, held.assigned_at, held.assigned_by)
            case _:
                pass
    except (KeyError, ValueError) as error:
        raise LedgerDamagedError(f"an entry about {entry.target} lacks {error}") from error


@dataclass(slots=True)
class DayClaims:
    """Claims of one day, short: how many, and a fingerprint of which policies and products."""

    day: date
    claims: int = 0
    fingerprint: int = 0

    def add(self, policy_id: str, sku_id: str, claims: int = 1) -> None:
        """Count claims."""
        self.claims += claims
        self.fingerprint = (self.fingerprint + claims * _hash(policy_id, sku_id)) % _FINGERPRINT_MODULUS


def _hash(policy_id: str, sku_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{policy_id} {sku_id}".encode(), digest_size=8).digest())


def wrong_day(journal: DayClaims, rows: DayClaims) -> list[Discrepancy]:
    """Whether the report's rows have other claims on a day than the journal."""
    if (journal.claims, journal.fingerprint) == (rows.claims, rows.fingerprint):
        return []
    message = f"The report's rows have {rows.claims} claims on this day, the journal has {journal.claims}"
    same = " of other policies or products" if journal.claims == rows.claims else ""
    return [Discrepancy("wrongDay", f"reports/{journal.day}", f"{message}{same}: rebuild the reports.")]


def double_entries(record: JournalRecord) -> list[Discrepancy]:
    """Claims that stand twice in one commit."""
    targets = [f"users/{claim.user_id}/licenses/{claim.sku_id}" for claim in claims_of(record)]
    doubled = sorted({target for target in targets if targets.count(target) > 1})
    return [
        Discrepancy("doubleEntry", target, f"Commit {record.sequence} has this claim more than once.")
        for target in doubled
    ]


@dataclass(frozen=True, slots=True)
class CheckStep:
    """What one call of a check found.

    Attributes:
        ok: Whether nothing was wrong, in this call and those before.
        users: Users looked at, so far.
        licenses: Licenses that they hold, so far.
        journal_entries: Entries of the journal looked at, so far.
        discrepancies: What this call found.
        progress: What the next call goes on with; None if the check is complete.
    """

    ok: bool
    users: int
    licenses: int
    journal_entries: int
    discrepancies: tuple[Discrepancy, ...]
    progress: Mapping[str, Any] | None


class Integrity(Protocol):
    """Checks tenants. Raises LedgerUnavailableError when the storage does not answer."""

    async def step(self, tenant_id: str, progress: Mapping[str, Any] | None, retention_days: int) -> CheckStep:
        """One bounded call of a check: from the beginning, or on from another call's progress."""
