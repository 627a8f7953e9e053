"""The order of turns, and how a process gets into it."""

import asyncio
from functools import partial

import pytest

from domain.sign_ins import Outcome
from storage.announcements import Announcements, forget_announcements
from storage.rows import HEAD_KEY, TURNS_PARTITION
from storage.state_rows import order_of
from storage.turns import (
    CONTENTION_SECONDS,
    LISTED,
    LOOK_LEAST_SECONDS,
    PATIENCE_COMMITS,
    PATIENCE_LEAST_SECONDS,
    PATIENCE_MOST_SECONDS,
    Turns,
)
from tests.domain.tenants import E1, product
from tests.storage.conftest import ProcessFactory
from tests.storage.faulty_table import unavailable
from tests.storage.processes import Process

COMMITS_MOST = 500
"""Afterwards a newcomer that is not in the order will not be."""


def collided(process_id: str = "me", at: float = 0.0) -> Turns:
    turns = Turns(process_id)
    turns.collided(at)
    return turns


def wait(turns: Turns, *order: str, still_since: float = 0.0, waiting_since: float = 0.0, now: float = 0.0) -> float:
    return turns.seconds_to_wait(order, still_since=still_since, waiting_since=waiting_since, now=now)


def test_who_has_not_collided_lately_sends_at_once() -> None:
    assert wait(Turns("me"), "a", "b", "me") == 0
    assert wait(collided(), "a", "me", now=CONTENTION_SECONDS) == 0


def test_each_process_waits_one_patience_for_each_before_it() -> None:
    turns = collided()
    assert wait(turns, "me", "a") <= 0
    assert wait(turns, "a", "me") == pytest.approx(PATIENCE_LEAST_SECONDS)
    assert wait(turns, "a", "b", "me") == pytest.approx(2 * PATIENCE_LEAST_SECONDS)
    assert wait(turns, "a", "b", "me", now=2 * PATIENCE_LEAST_SECONDS) == pytest.approx(0)


def test_the_wait_begins_anew_when_the_head_moved() -> None:
    now = PATIENCE_LEAST_SECONDS
    assert wait(collided(), "a", "me", still_since=now, now=now) == pytest.approx(PATIENCE_LEAST_SECONDS)


def test_a_newcomer_counts_from_when_it_began_to_wait() -> None:
    now = 3 * PATIENCE_LEAST_SECONDS
    assert wait(collided(), "a", "b", still_since=now, now=now) <= 0
    assert wait(collided(), "a", "b", waiting_since=now, now=now) > 0


@pytest.mark.parametrize("seconds", [0.0, 0.05, 10.0])
def test_patience_follows_the_usual_turn_within_bounds(seconds: float) -> None:
    turns = collided()
    for _ in range(100):
        turns.committed(seconds)
    expected = min(max(PATIENCE_COMMITS * seconds, PATIENCE_LEAST_SECONDS), PATIENCE_MOST_SECONDS)
    assert wait(turns, "a", "me") == pytest.approx(expected, rel=0.01)


def test_who_commits_goes_to_the_end() -> None:
    assert Turns("me").after_commit(("me", "a", "b")) == ("a", "b", "me")
    assert Turns("me").after_commit(("a", "b")) == ("a", "b", "me")


def test_who_is_skipped_once_goes_to_the_end_and_who_is_skipped_twice_is_off_the_list() -> None:
    once = Turns("me").after_commit(("a", "me", "b"))
    assert once == ("b", "a!", "me")
    assert Turns("me").after_commit(("b", *once[1:])) == ("b!", "me")
    assert Turns("a").after_commit(once) == ("me", "b!", "a")


def test_who_missed_a_turn_is_still_in_the_order() -> None:
    assert wait(collided(), "a", "me!") == pytest.approx(PATIENCE_LEAST_SECONDS)
    assert wait(collided(), "me!", "a") <= 0
    assert not collided().skips(("me!", "a"), 0)
    assert Turns("b").after_commit(("a", "b", "c"), ("a", "c")) == ("c", "a!", "b")


def test_newcomers_come_before_who_takes_them_in_and_nobody_stands_twice() -> None:
    assert Turns("me").after_commit(("me", "a"), ("a", "new", "me")) == ("a", "new", "me")


def test_the_order_is_bounded_and_keeps_those_who_committed_last() -> None:
    others = tuple(str(number) for number in range(2 * LISTED))
    order = Turns("me").after_commit(others)
    assert len(order) == LISTED
    assert order[-2:] == (others[-1], "me")


def test_only_who_is_not_first_skips_others() -> None:
    assert not collided().skips(("me", "a"), 0)
    assert collided().skips(("a", "me"), 0)
    assert not Turns("me").skips(("a", "me"), 0)


def test_the_nearer_the_turn_the_sooner_the_next_look() -> None:
    turns = collided()
    turns.committed(1.0)
    look = partial(turns.seconds_to_look, still_since=0.0, now=0.0)
    assert look(("a", "b", "me")) > look(("a", "me")) > LOOK_LEAST_SECONDS
    assert turns.seconds_to_look(("a", "me"), still_since=0.0, now=100.0) == LOOK_LEAST_SECONDS


async def order_in(process: Process, tenant_id: str) -> tuple[str, ...]:
    stored = await process.table.get(tenant_id, HEAD_KEY)
    assert stored
    return order_of(stored.row)


async def announced_in(process: Process, tenant_id: str) -> list[str]:
    stored = await process.table.get(TURNS_PARTITION, tenant_id)
    return str(stored.row["waiting"]).split() if stored else []


async def test_who_commits_without_a_pause_takes_a_newcomer_into_the_order(process: Process, audited: str) -> None:
    await process.open(audited)
    await Announcements(audited, process.table).announce("newcomer")
    number = 0
    while "newcomer" not in await order_in(process, audited):
        number += 1
        assert number < COMMITS_MOST
        await process.edit_policy(audited, name=f"Name {number}")

    assert await announced_in(process, audited) == []
    assert (await order_in(process, audited))[0] == "newcomer"


async def test_who_sees_others_commit_while_it_waits_announces_itself(
    process: Process, rival: Process, audited: str
) -> None:
    await rival.open(audited)
    await process.state(audited)
    numbers = iter(range(100))

    async def overtaken() -> None:
        await rival.edit_policy(audited, name=f"Name {next(numbers)}")

    process.table.at("commit", before=overtaken)
    process.table.at("get", HEAD_KEY, before=overtaken, times=3)
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED

    assert len(await announced_in(rival, audited)) == 1


async def test_a_newcomer_that_is_in_the_order_already_is_forgotten_also_if_it_missed_a_turn(
    process: Process, audited: str
) -> None:
    """It would come back again and again, dead or not."""
    announcements = Announcements(audited, process.table)
    await announcements.announce("newcomer")
    for _ in range(COMMITS_MOST):
        if announcements.found(paused=0.0):
            break
        await asyncio.sleep(0.01)
    assert announcements.found(paused=0.0) == ("newcomer",)

    announcements.taken_in(("newcomer!", "me"))
    assert announcements.found(paused=0.0) == ()


async def test_announcing_twice_is_announcing_once(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited)
    await Announcements(audited, process.table).announce("a")
    await asyncio.gather(*(Announcements(audited, each.table).announce("a") for each in (process, rival)))
    await Announcements(audited, rival.table).announce("b")
    assert await announced_in(process, audited) == ["a", "b"]


async def test_a_storage_that_does_not_answer_keeps_nobody_from_committing(process: Process, audited: str) -> None:
    """Announcements are advice: without them it takes longer."""
    await process.open(audited)
    process.table.at("get", audited, before=unavailable, times=COMMITS_MOST)
    for number in range(50):
        await process.edit_policy(audited, name=f"Name {number}")


async def test_what_was_announced_is_forgotten_with_the_tenant(process: Process, audited: str) -> None:
    await process.open(audited)
    await Announcements(audited, process.table).announce("a")
    await forget_announcements(process.table, audited)
    await forget_announcements(process.table, audited)
    assert await process.table.get(TURNS_PARTITION, audited) is None


async def test_processes_that_storm_one_tenant_lose_less_than_they_commit(
    new_process: ProcessFactory, audited: str
) -> None:
    """Without an order, four processes lose three of four transactions."""
    processes = [new_process() for _ in range(4)]
    await processes[0].open(audited, product(E1, 1_000))
    claimed = 400

    async def storm(number: int) -> None:
        names = iter(range(claimed // 4))

        async def caller() -> None:
            for name in names:
                await processes[number].outcome(audited, f"user-{number}-{name}")

        await asyncio.gather(*(caller() for _ in range(10)))

    await asyncio.gather(*(storm(number) for number in range(4)))
    sent = sum(process.table.count("commit") for process in processes)
    made = (await processes[0].state(audited)).head.sequence
    assert sent < 2 * made
