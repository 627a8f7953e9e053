"""Deciding ahead: what was decided while another commit was under way is true, or is decided again."""

import asyncio
from typing import NoReturn

import pytest

from domain.sign_ins import Outcome
from storage.engine import ahead, committer
from storage.tables.limits import StorageLimitExceededError
from tests.domain.tenants import E1, product
from tests.storage.faulty_table import Gate, unavailable
from tests.storage.processes import Process


async def under_way(process: Process, tenant_id: str, user_id: str) -> tuple["asyncio.Task[Outcome]", Gate]:
    """A sign-in whose commit waits at a gate."""
    gate = Gate()
    process.table.at("commit", before=gate)
    task = asyncio.create_task(process.outcome(tenant_id, user_id))
    await gate.reached()
    return task, gate


async def decided(process: Process, user_id: str, task: "asyncio.Task[Outcome]") -> None:
    """Return once the user was read, so that the sign-in is decided as far as it can be."""
    while not process.table.count("get", f"user:{user_id}"):
        assert not task.done()
        await asyncio.sleep(0.001)
    await process.table.quiet(at_gates=1)


async def test_those_who_come_during_a_commit_share_the_next(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 100))
    ann, gate = await under_way(process, audited, "ann")
    others = [asyncio.create_task(process.outcome(audited, f"user-{number}")) for number in range(7)]
    await process.table.quiet(at_gates=1)
    gate.open()

    assert await ann is Outcome.CLAIMED
    assert await asyncio.gather(*others) == [Outcome.CLAIMED] * 7
    sizes = [int(call.row) for call in process.table.calls if call.kind == "commit"]
    assert sizes[-2:] == [3, 9]


async def test_a_seat_that_another_process_takes_first_is_not_given_ahead(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 2))
    ann, gate = await under_way(process, audited, "ann")
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await decided(process, "bob", bob)
    assert await rival.outcome(audited, "eve") is Outcome.CLAIMED
    gate.open()

    assert sorted([await ann, await bob]) == [Outcome.CLAIMED, Outcome.NO_LICENSES]


async def test_the_last_seat_is_given_to_who_came_first(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 1))
    ann, gate = await under_way(process, audited, "ann")
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await decided(process, "bob", bob)
    gate.open()

    assert (await ann, await bob) == (Outcome.CLAIMED, Outcome.NO_LICENSES)


async def test_the_same_user_decided_ahead_is_licensed_by_the_commit_under_way(process: Process, audited: str) -> None:
    await process.open(audited)
    ann, gate = await under_way(process, audited, "ann")
    again = [asyncio.create_task(process.outcome(audited, "ann")) for _ in range(3)]
    for _ in range(10):
        await asyncio.sleep(0.001)
    gate.open()

    assert await ann is Outcome.CLAIMED
    assert await asyncio.gather(*again) == [Outcome.ALREADY_LICENSED] * 3


async def test_whose_commit_was_made_does_not_wait_for_the_next_one(process: Process, audited: str) -> None:
    await process.open(audited)
    ann, gate = await under_way(process, audited, "ann")
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await decided(process, "bob", bob)
    next_gate = Gate()
    process.table.at("commit", before=next_gate)
    gate.open()

    await next_gate.reached()
    assert await asyncio.wait_for(ann, 1) is Outcome.CLAIMED
    assert not bob.done()
    next_gate.open()
    assert await bob is Outcome.CLAIMED


async def test_whose_commit_was_made_does_not_wait_until_the_next_user_is_read(process: Process, audited: str) -> None:
    await process.open(audited)
    ann, gate = await under_way(process, audited, "ann")
    reading = Gate()
    process.table.at("get", before=reading, row="user:bob")
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await reading.reached()
    gate.open()

    assert await asyncio.wait_for(ann, 1) is Outcome.CLAIMED
    reading.open()
    assert await bob is Outcome.CLAIMED


async def test_whose_commit_was_made_is_told_so_though_the_next_one_cannot_be_sent(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited)
    ann, gate = await under_way(process, audited, "ann")
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await decided(process, "bob", bob)

    def failing(*_: object) -> NoReturn:
        raise StorageLimitExceededError

    monkeypatch.setattr(committer, "commit_of", failing)
    gate.open()

    assert await asyncio.wait_for(ann, 1) is Outcome.CLAIMED
    with pytest.raises(StorageLimitExceededError):
        await bob


async def test_an_administrator_comes_before_those_who_were_decided_ahead(process: Process, audited: str) -> None:
    await process.open(audited)
    ann, gate = await under_way(process, audited, "ann")
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await decided(process, "bob", bob)
    off = asyncio.create_task(process.edit_policy(audited, enabled=False))
    await asyncio.sleep(0)
    gate.open()

    await off
    assert (await ann, await bob) == (Outcome.CLAIMED, Outcome.POLICY_OFF)


async def test_who_gave_up_while_decided_ahead_gets_nothing(process: Process, audited: str) -> None:
    await process.open(audited)
    ann, gate = await under_way(process, audited, "ann")
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    cleo = asyncio.create_task(process.outcome(audited, "cleo"))
    await decided(process, "cleo", cleo)
    bob.cancel()
    await asyncio.wait([bob])
    gate.open()

    assert (await ann, await cleo) == (Outcome.CLAIMED, Outcome.CLAIMED)
    assert (await process.state(audited)).assigned_licenses(E1) == 2


async def test_a_commit_whose_answer_was_lost_carries_those_who_were_decided_ahead(
    process: Process, audited: str
) -> None:
    await process.open(audited)
    gate = Gate()

    async def lost() -> None:
        await gate()
        await unavailable()

    process.table.at("commit", after=lost)
    ann = asyncio.create_task(process.outcome(audited, "ann"))
    await gate.reached()
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await decided(process, "bob", bob)
    gate.open()

    assert (await ann, await bob) == (Outcome.CLAIMED, Outcome.CLAIMED)
    assert (await process.state(audited)).assigned_licenses(E1) == 2


async def test_what_was_decided_too_long_ago_is_decided_again(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited)
    monkeypatch.setattr(ahead, "MOST_SECONDS", -1.0)
    ann, gate = await under_way(process, audited, "ann")
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await decided(process, "bob", bob)
    before = await process.state(audited)
    gate.open()

    assert (await ann, await bob) == (Outcome.CLAIMED, Outcome.CLAIMED)
    assert before.assigned_licenses(E1) == 0
