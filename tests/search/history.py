"""What really happened, noted as it was written, and what may be answered because of it.

A tenant's lives are one line. Each commit follows on what came before, and a deletion ends a life: then all is as if
the tenant had never been heard of.

    life 0   ── commit ── commit ── commit ──┐ deleted
    life 1                                   └── nothing yet ── commit ── commit ──┐ deleted
    life 2                                                                         └── nothing yet …

The paper replays it: each commit must be what the paper says of what was asked, on what came before in the same life.
So a change that was asked in one life may be made in the next, if it is what the paper of that life says. Then every
answer names the moment that it rests on: one between the question and the answer, in any life, and it must be what the
paper says of that moment. Nothing of a life counts in a question that was asked after that life ended. Only that
somebody is licensed already may be told of what was so a little before: of the state, and of the user, each by itself.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, groupby
from typing import Any, Final

from domain.catalog import MICROSOFT_TEAMS
from domain.ledger import Settled
from domain.licenses import PolicyClaim, User
from domain.sign_ins import ClaimAnswer
from domain.tenant import TenantState
from tests.domain.tenants import TENANT_ID
from tests.search.asked import (
    CheckIntegrity,
    DeleteTenant,
    EraseNames,
    LookAtReport,
    LookAtState,
    LookAtUser,
    Request,
    SignIn,
)
from tests.search.memory import Memory
from tests.search.paper import Answer, Paper
from tests.search.processes import answer_of, seen
from tests.search.small_limits import RECALL_SECONDS
from tests.search.written import (
    DELETED,
    Row,
    Transaction,
    content_of,
    lives,
    nameless,
    names_in,
    number_of,
    tokens_of,
)

DONE: Final = {"created", "changed", "deleted"}
"""What a change is answered if it was made."""

COUNTS: Final = -2
"""The last two that `seen` tells of a state are how many licenses are held."""

NUMBERS_GO_ON: Final = not os.environ.get("AUTOCLAIM_SEARCH_NUMBERS_REPEAT")
"""No commit's number comes twice, in whatever life: versions and ETags that callers have are made of it. To be turned
off only to search on behind a bug that lets them."""

Cell = tuple[date, str, str]
"""A day, a policy, a product."""


@dataclass(slots=True, eq=False)
class Asked:
    """Something that was asked.

    Attributes:
        number: Its number: the journal has it in everything that it led to.
        what: What it was.
        at: The last moment when it was asked.
        closings: How often the tenant had been closed when it was asked; one less if it was closed just then.
        recalled: The first moment that somebody who is licensed may be told of.
        refused: Whether it was answered that nothing was done.
        is_posted: Whether a process that it was posted to made it.
    """

    number: int
    what: Request
    at: int
    closings: int = 0
    recalled: int = 0
    refused: bool = False
    is_posted: bool = False


@dataclass(slots=True)
class Moment:
    """How things were after a commit, or where a life began.

    Attributes:
        life: Which life, from 0.
        sequence: The commit's number; where a life begins, that of the last commit before.
        papers: The paper after each change in it.
        row: The commit's journal row, as it was inserted; None where a life begins.
        at: When it was, by the loop's clock.
    """

    life: int
    sequence: int
    papers: list[Paper]
    row: Row | None = None
    at: float = 0.0

    def has_number(self, sequence: int) -> bool:
        """Whether a head says so of itself. A life that had no commit yet may count from its own beginning."""
        return sequence == self.sequence or (self.row is None and sequence == 0)


@dataclass(slots=True)
class History:
    """All that happened to the tenant so far.

    Attributes:
        ledgers: The tables in which it is, by the accounts' names.
        asked: What was asked, by number.
        moments: Every commit, and every beginning of a life.
        made: The moments that each change was made at, by the change's number; only a sign-in that was posted to
            another process has several.
        entries: The number of each entry of the journal, by its commit's and its place in that.
        claims: Day, policy and product of every claim, with its moment.
        heads: The head in each account, or the tombstone in its place.
        closings: How often the tenant was closed, for a move or for good.
        first_kept: The first day that no pruning so far may have removed anything of.
    """

    ledgers: Mapping[str, Memory]
    asked: dict[int, Asked] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    made: dict[int, list[int]] = field(default_factory=dict)
    entries: dict[tuple[int, int], int] = field(default_factory=dict)
    claims: list[tuple[int, Cell]] = field(default_factory=list)
    heads: dict[str, Row | None] = field(default_factory=dict)
    closings: int = 0
    first_kept: date = date.min

    def __post_init__(self) -> None:
        self.moments.append(Moment(0, 0, [_new_paper()]))

    @property
    def last(self) -> int:
        """The number of the last moment."""
        return len(self.moments) - 1

    @property
    def now(self) -> Moment:
        """How things are."""
        return self.moments[-1]

    @property
    def home(self) -> str | None:
        """The account that has a living head."""
        return next((account for account, head in self.heads.items() if lives(head)), None)

    def being_deleted(self) -> list[str]:
        """The accounts where a deletion was begun and is not complete."""
        return [account for account, head in self.heads.items() if head and head.get("closed") == DELETED]

    def ask(self, number: int, what: Request, now: float) -> Asked:
        """Note what is asked now, by the loop's clock."""
        is_closed = any(head is not None and not lives(head) for head in self.heads.values()) and self.home is None
        recent = [moment for moment in range(1, len(self.moments)) if self.moments[moment].at >= now - RECALL_SECONDS]
        recalled = min([self.last, *(moment - 1 for moment in recent)])
        asked = self.asked[number] = Asked(number, what, self.last, self.closings - is_closed, recalled)
        return asked

    def is_disturbed(self, asked: Asked) -> bool:
        """Whether the tenant was closed at any time since something was asked."""
        return self.closings > asked.closings

    def take(self, transaction: Transaction, now: float) -> None:
        """Take in what was written next: it must be what the paper says that it must be."""
        self.heads[transaction.account] = transaction.head_after
        assert sum(map(lives, self.heads.values())) <= 1, "the tenant has two heads"
        if lives(transaction.head_before) and lives(transaction.head_after) and not transaction.is_commit:
            for row in transaction.removed:
                self._judge_removal(row)
        self.closings += transaction.closes
        if transaction.ends_life:
            self._end_life(now)
        elif transaction.is_commit:
            assert transaction.head_before is None or lives(transaction.head_before), "a commit where it is closed"
            self._add_commit(transaction.journal_rows, now)

    def _judge_removal(self, row: Row) -> None:
        """Without a commit, nothing goes but what is old of the journal."""
        assert str(row["RowKey"]).startswith("journal:"), f"{row['RowKey']} of a living tenant was deleted"
        day = date.fromisoformat(row["at"][:10])
        assert day < self.first_kept, f"commit {row['sequence']} of {day} was removed, not old before {self.first_kept}"

    def _end_life(self, now: float) -> None:
        deletions = sum(isinstance(asked.what, DeleteTenant) for asked in self.asked.values())
        assert self.now.life < deletions, "a deletion ended two lives"
        highest = max(moment.sequence for moment in self.moments)
        self.moments.append(Moment(self.now.life + 1, highest, [_new_paper()], at=now))

    def _add_commit(self, rows: Sequence[Row], now: float) -> None:
        (row,) = rows
        sequence, before = int(row["sequence"]), self.now
        if before.row:
            assert sequence == before.sequence + 1, f"commit {sequence} follows on {before.sequence}"
            assert row["at"] >= before.row["at"], "time runs backwards"
        elif NUMBERS_GO_ON:
            assert sequence > before.sequence, f"a new life begins with number {sequence}, and had {before.sequence}"
        self.moments.append(Moment(before.life, sequence, self._replayed(row), row, now))

    def _replayed(self, row: Row) -> list[Paper]:
        moment, paper, papers, tokens = len(self.moments), self.now.papers[-1], [], tokens_of(row)
        places = count()
        for number, group in groupby(content_of(row), key=number_of):
            assert not self.asked[number].refused, f"{self.asked[number]} was refused and made"
            self._judge_repetition(number)
            self.made.setdefault(number, []).append(moment)
            paper = paper.copy()
            change: Any = self.asked[number].what
            answer, expected = paper.do(change)
            found = list(group)
            entries = [next(places) for _ in found]
            self.entries.update(((int(row["sequence"]), place), number) for place in entries)
            self.asked[number].is_posted |= not tokens.keys().isdisjoint(entries)
            assert [(action, target) for _, action, target, _ in found] == expected, f"{change} must be {answer}"
            papers.append(paper)
            for _, action, _, details in found:
                if action == "license.claimed":
                    assert (details["skuId"], details["policyId"]) == answer[1:]
                    day = date.fromisoformat(row["at"][:10])
                    self.claims.append((moment, (day, details["policyId"], details["skuId"])))
        return papers

    def _judge_repetition(self, number: int) -> None:
        """What is made once is not made again.

        But a process whose post was left unanswered decides it as well: then the paper says whether what the first
        one gave was taken back, or does not license the app any more.
        """
        asked = self.asked[number]
        assert number not in self.made or asked.is_posted, f"{asked} was made twice"

    def claims_through(self, moment: int) -> Counter[Cell]:
        """Claims of a life up to a moment, by day, policy and product."""
        life = self.moments[moment].life
        return Counter(cell for made, cell in self.claims if made <= moment and self.moments[made].life == life)

    def had_policy(self, policy: str) -> bool:
        """Whether this life has or had a policy of that id."""
        return any(
            policy in paper.policies
            for moment in self.moments
            if moment.life == self.now.life
            for paper in moment.papers
        )

    def journal(self) -> list[Row]:
        """The rows that the journal of this life had, also those that were removed since."""
        return [moment.row for moment in self.moments if moment.row and moment.life == self.now.life]

    def judge_journal(self, rows: Iterable[Row]) -> None:
        """What the table has of the journal is as it was inserted, but for erased names; nothing is left of others."""
        inserted = {row["RowKey"]: row for row in self.journal()}
        found = {row["RowKey"]: row for row in rows if row["RowKey"].startswith("journal:")}
        assert found.keys() <= inserted.keys(), "the journal has commits of another life"
        for key in inserted.keys() - found.keys():
            self._judge_removal(inserted[key])
        for key, row in found.items():
            assert nameless(row) == nameless(inserted[key]), f"{key} was rewritten"

    def judge(self, asked: Asked, answer: object) -> None:
        """Whether that may be the answer, now."""
        window = range(asked.at, self.last + 1)
        match asked.what:
            case LookAtState():
                assert isinstance(answer, TenantState)
                self._judge_state(asked, answer)
            case LookAtUser():
                assert isinstance(answer, User)
                papers = [self.moments[moment].papers[-1] for moment in window]
                assert any(_holds(answer, paper) for paper in papers), f"{asked} was answered {answer}"
            case LookAtReport():
                assert isinstance(answer, Counter)
                assert any(self._may_report(answer, self.claims_through(moment)) for moment in window), answer
            case CheckIntegrity():
                assert answer == [] or self.is_disturbed(asked), answer
            case DeleteTenant():
                began = self.moments[asked.at]
                assert began.row is None or began.life < self.now.life, "a tenant that was deleted lives on"
            case EraseNames():
                self._judge_erasure(asked, asked.what.user)
            case _ if isinstance(answer, Settled):
                self._judge_change(asked, answer)

    def _may_report(self, answer: Counter[Cell], claims: Counter[Cell]) -> bool:
        """What is old may have been removed; what is not is exact."""
        exact = {cell: count for cell, count in claims.items() if cell[0] >= self.first_kept}
        return answer <= claims and exact == {cell: n for cell, n in answer.items() if cell[0] >= self.first_kept}

    def _judge_erasure(self, asked: Asked, user_id: str) -> None:
        """Who has a name of the user now got it from a sign-in that was made after the erasing began."""
        for row in self.ledgers[self.home].rows(TENANT_ID) if self.home else []:
            for number in names_in(row, user_id):
                assert max(self.made[number]) > asked.at, (
                    f"{row['RowKey']} still has the name that {self.asked[number]} had"
                )

    def _judge_state(self, asked: Asked, state: TenantState) -> list[int]:
        """The moments that the state may be of."""
        sequence, window = state.head.sequence, range(asked.at, self.last + 1)
        moments = [moment for moment in window if self.moments[moment].has_number(sequence)]
        assert moments, f"{asked} rests on commit {sequence}, none of those from then to {self.last}"
        agreeing = [moment for moment in moments if self._papers(moment, state)]
        written = [_written(self.moments[moment].papers[-1]) for moment in moments]
        assert agreeing, f"no moment of commit {sequence} was {seen(state)}, but {written}"
        return agreeing

    def _papers(self, moment: int, state: TenantState) -> list[Paper]:
        """The papers of a moment that say what the state says."""
        return [paper for paper in self.moments[moment].papers if _written(paper) == seen(state)]

    def _judge_change(self, asked: Asked, settled: Settled[Any]) -> None:
        answer = answer_of(settled.answer)
        if answer[0] == "alreadyLicensed" and self._was_licensed(asked, settled.state, answer):
            asked.refused = True
            assert asked.number not in self.made, f"{asked} was made and answered {answer}"
            return
        made = self._made_by(asked, settled.answer)
        if made is not None and asked.is_posted:
            self._judge_posted_claim(asked, settled, made)
            return
        repeated = self._repeated_in_its_commit(asked, settled)
        if repeated is not None:
            asked.refused = True
            assert asked.number not in self.made, f"{asked} was made and answered {answer}"
            self._judge_posted_claim(asked, settled, repeated)
            return
        moments = self._judge_state(asked, settled.state)
        change: Any = asked.what
        if answer[0] in DONE or made is not None:
            is_there = set(moments) & set(self.made.get(asked.number, ()))
            assert is_there, f"{asked} was answered {answer} and is not there"
            return
        if isinstance(settled.answer, ClaimAnswer) and answer[0] == "claimed":
            assert isinstance(change, SignIn)
            assert change.event is not None, f"{asked} is told of a claim of another"
        asked.refused = True
        assert asked.number not in self.made, f"{asked} was made and answered {answer}"
        papers = [paper for moment in moments for paper in self._papers(moment, settled.state)]
        told: list[Answer] = [paper.copy().do(change)[0] for paper in papers]
        assert answer in told, f"{asked} was answered {answer} on commit {settled.state.head.sequence}, not {told}"

    def _was_licensed(self, asked: Asked, state: TenantState, answer: Answer) -> bool:
        """Whether it is true of the state and of the user, each as of a moment that may be recalled."""
        change: Any = asked.what
        window = self.moments[asked.recalled :]
        states = [paper for moment in window for paper in moment.papers if _written(paper) == seen(state)]
        users = [paper for moment in window for paper in moment.papers]
        return any(_beside(paper, user, change.user).do(change)[0] == answer for paper in states for user in users)

    def _judge_posted_claim(self, asked: Asked, settled: Settled[Any], made: int) -> None:
        """The process that was asked knows the commit and its configuration; or it found the license at a later moment.

        Another process made the commit, so of that moment nothing is said of licenses held.
        """
        state, answer = settled.state, answer_of(settled.answer)
        commit = self.moments[made]
        if commit.has_number(state.head.sequence):
            written = [_written(paper) for paper in commit.papers]
            uncounted = [(*each[:COUNTS], {}, {}) for each in written]
            assert seen(state) in [*written, *uncounted], f"{asked} was made in {commit}: not {seen(state)}"
            return
        change: Any = asked.what
        moments = [moment for moment in self._judge_state(asked, state) if moment > made]
        papers = [paper for moment in moments for paper in self._papers(moment, state)]
        told = [paper.copy().do(change)[0] for paper in papers]
        assert ("alreadyLicensed", *answer[1:]) in told or answer in told, f"{asked} is not {answer} but {told}"

    def _repeated_in_its_commit(self, asked: Asked, settled: Settled[Any]) -> int | None:
        """The moment of another's claim by the same event, if another process decided this one in the same commit."""
        held = settled.answer.license if isinstance(settled.answer, ClaimAnswer) else None
        origin, head = held and held.assigned_by, settled.state.head
        if not isinstance(origin, PolicyClaim) or origin.sequence != head.sequence or head.assigned:
            return None
        other = self.entries.get((origin.sequence, origin.place))
        first, what = self.asked[other].what if other is not None else None, asked.what
        if not (isinstance(first, SignIn) and isinstance(what, SignIn) and first.event and other != asked.number):
            return None
        if (first.event, first.user) != (what.event, what.user):
            return None
        moments = self.made[self.asked[other].number] if other is not None else ()
        return next((moment for moment in moments if self.moments[moment].sequence == origin.sequence), None)

    def _made_by(self, asked: Asked, answer: object) -> int | None:
        """The moment that it claimed at, if it is told so and not of what the same event had claimed before."""
        if not isinstance(answer, ClaimAnswer) or answer.outcome.value != "claimed":
            return None
        origin = answer.license and answer.license.assigned_by
        if not isinstance(origin, PolicyClaim) or self.entries[origin.sequence, origin.place] != asked.number:
            return None
        moments = self.made[asked.number]
        return next(moment for moment in moments if self.moments[moment].sequence == origin.sequence)


def _new_paper() -> Paper:
    """A tenant never heard of."""
    return Paper(apps={MICROSOFT_TEAMS.id: frozenset(MICROSOFT_TEAMS.service_plan_ids)})


def _beside(paper: Paper, other: Paper, user_id: str) -> Paper:
    """A paper with what the user holds on another."""
    mixed = paper.copy()
    mixed.held = {key: held for key, held in paper.held.items() if key[0] != user_id}
    known = {key: held for key, held in other.held.items() if key[0] == user_id and key[1] in paper.products}
    mixed.held.update(known)
    return mixed


def _holds(user: User, paper: Paper) -> bool:
    held = [sku for holder, sku in paper.held if holder == user.id]
    return [each.sku_id for each in user.licenses] == held


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
