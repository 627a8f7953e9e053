"""The service's limits, each at its edge, without the emulator, which enforces few of them."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.data.tables import TableClient, TableTransactionError
from azure.data.tables._serialize import _add_entity_properties
from hypothesis import given
from hypothesis import strategies as st

from storage.rows.texts import text_properties
from storage.tables import limits
from storage.tables.limits import (
    StorageLimitExceededError,
    body_bytes,
    check_entity,
    check_key,
    check_query,
    check_transaction,
    entity_bytes,
    following_key,
)
from storage.tables.operations import Operation, Write
from storage.tables.table import LedgerTable

KEYS = {"PartitionKey": "p", "RowKey": "r"}
ASTRAL = "\N{GRINNING FACE}"
FORBIDDEN = ["/", "\\", "#", "?", "\t", "\n", "\x00", "\x1f", "\x7f", "\x80", "\x9f"]
texts = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


def entity(number: int = 0, **properties: object) -> dict[str, object]:
    return {"PartitionKey": "p", "RowKey": f"r{number}", **properties}


def filled(size: int) -> dict[str, object]:
    """An entity of so many bytes, as the service counts them."""
    made: dict[str, object] = dict(KEYS)
    number = 0
    while (left := size - entity_bytes(made)) > 0:
        name = f"p{number}"
        overhead = 8 + 2 * len(name) + 4
        units = min(limits.STRING_PROPERTY_UNITS, (left - overhead) // 2)
        made[name] = "x" * units
        number += 1
    assert entity_bytes(made) == size
    return made


def test_a_hundred_operations_fit_and_one_more_does_not() -> None:
    check_transaction([entity(number) for number in range(100)])
    with pytest.raises(StorageLimitExceededError, match="101 operations"):
        check_transaction([entity(number) for number in range(101)])
    with pytest.raises(StorageLimitExceededError, match="0 operations"):
        check_transaction([])


def test_an_entity_of_one_mebibyte_fits_and_one_unit_more_does_not() -> None:
    check_entity(filled(limits.ENTITY_BYTES))
    with pytest.raises(StorageLimitExceededError, match="over 1048576"):
        check_entity(filled(limits.ENTITY_BYTES + 2))


def test_the_service_counts_names_texts_and_numbers() -> None:
    # 4 + keys + for each property 8 + name + value: "Understanding the Table service data model", entity size.
    assert entity_bytes({"PartitionKey": "ab", "RowKey": "c", "xy": "d" + ASTRAL, "n": 7}) == (
        4 + 2 * 3 + (8 + 4 + 6 + 4) + (8 + 2 + 8)
    )


def test_a_body_of_four_mebibytes_fits_and_a_little_more_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    five = [entity(number, text="x" * 1000) for number in range(5)]
    size = sum(body_bytes(each) for each in five)
    monkeypatch.setattr(limits, "TRANSACTION_BYTES", size)
    check_transaction(five)
    monkeypatch.setattr(limits, "TRANSACTION_BYTES", size - 1)
    with pytest.raises(StorageLimitExceededError, match="a transaction of"):
        check_transaction(five)


def test_the_bodys_limit_is_four_mebibytes_whatever_its_entities() -> None:
    large = [{**filled(limits.ENTITY_BYTES), "RowKey": f"r{number}"[:1] + str(number)} for number in range(4)]
    with pytest.raises(StorageLimitExceededError):
        check_transaction(large)


def test_so_many_properties_fit_and_one_more_does_not() -> None:
    most = {f"p{number}": "" for number in range(limits.PROPERTIES_PER_ENTITY)}
    check_entity({**KEYS, "Timestamp": "x", **most})
    with pytest.raises(StorageLimitExceededError, match="252 properties"):
        check_entity({**KEYS, **most, "one_more": ""})


@pytest.mark.parametrize(("character", "most"), [("a", 32 * 1024), ("\u00e9", 32 * 1024), (ASTRAL, 16 * 1024)])
def test_a_text_of_64_kibibytes_fits_and_one_character_more_does_not(character: str, most: int) -> None:
    check_entity({**KEYS, "text": character * most})
    with pytest.raises(StorageLimitExceededError, match=r"r\.text is over 64 KiB"):
        check_entity({**KEYS, "text": character * (most + 1)})


@pytest.mark.parametrize("key", ["PartitionKey", "RowKey"])
def test_a_key_of_one_kibibyte_fits_and_one_character_more_does_not(key: str) -> None:
    check_entity({**KEYS, key: "k" * 512})
    with pytest.raises(StorageLimitExceededError, match=f"{key} is over"):
        check_entity({**KEYS, key: "k" * 513})


@pytest.mark.parametrize("key", ["PartitionKey", "RowKey"])
@pytest.mark.parametrize("character", FORBIDDEN)
def test_a_key_has_no_character_that_the_service_refuses(key: str, character: str) -> None:
    with pytest.raises(StorageLimitExceededError, match=f"{key} has a character"):
        check_entity({**KEYS, key: f"a{character}b"})


@pytest.mark.parametrize(
    "key", ["k" * 512, "\u00e9" * 512, ASTRAL * 256, "", " ", "user:ann@example.org", "state;", "~"]
)
def test_a_key_that_the_service_takes_may_be_asked_for(key: str) -> None:
    check_key("RowKey", key)
    check_query("RowKey ge @first", [key], 1)


@pytest.mark.parametrize(
    "key", ["k" * 513, "\u00e9" * 513, ASTRAL * 256 + "a", *(f"a{character}b" for character in FORBIDDEN)]
)
def test_a_key_that_the_service_does_not_take_is_not_asked_for(key: str) -> None:
    with pytest.raises(StorageLimitExceededError, match=r"^RowKey "):
        check_key("RowKey", key)
    with pytest.raises(StorageLimitExceededError, match="a key in a filter"):
        check_query("RowKey ge @first", [key], 1)


@pytest.mark.parametrize("rows", [1, 1000])
def test_a_page_has_up_to_a_thousand_rows(rows: int) -> None:
    check_query("RowKey ge @first", ["a"], rows)


@pytest.mark.parametrize("rows", [-1, 0, 1001])
def test_a_page_of_no_rows_or_over_a_thousand_is_not_asked_for(rows: int) -> None:
    with pytest.raises(StorageLimitExceededError, match=f"a page of {rows} rows"):
        check_query("RowKey ge @first", ["a"], rows)


def test_a_filter_has_up_to_fifteen_comparisons() -> None:
    fifteen = " and ".join(["RowKey ge @first", "RowKey lt @end", "n eq 1", "n ne 2", "n gt 0"] * 3)
    check_query(fifteen, ["a"], 1)
    with pytest.raises(StorageLimitExceededError, match="16 comparisons"):
        check_query(f"{fifteen} or n le 9", ["a"], 1)


@pytest.mark.parametrize("name", ["a" * 255, "_", "caf\u00e9", "A1"])
def test_a_property_may_be_called_so(name: str) -> None:
    check_entity({**KEYS, name: ""})


@pytest.mark.parametrize("name", ["a" * 256, "", "a-b", "1a", "a b", "a.b"])
def test_a_property_may_not_be_called_so(name: str) -> None:
    with pytest.raises(StorageLimitExceededError, match="may not be called"):
        check_entity({**KEYS, name: ""})


@pytest.mark.parametrize(
    "call",
    [
        lambda table: table.get("p/q", "r"),
        lambda table: table.get("p", "r" * 513),
        lambda table: table.page("p#", "a", "b"),
        lambda table: table.page("p", "a?", "b"),
        lambda table: table.page("p", "a", "b\n"),
        lambda table: table.page("p", "a", "b", rows=1001),
        lambda table: table.page("p", "a", "b", rows=0),
        lambda table: table.next_partition("\\"),
        lambda table: table.commit([Operation(Write.INSERT, {"PartitionKey": "p", "RowKey": "a/b"})]),
    ],
)
async def test_the_table_sends_nothing_that_the_service_would_not_take(
    call: Callable[[LedgerTable], Awaitable[Any]],
) -> None:
    """There is nobody to send it to: a call that tried would not get as far as a limit."""
    with pytest.raises(StorageLimitExceededError):
        await call(LedgerTable(None, None))  # type: ignore[arg-type]


keys = st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=5)


@given(keys, keys)
def test_nothing_comes_between_a_key_and_the_one_that_follows_it(key: str, other: str) -> None:
    assert (other > key) == (other >= following_key(key))


def test_a_transaction_stays_in_a_partition_and_touches_a_row_once() -> None:
    with pytest.raises(StorageLimitExceededError, match="one partition"):
        check_transaction([entity(1), {**entity(2), "PartitionKey": "q"}])
    with pytest.raises(StorageLimitExceededError, match="each row once"):
        check_transaction([entity(1), entity(1, other="x")])


def test_one_bad_entity_is_enough() -> None:
    with pytest.raises(StorageLimitExceededError, match="r2"):
        check_transaction([entity(1), {**entity(2), "text": "x" * 32769}])


@given(st.dictionaries(st.from_regex(r"[a-zA-Z]{1,12}", fullmatch=True), texts | st.integers(0, 2**31 - 1), max_size=8))
def test_the_estimate_of_a_body_is_never_too_small(properties: dict[str, Any]) -> None:
    row = {**KEYS, **properties}
    sent = json.dumps(_add_entity_properties(row), separators=(", ", ": "))
    assert len(sent.encode()) <= body_bytes(row)


@pytest.mark.parametrize(
    "filling",
    [
        "a",
        '"',
        "\\",
        "\u00e9",
        "\uffff",
        ASTRAL,
        '\u00e9"',
        "\x7f",
    ],
)
def test_the_estimate_holds_for_long_texts_of_what_takes_most_room(filling: str) -> None:
    row = {**KEYS, **text_properties("content", filling * (100_000 // len(filling)))}
    sent = json.dumps(_add_entity_properties(row))
    assert len(sent.encode()) <= body_bytes(row) <= 7 * len(sent.encode()) + 2 * limits.OPERATION_OVERHEAD_BYTES


def test_what_an_operation_adds_is_less_than_the_estimate(connection_string: str) -> None:
    """Bodies as the SDK sends them, for long keys."""
    rows = [{"PartitionKey": "p" * 36, "RowKey": f"user:{n}{'@' * 125}", "content": "x"} for n in range(5)]
    etag = {
        "etag": "W/\"datetime'2026-01-05T08%3A00%3A00.0000000Z'\"",
        "match_condition": MatchConditions.IfNotModified,
    }
    sent: list[int] = []

    def seen(request: Any) -> None:
        sent.append(len(request.http_request.body))

    with TableClient.from_connection_string(connection_string, "ledger") as client:
        client.submit_transaction([("create", row) for row in rows], raw_request_hook=seen)
        with pytest.raises(TableTransactionError):
            client.submit_transaction(
                [("update", row, {"mode": "replace", **etag}) for row in rows], raw_request_hook=seen
            )
        client.submit_transaction([("delete", row) for row in rows], raw_request_hook=seen)
    assert len(sent) == 3
    assert max(sent) <= sum(body_bytes(row) for row in rows)
