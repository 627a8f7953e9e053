"""portal/scripts/configure.mjs: a deployment's site tells its pages what they ask, and is as strict as the local one.

That Azure answers as its configuration says, no test here can show.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from starlette.responses import PlainTextResponse

from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.issuer import DevelopmentIssuer
from localhost.portal.pages import BUILT_MARK, CONTENT_SECURITY_POLICY, HASHED, REVALIDATED, Portal

SCRIPT: Final = PROJECT_FOLDER / "portal" / "scripts" / "configure.mjs"
API: Final = "https://func-autoclaim.azurewebsites.net"
ENTRA: Final = "https://login.microsoftonline.com"
TENANT: Final = "0b9f2ae0-5a3c-4d6e-9a51-d1f7b0c4e2aa"
CLIENT_ID: Final = "6731de76-14a6-49ae-97bc-6eba6914391e"
GIVEN: Final = {
    "API_URL": f"{API}/api",
    "PORTAL_CLIENT_ID": CLIENT_ID,
    "PORTAL_AUTHORITY": f"{ENTRA}/{TENANT}",
    "PORTAL_SCOPE": f"api://{TENANT}/access_as_user",
}
"""What azd's environment has after a deployment."""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<!doctype html>the pages")
    return tmp_path


def _configure(folder: Path, given: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    node = shutil.which("node")
    assert node is not None, "node is missing: the pages are configured with it"
    return subprocess.run(
        [node, SCRIPT, folder],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], **given},
        timeout=60,
    )


def _configured(folder: Path, **given: str) -> tuple[Any, Any]:
    """What it wrote: what the pages read, and what Azure answers with."""
    done = _configure(folder, {**GIVEN, **given})
    assert (done.returncode, done.stderr) == (0, "")
    pages, site = (
        json.loads((folder / name).read_text(encoding="utf-8")) for name in ("portal.json", "staticwebapp.config.json")
    )
    return pages, site


def test_the_pages_learn_where_the_api_is_and_who_signs_people_in(built: Path) -> None:
    pages, _ = _configured(built)

    assert pages == {
        "api": f"{API}/api",
        "signIn": {
            "kind": "entra",
            "clientId": CLIENT_ID,
            "authority": f"{ENTRA}/{TENANT}",
            "scope": f"api://{TENANT}/access_as_user",
        },
    }


def test_what_is_written_has_the_names_that_the_pages_read(built: Path) -> None:
    pages, _ = _configured(built)

    declared = (PROJECT_FOLDER / "portal" / "src" / "configuration.ts").read_text(encoding="utf-8")
    configuration, entra = (
        set(re.findall(r"^  (\w+):", _interface(declared, name), re.MULTILINE))
        for name in ("Configuration", "EntraConfiguration")
    )
    assert (set(pages), set(pages["signIn"])) == (configuration, entra)


def _interface(text: str, name: str) -> str:
    return text.partition(f"interface {name} {{")[2].partition("\n}")[0]


def test_the_policy_is_that_of_the_local_host_with_the_api_and_entra_as_places_to_call(built: Path) -> None:
    _, site = _configured(built)

    assert site["globalHeaders"]["Content-Security-Policy"] == CONTENT_SECURITY_POLICY.replace(
        "connect-src 'self'", f"connect-src 'self' {API} {ENTRA}"
    )


def test_every_answer_has_the_headers_of_the_local_host(built: Path) -> None:
    _, site = _configured(built)

    assert {name: value for name, value in site["globalHeaders"].items() if name != "Content-Security-Policy"} == {
        "Cache-Control": REVALIDATED,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    headers = {each["route"]: each["headers"] for each in site["routes"] if "headers" in each}
    assert headers == {"/assets/*": {"Cache-Control": HASHED}}


def test_a_path_of_the_pages_gets_the_one_page_and_a_missing_file_does_not(built: Path) -> None:
    _, site = _configured(built)

    assert site["navigationFallback"]["rewrite"] == "/index.html"
    everything, files = site["navigationFallback"]["exclude"]
    assert everything == "/assets/*"
    assert {"css", "js", "json", "svg"} <= set(re.findall(r"\w+", files))


async def test_a_users_page_is_reloaded_here_too_where_the_id_has_a_dot(built: Path) -> None:
    (built / BUILT_MARK).write_text("digest")
    issuer = DevelopmentIssuer(DataFolder(built / "data"))
    transport = httpx.ASGITransport(Portal(PlainTextResponse("host"), issuer, built))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:7071") as client:
        response = await client.get("/users/ada@contoso.example")

    assert response.status_code == 200


def test_neither_azures_own_sign_in_nor_what_only_the_build_needs_is_served(built: Path) -> None:
    _, site = _configured(built)

    missing = {each["route"] for each in site["routes"] if each.get("statusCode") == 404}
    assert missing == {"/.auth/*", "/.vite/*", f"/{BUILT_MARK}"}


def test_a_gateway_in_front_of_the_api_is_what_the_pages_call(built: Path) -> None:
    pages, site = _configured(built, API_URL="https://licenses.contoso.example/autoclaim/api")

    assert pages["api"] == "https://licenses.contoso.example/autoclaim/api"
    assert " https://licenses.contoso.example " in site["globalHeaders"]["Content-Security-Policy"]


@pytest.mark.parametrize("name", GIVEN)
def test_what_is_missing_is_named_with_what_to_do_and_nothing_is_written(built: Path, name: str) -> None:
    done = _configure(built, {key: value for key, value in GIVEN.items() if key != name})

    assert done.returncode == 1
    assert re.search(rf"^{name} is missing: run .*(azd provision|infra/entra/portal\.sh)", done.stderr, re.MULTILINE)
    assert "azd env set PORTAL false" in done.stderr
    assert [each.name for each in built.iterdir()] == ["index.html"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_URL", "http://func.example/api"),
        ("API_URL", "https://func.example"),
        ("API_URL", "https://func.example; script-src */api"),
        ("PORTAL_CLIENT_ID", "autoclaim"),
        ("PORTAL_AUTHORITY", "https://login.microsoftonline.com"),
        ("PORTAL_AUTHORITY", "https://evil.example;/x"),
        ("PORTAL_SCOPE", "https://graph.microsoft.com/.default"),
    ],
)
def test_what_has_another_form_is_refused_with_the_form_it_should_have(built: Path, name: str, value: str) -> None:
    done = _configure(built, {**GIVEN, name: value})

    assert done.returncode == 1
    assert f"{name} is {value}: it must be " in done.stderr
    assert not (built / "portal.json").exists()


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    done = _configure(tmp_path, {})

    assert done.returncode == 1
    assert "has no index.html: build the pages first" in done.stderr
    assert all(f"{name} is missing" in done.stderr for name in GIVEN)
