"""Several processes on one tenant, interleaved at every call of theirs to the storage.

Hypothesis draws what is asked of which process, whose call goes on next, and what becomes of it: it goes through, its
answer is slow, it is lost before or after it was carried out, or it is carried out long after its process gave up.
Processes die and begin anew, their clocks differ, callers give up, months pass. The tenant is pruned, moved to another
storage account, deleted and made again; names are erased. See ground.py for how it goes on, history.py for what may be.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from storage.tables.operations import Operation, Write, deleted
from tests.domain.tenants import TEAMS
from tests.search.asked import (
    Chore,
    CreatePolicy,
    DeletePolicy,
    DeleteTenant,
    EditPolicy,
    Look,
    MoveTenant,
    Request,
    RollUp,
    SignIn,
)
from tests.search.calls import Fate
from tests.search.draws import (
    ONE_BEFORE,
    PROCESSES,
    USERS,
    SetUp,
    accounts,
    calls,
    chores,
    held_up,
    looks,
    meanwhiles,
    minutes,
    misfortunes,
    misfortunes_of_posts,
    nonsense,
    picks,
    policy_edits,
    processes,
    set_ups,
    sign_ins,
    stands,
    totals,
    tugs,
)
from tests.search.draws import administration as changes
from tests.search.ground import Ground


class ProcessesMachine(Ground):
    """Several processes on one tenant."""

    @initialize(
        prepared=st.sampled_from([True] * 7 + [False]),
        total=totals,
        minutes=minutes,
    )
    def prepare(self, *, prepared: bool, total: int, minutes: list[int]) -> None:
        """The clocks differ; most tenants have a policy when it begins."""
        self.ahead = [timedelta(minutes=each) for each in minutes]
        if prepared:
            self.do_alone(0, SetUp(total))

    @rule(process=processes, what=sign_ins)
    def sign_in(self, process: int, what: SignIn) -> None:
        self.ask(process, what)

    @rule(
        where=st.lists(st.tuples(processes, st.sampled_from([*USERS, ""])), min_size=2, max_size=6),
        rounds=st.integers(0, 8) | st.integers(0, 40),
    )
    def rush(self, where: list[tuple[int, str]], rounds: int) -> None:
        """Several sign in at the same moment, some of them never seen."""
        for number, (process, user) in enumerate(where):
            self.ask(process, SignIn(user or f"new-{len(self.history.asked)}-{number}", TEAMS))
        self.go_on_in_step(rounds)

    @rule(process=processes, others=st.integers(1, PROCESSES - 1), rounds=st.integers(0, 20))
    def collide(self, process: int, others: int, rounds: int) -> None:
        """Two commit at the same moment. Whoever is second is to lead, and the others are to post."""
        both = process, (process + others) % PROCESSES
        tasks = [self.ask(each, SignIn(f"new-{len(self.history.asked)}", TEAMS)) for each in both]
        commits = [self.go_on_to_commit(each, task) for each, task in zip(both, tasks, strict=True)]
        for commit in commits:
            if commit and not commit.answer.done():
                commit.go_on(Fate.THROUGH)
                self.run()
        self.go_on_in_step(rounds)

    @rule(
        misfortune=misfortunes_of_posts,
        pick=st.integers(0, 11),
        nonsense=nonsense,
    )
    def misfortune_of_posts(self, misfortune: str, pick: int, nonsense: dict[str, object]) -> None:
        """What processes write to each other is lost, cannot be read, or comes late."""
        posts = self.posts()
        match misfortune:
            case "one comes again":
                for account, (ledger, _) in self.accounts.items():
                    written = self.notes.posts.get(account, [])
                    if written:
                        # Mostly one of the last.
                        ledger.transact([Operation(Write.UPSERT, written[-1 - pick % len(written)])])
            case _ if not posts:
                return
            case "all vanish":
                for account, partition, key in posts:
                    self.accounts[account][0].transact([deleted(partition, key)])
            case "one vanishes":
                account, partition, key = posts[pick % len(posts)]
                self.accounts[account][0].transact([deleted(partition, key)])
            case "one is damaged":
                account, partition, key = posts[pick % len(posts)]
                ledger = self.accounts[account][0]
                stored = ledger.get(partition, key)
                assert stored
                ledger.transact([Operation(Write.UPSERT, {**stored.row, **nonsense})])
                self.notes.posts[account].pop()

    @rule(process=processes, what=changes)
    def administer(self, process: int, what: Request) -> None:
        self.ask(process, what)

    @rule(process=processes, edit=policy_edits)
    def write_policy(self, process: int, edit: CreatePolicy | EditPolicy | DeletePolicy) -> None:
        """One of the last policies is changed or deleted, or a new one made."""
        if isinstance(edit, CreatePolicy):
            self.add_policy()
        self.ask(process, self.about_last_policy(edit))

    def about_last_policy(self, what: Request) -> Request:
        """The same, with a policy's id where it was left open."""
        if not isinstance(what, CreatePolicy | EditPolicy | DeletePolicy):
            return what
        *before, last = self.policies[-2:]
        return replace(what, policy=before[0] if before and what.policy == ONE_BEFORE else last)

    @rule(process=processes, what=st.one_of(looks, chores))
    def look_back(self, process: int, what: Look | Chore) -> None:
        self.ask(process, what)

    @rule(
        process=processes,
        what=held_up,
        calls=calls,
        stand=stands,
        others=st.integers(1, PROCESSES - 1),
        meanwhile=meanwhiles,
        question=st.none() | sign_ins | looks,
    )
    def something_comes_between(  # noqa: PLR0913, PLR0917 - what is drawn
        self,
        process: int,
        what: Request,
        calls: int,
        stand: Fate | None,
        others: int,
        meanwhile: tuple[Request | SetUp, ...],
        question: Request | None,
    ) -> None:
        """A process stands still at a call, or its answer is slow, while another one does something to its end."""
        self.go_on_alone(process, self.ask(process, what), calls)
        own = self.waited_for(process)
        if stand and own:
            own[0].go_on(stand)
            self.run()
        for each in meanwhile:
            self.do_alone((process + others) % PROCESSES, each)
        if question:
            self.ask(process, question)

    @rule(process=processes, others=st.integers(1, PROCESSES - 1), first=tugs, second=tugs, then=tugs | sign_ins)
    def slow_answer(self, process: int, others: int, first: Request, second: Request, then: Request) -> None:
        """While the answer to a commit is on its way, another process is faster, and then somebody asks."""
        task = self.ask(process, self.about_last_policy(first))
        commit = self.go_on_to_commit(process, task)
        if commit:
            commit.go_on(Fate.CARRIED_OUT)
        self.do_alone((process + others) % PROCESSES, self.about_last_policy(second))
        self.do_alone(process, self.about_last_policy(then))

    @rule(process=processes, other=processes, set_up=set_ups)
    def begin_again(self, process: int, other: int, set_up: SetUp) -> None:
        """The tenant is deleted, and made again by the same process or another one."""
        self.do_alone(process, DeleteTenant())
        self.do_alone(other, set_up)

    @rule(process=processes, what=st.sampled_from([DeleteTenant()]))
    def delete(self, process: int, what: DeleteTenant) -> None:
        self.ask(process, what)

    @rule(process=processes, to=accounts, restarted=st.sets(processes))
    def move(self, process: int, to: str, restarted: set[int]) -> None:
        """The tenant is moved; some processes have the new setting soon."""
        self.setting = to
        self.do_alone(process, MoveTenant(to))
        for each in sorted(restarted):
            self.restart(each)

    @rule(chosen=picks)
    def some_go_on(self, chosen: list[tuple[int, Fate]]) -> None:
        for pick, fate in chosen:
            self.go_on(pick, fate)

    @rule(rounds=st.integers(1, 8) | st.integers(1, 40))
    def go_on_in_step(self, rounds: int) -> None:
        """One call of each process after the other: they know the same, and collide."""
        for _ in range(rounds):
            for process in range(PROCESSES):
                own = self.waited_for(process)
                if own:
                    # The oldest: none waits for ever.
                    min(own, key=lambda call: call.number).go_on(Fate.THROUGH)
                    self.run()
            if self.loop.has_timer:
                self.loop.pass_time()
                self.look()

    @rule()
    def let_everything_go_on(self) -> None:
        self.let_everybody_answer()

    @rule(months=st.integers(1, 4), counted_by=st.none() | processes)
    def months_pass(self, months: int, counted_by: int | None = None) -> None:
        """Long enough that what was committed is old. Nobody waits for an answer so long."""
        self.let_everybody_answer()
        if counted_by is not None:
            self.do_alone(counted_by, RollUp())
        self.now += timedelta(days=31 * months)

    @rule(misfortune=misfortunes, process=processes, amount=st.integers(1, 6))
    def misfortune(self, misfortune: str, process: int, amount: int) -> None:
        match misfortune:
            case "time passes":
                self.now += timedelta(hours=8 * amount)
            case "a caller gives up" if self.open:
                list(self.open)[amount % len(self.open)].cancel()
            case "a process dies":
                self.restart(process)
            case "a process is cut off":
                for _ in range(amount):
                    for call in self.waited_for(process)[:1]:
                        call.go_on(Fate.LOST)
                    self.run()
        self.run()
