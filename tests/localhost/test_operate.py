"""The operator's commands as they are typed, beside a storage that runs."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.ledger import sign_in_proposal
from domain.reports import period_until
from domain.sign_ins import Outcome, SignIn
from functions.composition import create_tables
from localhost.app_settings import app_settings
from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.emulator import Azurite
from localhost.past import past_on
from localhost.ports import free_port
from localhost.sample_history import TEAMS
from tests.functions.past_tenant import opening, tell

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def azurite() -> Iterator[Azurite]:
    """An emulator of its own: these commands are of all tenants, and other tests damage theirs."""
    with Azurite() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def data(azurite: Azurite, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder, of a run whose storage has the app's tables."""
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in app_settings(folder, azurite.port).items():
            patch.setenv(name, value)
        asyncio.run(create_tables())
    return folder


@pytest.fixture
def claimed(azurite: Azurite, data: DataFolder, tenant_id: str) -> str:
    """A tenant where two people claimed."""
    del data
    tell(azurite, tenant_id, *opening(NOW))

    async def claim() -> None:
        async with past_on(azurite.connection_string) as past:
            past.clock.at = NOW
            for user in ("ada", "bob"):
                sign_in = SignIn(tenant_id, (TEAMS,), user, f"{user}@fabrikam.example", user.title())
                settled = await past.ledger.settle(tenant_id, sign_in_proposal(sign_in))
                assert settled.answer.outcome is Outcome.CLAIMED

    asyncio.run(claim())
    return tenant_id


def make(data: DataFolder, table_port: int, *written: str) -> "subprocess.CompletedProcess[str]":
    """`make`, with the environment that this test runs in instead of an installation."""
    flags = f" -- DATA={data.path} TABLE_PORT={table_port} PYTHON={sys.executable} INSTALL=:"
    return subprocess.run(
        ["make", "-s", *written],  # noqa: S607 - whichever make the newcomer has
        cwd=PROJECT_FOLDER,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "MAKEFLAGS": flags, "USER": "root"},
    )


async def _rolled_up_to(azurite: Azurite, tenant_id: str) -> tuple[datetime | None, int]:
    async with past_on(azurite.connection_string) as past:
        counts = await past.records.claim_counts(tenant_id, period_until(NOW.date(), 7))
    days = (sum(products.values()) for policy in counts.counts.values() for products in policy.days.values())
    return counts.rolled_up_to, sum(days)


def test_rollup_counts_now(azurite: Azurite, data: DataFolder, claimed: str) -> None:
    assert asyncio.run(_rolled_up_to(azurite, claimed)) == (None, 2)

    done = make(data, azurite.port, "rollup")

    assert (done.returncode, done.stderr) == (0, "")
    assert asyncio.run(_rolled_up_to(azurite, claimed)) == (NOW, 2)


def test_rebuild_reports_makes_one_tenants_reports_again(azurite: Azurite, data: DataFolder, claimed: str) -> None:
    done = make(data, azurite.port, "rebuild-reports", f"TENANT={claimed}")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The reports of 1 ")
    assert asyncio.run(_rolled_up_to(azurite, claimed)) == (NOW, 2)


def test_rebuild_reports_without_a_tenant_is_of_all(azurite: Azurite, data: DataFolder, claimed: str) -> None:
    done = make(data, azurite.port, "rebuild-reports")

    assert (done.returncode, done.stderr) == (0, "")
    assert asyncio.run(_rolled_up_to(azurite, claimed)) == (NOW, 2)


def test_erase_names_takes_one_persons_names_out(azurite: Azurite, data: DataFolder, claimed: str) -> None:
    done = make(data, azurite.port, "erase-names", f"TENANT={claimed}", "USER=ada")

    assert (done.returncode, done.stderr) == (0, "")

    async def written() -> str:
        async with past_on(azurite.connection_string) as past:
            users = await past.records.users(claimed, ["ada", "bob"])
            records, _ = await past.records.commits_before(claimed, None, 100)
        return f"{users} {records}"

    text = asyncio.run(written())
    assert "ada@fabrikam.example" not in text
    assert "'Ada'" not in text
    assert "bob@fabrikam.example" in text


def test_delete_tenant_deletes_it(azurite: Azurite, data: DataFolder, claimed: str) -> None:
    done = make(data, azurite.port, "delete-tenant", f"TENANT={claimed}", "YES=1")

    assert (done.returncode, done.stderr) == (0, "")
    assert claimed in done.stdout

    async def left() -> tuple[int, int]:
        async with past_on(azurite.connection_string) as past:
            records, _ = await past.records.commits_before(claimed, None, 100)
            users, _ = await past.records.users_after(claimed, None)
        return len(records), len(users)

    assert asyncio.run(left()) == (0, 0)
    assert asyncio.run(_rolled_up_to(azurite, claimed)) == (None, 0)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (["erase-names"], "TENANT=<guid> is needed"),
        (["erase-names", "TENANT={tenant}"], "USER=<user id> is needed"),
        (["erase-names", "USER=ada"], "TENANT=<guid> is needed"),
        (["delete-tenant", "YES=1"], "TENANT=<guid> is needed"),
        (["delete-tenant", "TENANT={tenant}"], "YES=1"),
        (["delete-tenant", "TENANT={tenant}", "YES=no"], "YES=1"),
        (["rebuild-reports", "TENANT=x"], "'x' is no tenant's GUID"),
        (["erase-names", "TENANT={tenant}", "USER=a b"], "'a b' is no user id"),
    ],
    ids=repr,
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_done(
    azurite: Azurite, data: DataFolder, claimed: str, written: list[str], says: str
) -> None:
    done = make(data, azurite.port, *(word.format(tenant=claimed) for word in written))

    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert asyncio.run(_rolled_up_to(azurite, claimed)) == (None, 2)


@pytest.mark.parametrize("command", ["rollup", "rebuild-reports"])
def test_without_a_storage_there_is_a_message(data: DataFolder, command: str) -> None:
    port = free_port()

    done = make(data, port, command)

    assert done.returncode != 0
    assert f"No storage answers at TABLE_PORT={port}" in done.stderr
    assert "make run" in done.stderr


def test_a_folder_that_cannot_be_used_is_a_message(azurite: Azurite, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    done = subprocess.run(
        [sys.executable, "-m", "localhost.operate", "roll-up", "--data", str(file), "--table-port", str(azurite.port)],
        cwd=PROJECT_FOLDER,
        check=False,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, "DATA=" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
