"""Short walks where one process commits for all: what the others post is on its way while something happens."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import LedgerUnavailableError
from tests.domain.tenants import E1, EXCHANGE, TEAMS, TEAMS1
from tests.search.asked import (
    Assign,
    DeleteTenant,
    EraseNames,
    LookElsewhere,
    MoveTenant,
    PutProduct,
    Request,
    SignIn,
    TakeBack,
    Turn,
)
from tests.search.calls import Call, Fate
from tests.search.draws import PLANS, SetUp
from tests.search.ground import walked
from tests.search.machine import ProcessesMachine
from tests.search.processes import SECOND
from tests.search.test_lives import Stand, bring_to_stand

FOLLOWER, LEADER, OTHER = 0, 1, 2
SEATS_TAKEN = 2
"""Two users have signed in before a walk begins."""

CALLS_MOST = 60
COMMITTED_AT_ONCE = 4
"""So small is the limit here."""


def led(seats: int) -> ProcessesMachine:
    """A tenant where two processes have just collided, so that one leads and the other posts."""
    machine = ProcessesMachine()
    machine.prepare(prepared=False, total=seats, minutes=[0, 0, 0])
    machine.do_alone(FOLLOWER, SetUp(SEATS_TAKEN + seats, (E1,)))
    machine.loop.skip(1)
    machine.collide(process=FOLLOWER, others=LEADER - FOLLOWER, rounds=0)
    for task in list(machine.open):
        machine.go_on_alone(LEADER, task)
    assert not machine.open
    return machine


def posted(machine: ProcessesMachine, *what: SignIn) -> list[Any]:
    """Ask the one who does not lead: what it posts is in the inbox then, in one post."""
    tasks = [machine.ask(FOLLOWER, each) for each in what]
    for look in machine.waited_for(FOLLOWER):
        look.go_on(Fate.THROUGH)
    machine.run()
    post = machine.go_on_to("commit inbox", FOLLOWER, tasks[0])
    assert post
    post.go_on(Fate.THROUGH)
    machine.run()
    return tasks


def go_on_but(machine: ProcessesMachine, process: int, held: Call) -> None:
    """What a process calls goes through, until only one call is left."""
    while others := [call for call in machine.waited_for(process) if call is not held]:
        others[0].go_on(Fate.THROUGH)
        machine.run()


def leader_answers(machine: ProcessesMachine, task: Any) -> None:
    """The leader decides what is posted, and tells it."""
    told = machine.go_on_to("commit outbox", LEADER, task)
    assert told
    told.go_on(Fate.THROUGH)
    machine.run()


def posts_of(machine: ProcessesMachine) -> list[str]:
    """The numbers of the posts that were sent."""
    rows = machine.notes.posts["first"]
    return sorted({row["number"] for row in rows if row["RowKey"].startswith("post:")})


def seats(number: int) -> PutProduct:
    return PutProduct(E1, SEATS_TAKEN + number, tuple(sorted(PLANS)))


def test_what_is_posted_is_claimed_by_the_leader_and_told_by_who_was_asked() -> None:
    with walked(led(seats=1)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        leader_answers(machine, ann)
        machine.go_on_alone(FOLLOWER, ann)
        assert ann.result().answer.outcome == "claimed"
        assert not ann.result().state.head.assigned
        assert posts_of(machine) == ["1"]


def test_of_two_sign_ins_of_somebody_in_one_post_only_the_first_claims() -> None:
    with walked(led(seats=2)) as machine:
        ann, again = posted(machine, SignIn("ann", TEAMS), SignIn("ann", TEAMS))
        leader_answers(machine, ann)
        machine.go_on_alone(FOLLOWER, again)
        assert [each.result().answer.outcome for each in (ann, again)] == ["claimed", "alreadyLicensed"]


def test_who_was_refused_a_seat_that_comes_then_is_posted_again() -> None:
    """Nobody waits beside a leader that answers: what is to be changed is its to change."""
    with walked(led(seats=1)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        machine.do_alone(OTHER, Assign("bob", E1))
        leader_answers(machine, ann)
        machine.do_alone(OTHER, seats(2))
        machine.go_on_in_step(CALLS_MOST)
        assert ann.done(), "it waits beside a leader that answers"
        assert ann.result().answer.outcome == "claimed"
        assert posts_of(machine) == ["1", "2"]


def test_a_process_that_forgot_the_tenant_takes_no_old_answer_for_a_new_one() -> None:
    with walked(led(seats=2)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        leader_answers(machine, ann)
        machine.let_everything_go_on()
        machine.do_alone(FOLLOWER, LookElsewhere())
        machine.do_alone(LEADER, TakeBack("ann"))
        [bob] = posted(machine, SignIn("bob", TEAMS))
        machine.go_on_alone(FOLLOWER, bob)
        machine.let_everything_go_on()
        assert bob.result().answer.license.assigned_by.sequence > ann.result().answer.license.assigned_by.sequence


def again(machine: ProcessesMachine) -> None:
    machine.begin_again(OTHER, OTHER, SetUp(3))


def moved(machine: ProcessesMachine) -> None:
    machine.setting = SECOND
    machine.do_alone(OTHER, MoveTenant(SECOND))
    machine.restart(FOLLOWER)


def does(*what: Request) -> Callable[[ProcessesMachine], None]:
    """Another process does that, while all others stand still."""

    def do(machine: ProcessesMachine) -> None:
        for each in what:
            machine.do_alone(OTHER, each)

    return do


@pytest.mark.parametrize("stand", Stand, ids=lambda stand: stand.name.lower())
@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(does(), id="nothing"),
        pytest.param(does(SignIn("bob", TEAMS)), id="the seat is taken"),
        pytest.param(does(Turn(on=False)), id="it is turned off"),
        pytest.param(does(EraseNames("ann")), id="names are erased"),
        pytest.param(does(DeleteTenant()), id="the tenant is deleted"),
        pytest.param(again, id="the tenant begins again"),
        pytest.param(moved, id="the tenant moves"),
    ],
)
def test_a_leader_that_stands_still_at_any_call_harms_nobody_who_was_posted(
    meanwhile: Callable[[ProcessesMachine], None], stand: Stand
) -> None:
    for calls in range(CALLS_MOST):
        with walked(led(seats=1)) as machine:
            [ann] = posted(machine, SignIn("ann", TEAMS))
            machine.go_on_alone(LEADER, ann, calls)
            is_over = any(key.startswith("answer:") for _, _, key in machine.posts())
            bring_to_stand(machine, LEADER, ann, stand)
            meanwhile(machine)
            machine.go_on_alone(FOLLOWER, ann)
        if is_over:
            return
    raise AssertionError(f"a leader makes over {CALLS_MOST} calls")


@pytest.mark.parametrize("stand", [Stand.STOPPED, Stand.SLOW, Stand.LATE], ids=lambda stand: stand.name.lower())
def test_who_was_refused_claims_nothing_by_a_leader_that_was_only_slow(stand: Stand) -> None:
    for calls in range(CALLS_MOST):
        with walked(led(seats=1)) as machine:
            [ann] = posted(machine, SignIn("ann", TEAMS))
            machine.go_on_alone(LEADER, ann, calls)
            is_over = any(key.startswith("answer:") for _, _, key in machine.posts())
            bring_to_stand(machine, LEADER, ann, stand)
            machine.do_alone(OTHER, Assign("bob", E1))
            machine.go_on_alone(FOLLOWER, ann)
            machine.do_alone(OTHER, seats(2))
            machine.go_on_in_step(CALLS_MOST)
        if is_over:
            return
    raise AssertionError(f"a leader makes over {CALLS_MOST} calls")


def test_who_was_refused_by_one_leader_claims_nothing_by_the_next() -> None:
    """The post is still there when another process leads, and a seat has come."""
    with walked(led(seats=1)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        machine.do_alone(OTHER, Assign("bob", E1))
        leader_answers(machine, ann)
        machine.go_on_alone(FOLLOWER, ann)
        assert ann.result().answer.outcome == "noLicenses"
        machine.do_alone(OTHER, seats(9))
        machine.loop.skip(1)
        machine.collide(process=LEADER, others=OTHER - LEADER, rounds=CALLS_MOST)


def test_nothing_is_told_of_a_commit_that_was_not_made() -> None:
    with walked(led(seats=1)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        commit = machine.go_on_to_commit(LEADER, ann)
        assert commit
        go_on_but(machine, LEADER, commit)
        commit.go_on(Fate.LOST)
        machine.restart(LEADER)
        machine.go_on_alone(FOLLOWER, ann)


def test_what_was_posted_long_ago_is_left() -> None:
    with walked(led(seats=9)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        number = machine.open[ann].number
        ann.cancel()
        machine.loop.skip(10)
        machine.collide(process=FOLLOWER, others=LEADER - FOLLOWER, rounds=CALLS_MOST)
        assert number not in machine.history.made


def test_each_process_is_told_what_became_of_its_own_post() -> None:
    with walked(led(seats=2)) as machine:
        tasks = {each: machine.ask(each, SignIn(f"of-{each}", TEAMS)) for each in (FOLLOWER, OTHER)}
        for process, task in tasks.items():
            post = machine.go_on_to("commit inbox", process, task)
            assert post
            post.go_on(Fate.THROUGH)
            machine.run()
        leader_answers(machine, tasks[FOLLOWER])
        for process, task in tasks.items():
            machine.go_on_alone(process, task)
            assert task.result().answer.outcome == "claimed"
            assert not task.result().state.head.assigned


def test_who_is_posted_is_not_behind_all_that_come_to_the_leader_later() -> None:
    with walked(led(seats=99)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        number = machine.open[ann].number
        own: list[Any] = []
        for _ in range(CALLS_MOST):
            # So many that some wait while one commit is made and the next one decided.
            while len([task for task in own if not task.done()]) < COMMITTED_AT_ONCE * 3:
                own.append(machine.ask(LEADER, SignIn(f"more-{len(own)}", TEAMS)))
            machine.go_on_in_step(1)
            if number in machine.history.made:
                return
        raise AssertionError("the leader starves it")


def test_a_leader_that_was_succeeded_hands_nobody_on() -> None:
    """Whoever posted them asks the next one."""
    with walked(led(seats=9)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        commit = machine.go_on_to_commit(LEADER, ann)
        assert commit
        ann.cancel()
        machine.loop.skip(1)
        machine.collide(process=FOLLOWER, others=OTHER - FOLLOWER, rounds=0)
        bob = machine.ask(OTHER, SignIn("bob", TEAMS))
        machine.go_on_alone(OTHER, bob)
        commit.go_on(Fate.THROUGH)
        before = len(machine.notes.posts["first"])
        machine.go_on_in_step(CALLS_MOST)
        written = machine.notes.posts["first"][before:]
        assert not [row for row in written if "ann" in row.get("content", "")]


def test_who_is_being_told_is_not_decided_again() -> None:
    """Whether it was its own claim is read in the journal; meanwhile the license is taken back."""
    with walked(led(seats=2)) as machine:
        ann, again = posted(machine, SignIn("ann", TEAMS), SignIn("ann", TEAMS))
        leader_answers(machine, ann)
        look = machine.go_on_to("get journal", FOLLOWER, again)
        assert look
        number = machine.open[again].number
        machine.do_alone(OTHER, TakeBack("ann"))
        for _ in range(CALLS_MOST):
            for process in (FOLLOWER, LEADER):
                for call in [call for call in machine.waited_for(process) if call is not look]:
                    if number not in machine.history.made:
                        call.go_on(Fate.THROUGH)
                        machine.run()
            if number in machine.history.made:
                break
            if machine.loop.has_timer:
                machine.loop.pass_time()
        look.go_on(Fate.THROUGH)
        machine.run()


def test_who_claimed_is_not_told_to_be_licensed_already_because_the_journal_is_gone() -> None:
    """The leader's answer is lost, and the tenant is deleted before it is looked up who claimed."""
    with walked(led(seats=2)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        commit = machine.go_on_to_commit(LEADER, ann)
        assert commit
        commit.go_on(Fate.CARRIED_OUT)
        look = machine.go_on_to("get journal", FOLLOWER, ann)
        assert look
        machine.do_alone(OTHER, DeleteTenant())
        look.go_on(Fate.THROUGH)
        machine.run()
        assert isinstance(ann.exception(), LedgerUnavailableError)


def test_a_post_that_comes_again_after_it_was_decided_is_not_decided_again() -> None:
    with walked(led(seats=1)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        [post] = [row for row in machine.notes.posts["first"] if row["RowKey"].startswith("post:")]
        machine.do_alone(OTHER, Assign("bob", E1))
        leader_answers(machine, ann)
        machine.go_on_alone(FOLLOWER, ann)
        assert ann.result().answer.outcome == "noLicenses"
        machine.do_alone(OTHER, seats(2))
        machine.write_post(post)
        machine.let_everything_go_on()
        machine.go_on_in_step(CALLS_MOST)


@pytest.mark.parametrize("pieces", [{"content": "{"}, {"number": "many"}, {"leader": 7}, {"at": "zzz"}])
def test_a_post_that_cannot_be_read_costs_only_time(pieces: dict[str, object]) -> None:
    with walked(led(seats=1)) as machine:
        [ann] = posted(machine, SignIn("ann", TEAMS))
        machine.write_post({**machine.notes.posts["first"][0], **pieces})
        machine.let_everything_go_on()
        assert ann.result().answer.outcome == "claimed"


def test_an_administrators_change_goes_between_what_the_leader_commits() -> None:
    with walked(led(seats=3)) as machine:
        posted(machine, SignIn("ann", TEAMS))
        change = machine.ask(FOLLOWER, PutProduct(E1, 9, (EXCHANGE, TEAMS1)))
        for _ in range(CALLS_MOST):
            machine.ask(LEADER, SignIn(f"more-{len(machine.history.asked)}", TEAMS))
            machine.go_on_in_step(1)
            if change.done():
                return
        raise AssertionError("the leader starves it")
