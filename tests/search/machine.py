"""Several processes on one tenant, interleaved at every call of theirs to the storage.

Hypothesis draws what is asked of which process, whose call goes on next, and what becomes of it: it goes through, its
answer is slow, it is lost before or after it was carried out, or it is carried out long after its process gave up.
Processes die and begin anew, their clocks differ, callers give up. After each step every commit and every answer so far
must be what the paper says (history.py); at the end everybody has an answer, and an auditor that shares no code with
the product reads the raw rows.
"""

import gc
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from domain.errors import LedgerUnavailableError, TooManyRequestsError
from tests.domain.tenants import E1, E3, EXCHANGE, TEAMS, TEAMS1, TEAMS_ESSENTIALS, TENANT_ID, guid
from tests.search.asked import (
    Assign,
    Change,
    CheckIntegrity,
    CreatePolicy,
    DeletePolicy,
    DeleteProduct,
    EditPolicy,
    Look,
    LookAtReport,
    LookAtState,
    LookAtUser,
    PutApp,
    PutProduct,
    Rebuild,
    RollUp,
    SignIn,
    TakeBack,
    Turn,
)
from tests.search.calls import Call, Calls, Fate
from tests.search.history import Asked, History
from tests.search.memory import Memory
from tests.search.processes import SearchedProcess, own_tasks, start_process
from tests.search.quiet_loop import QuietLoop
from tests.search.small_limits import small_limits
from tests.storage.audit import audit, report

# What is imported stays, so the collection at the end of an example need not look at it.
gc.freeze()

GOES_ON_MOST = 20_000
"""Calls and timers after which what was asked must have ended, if nothing is lost any more."""

PROCESSES = 3
SKUS = [E1, E3]
PLANS = [TEAMS1, TEAMS_ESSENTIALS, EXCHANGE]
APPS = [TEAMS, "mail"]
USERS = ["ann", "bob", "cid"]
DAY = datetime(2026, 1, 30, 12, tzinfo=UTC)

processes = st.integers(0, PROCESSES - 1)
some_plans = st.sets(st.sampled_from(PLANS), min_size=1).map(lambda chosen: tuple(sorted(chosen)))
off = st.sampled_from([(), (), (EXCHANGE,), (TEAMS1,)])
chosen_products = st.lists(
    st.tuples(st.sampled_from(SKUS), off), min_size=1, max_size=2, unique_by=lambda each: each[0]
)
products = chosen_products.map(tuple)
fates = st.sampled_from([Fate.THROUGH] * 8 + [Fate.CARRIED_OUT] * 4 + [Fate.LOST, Fate.LATE, Fate.SHORT])
picks = st.lists(st.tuples(st.integers(0, 11), fates), min_size=1, max_size=20)
sign_ins = st.builds(
    SignIn, st.sampled_from(USERS), st.sampled_from([*APPS[:1] * 3, "mail"]), st.sampled_from([None, "s-1", "s-2"])
)
administration = st.one_of(
    st.builds(TakeBack, st.sampled_from(USERS), st.sampled_from([None, *SKUS])),
    st.builds(Assign, st.sampled_from(USERS), st.sampled_from(SKUS), off),
    st.builds(Turn, st.sampled_from([True, True, False])),
    st.builds(PutProduct, st.sampled_from(SKUS), st.integers(0, 3), some_plans, st.sampled_from([True, True, False])),
    st.builds(DeleteProduct, st.sampled_from(SKUS)),
    st.builds(PutApp, st.sampled_from(APPS), some_plans, st.booleans()),
)
misfortunes = st.sampled_from(["time passes", "a process is cut off", "a process dies", "a caller gives up"])
LAST, ONE_BEFORE = "the last policy", "the one before"
policy_edits = st.one_of(
    st.builds(
        EditPolicy, st.sampled_from([LAST, ONE_BEFORE]), st.sampled_from([None, True, False]), st.none() | products
    ),
    st.builds(EditPolicy, st.sampled_from([LAST, ONE_BEFORE]), st.none(), products),
    st.builds(CreatePolicy, st.just(LAST), st.sampled_from(APPS), products),
    st.sampled_from([DeletePolicy(LAST), DeletePolicy(ONE_BEFORE), EditPolicy(LAST, enabled=True)]),
)
looks = st.sampled_from(
    [LookAtReport(), RollUp(), CheckIntegrity(), LookAtState(), Rebuild()] + [LookAtUser(user) for user in USERS[:2]]
)


class ProcessesMachine(RuleBasedStateMachine):
    """Several processes on one tenant."""

    def __init__(self) -> None:
        super().__init__()
        # What nobody asked for is found out when it is collected: that must not depend on what ran before.
        gc.disable()
        self.limits = small_limits()
        self.loop = QuietLoop()
        self.loop.set_task_factory(own_tasks)
        self.calls = Calls()
        self.ledger, self.reports = Memory(), Memory()
        self.history = History(self.ledger)
        self.now = DAY
        self.ahead = [timedelta()] * PROCESSES
        self.processes = [self.begin(number) for number in range(PROCESSES)]
        self.open: dict[Any, Asked] = {}
        self.numbers = count(1)
        self.policies = [guid(0xB0)]

    def begin(self, number: int) -> SearchedProcess:
        """A process that knows nothing yet."""
        return start_process(number, self.calls, self.ledger, self.reports, lambda: self.now + self.ahead[number])

    @initialize(
        prepared=st.sampled_from([True] * 7 + [False]),
        total=st.integers(1, 3),
        minutes=st.lists(st.integers(-3, 3), min_size=PROCESSES, max_size=PROCESSES),
    )
    def prepare(self, *, prepared: bool, total: int, minutes: list[int]) -> None:
        """The clocks differ; most tenants have a policy when it begins."""
        self.ahead = [timedelta(minutes=each) for each in minutes]
        if prepared:
            for what in (
                Turn(on=True),
                PutProduct(E1, total, tuple(sorted(PLANS)), over=False),
                PutProduct(E3, 1, tuple(sorted(PLANS[:2])), over=False),
                CreatePolicy(self.policies[0], TEAMS, ((E1, ()), (E3, ()))),
            ):
                self.ask(0, what)
                self.let_everything_go_on()

    def ask(self, process: int, what: Change | Look) -> None:
        """Ask a process something. It runs until its first call."""
        asked = Asked(next(self.numbers), what, self.history.last)
        self.history.asked[asked.number] = asked
        self.open[self.processes[process].start(self.loop, asked.number, what)] = asked
        self.run()

    def look(self) -> None:
        """Whatever was committed or answered since must be right."""
        self.history.grow()
        for task in [task for task in self.open if task.done()]:
            asked = self.open.pop(task)
            if task.cancelled():
                continue
            error = task.exception()
            if isinstance(error, TooManyRequestsError):
                assert asked.number not in self.history.made
                asked.refused = True
            elif error is None:
                self.history.judge(asked, task.result())
            elif not isinstance(error, LedgerUnavailableError):
                raise error

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

    @rule(process=processes, what=sign_ins)
    def sign_in(self, process: int, what: SignIn) -> None:
        self.ask(process, what)

    @rule(
        where=st.lists(st.tuples(processes, st.sampled_from([*USERS, ""])), min_size=2, max_size=6),
        rounds=st.integers(0, 8),
    )
    def rush(self, where: list[tuple[int, str]], rounds: int) -> None:
        """Several sign in at the same moment, some of them never seen."""
        for number, (process, user) in enumerate(where):
            self.ask(process, SignIn(user or f"new-{len(self.history.asked)}-{number}", TEAMS))
        self.go_on_in_step(rounds)

    @rule(process=processes, what=administration)
    def administer(self, process: int, what: Change) -> None:
        self.ask(process, what)

    @rule(process=processes, edit=policy_edits)
    def write_policy(self, process: int, edit: CreatePolicy | EditPolicy | DeletePolicy) -> None:
        """One of the last policies is changed or deleted, or a new one made."""
        if isinstance(edit, CreatePolicy):
            self.policies.append(guid(0xB0 + len(self.policies)))
        *before, last = self.policies[-2:]
        self.ask(process, replace(edit, policy=before[0] if before and edit.policy == ONE_BEFORE else last))

    @rule(process=processes, what=looks)
    def look_at(self, process: int, what: Look) -> None:
        self.ask(process, what)

    @rule(chosen=picks)
    def some_go_on(self, chosen: list[tuple[int, Fate]]) -> None:
        for pick, fate in chosen:
            self.go_on(pick, fate)

    @rule(rounds=st.integers(1, 8))
    def go_on_in_step(self, rounds: int) -> None:
        """One call of each process after the other: they know the same, and collide."""
        for _ in range(rounds):
            for process in range(PROCESSES):
                own = self.waited_for(process)
                if own:
                    own[0].go_on(Fate.THROUGH)
                    self.run()
            if self.loop.has_timer:
                self.loop.pass_time()
                self.look()

    @rule()
    def let_everything_go_on(self) -> None:
        """Nothing is lost, until everybody has an answer; what was given up stays on its way."""
        for _ in range(GOES_ON_MOST):
            if not self.open:
                return
            waited_for = self.waited_for()
            assert waited_for or self.loop.has_timer, f"nothing can go on, and these wait: {list(self.open.values())}"
            self.go_on(0 if waited_for else len(self.calls.under_way()), Fate.THROUGH)
        raise AssertionError(f"after {GOES_ON_MOST} calls these still wait: {list(self.open.values())}")

    @rule(misfortune=misfortunes, process=processes, amount=st.integers(1, 6))
    def misfortune(self, misfortune: str, process: int, amount: int) -> None:
        match misfortune:
            case "time passes":
                self.now += timedelta(hours=8 * amount)
            case "a caller gives up" if self.open:
                list(self.open)[amount % len(self.open)].cancel()
            case "a process dies":
                # What it sent may still arrive.
                self.processes[process].kill()
                self.run()
                self.processes[process] = self.begin(process)
            case "a process is cut off":
                for _ in range(amount):
                    for call in self.waited_for(process)[:1]:
                        call.go_on(Fate.LOST)
                    self.run()
        self.run()

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
        """Everybody gets an answer, and what is left is right as a whole."""
        self.let_everything_go_on()
        for call in self.calls.under_way():
            call.go_on(Fate.THROUGH)
        self.look()
        self.processes[0] = self.begin(0)
        for what in (SignIn("zoe", TEAMS), RollUp(), LookAtReport(), CheckIntegrity()):
            self.ask(0, what)
            (task,) = self.open
            self.let_everything_go_on()
            assert task.exception() is None
        gc.collect()
        assert not self.loop.unasked, self.loop.unasked
        problems = audit(self.ledger.rows(TENANT_ID))
        assert not problems, report(problems)
