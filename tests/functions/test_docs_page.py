"""GET /docs: the page is all our own, and shows every operation in a browser that has no internet."""

import re
from pathlib import Path

import pytest

from functions.api import ALL_OPERATIONS
from functions.docs_page import page as docs_page
from functions.docs_page.page import DocsPageMissingError, page
from functions.triggers.docs import CONTENT_SECURITY_POLICY
from tests.functions.browser import CHROMIUM, browser_page
from tests.functions.conftest import Api
from tests.functions.faults import check_error, check_headers

LINK = re.compile(r'(?:src|href)="([^"]*)"')
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


def test_the_page_is_html_for_anyone(api: Api) -> None:
    response = api.anonymous("GET", "/docs")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    check_headers(response)


def test_the_page_allows_nothing_from_elsewhere_and_no_script_in_it(api: Api) -> None:
    response = api.anonymous("GET", "/docs")

    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    policy = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["img-src"] == "'self' data:"
    assert "<script>" not in response.text
    assert not re.search(r"\son\w+=|style=|//", response.text)


def test_every_file_that_the_page_loads_is_served_by_the_app(api: Api) -> None:
    links = [link for link in LINK.findall(api.anonymous("GET", "/docs").text) if link != "data:,"]

    assert len(links) == 3
    for link in links:
        assert link.startswith("/api/docs/")
        response = api.anonymous("GET", link.removeprefix("/api"))
        assert response.status_code == 200
        assert response.headers["content-type"] == TYPES[Path(link.partition("?")[0]).suffix]
        assert response.headers["cache-control"] == "public, max-age=86400"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert len(response.content) > 100
        check_headers(response)


def test_a_link_changes_when_its_file_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = LINK.findall(page("/api").decode())
    (tmp_path / "start.js").write_text("another")
    monkeypatch.setitem(docs_page._FILES, "start.js", (tmp_path, "text/javascript"))  # noqa: SLF001 - its list
    docs_page._read.cache_clear()  # noqa: SLF001 - what it read before

    after = LINK.findall(page("/api").decode())

    docs_page._read.cache_clear()  # noqa: SLF001 - for the tests that follow
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, True, True, False]


def test_the_page_is_the_same_with_a_slash_at_its_end(api: Api) -> None:
    assert api.anonymous("GET", "/docs/").content == api.anonymous("GET", "/docs").content


@pytest.mark.parametrize("base", ["/api", "/base/api"])
def test_links_begin_with_the_path_of_the_public_url(base: str) -> None:
    links = [link for link in LINK.findall(page(base).decode()) if link != "data:,"]

    assert all(link.startswith(f"{base}/docs/") for link in links)


def test_no_path_breaks_out_of_the_page() -> None:
    assert b"<b>" not in page('/"><b>/api')


@pytest.mark.parametrize(
    "name",
    [
        *("nothing", "index.html", "page.py", "package.json", ".npmrc", "node_modules", "swagger-ui.js"),
        *("swagger-ui-bundle.js.map", "START.JS", "..%5Cstart.js", "start.js%00", "%2e%2e%2fpage.py"),
    ],
)
def test_any_other_file_is_not_found(api: Api, name: str) -> None:
    response = api.anonymous("GET", f"/docs/{name}")

    if "x-ms-request-id" not in response.headers:  # the host itself refuses NUL, and knows no route with %2F
        assert (response.status_code, response.content) in {(404, b""), (400, b"")}
    else:
        check_error(response, 404, "FileNotFound", target="file", says="no file of this name")


def test_a_page_that_was_not_installed_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(docs_page._FILES, "missing.js", (tmp_path, "text/javascript"))  # noqa: SLF001 - its list

    with pytest.raises(DocsPageMissingError, match="npm ci"):
        docs_page.page_file("missing.js")


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine to show the page in")
@pytest.mark.parametrize("path", ["/docs", "/docs/"])
async def test_a_browser_shows_every_operation_and_tries_one_with_a_token(api: Api, tmp_path: Path, path: str) -> None:
    operations = sum(len(resource.known) for resource in ALL_OPERATIONS)
    me = "#operations-Caller-get_me"

    async with browser_page(tmp_path) as tab:
        await tab.open(f"{api.url}{path}")
        await tab.until(f"document.querySelectorAll('.opblock').length === {operations}")
        await tab.click(".auth-wrapper .btn.authorize")
        await tab.until("document.querySelectorAll('.auth-container').length === 4")
        await tab.write(".auth-container input", api.manager)
        await tab.click(".auth-container .btn.authorize")
        await tab.until("document.querySelector('.auth-container .btn')?.textContent === 'Logout'")
        # The token outlives the page.
        await tab.open("about:blank")
        await tab.open(f"{api.url}{path}#/Caller/get_me")
        await tab.click(f"{me} .try-out__btn")
        await tab.click(f"{me} .execute")
        status = await tab.until(
            f"document.querySelector('{me} .live-responses-table tbody .response-col_status')?.innerText"
        )
        body = await tab.until(f"document.querySelector('{me} .live-responses-table tbody .highlight-code')?.innerText")

    assert status.split()[0] == "200"
    assert api.tenant_id in body
    assert tab.complaints == []
