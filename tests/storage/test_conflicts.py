"""Lost races: after a failed commit everything of the batch is decided again, refusals too."""

import asyncio

import pytest

from domain.errors import LedgerUnavailableError
from domain.sign_ins import Outcome
from storage.engine import committer
from tests.domain.tenants import E1, E3, EXCHANGE, app, product
from tests.storage.faulty_table import Gate
from tests.storage.processes import Process


async def know(process: Process, tenant_id: str, *user_ids: str) -> None:
    """Have the process know these: then they are not read first, and wait in the order in which they come."""
    for user_id in user_ids:
        await process.assign(tenant_id, user_id, E3)
        await process.take_back(tenant_id, user_id, E3)


async def test_a_refusal_that_leans_on_a_grant_waits_for_its_commit(process: Process, audited: str) -> None:
    await process.open(audited, product(E1, 1))
    await process.put_product(audited, product(E3, 1))
    await know(process, audited, "ann", "bob")
    gate = Gate()
    process.table.at("commit", before=gate)
    ann = asyncio.create_task(process.outcome(audited, "ann"))
    bob = asyncio.create_task(process.outcome(audited, "bob"))

    await gate.reached()
    assert not ann.done()
    assert not bob.done()
    gate.open()

    assert (await ann, await bob) == (Outcome.CLAIMED, Outcome.NO_LICENSES)


async def test_a_refusal_is_decided_again_when_the_grant_that_it_leaned_on_was_not_made(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 1))
    await process.put_product(audited, product(E3, 1))
    await know(process, audited, "ann", "bob")

    async def overtaken() -> None:
        await rival.assign(audited, "ann", E3)

    process.table.at("commit", before=overtaken)

    assert await process.outcomes(audited, ["ann", "bob"]) == [Outcome.ALREADY_LICENSED, Outcome.CLAIMED]


async def test_a_refusal_is_decided_again_when_more_licenses_were_bought_meanwhile(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 1))

    async def overtaken() -> None:
        await rival.put_product(audited, product(E1, 2), over=True)

    process.table.at("commit", before=overtaken)

    assert await process.outcomes(audited, ["ann", "bob", "cid"]) == [
        Outcome.CLAIMED,
        Outcome.CLAIMED,
        Outcome.NO_LICENSES,
    ]


async def test_the_last_seat_taken_meanwhile_turns_a_grant_into_a_refusal(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited, product(E1, 1))

    async def overtaken() -> None:
        assert await rival.outcome(audited, "bob") is Outcome.CLAIMED

    process.table.at("commit", before=overtaken)

    assert await process.outcome(audited, "ann") is Outcome.NO_LICENSES


async def test_the_same_user_claiming_elsewhere_meanwhile_is_licensed_here(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)

    async def overtaken() -> None:
        await rival.sign_in(audited, "ann", sign_in_id="s-1")

    process.table.at("commit", before=overtaken)
    assert await process.outcome(audited, "ann", sign_in_id="s-2") is Outcome.ALREADY_LICENSED

    await process.take_back(audited, "ann")
    process.table.at("commit", before=overtaken)
    assert await process.outcome(audited, "ann", sign_in_id="s-1") is Outcome.CLAIMED


@pytest.mark.parametrize("what", ["policy", "feature"])
async def test_a_claim_on_its_way_is_not_made_once_turning_off_was_answered(
    process: Process, rival: Process, audited: str, what: str
) -> None:
    await process.open(audited)

    async def turned_off() -> None:
        if what == "policy":
            await rival.edit_policy(audited, enabled=False)
        else:
            await rival.turn(audited, on=False)

    process.table.at("commit", before=turned_off)

    expected = Outcome.POLICY_OFF if what == "policy" else Outcome.FEATURE_OFF
    assert await process.outcome(audited, "ann") is expected
    assert (await process.state(audited)).assigned_licenses(E1) == 0


async def test_an_administrators_change_is_decided_again_too(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited)

    async def overtaken() -> None:
        await rival.put_app(audited, app("mail", EXCHANGE, clients=("client",)))

    process.table.at("commit", before=overtaken)
    await process.put_app(audited, app("calendar", EXCHANGE, clients=("other",)))

    assert {"mail", "calendar"} <= (await process.state(audited)).configuration.apps.keys()


async def test_a_first_commit_overtaken_by_anothers_first_commit_is_decided_again(
    process: Process, rival: Process, audited: str
) -> None:
    async def overtaken() -> None:
        await rival.turn(audited, on=True)

    process.table.at("commit", before=overtaken)
    await process.put_product(audited, product(E1))

    state = await process.state(audited)
    assert state.head.sequence == 2
    assert state.configuration.settings.auto_claim_enabled


@pytest.mark.usefixtures("nobody_leads")
async def test_attempts_are_bounded_and_the_caller_is_told(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "ATTEMPTS", 4)
    await process.open(audited, product(E1, 100))
    names = iter(range(100))

    async def overtaken() -> None:
        await rival.sign_in(audited, f"rival-{next(names)}")

    process.table.forget_calls()
    process.table.at("commit", before=overtaken, times=4)

    with pytest.raises(LedgerUnavailableError):
        await process.sign_in(audited, "ann")

    assert process.table.count("commit") == 4
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_a_user_row_rewritten_without_a_commit_does_not_stop_the_user(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when names are erased: the row has a new ETag, and the head has not."""
    monkeypatch.setattr(committer, "ATTEMPTS", 4)
    await process.open(audited)
    await process.sign_in(audited, "ann")
    client = rival.table._client  # noqa: SLF001 - nothing of the ledger's writes without a commit
    await client.update_entity(await client.get_entity(audited, "user:ann"), mode="replace")

    await process.take_back(audited, "ann")

    assert (await process.state(audited)).assigned_licenses(E1) == 0
