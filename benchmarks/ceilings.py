"""What the storage does at best with the rows that claims write: nothing is decided, and nobody waits.

A bare transaction has what a commit has: a head replaced under its ETag, a journal row and users' rows. The rows are
made beforehand, and one transaction follows the other. The SDK's way and the product's own differ in who makes the
transaction's text.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

from azure.core import MatchConditions
from azure.data.tables import UpdateMode

from benchmarks.stage import Process
from benchmarks.storms import percentile
from domain.actors import SignInSource
from domain.journal import Action, Entry, JournalRecord
from domain.licenses import License, PolicyClaim, User
from domain.tenant import Head
from storage.rows.content import Row
from storage.rows.journal import journal_row
from storage.rows.state import head_row
from storage.rows.users import user_row
from storage.tables.operations import Operation, Write, written_over

FULL_ROWS = 99
LONE_ROWS = 3
"""What the commit of a single claim writes: head, journal and one user."""

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_SKU, _POLICY = str(uuid4()), str(uuid4())


async def own_transactions(process: Process, users: int, rows: int, beside: str = "") -> list[float]:
    """Seconds of each transaction of so many rows, made by hand, until so many users are written.

    `beside` is a tenant in whose partition they are to be written, besides its own rows.
    """

    async def send(operations: Sequence[Operation]) -> str:
        return (await process.wire.transact(operations))[0]

    return await _transactions(send, users, rows, beside)


async def sdk_transactions(process: Process, users: int, rows: int) -> list[float]:
    """The same through the SDK's submit_transaction."""

    async def send(operations: Sequence[Operation]) -> str:
        head, *others = operations
        etag = {"etag": head.etag, "match_condition": MatchConditions.IfNotModified}
        first = ("update", head.row, {"mode": UpdateMode.REPLACE, **etag}) if head.etag else ("create", head.row)
        answers = await process.client.submit_transaction([first, *(("create", each.row) for each in others)])
        return str(answers[0]["etag"])

    return await _transactions(send, users, rows)


async def own_point_reads(process: Process, tenant_id: str, keys: Sequence[str], at_once: int) -> float:
    """Point reads a second of these rows, so many at once, made by hand."""
    work = iter(keys)

    async def reader() -> None:
        for key in work:
            await process.wire.get(tenant_id, key)

    return await _per_second(len(keys), reader, at_once)


async def sdk_point_reads(process: Process, tenant_id: str, keys: Sequence[str], at_once: int) -> float:
    """The same through the SDK's get_entity."""
    work = iter(keys)

    async def reader() -> None:
        for key in work:
            await process.client.get_entity(tenant_id, key)

    return await _per_second(len(keys), reader, at_once)


async def _per_second(count: int, reader: Callable[[], Awaitable[None]], at_once: int) -> float:
    began = perf_counter()
    await asyncio.gather(*(reader() for _ in range(at_once)))
    return count / (perf_counter() - began)


async def _transactions(
    send: Callable[[Sequence[Operation]], Awaitable[str]], users: int, rows: int, beside: str = ""
) -> list[float]:
    tenant_id = beside or str(uuid4())
    each = rows - 2
    etag = ""
    took: list[float] = []
    for sequence, first in enumerate(range(0, users, each), 1):
        head, *others = commit_rows(tenant_id, sequence, [f"bare-{number}" for number in range(first, first + each)])
        if beside:
            head, others[0] = {**head, "RowKey": "bare-head"}, {**others[0], "RowKey": f"bare-journal-{sequence}"}
        operations = [written_over(head, etag), *(Operation(Write.INSERT, row) for row in others)]
        began = perf_counter()
        etag = await send(operations)
        took.append(perf_counter() - began)
    return took


def per_second(took: Sequence[float], rows: int) -> float:
    """Rows a second of transactions that took so long, one after the other."""
    return rows * len(took) / sum(took)


def usual(took: Sequence[float]) -> float:
    """The middle of these times, in seconds."""
    return percentile(sorted(took), 50)


def commit_rows(tenant_id: str, sequence: int, user_ids: Sequence[str]) -> list[Row]:
    """The rows that a commit writes when these users claim: the head first, then the journal's, then theirs."""
    claimed = [User(user_id, licenses=(_license(sequence, place),)) for place, user_id in enumerate(user_ids)]
    details = {"userId": "", "skuId": _SKU, "policyId": _POLICY, "policyName": "Everyone", "appId": "microsoft-teams"}
    entries = tuple(
        Entry(SignInSource(), Action.LICENSE_CLAIMED, f"users/{user.id}", {**details, "userId": user.id})
        for user in claimed
    )
    held = {_SKU: sequence * len(claimed)}
    head = Head(sequence=sequence, at=_AT, assigned=held, held=held, digest=2**127, configuration_sequence=3)
    return [
        head_row(tenant_id, head, "0123abcd"),
        journal_row(tenant_id, JournalRecord(sequence, _AT, uuid4().hex, entries)),
        *(user_row(tenant_id, user, sequence) for user in claimed),
    ]


def _license(sequence: int, place: int) -> License:
    origin = PolicyClaim(_POLICY, "Everyone", "microsoft-teams", None, sequence, place)
    return License(_SKU, (), _AT, origin, sequence)
