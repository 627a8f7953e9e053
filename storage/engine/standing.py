"""What one process knows of a tenant: the state as of a head's ETag. Users read since are in known_users.py.

Everything here may be out of date, and nothing is decided by it alone: a change is committed under the ETag, and an
answer without a change needs a head read that began after the question came in.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from domain.errors import LedgerDamagedError, LedgerUnavailableError, TenantClosedError
from domain.tenant import Configuration, Head, TenantState
from storage.engine.known_users import Line
from storage.rows.content import HEAD_KEY, STATE_END
from storage.rows.lives import is_opening, last_number
from storage.rows.state import configuration_of, head_of, leader_of
from storage.tables.operations import StoredRow
from storage.tables.table import LedgerTable

LOAD_ATTEMPTS: Final = 5
"""How often a state that changes while it is read is read again."""


STATE_PAGES: Final = 100
"""How many pages a tenant's state may take. At its limits it has some 700 rows, so about a hundred at 4 MiB each."""


@dataclass(slots=True)
class Standing:
    """The state of a tenant as of one head.

    Attributes:
        state: The state.
        leader: The process that commits for the others, if there is one (see storage.engine.posts.leadership).
        etag: The head's ETag; None if there is no head, because the tenant has had no commit.
        as_of: When the latest read that found this head, or the commit that made it, began (event loop's clock).
        known_since: When that read or commit ended.
        first_seen: When this head was first met with.
        configured_since: When the read, or the commit, began that its configuration is known from.
        line: Known users of this line were read after `state`, or written with it: exact for as long as the ETag is.
    """

    state: TenantState
    leader: str
    etag: str | None
    as_of: float
    known_since: float
    first_seen: float
    configured_since: float
    line: Line = field(default_factory=Line)

    def is_of_life(self, other: "Standing") -> bool:
        """Whether the tenant was not deleted between the two."""
        heads = self.state.head, other.state.head
        return (self.etag is None) == (other.etag is None) and heads[0].began_after == heads[1].began_after


class StandingReader:
    """Keeps the standing of one tenant. Callers that ask at the same time share one read."""

    def __init__(self, tenant_id: str, table: LedgerTable) -> None:
        self._tenant_id = tenant_id
        self._table = table
        self._standing: Standing | None = None
        self._reading: asyncio.Task[Standing] | None = None
        self._following: asyncio.Task[Standing] | None = None

    @property
    def latest(self) -> Standing | None:
        """What is known now, if anything."""
        return self._standing

    def install(self, standing: Standing) -> Standing:
        """Take a standing, unless what is known is later; gives what is known then.

        A read that began before the known standing ended says nothing against it if it saw an older head.
        """
        known = self._standing
        if known and standing.as_of < known.known_since and standing.state.head.sequence < known.state.head.sequence:
            return known
        self._standing = standing
        return standing

    def forget(self) -> None:
        """Know nothing, because what happened to the head is not known."""
        self._standing = None

    async def fresh(self) -> Standing:
        """What a read of the head that begins after this call finds.

        A caller that gives up does not take the read away from the others.
        """
        if self._reading is None or self._reading.done():
            self._reading = _shared(self._read())
            return await asyncio.shield(self._reading)
        if self._following is None:
            self._following = _shared(self._read_after(self._reading))
        return await asyncio.shield(self._following)

    async def _read_after(self, reading: asyncio.Task[Standing]) -> Standing:
        await asyncio.wait([reading])
        self._reading, self._following = self._following, None
        return await self._read()

    async def _read(self) -> Standing:
        """One point read; the configuration only if it changed since it was read last.

        Raises:
            TenantClosedError: There is a tombstone. Nothing is known of the tenant then.
        """
        clock = asyncio.get_running_loop().time
        for _ in range(LOAD_ATTEMPTS):
            began = clock()
            stored = await self._table.get(self._tenant_id, HEAD_KEY)
            known = self._standing
            if known and known.etag == (stored.etag if stored else None):
                known.as_of = max(known.as_of, began)
                known.known_since = max(known.known_since, clock())
                return known
            if stored:
                return await self._read_on(stored, known, began)
            if known is None or known.known_since <= began:
                return self._install(TenantState(self._tenant_id), None, began)
            # Was this read before the tenant's first commit, or after its deletion? The next one tells.
        raise LedgerUnavailableError(f"tenant {self._tenant_id} begins faster than it can be read")

    async def _read_on(self, stored: StoredRow, known: Standing | None, began: float) -> Standing:
        """What is known once a head was read that is not the known one."""
        if is_opening(stored.row):
            return self._install(await self._opened(), stored, began)
        try:
            head = head_of(stored.row)
        except TenantClosedError:
            self.forget()
            raise
        if known and known.state.head.configuration_sequence == head.configuration_sequence and known.etag:
            state = TenantState(self._tenant_id, head, known.state.configuration)
            return self._install(state, stored, began, known.configured_since)
        return self._install(*await self._load())

    async def _opened(self) -> TenantState:
        """The state of a tenant that waits for its first commit: numbered on from its earlier lives."""
        number = await last_number(self._table, self._tenant_id)
        return TenantState(self._tenant_id, Head(sequence=number, began_after=number))

    def _install(
        self, state: TenantState, head: StoredRow | None, began: float, configured_since: float | None = None
    ) -> Standing:
        configured_since = began if configured_since is None else configured_since
        ended = asyncio.get_running_loop().time()
        leader = leader_of(head.row) if head else ""
        return self.install(Standing(state, leader, head.etag if head else None, began, ended, ended, configured_since))

    async def _load(self) -> tuple[TenantState, StoredRow | None, float]:
        """Head and configuration together, again if they changed meanwhile."""
        problem: LedgerDamagedError | None = None
        for _ in range(LOAD_ATTEMPTS):
            began = asyncio.get_running_loop().time()
            rows, pages = await self._state_rows()
            if not rows or rows[0].row["RowKey"] != HEAD_KEY:
                if rows:
                    raise LedgerDamagedError(f"tenant {self._tenant_id} has a configuration and no head")
                return TenantState(self._tenant_id), None, began
            if is_opening(rows[0].row):
                return await self._opened(), rows[0], began
            head = head_of(rows[0].row)
            if pages > 1 and not await self._is_still_current(head):
                continue
            try:
                configuration = configuration_of(stored.row for stored in rows[1:])
                _check_known(head, configuration)
            except LedgerDamagedError as error:
                problem = error
                continue
            return TenantState(self._tenant_id, head, configuration), rows[0], began
        raise problem or LedgerUnavailableError(f"tenant {self._tenant_id} changes faster than it can be read")

    async def _state_rows(self) -> tuple[list[StoredRow], int]:
        rows: list[StoredRow] = []
        pages = 0
        continuation = None
        while pages == 0 or (continuation and pages < STATE_PAGES):
            page, continuation = await self._table.page(self._tenant_id, HEAD_KEY, STATE_END, continuation)
            rows += page
            pages += 1
        if continuation:
            raise LedgerDamagedError(f"tenant {self._tenant_id} has a configuration of over {STATE_PAGES} pages")
        return rows, pages

    async def _is_still_current(self, head: Head) -> bool:
        """Whether the configuration is still the head's: across pages a query is no snapshot."""
        stored = await self._table.get(self._tenant_id, HEAD_KEY)
        if stored is None or is_opening(stored.row):
            return False
        return head_of(stored.row).configuration_sequence == head.configuration_sequence


def _shared(read: Coroutine[Any, Any, Standing]) -> asyncio.Task[Standing]:
    """A read that several wait for. If all of them gave up, nobody asks for its error, and that is all right."""
    task = asyncio.create_task(read)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


def _check_known(head: Head, configuration: Configuration) -> None:
    unknown = head.assigned.keys() - configuration.products.keys() | head.held.keys() - configuration.policies.keys()
    if unknown:
        raise LedgerDamagedError(f"the head counts licenses of what is not there: {sorted(unknown)}")
