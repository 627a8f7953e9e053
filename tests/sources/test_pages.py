"""docs/sources: every payload is sent to the app and every piece of code is run, and what comes of it is as shown."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from functions.sources.sign_ins import SIGN_IN_SECONDS
from tests.localhost.shell_document import ANYTHING, Step, answers, fits, run
from tests.sources import javascript
from tests.sources.conftest import SKU, Tenant
from tests.sources.javascript import URL, Ran
from tests.sources.pages import JSON_WORDS, KINDS, PAGES, SOURCES, TENANT, Page, page

SECRETS = {"okta": "OKTA_SECRET", "keycloak": "KEYCLOAK_SECRET"}
SECRET = "a long random text"
CODED = ["auth0", "cognito", "keycloak", "okta"]
BLOCKING = ["auth0", "cognito"]
RELAYS = ["keycloak", "okta"]


def _given(name: str, shown: Any, **changes: Any) -> Any:
    """What the provider hands over: the event, or for a relay a request with the event in it."""
    if name not in SECRETS:
        return shown
    body = json.dumps(shown)
    signature = hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
    proof = {"okta": {"authorization": SECRET}, "keycloak": {"x-keycloak-signature": signature}}[name]
    return {"method": "POST", "headers": proof, "body": body, **changes}


def _run(folder: Path, of: Page, given: Any, tenant: Tenant | None = None, *, fault: int | str | None = None) -> Ran:
    """Runs a page's code. Without a tenant nothing is sent to the app, and a fault says what is answered."""
    settings = {"AUTOCLAIM_URL": URL, "AUTOCLAIM_KEY": "key", "AUTOCLAIM_TENANT": TENANT}
    if name := SECRETS.get(of.path.stem):
        settings[name] = SECRET
    if tenant:
        settings |= tenant.settings
    address = tenant.running.address if tenant else ""
    return javascript.run(of.one("js"), folder, given, settings, address=address, fault=fault)


def _python(*pages: Page) -> dict[str, Any]:
    """What the Python code of these pages defines, the later over the earlier."""
    defined: dict[str, Any] = {}
    for each in pages:
        exec(each.one("python").text, defined)  # noqa: S102 - the pages are ours
    return defined


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_block_of_a_page_is_of_a_kind_that_is_tried(path: Path) -> None:
    blocks = Page(path).blocks

    assert path.read_text(encoding="utf-8").count("```") == 2 * len(blocks)
    assert {block.kind for block in blocks} <= KINDS
    assert {block.words[0] for block in blocks if block.kind == "json"} <= JSON_WORDS
    assert Page(path).all("json", "sign-in") or Page(path).all("json", "entra-event")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_says_what_to_set_up_what_a_late_answer_does_whose_id_it_is_and_where_the_key_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()

    assert "you set up" in text
    assert "user's id" in text
    assert "function key" in text
    assert "late answer" in text or "repeats on a 503" in text


def test_the_overview_lists_every_page() -> None:
    overview = (SOURCES / "README.md").read_text(encoding="utf-8")

    assert {path.name for path in PAGES} == {
        path.name for path in PAGES if f"]({path.name})" in overview.partition("## What holds for all")[0]
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_payload_is_answered_as_its_page_shows(tenant: Tenant, path: Path) -> None:
    shown = Page(path, tenant.id)
    tenant.stock(shown)

    tried = 0
    for block, after in zip(shown.blocks, shown.blocks[1:], strict=False):
        if block.words[:1] in {("sign-in",), ("entra-event",)}:
            tell = tenant.sign_in if block.words[0] == "sign-in" else tenant.tell_as_entra
            answer = tell(block.content)
            assert after.words == ("answer",)
            assert fits(after.content, answer), answer
            tried += 1
    assert tried == len(shown.all("json", "answer")) > 0


@pytest.mark.parametrize("name", CODED)
def test_the_code_sends_what_its_page_shows_and_a_license_is_claimed(tenant: Tenant, tmp_path: Path, name: str) -> None:
    shown = page(name, tenant.id)
    tenant.stock(shown)

    ran = _run(tmp_path, shown, _given(name, shown.one("json", "input").content), tenant)

    (call,) = ran.calls
    assert call["url"] == f"{URL}/api/sign-ins"
    assert call["headers"]["x-functions-key"] == tenant.key
    assert call["body"] == shown.one("json", "sign-in").content
    assert fits(shown.one("json", "answer").content, call["answer"])
    assert ran.logged == []
    assert tenant.assigned() == 1


@pytest.mark.parametrize("name", CODED)
def test_the_code_run_again_takes_no_second_license(tenant: Tenant, tmp_path: Path, name: str) -> None:
    shown = page(name, tenant.id)
    tenant.stock(shown)
    given = _given(name, shown.one("json", "input").content)

    first, again = (_run(tmp_path, shown, given, tenant).calls[0] for _ in range(2))

    repeated = "claimed" if "signInId" in first["body"] else "alreadyLicensed"
    assert (first["answer"]["outcome"], again["answer"]["outcome"]) == ("claimed", repeated)
    assert tenant.assigned() == 1


@pytest.mark.parametrize("name", CODED)
def test_the_code_does_without_names(tenant: Tenant, tmp_path: Path, name: str) -> None:
    shown = page(name, tenant.id)
    tenant.stock(shown)
    text = shown.one("json", "input").text
    for named in ("email", "name", "alternateId", "displayName", "username"):
        text = text.replace(f'"{named}"', f'"no-{named}"')

    (call,) = _run(tmp_path, shown, _given(name, json.loads(text)), tenant).calls

    assert call["answer"]["outcome"] == "claimed"
    assert set(call["body"]["user"]) == {"id"}


@pytest.mark.parametrize("fault", [503, 500, 401, 400, "lost", "late"])
@pytest.mark.parametrize("name", BLOCKING)
def test_code_that_a_person_waits_for_lets_them_in_whatever_is_answered(
    tmp_path: Path, name: str, fault: int | str
) -> None:
    shown = page(name)
    event = shown.one("json", "input").content

    ran = _run(tmp_path, shown, event, fault=fault)

    assert ran.result == (event if name == "cognito" else None)
    assert len(ran.calls) == len(ran.logged) == 1
    assert ran.limits == [2000]


@pytest.mark.parametrize(
    ("fault", "status"), [(503, 503), ("lost", 503), ("late", 503), (400, 204), (401, 204), (200, 204)]
)
@pytest.mark.parametrize("name", RELAYS)
def test_a_relay_asks_to_be_told_again_only_where_that_helps(
    tmp_path: Path, name: str, fault: int | str, status: int
) -> None:
    shown = page(name)

    ran = _run(tmp_path, shown, _given(name, shown.one("json", "input").content), fault=fault)

    assert ran.result == {"status": status, "body": ""}
    assert len(ran.logged) == (fault != 200)
    assert min(ran.limits) >= 1000 * SIGN_IN_SECONDS


@pytest.mark.parametrize("name", RELAYS)
def test_a_relay_tells_nothing_for_a_caller_without_the_secret(tmp_path: Path, name: str) -> None:
    shown = page(name)
    given = _given(name, shown.one("json", "input").content)
    wrong = dict.fromkeys(given["headers"], "0" * 64)

    for headers in ({}, wrong, dict.fromkeys(wrong, "")):
        ran = _run(tmp_path, shown, {**given, "headers": headers})
        assert (ran.result["status"], ran.calls) == (401, [])


def test_oktas_relay_gives_the_challenge_back(tmp_path: Path) -> None:
    challenge = {"authorization": SECRET, "x-okta-verification-challenge": "7c1d4e0a"}

    ran = _run(tmp_path, page("okta"), {"method": "GET", "headers": challenge})

    assert ran.result["status"] == 200
    assert json.loads(ran.result["body"]) == {"verification": "7c1d4e0a"}
    assert ran.calls == []


def test_keycloaks_relay_tells_of_logins_only(tmp_path: Path) -> None:
    shown = page("keycloak")
    logout = {**shown.one("json", "input").content, "type": "access.LOGOUT"}

    ran = _run(tmp_path, shown, _given("keycloak", logout))

    assert (ran.result["status"], ran.calls) == (204, [])


def test_curl_gets_an_answer_as_its_page_shows(tenant: Tenant) -> None:
    shown = page("own-app")
    tenant.stock(shown)
    step = Step(f"TENANT={tenant.id}; KEY={tenant.key}\n{shown.one('sh').text}")

    run([step], f"{tenant.running.address}/api", tenant.running.data.path, tenant.running.table_port)

    (answer,) = answers(step.printed)
    assert answer["outcome"] == "claimed"


def test_the_relay_of_entras_log_sends_what_its_page_shows(tenant: Tenant) -> None:
    shown = page("entra-sign-in-logs", tenant.id)
    tenant.stock(shown)
    code = _python(page("own-app"), shown)
    (row,) = shown.one("json", "input").content["value"]
    told: set[str] = set()

    code["relay"](tenant.running.address, tenant.key, tenant.id, [row], told)

    assert code["sign_in_of"](tenant.id, row) == shown.one("json", "sign-in").content
    assert told == {row["id"]}
    assert tenant.assigned() == 1


def test_a_license_taken_back_is_claimed_again_only_if_the_relay_forgets_what_it_told(tenant: Tenant) -> None:
    shown = page("entra-sign-in-logs", tenant.id)
    tenant.stock(shown)
    code = _python(page("own-app"), shown)
    (row,) = shown.one("json", "input").content["value"]
    told: set[str] = set()
    code["relay"](tenant.running.address, tenant.key, tenant.id, [row], told)
    tenant.administer("DELETE", f"/users/{row['userId']}/licenses/{SKU}")

    code["relay"](tenant.running.address, tenant.key, tenant.id, [row], told)
    remembered = tenant.assigned()
    code["relay"](tenant.running.address, tenant.key, tenant.id, [row], set())

    assert (remembered, tenant.assigned()) == (0, 1)


def test_a_record_of_the_event_hub_is_told_by_the_same_relay(tenant: Tenant) -> None:
    shown = page("entra-sign-in-logs", tenant.id)
    tenant.stock(shown)
    code = _python(page("own-app"), shown)

    for record in shown.one("json", "event-hub").content["records"]:
        code["relay"](tenant.running.address, tenant.key, record["tenantId"], [record["properties"]], set())

    assert tenant.assigned() == 1


def test_googles_relay_sends_what_its_page_shows(tenant: Tenant) -> None:
    shown = page("google-workspace", tenant.id)
    tenant.stock(shown)
    code = _python(page("own-app"), page("entra-sign-in-logs"), shown)
    found = shown.one("json", "input").content["items"]
    told: set[str] = set()

    code["relay"](tenant.running.address, tenant.key, tenant.id, found, told)

    sent = shown.one("json", "sign-in").content
    assert [code["sign_in_of"](tenant.id, each) for each in found] == [sent]
    assert told == {sent["signInId"]}
    assert tenant.assigned() == 1


def test_anything_is_what_stands_in_answers() -> None:
    """Where a page's answer is left out wholly, nothing would be tried."""
    for path in PAGES:
        for block in Page(path).all("json", "answer"):
            assert block.content != ANYTHING
            assert "claimed" in block.text
