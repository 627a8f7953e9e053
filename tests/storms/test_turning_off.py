"""Administrators turn things off in the middle of a storm: their change gets through, and counts at once everywhere."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from domain.journal import Action
from localhost.audit import prompt
from tests.storms.tenant import Tenant, users

STORMERS = 600
SEATS = 5 * STORMERS
BEFORE = 100
"""Claims before the change: it comes in the middle."""
CHANGE_SECONDS_MAX = 10.0
"""How long an administrator's change may take before the app gives it up."""
CHANGES = 10

_log = logging.getLogger("storms")


@asynccontextmanager
async def storm_around(tenant: Tenant) -> AsyncIterator[None]:
    """People sign in before, during and after the block."""
    async with asyncio.TaskGroup() as group:
        storming = group.create_task(tenant.storm(users(STORMERS)))
        await tenant.until(lambda storm: len(storm.answers) >= BEFORE)
        yield
        assert not storming.done(), "the storm ended before the change did: it shows nothing"


async def answered_at(change: Awaitable[None]) -> float:
    """Makes the change; gives when its answer came."""
    began = time.monotonic()
    await change
    ended = time.monotonic()
    _log.info("an administrator's change took %.3f s", ended - began)
    assert ended - began < CHANGE_SECONDS_MAX
    return ended


def assert_nobody_claimed_after(tenant: Tenant, action: Action, at: float, sku_id: str = "") -> None:
    books = tenant.assert_rules_held()
    verdict = prompt(books, tenant.answers, books.last_change(action), at, sku_id)
    assert verdict.held, str(verdict)
    assert sum(answer.began > at for answer in tenant.answers) > 0
    assert sum(answer.outcome == "claimed" and answer.began < at for answer in tenant.answers) >= BEFORE


async def test_nobody_claims_once_a_policy_is_off(tenant: Tenant) -> None:
    _, policy_id = await tenant.prepare(SEATS)

    async with storm_around(tenant):
        at = await answered_at(tenant.administrator.change_policy(policy_id, enabled=False))

    assert_nobody_claimed_after(tenant, Action.POLICY_UPDATED, at)
    assert {answer.outcome for answer in tenant.answers if answer.began > at} == {"policyOff"}


async def test_nobody_claims_once_the_feature_is_off(tenant: Tenant) -> None:
    await tenant.prepare(SEATS)

    async with storm_around(tenant):
        at = await answered_at(tenant.administrator.turn_feature(on=False))

    assert_nobody_claimed_after(tenant, Action.SETTINGS_UPDATED, at)
    assert {answer.outcome for answer in tenant.answers if answer.began > at} == {"featureOff"}


async def test_nobody_claims_a_product_once_it_is_removed_from_the_policy(tenant: Tenant) -> None:
    (removed, kept), policy_id = await tenant.prepare(SEATS, SEATS)

    async with storm_around(tenant):
        at = await answered_at(tenant.administrator.change_policy(policy_id, products=[{"skuId": kept}]))

    assert_nobody_claimed_after(tenant, Action.POLICY_UPDATED, at, removed)
    told_later = {(answer.outcome, answer.sku_id) for answer in tenant.answers if answer.began > at}
    assert told_later == {("claimed", kept)}


async def test_many_changes_get_through_one_after_the_other(tenant: Tenant) -> None:
    _, policy_id = await tenant.prepare(SEATS)

    async with storm_around(tenant):
        for number in range(CHANGES):
            await answered_at(tenant.administrator.change_policy(policy_id, name=f"Teams for all, {number}"))

    changes = [record.sequence for record in tenant.assert_rules_held().journal if is_change(record.entries[0].action)]
    assert len(changes) == CHANGES


def is_change(action: Action) -> bool:
    return action is Action.POLICY_UPDATED
