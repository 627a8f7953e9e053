"""The ledger in several processes on one tenant."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic
from typing import Any, Final

from benchmarks.storms import percentile
from localhost.data_folder import PROJECT_FOLDER

END_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Member:
    """What one process did.

    Attributes:
        answers: For each claim, when it was answered (monotonic clock, seconds) and how long it took.
        changes: For each administrator's change the same, and how often it was decided.
        made: Commits.
        lost: Commits that another process overtook.
        commit_seconds: How long a commit took, in the mean.
        cpu_seconds: Processor time.
    """

    answers: Sequence[tuple[float, float]]
    changes: Sequence[tuple[float, float, int]]
    made: int
    lost: int
    commit_seconds: float
    cpu_seconds: float


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
        done = [self._done(member) for member in self.members]
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
        """How long so many percent of the claims took at most."""
        return 1000 * percentile(sorted(took for member in self.members for _, took in member.answers), percent)

    def longest_gap(self, after: float, seconds: float) -> float:
        """The longest time without any answer, within so many seconds after a moment."""
        moments = sorted(at for member in self.members for at, _ in member.answers if after <= at <= after + seconds)
        return max(later - earlier for earlier, later in pairwise([after, *moments]))

    def _done(self, member: Member) -> int:
        return sum(at <= self.ended for at, _ in member.answers)


def gather(  # noqa: PLR0913 - what a crowd is
    storage: str,
    tenant_id: str,
    processes: int,
    callers: int,
    users: int,
    *,
    policy_id: str = "",
    administrates: bool = False,
    stranger: bool = False,
    meanwhile: Callable[[Sequence["subprocess.Popen[str]"]], None] = lambda _: None,
) -> Crowd:
    """So many processes, with so many callers in each, for so many users in all.

    Args:
        storage: Its connection string.
        tenant_id: The tenant.
        processes: How many.
        callers: How many in each.
        users: How many claim, in all.
        policy_id: The policy that administrators rename.
        administrates: Whether each process has an administrator, too.
        stranger: Whether there is one process more that has an administrator and no callers.
        meanwhile: What to do to them while they run.
    """
    facts = {"storage": storage, "tenant": tenant_id, "policy": policy_id}
    each = {"callers": callers, "users": users // processes, "administrates": administrates}
    tasks = [{**facts, **each, "member": number} for number in range(processes)]
    if stranger:
        tasks.append({**facts, "callers": 0, "users": 0, "administrates": True, "member": processes})
    running = [_start(task) for task in tasks]
    try:
        for process in running:
            assert process.stdout  # noqa: S101 - it is a pipe
            assert process.stdout.readline() == "ready\n"  # noqa: S101 - it says so, or has said why not
        began = monotonic()
        for process in running:
            _tell(process)
        meanwhile(running)
        members = [_member(process) for process in running[:processes]]
        if stranger:
            _tell(running[-1])
            members.append(_member(running[-1]))
    finally:
        for process in running:
            process.kill()
            process.wait()
    told = [member for member in members if member is not None]
    ended = min(max(at for at, _ in member.answers) for member in told if member.answers)
    return Crowd(told, began, ended)


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


def _member(process: "subprocess.Popen[str]") -> Member | None:
    """What a process tells at its end; None if it was killed."""
    told, _ = process.communicate(timeout=END_SECONDS)
    if process.returncode:
        return None
    content = json.loads(told)
    return Member(
        content["answers"],
        content["changes"],
        content["made"],
        content["lost"],
        content["commitSeconds"] / max(content["made"], 1),
        content["cpuSeconds"],
    )
