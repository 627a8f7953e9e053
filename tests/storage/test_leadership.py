"""Several processes that have something to commit: one does it for all, and what becomes of them if it is gone."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from domain.sign_ins import Outcome
from storage.engine.committer import Committer
from storage.engine.posts import leadership
from tests.domain.tenants import E1, product
from tests.storage.audit import rows_of
from tests.storage.conftest import ProcessFactory
from tests.storage.faulty_table import WAIT_SECONDS, Gate
from tests.storage.processes import Process

SOON_SECONDS = 5.0
"""Much longer than anybody waits for a leader that is gone, also on a busy machine."""


def committer_of(process: Process, tenant_id: str) -> Committer:
    """What settles the tenant's proposals in a process."""
    return process.ledger._committers[tenant_id]  # noqa: SLF001 - a process is what it is about


def id_of(process: Process, tenant_id: str) -> str:
    """What the process is called in rows."""
    return committer_of(process, tenant_id)._leadership.process_id  # noqa: SLF001 - see above


def leader(connection_string: str, tenant_id: str) -> str:
    """Whom the head names."""
    [head] = [row for row in rows_of(connection_string, tenant_id) if row["RowKey"] == "state"]
    return str(head.get("leader", ""))


def commits(process: Process, tenant_id: str) -> int:
    """How many transactions of the tenant the process has sent."""
    return process.table.count("commit", of=tenant_id)


async def die(process: Process, tenant_id: str) -> None:
    """What a process that is killed does from now on: nothing."""
    made = committer_of(process, tenant_id)
    ahead = made._ahead  # noqa: SLF001 - its tasks end with it
    posts = made._inbox  # noqa: SLF001
    tasks = [made._working, made._following, posts._listening, posts._telling]  # noqa: SLF001
    alive = [task for task in (*tasks, ahead._deciding if ahead else None) if task and not task.done()]  # noqa: SLF001
    for task in alive:
        task.cancel()
    if alive:
        await asyncio.wait(alive)


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Return once it is so."""
    for _ in range(WAIT_SECONDS * 200):
        if await is_so():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never was")


async def posted(process: Process) -> None:
    """Return once the process has posted something."""

    async def is_so() -> bool:
        return process.table.count("commit", of="inbox:") > 0

    await until(is_so)


async def keep_signing_in(process: Process, tenant_id: str, name: str, times: int) -> Counter[Outcome]:
    """New people, one after the other."""
    return Counter([await process.outcome(tenant_id, f"{name}-{number}") for number in range(times)])


async def test_several_processes_that_are_busy_give_each_person_one_license_with_hardly_a_conflict(
    new_process: ProcessFactory, audited: str, connection_string: str
) -> None:
    processes = [new_process() for _ in range(4)]
    await processes[0].open(audited, product(E1, 5_000))
    before = (await processes[0].state(audited)).head.sequence
    for process in processes:
        process.table.forget_calls()

    people = [
        keep_signing_in(process, audited, f"{number}-{caller}", 8)
        for number, process in enumerate(processes)
        for caller in range(25)
    ]
    outcomes = sum(await asyncio.gather(*people), Counter[Outcome]())

    assert outcomes == {Outcome.CLAIMED: 800}
    state = await processes[1].state(audited)
    assert state.assigned_licenses(E1) == 800
    made = state.head.sequence - before
    sent = sorted(commits(process, audited) for process in processes)
    assert made <= 100  # of 98 people at most
    assert sum(sent) - made <= made / 4
    assert leader(connection_string, audited) in {id_of(process, audited) for process in processes}


@pytest.mark.usefixtures("nobody_leads")
async def test_a_lone_process_names_nobody_and_looks_at_no_inbox(
    process: Process, audited: str, connection_string: str
) -> None:
    await process.open(audited)
    for number in range(5):
        assert await process.outcome(audited, f"user-{number}") is Outcome.CLAIMED
    assert leader(connection_string, audited) == ""
    assert process.table.count("get", of="inbox:") == process.table.count("page", of="inbox:") == 0


async def test_a_lone_process_that_is_so_busy_that_nobody_else_would_find_a_gap_leads(
    process: Process, audited: str, connection_string: str
) -> None:
    await process.open(audited, product(E1, 1_000))
    await process.outcomes(audited, [f"user-{number}" for number in range(300)])
    assert leader(connection_string, audited) == id_of(process, audited)


async def test_two_that_are_seldom_busy_post_nothing(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leadership, "ALIVE_SECONDS", -1.0)  # as if each commit were long ago
    await process.open(audited)
    for number in range(4):
        assert await process.outcome(audited, f"one-{number}") is Outcome.CLAIMED
        assert await rival.outcome(audited, f"two-{number}") is Outcome.CLAIMED
    assert process.table.count("commit", of="inbox:") == rival.table.count("commit", of="inbox:") == 0


async def test_an_administrator_gets_through_while_another_process_commits_without_a_pause(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 5_000))
    over = asyncio.Event()

    async def keep_on(name: str) -> None:
        number = 0
        while not over.is_set():
            await process.outcome(audited, f"{name}-{number}")
            number += 1

    storm = [asyncio.create_task(keep_on(f"user-{number}")) for number in range(60)]
    took: list[int] = []
    for number in range(4):
        before = commits(process, audited)
        await asyncio.wait_for(rival.edit_policy(audited, name=f"Name {number}"), WAIT_SECONDS)
        took.append(commits(process, audited) - before)
    over.set()
    await asyncio.gather(*storm)

    assert max(took) <= 30, took
    assert commits(process, audited) > 4


@pytest.mark.usefixtures("patient")
async def test_an_administrators_change_leaves_the_leader_in_place(
    process: Process, rival: Process, audited: str, connection_string: str
) -> None:
    await process.open(audited)
    await rival.edit_policy(audited, name="Renamed")
    assert leader(connection_string, audited) == id_of(process, audited)


async def test_when_the_leader_is_killed_before_its_commit_the_others_are_answered_soon(
    process: Process, new_process: ProcessFactory, audited: str
) -> None:
    others = [new_process() for _ in range(2)]
    await process.open(audited, product(E1, 100))
    gate = Gate()
    process.table.at("commit", of=audited, before=gate, times=1_000)
    lost = asyncio.create_task(process.outcome(audited, "lost"))
    await gate.reached()
    waiting = [
        asyncio.create_task(other.outcomes(audited, [f"{number}-{each}" for each in range(10)]))
        for number, other in enumerate(others)
    ]
    for other in others:
        await posted(other)
    await die(process, audited)
    lost.cancel()

    answers = await asyncio.wait_for(asyncio.gather(*waiting), SOON_SECONDS)

    assert answers == [[Outcome.CLAIMED] * 10] * 2
    assert (await others[0].state(audited)).assigned_licenses(E1) == 20


async def test_when_the_leader_is_killed_between_its_commit_and_its_answers_nobody_claims_twice(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    gate = Gate()
    process.table.at("commit", of="outbox:", before=gate, times=1_000)
    waiting = asyncio.create_task(rival.outcomes(audited, [f"user-{each}" for each in range(10)]))
    await posted(rival)

    async def committed() -> bool:
        return (await rival.state(audited)).assigned_licenses(E1) == 10

    await until(committed)
    await die(process, audited)

    assert await asyncio.wait_for(waiting, SOON_SECONDS) == [Outcome.CLAIMED] * 10
    assert (await rival.state(audited)).assigned_licenses(E1) == 10


async def test_a_leader_that_stood_still_and_goes_on_grants_nothing_twice_and_loses_no_answer(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    gate = Gate()
    process.table.at("commit", of=audited, before=gate)
    own = asyncio.create_task(process.outcomes(audited, [f"own-{each}" for each in range(10)]))
    await gate.reached()
    people = [f"user-{each}" for each in range(10)]
    waiting = asyncio.create_task(rival.outcomes(audited, people))

    assert await asyncio.wait_for(waiting, SOON_SECONDS) == [Outcome.CLAIMED] * 10
    gate.open()
    assert await asyncio.wait_for(own, SOON_SECONDS) == [Outcome.CLAIMED] * 10
    assert (await rival.state(audited)).assigned_licenses(E1) == 20
    assert await process.outcomes(audited, people) == [Outcome.ALREADY_LICENSED] * 10


async def test_a_storm_whose_leaders_are_killed_one_after_the_other_ends(
    new_process: ProcessFactory, audited: str
) -> None:
    """Whoever leads is killed twice; its own callers are gone with it, and nobody else's."""
    processes = [new_process() for _ in range(3)]
    await processes[0].open(audited, product(E1, 5_000))
    alive = dict(enumerate(processes))
    storms = {number: asyncio.create_task(storm(process, audited, str(number))) for number, process in alive.items()}
    led: list[int] = []

    async def answered_others() -> bool:
        """Whether somebody alive leads, and has answered others."""
        name = (await head_of(next(iter(alive.values())), audited)).get("leader")
        led[:] = [number for number, process in alive.items() if id_of(process, audited) == name]
        return any(alive[number].table.count("commit", of="outbox:") for number in led)

    for _ in range(2):
        await until(answered_others)
        killed = storms.pop(led[0])
        killed.cancel()
        await die(alive.pop(led[0]), audited)
        await asyncio.wait([killed])

    [left] = storms.values()
    outcomes = await asyncio.wait_for(left, WAIT_SECONDS)
    assert outcomes.keys() == {Outcome.CLAIMED}


async def storm(process: Process, tenant_id: str, name: str) -> Counter[Outcome]:
    """Many people for a while."""
    people = [keep_signing_in(process, tenant_id, f"{name}-{caller}", 30) for caller in range(10)]
    return sum(await asyncio.gather(*people), Counter[Outcome]())


async def head_of(process: Process, tenant_id: str) -> Any:
    """The head's row."""
    stored = await process.table.get(tenant_id, "state")
    assert stored
    return stored.row
