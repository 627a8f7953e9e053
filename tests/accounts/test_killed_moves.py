"""Moves that are killed, overtaken and raced at every call to the storage: never two heads, and nothing lost."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import pytest

from domain.errors import LedgerError, LedgerUnavailableError, TenantClosedError
from tests.accounts.processes import FIRST, SECOND, THIRD, RawAccounts, SpreadProcess
from tests.reports.history import History
from tests.reports.tables import MOMENTS, AtMoment, KilledError, Misfortune, Watch, killed
from tests.storage.audit import audit

# What a process that leads looks for by itself is no call of what is tested.
pytestmark = pytest.mark.usefixtures("nobody_leads")

OTHER = {FIRST: SECOND, SECOND: FIRST}
RUNS = 25


@dataclass(slots=True)
class Tenant:
    """A tenant that is moved to and fro, and the processes that have it where it was and where it will be.

    Attributes:
        history: What people were told.
        at: A process whose setting has the tenant there.
        operator: Where moves are run.
        accounts: What is stored.
        home: Where the tenant is, or was when a move began.
    """

    history: History
    at: dict[str, SpreadProcess]
    operator: SpreadProcess
    accounts: RawAccounts
    home: str = FIRST

    @property
    def other(self) -> str:
        """Where it goes next."""
        return OTHER[self.home]

    @property
    def living(self) -> list[str]:
        """The accounts that have a head."""
        return self.accounts.living(self.history.tenant_id)

    async def move(self, to: str, watch: Watch | None = None) -> None:
        """The operator moves it, and may be killed at that."""
        watch = watch or _unwatched
        with self.operator.watched(watch), suppress(KilledError):
            await self.operator.move(self.history.tenant_id, to)

    async def close(self) -> None:
        """A move is killed right after the old home was closed."""
        ledger, _ = self.operator.accounts[self.home]
        ledger.watch = kill_after_commit
        with pytest.raises(KilledError):
            await self.operator.move(self.history.tenant_id, self.other)
        ledger.watch = None
        assert self.living == []

    async def claim(self) -> int:
        """One person signs in through each process; how many claimed. The others were told to come back."""
        claimed = 0
        for process in self.at.values():
            self.history.process = process
            with suppress(TenantClosedError):
                await self.history.burst(1)
                claimed += 1
        return claimed

    async def assert_whole(self, home: str) -> None:
        """The tenant is there, and has all that people were told. There it is from now on."""
        self.home = home
        tenant_id = self.history.tenant_id
        assert self.living == [home]
        rows = [row for (table, _), row in self.accounts.rows(home, tenant_id).items() if table == "ledger"]
        assert audit(rows) == []
        await self.at[home].assert_reports(tenant_id, self.history.told)
        assert await self.at[home].check(tenant_id) == []


async def kill_after_commit(moment: str, kind: str) -> None:
    """A `Watch`: the process ends when it has written something."""
    if (moment, kind) == ("after", "commit"):
        raise KilledError


async def _unwatched(_moment: str, _kind: str) -> None:
    """Nothing happens."""


@pytest.fixture
def tenant(
    history: History, old: SpreadProcess, new: SpreadProcess, operator: SpreadProcess, accounts: RawAccounts
) -> Tenant:
    """A tenant in the first account."""
    return Tenant(history, {FIRST: old, SECOND: new}, operator, accounts)


@pytest.mark.slow
@pytest.mark.parametrize("completed", [True, False])
async def test_a_move_killed_at_any_call_is_completed_or_undone(tenant: Tenant, *, completed: bool) -> None:
    """Whichever way it was going, and with claims in between from processes with either setting."""
    for number in MOMENTS:
        moment = AtMoment(number, killed)
        await tenant.move(tenant.other, moment)
        assert len(tenant.living) <= 1
        assert await tenant.claim() == len(tenant.living)
        if not moment.done:
            await tenant.assert_whole(tenant.other)
            assert number > 20
            return
        to = tenant.other if completed else tenant.home
        await tenant.move(to)
        assert await tenant.claim() == 1
        await tenant.assert_whole(to)
    raise AssertionError("the move does not end")


@pytest.mark.slow
@pytest.mark.parametrize("undone", [True, False])
async def test_an_undoing_killed_at_any_call_is_undone_or_the_move_completed(tenant: Tenant, *, undone: bool) -> None:
    for number in MOMENTS:
        await tenant.close()
        moment = AtMoment(number, killed)
        await tenant.move(tenant.home, moment)
        assert await tenant.claim() == len(tenant.living)
        if not moment.done:
            await tenant.assert_whole(tenant.home)
            assert number > 5
            return
        to = tenant.home if undone else tenant.other
        await tenant.move(to)
        await tenant.assert_whole(to)
    raise AssertionError("the undoing does not end")


@pytest.mark.slow
async def test_claims_at_any_call_of_a_move_are_made_once_or_not_at_all(tenant: Tenant) -> None:
    async def claimed() -> None:
        assert await tenant.claim() == len(tenant.living) <= 1
        with suppress(TenantClosedError):
            await tenant.at[tenant.home].roll_up_all(tenant.history.tenant_id)

    for number in MOMENTS:
        moment = AtMoment(number, claimed)
        await tenant.move(tenant.other, moment)
        await tenant.assert_whole(tenant.other)
        if not moment.done:
            return
    raise AssertionError("the move does not end")


@pytest.mark.parametrize("what", ["claim", "roll-up", "rebuild", "pruning"])
async def test_what_is_in_flight_when_the_tenant_moves_is_done_or_refused(what: str, tenant: Tenant) -> None:
    history = tenant.history
    for number in MOMENTS:
        process = history.process = tenant.at[tenant.home]
        await history.burst(1)
        history.clock.forward(days=1)
        works: dict[str, Callable[[], Awaitable[object]]] = {
            "claim": lambda: history.burst(1),
            "roll-up": lambda: process.upkeep.roll_up(history.tenant_id, 10),  # noqa: B023 - called in this round
            "rebuild": lambda: process.upkeep.rebuild(history.tenant_id),  # noqa: B023
            "pruning": lambda: process.upkeep.prune(history.tenant_id, 400),  # noqa: B023
        }
        moment = AtMoment(number, lambda: tenant.move(tenant.other))
        with process.watched(moment), suppress(TenantClosedError):
            await works[what]()
        if not moment.done:
            assert number >= 4
            return
        await tenant.assert_whole(tenant.other)
    raise AssertionError(f"the {what} does not end")


@pytest.mark.slow
@pytest.mark.parametrize("same_way", [True, False])
async def test_of_two_runs_at_once_one_gets_through(tenant: Tenant, *, same_way: bool) -> None:
    """At every call of one, another run goes from beginning to end: the same way, or the other."""
    for number in MOMENTS:
        to = tenant.other if same_way else tenant.home
        rival = tenant.at[tenant.home]
        moment = AtMoment(number, lambda: rival.move(tenant.history.tenant_id, to))  # noqa: B023 - called in this round
        await tenant.move(tenant.other, moment)
        assert await tenant.claim() == 1
        await tenant.assert_whole(tenant.other)
        if not moment.done:
            return
    raise AssertionError("the move does not end")


@pytest.mark.parametrize("what", ["begins the same", "goes there and back"])
async def test_an_old_home_is_not_closed_for_a_move_that_is_not_waited_for(what: str, tenant: Tenant) -> None:
    """Just before one run closes the old home, another one writes the tombstone at the new one; then all depends on
    both tombstones being of one move: a tenant closed for no move would be lost."""
    tenant_id, rival = tenant.history.tenant_id, tenant.at[FIRST]
    meeting = AtMoment(0, lambda: begun() if what == "begins the same" else there_and_back())

    async def begun() -> None:
        target, _ = rival.accounts[SECOND]
        target.watch = kill_after_commit
        with pytest.raises(KilledError):
            await rival.move(tenant_id, SECOND)
        target.watch = None

    async def there_and_back() -> None:
        await rival.move(tenant_id, SECOND)
        await rival.move(tenant_id, FIRST)

    async def before_closing(moment: str, kind: str) -> None:
        if (moment, kind) == ("before", "commit"):
            await meeting(moment, kind)

    source, _ = tenant.operator.accounts[FIRST]
    source.watch = before_closing
    await tenant.operator.move(tenant_id, SECOND)
    assert meeting.done
    await tenant.assert_whole(SECOND)


@pytest.mark.slow
async def test_of_two_runs_that_are_both_killed_anywhere_either_is_completed(tenant: Tenant, random: Random) -> None:
    tenant_id = tenant.history.tenant_id
    for _ in range(RUNS):
        rival, ways = tenant.at[tenant.home], [tenant.home, tenant.other]
        own_way, other_way = random.choice(ways), random.choice(ways)

        async def run_of_the_rival(rival: SpreadProcess = rival, way: str = other_way) -> None:
            with rival.watched(AtMoment(random.randrange(30), killed)), suppress(KilledError):
                await rival.move(tenant_id, way)

        killing = AtMoment(random.randrange(40), killed)
        meeting = AtMoment(random.randrange(30), run_of_the_rival)

        async def watch(moment: str, kind: str, killing: AtMoment = killing, meeting: AtMoment = meeting) -> None:
            await meeting(moment, kind)
            await killing(moment, kind)

        if random.random() < 0.5:
            await tenant.close()
        await tenant.move(own_way, watch)
        # Killed in one of several calls at once, it leaves the others, and the rival that came in at one of them.
        if left := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(left)
        assert await tenant.claim() == len(tenant.living) <= 1
        to = random.choice(ways)
        await tenant.move(to)
        await tenant.assert_whole(to)


@pytest.mark.slow
async def test_cleaning_at_any_call_of_a_move_takes_nothing_that_is_needed(tenant: Tenant) -> None:
    async def clean() -> None:
        with suppress(LedgerError):
            await tenant.at[FIRST].moves.clean(tenant.history.tenant_id)

    for number in MOMENTS:
        moment = AtMoment(number, clean)
        await tenant.move(tenant.other, moment)
        await tenant.assert_whole(tenant.other)
        await tenant.claim()
        if not moment.done:
            return
    raise AssertionError("the move does not end")


async def test_a_cleaning_at_whose_calls_the_tenant_comes_back_takes_nothing_that_is_needed(tenant: Tenant) -> None:
    tenant_id = tenant.history.tenant_id
    for number in MOMENTS:
        await tenant.move(SECOND)
        moment = AtMoment(number, lambda: tenant.at[FIRST].move(tenant_id, FIRST))
        with tenant.operator.watched(moment):
            await tenant.operator.moves.clean(tenant_id)
        if not moment.done:
            await tenant.assert_whole(SECOND)
            return
        await tenant.assert_whole(FIRST)
        await tenant.claim()
    raise AssertionError("the cleaning does not end")


async def test_a_cleaning_killed_at_any_call_is_completed_by_the_next(tenant: Tenant) -> None:
    tenant_id = tenant.history.tenant_id
    for number in MOMENTS:
        await tenant.move(FIRST)
        await tenant.move(SECOND)
        moment = AtMoment(number, killed)
        with tenant.operator.watched(moment), suppress(KilledError):
            await tenant.operator.moves.clean(tenant_id)
        await tenant.operator.moves.clean(tenant_id)
        assert list(tenant.accounts.rows(FIRST, tenant_id)) == [("ledger", "state")]
        await tenant.assert_whole(SECOND)
        if not moment.done:
            return
    raise AssertionError("the cleaning does not end")


async def test_a_tenant_on_its_way_goes_nowhere_else(tenant: Tenant) -> None:
    tenant_id, operator = tenant.history.tenant_id, tenant.operator
    await tenant.close()
    before = [tenant.accounts.rows(account, tenant_id) for account in OTHER]

    with pytest.raises(LedgerError, match="on its way from first to second: complete that with --to second"):
        await operator.move(tenant_id, THIRD)
    with pytest.raises(LedgerError, match="or undo it with --to first"):
        await operator.moves.clean(tenant_id)

    assert [tenant.accounts.rows(account, tenant_id) for account in OTHER] == before
    await operator.move(tenant_id, SECOND)
    await operator.move(tenant_id, THIRD)
    assert tenant.living == [THIRD]
    await operator.moves.clean(tenant_id)
    assert [len(tenant.accounts.rows(account, tenant_id)) for account in OTHER] == [1, 1]


async def test_a_lost_answer_is_no_reason_to_give_up(tenant: Tenant) -> None:
    async def lost() -> None:
        raise LedgerUnavailableError("the test lost the answer")

    for account in OTHER:
        tenant.operator.accounts[account][0].at("commit", after=lost, times=2)
    await tenant.move(SECOND)
    await tenant.assert_whole(SECOND)


@pytest.mark.slow
async def test_many_runs_in_all_directions_at_once_leave_one_tenant(tenant: Tenant, random: Random) -> None:
    """Operators killed and cut off at random, while the heads are looked at all the time."""
    tenant_id = tenant.history.tenant_id
    misfortune = Misfortune(random)

    async def run(process: SpreadProcess, command: Callable[[], Awaitable[object]]) -> None:
        for _ in range(RUNS):
            with suppress(KilledError, LedgerError), process.watched(misfortune):
                await command()

    async def look() -> None:
        while True:
            assert len(await asyncio.to_thread(tenant.accounts.living, tenant_id)) <= 1

    looking = asyncio.create_task(look())
    await asyncio.gather(
        run(tenant.operator, lambda: tenant.operator.move(tenant_id, random.choice([FIRST, SECOND]))),
        run(tenant.at[FIRST], lambda: tenant.at[FIRST].move(tenant_id, random.choice([FIRST, SECOND]))),
        run(tenant.at[SECOND], lambda: tenant.at[SECOND].moves.clean(tenant_id)),
    )
    looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking
    assert misfortune.kills + misfortune.cuts > RUNS
    for home in (FIRST, SECOND):
        await tenant.move(home)
        assert await tenant.claim() == 1
        await tenant.assert_whole(home)
