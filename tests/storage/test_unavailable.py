"""The storage away, slow or damaged: what fails, what does not, and that it ends."""

import asyncio
import gc
from collections.abc import Iterable
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.data.tables import TableClient, UpdateMode

from domain.errors import LedgerDamagedError, LedgerUnavailableError
from domain.sign_ins import Outcome
from storage.engine import committer, transaction
from storage.tables import table
from storage.tables.limits import StorageLimitExceededError, check_transaction
from tests.domain.tenants import E1, E3, POLICY, product
from tests.storage.audit import rows_of
from tests.storage.faulty_table import Gate, unavailable
from tests.storage.processes import Process

FOR_EVER = 10**9
UNANSWERED_SECONDS = 3


def overwrite(connection_string: str, row: dict[str, Any]) -> None:
    """Put a row as it is, past the ledger."""
    with TableClient.from_connection_string(connection_string, "ledger") as client:
        client.upsert_entity(row, mode=UpdateMode.REPLACE)


async def test_reads_that_fail_are_told_to_everybody_and_forgotten(process: Process, audited: str) -> None:
    await process.open(audited)
    process.table.at("get", before=unavailable, times=FOR_EVER)
    process.table.forget_calls()

    results = await asyncio.gather(
        *(process.outcome(audited, f"user-{number}") for number in range(20)),
        process.state(audited),
        return_exceptions=True,
    )

    assert {type(result) for result in results} == {LedgerUnavailableError}
    assert len(process.table.calls) <= 30
    process.table.heal()
    assert await process.outcomes(audited, ["user-0", "user-1"]) == [Outcome.CLAIMED] * 2


async def test_commits_that_fail_are_sent_a_bounded_number_of_times(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "PAUSE_SECONDS", 0)
    await process.open(audited)
    process.table.at("commit", before=unavailable, times=FOR_EVER)
    process.table.forget_calls()

    with pytest.raises(LedgerUnavailableError):
        await process.outcome(audited, "ann")

    assert process.table.count("commit") == transaction.SENDINGS_MAX
    process.table.heal()
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_one_failed_read_of_a_user_fails_that_sign_in_and_no_other(process: Process, audited: str) -> None:
    await process.open(audited)
    process.table.at("get", "user:bob", before=unavailable)
    results = await asyncio.gather(
        *(process.outcome(audited, user_id) for user_id in ("ann", "bob", "cid")), return_exceptions=True
    )
    assert results[0] is results[2] is Outcome.CLAIMED
    assert isinstance(results[1], LedgerUnavailableError)
    assert await process.outcome(audited, "bob") is Outcome.CLAIMED


async def test_a_caller_that_gives_up_does_not_take_the_read_from_the_others(process: Process, audited: str) -> None:
    await process.open(audited)
    gate = Gate()
    process.table.at("get", "state", before=gate)
    gives_up, stays = (asyncio.create_task(process.state(audited)) for _ in range(2))
    await gate.reached()
    gives_up.cancel()
    gate.open()
    assert (await stays).head.sequence == 3
    assert gives_up.cancelled() or await asyncio.wait([gives_up])


async def test_a_read_that_failed_after_its_caller_gave_up_is_not_an_error_that_nobody_asked_for(
    process: Process, audited: str
) -> None:
    unasked: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unasked.append(context["message"]))
    gate = Gate()

    async def fail() -> None:
        await gate()
        await unavailable()

    process.table.at("get", "state", before=fail)
    gives_up = asyncio.create_task(process.state(audited))
    await gate.reached()
    gives_up.cancel()
    await asyncio.wait([gives_up])
    gate.open()
    assert (await process.state(audited)).head.sequence == 0
    gc.collect()
    assert unasked == []


async def test_the_check_tells_whether_the_storage_answers(process: Process) -> None:
    await process.ledger.check()
    process.table.at("get", before=unavailable, times=FOR_EVER)
    with pytest.raises(LedgerUnavailableError):
        await process.ledger.check()


@pytest.mark.parametrize("size", [2, 20])
async def test_a_damaged_user_row_fails_only_the_sign_ins_of_that_user(
    process: Process, audited: str, connection_string: str, size: int
) -> None:
    await process.open(audited, product(E1, 100))
    await process.sign_in(audited, "broken")
    (row,) = [row for row in rows_of(connection_string, audited) if row["RowKey"] == "user:broken"]
    overwrite(connection_string, {**row, "content": '{"id":"broken"'})
    # Another process's commit makes this one read the user again.
    await process.edit_policy(audited, name="Renamed")
    process.ledger._committers.clear()  # noqa: SLF001 - as in a process that has just begun

    others = [f"user-{number}" for number in range(size - 1)]
    results = await asyncio.gather(
        *(process.outcome(audited, user_id) for user_id in ["broken", *others]), return_exceptions=True
    )

    assert isinstance(results[0], LedgerDamagedError)
    assert f"{audited}/user:broken" in str(results[0])
    assert results[1:] == [Outcome.CLAIMED] * (size - 1)
    overwrite(connection_string, row)
    assert await process.outcome(audited, "broken") is Outcome.ALREADY_LICENSED


@pytest.mark.parametrize("key", ["state", "state:settings", f"state:product:{E1}", f"state:policy:{POLICY}"])
async def test_a_damaged_row_of_the_state_is_told_and_gone_once_it_is_mended(
    process: Process, rival: Process, audited: str, connection_string: str, key: str
) -> None:
    await rival.open(audited)
    (row,) = [row for row in rows_of(connection_string, audited) if row["RowKey"] == key]
    overwrite(connection_string, {**row, "content": "[]"})

    for _ in range(2):
        with pytest.raises(LedgerDamagedError, match=key):
            await process.outcome(audited, "ann")
    with pytest.raises(LedgerDamagedError, match=key):
        await process.state(audited)

    overwrite(connection_string, row)
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_a_tenant_of_a_later_format_is_left_alone(process: Process, audited: str, connection_string: str) -> None:
    await process.open(audited)
    (row,) = [row for row in rows_of(connection_string, audited) if row["RowKey"] == "state"]
    overwrite(connection_string, {**row, "format": 2})
    before = rows_of(connection_string, audited)

    with pytest.raises(LedgerDamagedError, match="format is 2"):
        await process.outcome(audited, "ann")
    with pytest.raises(LedgerDamagedError, match="format is 2"):
        await process.turn(audited, on=False)
    with pytest.raises(LedgerDamagedError, match="format is 2"):
        await process.state(audited)

    assert rows_of(connection_string, audited) == before
    overwrite(connection_string, row)


async def test_a_configuration_without_a_head_is_damage_and_not_a_new_tenant(
    process: Process, audited: str, connection_string: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "ATTEMPTS", 3)
    await process.open(audited)
    rows = rows_of(connection_string, audited)
    with TableClient.from_connection_string(connection_string, "ledger") as client:
        client.delete_entity(audited, "state")
    process.ledger._committers.clear()  # noqa: SLF001 - as in a process that has just begun

    with pytest.raises((LedgerDamagedError, LedgerUnavailableError)):
        await process.turn(audited, on=True)

    assert len(rows_of(connection_string, audited)) == len(rows) - 1
    overwrite(connection_string, next(row for row in rows if row["RowKey"] == "state"))


async def test_what_would_not_fit_is_not_sent_and_fails_only_itself(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited, product(E1, 10))
    await process.put_product(audited, product(E3, 10))

    def too_much_for_ann(entities: Any) -> None:
        if any(entity["RowKey"] == "user:ann" for entity in entities):
            raise StorageLimitExceededError("too much")
        check_transaction(entities)

    monkeypatch.setattr(table, "check_transaction", too_much_for_ann)
    results = await asyncio.gather(
        *(process.outcome(audited, user_id) for user_id in ("ann", "bob", "cid")), return_exceptions=True
    )
    assert isinstance(results[0], StorageLimitExceededError)
    assert results[1:] == [Outcome.CLAIMED] * 2


async def one_by_one(
    process: Process, tenant_id: str, connection_string: str
) -> tuple[Gate, list[asyncio.Task[Outcome]]]:
    """A batch with a damaged row is being settled one by one, and stands at a gate. Then the storage goes away."""
    await process.open(tenant_id, product(E1, 100))
    await process.sign_in(tenant_id, "broken")
    (row,) = [row for row in rows_of(connection_string, tenant_id) if row["RowKey"] == "user:broken"]
    overwrite(connection_string, {**row, "content": "{}"})
    process.ledger._committers.clear()  # noqa: SLF001 - as in a process that has just begun
    await process.state(tenant_id)
    gate = Gate()
    process.table.at("commit", before=gate, after=unavailable)
    users = ["broken", *(f"user-{number}" for number in range(20))]
    callers = [asyncio.create_task(process.outcome(tenant_id, user_id)) for user_id in users]
    await gate.reached()
    overwrite(connection_string, row)
    process.table.at("commit", before=unavailable, times=FOR_EVER)
    process.table.at("get", before=unavailable, times=FOR_EVER)
    return gate, callers


async def unanswered(callers: Iterable[asyncio.Task[Any]]) -> int:
    """How many have no answer after a while; they are sent home."""
    waiting = list(callers)
    _, left = await asyncio.wait(waiting, timeout=UNANSWERED_SECONDS)
    for caller in left:
        caller.cancel()
    await asyncio.wait(waiting)
    return len(left)


@pytest.mark.usefixtures("nobody_leads")
async def test_nobody_is_left_waiting_when_the_storage_goes_away_while_a_batch_is_settled_one_by_one(
    process: Process, audited: str, connection_string: str
) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    gate, callers = await one_by_one(process, audited, connection_string)
    gate.open()
    assert await unanswered(callers) == 0


@pytest.mark.usefixtures("nobody_leads")
async def test_those_who_gave_up_are_not_waited_for_one_by_one_while_the_storage_is_away(
    process: Process, audited: str, connection_string: str
) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    gate, callers = await one_by_one(process, audited, connection_string)
    for caller in callers:
        caller.cancel()
    await asyncio.wait(callers)
    process.table.forget_calls()
    later = asyncio.create_task(process.outcome(audited, "later"))
    await asyncio.sleep(0)
    gate.open()

    assert await unanswered([later]) == 0
    assert process.table.count("get", "state") <= 2


@pytest.mark.parametrize("callers", [1, 5])
async def test_an_error_that_nobody_expected_at_a_read_of_the_head_is_told_to_those_who_wait(
    process: Process, audited: str, callers: int
) -> None:
    """As when the storage's answer is 403, because a role was taken from the app."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    await process.open(audited)
    process.ledger._committers.clear()  # noqa: SLF001 - as in a process that has just begun

    async def forbidden() -> None:
        raise HttpResponseError("403 AuthorizationFailure")

    process.table.at("get", "state", before=forbidden, times=FOR_EVER)
    tasks = [asyncio.create_task(process.outcome(audited, f"user-{number}")) for number in range(callers)]

    assert await unanswered(tasks) == 0
    assert all(isinstance(task.exception(), HttpResponseError) for task in tasks)
