"""The sample tenant: 90 believable days through the app's own ledger, whole also after they broke off."""

import asyncio
import itertools
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.actors import Administrator
from domain.errors import LedgerUnavailableError
from domain.journal import Action
from domain.ledger import Proposal, configuration_proposal
from domain.reports import period_until
from domain.settings import update_settings
from domain.versions import Demand, Precondition
from functions.composition import create_tables
from localhost import sample_tenant
from localhost.app_settings import app_settings
from localhost.audit import Books, never_oversold, read_books
from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from localhost.issuer import ADMINISTRATOR_NAME, SAMPLE_TENANT, object_id
from localhost.past import past_on
from localhost.ports import free_port
from localhost.sample_history import DAYS, TEAMS_PRODUCTS, Moment, history
from localhost.sample_products import sample_products
from localhost.sample_tenant import SampleTenantError, make_sample_tenant
from storage.engine.ledger import TableLedger
from tests.storms.running_app import RunningApp

Event = tuple[datetime, list[tuple[str, str]]]

NOW = datetime(2026, 3, 19, 14, 30, tzinfo=UTC)
SHORT_DAYS = 11
"""Long enough for the launch and for the first backup."""
TEAMS_ENTERPRISE, E1, E3 = (sample_products()[part_number].sku_id for part_number in TEAMS_PRODUCTS)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of an emulator with the app's tables, and with nothing else: a past must come first."""
    data = DataFolder(tmp_path_factory.mktemp("data"))
    with Azurite() as azurite:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in app_settings(data, azurite.port).items():
                patch.setenv(name, value)
            asyncio.run(create_tables())
        yield azurite.connection_string


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


@pytest.fixture(scope="module")
def whole(storage: str, tmp_path_factory: pytest.TempPathFactory) -> Books:
    """All rows of a sample tenant that nobody disturbed."""
    folder = DataFolder(tmp_path_factory.mktemp("whole"))
    asyncio.run(make_sample_tenant(storage, folder, NOW))
    assert folder.sample_tenant_mark.exists()
    return read_books(storage, SAMPLE_TENANT)


def _claims(books: Books) -> Iterator[tuple[datetime, str, str, int]]:
    """Time, policy, product and assigning order of each claim."""
    for record in books.journal:
        for entry in record.entries:
            if entry.action is Action.LICENSE_CLAIMED:
                details = entry.details
                yield record.at, details["policyName"], details["skuId"], details["assigningOrder"]


def _story(books: Books) -> list[Event]:
    """What happened when, however it was divided into commits."""
    moments: dict[datetime, list[tuple[str, str]]] = {}
    for record in books.journal:
        moments.setdefault(record.at, []).extend((entry.action.value, entry.target) for entry in record.entries)
    return [(at, sorted(entries)) for at, entries in sorted(moments.items())]


def test_it_reaches_90_days_back_and_not_beyond_now(whole: Books) -> None:
    times = [record.at for record in whole.journal]

    assert times == sorted(times)
    assert times[0].date() == NOW.date() - timedelta(days=DAYS - 1)
    assert NOW - timedelta(days=4) < times[-1] < NOW


def test_nothing_is_oversold_in_it(whole: Books) -> None:
    verdict = never_oversold(whole)

    assert verdict.held, str(verdict)
    assert len(whole.configuration.products) == 28


def test_some_fifteen_hundred_people_claimed_more_on_weekdays_and_most_at_the_launch(whole: Books) -> None:
    by_day = Counter(at.date() for at, *_ in _claims(whole))
    weekend = sum(claims for day, claims in by_day.items() if day.weekday() >= 5)
    (launch, most), *_ = by_day.most_common(1)

    assert 1400 < len(whole.users) < 1700
    assert 0 < weekend < by_day.total() / 20
    assert launch.weekday() == 0
    assert most > 150
    assert launch < NOW.date() - timedelta(days=70)


def test_the_primary_product_ran_out_and_the_backups_took_over(whole: Books) -> None:
    first: dict[str, date] = {}
    claims: Counter[int] = Counter()
    for at, policy, sku_id, order in _claims(whole):
        if policy.startswith("Teams"):
            first.setdefault(sku_id, at.date())
            claims[order] += 1

    assert list(first) == [TEAMS_ENTERPRISE, E1, E3]
    assert all(claims[order] > 100 for order in (1, 2, 3))
    available = whole.configuration.products[E3].total_licenses - whole.head.assigned[E3]
    assert available > 50, "the sign-in that make run prints must find a license"


def test_there_are_a_rename_an_ended_trial_and_licenses_taken_back(whole: Books) -> None:
    actions = Counter(entry.action for record in whole.journal for entry in record.entries)
    names = Counter(policy for _, policy, *_ in _claims(whole))

    assert {policy.name for policy in whole.configuration.policies.values()} == {
        "Teams for everyone",
        "Power BI for analysts",
    }
    assert names.keys() == {"Teams pilot", "Teams for everyone", "Power BI for analysts", "Visio trial"}
    assert all(count > 5 for count in names.values())
    assert 20 < actions[Action.LICENSE_REMOVED] < 40
    assert actions[Action.POLICY_DELETED] == 1
    assert whole.configuration.settings.auto_claim_enabled


def test_administrators_entries_are_of_the_one_whose_token_is_printed(whole: Books) -> None:
    actors = {entry.actor for record in whole.journal for entry in record.entries}

    assert {getattr(actor, "id", None) for actor in actors} == {object_id(ADMINISTRATOR_NAME), None}


async def test_it_is_rolled_up(whole: Books, storage: str) -> None:
    period = period_until(NOW.date(), DAYS)
    async with past_on(storage) as past:
        counted = await past.records.claim_counts(SAMPLE_TENANT, period)

    assert counted.rolled_up_to == whole.head.at
    days = (sum(products.values()) for policy in counted.counts.values() for products in policy.days.values())
    assert sum(days) == len(list(_claims(whole)))


async def test_made_again_it_changes_nothing(whole: Books, storage: str, data: DataFolder) -> None:
    await make_sample_tenant(storage, data, NOW)

    assert read_books(storage, SAMPLE_TENANT).head == whole.head


@pytest.fixture(scope="module")
def short(storage: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Event]]:
    """While the story is of its first days only: what happens in them if nobody disturbs it."""
    tenant_id = str(uuid4())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample_tenant, "DAYS", SHORT_DAYS)
        asyncio.run(make_sample_tenant(storage, DataFolder(tmp_path_factory.mktemp("short")), NOW, tenant_id))
        yield _story(read_books(storage, tenant_id))


def _break_off(monkeypatch: pytest.MonkeyPatch, moments: int) -> None:
    """The story breaks off after so many moments, in the middle of the next."""

    def broken(*arguments: Any) -> Iterator[Moment]:
        told = list(history(*arguments))
        yield from told[:moments]
        last = told[moments]
        yield replace(last, proposals=last.proposals[: len(last.proposals) // 2])

    monkeypatch.setattr(sample_tenant, "history", broken)


async def test_a_story_that_broke_off_is_completed_by_the_next_run_though_it_is_another_day(
    short: list[Event], storage: str, data: DataFolder, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moments in (0, 1, 29, 31, 45, 53):
        with monkeypatch.context() as patch:
            _break_off(patch, moments)
            await make_sample_tenant(storage, data, NOW, tenant_id)
    assert len(_story(read_books(storage, tenant_id))) < len(short)

    await make_sample_tenant(storage, data, NOW + timedelta(days=1), tenant_id)

    completed = _story(read_books(storage, tenant_id))
    assert completed[: len(short)] == short
    assert completed[-1][0] > NOW


async def test_a_storage_that_fails_now_and_then_is_asked_again(
    short: list[Event], storage: str, data: DataFolder, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = itertools.count()
    settle = TableLedger.settle

    async def settle_mostly(ledger: TableLedger, tenant: str, proposal: Proposal[Any]) -> Any:
        if next(calls) in {5, 40, 111, 230}:
            raise LedgerUnavailableError("not now")
        return await settle(ledger, tenant, proposal)

    monkeypatch.setattr(TableLedger, "settle", settle_mostly)
    monkeypatch.setattr(sample_tenant, "PAUSE_SECONDS", 0.0)

    await make_sample_tenant(storage, data, NOW, tenant_id)

    assert _story(read_books(storage, tenant_id)) == short


@pytest.mark.usefixtures("short")
async def test_a_storage_that_stays_away_is_asked_a_bounded_number_of_times(
    storage: str, data: DataFolder, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = itertools.count(1)

    async def fail(*_: object) -> None:
        next(calls)
        raise LedgerUnavailableError("not now")

    monkeypatch.setattr(TableLedger, "settle", fail)
    monkeypatch.setattr(sample_tenant, "PAUSE_SECONDS", 0.0)

    with pytest.raises(SampleTenantError, match="not complete"):
        await make_sample_tenant(storage, data, NOW, tenant_id)

    assert next(calls) - 1 == sample_tenant.ATTEMPTS
    assert not data.sample_tenant_mark.exists()


async def _turn_on(storage: str, tenant_id: str, at: datetime, *, on: bool) -> None:
    """Somebody writes to the tenant."""
    decide = partial(
        update_settings,
        auto_claim_enabled=on,
        precondition=Precondition(match=Demand.ANY),
        actor=Administrator("somebody"),
    )
    async with past_on(storage) as past:
        past.clock.at = at
        await past.ledger.settle(tenant_id, configuration_proposal(decide))


@pytest.mark.usefixtures("short")
async def test_whoever_wrote_to_the_tenant_before_finds_its_opening_and_no_past(
    storage: str, data: DataFolder, tenant_id: str
) -> None:
    await _turn_on(storage, tenant_id, NOW, on=True)

    await make_sample_tenant(storage, data, NOW + timedelta(seconds=1), tenant_id)

    books = read_books(storage, tenant_id)
    assert {record.at for record in books.journal} == {NOW}
    assert len(books.configuration.products) == 28
    assert [policy.app_id for policy in books.configuration.policies.values()] == ["microsoft-teams"]
    assert data.sample_tenant_mark.exists()


@pytest.mark.usefixtures("short")
async def test_whoever_writes_to_the_tenant_meanwhile_ends_its_past_and_keeps_the_change(
    storage: str, data: DataFolder, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _break_off(patch, 45)
        await make_sample_tenant(storage, data, NOW, tenant_id)
    await _turn_on(storage, tenant_id, NOW, on=False)
    before = read_books(storage, tenant_id)

    await make_sample_tenant(storage, data, NOW + timedelta(seconds=1), tenant_id)

    after = read_books(storage, tenant_id)
    assert after.head == before.head
    assert not after.configuration.settings.auto_claim_enabled


def test_a_storage_that_is_away_is_a_message_and_exit_code_1(
    data: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sample_tenant.main(["--data", str(data.path), "--table-port", str(free_port())]) == 1
    assert "not complete" in capsys.readouterr().err


def test_the_sign_in_that_make_run_prints_claims_as_soon_as_it_is_printed(tmp_path: Path) -> None:
    with RunningApp(DataFolder(tmp_path), free_port(), own_azurite=True, sample_tenant=True) as app:
        said = app.said()
        (command,) = re.findall(r"^curl .*$", said, re.MULTILINE)
        (token,) = re.findall(r"^eyJ\S+$", said, re.MULTILINE)
        answer = subprocess.run(["bash", "-c", f"{command} -sS"], check=True, capture_output=True, text=True)  # noqa: S607 - what people paste
        headers = {"Authorization": f"Bearer {token}"}
        report = httpx.get(f"{app.address}/api/reports/auto-claim", headers=headers, trust_env=False).json()

    assert json.loads(answer.stdout)["outcome"] == "claimed"
    assert report["totalClaims"] > 1000
    assert said.index("The sample tenant is complete") < said.index("Ctrl-C")
