"""What documents say of the code is so."""

import re
import tomllib
from pathlib import Path

from functions.settings import environment as settings
from functions.version import VERSION

PROJECT = Path(__file__).resolve().parents[2]


def _read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def _setting_names() -> set[str]:
    """Every setting has a constant of its own name."""
    return {name for name, value in vars(settings).items() if name == value}


def test_the_readme_has_every_setting_and_no_other() -> None:
    table = _read("README.md").partition("## Settings")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == _setting_names()


def test_there_is_one_version() -> None:
    assert tomllib.loads(_read("pyproject.toml"))["project"]["version"] == VERSION


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\]\(([0-9]{2}-[a-z0-9-]+\.md)\)", _read("docs/decisions/README.md")))

    assert listed == {path.name for path in (PROJECT / "docs/decisions").glob("[0-9]*.md")}


def test_every_link_inside_the_project_leads_somewhere() -> None:
    for path in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path.relative_to(PROJECT)} links to {link}"


def test_every_file_that_the_map_of_storage_names_is_there_and_all_are_named() -> None:
    named = set(re.findall(r"[a-z_]+\.py", _read("storage/__init__.py")))

    assert named == {path.name for path in (PROJECT / "storage").glob("*.py")} - {"__init__.py"}
