"""A tenant's lives, for the auditor: each ended by a deletion, and all of them one line of commits.

A deletion takes the journal away, so it is read just before: when the tenant is closed, and nothing deleted yet
(witness.py). Nothing can be committed from then on, so these are all commits of that life, and its rows as they were
at its end.

    life 1           its end     life 2                the line
    1  2  …  41  ───── † ─────   42  43  …       ──►   1  2  …  41  †  42  43  …

At an end (†) the state is that of a tenant that nobody has heard of: whatever was asked for after it was seen must be
true on that state, or on a later one. What cannot be held against anything: the head of a life that ended, because the
deletion has already written over it, and its rows of reports, which it has already deleted. What they had shown before
are the answers that callers got.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.faults.history import Commit, Row, commits_of


@dataclass(frozen=True, slots=True)
class EndedLife:
    """A life that ended.

    Attributes:
        rows: All its rows, when the tenant was closed and nothing was deleted yet. It has at least one commit.
        seen: When that was seen to be so.
    """

    rows: Sequence[Row]
    seen: float


def line_of(ended: Iterable[EndedLife], rows: Iterable[Row]) -> list[Commit]:
    """The commits of all lives, with the end of each that ended.

    Args:
        ended: Those that ended, in order.
        rows: The rows of the last one.
    """
    line: list[Commit] = []
    for life in ended:
        line += commits_of(life.rows)
        line.append(Commit(line[-1].sequence, "", (), life.seen))
    return line + commits_of(rows)


def named(line: Sequence[Commit], place: int) -> str:
    """A place in the line, for people."""
    if place == 0:
        return "the beginning"
    commit = line[place - 1]
    return f"commit {commit.sequence}" if commit.ended_by is None else f"the deletion after commit {commit.sequence}"
