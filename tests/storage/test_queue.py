"""Who waits for a commit: in which order, how many, and what becomes of those who give up."""

import asyncio

import pytest

from domain.errors import TooManyRequestsError
from domain.licenses import User
from domain.sign_ins import Outcome
from storage.engine import ahead, committer, drafting, ledger
from storage.engine.waiting import Waiting, WaitingLine
from storage.rows.users import read_user
from tests.domain.tenants import E1, E3, product
from tests.storage.faulty_table import WAIT_SECONDS, Gate
from tests.storage.processes import Process


async def held_up(process: Process, tenant_id: str) -> tuple[Gate, asyncio.Task[Outcome]]:
    """A sign-in whose commit waits at a gate: whoever comes now waits for it."""
    gate = Gate()
    process.table.at("commit", before=gate)
    first = asyncio.create_task(process.outcome(tenant_id, "first"))
    await gate.reached()
    return gate, first


async def started(process: Process, *tasks: asyncio.Task[object]) -> None:
    """Return once each of the tasks waits in the queue, while one commit waits at a gate."""
    assert tasks
    await process.table.quiet(at_gates=1)


def nobody_is_decided_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes during a commit stays in the queue."""
    monkeypatch.setattr(ahead, "USERS_PER_COMMIT", 0)


async def user_of(process: Process, tenant_id: str, user_id: str) -> User:
    """A user as the table has it."""
    return (await read_user(process.table, tenant_id, user_id)).user


async def test_administrators_go_before_everybody_who_waits(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 1000))
    gate, first = await held_up(process, audited)
    order: list[str] = []

    async def noted(name: str, change: object) -> None:
        await change  # type: ignore[misc]
        order.append(name)

    crowd = [asyncio.create_task(noted("sign-in", process.outcome(audited, f"user-{n}"))) for n in range(200)]
    await started(process, *crowd)
    administrators = [
        asyncio.create_task(noted("administrator", process.edit_policy(audited, name=f"Name {number}")))
        for number in range(3)
    ]
    await started(process, *administrators)
    gate.open()
    await asyncio.gather(first, *crowd, *administrators)

    assert order == ["administrator"] * 3 + ["sign-in"] * 200


async def test_administrators_get_through_while_sign_ins_keep_coming(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 2000))
    over = asyncio.Event()

    async def keep_signing_in(name: str) -> None:
        for number in range(200):
            await process.outcome(audited, f"{name}-{number}")
            if over.is_set():
                return
        raise AssertionError("the storm ended before the administrator was done")

    storm = [asyncio.create_task(keep_signing_in(f"user-{number}")) for number in range(30)]
    for number in range(5):
        await process.edit_policy(audited, name=f"Name {number}")
    over.set()
    await asyncio.gather(*storm)


async def test_a_full_queue_refuses_and_nothing_is_done(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "SIGN_INS_WAITING", 3)
    nobody_is_decided_ahead(monkeypatch)
    await process.open(audited, product(E1, 100))
    gate, first = await held_up(process, audited)
    waiting = [asyncio.create_task(process.outcome(audited, f"user-{number}")) for number in range(3)]
    await started(process, *waiting)

    with pytest.raises(TooManyRequestsError):
        await process.outcome(audited, "late")

    gate.open()
    assert await asyncio.gather(first, *waiting) == [Outcome.CLAIMED] * 4
    assert (await user_of(process, audited, "late")).licenses == ()
    assert (await process.state(audited)).assigned_licenses(E1) == 4


async def test_a_full_queue_of_sign_ins_keeps_no_administrator_out_nor_the_other_way_round(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "SIGN_INS_WAITING", 1)
    nobody_is_decided_ahead(monkeypatch)
    monkeypatch.setattr(committer, "ADMINISTRATORS_WAITING", 1)
    await process.open(audited)
    gate, first = await held_up(process, audited)
    sign_in = asyncio.create_task(process.outcome(audited, "ann"))
    edit = asyncio.create_task(process.edit_policy(audited, name="One"))
    await started(process, sign_in, edit)

    with pytest.raises(TooManyRequestsError):
        await process.outcome(audited, "late")
    with pytest.raises(TooManyRequestsError):
        await process.edit_policy(audited, name="Two")

    gate.open()
    await asyncio.gather(first, sign_in, edit)
    (policy,) = (await process.state(audited)).configuration.policies.values()
    assert policy.name == "One"


async def test_who_gives_up_in_the_queue_is_withdrawn_and_leaves_the_place_to_another(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "SIGN_INS_WAITING", 1)
    nobody_is_decided_ahead(monkeypatch)
    await process.open(audited)
    gate, first = await held_up(process, audited)
    gone = asyncio.create_task(process.outcome(audited, "gone"))
    await started(process, gone)
    gone.cancel()
    await asyncio.wait([gone])
    stays = asyncio.create_task(process.outcome(audited, "stays"))
    await started(process, stays)

    gate.open()

    assert (await first, await stays) == (Outcome.CLAIMED, Outcome.CLAIMED)
    assert (await user_of(process, audited, "gone")).licenses == ()


async def test_who_gives_up_while_the_users_are_read_again_is_withdrawn(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    gate, first = await held_up(process, audited)
    await rival.edit_policy(audited, name="Renamed")
    first.cancel()
    await asyncio.wait([first])
    gate.open()
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
    # The first commit lost to the rename, and there was nobody left to decide it for.
    assert (await user_of(process, audited, "first")).licenses == ()


async def test_who_gives_up_during_the_commit_may_have_claimed_and_the_ledger_says_so(
    process: Process, audited: str
) -> None:
    await process.open(audited)
    gate, first = await held_up(process, audited)
    first.cancel()
    await asyncio.wait([first])
    gate.open()
    assert await process.outcome(audited, "first") is Outcome.ALREADY_LICENSED
    assert first.cancelled()


async def cut_batches(process: Process, tenant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a few sign-ins of a batch fit into a commit."""
    await process.open(tenant_id, product(E1, 100))
    await process.sign_in(tenant_id, "before")
    monkeypatch.setattr(drafting, "_JOURNAL_BYTES_PER_COMMIT", 3_500)


async def test_what_does_not_fit_into_a_commit_is_in_the_next_ones(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_batches(process, audited, monkeypatch)
    process.table.forget_calls()
    outcomes = await process.outcomes(audited, [f"user-{number}" for number in range(9)])
    assert outcomes == [Outcome.CLAIMED] * 9
    assert 3 <= process.table.count("commit") <= 9


async def test_what_did_not_fit_is_answered_though_an_administrator_comes_in_between(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_batches(process, audited, monkeypatch)
    gate = Gate()
    process.table.at("commit", before=gate)
    crowd = [asyncio.create_task(process.outcome(audited, f"user-{number}")) for number in range(9)]
    await gate.reached()
    edit = asyncio.create_task(process.edit_policy(audited, name="Renamed"))
    await started(process, edit)
    gate.open()
    await edit

    done, _ = await asyncio.wait(crowd, timeout=WAIT_SECONDS / 10)
    unanswered = len(crowd) - len(done)
    for task in crowd:
        task.cancel()

    assert unanswered == 0


async def test_a_tenant_with_nothing_waiting_makes_room_for_another(
    process: Process, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "TENANTS_IN_USE", 2)
    busy = f"{tenant_id[:-1]}a"
    await process.open(busy)
    gate, first = await held_up(process, busy)
    for number in range(4):
        await process.state(f"{tenant_id[:-1]}{number}")
    known = process.ledger._committers  # noqa: SLF001 - memory is what it is about
    assert busy in known
    assert len(known) == 2
    gate.open()
    assert await first is Outcome.CLAIMED
    assert await process.outcome(busy, "first") is Outcome.ALREADY_LICENSED


def test_a_line_gives_its_members_in_order_and_up_to_a_number() -> None:
    async def line() -> None:
        loop = asyncio.get_running_loop()
        waiting = [
            Waiting(None, loop.create_future(), 0)  # type: ignore[arg-type]
            for _ in range(3)
        ]
        places = WaitingLine(3)
        for each in waiting:
            places.join(each)
        with pytest.raises(TooManyRequestsError):
            places.join(waiting[0])
        waiting[1].answer.cancel()
        await asyncio.sleep(0)
        assert len(places) == 2
        assert places.take(1) == [waiting[0]]
        assert places.take(5) == [waiting[2]]
        assert places.take(5) == []

    asyncio.run(line())


async def test_one_tenant_does_not_wait_for_another(process: Process, audited: str, tenant_id: str) -> None:
    other = f"{tenant_id[:-4]}0000"
    await process.open(other, product(E1), product(E3))
    await process.open(audited)
    gate, first = await held_up(process, audited)
    assert await process.outcome(other, "ann") is Outcome.CLAIMED
    gate.open()
    assert await first is Outcome.CLAIMED
