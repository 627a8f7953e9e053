"""An auditor that keeps its own account: it reads the raw rows of one tenant and shares no code with the product.

It replays the journal and compares what must come out of it with the head, the configuration and the users' rows.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from azure.data.tables import TableClient

Row = Mapping[str, Any]
HELD_BY_JOURNAL = "license.claimed", "license.assigned"


def rows_of(connection_string: str, tenant_id: str, table: str = "ledger") -> list[dict[str, Any]]:
    """Every row of a tenant, as it is stored."""
    with TableClient.from_connection_string(connection_string, table) as client:
        return [dict(row) for row in client.query_entities("PartitionKey eq @tenant", parameters={"tenant": tenant_id})]


def audit(rows: Iterable[Row], after: int | None = None, *, is_closed: bool = False) -> list[str]:
    """What is wrong with the rows of one tenant; an empty list if nothing is.

    Needs a journal that was not pruned. `after` is the last commit of the tenant's lives before this one; where none is
    given, the row that a new life begins with says it. Of a tenant that is closed, because it is being deleted,
    everything is there but the head, which is a tombstone.
    """
    by_key = {str(row["RowKey"]): row for row in rows}
    if not by_key:
        return []
    if "state" not in by_key:
        return [f"there are {len(by_key)} rows and no head"]
    return _Audit(by_key, after, is_closed=is_closed).problems()


def _content(row: Row) -> Any:
    """The JSON of a row, over all its properties `content`, `content1`, …"""
    pieces = sorted(
        (int(name.removeprefix("content") or 0), text) for name, text in row.items() if name.startswith("content")
    )
    return json.loads("".join(text for _, text in pieces))


def _digest(user_id: str, held: Mapping[str, Any]) -> int:
    origin = held["by"]
    facts = [user_id, held["skuId"], held["off"], held["at"]]
    facts += [origin["policyId"], origin["sequence"], origin["place"]] if "policyId" in origin else [origin["id"]]
    return int.from_bytes(hashlib.blake2b(json.dumps(facts, separators=(",", ":")).encode(), digest_size=16).digest())


class _Audit:
    def __init__(self, rows: Mapping[str, Row], after: int | None, *, is_closed: bool) -> None:
        self._head = None if is_closed else _content(rows["state"])
        journal = {key: row for key, row in rows.items() if key.startswith("journal:")}
        self._journal = [journal[key] for key in sorted(journal, reverse=True)]
        # A tenant that was deleted and began again: its numbers go on, as if all before had been removed.
        begun = _content(rows["retention"])["prunedThrough"] if "retention" in rows else 0
        self._after = begun if after is None else after
        self._users = {key[5:]: _content(row) for key, row in rows.items() if key.startswith("user:")}
        self._user_sequences = {key[5:]: int(row["sequence"]) for key, row in rows.items() if key.startswith("user:")}
        configuration = {key: _content(row) for key, row in rows.items() if key.startswith("state:")}
        self._products = {key[14:]: each for key, each in configuration.items() if key.startswith("state:product:")}
        self._policies = {key[13:]: each for key, each in configuration.items() if key.startswith("state:policy:")}
        self._versions = {_target(key): each["version"] for key, each in configuration.items()}
        # Every tenant starts with these, before the first entry of the journal.
        self._living = {"settings": 0, "apps/microsoft-teams": 0}
        self._configured = 0
        self._touched_users: dict[str, int] = {}
        self._held: dict[tuple[str, str], dict[str, Any]] = {}
        self._totals: dict[str, int] = {}
        self._problems: list[str] = []

    def problems(self) -> list[str]:
        """Everything that does not agree."""
        self._check_line()
        for row in self._journal:
            for place, (_, action, target, details) in enumerate(_content(row)):
                self._replay(row, place, action, target, details)
            self._check_seats(row)
        self._check_users()
        self._check_head()
        self._check_configuration()
        return self._problems

    def _expect(self, what: str, found: object, expected: object) -> None:
        if found != expected:
            self._problems.append(f"{what}: found {found!r}, expected {expected!r}")

    def _check_line(self) -> None:
        sequences = [int(row["sequence"]) for row in self._journal]
        last = self._head["sequence"] if self._head else max(sequences, default=0)
        self._expect("the journal's sequence numbers", sequences, list(range(self._after + 1, last + 1)))
        keys = [10**15 - 1 - int(row["RowKey"].removeprefix("journal:")) for row in self._journal]
        self._expect("the journal's keys", keys, sequences)
        times = [row["at"] for row in self._journal]
        self._expect("the journal's times", times, sorted(times))
        if self._head:
            self._expect("the head's time", self._head["at"], times[-1] if times else None)
        self._expect("different commit ids", len({row["commitId"] for row in self._journal}), len(self._journal))
        empty = [row["sequence"] for row in self._journal if not _content(row)]
        self._expect("commits without an entry", empty, [])

    def _replay(self, row: Row, place: int, action: str, target: str, details: Mapping[str, Any]) -> None:
        where = f"commit {row['sequence']}, entry {place}"
        kind, _, rest = target.partition("/")
        if kind == "users":
            user_id, _, sku_id = rest.split("/")
            self._replay_license(where, row, place, (user_id, sku_id), action, details)
            return
        if action == "product.deleted":
            self._expect(f"{where}: licenses held of a deleted product", self._seats()[rest], 0)
            self._totals.pop(rest, None)
        elif kind == "products" and "totalLicenses" in details["after"]:
            self._totals[rest] = details["after"]["totalLicenses"]
        self._configured = int(row["sequence"])
        if action.endswith(".deleted"):
            self._expect(f"{where}: deleted, so known", self._living.pop(target, None) is None, False)  # noqa: FBT003
        else:
            known = action.endswith(".updated")
            self._expect(f"{where}: {action} of {target}, known before", target in self._living, known)
            self._living[target] = self._configured

    def _replay_license(  # noqa: PLR0913, PLR0917 - the facts of one entry
        self, where: str, row: Row, place: int, key: tuple[str, str], action: str, details: Mapping[str, Any]
    ) -> None:
        self._touched_users[key[0]] = int(row["sequence"])
        self._expect(f"{where}: {action} of {key}, held before", key in self._held, action not in HELD_BY_JOURNAL)
        if action == "license.removed":
            self._held.pop(key, None)
        elif action == "license.changed":
            self._held.setdefault(key, {})["off"] = details["after"]["disabledServicePlanIds"]
        elif action == "license.assigned":
            self._held[key] = {"at": row["at"], "off": details["after"]["disabledServicePlanIds"]}
        else:
            self._expect(f"{where}: the claim's user and product", (details["userId"], details["skuId"]), key)
            origin = details["policyId"], details.get("signInId"), int(row["sequence"]), place
            self._held[key] = {"at": row["at"], "claim": origin}

    def _seats(self) -> Counter[str]:
        return Counter(sku_id for _, sku_id in self._held)

    def _check_seats(self, row: Row) -> None:
        for sku_id, seats in self._seats().items():
            if seats > self._totals.get(sku_id, 0):
                self._problems.append(
                    f"commit {row['sequence']} oversold {sku_id}: {seats} of {self._totals.get(sku_id)}"
                )

    def _check_users(self) -> None:
        self._expect("the users' last commits", self._user_sequences, self._touched_users)
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for user_id, user in self._users.items():
            self._expect(f"the id in row user:{user_id}", user["id"], user_id)
            for held in user["licenses"]:
                key = user_id, held["skuId"]
                self._expect(f"{key} held twice", key in found, False)  # noqa: FBT003
                found[key] = held
        self._expect("licenses that users hold", sorted(found), sorted(self._held))
        for key in found.keys() & self._held.keys():
            self._check_license(key, found[key], self._held[key])

    def _check_license(self, key: tuple[str, str], found: Mapping[str, Any], replayed: Mapping[str, Any]) -> None:
        self._expect(f"when {key} was assigned", found["at"], replayed["at"])
        if "off" in replayed:
            self._expect(f"plans off in {key}", found["off"], replayed["off"])
        origin = found["by"]
        claim = (
            (origin["policyId"], origin["signInId"], origin["sequence"], origin["place"])
            if "policyId" in origin
            else None
        )
        self._expect(f"the claim of {key}", claim, replayed.get("claim"))

    def _check_head(self) -> None:
        licenses = [(user_id, held) for user_id, user in self._users.items() for held in user["licenses"]]
        assigned = Counter(held["skuId"] for _, held in licenses)
        if self._head:
            self._expect("assigned licenses", _without_zeros(self._head["assigned"]), dict(assigned))
            held_by = Counter(held["by"]["policyId"] for _, held in licenses if "policyId" in held["by"])
            living = {policy_id: held_by[policy_id] for policy_id in self._policies if held_by[policy_id]}
            self._expect("licenses held by policy", _without_zeros(self._head["held"]), living)
            digest = sum(_digest(user_id, held) for user_id, held in licenses) % 2**128
            self._expect("the digest", int(self._head["digest"], 16), digest)
            self._expect("the configuration's last commit", self._head["configurationSequence"], self._configured)
        for sku_id, seats in assigned.items():
            total = self._products.get(sku_id, {"totalLicenses": 0})["totalLicenses"]
            if seats > total:
                self._problems.append(f"{sku_id} is oversold: {seats} of {total}")

    def _check_configuration(self) -> None:
        totals = {sku_id: product["totalLicenses"] for sku_id, product in self._products.items()}
        self._expect("the products' totals", totals, self._totals)
        self._expect("the versions of what there is", self._versions, self._living)


def _target(key: str) -> str:
    """What the journal calls the resource of a row."""
    kind, *identity = key.removeprefix("state:").split(":", 1)
    plural = {"app": "apps", "product": "products", "policy": "policies", "settings": "settings"}[kind]
    return "/".join([plural, *identity])


def _without_zeros(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count}


def report(problems: Sequence[str]) -> str:
    """The problems as a text for an assertion's message."""
    return "\n".join(problems)
