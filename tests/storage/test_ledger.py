"""The ledger on the real emulator: what is written, and that nothing is oversold or counted wrong."""

import asyncio
import string
from collections import Counter
from uuid import uuid4

import pytest

from domain.apps import delete_app, put_app
from domain.catalog import MICROSOFT_TEAMS
from domain.changes import Effect
from domain.policies import delete_policy
from domain.products import delete_product
from domain.refusals import Code
from domain.sign_ins import Outcome
from domain.tenant import TenantState
from storage.engine.drafting import LOOKS_AT_ONCE
from tests.domain.tenants import ANY, E1, E3, EXCHANGE, POLICY, TEAMS, TEAMS1, app, code, guid, product
from tests.storage.audit import audit, rows_of
from tests.storage.conftest import ProcessFactory
from tests.storage.faulty_table import Gate
from tests.storage.processes import Process


async def test_a_new_tenant_reads_as_the_defaults_and_writes_nothing(
    process: Process, tenant_id: str, connection_string: str
) -> None:
    assert await process.state(tenant_id) == TenantState(tenant_id)
    assert await process.outcome(tenant_id, "ann") is Outcome.FEATURE_OFF
    assert await process.take_back(tenant_id, "ann") is Effect.UNCHANGED
    await process.turn(tenant_id, on=False)
    assert process.table.count("commit") == 0
    assert rows_of(connection_string, tenant_id) == []


async def test_the_first_commit_writes_what_every_tenant_starts_with(
    process: Process, rival: Process, audited: str, connection_string: str
) -> None:
    await process.turn(audited, on=True)

    keys = [row["RowKey"] for row in rows_of(connection_string, audited)]
    assert keys == ["journal:999999999999998", "state", f"state:app:{TEAMS}", "state:settings"]
    assert await rival.state(audited) == await process.state(audited)
    assert (await rival.state(audited)).configuration.apps[TEAMS] == MICROSOFT_TEAMS


async def test_a_first_commit_that_deletes_or_replaces_the_default_app_holds(
    process: Process, rival: Process, new_process: ProcessFactory
) -> None:
    without, instead = str(uuid4()), str(uuid4())
    await process.done(without, delete_app, app_id=TEAMS, precondition=ANY)
    await process.done(instead, put_app, app=app(TEAMS, EXCHANGE), precondition=ANY)

    assert (await rival.state(without)).configuration.apps == {}
    assert (await rival.state(instead)).configuration.apps[TEAMS].service_plan_ids == (EXCHANGE,)
    await rival.turn(without, on=True)
    assert (await new_process().state(without)).configuration.apps == {}


async def test_every_kind_of_change_is_read_back_by_another_process(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1), product(E3))
    await process.put_app(audited, app("mail", EXCHANGE))
    await process.create_policy(audited, E1, policy_id=guid(0xB1), app_id="mail")
    await process.put_product(audited, product(E3, 3, (TEAMS1,)), over=True)
    await process.edit_policy(audited, name="Renamed", enabled=False)
    await process.done(audited, delete_policy, policy_id=guid(0xB1), precondition=ANY)
    await process.done(audited, delete_app, app_id="mail", precondition=ANY)
    await process.put_product(audited, product(guid(9)))
    await process.done(audited, delete_product, sku_id=guid(9), precondition=ANY)
    await process.assign(audited, "ann", E1, EXCHANGE)
    await process.take_back(audited, "ann")

    assert await rival.state(audited) == await process.state(audited)


async def test_what_changes_nothing_is_not_written(process: Process, audited: str) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    process.table.forget_calls()

    await process.turn(audited, on=True)
    await process.put_product(audited, product(E1), over=True)
    assert await process.outcome(audited, "ann") is Outcome.ALREADY_LICENSED
    assert code(await process.assign(audited, "ann", guid(9))) is Code.PRODUCT_NOT_FOUND
    assert process.table.count("commit") == 0


async def test_user_ids_of_every_allowed_character_are_users_of_their_own(process: Process, audited: str) -> None:
    everything = string.ascii_letters + string.digits + "._~@|:+=-"
    user_ids = [everything, "a+b", "a=b", "a|b", "a:b", "a@b", "A+B", "a~b", "...", "x" * 128, "X" * 128]
    await process.open(audited, product(E1, len(user_ids)))

    assert await process.outcomes(audited, user_ids) == [Outcome.CLAIMED] * len(user_ids)
    assert await process.outcomes(audited, user_ids) == [Outcome.ALREADY_LICENSED] * len(user_ids)
    assert (await process.state(audited)).assigned_licenses(E1) == len(user_ids)


async def test_of_many_at_once_as_many_claim_as_there_are_seats(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 12), product(E3, 9))

    outcomes = Counter(await process.outcomes(audited, [f"user-{number}" for number in range(32)]))

    assert outcomes == {Outcome.CLAIMED: 21, Outcome.NO_LICENSES: 11}
    assert (await process.state(audited)).head.assigned == {E1: 12, E3: 9}


async def test_one_user_fifty_times_at_once_claims_once(process: Process, audited: str) -> None:
    await process.open(audited)
    outcomes = Counter(await process.outcomes(audited, ["ann"] * 50))
    assert outcomes == {Outcome.CLAIMED: 1, Outcome.ALREADY_LICENSED: 49}


async def test_one_event_sent_fifty_times_at_once_is_claimed_each_time_and_made_once(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    answers = await asyncio.gather(*(each.sign_in(audited, "ann", sign_in_id="s-1") for each in [process, rival] * 25))
    assert {answer.outcome for answer in answers} == {Outcome.CLAIMED}
    assert len({answer.license for answer in answers}) == 1
    assert (await process.state(audited)).assigned_licenses(E1) == 1


async def test_what_waits_during_one_commit_is_the_next(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 500))
    process.table.forget_calls()
    gate = Gate()
    process.table.at("commit", before=gate)
    crowd = [asyncio.create_task(process.outcome(audited, f"user-{number}")) for number in range(197)]
    await process.table.quiet(at_gates=1)
    gate.open()
    assert await asyncio.gather(*crowd) == [Outcome.CLAIMED] * 197
    # The first do not wait for company. 98 fit into a transaction, or fewer if it need not wait for them to be decided.
    sizes = [int(call.row) - 2 for call in process.table.calls if call.kind == "commit"]
    assert sizes[0] <= LOOKS_AT_ONCE
    assert 3 <= len(sizes) <= 4
    assert sum(sizes) == 197


async def test_two_processes_on_one_tenant_never_oversell_and_agree(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 25), product(E3, 10))

    async def storm(each: Process, name: str) -> Counter[Outcome]:
        outcomes: Counter[Outcome] = Counter()
        for round_ in range(4):
            users = [f"{name}-{round_}-{number}" for number in range(7)] + ["shared", f"shared-{round_}"]
            outcomes.update(await each.outcomes(audited, users))
        return outcomes

    first, second = await asyncio.gather(storm(process, "one"), storm(rival, "two"))

    total = first + second
    assert total[Outcome.CLAIMED] == 35
    assert total[Outcome.CLAIMED] + total[Outcome.NO_LICENSES] + total[Outcome.ALREADY_LICENSED] == 72
    state = await process.state(audited)
    assert state == await rival.state(audited)
    assert state.head.assigned == {E1: 25, E3: 10}
    assert state.head.held == {POLICY: 35}


async def test_administrators_and_sign_ins_in_two_processes_leave_an_exact_ledger(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 8))

    async def administer(each: Process) -> None:
        for number in range(5):
            await each.take_back(audited, f"user-{number}")
            await each.edit_policy(audited, name=f"Name {number}")
            await each.assign(audited, f"other-{number}", E1)

    async def sign_in(each: Process) -> None:
        for _ in range(5):
            await each.outcomes(audited, [f"user-{number}" for number in range(6)])

    await asyncio.gather(administer(process), administer(rival), sign_in(process), sign_in(rival))
    assert await process.state(audited) == await rival.state(audited)


async def test_a_commit_time_never_runs_backwards_though_a_clock_does(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited)
    before = (await process.state(audited)).head.at
    assert before
    monkeypatch.setattr(rival.clock, "now", lambda: before.replace(year=2001))

    await rival.sign_in(audited, "ann")

    assert (await rival.state(audited)).head.at == before


async def test_the_audit_finds_what_is_wrong(process: Process, audited: str, connection_string: str) -> None:
    """The auditor itself is tested: each row in turn is changed or left out, and it must say so."""
    await process.open(audited, product(E1, 3))
    await process.outcomes(audited, ["ann", "bob"])
    await process.assign(audited, "cid", E1, EXCHANGE)
    await process.take_back(audited, "ann")
    rows = rows_of(connection_string, audited)
    assert audit(rows) == []

    for missing in rows:
        assert audit([row for row in rows if row is not missing]), missing["RowKey"]
    for old, new in (
        ('"assigned":{"' + E1 + '":2', '"assigned":{"' + E1 + '":1'),
        ('"totalLicenses":3', '"totalLicenses":1'),
        (f'"off":["{EXCHANGE}"]', '"off":[]'),
        ('"place":', '"place":1'),
        ('"autoClaimEnabled":true,"version":1', '"autoClaimEnabled":true,"version":2'),
        ('"digest":"', '"digest":"1'),
        ('"held":{"' + POLICY + '":1', '"held":{"' + POLICY + '":2'),
    ):
        changed = [{**row, "content": row["content"].replace(old, new)} for row in rows]
        assert changed != rows, old
        assert audit(changed), old
