"""The ground of the search: processes, tables, time, and how what was asked goes on.

After each step every commit and every answer so far must be what the paper says (history.py); at the end everybody has
an answer, and an auditor that shares no code with the product reads the raw rows.
"""

import gc
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from azure.core.exceptions import HttpResponseError
from hypothesis.stateful import RuleBasedStateMachine

from domain.errors import LedgerDamagedError, LedgerUnavailableError, MoveRefusedError, TooManyRequestsError
from storage.tables.operations import Operation, Write
from tests.domain.tenants import E1, TEAMS, TENANT_ID, guid
from tests.search.asked import (
    CheckIntegrity,
    Chore,
    CreatePolicy,
    DeleteTenant,
    Look,
    LookAtReport,
    LookAtState,
    MoveTenant,
    Prune,
    PutProduct,
    Request,
    RollUp,
    SignIn,
    Turn,
)
from tests.search.calls import Call, Calls, Fate
from tests.search.draws import PLANS, PROCESSES, SetUp
from tests.search.history import Asked, History
from tests.search.memory import Memory
from tests.search.processes import ACCOUNTS, FIRST, RETENTION_DAYS, SearchedProcess, own_tasks, start_process
from tests.search.quiet_loop import QuietLoop
from tests.search.small_limits import small_limits
from tests.search.written import POSTS, Notes, Row
from tests.storage.audit import audit, report

# What is imported stays, so the collection at the end of an example need not look at it.
gc.freeze()

GOES_ON_MOST: Final = 20_000
"""Calls and timers after which what was asked must have ended, if nothing is lost any more."""

ALONE_MOST: Final = 400
"""Calls and timers of one process after which something may still wait for another process."""

BEGAN: Final = datetime(2026, 1, 30, 12, tzinfo=UTC)


GroundT = TypeVar("GroundT", bound="Ground")


class Ground(RuleBasedStateMachine):
    """Several processes on one tenant, and nothing that happens to it yet."""

    def __init__(self) -> None:
        super().__init__()
        # What nobody asked for is found out when it is collected: that must not depend on what ran before.
        gc.disable()
        self.limits = small_limits()
        self.loop = QuietLoop()
        self.loop.set_task_factory(own_tasks)
        self.calls = Calls()
        self.notes = Notes()
        self.accounts = {name: (Memory(self.notes.of(name)), Memory()) for name in ACCOUNTS}
        self.history = History({name: ledger for name, (ledger, _) in self.accounts.items()})
        self.now = BEGAN
        self.ahead = [timedelta()] * PROCESSES
        self.setting = FIRST
        # Hypothesis does the same; a walk by hand is the same each time too.
        random.seed(0)
        self.processes = [self.begin(number) for number in range(PROCESSES)]
        self.open: dict[Any, Asked] = {}
        self.numbers = count(1)
        self.policies = [guid(0xB0)]

    def begin(self, number: int) -> SearchedProcess:
        """A process that knows nothing yet but the setting."""
        return start_process(number, self.calls, self.accounts, self.setting, lambda: self.clock(number))

    def clock(self, process: int) -> datetime:
        """What the clock of a process shows: it goes on with the loop's."""
        return self.now + self.ahead[process] + timedelta(seconds=self.loop.time())

    def restart(self, process: int) -> None:
        """A process ends and begins anew. What it sent may still arrive."""
        self.processes[process].kill()
        self.run()
        self.processes[process] = self.begin(process)

    def ask(self, process: int, what: Request) -> Any:
        """Ask a process something: gives the task. It runs until its first call."""
        asked = self.history.ask(next(self.numbers), what, self.loop.time())
        if isinstance(what, Prune):
            # Whatever the clock of a process is, it is not a whole day ahead.
            self.history.first_kept = self.now.date() - timedelta(days=RETENTION_DAYS)
        task = self.processes[process].start(self.loop, asked.number, what)
        self.open[task] = asked
        self.run()
        return task

    def posts(self) -> list[tuple[str, str, str]]:
        """Rows of inboxes and outboxes: account, partition and key, in a fixed order."""
        return [
            (account, partition, row["RowKey"])
            for account, (ledger, _) in self.accounts.items()
            for partition in ledger.partitions()
            if partition.startswith(POSTS)
            for row in sorted(ledger.rows(partition), key=lambda row: str(row["RowKey"]))
        ]

    def write_post(self, row: Row) -> None:
        """A row of an inbox or outbox is there again, or is another."""
        self.accounts[FIRST][0].transact([Operation(Write.UPSERT, row)])

    def look(self) -> None:
        """Whatever was written or answered since must be right."""
        for transaction in self.notes.take():
            self.history.take(transaction, self.loop.time())
        for task in [task for task in self.open if task.done()]:
            asked = self.open.pop(task)
            if task.cancelled():
                continue
            error = task.exception()
            if error is None:
                self.history.judge(asked, task.result())
            elif isinstance(error, TooManyRequestsError):
                assert asked.number not in self.history.made
                asked.refused = True
            elif not self.may_fail(asked, error):
                raise error

    def may_fail(self, asked: Asked, error: BaseException) -> bool:
        """Whether that may go wrong with what was asked."""
        match error:
            case LedgerUnavailableError() | HttpResponseError():
                return True
            case MoveRefusedError():
                return isinstance(asked.what, MoveTenant)
            case LedgerDamagedError():
                # Rows vanish one after the other when a tenant is deleted, and come so when it arrives.
                is_look_back = isinstance(asked.what, Look | Chore) and not isinstance(asked.what, LookAtState)
                return is_look_back and self.history.is_disturbed(asked)
        return False

    def run(self) -> None:
        """Whatever can go on goes on."""
        self.loop.run_until_quiet()
        self.look()

    def waited_for(self, process: int | None = None) -> list[Call]:
        """The calls that somebody waits for: everybody, or one process."""
        under_way = self.calls.under_way()
        return [call for call in under_way if not call.answer.done() and process in {None, call.process}]

    def go_on(self, pick: int, fate: Fate) -> None:
        """One call goes on, or else the next timer ends."""
        under_way = self.calls.under_way()
        choices = len(under_way) + self.loop.has_timer
        if not choices:
            return
        if pick % choices == len(under_way):
            self.loop.pass_time()
        else:
            under_way[pick % choices].go_on(fate)
        self.run()

    def go_on_alone(self, process: int, task: Any, most: int = ALONE_MOST) -> None:
        """Only this process goes on, until it has done something, or made so many calls, or nothing can go on."""
        for _ in range(most):
            own = self.waited_for(process)
            if task.done() or not (own or self.loop.has_timer):
                return
            if own:
                own[0].go_on(Fate.THROUGH)
            else:
                self.loop.pass_time()
            self.run()

    def go_on_to_commit(self, process: int, task: Any) -> Call | None:
        """Only this process goes on, until it commits: gives that call, if it came to it."""
        return self.go_on_to("commit.", process, task)

    def go_on_to(self, what: str, process: int, task: Any) -> Call | None:
        """Only this process goes on, until it makes a call with these words: gives that, if it came to it."""
        for _ in range(ALONE_MOST):
            found = next((call for call in self.waited_for(process) if what in f"{call.what}."), None)
            if found or task.done():
                return found
            self.go_on_alone(process, task, 1)
        return None

    def do_alone(self, process: int, what: Request | SetUp) -> None:
        """A process does something, while all others stand still."""
        for each in self.script(what) if isinstance(what, SetUp) else [what]:
            self.go_on_alone(process, self.ask(process, each))

    def script(self, set_up: SetUp) -> Sequence[Request]:
        """What makes a tenant with a policy. No life has an id of a policy twice."""
        if not set_up.same_policy or self.history.had_policy(self.policies[-1]):
            self.add_policy()
        plans = tuple(sorted(PLANS))
        made = [
            PutProduct(sku, set_up.total, plans, over=False)
            if sku == E1
            else PutProduct(sku, 1, tuple(sorted(PLANS[:2])), over=False)
            for sku in set_up.products
        ]
        chosen = tuple((sku, ()) for sku in set_up.products)
        return [Turn(on=True), *made, CreatePolicy(self.policies[-1], TEAMS, chosen)]

    def add_policy(self) -> None:
        """From now on another policy is the last one."""
        self.policies.append(guid(0xB0 + len(self.policies)))

    def let_everybody_answer(self) -> None:
        """Nothing is lost, until everybody has an answer; what was given up stays on its way."""
        for _ in range(GOES_ON_MOST):
            if not self.open:
                return
            waited_for = self.waited_for()
            assert waited_for or self.loop.has_timer, f"nothing can go on, and these wait: {list(self.open.values())}"
            self.go_on(0 if waited_for else len(self.calls.under_way()), Fate.THROUGH)
        raise AssertionError(f"after {GOES_ON_MOST} calls these still wait: {list(self.open.values())}")

    def teardown(self) -> None:
        try:
            if sys.exception() is None:
                self.end()
        finally:
            for process in self.processes:
                process.kill()
            self.loop.run_until_quiet()
            self.loop.close()
            self.limits.close()
            gc.enable()

    def end(self) -> None:
        """Everybody gets an answer, what was begun is completed, and what is left is right as a whole."""
        self.let_everybody_answer()
        for call in self.calls.under_way():
            call.go_on(Fate.THROUGH)
        self.look()
        setting = self.setting
        for account in self.history.being_deleted():
            self.setting = account
            self.restart(0)
            self.must_do(0, DeleteTenant())
        self.setting = setting
        self.restart(0)
        self.must_do(0, MoveTenant(setting))
        for process in range(PROCESSES):
            # Who has another setting is told that the tenant is not there.
            self.do_alone(process, SignIn(f"zoe-{process}", TEAMS))
        if self.history.now.row is None:
            for what in self.script(SetUp(2)):
                self.must_do(0, what)
        for what in (SignIn("zoe", TEAMS), RollUp(), LookAtReport(), Prune(), LookAtReport(), CheckIntegrity()):
            self.must_do(0, what)
        gc.collect()
        assert not self.loop.unasked, self.loop.unasked
        self.audit()

    def must_do(self, process: int, what: Request) -> None:
        """Something that must be done now; what else there is must not be in its way."""
        task = self.ask(process, what)
        self.let_everybody_answer()
        error = task.exception()
        assert error is None, f"{what}: {error!r}"

    def audit(self) -> None:
        """Hold the rows that there are, and those of the journal that were removed, against each other."""
        assert self.history.home, "the tenant is nowhere"
        rows = self.history.ledgers[self.history.home].rows(TENANT_ID)
        self.history.judge_journal(rows)
        others = [row for row in rows if not row["RowKey"].startswith("journal:")]
        journal = self.history.journal()
        problems = audit([*others, *journal], after=int(journal[0]["sequence"]) - 1)
        assert not problems, report(problems)


@contextmanager
def walked(ground: GroundT) -> Iterator[GroundT]:
    """Walk on a ground by hand. Afterwards everybody has an answer, and everything is right."""
    try:
        yield ground
    finally:
        ground.teardown()
