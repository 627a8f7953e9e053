"""Before Azurite, pages are what the service's may be: short, empty, one too many; the same for the same seed."""

import subprocess
import sys
from collections.abc import AsyncIterator
from itertools import groupby
from typing import Any

import pytest

from functions.composition import connect
from localhost.data_folder import PROJECT_FOLDER
from localhost.emulator import Azurite
from storage.tables.operations import Operation, StoredRow, Write
from storage.tables.table import EMPTY_PAGES, LedgerTable
from tests.service.pages import set_pages
from tests.storage.conftest import connection_string as connection_string  # noqa: PLC0414 - a fixture

ROWS = 60
PAGES_MOST = 1_000
KEYS = [f"r{number:02d}" for number in range(ROWS)]


@pytest.fixture
async def client(connection_string: str) -> AsyncIterator[Any]:
    """The SDK's client and our table on the same rows."""
    client, wire = connect("ledger", lambda _: None, connection_string=connection_string)
    async with client:
        yield client, LedgerTable(client, wire)


@pytest.fixture
async def rows(client: Any, tenant_id: str) -> str:
    """A tenant of so many rows."""
    _, table = client
    keys = [{"PartitionKey": tenant_id, "RowKey": key} for key in KEYS]
    await table.commit([Operation(Write.INSERT, row) for row in keys])
    return tenant_id


async def lengths(client: Any, tenant_id: str) -> list[int]:
    """How many rows each page of a query has, as the SDK gets them."""
    found: list[str] = []
    pages: list[int] = []
    query = client[0].query_entities("PartitionKey eq @p", parameters={"p": tenant_id}, results_per_page=20).by_page()
    async for page in query:
        keys = [str(entity["RowKey"]) async for entity in page]
        found += keys
        pages.append(len(keys))
    assert found == KEYS
    return pages


@pytest.mark.whole_pages
async def test_whole_pages_are_as_asked_for(client: Any, rows: str) -> None:
    assert await lengths(client, rows) == [20, 20, 20]


async def test_a_seed_gives_the_same_pages_each_time(client: Any, rows: str, azurite: Azurite) -> None:
    runs = []
    for seed in (1, 2, 1):
        set_pages(azurite.port, seed, cut=True)
        runs.append([await lengths(client, rows) for _ in range(3)])
    assert runs[0] == runs[2]
    assert runs[0] != runs[1]


async def test_pages_are_short_empty_and_one_too_many_and_not_empty_for_ever(
    client: Any, rows: str, azurite: Azurite
) -> None:
    pages: list[list[int]] = []
    for seed in range(1, 61):
        set_pages(azurite.port, seed, cut=True)
        pages.append(await lengths(client, rows))
    assert any(0 < length < 20 for run in pages for length in run)
    assert any(run[0] == 0 for run in pages)
    assert any(run[-1] == 0 for run in pages)
    in_a_row = [len(list(group)) for run in pages for length, group in groupby(run) if length == 0]
    assert 2 <= max(in_a_row) <= 4 < EMPTY_PAGES


async def test_the_harshest_seed_gives_one_row_a_page_and_one_page_too_many(
    client: Any, rows: str, azurite: Azurite
) -> None:
    set_pages(azurite.port, 0, cut=True)
    pages = await lengths(client, rows)
    assert [length for length in pages if length] == [1] * ROWS
    assert pages[-1] == 0


async def test_the_tables_pages_are_never_empty_before_the_last(client: Any, rows: str, azurite: Azurite) -> None:
    _, table = client
    for seed in range(10):
        set_pages(azurite.port, seed, cut=True)
        found: list[StoredRow] = []
        rest = None
        for _ in range(PAGES_MOST):
            page, rest = await table.page(rows, " ", "~", rest, rows=20)
            found += page
            if not rest:
                break
            assert page
        assert [stored.row["RowKey"] for stored in found] == KEYS


def test_an_emulator_that_another_process_starts_is_one_of_these_too() -> None:
    asked = (
        "from localhost.emulator import Azurite; from tests.service.pages import set_pages\n"
        "with Azurite() as emulator: set_pages(emulator.port, 1, cut=True); print('asked')"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT_FOLDER, capture_output=True, check=True)
    assert done.stdout == b"asked\n"
