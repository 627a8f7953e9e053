"""Erasing a person's names: they are gone from every row, and nothing that counts has changed."""

from contextlib import suppress

import pytest

from domain.sign_ins import Outcome
from tests.reports.conftest import ProcessFactory
from tests.reports.history import History, app_id, backup
from tests.reports.lively_tenant import lively_tenant
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import row, texts_of
from tests.reports.tables import MOMENTS, AtMoment, KilledError, killed
from tests.storage.audit import audit, report, rows_of

# What a process that leads looks for by itself is no call of what is tested.
pytestmark = pytest.mark.usefixtures("nobody_leads")

NAMES = {"principal_name": "greta.garbo@contoso.example", "display_name": "Greta Lovisa Gustafsson"}


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """A lively tenant in which Greta (user id g-1) claimed, lost and claimed again, with names."""
    history = await lively_tenant(tenant_id, process, clock)
    await greta_signs_in(process, tenant_id, 0)
    await process.assign(tenant_id, "g-1", backup(0) if not await _has(process, tenant_id, backup(0)) else backup(1))
    await process.take_back(tenant_id, "g-1")
    await greta_signs_in(process, tenant_id, 1)
    return history


async def _has(process: ReportingProcess, tenant_id: str, sku_id: str) -> bool:
    return (await process.records.user(tenant_id, "g-1"))[1].license_of(sku_id) is not None


async def greta_signs_in(process: ReportingProcess, tenant_id: str, number: int) -> Outcome:
    """Greta signs in, with her names."""
    return (await process.sign_in(tenant_id, "g-1", app_id(number), **NAMES)).outcome


def named(connection_string: str, tenant_id: str) -> bool:
    """Whether any row of the tenant has any of Greta's names."""
    text = texts_of(connection_string, tenant_id).casefold()
    return "greta" in text or "gustafsson" in text


async def test_names_are_gone_from_every_row_and_nothing_else_is(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    assert named(connection_string, tenant_id)
    before = await reader.state(tenant_id), (await reader.records.user(tenant_id, "g-1"))[1].licenses
    counts = await reader.reported(tenant_id, 90)

    assert await reader.upkeep.erase_names(tenant_id, "g-1") >= 3

    assert not named(connection_string, tenant_id)
    assert "user-000001@contoso.example" in texts_of(connection_string, tenant_id)
    assert before == (await reader.state(tenant_id), (await reader.records.user(tenant_id, "g-1"))[1].licenses)
    assert await reader.reported(tenant_id, 90) == counts
    assert await reader.check(tenant_id) == []
    assert not report(audit(rows_of(connection_string, tenant_id)))
    assert await reader.upkeep.erase_names(tenant_id, "g-1") == 0


async def test_erasing_names_of_a_person_who_never_was_does_nothing(history: History, connection_string: str) -> None:
    before = rows_of(connection_string, history.tenant_id)
    assert await history.process.upkeep.erase_names(history.tenant_id, "nobody") == 0
    assert rows_of(connection_string, history.tenant_id) == before


async def test_a_person_whose_id_begins_with_anothers_keeps_the_names(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    await history.process.sign_in(tenant_id, "g-10", app_id(0), display_name="Ingrid")
    before = [each for each in rows_of(connection_string, tenant_id) if "Ingrid" in str(each)]
    await reader.upkeep.erase_names(tenant_id, "g-1")
    assert [each for each in rows_of(connection_string, tenant_id) if "Ingrid" in str(each)] == before
    assert len(before) == 2


async def test_the_next_change_works_at_once_where_the_old_row_is_known(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    """The process keeps the row's ETag from before, and every one of its changes goes through all the same."""
    process, tenant_id = history.process, history.tenant_id
    await reader.upkeep.erase_names(tenant_id, "g-1")

    process.table.forget_calls()
    assert (await process.sign_in(tenant_id, "g-1", app_id(0))).outcome is Outcome.CLAIMED
    assert process.table.count("commit") <= 3
    assert not named(connection_string, tenant_id)

    await reader.upkeep.erase_names(tenant_id, "g-1")
    await process.take_back(tenant_id, "g-1")
    assert (await process.sign_in(tenant_id, "g-1", app_id(0))).outcome is Outcome.CLAIMED
    assert not named(connection_string, tenant_id)
    assert await reader.check(tenant_id) == []


async def test_a_batch_with_the_person_in_it_goes_through_where_the_old_row_is_known(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    await reader.upkeep.erase_names(tenant_id, "g-1")
    outcomes = await history.process.outcomes(tenant_id, [])
    answers = [history.process.sign_in(tenant_id, "g-1", app_id(0))]
    assert outcomes == []
    await history.burst(5)
    assert [(await answer).outcome for answer in answers] == [Outcome.CLAIMED]
    assert await reader.check(tenant_id) == []
    assert not named(connection_string, tenant_id)


async def test_a_sign_in_with_names_brings_them_again(history: History, reader: ReportingProcess) -> None:
    await reader.upkeep.erase_names(history.tenant_id, "g-1")
    assert await greta_signs_in(history.process, history.tenant_id, 0) is Outcome.CLAIMED
    user = (await reader.records.user(history.tenant_id, "g-1"))[1]
    assert user.display_name == NAMES["display_name"]


async def test_erasing_that_is_killed_at_any_call_is_completed_by_the_next(
    history: History, reader: ReportingProcess, new_process: ProcessFactory, connection_string: str
) -> None:
    eraser = new_process()
    tenant_id = history.tenant_id
    for number in MOMENTS:
        moment = AtMoment(number, killed)
        with eraser.watched(moment), suppress(KilledError):
            await eraser.upkeep.erase_names(tenant_id, "g-1")
        if not moment.done:
            assert number > 6
            return
        await reader.upkeep.erase_names(tenant_id, "g-1")
        assert not named(connection_string, tenant_id)
        assert await reader.check(tenant_id) == []
        await history.process.take_back(tenant_id, "g-1")
        assert await greta_signs_in(history.process, tenant_id, 1) is Outcome.CLAIMED
    raise AssertionError("erasing does not end")


async def test_changes_at_any_call_of_erasing_are_kept(
    history: History, rival: ReportingProcess, reader: ReportingProcess, connection_string: str
) -> None:
    tenant_id = history.tenant_id
    for number in MOMENTS:

        async def change() -> None:
            await history.process.take_back(tenant_id, "g-1")
            outcome = (await history.process.sign_in(tenant_id, "g-1", app_id(1))).outcome
            assert outcome is Outcome.CLAIMED

        moment = AtMoment(number, change)
        with rival.watched(moment):
            await rival.upkeep.erase_names(tenant_id, "g-1")
        await rival.upkeep.erase_names(tenant_id, "g-1")
        assert not named(connection_string, tenant_id)
        assert await reader.check(tenant_id) == []
        assert not report(audit(rows_of(connection_string, tenant_id)))
        if not moment.done:
            return
        await greta_signs_in(history.process, tenant_id, 0)
    raise AssertionError("erasing does not end")


async def test_an_administrators_own_name_is_gone_from_the_journal(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    from tests.domain.tenants import ADA  # noqa: PLC0415 - only here

    await reader.upkeep.erase_names(history.tenant_id, ADA.id)
    journal = str([each for each in rows_of(connection_string, history.tenant_id) if each["RowKey"].startswith("j")])
    assert ADA.name is not None
    assert ADA.name not in journal
    assert await reader.check(history.tenant_id) == []


async def test_the_user_row_says_the_same_but_the_names(
    history: History, reader: ReportingProcess, connection_string: str
) -> None:
    before = row(connection_string, history.tenant_id, "user:g-1")
    await reader.upkeep.erase_names(history.tenant_id, "g-1")
    after = row(connection_string, history.tenant_id, "user:g-1")
    assert after["sequence"] == before["sequence"]
    expected = before["content"]
    for name in NAMES.values():
        expected = expected.replace(f'"{name}"', "null")
    assert after["content"] == expected
