"""docs/deploy.md and docs/operate.md say of infra/ and of the code what is so."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from functions import operate
from functions.telemetry.logs import FIELDS
from localhost.data_folder import PROJECT_FOLDER

DOCS = PROJECT_FOLDER / "docs"
INFRA = PROJECT_FOLDER / "infra"

_PARAMETER = re.compile(r"^param (\w+) [\w\[\]]+(?: = (.*))?$", re.MULTILINE)
_PARAMETER_ROW = re.compile(r"^\| `(\w+)` \| `([A-Z_]+)` \| (\S.*?) \| \S.* \|$", re.MULTILINE)
_ENVIRONMENT = re.compile(r"\$\{([A-Z_]+)(?:=(.*))?\}")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _documented() -> dict[str, tuple[str, str]]:
    """Each parameter of the page's table: its name for azd, and its default."""
    rows = _PARAMETER_ROW.findall(_read(DOCS / "deploy.md"))
    return {name: (environment, default.strip("`")) for name, environment, default in rows}


def _filled() -> dict[str, Any]:
    parameters = json.loads(_read(INFRA / "main.parameters.json"))["parameters"]
    return {name: given["value"] for name, given in parameters.items()}


def test_the_table_has_every_parameter_in_order_with_its_default() -> None:
    declared: dict[str, str] = dict(_PARAMETER.findall(_read(INFRA / "main.bicep")))

    documented = {name: default for name, (_, default) in _documented().items()}
    assert list(documented) == list(declared)
    for name, default in declared.items():
        plain = default if default == "''" else default.strip("'")
        assert documented[name] == plain or (not default and documented[name] in {"needed", "asked for"}), name


def test_the_table_has_the_names_and_defaults_that_azd_fills_in() -> None:
    filled = _filled()

    documented = _documented()
    assert filled.keys() == documented.keys()
    for name, value in filled.items():
        found = _ENVIRONMENT.fullmatch(value)
        assert found, name
        environment, default = documented[name]
        assert found[1] == environment
        assert default == (found[2] or ("''" if default == "''" else default))
        assert bool(found[2]) is (default not in {"''", "needed", "asked for"}), name


def test_every_environment_name_that_the_documents_set_is_a_parameters_or_the_pages() -> None:
    printed = set(re.findall(r"azd env set (PORTAL_[A-Z_]+)", _read(INFRA / "entra" / "portal.sh")))
    known = {environment for environment, _ in _documented().values()} | printed

    assert printed <= set(re.findall(r"azd env set ([A-Z_]+)", _read(DOCS / "deploy.md")))
    for name in ("deploy.md", "operate.md"):
        for used in re.findall(r"azd env set ([A-Z_]+)", _read(DOCS / name)):
            assert used in known, f"{name}: {used}"


def test_every_output_that_the_documents_read_is_there() -> None:
    outputs = set(re.findall(r"^output (\w+) ", _read(INFRA / "main.bicep"), re.MULTILINE))

    used = {
        name
        for path in (*DOCS.glob("*.md"), *DOCS.glob("sources/*.md"), *INFRA.glob("entra/*.sh"))
        for name in re.findall(r"azd env get-value ([A-Z_]+)", _read(path))
    }
    assert {"API_URL"} <= used <= outputs


def test_every_alert_has_its_section() -> None:
    rules = re.findall(r"^    name: '([^']+)'$", _read(INFRA / "app" / "alerts.bicep"), re.MULTILINE)

    text = _read(DOCS / "operate.md")
    assert len(rules) >= 6
    for rule in rules:
        assert f"\n## {rule}\n" in text, f"no section for {rule}"
        section = text.partition(f"\n## {rule}\n")[2].partition("\n## ")[0]
        assert all(part in section for part in ("**Means**", "**Look at**", "**Do**")), rule


def test_every_link_to_a_section_leads_to_one() -> None:
    for path in (*PROJECT_FOLDER.glob("*.md"), *DOCS.glob("**/*.md")):
        for link, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", _read(path)):
            target = path.parent / link if link else path
            assert anchor in _anchors(target), f"{path.name} links to {link}#{anchor}"


def _anchors(path: Path) -> set[str]:
    """The sections of a document, as GitHub names them: lower case, no marks, blanks as hyphens."""
    headings = re.findall(r"^#+ (.+)$", _read(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["deploy.md", "operate.md", "security.md"])
def test_every_file_that_is_named_is_there(name: str) -> None:
    text = _read(DOCS / name)

    named = set(re.findall(r"`((?:infra|tests|docs|functions)/[\w./*-]+)", text))
    assert named
    for each in named:
        pattern = each.rstrip("/").partition("::")[0]
        assert list(PROJECT_FOLDER.glob(pattern)), f"{name}: {each}"


def test_every_command_of_the_operator_is_one_and_all_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = _read(DOCS / "operate.md")
    with pytest.raises(SystemExit):
        operate.main(["--help"])
    choices = re.search(r"\{([\w,-]+)\}", capsys.readouterr().out)

    assert choices
    assert set(re.findall(r"python -m functions\.operate ([\w-]+)", text)) == set(choices[1].split(","))


def test_every_field_of_the_logs_is_explained() -> None:
    section = _read(DOCS / "operate.md").partition("\n## Read the logs\n")[2].partition("\n## ")[0]
    table = "\n".join(line for line in section.splitlines() if line.startswith("| `"))

    assert set(re.findall(r"`(\w+)`", "\n".join(row.split(" | ")[0] for row in table.splitlines()))) == set(FIELDS)


def test_queries_of_the_documents_ask_for_fields_and_metrics_that_there_are() -> None:
    text = _read(DOCS / "operate.md")
    code = "\n".join(
        _read(path) for folder in ("functions", "storage") for path in PROJECT_FOLDER.glob(f"{folder}/**/*.py")
    )

    for block in re.findall(r"```kql\n(.*?)```", text, re.DOTALL):
        for field in re.findall(r"Properties\.(\w+)", block):
            assert field in {*FIELDS, "operation", "status"}, field
        for metric in re.findall(r"'(autoclaim\.[\w.]+)'", block):
            assert f'"{metric}"' in code, metric


def test_the_scope_that_the_azure_cli_may_ask_for_is_the_registrations() -> None:
    (scope,) = json.loads(_read(INFRA / "entra" / "api.json"))["api"]["oauth2PermissionScopes"]

    text = _read(DOCS / "deploy.md")
    assert f'"delegatedPermissionIds": ["{scope["id"]}"]' in text
    assert f"/{scope['value']} " in text
