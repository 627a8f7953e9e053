"""Short walks on the ground of the search: something happens at every call of one process in turn."""

from tests.domain.tenants import E1, EXCHANGE, TEAMS
from tests.search.asked import CheckIntegrity, EditPolicy, LookAtReport, Prune, PutProduct, RollUp, SignIn, TakeBack
from tests.search.calls import Fate
from tests.search.draws import PLANS, USERS, SetUp
from tests.search.ground import walked
from tests.search.machine import ProcessesMachine

CALLS_MOST = 60
"""More than a roll-up or a report makes here."""


def with_claims(rolled_up: int) -> ProcessesMachine:
    """A tenant with three claims, some of them rolled up."""
    machine = ProcessesMachine()
    machine.prepare(prepared=True, total=3, minutes=[0, 0, 0])
    for number, user in enumerate(USERS, 1):
        machine.ask(0, SignIn(user, TEAMS))
        machine.let_everything_go_on()
        if number == rolled_up:
            machine.ask(0, RollUp())
            machine.let_everything_go_on()
    return machine


def test_a_roll_up_that_dies_at_any_of_its_calls_counts_each_claim_once() -> None:
    for calls in range(CALLS_MOST):
        machine = with_claims(rolled_up=1)
        machine.ask(1, RollUp())
        for _ in range(calls):
            machine.go_on(0, Fate.THROUGH)
        if not machine.open:
            machine.teardown()
            return
        machine.misfortune("a process dies", process=1, amount=1)
        machine.teardown()
    raise AssertionError(f"a roll-up of three claims makes over {CALLS_MOST} calls")


def test_a_report_counts_each_claim_once_though_a_roll_up_comes_at_any_of_its_calls() -> None:
    for calls in range(CALLS_MOST):
        machine = with_claims(rolled_up=1)
        machine.ask(1, LookAtReport())
        for _ in range(calls):
            machine.go_on(0, Fate.THROUGH)
        if not machine.open:
            machine.teardown()
            return
        machine.ask(0, RollUp())
        while machine.waited_for(0):
            machine.go_on(0, Fate.THROUGH)
        machine.teardown()
    raise AssertionError(f"a report makes over {CALLS_MOST} calls")


def test_a_seat_that_another_process_bought_while_a_commits_answer_was_on_its_way_counts_for_who_comes_then() -> None:
    """What is known after an own commit is known as of when it was sent: its answer may have taken long."""
    with walked(ProcessesMachine()) as machine:
        machine.prepare(prepared=False, total=1, minutes=[0, 0, 0])
        machine.do_alone(0, SetUp(1, (E1,)))
        commit = machine.go_on_to_commit(1, machine.ask(1, SignIn("ann", TEAMS)))
        assert commit
        commit.go_on(Fate.CARRIED_OUT)
        machine.do_alone(0, PutProduct(E1, 2, tuple(sorted(PLANS))))
        bob = machine.ask(1, SignIn("bob", TEAMS))
        for call in machine.waited_for(1):
            if call is not commit:
                call.go_on(Fate.THROUGH)
        machine.run()
        commit.go_on(Fate.THROUGH)
        machine.run()
        machine.let_everything_go_on()
        assert bob.result().answer.outcome == "claimed"


def test_a_user_read_ahead_of_a_commit_that_was_not_let_in_is_not_put_beside_the_seats_of_before() -> None:
    """Ann holds the only seat until it is taken back: at no moment she has none and none is free."""
    with walked(ProcessesMachine()) as machine:
        machine.prepare(prepared=False, total=1, minutes=[0, 0, 0])
        machine.do_alone(0, SetUp(1, (E1,)))
        machine.do_alone(0, SignIn("ann", TEAMS))
        edit = machine.ask(1, EditPolicy(machine.policies[-1], products=((E1, (EXCHANGE,)),)))
        machine.ask(1, SignIn("ann", TEAMS))
        commit = machine.go_on_to_commit(1, edit)
        assert commit
        machine.do_alone(0, TakeBack("ann"))
        for call in machine.waited_for(1):
            if call is not commit:
                call.go_on(Fate.THROUGH)
        machine.run()
        commit.go_on(Fate.REFUSED)
        machine.run()
        machine.let_everything_go_on()


def test_a_check_finds_nothing_wrong_though_claims_and_a_pruning_come_at_any_of_its_calls() -> None:
    for calls in range(CALLS_MOST):
        with walked(with_claims(rolled_up=len(USERS))) as machine:
            machine.months_pass(months=4)
            check = machine.ask(1, CheckIntegrity())
            machine.go_on_alone(1, check, calls)
            is_over = check.done()
            machine.do_alone(0, SignIn("dan", TEAMS))
            machine.do_alone(0, RollUp())
            machine.do_alone(2, Prune())
        if is_over:
            return
    raise AssertionError(f"a check makes over {CALLS_MOST} calls")
