"""Visits: many at once and never more than allowed, fewer when the storage has trouble, and rounds that go on."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.errors import LedgerUnavailableError
from domain.upkeep import Round
from functions.timers import rounds as visits
from functions.timers.rounds import AT_ONCE_FIRST, AT_ONCE_MOST, Pace, go_round, visit_each
from tests.reports.made_up_tenants import MadeUpTenants

ROUND = "a round"


class Visitor:
    """Visits, and counts how many it is at, at once.

    Attributes:
        visited: Whom it visited, in the order of the visits' ends.
        most_at_once: The most that it was at.
    """

    def __init__(self) -> None:
        self.visited: list[str] = []
        self.most_at_once = 0
        self._at_once = 0

    async def __call__(self, tenant_id: str) -> None:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(0.001)
            self.visited.append(tenant_id)
        finally:
            self._at_once -= 1


async def ignored(_: str) -> None:
    """Nobody writes down how far it is."""


def many(count: int) -> list[str]:
    return [f"tenant-{number:04d}" for number in range(count)]


async def test_many_are_visited_at_once_and_never_more_than_allowed() -> None:
    tenants, visitor = MadeUpTenants(*many(300)), Visitor()

    await visit_each(tenants.tenants(), visitor, Pace(tenants.unanswered), ignored)

    assert sorted(visitor.visited) == many(300)
    assert visitor.most_at_once == AT_ONCE_MOST


async def test_a_storage_in_trouble_is_visited_less_and_then_more_again() -> None:
    trouble = 0
    pace = Pace(lambda: trouble)
    assert pace.at_once == AT_ONCE_FIRST
    for _ in range(200):
        pace.end(pace.begin())
    assert pace.at_once == AT_ONCE_MOST

    under_way = [pace.begin() for _ in range(AT_ONCE_MOST)]
    for number in under_way:
        trouble += 1
        pace.end(number)
    assert pace.at_once == AT_ONCE_MOST // 2  # all of them tell of the same trouble

    for _ in range(5):
        trouble += 1
        pace.end(pace.begin())
    assert pace.at_once == 1
    for _ in range(200):
        pace.end(pace.begin())
    assert pace.at_once == AT_ONCE_MOST


async def test_visits_slow_down_while_the_storage_has_trouble() -> None:
    tenants, visitor = MadeUpTenants(*many(200)), Visitor()

    async def visit(tenant_id: str) -> None:
        tenants.trouble += 1
        await visitor(tenant_id)

    await visit_each(tenants.tenants(), visit, Pace(tenants.unanswered), ignored)

    assert sorted(visitor.visited) == many(200)
    assert visitor.most_at_once == AT_ONCE_FIRST


async def test_how_far_it_came_is_told_only_as_far_as_all_before_were_visited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "KEPT_EVERY", 10)
    tenants, visitor = MadeUpTenants(*many(100)), Visitor()
    told: list[str] = []
    slow = asyncio.Event()

    async def visit(tenant_id: str) -> None:
        if tenant_id == "tenant-0042":
            await slow.wait()
        await visitor(tenant_id)

    async def reached(tenant_id: str) -> None:
        told.append(tenant_id)
        if len(visitor.visited) >= 60:
            slow.set()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await visit_each(tenants.tenants(), visit, Pace(tenants.unanswered), reached)

    assert len(visitor.visited) == 99
    assert told == sorted(told)
    assert told[-1] == "tenant-0041"


async def test_a_round_goes_on_where_it_was_cut_and_visits_everybody_once() -> None:
    tenants, visitor = MadeUpTenants(*many(500)), Visitor()

    runs = 0
    at = Round(tenants.now)
    while not at.is_over:
        at = await go_round(tenants, ROUND, visitor, 0.02)
        runs += 1
        assert runs < 500

    assert runs > 1
    assert set(visitor.visited) == set(many(500))
    assert len(visitor.visited) == 500  # what was cut off was not counted as visited

    visitor.visited.clear()
    assert (await go_round(tenants, ROUND, visitor, 10)).is_over
    assert visitor.visited == []
    tenants.now += timedelta(days=1)
    assert (await go_round(tenants, ROUND, visitor, 10)).began == tenants.now
    assert len(visitor.visited) == 500
    await go_round(tenants, ROUND, visitor, 10, anew=True)
    assert len(visitor.visited) == 1000


async def test_a_round_that_takes_days_is_not_begun_again_before_it_is_over() -> None:
    tenants, visitor = MadeUpTenants(*many(10)), Visitor()
    tenants.rounds[ROUND] = Round(tenants.now, "tenant-0006")
    tenants.now += timedelta(days=3)

    at = await go_round(tenants, ROUND, visitor, 10)

    assert at.is_over
    assert visitor.visited == ["tenant-0007", "tenant-0008", "tenant-0009"]


async def test_a_place_that_cannot_be_written_down_stops_no_round() -> None:
    class Forgetful(MadeUpTenants):
        async def keep_round(self, name: str, reached: Round) -> None:
            raise LedgerUnavailableError(name, reached.began.timestamp())

    visitor = Visitor()

    assert (await go_round(Forgetful(*many(10)), ROUND, visitor, 10)).is_over
    assert len(visitor.visited) == 10


async def test_whoever_cannot_be_told_ends_the_visits_and_nothing_runs_on() -> None:
    class Away(MadeUpTenants):
        async def tenants(self, after: str = "") -> AsyncIterator[str]:
            async for tenant_id in super().tenants(after):
                if tenant_id == "tenant-0005":
                    raise LedgerUnavailableError("away")
                yield tenant_id

    tenants, visitor = Away(*many(10)), Visitor()

    with pytest.raises(LedgerUnavailableError, match="away"):
        await go_round(tenants, ROUND, visitor, 10)

    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert tenants.rounds[ROUND].after == visitor.visited[-1]
