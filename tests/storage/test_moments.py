"""An answer is true at one moment at least, and what goes wrong at one moment harms nobody later."""

import asyncio
import gc

import pytest

from domain.products import delete_product
from domain.sign_ins import Outcome
from tests.domain.tenants import ANY, E1, E3, product
from tests.storage.faulty_table import Gate, unavailable
from tests.storage.processes import Process


async def test_a_user_is_not_refused_because_of_the_seat_that_the_user_held_until_now(
    process: Process, rival: Process, audited: str
) -> None:
    """Ann holds the only seat. It is taken back after this process has read the state and before it reads Ann."""
    await rival.open(audited, product(E1, 1))
    await rival.sign_in(audited, "ann")

    async def taken_back() -> None:
        await rival.take_back(audited, "ann")

    process.table.at("get", "user:ann", before=taken_back)
    assert await process.outcome(audited, "ann") in {Outcome.ALREADY_LICENSED, Outcome.CLAIMED}


async def test_what_could_not_be_read_again_is_no_damage(process: Process, rival: Process, audited: str) -> None:
    """Ann holds a product that this process does not know yet, and the first try to read it fails."""
    await process.open(audited)
    await process.state(audited)
    await rival.put_product(audited, product(E3, 5))
    await rival.assign(audited, "ann", E3)
    process.table.at("get", "state", before=unavailable)
    await asyncio.gather(process.outcome(audited, "ann"), return_exceptions=True)

    assert await process.outcome(audited, "ann") is Outcome.ALREADY_LICENSED


@pytest.mark.usefixtures("beyond_recall")
async def test_a_user_last_seen_with_a_product_that_is_gone_signs_in(
    process: Process, rival: Process, audited: str
) -> None:
    await process.open(audited)
    await process.put_product(audited, product(E3, 5))
    await process.assign(audited, "ann", E3)
    await rival.take_back(audited, "ann")
    await rival.done(audited, delete_product, sku_id=E3, precondition=ANY)

    assert await process.outcome(audited, "ann") is Outcome.CLAIMED


async def test_what_goes_wrong_while_it_is_decided_ahead_is_asked_for(process: Process, audited: str) -> None:
    """Ann takes the last license, so Bob, who is decided ahead of her commit, is read again, and cannot be.

    An administrator comes first, so Bob waits again.
    """
    unasked: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unasked.append(str(context)))
    await process.open(audited, product(E1, 1))
    gate = Gate()
    process.table.at("commit", before=gate)
    read = Gate()

    async def nothing() -> None:
        pass

    async def cut() -> None:
        await read()
        await unavailable()

    process.table.at("get", "user:bob", before=nothing)
    process.table.at("get", "user:bob", before=cut)
    ann = asyncio.create_task(process.outcome(audited, "ann"))
    await gate.reached()
    bob = asyncio.create_task(process.outcome(audited, "bob"))
    await read.reached()
    edit = asyncio.create_task(process.edit_policy(audited, name="Renamed"))
    await asyncio.sleep(0)
    gate.open()
    read.open()

    assert (await ann, await bob) == (Outcome.CLAIMED, Outcome.NO_LICENSES)
    await edit
    gc.collect()
    assert not unasked
