"""A report tells policies and products by their names today, or their last ones once they are deleted."""

from dataclasses import replace
from datetime import date

import pytest

from domain.apps import delete_app, put_app
from domain.catalog import PolicyProduct
from domain.policies import delete_policy
from domain.products import delete_product
from domain.reports import PolicyReport
from tests.domain.tenants import ANY, app, product
from tests.reports.history import History, app_id, backup, plan, policy, primary
from tests.reports.processes import ReportingProcess, SetClock


@pytest.fixture
async def history(process: ReportingProcess, clock: SetClock, tenant_id: str) -> History:
    """Two policies; the first has four claims on 10 January, two of each of its products."""
    history = History(tenant_id, process, clock, policies=2)
    await history.open(primary_seats=2)
    clock.set(date(2024, 1, 10), 12)
    for user_id in ("ann", "bob", "cleo", "dan"):
        await history.sign_in(user_id, 0)
    return history


@pytest.fixture(params=["tail", "rolled up", "rebuilt"])
def counted(request: pytest.FixtureRequest) -> str:
    """Where the claims are when a report is asked for."""
    return str(request.param)


async def reports(history: History, reader: ReportingProcess, counted: str, days: int = 30) -> dict[str, PolicyReport]:
    """The report, by policy."""
    if counted == "rolled up":
        await reader.roll_up_all(history.tenant_id)
    if counted == "rebuilt":
        await reader.upkeep.rebuild(history.tenant_id)
    return {each.policy_id: each for each in (await reader.reported(history.tenant_id, days))[1]}


def claims(report: PolicyReport) -> list[tuple[str, str, int]]:
    """Product, name, claims."""
    return [(each.sku_id, each.display_name, each.claims) for each in report.products]


async def test_a_policy_without_claims_has_every_day_with_nothing(
    history: History, reader: ReportingProcess, counted: str
) -> None:
    report = (await reports(history, reader, counted, 7))[policy(1)]
    assert [(day.day.day, day.claims, day.products) for day in report.days] == [(n, 0, ()) for n in range(4, 11)]
    assert [(sku_id, count) for sku_id, _, count in claims(report)] == [(primary(1), 0), (backup(1), 0)]
    assert (report.total, report.deleted, report.app_name) == (0, False, f"App {app_id(1)}")


async def test_a_renamed_policys_past_is_told_under_its_new_name(
    history: History, reader: ReportingProcess, counted: str
) -> None:
    if counted == "rolled up":
        await reader.roll_up_all(history.tenant_id)
    await history.process.edit_policy(history.tenant_id, policy(0), name="Anders")
    await history.sign_in("eve", 0)
    report = (await reports(history, reader, counted))[policy(0)]
    assert (report.policy_name, report.total, report.deleted) == ("Anders", 5, False)


async def test_a_deleted_policys_past_stays_under_its_last_name_for_as_long_as_it_has_claims_in_the_period(
    history: History, reader: ReportingProcess, clock: SetClock, counted: str
) -> None:
    await history.process.edit_policy(history.tenant_id, policy(0), name="The last name")
    await history.process.done(history.tenant_id, delete_policy, policy_id=policy(0), precondition=ANY)
    renamed = replace(app(app_id(0), plan(0)), name="Renamed")
    await history.process.done(history.tenant_id, put_app, app=renamed, precondition=ANY)
    report = (await reports(history, reader, counted))[policy(0)]
    assert (report.policy_name, report.app_name) == ("The last name", f"App {app_id(0)}")
    assert (report.deleted, report.total) == (True, 4)
    assert [day.claims for day in report.days if day.claims] == [4]
    clock.set(date(2024, 1, 17), 12)
    assert policy(0) not in await reports(history, reader, counted, 7)
    assert (await reports(history, reader, counted, 30))[policy(0)].total == 4


async def test_a_deleted_app_of_a_deleted_policy_is_told_by_its_name(
    history: History, reader: ReportingProcess, counted: str
) -> None:
    await history.process.done(history.tenant_id, delete_policy, policy_id=policy(0), precondition=ANY)
    await history.process.done(history.tenant_id, delete_app, app_id=app_id(0), precondition=ANY)
    assert (await reports(history, reader, counted))[policy(0)].app_name == f"App {app_id(0)}"


async def test_a_policy_that_was_deleted_without_claims_is_not_told(
    history: History, reader: ReportingProcess, counted: str
) -> None:
    await history.process.done(history.tenant_id, delete_policy, policy_id=policy(1), precondition=ANY)
    assert set(await reports(history, reader, counted)) == {policy(0)}


async def test_a_new_policy_for_the_same_app_does_not_take_over_the_past(
    history: History, reader: ReportingProcess, counted: str
) -> None:
    await history.process.done(history.tenant_id, delete_policy, policy_id=policy(0), precondition=ANY)
    await history.process.create_policy(history.tenant_id, backup(0), policy_id=policy(7), app_id=app_id(0))
    await history.sign_in("eve", 0)
    found = await reports(history, reader, counted)
    assert (found[policy(0)].total, found[policy(0)].deleted) == (4, True)
    assert (found[policy(7)].total, found[policy(7)].deleted) == (1, False)


async def test_a_product_that_left_the_policy_is_told_after_the_others_while_it_has_claims_in_the_period(
    history: History, reader: ReportingProcess, clock: SetClock, counted: str
) -> None:
    products = (PolicyProduct(backup(0)),)
    await history.process.edit_policy(history.tenant_id, policy(0), products=products)
    found = claims((await reports(history, reader, counted))[policy(0)])
    assert [(sku_id, count) for sku_id, _, count in found] == [(backup(0), 2), (primary(0), 2)]
    clock.set(date(2024, 1, 17), 12)
    found = claims((await reports(history, reader, counted, 7))[policy(0)])
    assert [(sku_id, count) for sku_id, _, count in found] == [(backup(0), 0)]


async def test_a_deleted_product_is_told_by_its_last_name_at_a_claim(
    history: History, reader: ReportingProcess, clock: SetClock, counted: str
) -> None:
    process, tenant_id = history.process, history.tenant_id
    if counted == "rolled up":
        await reader.roll_up_all(tenant_id)
    clock.set(date(2024, 2, 1))
    renamed = replace(product(primary(0), 3, (plan(0),)), display_name="Renamed")
    await process.put_product(tenant_id, renamed, over=True)
    await history.sign_in("eve", 0)
    found = claims((await reports(history, reader, counted))[policy(0)])
    assert found == [(primary(0), "Renamed", 3), (backup(0), f"Product {backup(0)[:8]}", 2)]

    await process.edit_policy(tenant_id, policy(0), products=(PolicyProduct(backup(0)),))
    for user_id in ("ann", "bob", "eve"):
        await process.take_back(tenant_id, user_id)
    await process.done(tenant_id, delete_product, sku_id=primary(0), precondition=ANY)
    found = claims((await reports(history, reader, counted))[policy(0)])
    assert found == [(backup(0), f"Product {backup(0)[:8]}", 2), (primary(0), "Renamed", 3)]


async def test_taking_back_and_claiming_again_count_as_two_claims(
    history: History, reader: ReportingProcess, counted: str
) -> None:
    await history.take_back("ann", 0)
    await history.sign_in("ann", 0)
    assert (await reports(history, reader, counted))[policy(0)].total == 5


async def test_what_administrators_assign_is_no_claim(history: History, reader: ReportingProcess, counted: str) -> None:
    await history.process.assign(history.tenant_id, "zoe", backup(0))
    assert (await reports(history, reader, counted))[policy(0)].total == 4


async def test_policies_are_told_by_name_whatever_its_case(
    history: History, reader: ReportingProcess, counted: str
) -> None:
    await history.process.edit_policy(history.tenant_id, policy(0), name="straße 2")
    await history.process.edit_policy(history.tenant_id, policy(1), name="STRASSE 1")
    assert list(await reports(history, reader, counted)) == [policy(1), policy(0)]
