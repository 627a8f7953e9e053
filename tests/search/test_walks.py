"""Short walks on the ground of the search: something happens at every call of one process in turn."""

from tests.domain.tenants import E1, TEAMS
from tests.search.asked import LookAtReport, PutProduct, RollUp, SignIn
from tests.search.calls import Fate
from tests.search.draws import PLANS, USERS, SetUp
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
    machine = ProcessesMachine()
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
    machine.teardown()
