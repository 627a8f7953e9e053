"""Walking a tenant's past from the newest back, in bounded steps."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from domain.claims import Claim, claims_of
from domain.journal import Action, Entry, JournalRecord
from domain.licenses import PolicyClaim, User
from domain.records import Records

COMMITS_PER_PAGE: Final = 100
COMMITS_PER_STEP: Final = 2_000
"""How many commits one step looks at, however few of them are wanted."""

ItemT = TypeVar("ItemT")
Place = tuple[int, int]
"""Where something stands in the journal: number of its commit, place among the commit's entries."""


@dataclass(frozen=True, slots=True)
class Step(Generic[ItemT]):
    """What a step back found, newest first, and where to go on; None at the end. May be empty and yet go on."""

    items: list[ItemT]
    next: Place | None


async def step_back(  # noqa: PLR0913 - each is a fact of its own
    records: Records,
    tenant_id: str,
    before: Place | None,
    most: int,
    *,
    select: Callable[[JournalRecord], Iterable[tuple[int, ItemT]]],
    first_day: date = date.min,
) -> Step[ItemT]:
    """Up to `most` things that `select` finds in commits (with their places, in order) before a place.

    New commits do not disturb it: they come before what was asked for. Stops where days are before `first_day`.
    """
    items: list[ItemT] = []
    last = before
    sequence = before[0] + 1 if before else None
    looked_at = 0
    while True:
        page, has_more = await records.commits_before(tenant_id, sequence, COMMITS_PER_PAGE)
        for record in page:
            if record.at.date() < first_day:
                return Step(items, None)
            for place, item in reversed(list(select(record))):
                if before is None or (record.sequence, place) < before:
                    if len(items) == most:
                        return Step(items, last)
                    items.append(item)
                    last = (record.sequence, place)
            sequence = record.sequence
        looked_at += len(page)
        if not has_more or sequence == 1:
            return Step(items, None)
        if looked_at >= COMMITS_PER_STEP and sequence is not None:
            return Step(items, (sequence, 0))


def all_entries(record: JournalRecord) -> Iterable[tuple[int, tuple[JournalRecord, Entry]]]:
    """Selects every entry."""
    return ((place, (record, entry)) for place, entry in enumerate(record.entries))


def claims_under(policy_id: str | None) -> Callable[[JournalRecord], Iterable[tuple[int, Claim]]]:
    """Selects claims under a policy, or all."""

    def select(record: JournalRecord) -> Iterable[tuple[int, Claim]]:
        return ((claim.place, claim) for claim in claims_of(record) if policy_id in (None, claim.policy_id))

    return select


def is_held(claim: Claim, user: User | None) -> bool:
    """Whether the user still holds the license that was claimed then."""
    held = user.license_of(claim.sku_id) if user else None
    origin = held.assigned_by if held else None
    return isinstance(origin, PolicyClaim) and (origin.sequence, origin.place) == (claim.sequence, claim.place)


async def claims_since(
    records: Records, tenant_id: str, first_day: date, policy_id: str | None
) -> AsyncIterator[tuple[Claim, bool]]:
    """Every claim since a day, newest first, and whether its license is still held.

    Held is what was not taken back later: walking from the newest, every taking back is met before the claim. Kept in
    memory are those who lost a license since, not the claims.
    """
    taken_back: set[str] = set()
    select = claims_under(policy_id)
    sequence: int | None = None
    has_more = True
    while has_more:
        page, has_more = await records.commits_before(tenant_id, sequence, COMMITS_PER_PAGE)
        for record in page:
            if record.at.date() < first_day:
                return
            taken_back.update(entry.target for entry in record.entries if entry.action is Action.LICENSE_REMOVED)
            for _, claim in reversed(list(select(record))):
                yield claim, f"users/{claim.user_id}/licenses/{claim.sku_id}" not in taken_back
            sequence = record.sequence
