"""Reads that are saved: users known, users guessed to be new, and what a wrong guess costs."""

import pytest

from domain.licenses import User
from domain.sign_ins import Outcome
from storage.engine import known_users
from storage.engine.drafting import GUESS_AFTER
from storage.rows.users import KnownUser
from tests.domain.tenants import E1, E3, TEAMS1, product
from tests.storage.processes import Process

pytestmark = pytest.mark.usefixtures("nobody_leads")


async def meet_new_users(process: Process, tenant_id: str, count: int = GUESS_AFTER) -> None:
    """Afterwards the process takes unknown users to be new."""
    await process.outcomes(tenant_id, [f"new-{number}" for number in range(count)])
    process.table.forget_calls()


async def test_new_users_are_claimed_for_without_a_read_once_many_were_new(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 100))
    await meet_new_users(process, audited)

    outcomes = await process.outcomes(audited, [f"more-{number}" for number in range(20)])

    assert outcomes == [Outcome.CLAIMED] * 20
    assert process.table.count("get", "user:") == 0
    assert process.table.count("commit") == 1


@pytest.mark.usefixtures("beyond_recall")
async def test_a_repeat_costs_one_read_of_the_head_and_none_of_the_user(process: Process, audited: str) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    process.table.forget_calls()

    assert await process.outcome(audited, "ann") is Outcome.ALREADY_LICENSED

    assert [(call.kind, call.row) for call in process.table.calls] == [("get", "state")]


async def test_a_sign_in_that_cannot_claim_costs_no_read_of_the_user(process: Process, audited: str) -> None:
    await process.open(audited)
    await process.edit_policy(audited, enabled=False)
    process.table.forget_calls()
    assert await process.outcomes(audited, ["ann", "bob"]) == [Outcome.POLICY_OFF] * 2
    assert [(call.kind, call.row) for call in process.table.calls] == [("get", "state")]


async def test_a_wrong_guess_costs_one_read_of_all_and_one_more_commit(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    await rival.sign_in(audited, "old")
    await meet_new_users(process, audited)

    users = ["a", "b", "old", "c", "d"]
    outcomes = await process.outcomes(audited, users)

    assert outcomes == [Outcome.CLAIMED, Outcome.CLAIMED, Outcome.ALREADY_LICENSED, Outcome.CLAIMED, Outcome.CLAIMED]
    assert process.table.count("commit") == 2
    assert process.table.count("get", "user:") == len(users)


async def test_a_wrong_guess_is_not_followed_by_another(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited, product(E1, 100))
    for user_id in ("old-1", "old-2"):
        await rival.sign_in(audited, user_id)
    await meet_new_users(process, audited)
    await process.outcomes(audited, ["old-1"])
    process.table.forget_calls()

    assert await process.outcome(audited, "old-2") is Outcome.ALREADY_LICENSED

    assert process.table.count("commit") == 0
    assert process.table.count("get", "user:") == 1


async def test_no_refusal_is_answered_from_a_guess(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited, product(E1, GUESS_AFTER + 1))
    await rival.sign_in(audited, "old")
    await meet_new_users(process, audited)

    assert await process.outcomes(audited, ["old", "new"]) == [Outcome.ALREADY_LICENSED, Outcome.NO_LICENSES]

    assert process.table.count("commit") == 0
    assert process.table.count("get", "user:") == 2


async def test_a_user_known_to_hold_every_product_with_the_app_off_is_not_guessed_to_be_new(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 100))
    await rival.assign(audited, "old", E1, TEAMS1)
    await meet_new_users(process, audited)
    assert await process.outcomes(audited, ["new", "old"]) == [Outcome.CLAIMED, Outcome.APP_TURNED_OFF]


async def test_a_guessed_user_twice_in_a_batch_is_answered_with_the_grant(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 100))
    await meet_new_users(process, audited)
    assert await process.outcomes(audited, ["ann", "ann"]) == [Outcome.CLAIMED, Outcome.ALREADY_LICENSED]
    assert process.table.count("commit") == 1


async def test_administrators_never_guess(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited, product(E1, 100), product(E3, 5))
    await rival.assign(audited, "old", E3)
    await meet_new_users(process, audited)
    await process.take_back(audited, "old")
    assert (await process.state(audited)).assigned_licenses(E3) == 0


async def test_a_user_forgotten_while_others_were_read_is_not_taken_to_hold_nothing(
    process: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann is the user known longest, and the new ones of her batch push her out."""
    monkeypatch.setattr(known_users, "KNOWN_USERS_MAX", 2)
    await process.open(audited, product(E1, 2))
    await process.sign_in(audited, "ann")
    await process.sign_in(audited, "bob")

    outcomes = await process.outcomes(audited, ["ann", "cid", "dan"])

    assert outcomes == [Outcome.ALREADY_LICENSED, Outcome.NO_LICENSES, Outcome.NO_LICENSES]


async def test_new_users_who_were_read_elsewhere_say_nothing_of_those_who_come_here(
    process: Process, audited: str
) -> None:
    """Only they are posted: of those who come, most may have a license."""
    await process.open(audited, product(E1, 100))
    drafter = process.ledger._committer(audited)._drafter  # noqa: SLF001 - what it knows is nowhere else
    state = await process.state(audited)
    for number in range(3 * GUESS_AFTER):
        seen = KnownUser(User(f"new-{number}"), None)
        draft = drafter.begin(state)
        draft.seen[seen.user.id] = draft.guessed[seen.user.id] = seen
        draft.users[seen.user.id] = seen.user
        drafter.won(draft)
    process.table.forget_calls()
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
    assert process.table.count("get", "user:") == 1


async def test_who_guessed_wrong_elsewhere_guesses_less_often(process: Process, audited: str) -> None:
    """The process that commits meets the row: whoever posted it is told no more than that nothing was changed."""
    await process.open(audited, product(E1, 100))
    await meet_new_users(process, audited)
    drafter = process.ledger._committer(audited)._drafter  # noqa: SLF001 - what it knows is nowhere else
    guess = drafter.guess("ann")
    assert guess
    await process.assign(audited, "bob", E1)
    assert await process.outcome(audited, "bob") is Outcome.ALREADY_LICENSED  # read: nobody new in a row any more
    drafter.seen_wrong(guess)

    await process.outcomes(audited, [f"next-{number}" for number in range(GUESS_AFTER)])
    assert drafter.guess("cid") is None
    await process.outcomes(audited, [f"later-{number}" for number in range(GUESS_AFTER)])
    assert drafter.guess("cid")
