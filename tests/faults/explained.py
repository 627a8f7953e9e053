"""Answers that rest on a state: each must be true on some state between question and answer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.history import Commit, State


@dataclass(frozen=True, slots=True)
class Observation:
    """Something told that must hold on a state.

    Attributes:
        first: The place in the line of the first commit whose state it may rest on; 0 is before any.
        last: That of the last one.
        holds: Whether it is true on a state.
        rule: The rule that is broken if it never is.
        what: What was told, for people.
        decided_among_claims: Whether it may also rest on a state between two claims of one commit: sign-ins that share
            a commit are decided one after the other.
    """

    first: int
    last: int
    holds: Callable[[State], bool]
    rule: str
    what: str
    decided_among_claims: bool = False


def unexplained(commits: Sequence[Commit], observations: Iterable[Observation]) -> list[Observation]:
    """Those that hold on none of their states."""
    waiting = sorted(observations, key=lambda each: each.first, reverse=True)
    active: list[Observation] = []
    found: list[Observation] = []
    for place, state, is_committed in states(commits):
        while waiting and waiting[-1].first <= place:
            active.append(waiting.pop())
        active = [each for each in active if not ((is_committed or each.decided_among_claims) and each.holds(state))]
        found += [each for each in active if each.last <= place]
        active = [each for each in active if each.last > place]
    return found + active + waiting


def states(commits: Iterable[Commit]) -> Iterator[tuple[int, State, bool]]:
    """The state before the first commit, after each and between the claims of each: its place, and if it was committed.

    One object for each life, moved on when the next is asked for. Between two claims the place is that of the commit
    before.
    """
    state = State()
    yield 0, state, True
    for place, commit in enumerate(commits, 1):
        if commit.ended_by is not None:
            state = State()
        for number, entry in enumerate(commit.entries, 1):
            state.apply(entry, commit.at)
            if entry.action == "license.claimed" and number < len(commit.entries):
                yield place - 1, state, False
        yield place, state, True
