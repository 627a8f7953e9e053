"""What a roll-up tells: how far behind reports are, whom it failed for, and which seats are left."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import LedgerDamagedError, LedgerUnavailableError
from functions.composition import close_services, services
from functions.telemetry import roll_up
from functions.telemetry.roll_up import PRODUCTS_TOLD, RollUpWatch
from functions.timers.roll_up import UpkeepFailedError, keep_up
from tests.functions.conftest import Api
from tests.functions.valid import SKU, claim, stock
from tests.localhost.local_run import until
from tests.reports.test_keep_up import Upkeep
from tests.telemetry.kept import Kept

NOW = datetime(2026, 1, 31, 9, tzinfo=UTC)


class Figures:
    """Figures of made-up tenants."""

    def __init__(
        self, behind: Mapping[str, timedelta] | None = None, seats: Mapping[str, Mapping[str, int]] | None = None
    ) -> None:
        self._behind = behind or {}
        self._seats = seats or {}

    async def uncounted_since(self, tenant_id: str) -> datetime | None:
        behind = self._behind.get(tenant_id)
        return NOW - behind if behind else None

    async def available_licenses(self, tenant_id: str) -> Mapping[str, int]:
        if tenant_id not in self._seats:
            raise LedgerUnavailableError("gone")
        return self._seats[tenant_id]


async def test_the_lag_is_that_of_the_tenant_that_is_furthest_behind(kept: Kept) -> None:
    behind = {"tenant-0": timedelta(minutes=1), "tenant-2": timedelta(hours=3)}

    upkeep = Upkeep(3)
    upkeep.behind = set(behind)
    await keep_up(upkeep, 400, RollUpWatch(Figures(behind), lambda: NOW))

    assert [point.value for point in kept.points("autoclaim.rollup.lag")] == [10_800]
    assert [point.value for point in kept.points("autoclaim.rollup.tenants_failed")] == [0]


async def test_a_tenant_that_fails_is_counted_and_looked_at_all_the_same(kept: Kept) -> None:
    upkeep = Upkeep(2, {"tenant-1": LedgerDamagedError("a row")})
    watch = RollUpWatch(Figures({"tenant-1": timedelta(hours=1)}, {"tenant-1": {"e1": 5}}), lambda: NOW)

    with pytest.raises(UpkeepFailedError):
        await keep_up(upkeep, 400, watch)

    assert kept.total("autoclaim.rollup.tenants_failed") == 1
    assert [point.value for point in kept.points("autoclaim.rollup.lag")] == [3_600]
    assert kept.total("autoclaim.seats.available", tenant_id="tenant-1", sku_id="e1") == 5


async def test_figures_that_cannot_be_read_fail_nothing(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        await keep_up(Upkeep(1), 400, RollUpWatch(Figures(), lambda: NOW))

    assert "no figures: gone operation=daily_report_rollup tenant_id=tenant-0" in caplog.text
    assert kept.total("autoclaim.rollup.tenants_failed") == 0


async def test_of_too_many_products_those_with_the_fewest_seats_are_told(
    kept: Kept, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll_up, "PRODUCTS_TOLD", 2)
    seats = {"tenant-0": {"many": 100, "few": 1}, "tenant-1": {"none": 0, "some": 50}}

    with caplog.at_level(logging.WARNING):
        await keep_up(Upkeep(2), 400, RollUpWatch(Figures(seats=seats), lambda: NOW))

    told = {(point.attributes["sku_id"], point.value) for point in kept.points("autoclaim.seats.available")}
    assert told == {("few", 1), ("none", 0)}
    assert "seats of 4 products: only those of the 2 with the fewest are told" in caplog.text


def test_no_more_products_are_told_than_the_sdk_keeps_apart() -> None:
    assert PRODUCTS_TOLD <= 2_000  # OpenTelemetry's own limit of an instrument, beyond which all become one


def test_after_a_run_reports_are_not_behind_and_the_seats_are_those_that_are_left(api: Api, kept: Kept) -> None:
    stock(api)
    claim(api)

    async def before_and_after() -> tuple[datetime | None, datetime | None]:
        app = services()
        try:
            before = await app.figures.uncounted_since(api.tenant_id)
            await keep_up(app.upkeep, 400, RollUpWatch(app.figures, app.now), everyone=True)
            return before, await app.figures.uncounted_since(api.tenant_id)
        finally:
            await close_services()

    before, after = asyncio.run(before_and_after())

    assert before is not None
    assert abs(before - datetime.now(UTC)) < timedelta(minutes=5)
    assert after is None
    assert [point.value for point in kept.points("autoclaim.rollup.lag")] == [0]
    assert kept.total("autoclaim.seats.available", tenant_id=api.tenant_id, sku_id=SKU) == 9


def test_what_the_app_commits_is_noted_for_the_next_run(api: Api) -> None:
    stock(api)

    async def noted() -> bool:
        try:
            return api.tenant_id in [each.tenant_id for each in await services().upkeep.changes()]
        finally:
            await close_services()

    until(lambda: asyncio.run(noted()))
