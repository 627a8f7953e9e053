"""A tenant in which everything happens that changes licenses, and more of it at random."""

from datetime import date
from random import Random

from domain.policies import delete_policy
from domain.sign_ins import Outcome
from tests.domain.tenants import ANY, guid
from tests.reports.history import History, backup, plan, policy
from tests.reports.processes import ReportingProcess, SetClock

PEOPLE = 12


async def lively_tenant(tenant_id: str, process: ReportingProcess, clock: SetClock) -> History:
    """Claims on several days, assignments by hand, taking back, changed plans, a deleted policy; partly rolled up."""
    history = History(tenant_id, process, clock, policies=3)
    await history.open(primary_seats=4)
    clock.set(date(2024, 1, 5), 9)
    await history.burst(9)
    clock.set(date(2024, 1, 6), 9)
    await history.burst(4)
    await process.assign(tenant_id, "by-hand", backup(0), plan(0))
    await process.assign(tenant_id, "by-hand", backup(1))
    await history.take_back("user-000001", 0)
    await history.sign_in("user-000001", 0)
    await process.assign(tenant_id, "user-000002", history.licenses["user-000002", 0].sku_id, guid(0xE1))
    await process.roll_up_all(tenant_id)
    clock.set(date(2024, 2, 10), 9)
    await history.burst(5)
    await process.done(tenant_id, delete_policy, policy_id=policy(2), precondition=ANY)
    history.policies, history.people = 2, PEOPLE
    await process.take_back(tenant_id, "user-000003")
    clock.set(date(2024, 2, 11), 9)
    for _ in range(3):
        clock.forward(hours=1)
        await history.sign_in(f"single-{clock.now.hour}", 0)
    await process.roll_up_all(tenant_id)
    clock.forward(hours=1)
    await history.burst(2)
    return history


class Storm:
    """Random changes of licenses, one at a time. `changes` counts them."""

    def __init__(self, history: History, random: Random) -> None:
        self._history = history
        self._random = random
        self.changes = 0

    async def change(self) -> None:
        """Something happens to somebody."""
        self.changes += 1
        history, process, tenant_id = self._history, self._history.process, self._history.tenant_id
        # People before, among and behind those who were there, and some of those.
        name = self._random.choice(["a", "user-0000", "zz"]) + f"{self._random.randrange(PEOPLE):02d}"
        number = self._random.randrange(2)
        history.clock.forward(seconds=self._random.randrange(40_000))
        match self._random.randrange(6):
            case 0:
                await history.burst(3)
            case 1:
                await process.assign(tenant_id, name, backup(number))
            case 2:
                await process.assign(tenant_id, name, backup(number), guid(0xE1))
            case 3:
                await process.take_back(tenant_id, name)
            case 4:
                await process.roll_up_all(tenant_id)
            case _:
                outcome = (await history.sign_in(name, number)).outcome
                assert outcome in {Outcome.CLAIMED, Outcome.ALREADY_LICENSED, Outcome.APP_TURNED_OFF}
