"""Every folder of the product has a map that names all that is in it, and a room imports only what stands below it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MAPPED = ("storage", "functions")
ENTRIES_MAX = 15

ROOMS = ("accounts", "upkeep", "reports", "engine", "rows", "tables", "instruments")
"""Of storage, from above."""


def _folders() -> Iterator[Path]:
    for top in MAPPED:
        yield from (
            path.parent for path in sorted((PROJECT / top).rglob("__init__.py")) if "node_modules" not in path.parts
        )


FOLDERS = [folder.relative_to(PROJECT).as_posix() for folder in _folders()]


def _entries(folder: Path) -> set[str]:
    modules = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    return modules | {f"{path.parent.name}/" for path in folder.glob("*/__init__.py")}


def _mapped(text: str) -> set[str]:
    """What the lines of a map begin with."""
    words = (line.split()[0] for line in text.splitlines() if line.strip())
    return {word for word in words if word.endswith((".py", "/"))}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _rooms_above(room: str, imported: Iterator[str]) -> set[str]:
    """Of what a room imports of storage, what stands above it."""
    names = {name.split(".")[1] for name in imported if name.startswith("storage.")}
    return {name for name in names if ROOMS.index(name) < ROOMS.index(room)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_map_names_what_is_there_and_nothing_else(folder: str) -> None:
    text = ast.get_docstring(ast.parse((PROJECT / folder / "__init__.py").read_text(encoding="utf-8")))
    assert text
    if folder == "functions/docs_page":
        return  # one module, beside files for browsers
    assert _mapped(text) == _entries(PROJECT / folder)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_can_be_taken_in_at_a_glance(folder: str) -> None:
    assert len(_entries(PROJECT / folder)) <= ENTRIES_MAX


def test_storage_has_these_rooms_and_no_other() -> None:
    assert {entry.removesuffix("/").removesuffix(".py") for entry in _entries(PROJECT / "storage")} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_storage_imports_only_what_stands_below_it(room: str) -> None:
    at = PROJECT / "storage" / room
    modules = list(at.rglob("*.py")) if at.is_dir() else [at.with_suffix(".py")]
    assert modules
    for path in modules:
        assert not _rooms_above(room, _imports(path)), path


def test_an_import_from_above_would_be_seen() -> None:
    assert _rooms_above("rows", iter(["storage.engine.ledger", "storage.tables.table", "json"])) == {"engine"}
