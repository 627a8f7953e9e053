"""The export of claims as a file: RFC 4180, safe in spreadsheets, and no more memory than the file itself takes."""

import asyncio
import csv
import io
import tracemalloc
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.actors import SignInSource
from domain.catalog import RetiredPolicy
from domain.claims import Claim
from domain.history import claims_since
from domain.journal import Action, Entry, JournalRecord
from domain.licenses import User
from domain.records import ClaimCounts
from domain.reports import Period
from domain.tenant import TenantState
from functions.schemas.claims import CSV_COLUMNS, TooManyRowsError, claims_csv
from tests.domain.tenants import E1, POLICY, TENANT_ID, guid
from tests.reports.history import History, backup, policy, primary
from tests.reports.processes import ReportingProcess, SetClock

START = datetime(2024, 1, 1, tzinfo=UTC)
CLAIM = Claim(
    sequence=7,
    place=3,
    at=datetime(2024, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC),
    user_id="u-1",
    principal_name="ann@contoso.example",
    display_name="Ann",
    sku_id=E1,
    product_name="Product",
    policy_id=POLICY,
    policy_name="Policy",
    app_name="App",
    assigning_order=2,
)
MARK = b"\xef\xbb\xbf"


async def each(claims: Iterable[tuple[Claim, bool]]) -> AsyncIterator[tuple[Claim, bool]]:
    """Claims, one after the other."""
    for claim in claims:
        yield claim


async def file_of(*claims: Claim, held: bool = True) -> bytes:
    """The file of these claims."""
    return await claims_csv(each((claim, held) for claim in claims), 1000)


def with_text(field: str, text: str) -> Claim:
    """The claim with another text in a field."""
    changed: dict[str, Any] = {field: text}
    return replace(CLAIM, **changed)


def rows_in(content: bytes) -> list[list[str]]:
    """The rows after the header, as a spreadsheet reads them."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


async def test_the_file_begins_with_a_mark_and_a_header_and_has_one_line_for_each_claim() -> None:
    content = await file_of(CLAIM, replace(CLAIM, display_name=None, principal_name=None), held=False)
    assert content == MARK + (
        b"claimedAt,policyId,policyName,userId,userPrincipalName,displayName,skuId,productName,assigningOrder,held\r\n"
        + f"2024-02-29T23:59:59.999Z,{POLICY},Policy,u-1,ann@contoso.example,Ann,{E1},Product,2,false\r\n".encode()
        + f"2024-02-29T23:59:59.999Z,{POLICY},Policy,u-1,,,{E1},Product,2,false\r\n".encode()
    )


async def test_a_file_without_claims_has_the_header() -> None:
    assert await file_of() == MARK + ",".join(CSV_COLUMNS).encode() + b"\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("policy_name", "policyName"),
        ("user_id", "userId"),
        ("principal_name", "userPrincipalName"),
        ("display_name", "displayName"),
        ("product_name", "productName"),
    ],
)
async def test_a_cell_that_would_run_as_a_formula_gets_an_apostrophe(start: str, field: str, column: str) -> None:
    text = f'{start}HYPERLINK("http://evil.example","x")'
    claim = with_text(field, text)
    (row,) = rows_in(await file_of(claim))
    assert row[CSV_COLUMNS.index(column)] == "'" + text
    assert sum(cell.startswith("'") for cell in row) == 1


@pytest.mark.parametrize("text", ["a=1", " =1", "'=1", "1-2", "Ann @ work", "\uff1d1", ""])
async def test_any_other_cell_stays_as_it_is(text: str) -> None:
    (row,) = rows_in(await file_of(replace(CLAIM, display_name=text)))
    assert row[CSV_COLUMNS.index("displayName")] == text


@pytest.mark.parametrize(
    "text",
    [
        'say "hi"',
        "a,b",
        "two\r\nlines",
        "two\nlines",
        '"',
        ",",
        "Zo\u00eb \U0001d4b5 \U0001f469\u200d\U0001f52c",
        "ليلى",
        "a;b",
        "\u2028",
        "x" * 256,
        "'",
    ],
)
async def test_every_text_comes_back_as_it_was(text: str) -> None:
    content = await file_of(replace(CLAIM, display_name=text), CLAIM)
    first, second = rows_in(content)
    assert first[CSV_COLUMNS.index("displayName")] == text
    assert second[CSV_COLUMNS.index("displayName")] == "Ann"
    assert content.startswith(MARK)
    assert content.count(MARK) == 1


async def test_a_cell_with_a_quote_comma_or_line_is_quoted_and_quotes_are_doubled() -> None:
    content = await file_of(replace(CLAIM, display_name='A "B", C\nD'))
    assert b',"A ""B"", C\nD",' in content


async def test_as_many_rows_as_allowed_are_a_file_and_one_more_is_none() -> None:
    claims = [(CLAIM, True)] * 10
    assert len(rows_in(await claims_csv(each(claims), 10))) == 10
    with pytest.raises(TooManyRowsError):
        await claims_csv(each(claims), 9)


async def test_a_file_that_becomes_too_long_is_given_up_at_once() -> None:
    asked = 0

    async def endless() -> AsyncIterator[tuple[Claim, bool]]:
        nonlocal asked
        while True:
            asked += 1
            yield CLAIM, True

    with pytest.raises(TooManyRowsError):
        await claims_csv(endless(), 50)
    assert asked == 51


class MadeUpRecords:
    """Records of a tenant with so many claims, ten in a commit, made when they are asked for."""

    def __init__(self, claims: int) -> None:
        self._commits = claims // 10

    async def commits_before(
        self, tenant_id: str, sequence: int | None, rows: int
    ) -> tuple[Sequence[JournalRecord], bool]:
        assert tenant_id == TENANT_ID
        await asyncio.sleep(0)
        newest = self._commits if sequence is None else sequence - 1
        oldest = max(newest - rows, 0)
        return [_commit(number) for number in range(newest, oldest, -1)], oldest > 0

    async def user(self, tenant_id: str, user_id: str) -> tuple[TenantState, User]:
        raise AssertionError(tenant_id, user_id)

    async def users(self, tenant_id: str, user_ids: Iterable[str]) -> dict[str, User]:
        raise AssertionError(tenant_id, user_ids)

    async def users_after(self, tenant_id: str, user_id: str | None) -> tuple[list[User], str | None]:
        raise AssertionError(tenant_id, user_id)

    async def retired_policies(self, tenant_id: str, policy_ids: Iterable[str]) -> dict[str, RetiredPolicy]:
        raise AssertionError(tenant_id, policy_ids)

    async def claim_counts(self, tenant_id: str, period: Period) -> ClaimCounts:
        raise AssertionError(tenant_id, period)


def _commit(number: int) -> JournalRecord:
    return JournalRecord(
        number,
        START + timedelta(minutes=number),
        f"commit-{number}",
        tuple(_entry(f"user-{number}-{place}") for place in range(10)),
    )


def _entry(user_id: str) -> Entry:
    details = {
        "userId": user_id,
        "userPrincipalName": f"{user_id}@contoso.example",
        "displayName": f"Person {user_id}",
        "skuId": E1,
        "productName": "A product",
        "policyId": POLICY,
        "policyName": "A policy",
        "appName": "An app",
        "assigningOrder": 1,
    }
    return Entry(SignInSource(), Action.LICENSE_CLAIMED, f"users/{user_id}/licenses/{E1}", details)


async def _memory_beyond_the_answer(claims: int) -> tuple[int, int]:
    """Bytes of the answer, and of the peak beyond it, of an export of so many claims."""
    records = MadeUpRecords(claims)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        content = await claims_csv(claims_since(records, TENANT_ID, date.min, None), 100_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert content.count(b"\r\n") == claims + 1
    return len(content), peak - before - len(content)


async def test_memory_beyond_the_answer_does_not_grow_with_the_rows() -> None:
    await _memory_beyond_the_answer(100)  # What is made once, at the first export, is not this one's.
    small = await _memory_beyond_the_answer(2_000)
    large = await _memory_beyond_the_answer(20_000)
    for claims, (answer, beyond) in ((2_000, small), (20_000, large)):
        print(f"{claims} rows: the answer has {answer} bytes, the peak beyond it {beyond}")  # noqa: T201
    assert large[0] > 9 * small[0]
    assert large[1] < 1.5 * small[1]


async def test_held_is_true_for_the_claim_that_the_license_is_from(
    process: ReportingProcess, clock: SetClock, tenant_id: str
) -> None:
    history = History(tenant_id, process, clock, 2)
    await history.open(primary_seats=2)
    for user_id in ("ann", "bob", "cleo"):
        clock.forward(hours=1)
        await history.sign_in(user_id, 0)
    await history.sign_in("ann", 1)
    await history.take_back("ann", 0)
    clock.forward(hours=1)
    await history.sign_in("ann", 0)
    await process.take_back(tenant_id, "bob")
    await process.assign(tenant_id, "bob", primary(0))
    await process.assign(tenant_id, "cleo", backup(0), guid(0xE1))
    clock.forward(hours=1)
    await process.take_back(tenant_id, "ann")
    await history.sign_in("ann", 1)

    rows = [
        (claim.user_id, claim.policy_id, held)
        async for claim, held in claims_since(process.records, tenant_id, date.min, None)
    ]
    assert rows == [
        ("ann", policy(1), True),
        ("ann", policy(0), False),
        ("ann", policy(1), False),
        ("cleo", policy(0), True),
        ("bob", policy(0), False),
        ("ann", policy(0), False),
    ]
