"""The service may give one row a page: everything is read all the same, and who would read for ever says so."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

import storage.reports.counts
import storage.rows.journal
import storage.upkeep.day_checks
import storage.upkeep.integrity
from domain.errors import LedgerDamagedError, LedgerUnavailableError
from domain.reports import Period
from tests.reports import raw_rows
from tests.reports.history import History, policy
from tests.reports.processes import ReportingProcess, SetClock
from tests.reports.raw_rows import keys_of

pytestmark = pytest.mark.whole_pages

USERS_MOST = 50
"""A walk over more users goes round in circles."""


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """Three policies with claims, rolled up."""
    history = History(tenant_id, process, clock, policies=3)
    await history.open()
    await history.burst(5)
    await process.roll_up_all(tenant_id)
    return history


@pytest.fixture
def slow(reader: ReportingProcess) -> ReportingProcess:
    """A process that gets one row a page."""
    for table in reader.tables:
        table.page_rows = 1
    return reader


async def test_a_check_comes_to_its_end(
    history: History, slow: ReportingProcess, connection_string: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = len(keys_of(connection_string, history.tenant_id, start="user:"))
    for most in (storage.upkeep.integrity.USERS_PER_CALL, 1):
        monkeypatch.setattr(storage.upkeep.integrity, "USERS_PER_CALL", most)
        step = await slow.integrity.step(history.tenant_id, None, 400)
        for _ in range(USERS_MOST):
            if step.progress is None:
                break
            step = await slow.integrity.step(history.tenant_id, step.progress, 400)
        assert (step.ok, step.discrepancies, step.progress) == (True, (), None)
        assert step.users == users


async def test_a_count_of_a_policy_on_a_later_page_is_checked_too(
    history: History, slow: ReportingProcess, connection_string: str
) -> None:
    last = max(policy(number) for number in range(3))

    def forget(head: dict[str, dict[str, int]]) -> None:
        del head["held"][last]

    raw_rows.edit(connection_string, history.tenant_id, "state", forget)
    found = {(each.kind, each.target) for each in await slow.check(history.tenant_id)}
    assert ("wrongCount", f"policies/{last}") in found


async def test_a_list_of_users_is_walked_to_its_end(
    history: History, slow: ReportingProcess, connection_string: str
) -> None:
    found: list[str] = []
    after = None
    for _ in range(USERS_MOST):
        users, after = await slow.records.users_after(history.tenant_id, after)
        found += [user.id for user in users]
        if after is None:
            break
    keys = keys_of(connection_string, history.tenant_id, start="user:")
    assert found == [key.removeprefix("user:") for key in keys]


async def test_reports_have_everything(history: History, slow: ReportingProcess) -> None:
    await slow.assert_reports(history.tenant_id, history.told)


JANUARY = Period(date(2024, 1, 1), date(2024, 1, 31))


Question = Callable[[ReportingProcess, str], Awaitable[object]]
BOUNDS: list[tuple[object, str, Question]] = [
    (storage.upkeep.day_checks, "PAGES", lambda slow, tenant_id: slow.check(tenant_id)),
    (storage.reports.counts, "PAGES", lambda slow, tenant_id: slow.counts(tenant_id, JANUARY)),
    (storage.rows.journal, "STRETCH_PAGES", lambda slow, tenant_id: slow.check(tenant_id)),
]


@pytest.mark.parametrize("reading", BOUNDS, ids=["days", "counts", "journal"])
async def test_a_reader_that_comes_to_its_bound_says_so(
    reading: tuple[object, str, Question], history: History, slow: ReportingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, bound, question = reading
    monkeypatch.setattr(module, bound, 2)
    with pytest.raises(LedgerUnavailableError, match="over 2 pages"):
        await question(slow, history.tenant_id)


async def test_a_check_of_a_tenant_with_more_policies_than_there_can_be_says_so(
    history: History, slow: ReportingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.upkeep.integrity, "POLICY_PAGES_MAX", 2)
    with pytest.raises(LedgerDamagedError, match="over 2 pages"):
        await slow.check(history.tenant_id)


async def test_a_check_that_a_rebuild_overtakes_each_time_says_so(history: History, reader: ReportingProcess) -> None:
    reports = reader.tables[1]
    reports.at("page", before=lambda: history.process.upkeep.rebuild(history.tenant_id), times=100)
    with pytest.raises(LedgerUnavailableError, match="rebuilt 5 times"):
        await reader.check(history.tenant_id)
