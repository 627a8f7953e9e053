"""Moving a tenant from one storage account to another.

    old home   head ──────────────────────────── tombstone "left", which keeps the head ───────────────
    new home   no head ── tombstone "arriving" ─────────────────────────────────────────────── head ───
                            copy, while in use       compare, and copy what changed since

At no moment are there two heads. Each step is conditional on what was seen before it, and an account is opened only
under the ETag that its tombstone was put with, after the other account's tombstone was put: so of several runs at
once, whichever way they go, one gets through. Cut off anywhere, the next run goes on, and a run to the old home undoes
what was not completed.

Rows of reports are copied too. In the new home they are closed by a tombstone of their own from the beginning, and
opened before the head is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import uuid4

from domain.errors import LedgerDamagedError, LedgerUnavailableError, MoveRefusedError
from domain.upkeep import Moved, Tell
from storage.accounts.copying import Copied, copy_rows
from storage.accounts.spread import Account
from storage.reports.closing import close_reports
from storage.rows.content import END_KEY, FIRST_KEY, HEAD_KEY, Row
from storage.rows.reports import GENERATION_KEY
from storage.rows.tombstones import (
    Closed,
    account_of,
    arriving_head,
    emptied_head,
    left_head,
    move_of,
    opened_head,
    why_closed,
)
from storage.tables.fences import Fence
from storage.tables.operations import StoredRow, without_timestamp
from storage.tables.removal import remove_rows
from storage.tables.table import ConflictError
from storage.upkeep.post_removal import forget_posts

ATTEMPTS: Final = 5
"""How often a run looks again after it was overtaken, or after an answer was lost."""

PAUSE_SECONDS: Final = 0.2

CLOSINGS: Final = 100
"""How often a head that moves all the time is tried to be closed: somebody wins each time."""

COMPARISONS: Final = 20
"""How often the accounts are compared, while what began before the old home was closed still changes rows there."""

REMOVAL_PAGES_MAX: Final = 1_000_000

Heads = Mapping[str, StoredRow | None]
"""A tenant's heads, by the accounts' names."""


ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Way:
    """What a run does.

    Attributes:
        source: The account that is left.
        target: The account that is to have the tenant.
        move_id: The move that this run begins, goes on with or undoes.
        undoes: Whether the target still has the tenant, and has it again without copying.
    """

    source: str
    target: str
    move_id: str
    undoes: bool = False


class TenantMover:
    """Moves tenants: see domain.upkeep.Moves."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        """Takes all accounts, the default first. Which tenant is where, their heads say."""
        self._accounts = {account.name: account for account in accounts}
        self._default = accounts[0].name

    async def move(self, tenant_id: str, to: str, tell: Tell) -> Moved:
        """See domain.upkeep.Moves."""
        return await _persistently(lambda: self._move(tenant_id, to, tell))

    async def clean(self, tenant_id: str) -> int:
        """See domain.upkeep.Moves."""
        return await _persistently(lambda: self._clean(tenant_id))

    async def _move(self, tenant_id: str, to: str, tell: Tell) -> Moved:
        heads = await self._heads(tenant_id)
        way = self._way(tenant_id, heads, to)
        if way is None:
            return Moved(None, 0)
        rows = await (self._undo if way.undoes else self._carry)(tenant_id, way, heads, tell)
        return Moved(way.source, rows)

    async def _heads(self, tenant_id: str) -> Heads:
        """The tenant's heads in all accounts.

        They are not read at one moment. Where one account has the tenant, that does no harm: every write names what
        was seen. Otherwise the tenant may only seem to be nowhere, or twice, so they are read again and must be the
        same.

        Raises:
            ConflictError: They are not.
        """
        heads = await self._heads_one_by_one(tenant_id)
        if len(_living(heads)) != 1 and heads != await self._heads_one_by_one(tenant_id):
            raise ConflictError(0)
        return heads

    async def _heads_one_by_one(self, tenant_id: str) -> Heads:
        found = await asyncio.gather(*(account.ledger.get(tenant_id, HEAD_KEY) for account in self._accounts.values()))
        return dict(zip(self._accounts, found, strict=True))

    def _way(self, tenant_id: str, heads: Heads, to: str) -> Way | None:
        """What is to be done, as the heads are; None if nothing is.

        Raises:
            MoveRefusedError: The tenant cannot be moved there now.
            LedgerDamagedError: There are two heads.
        """
        living = _living(heads)
        if len(living) > 1:
            raise LedgerDamagedError(f"tenant {tenant_id} has a head in each of {living}: somebody must look")
        if any(head and why_closed(head.row) is Closed.DELETED for head in heads.values()):
            raise MoveRefusedError(f"tenant {tenant_id} is being deleted: run delete-tenant again, to its end")
        if living:
            return None if living == [to] else Way(living[0], to, _move_id(heads[to]))
        begun = _open_move(heads)
        if begun is None:
            return self._way_without_head(tenant_id, heads, to)
        if to not in {begun.source, begun.target}:
            raise MoveRefusedError(_on_its_way(tenant_id, begun))
        return begun if to == begun.target else Way(begun.target, to, begun.move_id, undoes=True)

    def _way_without_head(self, tenant_id: str, heads: Heads, to: str) -> Way | None:
        """The same for a tenant that never had a commit, or was deleted: it begins where its tombstones lead."""
        place = self._default
        for _ in heads:
            head = heads.get(place)
            if head is None:
                break
            place = account_of(head.row)
        if place not in heads or heads[place]:
            raise MoveRefusedError(f"a tombstone of tenant {tenant_id} leads to {place}, where the tenant cannot begin")
        return None if place == to else Way(place, to, _move_id(heads[to]))

    async def _carry(self, tenant_id: str, way: Way, heads: Heads, tell: Tell) -> int:
        """Move the tenant; gives its rows."""
        source, target = self._accounts[way.source], self._accounts[way.target]
        seen = heads[way.target]
        tombstone = arriving_head(tenant_id, way.move_id, way.source)
        fence = await Fence.put(target.ledger, tombstone, seen.etag if seen else None)
        closed = await close_reports(target.reports, tenant_id, fence)
        left = heads[way.source]
        if left and why_closed(left.row) is None:
            tell(f"copying from {way.source} to {way.target}, while the tenant is in use")
            await self._copy(tenant_id, source, target, fence, closed)
        kept = await self._close(tenant_id, way, left, fence)
        tell(f"closed in {way.source}: from now on its users are asked to come back")
        for _ in range(COMPARISONS):
            generation = await source.reports.get(tenant_id, GENERATION_KEY)
            copied = await self._copy(tenant_id, source, target, fence, closed)
            tell(f"{copied.rows} rows compared, {copied.written} of them copied")
            if copied.written == 0 and await source.reports.get(tenant_id, GENERATION_KEY) == generation:
                # What cannot be removed now is by clean, or a day later.
                with suppress(LedgerUnavailableError):
                    await forget_posts(source.ledger, tenant_id)
                await closed.open(without_timestamp(generation.row) if generation else None)
                await fence.open(opened_head(kept))
                return copied.rows + (generation is not None)
        raise MoveRefusedError(
            f"rows in {way.source} still change, though it is closed: when the roll-up or rebuild there has ended, "
            "run it again"
        )

    async def _copy(self, tenant_id: str, source: Account, target: Account, fence: Fence, closed: Fence) -> Copied:
        ledger = await copy_rows(source.ledger, target.ledger, tenant_id, fence, HEAD_KEY)
        reports = await copy_rows(source.reports, target.reports, tenant_id, closed, GENERATION_KEY)
        return Copied(ledger.rows + reports.rows, ledger.written + reports.written)

    async def _close(self, tenant_id: str, way: Way, seen: StoredRow | None, fence: Fence) -> Row:
        """Put the tombstone at the old home; gives it.

        A tenant must not be closed for a move that is over. The tombstone of this one was put at the new home, and
        cannot be opened while the old home's head stays as it was seen; when that moved, the tombstone is asked for
        first, and then the head is looked at again.

        Raises:
            ConflictError: The tenant was closed by somebody else.
            LedgerUnavailableError: The head moved at every attempt.
        """
        ledger = self._accounts[way.source].ledger
        for _ in range(CLOSINGS):
            tombstone = left_head(tenant_id, seen.row if seen else None, way.move_id, way.target)
            try:
                await Fence.put(ledger, tombstone, seen.etag if seen else None)
            except ConflictError:
                await fence.commit()
                seen = await ledger.get(tenant_id, HEAD_KEY)
                if seen is None or why_closed(seen.row):
                    raise
            else:
                return tombstone
        raise LedgerUnavailableError(f"the head of tenant {tenant_id} moved {CLOSINGS} times")

    async def _undo(self, tenant_id: str, way: Way, heads: Heads, tell: Tell) -> int:
        """Open the account that a move began to leave; what was copied stays behind a tombstone."""
        here, there = heads[way.target], heads[way.source]
        assert here is not None  # noqa: S101 - an undone move has a tombstone in both accounts
        assert there is not None  # noqa: S101
        tombstone = left_head(tenant_id, here.row, way.move_id, way.source)
        fence = await Fence.put(self._accounts[way.target].ledger, tombstone, here.etag)
        arriving = arriving_head(tenant_id, way.move_id, way.target)
        await Fence.put(self._accounts[way.source].ledger, arriving, there.etag)
        await fence.open(opened_head(tombstone))
        tell(f"opened in {way.target} again")
        return 0

    async def _clean(self, tenant_id: str) -> int:
        heads = await self._heads(tenant_id)
        begun = _open_move(heads)
        if begun:
            raise MoveRefusedError(_on_its_way(tenant_id, begun))
        removed = 0
        for name, head in heads.items():
            if head and why_closed(head.row) in {Closed.LEFT, Closed.ARRIVING}:
                removed += await _emptied(self._accounts[name], tenant_id, head)
        return removed


async def _emptied(account: Account, tenant_id: str, head: StoredRow) -> int:
    """Remove all rows of a tenant from an account where it is not, but the tombstone; how many there were."""
    fence = await Fence.put(account.ledger, emptied_head(head.row), head.etag)
    had_reports = await account.reports.get(tenant_id, GENERATION_KEY) is not None
    await forget_posts(account.ledger, tenant_id)
    closed = await close_reports(account.reports, tenant_id, fence)
    stretch = (tenant_id, FIRST_KEY, END_KEY, REMOVAL_PAGES_MAX)
    reports = await remove_rows(account.reports, *stretch, fence=closed, kept=GENERATION_KEY)
    await closed.open(None)
    ledger = await remove_rows(account.ledger, *stretch, fence=fence, kept=HEAD_KEY)
    if not (ledger.is_complete and reports.is_complete):
        raise LedgerUnavailableError(f"tenant {tenant_id} has more rows in {account.name} than were removed")
    return ledger.rows + reports.rows + had_reports


def _living(heads: Heads) -> list[str]:
    """The accounts where the tenant can be worked with: one, or none."""
    return [name for name, head in heads.items() if head and why_closed(head.row) is None]


def _move_id(there: StoredRow | None) -> str:
    """The move to where this tombstone is: the one that was begun, or a new one.

    Two runs that begin the same move at once must be one move: else one closes the old home, and the other has put the
    tombstone at the new one.
    """
    return move_of(there.row) if there and why_closed(there.row) is Closed.ARRIVING else uuid4().hex


def _open_move(heads: Heads) -> Way | None:
    """The move that closed the old home and was neither completed nor undone, if there is one."""
    arriving = {
        move_of(head.row): name for name, head in heads.items() if head and why_closed(head.row) is Closed.ARRIVING
    }
    for name, head in heads.items():
        if head and why_closed(head.row) is Closed.LEFT and move_of(head.row) in arriving:
            return Way(name, arriving[move_of(head.row)], move_of(head.row))
    return None


def _on_its_way(tenant_id: str, begun: Way) -> str:
    complete = f"complete that with --to {begun.target}, or undo it with --to {begun.source}"
    return f"tenant {tenant_id} is on its way from {begun.source} to {begun.target}: {complete}"


async def _persistently(run: Callable[[], Awaitable[ResultT]]) -> ResultT:
    """What a run gives, which looks again if it was overtaken or an answer was lost."""
    problem: Exception | None = None
    for attempt in range(ATTEMPTS):
        await asyncio.sleep(PAUSE_SECONDS * attempt)
        try:
            return await run()
        except (ConflictError, LedgerUnavailableError) as error:
            problem = error
    raise LedgerUnavailableError(f"not done in {ATTEMPTS} attempts; run it again. The last one: {problem}") from problem
