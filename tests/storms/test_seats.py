"""Everybody signs in at once, and there are too few seats: each is given once, and none stays free."""

from collections import Counter
from contextlib import ExitStack

import pytest

from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from localhost.ports import free_port
from tests.storms.running_app import RunningApp
from tests.storms.tenant import Tenant, tenant_on, users

PRIMARY_SEATS = 600
BACKUP_SEATS = 300
USERS = 1000


async def everybody_signs_in(tenant: Tenant) -> None:
    (primary, backup), policy_id = await tenant.prepare(PRIMARY_SEATS, BACKUP_SEATS)

    await tenant.storm(users(USERS))

    expected = {("claimed", primary): PRIMARY_SEATS, ("claimed", backup): BACKUP_SEATS, ("noLicenses", None): 100}
    assert tenant.outcomes() == expected
    books = tenant.assert_rules_held()
    assert books.head.assigned == {primary: PRIMARY_SEATS, backup: BACKUP_SEATS}
    assert books.head.held == {policy_id: PRIMARY_SEATS + BACKUP_SEATS}


@pytest.mark.parametrize("served_by", ["one_process", "four_processes"])
async def test_a_thousand_people_get_exactly_the_seats_that_there_are(
    served_by: str, azurite: Azurite, request: pytest.FixtureRequest
) -> None:
    app: RunningApp = request.getfixturevalue(served_by)
    async with tenant_on(azurite.port, app) as tenant:
        await everybody_signs_in(tenant)


@pytest.mark.slow
async def test_two_runs_on_one_storage_give_exactly_the_seats_that_there_are(data: DataFolder) -> None:
    table_port = free_port()
    with ExitStack() as running:
        first = running.enter_context(RunningApp(data, table_port, own_azurite=True))
        second = running.enter_context(RunningApp(data, table_port))
        async with tenant_on(table_port, first, second) as tenant:
            await everybody_signs_in(tenant)


async def test_the_same_user_from_many_callers_at_once_claims_once(tenant: Tenant) -> None:
    (sku_id,), _ = await tenant.prepare(100)

    await tenant.storm(["ada"] * 50, callers=50)

    assert tenant.outcomes() == {("claimed", sku_id): 1, ("alreadyLicensed", sku_id): 49}
    assert tenant.assert_rules_held().head.assigned == {sku_id: 1}


async def test_the_same_sign_in_from_many_callers_at_once_is_told_of_its_claim_each_time(tenant: Tenant) -> None:
    (sku_id,), _ = await tenant.prepare(100)

    await tenant.storm(["ada"] * 50, callers=50, sign_in_id="one-and-the-same")

    assert tenant.outcomes() == {("claimed", sku_id): 50}
    assert tenant.assert_rules_held().head.assigned == {sku_id: 1}


async def test_people_who_come_twice_keep_the_license_of_the_first_time(tenant: Tenant) -> None:
    skus, _ = await tenant.prepare(30, 10)

    await tenant.storm(users(50) * 3)

    told = Counter(outcome for outcome, _ in tenant.outcomes().elements())
    assert told == {"claimed": 40, "alreadyLicensed": 80, "noLicenses": 30}
    assert tenant.assert_rules_held().head.assigned == dict(zip(skus, (30, 10), strict=True))
