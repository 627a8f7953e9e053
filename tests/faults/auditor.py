"""The auditor: holds a tenant's raw rows and what callers were told against the seven rules, and against each other.

The journal is replayed by a model of its own (history.py) and every entry judged on the state before it. Where an
answer was lost, both are accepted: that it happened, and that it did not; the journal says which, and every other
answer must then be true on some state between its question and its end (moments.py, explained.py). What must agree in
the rows themselves is tests/storage/audit.py's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.faults.account import Account, ChangeTold, SignInTold
from tests.faults.answers import untrue_answers
from tests.faults.history import Commit, Entry, State, commits_of, content_of
from tests.faults.moments import Moments
from tests.faults.rules import (
    EXACT,
    MONOTONE,
    NEVER_OVERSOLD,
    NOTHING_LOST,
    ONE_CLAIM,
    PROMPT,
    TAKES_NOTHING,
    TIME,
    TRUE_ANSWERS,
    Broken,
)
from tests.storage.audit import audit

STATUSES = {"created": 201, "assigned": 201, "updated": 200, "changed": 200, "deleted": 204, "removed": 204}
"""What is told of a change, by how its action in the journal ends."""
BELIEVED_AHEAD_SECONDS = 5.0
"""How far ahead of the storage's clock the clock of a process may be before it is not believed."""


def broken_rules(
    rows: Iterable[Mapping[str, Any]], account: Account, wall_clock_zero: float | None = None
) -> list[Broken]:
    """Everything that contradicts a rule.

    Args:
        rows: The tenant's raw rows, all of them, while nobody writes.
        account: What callers were told.
        wall_clock_zero: What the wall clock said, in seconds since 1970, when the account's clock was 0; None where
            nobody kept time.
    """
    return _Audit(list(rows), account, wall_clock_zero).broken()


class _Audit:
    def __init__(self, rows: list[Mapping[str, Any]], account: Account, wall_clock_zero: float | None) -> None:
        self._rows = rows
        self._account = account
        self._wall_clock_zero = wall_clock_zero
        self._commits = commits_of(rows)
        self._moments = Moments(self._commits, account)
        self._broken: list[Broken] = []
        self._asked: defaultdict[str, list[SignInTold]] = defaultdict(list)
        for told in account.sign_ins:
            self._asked[told.sign_in_id].append(told)
        self._changes = {change.actor_id: change for change in account.changes}
        self._made: defaultdict[str, list[Commit]] = defaultdict(list)
        self._claims: defaultdict[tuple[str, str, str], list[Commit]] = defaultdict(list)
        self._last_removal: dict[tuple[str, str], int] = {}

    def broken(self) -> list[Broken]:
        """Everything that contradicts a rule."""
        try:
            for problem in audit(self._rows):
                self._found(NEVER_OVERSOLD if "oversold" in problem else EXACT, problem)
        except KeyError as error:
            self._found(EXACT, f"a row lacks {error}")
        self._found_all(TRUE_ANSWERS, self._account.strange)
        final = self._replay()
        self._check_order()
        self._check_changes()
        self._check_claims()
        self._check_rows(final)
        made = {actor_id for actor_id, commits in self._made.items() if commits}
        self._broken += untrue_answers(self._commits, self._moments, self._account, made)
        return self._broken

    def _found(self, rule: str, what: str) -> None:
        self._broken.append(Broken(rule, what))

    def _found_all(self, rule: str, whats: Iterable[str]) -> None:
        self._broken += [Broken(rule, what) for what in whats]

    def _replay(self) -> State:
        state = State()
        for commit in self._commits:
            kinds = {_kind(entry) for entry in commit.entries}
            if len(kinds) > 1:
                self._found(TAKES_NOTHING, f"commit {commit.sequence} changes {' and '.join(sorted(kinds))} at once")
            for entry in commit.entries:
                self._check_entry(state, commit, entry)
                state.apply(entry, commit.at)
            state.sequence = commit.sequence
            self._found_all(
                NEVER_OVERSOLD,
                (
                    f"after commit {commit.sequence}, {state.assigned[sku_id]} of {product.total} of {sku_id} are held"
                    for sku_id, product in state.products.items()
                    if state.assigned[sku_id] > product.total
                ),
            )
        return state

    def _check_entry(self, state: State, commit: Commit, entry: Entry) -> None:
        where = f"commit {commit.sequence}, entry {entry.place}"
        if entry.actor_id is not None:
            self._made[entry.actor_id].append(commit)
            change = self._changes.get(entry.actor_id)
            if change is None or change.target not in {None, *_targets(entry)}:
                self._found(EXACT, f"{where}: {entry.action} of {entry.target}, and nobody asked for it")
            if not entry.action.endswith("deleted") and not (entry.details.get("after") or entry.details.get("before")):
                self._found(EXACT, f"{where}: {entry.action} of {entry.target} does not say what changed")
            if entry.action == "license.removed":
                _, user_id, _, sku_id = entry.target.split("/")
                self._last_removal[user_id, sku_id] = commit.sequence
        elif entry.action != "license.claimed":
            self._found(MONOTONE, f"{where}: a sign-in did {entry.action} to {entry.target}")
        else:
            self._check_claim(state, commit, entry.details, where)

    def _check_claim(self, state: State, commit: Commit, claim: Mapping[str, Any], where: str) -> None:
        user_id, sku_id, policy_id, app_id = (claim[name] for name in ("userId", "skuId", "policyId", "appId"))
        sign_in_id = claim.get("signInId", "")
        what = f"{where}: {user_id} claimed {sku_id}"
        self._claims[sign_in_id, user_id, sku_id].append(commit)
        if not any(told.user_id == user_id for told in self._asked[sign_in_id]):
            self._found(EXACT, f"{what}, and nobody signed in for it")
        policy = state.policies.get(policy_id)
        if not state.feature_on or policy is None or not policy.enabled or policy.app_id != app_id:
            self._found(PROMPT, f"{what} while the feature or the policy was off")
            return
        if sku_id not in policy.products:
            self._found(PROMPT, f"{what}, which the policy did not have any more")
            return
        if state.licensing(user_id, app_id):
            self._found(ONE_CLAIM, f"{what}, and was licensed for {app_id} already")
        if sku_id in state.of(user_id):
            self._found(MONOTONE, f"{what} over a license of it that was there")
        if state.assigned[sku_id] >= state.products[sku_id].total:
            self._found(NEVER_OVERSOLD, f"{what}, of which none was left")
        due = state.verdict(user_id, app_id, None)
        if due.outcome == "claims" and due.sku_ids != {sku_id}:
            self._found(TRUE_ANSWERS, f"{what}, and {sorted(due.sku_ids)} was due")
        order = list(policy.products).index(sku_id) + 1
        if claim["assigningOrder"] != order:
            self._found(TRUE_ANSWERS, f"{what} as number {claim['assigningOrder']}, which is number {order}")

    def _check_order(self) -> None:
        """A commit asked for after the answer to another comes after it; and no commit's time is ahead of time."""
        for commit in self._commits:
            earlier = self._moments.surely_by(self._moments.asked_at(commit.sequence))
            if earlier >= commit.sequence:
                self._found(PROMPT, f"commit {commit.sequence} was asked for after {earlier} had been answered")
            if self._wall_clock_zero is not None:
                told = self._moments.answered_at(commit.sequence) + self._wall_clock_zero
                if datetime.fromisoformat(commit.at).timestamp() > told + BELIEVED_AHEAD_SECONDS:
                    self._found(TIME, f"commit {commit.sequence} is of {commit.at}, and was answered before that")

    def _check_changes(self) -> None:
        for change in self._account.changes:
            made = self._made[change.actor_id]
            sequences = [commit.sequence for commit in made]
            told = f"{change.asked}, told {change.status} {change.code or ''}"
            if len(set(sequences)) > 1:
                self._found(EXACT, f"{told}: done more than once, in commits {sequences}")
            if sequences and not change.is_done and not change.is_open:
                self._found(TRUE_ANSWERS, f"{told}: done all the same, in commit {sequences[0]}")
            statuses = {STATUSES[entry.action.partition(".")[2]] for commit in made for entry in commit.entries}
            if change.is_done and statuses - {change.status}:
                self._found(TRUE_ANSWERS, f"{told}, and commit {sequences[0]} is one to be told as {statuses}")
            if change.is_done and change.version is not None:
                self._check_version(change, sequences, told)
            elif not sequences and (change.status == 201 or (change.status == 204 and not change.is_about_licenses)):
                self._found(NOTHING_LOST, f"{told}: the journal does not have it")

    def _check_version(self, change: ChangeTold, sequences: Sequence[int], told: str) -> None:
        if sequences and change.version not in sequences:
            self._found(TRUE_ANSWERS, f"{told} as version {change.version}: it was commit {sequences[0]}")
        entries = [entry for commit in self._commits if commit.sequence == change.version for entry in commit.entries]
        targets = {target for entry in entries for target in _targets(entry)}
        takes_plans = any("servicePlans" in entry.details.get("after", {}) for entry in entries)
        if takes_plans and (change.target or "").startswith("policies/"):
            return  # a plan that goes from a product is forgotten in policies, and their version is then that commit's
        if change.target not in {None, *targets}:
            self._found(NOTHING_LOST, f"{told} as version {change.version}: no such commit changed {change.target}")

    def _check_claims(self) -> None:
        """Whoever was told `claimed` has a claim in the journal, and the license unless it was taken back since."""
        held = {
            (row["RowKey"].removeprefix("user:"), license_["skuId"], license_["by"].get("signInId"))
            for row in self._rows
            if row["RowKey"].startswith("user:")
            for license_ in content_of(row)["licenses"]
        }
        for told in self._account.sign_ins:
            if told.outcome != "claimed" or told.sku_id is None:
                continue
            commits = self._claims[told.sign_in_id, told.user_id, told.sku_id]
            what = f"{told.user_id} was told of a claim of {told.sku_id} by sign-in {told.sign_in_id}"
            if not commits:
                self._found(NOTHING_LOST, f"{what}: the journal does not have it")
            elif told.at not in {None, *(commit.at for commit in commits)}:
                self._found(TRUE_ANSWERS, f"{what} at {told.at}: it was at {commits[-1].at}")
            elif (told.user_id, told.sku_id, told.sign_in_id) not in held and self._last_removal.get(
                (told.user_id, told.sku_id), 0
            ) < commits[-1].sequence:
                self._found(NOTHING_LOST, f"{what}: nobody took it back, and the user's row does not have it")

    def _check_rows(self, final: State) -> None:
        """Every license that was given and not taken back is in the user's row as it was given."""
        rows = {row["RowKey"][5:]: content_of(row) for row in self._rows if row["RowKey"].startswith("user:")}
        for user_id, licenses in final.licenses.items():
            kept = {each["skuId"]: each for each in rows.get(user_id, {"licenses": []})["licenses"]}
            for sku_id, held in licenses.items():
                found = kept.get(sku_id)
                origin = (found["by"].get("signInId"), found["by"].get("policyId")) if found else None
                due = held.claim[:2] if held.claim else (None, None)
                if found is None or origin != due or set(found["off"]) != held.chosen:
                    self._found(MONOTONE, f"{user_id}'s license of {sku_id} is gone or another: {found}")


def _kind(entry: Entry) -> str:
    return "licenses" if entry.target.startswith("users/") else entry.target.partition("/")[0]


def _targets(entry: Entry) -> set[str]:
    """What a change may have been said to be about, of which this is an entry: all of a user's licenses, too."""
    return {entry.target, entry.target.rpartition("/")[0]} if entry.target.startswith("users/") else {entry.target}
