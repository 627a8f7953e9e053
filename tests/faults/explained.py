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
    for state, is_committed in _states(commits):
        while waiting and waiting[-1].first <= state.sequence:
            active.append(waiting.pop())
        active = [each for each in active if not ((is_committed or each.decided_among_claims) and each.holds(state))]
        found += [each for each in active if each.last <= state.sequence]
        active = [each for each in active if each.last > state.sequence]
    return found + active + waiting


def _states(commits: Iterable[Commit]) -> Iterator[tuple[State, bool]]:
    """The state before the first commit, after each and between the claims of each, and whether it was committed.

    One object, moved on when the next is asked for. Between two claims it has the sequence of the commit before.
    """
    state = State()
    yield state, True
    for commit in commits:
        for number, entry in enumerate(commit.entries, 1):
            state.apply(entry, commit.at)
            if entry.action == "license.claimed" and number < len(commit.entries):
                yield state, False
        state.sequence = commit.sequence
        yield state, True
