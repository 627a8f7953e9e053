"""What stands before Azurite refuses what the service refuses, by its status and code, and lets pass what fits.

The requests are raw: the product itself would not send them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import AsyncPipeline
from azure.core.pipeline.transport import AioHttpTransport
from azure.core.rest import HttpRequest

from functions.composition import connect
from localhost.emulator import ACCOUNT, ACCOUNT_KEY, Azurite
from localhost.ports import LOOPBACK
from storage.tables.operations import ANY_VERSION, Operation, Write
from storage.tables.shared_key import SharedKeyPolicy
from storage.tables.wire import FailedOperationError, Wire
from tests.storage.conftest import connection_string as connection_string  # noqa: PLC0414 - a fixture

HEADERS: Final = {"x-ms-version": "2019-02-02", "DataServiceVersion": "3.0", "Accept": "application/json"}
MEBIBYTE: Final = 1024 * 1024
TEXT: Final = "x" * 32 * 1024
ASTRAL: Final = "\N{GRINNING FACE}"
FORBIDDEN: Final = ["/", "\\", "#", "?", "\t", "\n", "\x1f", "\x7f", "\x80", "\x9f"]

pytestmark = pytest.mark.whole_pages


@pytest.fixture
async def wire(azurite: Azurite, connection_string: str) -> AsyncIterator[Wire]:
    """The ledger's table, without the product's checks."""
    del azurite
    client, wire = connect("ledger", lambda _: None, connection_string=connection_string)
    async with client:
        yield wire


Ask = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
async def ask(azurite: Azurite, connection_string: str) -> AsyncIterator[Ask]:
    """Sends a raw request, and gives its status and what was said."""
    assert connection_string
    async with AsyncPipeline(AioHttpTransport(), [SharedKeyPolicy(ACCOUNT, ACCOUNT_KEY)]) as pipeline:

        async def send(method: str, path: str, **content: Any) -> tuple[int, str]:
            url = f"http://{LOOPBACK}:{azurite.port}/{ACCOUNT}{path}"
            response = (await pipeline.run(HttpRequest(method, url, headers=HEADERS, **content))).http_response
            return response.status_code, (await response.read()).decode()

        yield send


def entity(tenant_id: str, row_key: str = "r", **properties: object) -> dict[str, Any]:
    return {"PartitionKey": tenant_id, "RowKey": row_key, **properties}


def inserted(*rows: dict[str, Any]) -> list[Operation]:
    return [Operation(Write.INSERT, row) for row in rows]


async def refused(wire: Wire, operations: list[Operation]) -> tuple[int, int, str]:
    """Where a transaction is refused, and how; and by whom, because the emulator may find the same fault."""
    with pytest.raises(FailedOperationError) as failed:
        await wire.transact(operations)
    return failed.value.place, failed.value.status, failed.value.code


def of_size(tenant_id: str, size: int, row_key: str = "r") -> dict[str, Any]:
    """An entity of so many bytes: names of three characters, texts of up to 64 KiB."""
    made = entity(tenant_id, row_key)
    left = size - 4 - 2 * len(tenant_id + row_key)
    while left:
        here = min(left, 18 + 2 * len(TEXT))
        here -= 18 if 0 < left - here < 18 else 0
        made[f"p{len(made):02d}"] = "x" * ((here - 18) // 2)
        left -= here
    return made


QUERIES: Final = [
    ("$top=1", ""),
    ("$top=1000", ""),
    ("$top=0", "InvalidInput"),
    ("$top=1001", "InvalidInput"),
    ("$top=-1", "InvalidInput"),
    ("$top=many", "InvalidInput"),
]


@pytest.mark.parametrize(("query", "code"), QUERIES)
async def test_a_query_asks_for_one_to_a_thousand_rows(ask: Ask, query: str, code: str) -> None:
    status, said = await ask("GET", f"/ledger()?{query}")
    assert status == (400 if code else 200)
    assert code in said
    assert ("tests/service" in said) == bool(code)


@pytest.mark.parametrize(("count", "expected"), [(15, 200), (16, 400)])
async def test_a_filter_has_up_to_fifteen_comparisons(ask: Ask, count: int, expected: int) -> None:
    comparisons = [f"n {operator} 1" for operator in ("eq", "ne", "gt", "ge", "lt", "le")] * 3
    # What stands in a text compares nothing.
    text = "RowKey lt 'a eq b and c''s ne d'"
    query = urlencode({"$filter": " and ".join([text, *comparisons[: count - 1]])}, quote_via=quote)
    status, said = await ask("GET", f"/ledger()?{query}")
    assert status == expected
    assert ("InvalidInput" in said) == (expected == 400)


@pytest.mark.parametrize("name", ["PartitionKey", "RowKey"])
@pytest.mark.parametrize("key", ["k" * 512, ASTRAL * 256])
async def test_a_key_of_one_kibibyte_passes(wire: Wire, tenant_id: str, name: str, key: str) -> None:
    row = {**entity(tenant_id, tenant_id), name: tenant_id + key[len(tenant_id) :]}
    row[name] = row[name] if key.isascii() else tenant_id + ASTRAL * ((512 - len(tenant_id)) // 2)
    await wire.transact(inserted(row))
    stored = await wire.get(row["PartitionKey"], row["RowKey"])
    assert stored is not None


@pytest.mark.parametrize("name", ["PartitionKey", "RowKey"])
@pytest.mark.parametrize("key", ["k" * 513, ASTRAL * 256 + "k"])
async def test_a_longer_key_is_refused(wire: Wire, tenant_id: str, name: str, key: str) -> None:
    row = {**entity(tenant_id), name: key}
    assert await refused(wire, inserted(row)) == (0, 400, "KeyValueTooLarge")
    with pytest.raises(HttpResponseError, match="400"):
        await wire.get(row["PartitionKey"], row["RowKey"])


@pytest.mark.parametrize("character", FORBIDDEN)
async def test_a_key_with_a_forbidden_character_is_refused(
    wire: Wire, ask: Ask, tenant_id: str, character: str
) -> None:
    for name in ("PartitionKey", "RowKey"):
        row = {**entity(tenant_id), name: f"a{character}b"}
        assert await refused(wire, inserted(row)) == (0, 400, "OutOfRangeInput")
        assert await refused(wire, [Operation(Write.DELETE, row, ANY_VERSION)]) == (0, 400, "OutOfRangeInput")
        assert await ask("POST", "/ledger", json=row) == (400, _said("OutOfRangeInput"))
        with pytest.raises(HttpResponseError, match="400"):
            await wire.get(row["PartitionKey"], row["RowKey"])


class _said(str):  # noqa: N801 - reads as a word of the assertion
    """Equal to every answer that has this code."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and f'"code":"{self}"' in other and "tests/service" in other


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({f"p{number}": 1 for number in range(252)}, ""),
        ({f"p{number}": 1 for number in range(253)}, "TooManyProperties"),
        ({"n" * 255: 1}, ""),
        ({"n" * 256: 1}, "PropertyNameTooLong"),
        ({"caf\u00e9_1": 1}, ""),
        ({"a-b": 1}, "PropertyNameInvalid"),
        ({"1a": 1}, "PropertyNameInvalid"),
        ({"text": TEXT}, ""),
        ({"text": TEXT + "x"}, "PropertyValueTooLarge"),
        ({"text": ASTRAL * (len(TEXT) // 2)}, ""),
        ({"text": ASTRAL * (len(TEXT) // 2) + "x"}, "PropertyValueTooLarge"),
    ],
)
async def test_properties_have_a_number_a_name_and_a_size(
    wire: Wire, ask: Ask, tenant_id: str, properties: dict[str, object], code: str
) -> None:
    row = entity(tenant_id, "r", **properties)
    first = entity(tenant_id, "a")
    if code:
        assert await refused(wire, inserted(first, row)) == (1, 400, code)
        assert await ask("POST", "/ledger", json=row) == (400, _said(code))
    else:
        await wire.transact(inserted(first, row))


async def test_an_entity_of_one_mebibyte_passes_and_a_longer_one_is_refused(wire: Wire, tenant_id: str) -> None:
    await wire.transact(inserted(of_size(tenant_id, MEBIBYTE, "a")))
    assert await refused(wire, inserted(of_size(tenant_id, MEBIBYTE + 2, "b"))) == (0, 400, "EntityTooLarge")


async def test_a_transaction_of_over_four_mebibytes_is_refused_as_a_whole(wire: Wire, tenant_id: str) -> None:
    """A character takes one byte in the body and two in its entity: eight of 1 MiB just fit, but for their headers."""
    rows = [of_size(tenant_id, MEBIBYTE - 2048, f"r{number}") for number in range(9)]
    operations = inserted(*rows)
    with pytest.raises(HttpResponseError) as failed:
        await wire.transact(operations)
    assert failed.value.status_code == 413
    assert failed.value.error_code == "RequestBodyTooLarge"  # type: ignore[attr-defined]
    await wire.transact(operations[:7])


TRANSACTIONS: Final[list[tuple[Callable[[str], list[dict[str, Any]]], tuple[int, int, str] | None]]] = [
    (lambda tenant_id: [entity(tenant_id, f"r{number}") for number in range(100)], None),
    (lambda tenant_id: [entity(tenant_id, f"r{number}") for number in range(101)], (100, 400, "InvalidInput")),
    (lambda tenant_id: [entity(tenant_id, each) for each in "aba"], (2, 400, "InvalidDuplicateRow")),
    (
        lambda tenant_id: [entity(tenant_id), entity(tenant_id[:-1] + "z")],
        (1, 400, "CommandsInBatchActOnDifferentPartitions"),
    ),
]


@pytest.mark.parametrize(("rows", "expected"), TRANSACTIONS, ids=["100", "101", "twice", "partitions"])
async def test_a_transaction_has_a_hundred_operations_on_rows_of_one_partition(
    wire: Wire,
    tenant_id: str,
    rows: Callable[[str], list[dict[str, Any]]],
    expected: tuple[int, int, str] | None,
) -> None:
    if expected is None:
        assert len(await wire.transact(inserted(*rows(tenant_id)))) == 100
    else:
        assert await refused(wire, inserted(*rows(tenant_id))) == expected
        assert await wire.get(tenant_id, "r0") is None
