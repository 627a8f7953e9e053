"""POST /sign-ins/batch: many sign-ins in one call, each answered in its place as it would be alone."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import httpx
import pytest

from domain.errors import LedgerUnavailableError
from domain.ledger import Proposal
from storage.engine.ledger import TableLedger
from storage.tables.table import LedgerTable
from tests.functions.conftest import Api, Served
from tests.functions.faults import LEAKS, check_bare, check_error, check_headers, check_invalid
from tests.functions.valid import SKU, UNKNOWN, sign_in_body, stock, write

NOT_SIGN_INS = [5, "ada", None, True, [], [{}]]
TRIES_MAX = 20


def _send(api: Api, sign_ins: Any) -> httpx.Response:
    key = {"x-functions-key": api.served.keys.function}
    return api.anonymous("POST", "/sign-ins/batch", json={"signIns": sign_ins}, headers=key)


def _results(api: Api, sign_ins: Sequence[Any]) -> list[dict[str, Any]]:
    response = _send(api, sign_ins)
    assert response.status_code == 200, response.text
    check_headers(response)
    content = response.json()
    assert list(content) == ["results"]
    results: list[dict[str, Any]] = content["results"]
    assert len(results) == len(sign_ins)
    return results


def _of(api: Api, *user_ids: str) -> list[dict[str, Any]]:
    return [sign_in_body(api.tenant_id, user={"id": user_id}) for user_id in user_ids]


def _outcomes(results: Sequence[dict[str, Any]]) -> list[str | int]:
    """The outcome of each, or its status where it has none."""
    return [result.get("outcome", result["status"]) for result in results]


def _assigned(api: Api) -> int:
    count: int = api.call("GET", f"/products/{SKU}").json()["assignedLicenses"]
    return count


def test_each_is_answered_in_its_place_as_it_would_be_alone(api: Api) -> None:
    stock(api, total=1)
    ada, bob, eve = _of(api, "ada", "bob", "eve")

    results = _results(api, [ada, bob, {**eve, "appId": "nothing"}, {**ada, "tenantId": UNKNOWN}])

    assert _outcomes(results) == ["claimed", "noLicenses", "noPolicy", "featureOff"]
    assert [result.pop("status") for result in results] == [200] * 4
    again, *others = results
    assert again["license"] == api.sign_in("ada").json()["license"]
    assert set(again) == {"outcome", "policyId", "license", "reason"}
    assert others[0] == api.sign_in("bob").json()
    assert others[1] == api.sign_in("eve", app_id="nothing").json()


def test_one_that_does_not_fit_is_answered_400_and_disturbs_no_other(api: Api) -> None:
    stock(api)
    misfits: list[dict[str, Any]] = [
        sign_in_body(api.tenant_id, user={"id": ""}),
        sign_in_body("nope", appId="a b"),
        {},
        sign_in_body(api.tenant_id, user=[]),
    ]
    alone = [write(api, "sign-in").send_json(each).json()["error"] for each in misfits]

    first, *refused, last = _results(api, [*_of(api, "ada"), *misfits, *_of(api, "bob")])

    assert _outcomes([first, last]) == ["claimed", "claimed"]
    assert refused == [{"status": 400, "error": error} for error in alone]
    assert [error["target"] for error in alone] == ["user.id", "tenantId", "tenantId", "user"]
    assert [each["target"] for each in alone[1]["details"]] == ["tenantId", "appId"]


@pytest.mark.parametrize("value", NOT_SIGN_INS, ids=repr)
def test_what_is_no_object_is_answered_400_in_its_place(api: Api, value: object) -> None:
    stock(api)

    first, refused, last = _results(api, [*_of(api, "ada"), value, *_of(api, "bob")])

    assert _outcomes([first, last]) == ["claimed", "claimed"]
    assert (refused["status"], refused["error"]["code"]) == (400, "InvalidRequest")
    assert refused["error"]["message"].startswith("The sign-in is ")
    assert refused["error"]["message"].endswith("It must be a JSON object.")
    assert "target" not in refused["error"]


def test_of_a_sign_in_full_of_faults_twenty_are_told(api: Api) -> None:
    full = [{f"{number:x}": 1 for number in range(68)} for _ in range(100)]

    response = _send(api, full)

    errors = [result["error"] for result in response.json()["results"]]
    assert {len(error["details"]) for error in errors} == {20}
    assert "and 51 that are not told" in errors[0]["message"]  # the three fields that are needed are missing, too
    assert len(response.content) < 6 * len(response.request.content)


@pytest.mark.parametrize("value", [[], {}, "x", 5, None], ids=repr)
def test_a_batch_is_a_list_that_is_not_empty(api: Api, value: object) -> None:
    check_invalid(_send(api, value), "signIns", says="signIns is")


def test_a_batch_has_one_field_and_needs_it(api: Api) -> None:
    operation = write(api, "sign-in batch")

    check_invalid(operation.send_json({}), "signIns", says="signIns is missing")
    check_invalid(operation.send_json({**operation.body, "tenantId": api.tenant_id}), "tenantId", says="not a field")


def test_a_hundred_are_taken_and_one_more_are_refused_whole(api: Api) -> None:
    stock(api, total=1_000)
    hundred = _of(api, *(f"user-{number}" for number in range(100)))

    check_invalid(_send(api, [*hundred, *_of(api, "eve")]), "signIns", says="at most 100")
    assert _assigned(api) == 0
    assert set(_outcomes(_results(api, hundred))) == {"claimed"}
    assert _assigned(api) == 100


def test_a_hundred_with_long_names_fit_into_64_kib_and_a_hundred_of_the_longest_do_not(api: Api) -> None:
    stock(api, total=1_000)

    def sign_in(number: int, name: str) -> dict[str, Any]:
        user_id = f"{number:08}-2c1d-4e6f-9b3a-5d7c8e9f0a1b"
        user = {"id": user_id, "userPrincipalName": f"{name}@contoso.example", "displayName": name}
        more = {"signInId": user_id, "signedInAt": "2026-11-23T09:15:41.6195833Z"}
        return sign_in_body(api.tenant_id, appId="1fec8e78-bce4-4aaf-ab1b-5451cc387264", user=user, **more)

    usual = [sign_in(number, "Maximiliana-Alexandra.Konstantinopolitanska-Wolff") for number in range(100)]
    longest = [sign_in(number, "x" * 240) for number in range(100)]

    assert 40_000 < len(json.dumps({"signIns": usual})) < 65_536
    assert set(_outcomes(_results(api, usual))) == {"claimed"}
    check_error(_send(api, longest), 413, "RequestTooLarge", says="65536")


def test_the_same_user_twice_claims_once_by_the_first(api: Api) -> None:
    stock(api)

    first, again = _results(api, _of(api, "ada", "ada"))

    assert _outcomes([first, again]) == ["claimed", "alreadyLicensed"]
    assert first["license"] == again["license"]
    assert _assigned(api) == 1


def test_who_stands_first_gets_the_last_seats(api: Api) -> None:
    stock(api, total=3)
    users = [f"user-{number}" for number in range(50)]

    results = _results(api, _of(api, *users, *users[:5]))

    assert _outcomes(results) == ["claimed"] * 3 + ["noLicenses"] * 47 + ["alreadyLicensed"] * 3 + ["noLicenses"] * 2


def test_a_repeat_with_its_sign_in_id_is_answered_claimed_again(api: Api) -> None:
    stock(api)
    (told,) = _of(api, "ada")
    told["signInId"] = "one"

    first, repeat = _results(api, [told, told])

    assert first["outcome"] == "claimed"
    assert first == repeat
    assert _results(api, [told]) == [first]
    assert _assigned(api) == 1


def test_tenants_do_not_meet_in_a_batch(api: Api, served: Served) -> None:
    other = Api(served, UNKNOWN.replace("9", "8"))
    stock(api, total=1)
    stock(other, total=1)

    results = _results(api, [*_of(api, "ada"), *_of(other, "ada"), *_of(api, "bob"), *_of(other, "ada")])

    assert _outcomes(results) == ["claimed", "claimed", "noLicenses", "alreadyLicensed"]
    assert _assigned(api) == _assigned(other) == 1
    other.close()


def test_those_who_find_the_queue_full_are_to_be_sent_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.committer.SIGN_INS_WAITING", 2)
    stock(api, total=100)
    monkeypatch.setattr("storage.engine.ahead.USERS_PER_COMMIT", 0)  # who waits stays in the queue
    sign_ins = _of(api, *(f"user-{number}" for number in range(30)))

    results = _results(api, sign_ins)

    assert set(_outcomes(results)) == {"claimed", 503}
    for _ in range(TRIES_MAX):
        refused = [each for each, result in zip(sign_ins, results, strict=True) if result["status"] != 200]
        if not refused:
            return
        assert {result["error"]["code"] for result in results if "error" in result} == {"ServiceUnavailable"}
        sign_ins, results = refused, _results(api, refused)
        assert set(_outcomes(results)) <= {"claimed", 503}
    raise AssertionError("some are always refused")


def _at_unknown_tenants(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Sign-ins of that tenant meet this instead of the ledger."""
    settle = TableLedger.settle

    async def settle_or_act(ledger: TableLedger, tenant_id: str, proposal: Proposal[Any]) -> Any:
        return await (act() if tenant_id == UNKNOWN else settle(ledger, tenant_id, proposal))

    monkeypatch.setattr(TableLedger, "settle", settle_or_act)


def test_one_whose_storage_is_away_is_answered_503_and_the_others_are_settled(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone() -> None:
        raise LedgerUnavailableError("gone")

    stock(api)
    _at_unknown_tenants(monkeypatch, gone)

    results = _results(api, [*_of(api, "ada"), sign_in_body(UNKNOWN), *_of(api, "bob")])

    assert _outcomes(results) == ["claimed", 503, "claimed"]
    assert results[1]["error"].keys() == {"code", "message"}
    assert results[1]["error"]["code"] == "ServiceUnavailable"


def test_one_that_takes_too_long_is_given_up_and_the_others_are_answered(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(api)
    _at_unknown_tenants(monkeypatch, lambda: asyncio.Event().wait())

    results = _results(api, [sign_in_body(UNKNOWN), *_of(api, "ada"), sign_in_body(UNKNOWN)])

    assert _outcomes(results) == [503, "claimed", 503]
    assert results[0]["error"]["code"] == "ServiceUnavailable"


def test_a_fault_of_ours_is_answered_in_its_place_and_tells_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> None:
        raise RuntimeError("the key is 12345 in /etc/secret.py")

    stock(api)
    _at_unknown_tenants(monkeypatch, broken)

    response = _send(api, [sign_in_body(UNKNOWN), *_of(api, "ada")])

    failed, claimed = response.json()["results"]
    assert (failed["status"], failed["error"]["code"], claimed["outcome"]) == (503, "ServiceUnavailable", "claimed")
    assert "12345" not in response.text
    assert not [leak for leak in LEAKS if leak in response.text]


def test_a_batch_shares_commits(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    stock(api, total=1_000)
    commit, rows = LedgerTable.commit, []

    async def counted(table: LedgerTable, operations: Any) -> list[str]:
        rows.append(len(operations))
        return await commit(table, operations)

    monkeypatch.setattr(LedgerTable, "commit", counted)
    _results(api, _of(api, *(f"user-{number}" for number in range(90))))

    # Each has the head, the journal's row, and those of its users. The first do not wait until all are read.
    assert len(rows) <= 9
    assert sum(rows) == 90 + 2 * len(rows)


def test_the_function_key_opens_it_and_nothing_else_does(api: Api) -> None:
    body = {"signIns": _of(api, "ada")}
    bearer = {"Authorization": f"Bearer {api.manager}"}

    for headers in ({}, {"x-functions-key": "wrong"}, bearer):
        check_bare(api.anonymous("POST", "/sign-ins/batch", json=body, headers=headers), 401)
    assert api.anonymous("POST", f"/sign-ins/batch?code={api.served.keys.function}", json=body).status_code == 200


def test_a_sign_in_is_no_batch_and_a_batch_no_sign_in(api: Api) -> None:
    """Both URLs reach the function that is theirs."""
    one, many = write(api, "sign-in"), write(api, "sign-in batch")

    check_invalid(one.send_json(many.body), "tenantId", "appId", "user", "signIns")
    check_invalid(many.send_json(one.body), "signIns", *one.body)
    check_bare(api.anonymous("GET", "/sign-ins/batch", headers=many.credential), 404)


@pytest.mark.timeout(120)
def test_batches_at_once_give_out_every_seat_and_none_twice(api: Api) -> None:
    stock(api, total=500)
    batches = [_of(api, *(f"user-{batch}-{number}" for number in range(100))) for batch in range(10)]
    for told in chain.from_iterable(batches):
        told["signInId"] = told["user"]["id"]

    def send(batch: list[dict[str, Any]]) -> list[str | int]:
        """As a relay does: those answered 503 are sent again, with the same signInId."""
        answered: list[str | int] = []
        for _ in range(TRIES_MAX):
            outcomes = _outcomes(_results(api, batch))
            answered += [outcome for outcome in outcomes if outcome != 503]
            batch = [told for told, outcome in zip(batch, outcomes, strict=True) if outcome == 503]
            if not batch:
                return answered
        raise TimeoutError("some are answered 503 again and again")

    with ThreadPoolExecutor(len(batches)) as senders:
        outcomes = Counter(chain.from_iterable(senders.map(send, batches)))

    assert outcomes == {"claimed": 500, "noLicenses": 500}
    assert _assigned(api) == 500
