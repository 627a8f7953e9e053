"""The folders' picture: a request only moves down, and each question has one home."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LAYERS = ("function_app", "functions", "domain", "storage", "localhost", "release", "benchmarks")

ALLOWED = {
    "domain": {"domain"},
    "storage": {"storage", "domain"},
    "functions": {"functions", "domain"},
    "function_app": {"functions"},
    "localhost": {"localhost", "function_app", "functions", "domain", "storage"},
    "release": {"release", "localhost", "functions"},
    "benchmarks": set(LAYERS),
}
"""What each layer may import of the others."""

COMPOSITION_ROOT = "functions/composition.py"


def _modules(layer: str) -> Iterator[Path]:
    if layer == "function_app":
        yield PROJECT / "function_app.py"
    else:
        yield from (
            path for path in (PROJECT / layer).rglob("*.py") if not {"node_modules", "__pycache__"} & set(path.parts)
        )


def _imports(path: Path) -> set[str]:
    """The full names of all modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add(node.module or "")
    return names


def _relative(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_what_is_below_it(layer: str) -> None:
    for path in _modules(layer):
        allowed = ALLOWED[layer] | ({"storage"} if _relative(path) == COMPOSITION_ROOT else set())
        ours = {name.split(".")[0] for name in _imports(path)} & {*LAYERS, "tests"}
        assert ours <= allowed, f"{_relative(path)} imports {sorted(ours - allowed)}"


def test_the_domain_imports_only_the_standard_library_and_itself() -> None:
    for path in _modules("domain"):
        foreign = {name.split(".")[0] for name in _imports(path)} - sys.stdlib_module_names - {"domain"}
        assert not foreign, f"{_relative(path)} imports {sorted(foreign)}"


def test_only_storage_and_the_composition_root_know_the_tables_sdk() -> None:
    for layer in ("domain", "functions", "function_app"):
        for path in _modules(layer):
            knows = {name for name in _imports(path) if name.startswith("azure.data.tables")}
            assert not knows or _relative(path) == COMPOSITION_ROOT, f"{_relative(path)} imports {sorted(knows)}"


def test_only_the_composition_root_builds_clients() -> None:
    builders = {"TableClient", "TableServiceClient", "ManagedIdentityCredential", "AioHttpTransport"}
    for layer in ("domain", "storage", "functions", "function_app"):
        for path in _modules(layer):
            calls = {
                name
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Call)
                for name in (getattr(node.func, "id", None), getattr(getattr(node.func, "value", None), "id", None))
                if name in builders
            }
            assert not calls or _relative(path) == COMPOSITION_ROOT, f"{_relative(path)} builds {sorted(calls)}"


def test_only_settings_read_the_environment() -> None:
    for layer in ("domain", "storage", "functions", "function_app"):
        for path in _modules(layer):
            if _relative(path) == "functions/settings/environment.py":
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            reads = {
                node.attr
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}
            }
            assert not reads, f"{_relative(path)} reads the environment"


def test_only_rows_know_how_the_ledger_is_written_down() -> None:
    for path in _modules("storage"):
        text = path.read_text(encoding="utf-8")
        knows = any(f'"{name}:' in text for name in ("user", "journal", "state", "retired"))
        assert not knows or _relative(path) == "storage/rows/content.py", f"{_relative(path)} spells out a RowKey"


@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_says_why_it_exists(layer: str) -> None:
    for path in _modules(layer):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{_relative(path)} has no docstring"


@pytest.mark.parametrize("layer", LAYERS)
def test_no_module_is_longer_than_a_newcomer_reads(layer: str) -> None:
    for path in _modules(layer):
        length = len(path.read_text(encoding="utf-8").splitlines())
        assert length <= 400, f"{_relative(path)} has {length} lines: it wants to be two"
