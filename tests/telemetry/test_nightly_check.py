"""The nightly check: every tenant, in bounded time, and loudly where something is wrong."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from domain.errors import LedgerDamagedError, LedgerUnavailableError, TenantClosedError
from domain.integrity import CheckStep, Discrepancy
from functions.timers import nightly_check
from functions.timers.nightly_check import check_all
from localhost.emulator import Azurite
from tests.functions.conftest import Api
from tests.functions.valid import claim, stock
from tests.localhost.local_run import until
from tests.reports.made_up_tenants import MadeUpTenants
from tests.reports.raw_rows import remove
from tests.telemetry.kept import Kept

LOST = Discrepancy("lostUser", "users/ada", "The journal has licenses of this user, who has no row.")


class Integrity:
    """Checks made-up tenants: each gives its steps, one after the other."""

    def __init__(self, **tenants: list[CheckStep | Exception]) -> None:
        self._tenants = tenants
        self.progress: list[Mapping[str, Any] | None] = []

    async def step(self, tenant_id: str, progress: Mapping[str, Any] | None, retention_days: int) -> CheckStep:
        assert retention_days == 400
        self.progress.append(progress)
        step = self._tenants[tenant_id].pop(0)
        if isinstance(step, Exception):
            raise step
        return step


def step(*found: Discrepancy, progress: Mapping[str, Any] | None = None) -> CheckStep:
    return CheckStep(not found, 0, 0, 0, found, progress)


@pytest.fixture(autouse=True)
def _all_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "autoclaim")


async def test_every_tenant_is_checked_to_its_end(caplog: pytest.LogCaptureFixture) -> None:
    integrity = Integrity(one=[step(progress={"at": 1}), step(progress={"at": 2}), step()], two=[step()])

    await check_all(MadeUpTenants("one", "two"), integrity, 400)

    assert sorted(integrity.progress, key=str) == sorted([None, {"at": 1}, {"at": 2}, None], key=str)
    assert [(record.levelname, str(record.msg)) for record in caplog.records] == [
        ("INFO", "2 tenants are checked operation=check_integrity")
    ]


async def test_what_is_wrong_is_counted_and_logged_with_its_tenant_and_stops_no_other(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    integrity = Integrity(
        one=[step(LOST, LOST, progress={}), step(LOST)],
        two=[LedgerDamagedError("Row two/state cannot be read")],
        three=[step()],
    )

    await check_all(MadeUpTenants("one", "two", "three"), integrity, 400)

    assert kept.total("autoclaim.integrity.problems", tenant_id="one") == 3
    assert kept.total("autoclaim.integrity.problems", tenant_id="two") == 1
    assert kept.total("autoclaim.integrity.problems", tenant_id="three") == 0
    wrong = [
        (record.__dict__["tenant_id"], str(record.msg)) for record in caplog.records if record.levelname == "ERROR"
    ]
    assert [tenant_id for tenant_id, _ in wrong] == ["one", "one", "one", "two"]
    assert wrong[0][1].startswith("lostUser at users/ada : The journal has")
    assert caplog.messages[-1].startswith("3 tenants are checked")


@pytest.mark.usefixtures("hashed")
async def test_hashed_a_problem_names_no_user(caplog: pytest.LogCaptureFixture) -> None:
    await check_all(MadeUpTenants("one"), Integrity(one=[step(LOST)]), 400)

    assert "ada" not in caplog.text
    assert "lostUser at users/" in caplog.text


async def test_a_tenant_that_does_not_answer_is_told_and_one_that_is_not_here_is_passed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    integrity = Integrity(one=[LedgerUnavailableError("gone")], two=[TenantClosedError("moved")], three=[step()])

    await check_all(MadeUpTenants("one", "two", "three"), integrity, 400)

    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert caplog.messages[0].startswith("not checked: gone")
    assert caplog.messages[1].startswith("1 tenants are checked; 1 could not be")


class Hanging(Integrity):
    """One tenant's check does not end."""

    async def step(self, tenant_id: str, progress: Mapping[str, Any] | None, retention_days: int) -> CheckStep:
        if tenant_id == "b":
            await asyncio.Event().wait()
        return await super().step(tenant_id, progress, retention_days)


async def test_a_run_whose_time_is_over_is_gone_on_with_by_the_next(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly_check, "CHECK_SECONDS", 0.05)
    tenants = MadeUpTenants("a", "b", "c")

    await check_all(tenants, Hanging(a=[step()], c=[step()]), 400)

    assert caplog.messages[-1].startswith("2 tenants, and not all, were checked; the round that began at 2026-01-05")
    assert "tenants are checked" not in caplog.messages[-1]

    integrity = Integrity(b=[step()], c=[step()])
    await check_all(tenants, integrity, 400)

    assert caplog.messages[-1].startswith("2 tenants are checked")
    assert len(integrity.progress) == 2  # and the first tenant was not checked again

    await check_all(tenants, integrity, 400)  # the round of this day is over
    assert len(integrity.progress) == 2


async def test_a_tenant_that_takes_too_long_is_told_and_the_round_goes_on_behind_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly_check, "TENANT_SECONDS", 0.05)
    tenants = MadeUpTenants("a", "b", "c")

    await check_all(tenants, Hanging(a=[step()], c=[step()]), 400)

    assert caplog.messages[-2].startswith("not checked: takes over 0.05 s")
    assert caplog.messages[-1].startswith("2 tenants are checked; 1 could not be")
    assert tenants.rounds["integrity-check"].is_over


def test_the_admin_endpoint_starts_a_check_that_finds_what_was_damaged(
    api: Api, kept: Kept, own_azurite: Azurite
) -> None:
    stock(api)
    claim(api, "ada")
    remove(own_azurite.connection_string, api.tenant_id, "user:ada")
    kept.begin()

    started = httpx.post(
        f"{api.served.url}/admin/functions/check_integrity",
        headers={"x-functions-key": api.served.keys.master},
        json={},
        trust_env=False,
    )

    assert started.status_code == 202
    until(lambda: bool(kept.spans("check_integrity")))
    assert {span.name for span in kept.spans()} == {"check_integrity"}  # and not a span for each call of the storage
    assert kept.total("autoclaim.storage.duration", operation="page") > 1
    assert kept.total("autoclaim.integrity.problems", tenant_id=api.tenant_id) >= 1
    assert any("wrongCount" in str(record.log_record.body) for record in kept.records())
