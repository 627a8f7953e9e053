"""`make move-tenant` as it is typed, between two storages that run."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from domain.ledger import sign_in_proposal
from domain.sign_ins import Outcome, SignIn
from functions.composition import close_services, create_tables, services
from localhost.app_settings import app_settings
from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from localhost.past import past_on
from localhost.sample_history import TEAMS
from tests.functions.past_tenant import opening, tell
from tests.localhost.test_operate import make
from tests.storage.audit import audit, rows_of

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def azurite() -> Iterator[Azurite]:
    """The default account."""
    with Azurite() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def second() -> Iterator[Azurite]:
    """Another account."""
    with Azurite() as emulator:
        yield emulator


def name(account: Azurite) -> str:
    return f"127.0.0.1:{account.port}/devstoreaccount1"


def entries(account: Azurite, *tenants: str) -> str:
    return json.dumps([{"connectionString": account.connection_string, "tenants": tenants}])


@pytest.fixture
def data(
    azurite: Azurite, second: Azurite, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> DataFolder:
    """A data folder, and in the environment the settings of a run with two accounts that have the app's tables."""
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    for setting, value in app_settings(folder, azurite.port).items():
        monkeypatch.setenv(setting, value)
    monkeypatch.setenv("TABLES_ACCOUNTS", entries(second))
    asyncio.run(create_tables())
    return folder


@pytest.fixture
def claimed(azurite: Azurite, data: DataFolder, tenant_id: str) -> str:
    """A tenant in the default account where somebody claimed."""
    del data
    tell(azurite, tenant_id, *opening(NOW))

    async def claim() -> None:
        async with past_on(azurite.connection_string) as past:
            settled = await past.ledger.settle(tenant_id, sign_in_proposal(SignIn(tenant_id, (TEAMS,), "ada")))
            assert settled.answer.outcome is Outcome.CLAIMED

    asyncio.run(claim())
    return tenant_id


def sign_in(tenant_id: str, user_id: str) -> Outcome:
    """A sign-in in an app with the settings of the environment."""

    async def settled() -> Outcome:
        try:
            proposal = sign_in_proposal(SignIn(tenant_id, (TEAMS,), user_id))
            return (await services().ledger.settle(tenant_id, proposal)).answer.outcome
        finally:
            await close_services()

    return asyncio.run(settled())


def test_a_tenant_moves_and_its_old_rows_go(
    azurite: Azurite, second: Azurite, data: DataFolder, claimed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = make(data, azurite.port, "move-tenant", f"TENANT={claimed}", f"TO={name(second)}")

    assert moved.returncode == 0, moved.stderr
    assert f"closed in {name(azurite)}" in moved.stderr
    assert f"Now list it under {name(second)} in TABLES_ACCOUNTS and restart every process" in moved.stdout
    monkeypatch.setenv("TABLES_ACCOUNTS", entries(second, claimed))
    assert sign_in(claimed, "bob") is Outcome.CLAIMED
    again = make(data, azurite.port, "move-tenant", f"TENANT={claimed}", f"TO=http://{name(second)}/")
    assert "The setting says so already" in again.stdout

    cleaned = make(data, azurite.port, "move-tenant", f"TENANT={claimed}", "CLEAN=1")

    assert cleaned.returncode == 0, cleaned.stderr
    assert [row["RowKey"] for row in rows_of(azurite.connection_string, claimed)] == ["state"]
    assert audit(rows_of(second.connection_string, claimed)) == []
    assert sign_in(claimed, "ada") is Outcome.ALREADY_LICENSED


def test_a_tenant_goes_back_to_the_default_account(
    azurite: Azurite, second: Azurite, data: DataFolder, claimed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(data, azurite.port, "move-tenant", f"TENANT={claimed}", f"TO={name(second)}")
    monkeypatch.setenv("TABLES_ACCOUNTS", entries(second, claimed))

    back = make(data, azurite.port, "move-tenant", f"TENANT={claimed}", "TO=default")

    assert f"Now take it out of {name(second)} in TABLES_ACCOUNTS" in back.stdout
    monkeypatch.setenv("TABLES_ACCOUNTS", entries(second))
    assert sign_in(claimed, "bob") is Outcome.CLAIMED


def test_deleting_a_moved_tenant_leaves_nothing_of_it_but_the_tombstone(
    azurite: Azurite, second: Azurite, data: DataFolder, claimed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(data, azurite.port, "move-tenant", f"TENANT={claimed}", f"TO={name(second)}")

    refused = make(data, azurite.port, "delete-tenant", f"TENANT={claimed}", "YES=1")

    assert refused.returncode != 0
    assert "moved, or is being moved" in refused.stderr
    monkeypatch.setenv("TABLES_ACCOUNTS", entries(second, claimed))
    assert make(data, azurite.port, "delete-tenant", f"TENANT={claimed}", "YES=1").returncode == 0
    assert rows_of(second.connection_string, claimed) == []
    assert [row["RowKey"] for row in rows_of(azurite.connection_string, claimed)] == ["state"]


@pytest.mark.parametrize("command", ["rollup", "rebuild-reports"])
def test_commands_for_all_tenants_pass_one_over_that_is_elsewhere(
    command: str, azurite: Azurite, second: Azurite, data: DataFolder, claimed: str
) -> None:
    make(data, azurite.port, "move-tenant", f"TENANT={claimed}", f"TO={name(second)}")

    done = make(data, azurite.port, command)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (["TO=default"], "TENANT=<guid> is needed"),
        (["TENANT={tenant}"], "TO=<account>, or CLEAN=1, is needed"),
        (["TENANT={tenant}", "TO=default", "CLEAN=1"], "leave TO out"),
        (["TENANT={tenant}", "TO=nowhere"], "the settings have no such account; they have 127.0.0.1:"),
        (["TENANT=x", "TO=default"], "'x' is no tenant's GUID"),
    ],
    ids=repr,
)
def test_what_is_missing_or_wrong_is_told(
    azurite: Azurite, data: DataFolder, tenant_id: str, written: list[str], says: str
) -> None:
    done = make(data, azurite.port, "move-tenant", *(word.format(tenant=tenant_id) for word in written))

    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_no_key_is_ever_shown(azurite: Azurite, data: DataFolder, claimed: str) -> None:
    told = [
        make(data, azurite.port, "move-tenant", f"TENANT={claimed}", f"TO={to}")
        for to in (azurite.connection_string, "default")
    ]

    assert [done.returncode == 0 for done in told] == [False, True]
    assert all("Eby8" not in done.stdout + done.stderr for done in told)
