"""docs/security.md names tests: they are there. And what it says of the deployment is in the Bicep files."""

import ast
import re

from localhost.data_folder import PROJECT_FOLDER

SECURITY = (PROJECT_FOLDER / "docs" / "security.md").read_text(encoding="utf-8")

_NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_\w+)`")
_ROW = re.compile(r"^\| (?!could try|---)(.*) \|$", re.MULTILINE)


def _tests_of(file: str) -> set[str]:
    tree = ast.parse((PROJECT_FOLDER / file).read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def test_every_test_that_is_named_exists() -> None:
    named = _NAMED.findall(SECURITY)

    assert len(named) > 60
    for file, test in named:
        assert test in _tests_of(file), f"{file} has no {test}"


def test_every_threat_names_what_shows_that_it_is_stopped() -> None:
    for row in _ROW.findall(SECURITY):
        threat, stopped_by, shown_by = row.split(" | ")
        assert threat
        assert stopped_by
        shown = re.findall(r"`([^`]+)`", shown_by)
        assert shown, f"nothing shows: {threat}"
        for each in shown:
            assert _NAMED.fullmatch(f"`{each}`"), each


def test_every_section_says_what_is_not_stopped() -> None:
    sections = SECURITY.split("\n## ")[1:]

    tables = [section for section in sections if "| could try |" in section]
    assert len(tables) == len(sections) - 1 >= 10
    for section in tables:
        assert section.count("**Not stopped.**") == 1, section.partition("\n")[0]


def test_the_deployment_keeps_what_the_threat_model_says() -> None:
    storage = (PROJECT_FOLDER / "infra" / "app" / "storage.bicep").read_text(encoding="utf-8")
    app = (PROJECT_FOLDER / "infra" / "app" / "function-app.bicep").read_text(encoding="utf-8")

    for kept in (
        "allowSharedKeyAccess: false",
        "allowBlobPublicAccess: false",
        "minimumTlsVersion: 'TLS1_2'",
        "supportsHttpsTrafficOnly: true",
    ):
        assert kept in storage
    assert "httpsOnly: true" in app
    assert "TABLES_CONNECTION_STRING:" not in (PROJECT_FOLDER / "infra" / "main.bicep").read_text(encoding="utf-8")
