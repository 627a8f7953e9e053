"""Answers that rest on a state: each must be true on some state between question and answer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.history import Commit, State


@dataclass(frozen=True, slots=True)
class Observation:
    """Something told that must hold on a state.

    Attributes:
        first: The first commit whose state it may rest on; 0 is before any.
        last: The last one.
        holds: Whether it is true on a state.
        rule: The rule that is broken if it never is.
        what: What was told, for people.
    """

    first: int
    last: int
    holds: Callable[[State], bool]
    rule: str
    what: str


def unexplained(commits: Sequence[Commit], observations: Iterable[Observation]) -> list[Observation]:
    """Those that hold on none of their states."""
    waiting = sorted(observations, key=lambda each: each.first, reverse=True)
    active: list[Observation] = []
    found: list[Observation] = []
    for state in _states(commits):
        while waiting and waiting[-1].first <= state.sequence:
            active.append(waiting.pop())
        active = [each for each in active if not each.holds(state)]
        found += [each for each in active if each.last <= state.sequence]
        active = [each for each in active if each.last > state.sequence]
    return found + active + waiting


def _states(commits: Iterable[Commit]) -> Iterator[State]:
    """The state before the first commit and after each: one object, moved on when the next is asked for."""
    state = State()
    yield state
    for commit in commits:
        for entry in commit.entries:
            state.apply(entry, commit.at)
        state.sequence = commit.sequence
        yield state
