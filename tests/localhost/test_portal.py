"""The administrator's pages on this machine: what a path gets, with which headers, and who gets a token."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.issuer import AUDIENCE, SAMPLE_TENANT, DevelopmentIssuer
from localhost.portal.pages import BUILT_MARK, CONTENT_SECURITY_POLICY, Portal
from localhost.supervisor import Plan

ORIGIN = "http://127.0.0.1:7071"
OWN_PAGE = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
TENANT = "0b6ff5a1-30f0-4a6c-9d0e-8f3f8d1f0a11"


async def host(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for the host: says which path came through."""
    await PlainTextResponse(f"host {scope['path']}")(scope, receive, send)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>the pages")
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "assets" / "index-4f2a.js").write_text("run()")
    (folder / BUILT_MARK).write_text("digest")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def issuer(tmp_path: Path) -> DevelopmentIssuer:
    return DevelopmentIssuer(DataFolder(tmp_path / "data"))


@pytest.fixture
async def client(built: Path, issuer: DevelopmentIssuer) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Portal(host, issuer, built))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as opened:
        yield opened


@pytest.mark.parametrize(
    "path", ["/", "/licenses/policies", "/settings", "/users/ada%40contoso", "/apis", "/index.html"]
)
async def test_every_path_of_the_pages_gets_the_one_page(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)

    assert (response.status_code, response.text) == (200, "<!doctype html>the pages")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


async def test_files_with_a_hash_in_their_name_are_kept_and_others_asked_for_again(client: httpx.AsyncClient) -> None:
    script = await client.get("/assets/index-4f2a.js")
    assert (script.text, script.headers["content-type"]) == ("run()", "text/javascript; charset=utf-8")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await client.get("/icon.svg")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/api", "/api/settings", "/API/Settings", "/admin/functions/x", "/%61pi/settings", "/a%00"]
)
async def test_what_is_the_hosts_reaches_the_host_unchanged(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)

    assert response.text.startswith("host ")
    assert "content-security-policy" not in response.headers


@pytest.mark.parametrize("path", ["/assets/gone.js", "/favicon.ico", "/portal", "/portal/other", "/a/b.map"])
async def test_what_is_not_there_is_a_404_and_not_the_page(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt", "/out"],
)
async def test_no_path_leads_out_of_the_folder(client: httpx.AsyncClient, built: Path, path: str) -> None:
    (built / "out").symlink_to(built.parent / "secret.txt")

    response = await client.send(client.build_request("GET", httpx.URL(ORIGIN, raw_path=path.encode())))

    assert "secret" not in response.text


async def test_the_mark_is_not_one_of_the_pages(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/{BUILT_MARK}")).text == "<!doctype html>the pages"


async def test_a_name_that_no_file_system_holds_is_a_path_of_the_pages(client: httpx.AsyncClient) -> None:
    assert (await client.get("/users/" + "x" * 300)).text == "<!doctype html>the pages"


@pytest.mark.parametrize("path", ["/", "/assets/index-4f2a.js", "/portal.json", "/gone.js", "/portal/token"])
async def test_every_answer_says_what_a_browser_may_do_with_it(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_scripts_come_from_here_alone_and_nothing_frames_the_pages() -> None:
    policy = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))

    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_the_pages_are_only_read(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/settings")

    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


async def test_the_configuration_names_the_api_and_the_sign_in_and_no_secret(client: httpx.AsyncClient) -> None:
    response = await client.get("/portal.json")

    assert response.json() == {"api": "/api", "signIn": {"kind": "development"}}
    assert response.headers["cache-control"] == "no-cache"


async def test_until_the_pages_are_built_a_page_says_so_and_looks_again(client: httpx.AsyncClient, built: Path) -> None:
    (built / BUILT_MARK).unlink()
    waiting = await client.get("/licenses")
    assert (waiting.status_code, waiting.headers["cache-control"]) == (503, "no-store")
    assert '<meta http-equiv="refresh" content="2">' in waiting.text
    assert "<script" not in waiting.text
    assert (await client.get("/portal.json")).status_code == 200

    (built / BUILT_MARK).write_text("digest")
    assert (await client.get("/licenses")).text == "<!doctype html>the pages"


async def ask(client: httpx.AsyncClient, body: Any = None, **headers: str) -> httpx.Response:
    asked = {"role": "Global Reader"} if body is None else body
    return await client.post("/portal/token", json=asked, headers={**OWN_PAGE, **headers})


async def test_the_pages_own_script_gets_the_token_of_whom_it_asks_for(
    client: httpx.AsyncClient, issuer: DevelopmentIssuer
) -> None:
    response = await ask(client, {"role": "Global Reader", "name": "ada@contoso.example", "tenant": TENANT})

    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    claims = _claims(response.json()["token"], issuer)
    assert (claims["tid"], claims["preferred_username"]) == (TENANT, "ada@contoso.example")
    assert claims["wids"] == ["f2ef992c-3afb-46b9-b7cf-a126ee74c451"]


async def test_name_and_tenant_may_be_left_out(client: httpx.AsyncClient, issuer: DevelopmentIssuer) -> None:
    response = await ask(client, {"role": "User Administrator"})

    assert _claims(response.json()["token"], issuer)["tid"] == SAMPLE_TENANT


def _claims(token: str, issuer: DevelopmentIssuer) -> dict[str, Any]:
    key = jwt.PyJWK(issuer.trusted_issuer()["jwks"]["keys"][0])
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE)
    return claims


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8080"},
        {"Origin": "https://127.0.0.1:7071"},
        {"Origin": "http://localhost:7071"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Host": "portal.example:7071", "Origin": "http://portal.example:7071"},
        {"Host": "127.0.0.1.portal.example", "Origin": "http://127.0.0.1.portal.example"},
        {"Host": "[", "Origin": "http://["},
    ],
)
async def test_nobody_else_gets_a_token(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await ask(client, **headers)

    assert (response.status_code, response.json()["error"]["code"]) == (403, "TokenRefused")
    assert "token" not in response.json()


@pytest.mark.parametrize("name", ["Origin", "Sec-Fetch-Site"])
async def test_who_does_not_say_where_from_gets_no_token(client: httpx.AsyncClient, name: str) -> None:
    headers = {key: value for key, value in OWN_PAGE.items() if key != name}

    assert (await client.post("/portal/token", json={"role": "Global Reader"}, headers=headers)).status_code == 403


@pytest.mark.parametrize("host_name", ["127.0.0.1:7071", "localhost:7071", "[::1]:7071", "localhost"])
async def test_every_name_of_this_machine_is_its_own_origin(client: httpx.AsyncClient, host_name: str) -> None:
    assert (await ask(client, Host=host_name, Origin=f"http://{host_name}")).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
async def test_a_token_is_given_by_post_only(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/portal/token?role=Global+Reader", headers=OWN_PAGE)

    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""])
async def test_a_form_gets_no_token(client: httpx.AsyncClient, media_type: str) -> None:
    content = b'{"role": "Global Reader"}'
    headers = {**OWN_PAGE, "Content-Type": media_type}

    assert (await client.post("/portal/token", content=content, headers=headers)).status_code == 415


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"role": "Emperor"}, "is not a role of this API"),
        ({"role": "Global Reader", "tenant": "contoso"}, "is not a GUID"),
        ({"role": "Global Reader", "more": "x"}, 'the body is to be {"role"'),
        ({"name": "ada"}, 'the body is to be {"role"'),
        ({"role": 7}, "texts of 1 to 256"),
        ({"role": "Global Reader", "name": ""}, "texts of 1 to 256"),
        ({"role": "Global Reader", "name": "x" * 257}, "texts of 1 to 256"),
        ([], 'the body is to be {"role"'),
    ],
)
async def test_a_wrong_wish_is_refused_with_what_would_be_right(
    client: httpx.AsyncClient, body: Any, said: str
) -> None:
    response = await ask(client, body)

    assert response.status_code == 400
    assert said in response.json()["error"]["message"]


@pytest.mark.parametrize(("content", "status"), [(b"{", 400), (b"[" * 3000, 400), (b" " * 5000, 413)])
async def test_a_body_that_is_no_wish_is_refused(client: httpx.AsyncClient, content: bytes, status: int) -> None:
    headers = {**OWN_PAGE, "Content-Type": "application/json"}

    assert (await client.post("/portal/token", content=content, headers=headers)).status_code == status


NPM = """#!/bin/sh
echo "$@" >> "$CALLS"
test -z "$FAILS" || exit 1
mkdir -p dist && echo pages > dist/index.html
"""


class Project:
    """A folder with as much of the project as building the pages needs, and a double of npm."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calls = folder / "calls"
        self.source = folder / "portal" / "src" / "page.ts"
        self.mark = folder / "portal" / "dist" / BUILT_MARK
        self.source.parent.mkdir(parents=True)
        self.source.write_text("one")
        (folder / "localhost").mkdir()
        shutil.copy(PROJECT_FOLDER / "localhost" / "install.py", folder / "localhost")
        npm = folder / "bin" / "npm"
        npm.parent.mkdir()
        npm.write_text(NPM)
        npm.chmod(0o755)

    def build(self, **environment: str) -> int:
        path = f"{self._folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, str(self._folder / "localhost" / "install.py"), "portal-pages"],
            env={**os.environ, "PATH": path, "CALLS": str(self._calls), **environment},
            check=False,
            timeout=30,
        ).returncode

    def builds(self) -> int:
        return len(self._calls.read_text().splitlines()) if self._calls.exists() else 0


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_build_is_used_again_until_a_source_changes(project: Project) -> None:
    assert [project.build(), project.build()] == [0, 0]
    assert (project.builds(), project.mark.exists()) == (1, True)

    project.source.write_text("two")
    assert project.build() == 0
    assert project.builds() == 2

    project.source.with_name("another.ts").write_text("new")
    assert project.build() == 0
    assert project.builds() == 3


def test_a_build_that_fails_is_not_served_and_is_tried_again(project: Project) -> None:
    assert project.build() == 0
    project.source.write_text("wrong")
    assert project.build(FAILS="1") == 1
    assert not project.mark.exists()
    assert project.build() == 0
    assert project.mark.exists()


def test_a_run_that_does_not_ask_for_the_pages_has_none(tmp_path: Path) -> None:
    """Only `make run` serves and builds them: a suite that starts the local host must not wait for npm."""
    assert Plan(DataFolder(tmp_path), port=1, table_port=1).serves_portal is False
