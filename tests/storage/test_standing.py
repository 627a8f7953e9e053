"""What a process knows of a tenant, and what it reads to know it: calls are counted."""

import asyncio
from uuid import uuid4

import pytest

from domain.errors import LedgerUnavailableError
from domain.products import delete_product
from domain.sign_ins import Outcome
from storage.engine import known_users
from storage.tables import table
from tests.domain.tenants import ANY, E1, E3, EXCHANGE, app, guid, product
from tests.storage.faulty_table import Gate
from tests.storage.processes import Process

pytestmark = pytest.mark.usefixtures("nobody_leads")


async def test_callers_at_the_same_time_share_a_read(process: Process, audited: str) -> None:
    await process.open(audited)
    process.table.forget_calls()
    states = await asyncio.gather(*(process.state(audited) for _ in range(20)))
    # The first has begun when the others ask, so they share the one after it.
    assert process.table.count("get", "state") == 2
    assert len({id(state) for state in states}) == 1


async def test_who_asks_while_a_read_is_under_way_gets_one_that_began_later(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    gate = Gate()
    process.table.at("get", "state", after=gate)
    first = asyncio.create_task(process.state(audited))
    await gate.reached()
    await rival.edit_policy(audited, name="Renamed")
    later = [asyncio.create_task(process.state(audited)) for _ in range(3)]
    await asyncio.sleep(0)
    gate.open()

    assert {(await each).head.sequence for each in later} == {4}
    assert (await first).head.sequence in {3, 4}


async def test_a_slow_read_of_an_older_head_does_not_replace_what_is_known_since(
    process: Process, audited: str
) -> None:
    await process.open(audited)
    gate = Gate()
    process.table.at("get", "state", after=gate)
    slow = asyncio.create_task(process.state(audited))
    await gate.reached()
    await process.sign_in(audited, "ann")
    gate.open()

    assert (await slow).head.sequence == 4
    process.table.forget_calls()
    await process.sign_in(audited, "bob")
    assert process.table.count("commit") == 1


async def test_only_the_head_is_read_again_when_only_counts_moved(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    before = await process.state(audited)
    await rival.sign_in(audited, "ann")
    process.table.forget_calls()

    state = await process.state(audited)

    assert [(call.kind, call.row) for call in process.table.calls] == [("get", "state")]
    assert state.assigned_licenses(E1) == 1
    assert state.configuration is before.configuration


@pytest.mark.whole_pages
async def test_the_configuration_is_read_again_when_it_moved(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited)
    await rival.edit_policy(audited, name="Renamed")
    process.table.forget_calls()

    state = await process.state(audited)

    assert (process.table.count("get"), process.table.count("page")) == (1, 1)
    assert [policy.name for policy in state.configuration.policies.values()] == ["Renamed"]


async def test_a_head_that_stands_still_keeps_the_users_known(process: Process, audited: str) -> None:
    await process.open(audited)
    await process.assign(audited, "ann", E1)
    await process.state(audited)
    process.table.forget_calls()
    await process.take_back(audited, "ann")
    assert process.table.count("get") == 0


async def large(process: Process, tenant_id: str) -> None:
    """A tenant whose state takes several pages of three rows."""
    await process.open(tenant_id, product(E1), product(E3))
    for number in range(4):
        await process.put_app(tenant_id, app(f"app-{number}", EXCHANGE))


@pytest.mark.whole_pages
async def test_a_state_of_several_pages_is_read_whole(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await large(rival, audited)
    monkeypatch.setattr(table, "PAGE_ROWS", 3)
    assert await process.state(audited) == await rival.state(audited)
    assert process.table.count("page") == 4


async def test_a_state_of_several_pages_is_read_again_when_the_configuration_moved_meanwhile(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await large(process, audited)
    process.ledger._committers.clear()  # noqa: SLF001 - as in a process that has just begun
    monkeypatch.setattr(table, "PAGE_ROWS", 3)
    process.table.forget_calls()

    async def first_page_was_read() -> None:
        await rival.put_app(audited, app("app-0x", EXCHANGE))
        await rival.put_app(audited, app("app-9", EXCHANGE))

    process.table.at("page", "state", after=first_page_was_read)
    state = await process.state(audited)

    assert {"app-0x", "app-9"} <= state.configuration.apps.keys()
    assert state == await rival.state(audited)
    assert process.table.count("page") > 4


@pytest.mark.whole_pages
async def test_claims_meanwhile_do_not_make_a_large_state_start_over(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await large(process, audited)
    process.ledger._committers.clear()  # noqa: SLF001 - as in a process that has just begun
    monkeypatch.setattr(table, "PAGE_ROWS", 3)
    process.table.forget_calls()

    async def first_page_was_read() -> None:
        await rival.sign_in(audited, "bob")

    process.table.at("page", "state", after=first_page_was_read)
    # What was read is one commit behind, and a grant on it loses and is decided again.
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
    assert process.table.count("page") == 4


@pytest.mark.whole_pages
async def test_a_policy_that_names_what_another_page_did_not_have_yet_means_read_again(
    process: Process, rival: Process, audited: str
) -> None:
    """As when one page were no snapshot: the policy's row is newer than the rows read before it."""
    await rival.open(audited)
    real = process.table.page
    reads = 0

    async def torn(*arguments: object, **options: object) -> object:
        nonlocal reads
        reads += 1
        rows, continuation = await real(*arguments, **options)  # type: ignore[arg-type]
        if reads == 1:
            rows = [row for row in rows if not row.row["RowKey"].startswith("state:product:")]
        return rows, continuation

    process.table.page = torn  # type: ignore[method-assign, assignment]
    assert (await process.state(audited)).configuration.products.keys() == {E1}
    assert reads == 2


async def test_a_state_that_changes_faster_than_it_is_read_is_unavailable_and_not_damaged(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await large(process, audited)
    process.ledger._committers.clear()  # noqa: SLF001 - as in a process that has just begun
    monkeypatch.setattr(table, "PAGE_ROWS", 3)
    numbers = iter(range(100))

    async def changed() -> None:
        await rival.edit_policy(audited, name=f"Name {next(numbers)}")

    process.table.at("page", "state", after=changed, times=100)
    with pytest.raises(LedgerUnavailableError):
        await process.state(audited)


async def test_users_known_are_bounded(process: Process, audited: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all tenants together."""
    monkeypatch.setattr(known_users, "KNOWN_USERS_MAX", 5)
    for tenant_id in (audited, str(uuid4())):
        await process.open(tenant_id, product(E1, 100))
        await process.outcomes(tenant_id, [f"user-{number}" for number in range(20)])
    assert len(process.ledger._users._users) == 5  # noqa: SLF001 - memory is what it is about


async def test_a_product_deleted_elsewhere_is_unknown_at_once(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited)
    await rival.put_product(audited, product(guid(9)))
    assert guid(9) in (await process.state(audited)).configuration.products
    await rival.done(audited, delete_product, sku_id=guid(9), precondition=ANY)
    assert guid(9) not in (await process.state(audited)).configuration.products
