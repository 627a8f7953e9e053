"""Claims as the journal remembers them: what reports count and lists show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.errors import LedgerDamagedError
from domain.journal import Action, Entry, JournalRecord


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. Names are as they were at the claim.

    Attributes:
        sequence: Number of the commit that granted it.
        place: Its place among the commit's entries, from 0.
        at: When it was granted.
        assigning_order: 1 if the primary product was claimed, 2 to 5 for a backup.
    """

    sequence: int
    place: int
    at: datetime
    user_id: str
    principal_name: str | None
    display_name: str | None
    sku_id: str
    product_name: str
    policy_id: str
    policy_name: str
    app_name: str
    assigning_order: int

    @property
    def day(self) -> date:
        """The UTC day that it counts for."""
        return self.at.date()


def claims_of(record: JournalRecord) -> Iterator[Claim]:
    """The claims among a commit's entries, in order.

    Raises:
        LedgerDamagedError: An entry says that it is a claim and does not say what was claimed.
    """
    for place, entry in enumerate(record.entries):
        if entry.action is Action.LICENSE_CLAIMED:
            yield _claim_of(record, place, entry)


def _claim_of(record: JournalRecord, place: int, entry: Entry) -> Claim:
    details: Mapping[str, Any] = entry.details
    try:
        return Claim(
            record.sequence,
            place,
            record.at,
            details["userId"],
            details.get("userPrincipalName"),
            details.get("displayName"),
            details["skuId"],
            details["productName"],
            details["policyId"],
            details["policyName"],
            details["appName"],
            details["assigningOrder"],
        )
    except KeyError as error:
        raise LedgerDamagedError(f"entry {place} of commit {record.sequence} is a claim without {error}") from error


def claims_in(records: Iterable[JournalRecord]) -> Iterator[Claim]:
    """The claims of several commits, in the order of the commits."""
    return (claim for record in records for claim in claims_of(record))
