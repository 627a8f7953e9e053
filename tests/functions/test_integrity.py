"""Integrity: nothing to tell of a sound tenant, whatever happens meanwhile; each kind of damage found and named."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from azure.data.tables import TableClient, UpdateMode

from functions.composition import close_services, services
from localhost.emulator import Azurite
from storage.rows.content import HEAD_KEY, content_of, content_row, journal_key, user_key
from storage.rows.reports import counts_key, month_of
from storage.upkeep import integrity as storage_integrity
from tests.functions.conftest import Api
from tests.functions.faults import check_error
from tests.functions.lists import follow
from tests.functions.valid import OTHER_SKU, SKU, claim, product_body, put, stock

MOST_CALLS = 60
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def _check(api: Api, between: Callable[[], object] = lambda: None) -> list[dict[str, Any]]:
    """Every call of one check; between two of them something may happen."""
    response = api.call("GET", "/integrity")
    calls: list[dict[str, Any]] = []
    for _ in range(MOST_CALLS):
        assert response.status_code == 200, response.text
        calls.append(response.json())
        link = calls[-1].get("nextLink")
        assert calls[-1]["complete"] is (link is None)
        if link is None:
            return calls
        between()
        response = follow(api, link)
    raise AssertionError("the check has no end")


def _damage(api: Api) -> list[tuple[str, str]]:
    """What a check finds, each with its kind and what it is about."""
    calls = _check(api)
    found = [each for call in calls for each in call["discrepancies"]]
    assert calls[-1]["ok"] is (not found)
    assert all(each.keys() == {"kind", "target", "message"} and each["message"].endswith(".") for each in found)
    return [(each["kind"], each["target"]) for each in found]


class Rows:
    """The rows of a tenant, for whoever wants to damage them."""

    def __init__(self, azurite: Azurite, tenant_id: str, table: str) -> None:
        self._client = TableClient.from_connection_string(azurite.connection_string, table)
        self._tenant_id = tenant_id

    def close(self) -> None:
        self._client.close()

    def delete(self, row_key: str) -> None:
        self._client.get_entity(self._tenant_id, row_key)
        self._client.delete_entity(self._tenant_id, row_key)

    def content(self, row_key: str) -> Any:
        return content_of(self._client.get_entity(self._tenant_id, row_key))

    def edit(self, row_key: str, change: Callable[[Any], object]) -> None:
        """Changes a row's content in place."""
        row = self._client.get_entity(self._tenant_id, row_key)
        content = content_of(row)
        before = json.dumps(content)
        change(content)
        assert json.dumps(content) != before
        edited = {**row, **content_row(self._tenant_id, row_key, content)}
        self._client.update_entity(edited, mode=UpdateMode.REPLACE)


@pytest.fixture
def ledger(azurite: Azurite, tenant_id: str) -> Iterator[Rows]:
    rows = Rows(azurite, tenant_id, "ledger")
    yield rows
    rows.close()


@pytest.fixture
def reports(azurite: Azurite, tenant_id: str) -> Iterator[Rows]:
    rows = Rows(azurite, tenant_id, "reports")
    yield rows
    rows.close()


@pytest.fixture
def policy(api: Api) -> dict[str, Any]:
    """A policy with three claims, one of which was taken back, beside a license assigned by hand; rolled up."""
    made = stock(api, total=100)
    for user in ("ada", "bob", "eve"):
        claim(api, user)
    assert api.call("DELETE", f"/users/eve/licenses/{SKU}").status_code == 204
    assert api.call("PUT", f"/users/dan/licenses/{SKU}", json={}).status_code == 201
    _roll_up(api)
    return made


def _roll_up(api: Api) -> None:
    async def roll_up() -> None:
        try:
            assert await services().upkeep.roll_up(api.tenant_id, 10)
        finally:
            await close_services()

    asyncio.run(roll_up())


def _small_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_integrity, "USERS_PER_CALL", 2)
    monkeypatch.setattr(storage_integrity, "COMMITS_PER_CALL", 3)


def test_a_new_tenant_is_sound(api: Api) -> None:
    (answer,) = _check(api)

    assert TIME.fullmatch(answer.pop("checkedAt"))
    nothing = {"users": 0, "licenses": 0, "journalEntries": 0}
    assert answer == {"ok": True, "complete": True, **nothing, "discrepancies": []}


@pytest.mark.whole_pages
@pytest.mark.usefixtures("policy")
def test_a_sound_tenant_is_counted(api: Api) -> None:
    (answer,) = _check(api)

    assert TIME.fullmatch(answer.pop("checkedAt"))
    counted = {"users": 4, "licenses": 3, "journalEntries": 8}
    assert answer == {"ok": True, "complete": True, **counted, "discrepancies": []}


@pytest.mark.usefixtures("policy")
def test_a_check_in_small_calls_counts_the_same(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    _small_calls(monkeypatch)

    calls = _check(api)

    assert len(calls) > 3
    assert all(call["ok"] and not call["discrepancies"] for call in calls)
    assert (calls[-1]["users"], calls[-1]["licenses"], calls[-1]["journalEntries"]) == (4, 3, 8)
    for name in ("users", "licenses", "journalEntries"):
        counts = [call[name] for call in calls]
        assert counts == sorted(counts)


@pytest.mark.whole_pages
def test_what_happens_during_a_check_is_no_alarm(
    api: Api, policy: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _small_calls(monkeypatch)
    put(api, f"/products/{OTHER_SKU}", product_body())
    late = iter(range(MOST_CALLS))

    def happen() -> None:
        number = next(late)
        claim(api, f"a-new-one-{number}")
        claim(api, f"z-new-one-{number}")
        assert api.call("DELETE", "/users/bob/licenses").status_code == 204
        claim(api, "bob")
        assert api.call("PUT", f"/users/ada/licenses/{OTHER_SKU}", json={}).status_code in {200, 201}
        change = {"name": f"Renamed {number}"}
        path = f"/policies/{policy['id']}"
        assert api.call("PATCH", path, json=change, headers={"If-Match": "*"}).status_code == 200
        if number == 1:
            _roll_up(api)

    calls = _check(api, happen)

    assert len(calls) > 3
    assert [call["discrepancies"] for call in calls] == [[]] * len(calls)
    assert all(call["ok"] for call in calls)
    assert _damage(api) == []


def test_a_policy_deleted_during_a_check_is_no_alarm(
    api: Api, policy: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _small_calls(monkeypatch)
    paths = iter([f"/policies/{policy['id']}"])

    def happen() -> None:
        for path in paths:
            assert api.call("DELETE", path, headers={"If-Match": "*"}).status_code == 204

    assert all(call["ok"] for call in _check(api, happen))
    assert _damage(api) == []


def test_a_lost_user_is_found(api: Api, policy: dict[str, Any], ledger: Rows) -> None:
    ledger.delete(user_key("ada"))

    assert _damage(api) == [
        ("wrongCount", f"products/{SKU}"),
        ("wrongCount", f"policies/{policy['id']}"),
        ("wrongDigest", "users"),
        ("lostUser", "users/ada"),
    ]


@pytest.mark.usefixtures("policy")
def test_a_wrong_count_of_a_product_is_found(api: Api, ledger: Rows) -> None:
    ledger.edit(HEAD_KEY, lambda head: head["assigned"].update({SKU: 4}))

    assert _damage(api) == [("wrongCount", f"products/{SKU}"), ("wrongJournal", f"products/{SKU}")]


def test_a_wrong_count_of_a_policy_is_found(api: Api, policy: dict[str, Any], ledger: Rows) -> None:
    ledger.edit(HEAD_KEY, lambda head: head["held"].update({policy["id"]: 1}))

    assert _damage(api) == [("wrongCount", f"policies/{policy['id']}")]


@pytest.mark.usefixtures("policy")
def test_a_license_that_came_from_nowhere_is_found(api: Api, ledger: Rows) -> None:
    (held,) = ledger.content(user_key("ada"))["licenses"]

    ledger.edit(user_key("eve"), lambda user: user["licenses"].append(held))

    kinds = {kind for kind, _ in _damage(api)}
    assert kinds == {"wrongCount", "wrongDigest"}


@pytest.mark.usefixtures("policy")
def test_a_license_that_was_tampered_with_is_found(api: Api, ledger: Rows) -> None:
    ledger.edit(user_key("ada"), lambda user: user["licenses"][0].update(off=[SKU]))

    assert _damage(api) == [("wrongDigest", "users")]


@pytest.mark.usefixtures("policy")
def test_a_double_entry_is_found(api: Api, ledger: Rows) -> None:
    ledger.edit(journal_key(4), lambda entries: entries.append(entries[0]))

    found = _damage(api)

    assert ("doubleEntry", f"users/ada/licenses/{SKU}") in found
    assert ("wrongJournal", f"products/{SKU}") in found


@pytest.mark.usefixtures("policy")
def test_a_claim_that_the_journal_lost_is_found(api: Api, ledger: Rows) -> None:
    ledger.edit(journal_key(4), lambda entries: entries.clear())

    found = _damage(api)

    assert ("wrongJournal", f"products/{SKU}") in found
    assert ("wrongDay", f"reports/{datetime.now(UTC).date()}") in found


@pytest.mark.parametrize("sequence", [1, 4, 8])
@pytest.mark.usefixtures("policy")
def test_a_gap_in_the_journal_is_found(api: Api, ledger: Rows, sequence: int) -> None:
    ledger.delete(journal_key(sequence))

    assert ("journalGap", f"journal/{sequence}") in _damage(api)


def test_a_wrong_day_row_is_found(api: Api, policy: dict[str, Any], reports: Rows) -> None:
    today = datetime.now(UTC).date()
    key = counts_key(1, month_of(today), policy["id"])

    reports.edit(key, lambda month: month["days"][f"{today:%d}"].update({SKU: 4}))

    assert _damage(api) == [("wrongDay", f"reports/{today}")]


def test_a_lost_day_row_is_found(api: Api, policy: dict[str, Any], reports: Rows) -> None:
    today = datetime.now(UTC).date()

    reports.delete(counts_key(1, month_of(today), policy["id"]))

    assert _damage(api) == [("wrongDay", f"reports/{today}")]


@pytest.mark.usefixtures("policy")
def test_a_lost_head_is_not_called_sound(api: Api, ledger: Rows) -> None:
    ledger.delete(HEAD_KEY)

    response = api.call("GET", "/integrity")

    assert response.status_code != 200 or response.json()["ok"] is False


@pytest.mark.usefixtures("policy")
def test_each_damage_is_told_once_over_all_calls(api: Api, ledger: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    _small_calls(monkeypatch)
    ledger.edit(HEAD_KEY, lambda head: head["assigned"].update({SKU: 4}))
    ledger.edit(user_key("ada"), lambda user: user["licenses"][0].update(off=[SKU]))

    found = _damage(api)

    assert sorted(found) == sorted(set(found))
    assert {kind for kind, _ in found} == {"wrongCount", "wrongDigest", "wrongJournal"}


@pytest.mark.usefixtures("policy")
def test_a_link_is_of_its_tenant(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    _small_calls(monkeypatch)
    link = api.call("GET", "/integrity").json()["nextLink"]

    stranger = api.token("Global Administrator", tenant_id=str(uuid4()))

    check_error(follow(api, link, stranger), 400, "InvalidContinuation", target="continuation")


def test_readers_may_not_check(api: Api) -> None:
    check_error(api.call("GET", "/integrity", token=api.reader), 403, "AuthorizationRequestDenied")
