"""What processes ask of the one that commits for all: it is done by it or otherwise, whatever becomes of the rows."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from azure.data.tables import TableClient, UpdateMode

from domain.changes import Stamp
from domain.errors import LedgerUnavailableError
from domain.ledger import sign_in_proposal
from domain.licenses import User
from domain.sign_ins import Outcome, SignIn
from storage.engine.pace import TenantPace
from storage.engine.posts import inbox, leadership, posting
from storage.engine.posts.inbox import Inbox, _Taken
from storage.engine.waiting import Waiting
from storage.rows.posts import PostedClaim, PostedSignIn, bell_row, post_of, post_row, posted_content
from storage.rows.users import KnownUser
from storage.tables.limits import OPERATIONS_PER_TRANSACTION, check_transaction
from tests.domain.tenants import E1, TEAMS, guid, product
from tests.storage.audit import rows_of
from tests.storage.conftest import ProcessFactory
from tests.storage.faulty_table import Gate, unavailable
from tests.storage.processes import Process
from tests.storage.test_leadership import SOON_SECONDS, commits, committer_of, id_of, posted, until
from tests.storage.test_post_rows import laden

FOR_EVER = 10**9
PEOPLE = [f"user-{number}" for number in range(10)]


def write(connection_string: str, row: Mapping[str, Any]) -> None:
    """Put a row, past the product."""
    with TableClient.from_connection_string(connection_string, "ledger") as client:
        client.upsert_entity(dict(row), mode=UpdateMode.REPLACE)


@pytest.mark.usefixtures("patient")
async def test_a_followers_people_are_served_without_a_commit_of_its_own(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    assert await rival.outcomes(audited, PEOPLE) == [Outcome.CLAIMED] * 10
    assert commits(rival, audited) == 0
    assert (await rival.state(audited)).assigned_licenses(E1) == 10


@pytest.mark.usefixtures("patient")
async def test_what_a_followers_person_is_told_is_what_the_ledger_has(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    claimed = await rival.sign_in(audited, "ann", sign_in_id="s-1", principal_name="ann@contoso.example")
    assert claimed.outcome is Outcome.CLAIMED
    again = await process.sign_in(audited, "ann", sign_in_id="s-1")
    assert (again.outcome, again.license) == (Outcome.CLAIMED, claimed.license)
    assert claimed.app
    assert claimed.policy
    assert (again.app, again.policy) == (claimed.app, claimed.policy)


@pytest.mark.usefixtures("patient")
async def test_one_person_many_times_at_once_in_a_follower_claims_once(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    outcomes = await rival.outcomes(audited, ["ann"] * 20)
    assert sorted(outcomes) == [Outcome.ALREADY_LICENSED] * 19 + [Outcome.CLAIMED]


@pytest.mark.usefixtures("patient")
async def test_one_person_in_many_processes_at_once_claims_once(new_process: ProcessFactory, audited: str) -> None:
    processes = [new_process() for _ in range(4)]
    await processes[0].open(audited, product(E1, 100))
    outcomes = await asyncio.gather(*(process.outcome(audited, "ann") for process in processes))
    assert sorted(outcomes) == [Outcome.ALREADY_LICENSED] * 3 + [Outcome.CLAIMED]


@pytest.mark.usefixtures("patient")
async def test_the_leaders_own_callers_do_not_come_before_those_who_were_posted_earlier(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 11))
    gate = Gate()
    process.table.at("commit", of=audited, before=gate)
    first = asyncio.create_task(process.outcome(audited, "first"))
    await gate.reached()
    others = asyncio.create_task(rival.outcomes(audited, PEOPLE))

    async def taken_in() -> bool:
        return committer_of(process, audited)._inbox._waiting == 10  # noqa: SLF001 - who came first is what it is about

    await until(taken_in)
    own = asyncio.create_task(process.outcomes(audited, [f"own-{number}" for number in range(10)]))
    await asyncio.sleep(0)
    gate.open()

    assert await first is Outcome.CLAIMED
    assert await others == [Outcome.CLAIMED] * 10
    assert await own == [Outcome.NO_LICENSES] * 10


@pytest.mark.usefixtures("patient")
async def test_who_is_licensed_is_told_so_by_a_follower_whose_line_waits_for_the_leader(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    await process.outcomes(audited, PEOPLE)
    await rival.state(audited)
    gate = Gate()
    process.table.at("commit", of=audited, before=gate)
    own = asyncio.create_task(process.outcome(audited, "own"))
    await gate.reached()
    waiting = asyncio.create_task(rival.outcome(audited, "new"))
    await posted(rival)

    told = await asyncio.wait_for(rival.outcomes(audited, PEOPLE), SOON_SECONDS)

    assert told == [Outcome.ALREADY_LICENSED] * 10
    assert not waiting.done()
    gate.open()
    assert (await own, await waiting) == (Outcome.CLAIMED, Outcome.CLAIMED)
    assert commits(rival, audited) == 0


@pytest.mark.usefixtures("patient")
async def test_a_follower_refuses_by_itself_what_the_state_does_not_allow(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 1))
    await rival.state(audited)
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
    assert await rival.outcomes(audited, ["bob", "ann", "cid"]) == [
        Outcome.NO_LICENSES,
        Outcome.ALREADY_LICENSED,
        Outcome.NO_LICENSES,
    ]
    await process.put_product(audited, product(E1, 100), over=True)
    assert await rival.outcome(audited, "dan") is Outcome.CLAIMED
    await process.turn(audited, on=False)
    assert await rival.outcome(audited, "eve") is Outcome.FEATURE_OFF
    assert commits(rival, audited) == 0


@pytest.mark.usefixtures("patient")
async def test_what_was_posted_before_turning_off_was_answered_is_not_claimed_afterwards(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    gate = Gate()
    rival.table.at("commit", of="inbox:", before=gate)
    waiting = asyncio.create_task(rival.outcomes(audited, PEOPLE))
    await gate.reached()
    await process.turn(audited, on=False)
    gate.open()
    assert await asyncio.wait_for(waiting, SOON_SECONDS) == [Outcome.FEATURE_OFF] * 10
    assert (await process.state(audited)).assigned_licenses(E1) == 0


Damage = Callable[[dict[str, Any]], dict[str, Any] | None]

DAMAGES: dict[str, Damage] = {
    "gone": lambda _: None,
    "nonsense": lambda row: {**row, "content": "]["},
    "another form": lambda row: {**row, "content": '{"a":[1,2,3]}'},
    "a number that is none": lambda row: {**row, "number": "many"},
    "numbers of another type": lambda row: {**row, "number": 1.5, "processes": "3"},
    "another number": lambda row: {**row, "number": str(int(row["number"]) + 1)},
    "a number of processes that cannot be": lambda row: {**row, "processes": 2_000_000_000},
    "another person": lambda row: {**row, "content": row["content"].replace('"id":"user-1"', '"id":"user-2"')},
    "a later format": lambda row: {"PartitionKey": row["PartitionKey"], "RowKey": row["RowKey"], "format": 2},
    "no time": lambda row: {**row, "at": ""},
}


def damaging(connection_string: str, tenant_id: str, kind: str, damage: Damage) -> Callable[[], Awaitable[None]]:
    """Does that to every post, or to all answers, of a tenant."""

    async def spoil() -> None:
        with TableClient.from_connection_string(connection_string, "ledger") as client:
            for row in rows_of(connection_string, f"{kind}:{tenant_id}"):
                if row["RowKey"].startswith(("post:", "answer:")):
                    # It may have been damaged already.
                    with suppress(KeyError, ValueError):
                        changed = damage(dict(row))
                        if changed:
                            client.upsert_entity(changed, mode=UpdateMode.REPLACE)
                        else:
                            client.delete_entity(row["PartitionKey"], row["RowKey"])

    return spoil


@pytest.mark.parametrize("kind", ["inbox", "outbox"])
@pytest.mark.parametrize("name", DAMAGES)
async def test_whatever_becomes_of_the_rows_everybody_is_served(  # noqa: PLR0913, PLR0917 - fixtures
    process: Process, rival: Process, audited: str, connection_string: str, kind: str, name: str
) -> None:
    await process.open(audited, product(E1, 1_000))
    for user_id in PEOPLE[:3]:
        # There are rows of these, and posts have what they say.
        await process.assign(audited, user_id, E1)
        await process.take_back(audited, user_id)
    spoil = damaging(connection_string, audited, kind, DAMAGES[name])
    (rival if kind == "inbox" else process).table.at("commit", of=kind, after=spoil, times=FOR_EVER)
    # Whether they meet, and which of the two leads then, is chance: the other one posts.
    for claims in range(20, 1_000, 20):
        own = asyncio.create_task(process.outcomes(audited, [f"own-{claims}-{number}" for number in range(10)]))
        people = PEOPLE if claims == 20 else [f"{user_id}-{claims}" for user_id in PEOPLE]
        outcomes = await asyncio.wait_for(rival.outcomes(audited, people), SOON_SECONDS)
        assert outcomes == [Outcome.CLAIMED] * 10
        assert await own == [Outcome.CLAIMED] * 10
        assert (await rival.state(audited)).assigned_licenses(E1) == claims
        if rival.table.count("commit", of="inbox:") + process.table.count("commit", of="inbox:"):
            return
    raise AssertionError("nobody posted")


@pytest.mark.parametrize("kind", ["inbox", "outbox"])
async def test_when_rows_cannot_be_written_everybody_is_served(
    process: Process, rival: Process, audited: str, kind: str
) -> None:
    await process.open(audited, product(E1, 100))
    (rival if kind == "inbox" else process).table.at("commit", of=kind, before=unavailable, times=FOR_EVER)
    outcomes = await asyncio.wait_for(rival.outcomes(audited, PEOPLE), SOON_SECONDS)
    assert outcomes == [Outcome.CLAIMED] * 10


@pytest.mark.usefixtures("patient")
async def test_nobody_is_left_waiting_when_the_storage_goes_away_while_a_post_is_under_way(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    gate = Gate()
    process.table.at("commit", of=audited, before=gate)
    callers = [asyncio.create_task(rival.outcome(audited, user_id)) for user_id in PEOPLE]
    await posted(rival)
    await gate.reached()
    for kind in ("get", "commit", "page"):
        rival.table.at(kind, before=unavailable, times=FOR_EVER)

    results = await asyncio.wait_for(asyncio.gather(*callers, return_exceptions=True), SOON_SECONDS)

    assert {type(result) for result in results} == {LedgerUnavailableError}
    rival.table.heal()
    gate.open()
    assert await rival.outcome(audited, "new") is Outcome.CLAIMED


@pytest.mark.usefixtures("patient")
async def test_posts_that_are_too_old_or_whose_people_have_gone_or_for_others_are_not_decided(
    process: Process, audited: str, connection_string: str
) -> None:
    await process.open(audited, product(E1, 100))
    process_id, now = id_of(process, audited), process.clock.now()

    def post(user_id: str, leader: str, age: float, waited: float) -> None:
        """One person's post, and so old, after the person had waited so long."""
        posted_one = PostedSignIn(user_id, SignIn(audited, (TEAMS,), user_id), KnownUser(User(user_id), None), waited)
        at = now - timedelta(seconds=age)
        write(connection_string, post_row(audited, 0, f"of-{user_id}", 1, leader, at, [posted_content(posted_one)]))

    post("old", process_id, 30.0, 0.0)
    post("gone", process_id, 0.0, 3.5)
    post("others", "somebody", 0.0, 0.0)
    post("present", process_id, 0.0, 0.0)
    write(connection_string, bell_row(audited, 1, now))

    async def answered() -> bool:
        return any(row["RowKey"] == "answer:of-present" for row in rows_of(connection_string, f"outbox:{audited}"))

    await until(answered)
    users = {row["RowKey"] for row in rows_of(connection_string, audited) if row["RowKey"].startswith("user:")}
    assert users == {"user:present"}


@pytest.mark.usefixtures("patient")
async def test_those_for_whom_there_is_no_room_in_a_post_are_in_the_next_ones(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "POST_CHARACTERS_MAX", 250)
    await process.open(audited, product(E1, 100))
    assert await rival.outcomes(audited, PEOPLE) == [Outcome.CLAIMED] * 10
    assert rival.table.count("commit", of="inbox:") >= 3
    assert commits(rival, audited) == 0


@pytest.mark.usefixtures("patient")
async def test_those_for_whom_the_leader_has_no_room_are_taken_in_later(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited, product(E1, 100))
    monkeypatch.setattr(committer_of(process, audited)._sign_ins, "_places", 3)  # noqa: SLF001 - as if many waited
    assert await asyncio.wait_for(rival.outcomes(audited, PEOPLE), SOON_SECONDS) == [Outcome.CLAIMED] * 10
    assert commits(rival, audited) == 0


async def test_as_many_people_as_a_row_takes_are_in_a_post(process: Process, tenant_id: str) -> None:
    """200 people with 50 licenses each, and with long names in any script."""
    await process.state(tenant_id)
    poster = committer_of(process, tenant_id)._poster  # noqa: SLF001 - what does not fit is sent by nobody
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    batch = []
    for number in range(posting.SIGN_INS_PER_POST):
        one = laden(f"user-{number}")
        few = replace(one.seen.user, licenses=one.seen.user.licenses if number % 2 else one.seen.user.licenses[:2])
        waiting = Waiting(sign_in_proposal(replace(one.sign_in, tenant_id=tenant_id)), future, 0.0)
        batch.append((waiting, replace(one.seen, user=few)))
    for start in range(10):
        taken, contents = poster._fitting(batch[start:])  # noqa: SLF001
        row = post_row(tenant_id, 0, "one", 1, "led", process.clock.now(), contents)
        check_transaction([row, bell_row(tenant_id, 1, process.clock.now())])
        read = post_of(tenant_id, row)
        assert read
        assert 1 <= len(taken) == len(read.sign_ins) < len(batch)


async def test_answers_for_more_processes_than_a_transaction_takes_are_in_several(
    process: Process, tenant_id: str
) -> None:
    made = Inbox(tenant_id, "led", process.table, process.clock, TenantPace().commits, lambda _: None)
    at = process.clock.now()
    claims = {place: PostedClaim(guid(place), Stamp(10**14 + place, at, 97), 10**14) for place in range(200)}
    names = {f"process-{number:03}" for number in range(150)}
    for name in names:
        made._taken[name] = _Taken(10**9, "etag", 0.0, set(), claims=dict(claims))  # noqa: SLF001 - nobody else fills it
    made._dirty.update(names)  # noqa: SLF001
    told: list[str] = []
    while made._dirty:  # noqa: SLF001
        rows = made._rows_to_tell()  # noqa: SLF001
        assert 0 < len(rows) <= OPERATIONS_PER_TRANSACTION
        check_transaction(list(rows.values()))
        told += rows
    assert sorted(told) == sorted(names)


async def test_a_process_that_is_gone_leaves_rows_that_nobody_minds(
    process: Process, rival: Process, audited: str, connection_string: str
) -> None:
    """Rows of hundreds of processes that ended, of long ago and of a moment ago."""
    await process.open(audited, product(E1, 100))
    now = process.clock.now()
    with TableClient.from_connection_string(connection_string, "ledger") as client:
        for first in range(0, 300, 100):
            rows = [
                post_row(audited, 0, f"ended-{number:03}", 1, "nobody", now - timedelta(seconds=number), [])
                for number in range(first, first + 100)
            ]
            client.submit_transaction([("upsert", dict(row)) for row in rows])
    assert await asyncio.wait_for(rival.outcomes(audited, PEOPLE), SOON_SECONDS) == [Outcome.CLAIMED] * 10


def test_the_inbox_is_looked_at_longer_than_its_leader_is_believed_in() -> None:
    """Or somebody would post to a leader that does not look any more."""
    assert inbox.LISTEN_SECONDS > leadership.ALIVE_SECONDS
