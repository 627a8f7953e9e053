"""What really happened, read from the journal's raw rows, and what may be answered because of it.

The journal gives the order of the commits, so one thing happened after the other, whatever ran at once. The paper
replays it: each commit must be what the paper says of what was asked, on all that came before. Then every answer
names the commit that it rests on, and must be what the paper says of that moment, no earlier than the question.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from domain.catalog import MICROSOFT_TEAMS
from domain.ledger import Settled
from domain.licenses import PolicyClaim, User
from domain.sign_ins import ClaimAnswer
from domain.tenant import TenantState
from tests.domain.tenants import TENANT_ID
from tests.search.asked import Change, CheckIntegrity, Look, LookAtReport, LookAtState, LookAtUser, SignIn
from tests.search.memory import Memory
from tests.search.paper import Answer, Paper
from tests.search.processes import answer_of, seen

DONE = {"created", "changed", "deleted"}
"""What a change is answered if it was made."""


@dataclass(slots=True, eq=False)
class Asked:
    """Something that was asked.

    Attributes:
        number: Its number: the journal has it in everything that it led to.
        what: What it was.
        at: The last commit when it was asked.
        refused: Whether it was answered that nothing was done.
    """

    number: int
    what: Change | Look
    at: int
    refused: bool = False


@dataclass(slots=True)
class History:
    """All commits of the tenant so far.

    Attributes:
        papers: For each commit, from 0, the paper after each change in it.
        made: The commit that made each change, by the change's number.
        claims: Day, policy and product of every claim, with its commit.
    """

    memory: Memory
    asked: dict[int, Asked] = field(default_factory=dict)
    papers: list[list[Paper]] = field(default_factory=list)
    made: dict[int, int] = field(default_factory=dict)
    claims: list[tuple[int, tuple[date, str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        teams = frozenset(MICROSOFT_TEAMS.service_plan_ids)
        self.papers.append([Paper(apps={MICROSOFT_TEAMS.id: teams})])

    @property
    def last(self) -> int:
        """The number of the last commit."""
        return len(self.papers) - 1

    @property
    def now(self) -> Paper:
        """How things are."""
        return self.papers[-1][-1]

    def grow(self) -> None:
        """Take in the commits since the last time, each as the paper says that it must be."""
        while stored := self.memory.get(TENANT_ID, f"journal:{10**15 - 2 - self.last:015d}"):
            self.papers.append(list(self._replayed(stored.row)))

    def _replayed(self, row: Mapping[str, Any]) -> "list[Paper]":
        sequence = len(self.papers)
        paper, papers = self.now, []
        entries = json.loads("".join(row[name] for name in sorted(row) if name.startswith("content")))
        for number, group in groupby(entries, key=_number_of):
            assert number not in self.made, f"{self.asked[number]} was made twice"
            assert not self.asked[number].refused, f"{self.asked[number]} was refused and made"
            self.made[number] = sequence
            paper = paper.copy()
            change: Any = self.asked[number].what
            answer, expected = paper.do(change)
            found = list(group)
            assert [(action, target) for _, action, target, _ in found] == expected, f"{change} must be {answer}"
            papers.append(paper)
            for _, action, _, details in found:
                if action == "license.claimed":
                    assert (details["skuId"], details["policyId"]) == answer[1:]
                    day = date.fromisoformat(row["at"][:10])
                    self.claims.append((sequence, (day, details["policyId"], details["skuId"])))
        return papers

    def claims_through(self, sequence: int) -> Counter[tuple[date, str, str]]:
        """Claims of the first so many commits, by day, policy and product."""
        return Counter(cell for made, cell in self.claims if made <= sequence)

    def judge(self, asked: Asked, answer: object) -> None:
        """Whether that may be the answer, now."""
        window = range(asked.at, self.last + 1)
        match asked.what:
            case LookAtState():
                assert isinstance(answer, TenantState)
                self._judge_state(asked, answer)
            case LookAtUser():
                assert isinstance(answer, User)
                assert any(self._holds(answer, paper) for number in window for paper in self.papers[number][-1:])
            case LookAtReport():
                assert any(answer == self.claims_through(number) for number in window), answer
            case CheckIntegrity():
                assert answer == []
            case _ if isinstance(answer, Settled):
                self._judge_change(asked, answer)

    def _holds(self, user: User, paper: Paper) -> bool:
        held = [sku for holder, sku in paper.held if holder == user.id]
        return [each.sku_id for each in user.licenses] == held

    def _judge_state(self, asked: Asked, state: TenantState) -> list[Paper]:
        """The papers that say what the state says."""
        sequence = state.head.sequence
        assert asked.at <= sequence <= self.last, f"{asked} rests on {sequence}, and the last is {self.last}"
        papers = [paper for paper in self.papers[sequence] if _written(paper) == seen(state)]
        assert papers, f"no moment of commit {sequence} was {seen(state)}, but {_written(self.papers[sequence][-1])}"
        return papers

    def _judge_change(self, asked: Asked, settled: Settled[Any]) -> None:
        papers = self._judge_state(asked, settled.state)
        sequence = settled.state.head.sequence
        answer = answer_of(settled.answer)
        change: Any = asked.what
        if answer[0] in DONE or self._is_own_claim(asked, settled.answer):
            assert self.made.get(asked.number) == sequence, f"{asked} was answered {answer} and is not there"
            return
        if isinstance(settled.answer, ClaimAnswer) and answer[0] == "claimed":
            assert isinstance(change, SignIn)
            assert change.event is not None, f"{asked} is told of a claim of another"
        asked.refused = True
        assert asked.number not in self.made, f"{asked} was made and answered {answer}"
        told: list[Answer] = [paper.copy().do(change)[0] for paper in papers]
        assert answer in told, f"{asked} was answered {answer} on commit {sequence}, and must be {told}"

    def _is_own_claim(self, asked: Asked, answer: object) -> bool:
        """Whether it is told that it claimed, and was not told of what the same event had claimed before."""
        if not isinstance(answer, ClaimAnswer) or answer.outcome.value != "claimed" or asked.number not in self.made:
            return False
        origin = answer.license and answer.license.assigned_by
        return isinstance(origin, PolicyClaim) and origin.sequence == self.made[asked.number]


def _number_of(entry: Any) -> int:
    """The number of what was asked: administrators have it as their id, users as their name."""
    actor, _, _, details = entry
    return int(actor["id"] if actor else details["displayName"])


def _written(paper: Paper) -> tuple[object, ...]:
    """What the paper says, as `seen` says it."""
    claims = Counter(held.claim[0] for held in paper.held.values() if held.claim)
    return (
        paper.on,
        paper.apps,
        {sku: (product.total, product.plans) for sku, product in paper.products.items()},
        {key: (policy.app, policy.enabled, policy.products) for key, policy in paper.policies.items()},
        dict(paper.seats()),
        {policy: count for policy, count in claims.items() if policy in paper.policies},
    )
