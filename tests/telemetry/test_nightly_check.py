"""The nightly check: every tenant, in bounded time, and loudly where something is wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from domain.errors import LedgerDamagedError, LedgerUnavailableError, TenantClosedError
from domain.integrity import CheckStep, Discrepancy
from functions.triggers import nightly_check
from functions.triggers.nightly_check import CHECK_SECONDS, COUNT_SECONDS, check_all
from localhost.emulator import Azurite
from tests.functions.conftest import Api
from tests.functions.valid import claim, stock
from tests.localhost.local_run import until
from tests.reports.raw_rows import remove
from tests.telemetry.kept import Kept

LOST = Discrepancy("lostUser", "users/ada", "The journal has licenses of this user, who has no row.")


async def named(*tenant_ids: str) -> AsyncIterator[str]:
    for tenant_id in tenant_ids:
        yield tenant_id


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

    await check_all(named("one", "two"), integrity, 400)

    assert integrity.progress == [None, {"at": 1}, {"at": 2}, None]
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

    await check_all(named("one", "two", "three"), integrity, 400)

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
    await check_all(named("one"), Integrity(one=[step(LOST)]), 400)

    assert "ada" not in caplog.text
    assert "lostUser at users/" in caplog.text


async def test_a_tenant_that_does_not_answer_is_told_and_one_that_is_not_here_is_passed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    integrity = Integrity(one=[LedgerUnavailableError("gone")], two=[TenantClosedError("moved")], three=[step()])

    await check_all(named("one", "two", "three"), integrity, 400)

    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert caplog.messages[0].startswith("not checked: gone")
    assert caplog.messages[1].startswith("1 tenants are checked; 1 could not be, and for 0 or more there was no time")


async def test_when_the_time_is_over_the_rest_is_counted_for_a_bounded_time(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(nightly_check, "monotonic", lambda: now)

    async def tenants() -> AsyncIterator[str]:
        nonlocal now
        yield "one"
        now += CHECK_SECONDS
        for number in range(5):
            yield f"late-{number}"
        now += COUNT_SECONDS
        yield "too late even to be counted"
        raise AssertionError("goes on without end")

    await check_all(tenants(), Integrity(one=[step()]), 400)

    assert caplog.messages[-1].startswith("1 tenants are checked; 0 could not be, and for 5 or more there was no time")


async def test_a_check_that_hangs_is_cut_off_when_the_time_is_over(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hanging(Integrity):
        async def step(self, *_: Any) -> CheckStep:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr(nightly_check, "CHECK_SECONDS", 0.01)

    await check_all(named("one", "two"), Hanging(), 400)

    assert caplog.messages[-1].startswith("0 tenants are checked; 0 could not be, and for 2 or more there was no time")


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
