"""Who was licensed a moment ago is told so without a read; nothing else is ever told from memory."""

import asyncio

import pytest

from domain.products import delete_product
from domain.sign_ins import Outcome
from storage.engine import committer
from tests.domain.tenants import ANY, E1, E3, product
from tests.storage.faulty_table import unavailable
from tests.storage.processes import Process


def recall_only_since(moment: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read before is too old from now on."""
    monkeypatch.setattr(committer, "RECALL_SECONDS_MAX", asyncio.get_running_loop().time() - moment)


async def test_a_repeat_costs_no_call(process: Process, rival: Process, audited: str) -> None:
    """Nor while another process commits all the time."""
    await process.open(audited, product(E1, 10))
    await process.sign_in(audited, "ann")
    await rival.sign_in(audited, "bob")
    process.table.forget_calls()

    assert await process.outcome(audited, "ann") is Outcome.ALREADY_LICENSED

    assert process.table.calls == []


async def test_what_is_older_than_a_minute_is_read(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    await rival.take_back(audited, "ann")
    monkeypatch.setattr(committer, "RECALL_SECONDS_MAX", -0.001)
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_a_user_is_as_old_as_the_read_not_as_the_head(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head was read just now, but another process has moved it since Ann was read."""
    await process.open(audited)
    await process.sign_in(audited, "ann")
    await rival.take_back(audited, "ann")
    moment = asyncio.get_running_loop().time()
    await process.state(audited)
    recall_only_since(moment, monkeypatch)
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_a_user_who_is_exact_is_as_young_as_the_head(
    process: Process, rival: Process, audited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    moment = asyncio.get_running_loop().time()
    await rival.state(audited)
    await process.state(audited)
    process.table.forget_calls()
    recall_only_since(moment, monkeypatch)
    assert await process.outcome(audited, "ann") is Outcome.ALREADY_LICENSED
    assert process.table.calls == []


async def test_what_this_process_did_counts_at_once(process: Process, audited: str) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    await process.take_back(audited, "ann")
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
    await process.edit_policy(audited, enabled=False)
    assert await process.outcome(audited, "ann") is Outcome.POLICY_OFF
    await process.edit_policy(audited, enabled=True)
    await process.turn(audited, on=False)
    assert await process.outcome(audited, "ann") is Outcome.FEATURE_OFF


@pytest.mark.parametrize("was_made", [True, False])
async def test_what_this_process_did_counts_at_once_though_its_answer_was_lost(
    *, was_made: bool, process: Process, audited: str
) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann")
    process.table.at("commit", before=None if was_made else unavailable, after=unavailable if was_made else None)
    await process.take_back(audited, "ann")
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_a_repeat_of_the_claiming_sign_in_is_read(process: Process, audited: str) -> None:
    await process.open(audited)
    await process.sign_in(audited, "ann", sign_in_id="s-1")
    process.table.forget_calls()
    assert await process.outcome(audited, "ann", sign_in_id="s-1") is Outcome.CLAIMED
    assert process.table.count("get", "state") == 1


async def test_a_refusal_is_never_recalled(process: Process, rival: Process, audited: str) -> None:
    await process.open(audited, product(E1, 1))
    await process.sign_in(audited, "ann")
    assert await process.outcome(audited, "bob") is Outcome.NO_LICENSES
    await rival.take_back(audited, "ann")
    assert await process.outcome(audited, "bob") is Outcome.CLAIMED


async def test_a_license_of_a_product_that_is_gone_recalls_nothing(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    await process.put_product(audited, product(E3, 5))
    await process.assign(audited, "ann", E3)
    await rival.take_back(audited, "ann")
    await rival.done(audited, delete_product, sku_id=E3, precondition=ANY)
    await process.state(audited)
    assert await process.outcome(audited, "ann") is Outcome.CLAIMED
