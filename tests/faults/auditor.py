"""The auditor: holds a tenant's raw rows and what callers were told against the rules, and against each other.

The journal is replayed by a model of its own (history.py) and every entry judged on the state before it (life.py).
Where an answer was lost, both are accepted: that it happened, and that it did not; the journal says which, and every
other answer must then be true on some state between its question and its end (moments.py, explained.py). A tenant that
was deleted has a line of lives (lives.py): what one was told in a life must be there until that life ends, and nothing
of it in the next. What must agree in the rows themselves is tests/storage/audit.py's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.faults.account import Account, ChangeTold, SignInTold
from tests.faults.answers import untrue_answers
from tests.faults.counted import miscounted
from tests.faults.history import Commit, commits_of
from tests.faults.life import Life, targets_of
from tests.faults.lives import EndedLife, line_of, named
from tests.faults.moments import Moments
from tests.faults.rules import EXACT, NOTHING_LOST, PROMPT, TIME, TRUE_ANSWERS, Broken

STATUSES = {"created": 201, "assigned": 201, "updated": 200, "changed": 200, "deleted": 204, "removed": 204}
"""What is told of a change, by how its action in the journal ends."""
BELIEVED_AHEAD_SECONDS = 5.0
"""How far ahead of the storage's clock the clock of a process may be before it is not believed."""


def broken_rules(
    rows: Iterable[Mapping[str, Any]],
    account: Account,
    wall_clock_zero: float | None = None,
    ended: Sequence[EndedLife] = (),
    reports: Iterable[Mapping[str, Any]] = (),
) -> list[Broken]:
    """Everything that contradicts a rule.

    Args:
        rows: The tenant's raw rows, all of them, while nobody writes.
        account: What callers were told.
        wall_clock_zero: What the wall clock said, in seconds since 1970, when the account's clock was 0; None where
            nobody kept time.
        ended: The tenant's earlier lives, in order.
        reports: The tenant's rows of reports.
    """
    rows = list(rows)
    broken = _Audit(rows, account, wall_clock_zero, ended).broken()
    return broken + [Broken(EXACT, each) for each in miscounted(reports, commits_of(rows))]


class _Audit:
    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        account: Account,
        wall_clock_zero: float | None,
        ended: Sequence[EndedLife],
    ) -> None:
        self._account = account
        self._wall_clock_zero = wall_clock_zero
        self._line = line_of(ended, rows)
        self._moments = Moments(self._line, account)
        self._broken: list[Broken] = []
        asked: defaultdict[str, list[SignInTold]] = defaultdict(list)
        for told in account.sign_ins:
            asked[told.sign_in_id].append(told)
        changes = {change.actor_id: change for change in account.changes}
        self._lives = [Life(life.rows, asked, changes, is_over=True) for life in ended]
        self._lives.append(Life(rows, asked, changes, is_over=False))
        self._commits = {commit.sequence: commit for commit in self._line if commit.ended_by is None}

    def broken(self) -> list[Broken]:
        """Everything that contradicts a rule."""
        self._broken += [Broken(TRUE_ANSWERS, strange) for strange in self._account.strange]
        last = 0
        for life in self._lives:
            life.judge(last)
            self._broken += life.broken
            last = life.commits[-1].sequence if life.commits else last
        self._check_deletions()
        self._check_order()
        self._check_changes()
        self._check_claims()
        made = {actor_id for life in self._lives for actor_id, commits in life.made.items() if commits}
        self._broken += untrue_answers(self._line, self._moments, self._account, made)
        return self._broken

    def _found(self, rule: str, what: str) -> None:
        self._broken.append(Broken(rule, what))

    def _check_deletions(self) -> None:
        """Each life was ended by a deletion of its own, and each deletion that was told has ended what there was."""
        ends = [place for place, commit in enumerate(self._line, 1) if commit.ended_by is not None]
        spent: set[int] = set()
        for place in ends:
            left = [each for each in self._moments.deletions_at(place) if id(each) not in spent]
            if not left:
                self._found(NOTHING_LOST, f"the life of commit {self._line[place - 1].sequence} ended: nobody asked")
                continue
            spent.add(id(min(left, key=lambda each: each.closes_until)))
        for deletion in self._account.deletions:
            lived = self._moments.surely_by(deletion.began)
            end = next((place for place in ends if place >= lived), None)
            seen = self._line[end - 1].ended_by if end else None
            if deletion.is_done and lived and (seen is None or seen > deletion.ended):
                what = f"the deletion of {deletion.began:.3f} was told at {deletion.ended:.3f}"
                self._found(TRUE_ANSWERS, f"{what}, and commit {self._line[lived - 1].sequence} was still there")

    def _check_order(self) -> None:
        """A commit asked for after the answer to another comes after it; and no commit's time is ahead of time."""
        for place, commit in enumerate(self._line, 1):
            earlier = self._moments.surely_by(self._moments.asked_at(place))
            if earlier >= place:
                answered = named(self._line, earlier)
                self._found(PROMPT, f"{named(self._line, place)} was asked for after {answered} had been answered")
            if self._wall_clock_zero is not None and commit.at:
                told = self._moments.answered_at(place) + self._wall_clock_zero
                if datetime.fromisoformat(commit.at).timestamp() > told + BELIEVED_AHEAD_SECONDS:
                    self._found(TIME, f"commit {commit.sequence} is of {commit.at}, and was answered before that")

    def _check_changes(self) -> None:
        for change in self._account.changes:
            in_lives = [life.made[change.actor_id] for life in self._lives if life.made[change.actor_id]]
            # Made, not told, deleted with the tenant and so made again: it is told of the last.
            made = in_lives[-1] if in_lives else []
            sequences = [commit.sequence for commit in made]
            told = f"{change.asked}, told {change.status} {change.code or ''}"
            if any(len({commit.sequence for commit in each}) > 1 for each in in_lives):
                self._found(EXACT, f"{told}: done more than once, in commits {sequences}")
            if sequences and not change.is_done and not change.is_open:
                self._found(TRUE_ANSWERS, f"{told}: done all the same, in commit {sequences[0]}")
            statuses = {STATUSES[entry.action.partition(".")[2]] for commit in made for entry in commit.entries}
            if change.is_done and statuses - {change.status}:
                self._found(TRUE_ANSWERS, f"{told}, and commit {sequences[0]} is one to be told as {statuses}")
            if change.is_done and change.version == 0 and change.target == "settings" and not sequences:
                pass  # the defaults: answers.py
            elif change.is_done and change.version is not None:
                self._check_version(change, sequences, told)
            elif not sequences and (change.status == 201 or (change.status == 204 and not change.is_about_licenses)):
                self._found(NOTHING_LOST, f"{told}: the journal does not have it")

    def _check_version(self, change: ChangeTold, sequences: Sequence[int], told: str) -> None:
        if sequences and change.version not in sequences:
            self._found(TRUE_ANSWERS, f"{told} as version {change.version}: it was commit {sequences[0]}")
        commit = self._commits.get(change.version or 0)
        entries = commit.entries if commit else ()
        if commit and not self._may_be_told_of(commit, change):
            self._found(TRUE_ANSWERS, f"{told} as version {change.version}: that is of a life that was over")
        targets = {target for entry in entries for target in targets_of(entry)}
        takes_plans = any("servicePlans" in entry.details.get("after", {}) for entry in entries)
        if takes_plans and (change.target or "").startswith("policies/"):
            return  # a plan that goes from a product is forgotten in policies, and their version is then that commit's
        if change.target not in {None, *targets}:
            self._found(NOTHING_LOST, f"{told} as version {change.version}: no such commit changed {change.target}")

    def _may_be_told_of(self, commit: Commit, change: ChangeTold) -> bool:
        """Whether the commit's life had not surely ended when the change was asked for."""
        lived = self._moments.surely_by(change.began)
        ends = [each.sequence for each in self._line[:lived] if each.ended_by is not None]
        return commit.sequence > max(ends, default=0)

    def _check_claims(self) -> None:
        """Whoever was told `claimed` has a claim in the journal, and the license unless it was taken back since."""
        for told in self._account.sign_ins:
            if told.outcome != "claimed" or told.sku_id is None:
                continue
            claim = told.sign_in_id, told.user_id, told.sku_id
            commits = [commit for life in self._lives for commit in life.claims.get(claim, ())]
            what = f"{told.user_id} was told of a claim of {told.sku_id} by sign-in {told.sign_in_id}"
            if not commits:
                self._found(NOTHING_LOST, f"{what}: the journal does not have it")
            elif told.at not in {None, *(commit.at for commit in commits)}:
                self._found(TRUE_ANSWERS, f"{what} at {told.at}: it was at {commits[-1].at}")
            else:
                lost = next((why for life in self._lives if (why := life.lost(told))), None)
                if lost:
                    self._found(NOTHING_LOST, f"{what}: {lost}")
