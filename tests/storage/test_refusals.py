"""What a refusal rests on: reads that began after the sign-in came in, never on what was known before."""

import asyncio

import pytest

from domain.sign_ins import Outcome
from storage.engine import committer
from tests.domain.tenants import E1, E3, EXCHANGE, TEAMS1, app, product
from tests.storage.faulty_table import Gate
from tests.storage.processes import Process


async def test_what_another_process_turned_on_counts_at_once(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited)
    await process.turn(audited, on=False)
    assert await process.outcome(audited, "ann") is Outcome.FEATURE_OFF
    await rival.turn(audited, on=True)
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


@pytest.mark.usefixtures("beyond_recall")
async def test_what_another_process_turned_off_counts_at_once(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    await rival.edit_policy(audited, enabled=False)
    assert await process.outcomes(audited, ["ann", "bob"]) == [Outcome.POLICY_OFF] * 2


async def test_an_app_and_policy_made_by_another_process_are_known_at_once(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    assert await process.outcome(audited, "ann", "mail-client") is Outcome.NO_POLICY
    await rival.put_app(audited, app("mail", EXCHANGE, clients=("mail-client",)))
    await rival.create_policy(audited, E1, policy_id=E3, app_id="mail")
    assert await process.outcome(audited, "ann", "mail-client") is Outcome.CLAIMED


async def test_a_license_given_back_in_another_process_can_be_claimed_at_once(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 1))
    await process.sign_in(audited, "ann")
    assert await process.outcome(audited, "bob") is Outcome.NO_LICENSES
    await rival.take_back(audited, "ann")
    assert await process.outcome(audited, "bob") is Outcome.CLAIMED


@pytest.mark.usefixtures("beyond_recall")
async def test_a_license_taken_back_in_another_process_is_not_already_there(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    await rival.take_back(audited, "ann")
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_no_licenses_is_decided_again_when_the_user_got_one_while_it_was_decided(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 0))
    await process.put_product(audited, product(E3, 1))
    await process.outcome(audited, "bob")

    async def given_one() -> None:
        await rival.assign(audited, "ann", E3)

    process.table.at("get", "user:ann", after=given_one)
    assert await process.outcome(audited, "ann") is Outcome.ALREADY_LICENSED


async def test_app_turned_off_is_decided_again_when_it_was_turned_on_while_it_was_decided(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    await rival.assign(audited, "ann", E1, TEAMS1)

    async def turned_on() -> None:
        await rival.assign(audited, "ann", E1)

    process.table.at("get", "user:ann", after=turned_on)
    assert await process.outcome(audited, "ann") is Outcome.ALREADY_LICENSED


async def test_a_head_read_that_began_before_the_sign_in_is_not_enough(
    process: Process, rival: Process, audited: str
) -> None:
    """A read is under way, saw the policy off, and is slow to answer. The policy is turned on, then Ann signs in."""
    await process.open(audited)
    await process.edit_policy(audited, enabled=False)
    gate = Gate()
    process.table.at("get", "state", after=gate)
    slow = asyncio.create_task(process.state(audited))
    await gate.reached()
    await rival.edit_policy(audited, enabled=True)

    ann = asyncio.create_task(process.outcome(audited, "ann"))
    await asyncio.sleep(0)
    gate.open()

    assert await ann is Outcome.CLAIMED
    assert not (await slow).configuration.policies[next(iter((await slow).configuration.policies))].enabled


async def test_sign_ins_that_wait_together_share_one_read(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 0))
    await process.outcomes(audited, [f"user-{number}" for number in range(50)])
    process.table.forget_calls()
    await process.outcomes(audited, [f"user-{number}" for number in range(50)])
    assert process.table.count("get", "state") == 1
    assert process.table.count("get", "user:") == 0


async def test_a_license_of_a_product_that_the_state_in_hand_does_not_know_means_read_again(
    process: Process, rival: Process, audited: str
) -> None:
    """This process read the state before another made a product and gave Ann a license of it."""
    await process.open(audited)
    await process.state(audited)
    await rival.put_product(audited, product(E3, 5))
    await rival.assign(audited, "ann", E3)

    assert await process.outcome(audited, "ann") is Outcome.ALREADY_LICENSED


@pytest.mark.parametrize("seats", [0, 5])
async def test_such_a_license_does_not_fail_those_who_sign_in_at_the_same_time(
    process: Process, rival: Process, audited: str, seats: int
) -> None:
    await process.open(audited, product(E1, seats))
    await rival.put_product(audited, product(E3, 5))
    await rival.assign(audited, "ann", E3)
    expected = Outcome.CLAIMED if seats else Outcome.NO_LICENSES

    assert await process.outcomes(audited, ["bob", "ann", "cid"]) == [expected, Outcome.ALREADY_LICENSED, expected]


async def test_a_refusal_does_not_wait_for_those_who_came_later_while_others_commit(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time that the head is read another process has just committed, and another user has just signed in."""
    monkeypatch.setattr(committer, "ATTEMPTS", 5)
    await process.open(audited, product(E1, 0))
    await process.put_product(audited, product(E3, 100))
    numbers = iter(range(20))
    newcomers: list[asyncio.Task[Outcome]] = []

    async def busy() -> None:
        number = next(numbers)
        await rival.assign(audited, f"other-{number}", E3)
        newcomers.append(asyncio.create_task(process.outcome(audited, f"user-{number}")))
        await asyncio.sleep(0)

    process.table.at("get", "state", before=busy, times=12)
    ann = (await asyncio.gather(process.outcome(audited, "ann"), return_exceptions=True))[0]
    await asyncio.gather(*newcomers, return_exceptions=True)

    assert ann is Outcome.NO_LICENSES
