"""Commits whose answer was lost: made exactly once, and known to be."""

import pytest

from domain.errors import LedgerUnavailableError
from domain.sign_ins import Outcome
from storage.engine import transaction
from tests.domain.tenants import E1, product
from tests.storage.faulty_table import unavailable
from tests.storage.processes import Process


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "PAUSE_SECONDS", 0)


async def sequence(process: Process, tenant_id: str) -> int:
    return (await process.state(tenant_id)).head.sequence


async def test_a_claim_whose_answer_was_lost_is_answered_claimed_and_made_once(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    before = await sequence(rival, audited)
    process.table.forget_calls()
    process.table.at("commit", after=unavailable)

    answer = await process.sign_in(audited, "ann")

    assert answer.outcome is Outcome.CLAIMED
    # A look instead of sending all of it again.
    assert process.table.count("commit") == 1
    assert process.table.count("get", "journal:") == 1
    assert await sequence(rival, audited) == before + 1
    assert (await process.sign_in(audited, "ann")).license == answer.license


async def test_what_was_never_carried_out_is_sent_again_as_it_was(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    before = await sequence(rival, audited)
    process.table.at("commit", before=unavailable, times=3)

    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
    assert await sequence(rival, audited) == before + 1


@pytest.mark.parametrize(("seats", "expected"), [(1, Outcome.NO_LICENSES), (2, Outcome.CLAIMED)])
async def test_what_was_not_carried_out_and_overtaken_is_decided_again(
    process: Process, rival: Process, audited: str, seats: int, expected: Outcome
) -> None:
    await process.open(audited, product(E1, seats))

    async def overtaken() -> None:
        assert await rival.outcome(audited, "bob") is Outcome.CLAIMED
        await unavailable()

    process.table.at("commit", before=overtaken)

    assert await process.outcome(audited, "ann") is expected
    assert (await process.state(audited)).assigned_licenses(E1) == seats


async def test_what_was_carried_out_and_followed_by_others_is_not_decided_again(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 2))
    before = await sequence(rival, audited)

    async def followed() -> None:
        assert await rival.outcome(audited, "bob") is Outcome.CLAIMED
        await unavailable()

    process.table.at("commit", after=followed)

    answer = await process.sign_in(audited, "ann")

    assert answer.outcome is Outcome.CLAIMED
    assert await sequence(rival, audited) == before + 2
    assert (await process.sign_in(audited, "ann")).license == answer.license


async def test_a_batch_whose_answer_was_lost_is_answered_from_the_commit_that_was_made(
    process: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 3))
    process.table.at("commit", after=unavailable)
    outcomes = await process.outcomes(audited, ["ann", "bob", "ann", "cid", "dan"])
    assert outcomes == [
        Outcome.CLAIMED,
        Outcome.CLAIMED,
        Outcome.ALREADY_LICENSED,
        Outcome.CLAIMED,
        Outcome.NO_LICENSES,
    ]


async def test_after_the_last_sending_the_caller_is_told_that_it_is_not_known(process: Process, audited: str) -> None:
    await process.open(audited)
    process.table.forget_calls()
    process.table.at("commit", before=unavailable, times=transaction.SENDINGS_MAX - 1)
    process.table.at("commit", after=unavailable)
    looks = transaction.SENDINGS_MAX - 1
    process.table.at("get", "journal:", times=looks)
    process.table.at("get", "journal:", before=unavailable)

    with pytest.raises(LedgerUnavailableError):
        await process.sign_in(audited, "ann", sign_in_id="s-1")

    assert process.table.count("commit") == transaction.SENDINGS_MAX
    # It had been made: the same event is told so, another is told that there is a license.
    assert await process.outcome(audited, "ann", sign_in_id="s-1") is Outcome.CLAIMED
    assert await process.outcome(audited, "ann", sign_in_id="s-2") is Outcome.ALREADY_LICENSED


async def test_a_journal_that_cannot_be_read_leaves_the_outcome_unknown(process: Process, audited: str) -> None:
    await process.open(audited)
    process.table.at("commit", after=unavailable)
    process.table.at("get", "journal:", before=unavailable)

    with pytest.raises(LedgerUnavailableError):
        await process.sign_in(audited, "ann", sign_in_id="s-1")

    assert await process.outcome(audited, "ann", sign_in_id="s-1") is Outcome.CLAIMED


async def test_an_administrators_change_whose_answer_was_lost_is_made_once(process: Process, audited: str) -> None:
    await process.open(audited)
    before = await sequence(process, audited)
    process.table.at("commit", after=unavailable)

    await process.edit_policy(audited, name="Renamed")

    assert await sequence(process, audited) == before + 1


async def test_a_first_commit_whose_answer_was_lost_is_made_once(process: Process, audited: str) -> None:
    process.table.at("commit", after=unavailable)
    await process.turn(audited, on=True)
    state = await process.state(audited)
    assert state.head.sequence == 1
    assert state.configuration.settings.auto_claim_enabled


@pytest.mark.usefixtures("beyond_recall")
async def test_users_known_before_a_lost_answer_are_not_believed_after_it(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    process.table.at("commit", after=unavailable)
    await process.sign_in(audited, "bob")
    await rival.take_back(audited, "ann")
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
