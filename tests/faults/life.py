"""One life of a tenant, held against its own rows: every entry of its journal, and what is left at its end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.faults.account import ChangeTold, SignInTold
from tests.faults.history import Commit, Entry, Row, State, commits_of, content_of
from tests.faults.rules import (
    EXACT,
    MONOTONE,
    NEVER_OVERSOLD,
    ONE_CLAIM,
    PROMPT,
    TAKES_NOTHING,
    TRUE_ANSWERS,
    Broken,
)
from tests.storage.audit import audit


class Life:
    """A life of a tenant.

    Attributes:
        commits: Its commits.
        made: The commits that each administrator's change made.
        claims: The commits of each sign-in's claims, by sign-in, user and product.
        broken: What contradicts a rule.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        asked: Mapping[str, Sequence[SignInTold]],
        changes: Mapping[str, ChangeTold],
        *,
        is_over: bool,
    ) -> None:
        self._rows = rows
        self._asked = asked
        self._changes = changes
        self._is_over = is_over
        self._held_at_the_end: set[tuple[str, str, str]] | None = None
        self._last_removal: dict[tuple[str, str], int] = {}
        self.commits = commits_of(rows)
        self.made: defaultdict[str, list[Commit]] = defaultdict(list)
        self.claims: defaultdict[tuple[str, str, str], list[Commit]] = defaultdict(list)
        self.broken: list[Broken] = []

    def judge(self, last_before: int) -> None:
        """Find what contradicts a rule.

        Args:
            last_before: The number of the last commit of the life before; 0 if there was none.
        """
        if not self.commits:
            # Not begun: a head that waits for the first commit, or one that a deletion is about to take away.
            self._found_all(EXACT, (f"no commit, and row {row['RowKey']}" for row in self._rows[1:]))
            return
        try:
            for problem in audit(self._rows, is_closed=self._is_over):
                self._found(NEVER_OVERSOLD if "oversold" in problem else EXACT, problem)
        except KeyError as error:
            self._found(EXACT, f"a row lacks {error}")
        retention = [content_of(row)["prunedThrough"] for row in self._rows if row["RowKey"] == "retention"]
        if retention != ([last_before] if last_before else []):
            self._found(EXACT, f"the life after commit {last_before} says that it begins after {retention}")
        self._check_rows(self._replay())

    def lost(self, told: SignInTold) -> str | None:
        """Why somebody who was told of a claim in this life does not have it at its end, or None."""
        claim = told.sign_in_id, told.user_id, told.sku_id or ""
        commits = self.claims.get(claim, [])
        removed = self._last_removal.get(claim[1:], 0)
        if not commits or removed >= commits[-1].sequence or claim in self._held():
            return None
        return "nobody took it back, and the user's row does not have it"

    def _held(self) -> set[tuple[str, str, str]]:
        """Sign-in, user and product of every claim that is there at the end."""
        if self._held_at_the_end is None:
            self._held_at_the_end = {
                (license_["by"].get("signInId"), row["RowKey"].removeprefix("user:"), license_["skuId"])
                for row in self._rows
                if row["RowKey"].startswith("user:")
                for license_ in content_of(row)["licenses"]
            }
        return self._held_at_the_end

    def _found(self, rule: str, what: str) -> None:
        self.broken.append(Broken(rule, what))

    def _found_all(self, rule: str, whats: Iterable[str]) -> None:
        self.broken += [Broken(rule, what) for what in whats]

    def _replay(self) -> State:
        state = State()
        for commit in self.commits:
            kinds = {_kind(entry) for entry in commit.entries}
            if len(kinds) > 1:
                self._found(TAKES_NOTHING, f"commit {commit.sequence} changes {' and '.join(sorted(kinds))} at once")
            for entry in commit.entries:
                self._check_entry(state, commit, entry)
                state.apply(entry, commit.at)
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
            self.made[entry.actor_id].append(commit)
            change = self._changes.get(entry.actor_id)
            if change is None or change.target not in {None, *targets_of(entry)}:
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
        self.claims[sign_in_id, user_id, sku_id].append(commit)
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


def targets_of(entry: Entry) -> set[str]:
    """What a change may have been said to be about, of which this is an entry: all of a user's licenses, too."""
    return {entry.target, entry.target.rpartition("/")[0]} if entry.target.startswith("users/") else {entry.target}
