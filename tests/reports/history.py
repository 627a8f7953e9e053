"""Makes a tenant's history through the real code, and keeps what people were told: an account of its own.

The clock stands while a burst of people sign in, so that group commit takes them together; people who sign in to
several apps make few rows, which the emulator's speed depends on.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from domain.licenses import License
from domain.sign_ins import ClaimAnswer, Outcome
from tests.domain.tenants import app, guid, product
from tests.reports.processes import Cell, ReportingProcess, SetClock

PRIMARY_SEATS = 300
"""Of each product that comes first in a policy: it runs out, and the backup takes over."""
SEATS = 1_000_000
MINUTES_OF_A_DAY = 24 * 60


def primary(number: int) -> str:
    """The primary product of a policy."""
    return guid(0x1000 + number)


def backup(number: int) -> str:
    """The backup product of a policy."""
    return guid(0x2000 + number)


def policy(number: int) -> str:
    """A policy."""
    return guid(0xB000 + number)


def app_id(number: int) -> str:
    """The app of a policy."""
    return f"app-{number}"


def plan(number: int) -> str:
    """The service plan of an app."""
    return guid(0xA000 + number)


@dataclass(slots=True)
class History:
    """One tenant's people, and what they were told.

    Attributes:
        tenant_id: The tenant.
        process: Where everything is done.
        clock: The process's.
        policies: How many policies there are, each for an app of its own.
        told: Claims that were answered: how many of each product, under each policy, on each day.
        licenses: The last license that was claimed, for each person and app.
    """

    tenant_id: str
    process: ReportingProcess
    clock: SetClock
    policies: int
    told: Counter[Cell] = field(default_factory=Counter)
    licenses: dict[tuple[str, int], License] = field(default_factory=dict)
    people: int = 0
    _claims: int = 0

    async def open(self, primary_seats: int = PRIMARY_SEATS) -> None:
        """Turn the feature on and make the policies, each with a primary product that runs out and a backup."""
        await self.process.turn(self.tenant_id, on=True)
        for number in range(self.policies):
            plans = (plan(number), guid(0xE1))
            await self.process.put_app(self.tenant_id, app(app_id(number), plan(number)))
            await self.process.put_product(self.tenant_id, product(primary(number), primary_seats, plans))
            await self.process.put_product(self.tenant_id, product(backup(number), SEATS, plans))
            await self.process.create_policy(
                self.tenant_id, primary(number), backup(number), policy_id=policy(number), app_id=app_id(number)
            )

    async def sign_in(self, user_id: str, number: int) -> ClaimAnswer:
        """One person signs in to one app."""
        answer = await self.process.sign_in(
            self.tenant_id, user_id, app_id(number), principal_name=f"{user_id}@contoso.example", display_name=user_id
        )
        if answer.outcome is Outcome.CLAIMED:
            assert answer.policy is not None
            assert answer.license is not None
            self.told[answer.license.assigned_at.date(), answer.policy.id, answer.license.sku_id] += 1
            self.licenses[user_id, number] = answer.license
        return answer

    async def burst(self, claims: int) -> None:
        """So many claims at once, at the clock's time, of people who were never seen before."""
        pairs = []
        for number in range(claims):
            self.people += number % self.policies == 0
            pairs.append((f"user-{self.people:06d}", (self._claims + number) % self.policies))
        self._claims += claims
        answers = await asyncio.gather(*(self.sign_in(*pair) for pair in pairs))
        assert all(answer.outcome is Outcome.CLAIMED for answer in answers)

    async def day(self, day: date, bursts: Iterable[int], random: Random) -> None:
        """Bursts of so many claims each, at random times of a day."""
        sizes = list(bursts)
        minutes = sorted(random.sample(range(MINUTES_OF_A_DAY), len(sizes)))
        for minute, size in zip(minutes, sizes, strict=True):
            self.clock.set(day, minute // 60, minute % 60, random.randrange(60), random.randrange(1000))
            await self.burst(size)

    async def take_back(self, user_id: str, number: int) -> None:
        """An administrator takes back what a person claimed for an app."""
        await self.process.take_back(self.tenant_id, user_id, self.licenses[user_id, number].sku_id)


def days_from(first: date, count: int) -> Sequence[date]:
    """So many days, one after the other."""
    return [first + timedelta(days=number) for number in range(count)]


def shares(random: Random, total: int, parts: int) -> list[int]:
    """Splits a total into so many random parts, none of them empty."""
    cuts = sorted(random.sample(range(1, total), parts - 1))
    return [end - start for start, end in zip([0, *cuts], [*cuts, total], strict=True)]
