"""Short walks over the end of a tenant's life: what was on its way then, and who knew the tenant before."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest

from tests.domain.tenants import E1, E3, EXCHANGE, TEAMS, TEAMS1
from tests.search.asked import (
    DeleteTenant,
    EditPolicy,
    EraseNames,
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
from tests.search.calls import Fate
from tests.search.draws import USERS, SetUp
from tests.search.ground import walked
from tests.search.machine import ProcessesMachine
from tests.search.processes import FIRST, SECOND

CLOSED_BY = 4
"""Calls after which a deletion has closed the tenant, and deleted nothing."""

CALLS_MOST = 150
"""More than anything makes here."""


Begin = Callable[[], ProcessesMachine]


def fresh(total: int = 2) -> ProcessesMachine:
    """A tenant with a policy and some seats."""
    machine = ProcessesMachine()
    machine.prepare(prepared=True, total=total, minutes=[0, 0, 0])
    return machine


def with_old_claims() -> ProcessesMachine:
    """A tenant with claims that are counted, and old enough to be removed."""
    machine = fresh(total=3)
    for user in USERS:
        machine.do_alone(0, SignIn(user, TEAMS))
    machine.do_alone(0, RollUp())
    machine.months_pass(months=4)
    return machine


def with_claims() -> ProcessesMachine:
    """A tenant with claims that are not counted, the first of them early."""
    machine = ProcessesMachine()
    machine.prepare(prepared=False, total=3, minutes=[0, 0, 0])
    machine.do_alone(0, SetUp(3, (E1,)))
    for user in USERS:
        machine.do_alone(0, SignIn(user, TEAMS))
    return machine


def with_counted_claims() -> ProcessesMachine:
    """The same, and all of them are counted."""
    machine = with_claims()
    machine.do_alone(0, RollUp())
    return machine


def test_who_knew_the_tenant_before_sells_no_seat_that_the_new_one_does_not_have() -> None:
    with walked(fresh()) as machine:
        machine.do_alone(1, SignIn("ann", TEAMS))
        machine.do_alone(0, DeleteTenant())
        machine.do_alone(0, SetUp(1))
        for user in USERS:
            machine.do_alone(1, SignIn(user, TEAMS))


def test_a_policy_that_is_off_in_the_new_tenant_grants_nothing_by_the_old_one() -> None:
    with walked(fresh()) as machine:
        machine.do_alone(1, SignIn("ann", TEAMS))
        machine.do_alone(1, PutProduct(E1, 3, (EXCHANGE, TEAMS1)))
        machine.do_alone(0, DeleteTenant())
        machine.do_alone(0, SetUp(2))
        machine.do_alone(0, SignIn("bob", TEAMS))
        machine.do_alone(0, EditPolicy(machine.policies[-1], enabled=False))
        machine.do_alone(1, SignIn("cid", TEAMS))


def test_who_knew_the_tenant_before_counts_no_licenses_of_products_that_the_new_one_does_not_have() -> None:
    with walked(fresh()) as machine:
        machine.do_alone(1, SignIn("ann", TEAMS))
        machine.do_alone(0, DeleteTenant())
        machine.do_alone(0, SetUp(2, (E3,), same_policy=False))
        machine.do_alone(1, SignIn("bob", TEAMS))
        machine.do_alone(0, SignIn("cid", TEAMS))


class Stand(Enum):
    """What becomes of a process that has made some calls, at the next one."""

    STOPPED = "it goes on later: as when a laptop is closed"
    SLOW = "the call is carried out, and the answer comes later"
    LATE = "it is told that there is no answer, and the call is carried out later"
    DEAD = "it dies, and the call is carried out later"


def bring_to_stand(machine: ProcessesMachine, process: int, task: Any, stand: Stand) -> None:
    own = machine.waited_for(process)
    if stand is Stand.DEAD:
        machine.restart(process)
    elif own and stand is not Stand.STOPPED and not task.done():
        own[0].go_on(Fate.CARRIED_OUT if stand is Stand.SLOW else Fate.LATE)
        machine.run()


@pytest.mark.parametrize("stand", Stand, ids=lambda stand: stand.name.lower())
@pytest.mark.parametrize(
    ("begin", "what"),
    [
        (with_old_claims, Prune()),
        (with_claims, RollUp()),
        (with_claims, DeleteTenant()),
        (with_claims, LookAtReport()),
        (with_counted_claims, LookAtReport()),
        (with_claims, EraseNames("ann")),
        (fresh, SignIn("eve", TEAMS)),
    ],
    ids=lambda each: each.__name__ if callable(each) else type(each).__name__,
)
def test_what_stands_still_at_any_call_while_the_tenant_is_deleted_and_made_again_harms_nothing(
    begin: Begin, what: Request, stand: Stand
) -> None:
    for calls in range(CALLS_MOST):
        with walked(begin()) as machine:
            task = machine.ask(1, what)
            machine.go_on_alone(1, task, calls)
            is_over = task.done()
            bring_to_stand(machine, 1, task, stand)
            machine.do_alone(2, DeleteTenant())
            machine.do_alone(0, SetUp(3))
            machine.do_alone(0, SignIn("ann", TEAMS))
        if is_over:
            return
    raise AssertionError(f"{what} makes over {CALLS_MOST} calls")


def test_a_setting_that_comes_too_early_founds_no_second_tenant_while_the_first_is_deleted() -> None:
    """The default account has a tombstone then, and that does not say that the tenant left."""
    for calls in range(CALLS_MOST):
        with walked(fresh()) as machine:
            task = machine.ask(1, DeleteTenant())
            machine.go_on_alone(1, task, calls)
            is_over = task.done()
            machine.setting = SECOND
            machine.restart(2)
            machine.setting = FIRST
            machine.do_alone(2, SetUp(1))
            machine.let_everything_go_on()
            machine.do_alone(0, SetUp(1))
        if is_over:
            return
    raise AssertionError(f"a deletion makes over {CALLS_MOST} calls")


def test_a_deletion_that_goes_on_late_does_not_end_the_next_deletion_before_its_time() -> None:
    """The tombstone that it finds is another run's, which has not deleted the tenant's rows yet."""
    for calls in range(CALLS_MOST):
        with walked(fresh()) as machine:
            first = machine.ask(1, DeleteTenant())
            machine.go_on_alone(1, first, calls)
            is_over = first.done()
            machine.do_alone(2, DeleteTenant())
            machine.do_alone(0, SetUp(1))
            machine.go_on_alone(2, machine.ask(2, DeleteTenant()), CLOSED_BY)
            machine.go_on_alone(1, first)
            machine.restart(2)
            machine.restart(0)
            machine.do_alone(0, LookAtState())
        if is_over:
            return
    raise AssertionError(f"a deletion makes over {CALLS_MOST} calls")


def test_a_tenant_that_moved_before_its_first_commit_does_not_begin_where_it_was() -> None:
    """The tombstone is made of a head that waits for a first commit, and waits for none."""
    with walked(ProcessesMachine()) as machine:
        machine.prepare(prepared=False, total=1, minutes=[0, 0, 0])
        opening = machine.go_on_to_commit(1, machine.ask(1, Turn(on=True)))
        assert opening
        opening.go_on(Fate.CARRIED_OUT)
        machine.restart(1)
        machine.setting = SECOND
        machine.do_alone(0, MoveTenant(SECOND))
        machine.do_alone(2, Turn(on=True))
        machine.do_alone(2, EditPolicy(machine.policies[-1], enabled=False))
