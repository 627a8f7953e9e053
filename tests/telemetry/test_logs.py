"""Logs: a sentence for people, ids as fields, and users named as the setting says."""

import hashlib
import json
import logging
from typing import Any

import pytest

from domain.errors import LedgerDamagedError, LedgerUnavailableError
from domain.ledger import Proposal
from functions.telemetry.console import LineFormatter
from functions.telemetry.logs import FIELDS, tell
from functions.telemetry.user_names import USER_NAMES
from storage.engine.ledger import TableLedger
from tests.functions.conftest import Api
from tests.functions.valid import SKU, sign_in_body, stock
from tests.telemetry.kept import Kept

TENANT = "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30"
ADA = hashlib.sha256(f"{TENANT}/ada@contoso.example".encode()).hexdigest()[:16]
KNOWN = {"operation": "sign_in", "tenant_id": TENANT, "user_id": "ada@contoso.example"}


@pytest.fixture(autouse=True)
def _all_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "autoclaim")


def test_a_record_has_its_fields_as_fields_and_in_its_text(caplog: pytest.LogCaptureFixture) -> None:
    tell(logging.INFO, "answered 200", {**KNOWN, "outcome": "", "else": "not told"})

    (record,) = caplog.records
    assert record.getMessage() == f"answered 200 operation=sign_in tenant_id={TENANT} user_id=ada@contoso.example"
    assert {name: getattr(record, name) for name in FIELDS if hasattr(record, name)} == KNOWN
    assert not hasattr(record, "else")


@pytest.mark.usefixtures("hashed")
@pytest.mark.parametrize(
    "text", ["user {}", "Row t/user:{} cannot be read", "at users/{} : lost", "users/{}/licenses/x"]
)
def test_hashed_no_id_of_a_user_is_left_in_text_fields_or_error(caplog: pytest.LogCaptureFixture, text: str) -> None:
    error = LedgerDamagedError(text.format("ada@contoso.example"))

    tell(logging.ERROR, f"failed: {error}", KNOWN, error)

    assert "ada@contoso" not in caplog.text
    assert f"failed: {text.format(ADA)}" in caplog.text
    assert f"LedgerDamagedError: {text.format(ADA)}" in caplog.text
    assert caplog.records[0].__dict__["user_id"] == ADA


@pytest.mark.usefixtures("hashed")
def test_the_hash_of_a_user_is_the_same_in_one_tenant_and_another_in_each() -> None:
    shown = [USER_NAMES.shown(tenant, "ada") for tenant in ("one", "one", "two")]

    assert shown[0] == shown[1] != shown[2]
    assert USER_NAMES.shown_in("user ada", "one") == f"user {shown[0]}"


def test_a_line_on_the_console_is_json_with_the_fields_and_the_error() -> None:
    lines: list[str] = []
    formatter = LineFormatter()

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    logger, handler = logging.getLogger("autoclaim"), Lines()
    logger.addHandler(handler)
    try:
        tell(logging.ERROR, "failed", KNOWN, ValueError("a bug"))
        logger.warning("%s is left", "one")
    finally:
        logger.removeHandler(handler)

    first, second = (json.loads(line) for line in lines)
    assert (
        first.items()
        >= {"kind": "log", "level": "ERROR", "text": "failed", "error": "ValueError: a bug\n", **KNOWN}.items()
    )
    assert (second["text"], "error" in second) == ("one is left", False)


def test_every_request_is_logged_once_in_its_span(api: Api, kept: Kept) -> None:
    policy = stock(api)
    kept.begin()

    api.sign_in("ada")
    api.call("GET", f"/policies/{policy['id']}")
    api.anonymous("GET", "/settings")

    told = [record.log_record for record in kept.records()]
    assert [record.body for record in told] == ["answered 200", "answered 200", "answered 401"]
    assert [dict(record.attributes or {}).get("operation") for record in told] == [
        "sign_in",
        "get_policy",
        "get_settings",
    ]
    assert (
        dict(told[0].attributes or {}).items()
        >= {"user_id": "ada", "outcome": "claimed", "policy_id": policy["id"]}.items()
    )
    spans = [span for span in kept.spans() if span.attributes and "request_id" in span.attributes]
    assert {record.span_id for record in told} == {span.context.span_id for span in spans}


def test_each_sign_in_of_a_batch_is_logged_with_its_own_fields(
    api: Api, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = stock(api, total=1)
    settle = TableLedger.settle

    async def settle_or_not(ledger: TableLedger, tenant_id: str, proposal: Proposal[Any]) -> Any:
        if tenant_id == TENANT:
            raise LedgerUnavailableError("gone")
        return await settle(ledger, tenant_id, proposal)

    monkeypatch.setattr(TableLedger, "settle", settle_or_not)
    named = {"displayName": "Marked-Name"}
    sign_ins = [sign_in_body(api.tenant_id, user={"id": user_id, **named}) for user_id in ("ada", "bob", "")]
    sign_ins.append(sign_in_body(TENANT, user={"id": "eve", **named}))
    kept.begin()

    response = api.anonymous(
        "POST",
        "/sign-ins/batch",
        json={"signIns": sign_ins},
        headers={"x-functions-key": api.served.keys.function},
    )

    told = [(str(record.log_record.body), dict(record.log_record.attributes or {})) for record in kept.records()]
    whole = {"operation": "sign_in_batch", "request_id": response.headers["x-ms-request-id"]}
    ada = {"tenant_id": api.tenant_id, "user_id": "ada", "outcome": "claimed", "policy_id": policy["id"], "sku_id": SKU}
    bob = {"tenant_id": api.tenant_id, "user_id": "bob", "outcome": "noLicenses", "policy_id": policy["id"]}
    (failed,) = [fields for text, fields in told if text.startswith("answered 503 ServiceUnavailable")]
    assert failed == {**whole, "tenant_id": TENANT, "user_id": "eve"}
    assert [fields for text, fields in told if text == "answered 400"] == [whole]
    answered = [fields for text, fields in told if text == "answered 200"]
    assert len(answered) == 3
    assert all(fields in answered for fields in (whole, {**whole, **ada}, {**whole, **bob}))
    assert answered[-1] == whole
    assert "Marked-Name" not in str(told)


def test_of_a_trace_that_is_not_kept_warnings_are_told_and_sign_ins_that_gave_no_license(
    api: Api, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(api, total=1)
    kept.begin()
    not_kept = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}
    key = {"x-functions-key": api.served.keys.function}

    def sign_in(user_id: str) -> None:
        body = {"tenantId": api.tenant_id, "appId": "microsoft-teams", "user": {"id": user_id}}
        api.anonymous("POST", "/sign-ins", json=body, headers=key | not_kept)

    for user_id in ("ada", "ada", "bob"):  # claimed, alreadyLicensed, noLicenses
        sign_in(user_id)
    api.anonymous("GET", "/settings", headers=not_kept)

    async def gone(*_: object) -> None:
        raise LedgerUnavailableError("gone")

    monkeypatch.setattr("storage.engine.ledger.TableLedger.settle", gone)
    sign_in("ada")

    refused, failed = (record.log_record for record in kept.records())
    assert dict(refused.attributes or {}).items() >= {"user_id": "bob", "outcome": "noLicenses"}.items()
    assert str(failed.body).startswith("answered 503 ServiceUnavailable")


def test_an_answer_that_is_our_own_fault_is_logged_once(api: Api, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("storage.engine.ledger.TableLedger.settle", fail)

    request_id = api.sign_in("ada").headers["x-ms-request-id"]

    (record,) = kept.records()
    attributes = dict(record.log_record.attributes or {})
    assert record.log_record.body == "answered 500 InternalError: RuntimeError: a bug"
    assert attributes["request_id"] == request_id
    assert "test_logs.py" in str(attributes["error"])
