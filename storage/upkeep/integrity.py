"""Integrity checks of one tenant on its rows: see domain.integrity for what is held against what.

A check goes through the users first and then through the journal, a bounded part in each call. Between the calls its
progress travels in the link that goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from domain.errors import LedgerDamagedError
from domain.integrity import (
    CheckStep,
    Discrepancy,
    Remainder,
    added_licenses,
    as_of,
    double_entries,
    left_of_journal,
    left_of_users,
)
from domain.journal import JournalRecord
from storage.rows.content import END_KEY, FIRST_KEY, HEAD_KEY, USERS_END, USERS_START, policy_key, user_key
from storage.rows.journal import JournalGapError, JournalReader
from storage.rows.lives import is_opening
from storage.rows.retention import read_retention
from storage.rows.state import head_of
from storage.rows.tombstones import refuse_closed_tenant
from storage.rows.users import read_users, user_of
from storage.tables.clock import StorageClock
from storage.tables.limits import ROWS_PER_PAGE_MAX, following_key
from storage.tables.operations import StoredRow
from storage.tables.table import LedgerTable
from storage.upkeep.day_checks import DayCheck, DayChecker

USERS_PER_CALL: Final = ROWS_PER_PAGE_MAX
COMMITS_PER_CALL: Final = 300
COMMITS_UNDONE: Final = 3_000
"""When more has been committed since a check began, it begins again: undoing would cost more than checking."""
POLICY_PAGES_MAX: Final = 300
"""How many pages a tenant's policies may take: there are at most 200 of them, and a page has at least one."""


@dataclass(slots=True)
class Progress:
    """How far a check has come. It is about one moment: the commit `sequence`.

    Attributes:
        sequence: Number of the commit whose head is checked.
        user: The last user looked at; None before the first.
        users_done: Whether all users were.
        assigned: What is left of the head's licenses per product once the users so far are subtracted.
        held: The same per policy.
        digest: The same of the digest, in hexadecimal.
        commit: The last commit looked at.
        pruned: How far the journal was removed when the check began.
        counted_from: Commits up to this one are in the checkpoint that the journal begins with.
        journal: What is left of the head's licenses per product once the commits so far are subtracted.
        days: How far the report's days are.
        ok: Whether nothing was wrong so far.
        users: How many users were looked at.
        licenses: How many licenses they hold.
        entries: How many journal entries were looked at.
    """

    sequence: int
    assigned: dict[str, int]
    held: dict[str, int]
    digest: str
    commit: int
    pruned: int
    counted_from: int
    journal: dict[str, int]
    days: dict[str, Any]
    user: str | None = None
    users_done: bool = False
    ok: bool = True
    users: int = 0
    licenses: int = 0
    entries: int = 0
    found: list[Discrepancy] = field(default_factory=list)

    def answer(self, *, complete: bool) -> CheckStep:
        """What this call tells."""
        found = tuple(self.found)
        self.ok = self.ok and not found
        self.found = []
        progress = {name: value for name, value in asdict(self).items() if name != "found"}
        return CheckStep(self.ok, self.users, self.licenses, self.entries, found, None if complete else progress)


class IntegrityChecker:
    """Checks one tenant at a time."""

    def __init__(self, ledger: LedgerTable, reports: LedgerTable, clock: StorageClock) -> None:
        self._ledger = ledger
        self._journal = JournalReader(ledger)
        self._days = DayChecker(ledger, reports, clock)

    async def step(self, tenant_id: str, progress: Mapping[str, Any] | None, retention_days: int) -> CheckStep:
        """One call of a check: from the beginning, or on from another call's progress."""
        check = Progress(**progress) if progress else await self._begin(tenant_id)
        if check is None:
            return await self._without_head(tenant_id)
        is_complete = False
        if not check.users_done and not await self._users(tenant_id, check):
            return await self._begin_again(tenant_id)
        if check.users_done:
            is_complete = await self._commits(tenant_id, check, retention_days)
        if (await read_retention(self._ledger, tenant_id)).pruned_through != check.pruned:
            # What was looked at is being removed, so nothing can be said of it.
            return await self._begin_again(tenant_id)
        await refuse_closed_tenant(self._ledger, tenant_id)
        return check.answer(complete=is_complete)

    async def _begin(self, tenant_id: str) -> Progress | None:
        """A check of the tenant as it is now; None if it has had no commit."""
        days = await self._days.begin(tenant_id)
        # Before the head: so the checkpoint is no newer than that.
        retention = await read_retention(self._ledger, tenant_id)
        stored = await self._ledger.get(tenant_id, HEAD_KEY)
        if stored is None or is_opening(stored.row):
            return None
        head = head_of(stored.row)
        journal = dict(head.assigned)
        if retention.checkpoint:
            for sku_id, count in retention.checkpoint.assigned.items():
                journal[sku_id] = journal.get(sku_id, 0) - count
        return Progress(
            sequence=head.sequence,
            assigned=dict(head.assigned),
            held={policy_id: head.held.get(policy_id, 0) for policy_id in await self._policies(tenant_id)}
            | dict(head.held),
            digest=f"{head.digest:x}",
            commit=retention.pruned_through,
            pruned=retention.pruned_through,
            counted_from=retention.checkpoint.sequence if retention.checkpoint else 0,
            journal=journal,
            days=asdict(days),
        )

    async def _policies(self, tenant_id: str) -> list[str]:
        """The ids of the policies that there are: the head may leave out those without licenses."""
        start = policy_key("")
        policy_ids: list[str] = []
        continuation = None
        for _ in range(POLICY_PAGES_MAX):
            rows, continuation = await self._ledger.page(tenant_id, start, start[:-1] + ";", continuation)
            policy_ids += [str(stored.row["RowKey"]).removeprefix(start) for stored in rows]
            if not continuation:
                return policy_ids
        raise LedgerDamagedError(f"tenant {tenant_id} has policies of over {POLICY_PAGES_MAX} pages")

    async def _begin_again(self, tenant_id: str) -> CheckStep:
        begun = await self._begin(tenant_id)
        return begun.answer(complete=False) if begun else await self._without_head(tenant_id)

    async def _without_head(self, tenant_id: str) -> CheckStep:
        """A tenant that has had no commit has no rows."""
        rows, _ = await self._ledger.page(tenant_id, FIRST_KEY, END_KEY, rows=2)
        message = "The tenant has rows and no head, which counts them."
        found = (
            (Discrepancy("lostHead", "state", message),)
            if any(stored.row["RowKey"] != HEAD_KEY for stored in rows)
            else ()
        )
        return CheckStep(not found, 0, 0, 0, found, None)

    async def _users(self, tenant_id: str, check: Progress) -> bool:
        """Subtract a page of users; False if too much has changed since the check began."""
        first = USERS_START if check.user is None else following_key(user_key(check.user))
        rows, rest = await self._ledger.page(tenant_id, first, USERS_END, rows=USERS_PER_CALL)
        newest = max((_sequence(stored) for stored in rows), default=0)
        later: list[JournalRecord] = []
        if newest > check.sequence:
            later = await self._journal.after(tenant_id, check.sequence, COMMITS_UNDONE)
            if len(later) == COMMITS_UNDONE:
                return False
        remainder = Remainder(check.assigned, check.held, int(check.digest, 16))
        for stored in rows:
            in_row = [record for record in later if record.sequence <= _sequence(stored)]
            user = as_of(user_of(stored.row), check.sequence, in_row)
            remainder.subtract(user)
            check.users += 1
            check.licenses += len(user.licenses)
            check.user = user.id
        check.digest = f"{remainder.digest:x}"
        check.users_done = not rest
        if check.users_done:
            check.found += left_of_users(remainder)
            check.assigned, check.held = {}, {}
        return True

    async def _commits(self, tenant_id: str, check: Progress, retention_days: int) -> bool:
        """Subtract a stretch of commits; whether the check is complete."""
        most = min(COMMITS_PER_CALL, check.sequence - check.commit)
        days = DayCheck(**check.days)
        try:
            records = await self._journal.after(tenant_id, check.commit, most) if most > 0 else []
            missing = check.commit + len(records) + 1 if len(records) < most else None
        except JournalGapError as gap:
            missing = gap.missing
        if missing:
            message = f"Commit {missing} is missing in the journal. What comes after it was not looked at."
            check.found.append(Discrepancy("journalGap", f"journal/{missing}", message))
            return True
        records = _about_few_users(records)
        for record in records:
            check.found += double_entries(record)
            check.entries += len(record.entries)
            if record.sequence > check.counted_from:
                for sku_id, amount in added_licenses(record):
                    check.journal[sku_id] = check.journal.get(sku_id, 0) - amount
            check.found += await self._days.add(tenant_id, days, record, retention_days)
            check.commit = record.sequence
        check.found += await self._lost_users(tenant_id, records)
        check.days = asdict(days)
        if check.commit < check.sequence:
            return False
        check.found += await self._days.end(tenant_id, days, retention_days)
        check.found += left_of_journal(check.journal)
        return True

    async def _lost_users(self, tenant_id: str, records: Sequence[JournalRecord]) -> list[Discrepancy]:
        """Users that commits are about and that have no row: rows of users are emptied, never deleted."""
        user_ids = sorted(set().union(*(_users_of(record) for record in records)))
        known = await read_users(self._ledger, tenant_id, user_ids)
        return [
            Discrepancy("lostUser", f"users/{each.user.id}", "The journal has licenses of this user, who has no row.")
            for each in known
            if each.etag is None
        ]


def _sequence(stored: StoredRow) -> int:
    return int(stored.row["sequence"])


def _users_of(record: JournalRecord) -> set[str]:
    """The users that a commit is about."""
    return {entry.target.split("/")[1] for entry in record.entries if entry.target.startswith("users/")}


def _about_few_users(records: Sequence[JournalRecord]) -> list[JournalRecord]:
    """As many of the records as are about no more users than a call looks at; at least one."""
    users: set[str] = set()
    for number, record in enumerate(records):
        users |= _users_of(record)
        if number and len(users) > USERS_PER_CALL:
            return list(records[:number])
    return list(records)
