"""The ledger in several processes on one tenant."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any, Final

from benchmarks.storms import percentile
from localhost.data_folder import PROJECT_FOLDER

END_SECONDS: Final = 300.0
SETTLED_SECONDS: Final = 1.0
"""How long processes that begin at the same moment take to find out who commits for all, at most: told apart."""


@dataclass(frozen=True, slots=True)
class Task:
    """What each process of a crowd does.

    Attributes:
        storage: Its connection string.
        tenant_id: The tenant.
        policy_id: The policy that administrators rename.
        callers: How many sign in at once.
        seconds: For how long new users sign in.
        administrates: Whether there is an administrator, too.
    """

    storage: str
    tenant_id: str
    policy_id: str
    callers: int
    seconds: float
    administrates: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """What one process did.

    Attributes:
        answers: For each claim, when it was answered (monotonic clock, seconds) and how long it took.
        changes: For each administrator's change the same, and how often it was decided.
        made: Commits.
        lost: Commits that another process overtook.
        commit_seconds: How long a commit took, in the mean.
    """

    answers: Sequence[tuple[float, float]]
    changes: Sequence[tuple[float, float, int]]
    made: int
    lost: int
    commit_seconds: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the processes did until the first of them was done.

    Attributes:
        members: Those who lived to tell.
        began: When all were let go.
        ended: When the first was done.
    """

    members: Sequence[Member]
    began: float
    ended: float

    @property
    def per_second(self) -> float:
        """Claims a second of all together."""
        return sum(self._done(member) for member in self.members) / (self.ended - self.began)

    @property
    def farthest_share(self) -> float:
        """How far the process farthest from its equal share is from it, as a part of the share."""
        done = [self._done(member) for member in self.members if member.answers]
        share = sum(done) / len(done)
        return max(abs(each - share) for each in done) / share

    @property
    def commit_milliseconds(self) -> float:
        """How long a commit took, in the mean."""
        made = sum(member.made for member in self.members)
        return 1000 * sum(member.commit_seconds * member.made for member in self.members) / made

    @property
    def lost_share(self) -> float:
        """Which part of the transactions was overtaken."""
        lost = sum(member.lost for member in self.members)
        return lost / (lost + sum(member.made for member in self.members))

    def milliseconds(self, percent: float) -> float:
        """How long so many percent of the claims took at most, once one committed for all."""
        return self._milliseconds(percent, self.began + SETTLED_SECONDS, self.ended)

    def milliseconds_at_first(self, percent: float) -> float:
        """How long so many percent of the claims took that were answered before."""
        return self._milliseconds(percent, self.began, self.began + SETTLED_SECONDS)

    def _milliseconds(self, percent: float, first: float, last: float) -> float:
        took = sorted(took for member in self.members for at, took in member.answers if first <= at <= last)
        return 1000 * percentile(took, percent)

    def changes(self, percent: float) -> tuple[float, float]:
        """How long so many percent of administrators' changes took at most, in seconds; and how often decided."""
        since = self.began + SETTLED_SECONDS
        changes = [change for member in self.members for change in member.changes if change[0] >= since]
        took, attempts = (sorted(change[place] for change in changes) for place in (1, 2))
        return percentile(took, percent), percentile(attempts, percent)

    def longest_gap(self, after: float, seconds: float) -> float:
        """The longest time without any answer, within so many seconds after a moment."""
        moments = sorted(at for member in self.members for at, _ in member.answers if after <= at <= after + seconds)
        return max(later - earlier for earlier, later in pairwise([after, *moments]))

    def _done(self, member: Member) -> int:
        return sum(at <= self.ended for at, _ in member.answers)


def gather(
    task: Task,
    processes: int,
    *,
    stranger: bool = False,
    meanwhile: Callable[[Sequence["subprocess.Popen[str]"]], None] = lambda _: None,
) -> Crowd:
    """So many processes, all with this task.

    Args:
        task: What each does.
        processes: How many.
        stranger: Whether there is one process more that has an administrator and no callers.
        meanwhile: What to do to them while they run.
    """
    tasks = [task] * processes + [replace(task, callers=0, administrates=True)] * stranger
    folder = tempfile.TemporaryDirectory(prefix="autoclaim-bench-")
    files = [Path(folder.name) / f"{number}.json" for number in range(len(tasks))]
    running = [
        _start(asdict(each) | {"member": number, "out": str(file)})
        for number, (each, file) in enumerate(zip(tasks, files, strict=True))
    ]
    try:
        for process in running:
            assert process.stdout  # noqa: S101 - it is a pipe
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("a process of the crowd did not start; its messages are above")
        began = monotonic()
        for process in running:
            _tell(process)
        meanwhile(running)
        told = [_member(process, file) for process, file in zip(running, files, strict=True)]
    finally:
        for process in running:
            process.kill()
            process.wait()
        folder.cleanup()
    members = [member for member in told if member is not None]
    ended = min(max(at for at, _ in member.answers) for member in members if member.answers)
    return Crowd(members, began, ended)


def _start(task: dict[str, Any]) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crowd_member"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT_FOLDER,
        text=True,
    )
    assert process.stdin  # noqa: S101 - it is a pipe
    process.stdin.write(json.dumps(task) + "\n")
    process.stdin.flush()
    return process


def _tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin  # noqa: S101 - it is a pipe
    process.stdin.write("\n")
    process.stdin.flush()


def _member(process: "subprocess.Popen[str]", told: Path) -> Member | None:
    """What a process tells at its end; None if it was killed."""
    if process.wait(END_SECONDS):
        return None
    content = json.loads(told.read_text(encoding="utf-8"))
    return Member(
        content["answers"],
        content["changes"],
        content["made"],
        content["lost"],
        content["commitSeconds"] / max(content["made"], 1),
    )
