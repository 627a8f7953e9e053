"""The locks have what the short lists ask for; and the app imports nothing that its short list does not name."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import files
from pathlib import Path

import pytest

from localhost.data_folder import PROJECT_FOLDER
from release.package import deployed_files
from release.requirement_files import (
    DEPLOYED,
    DEPLOYED_LOCK,
    DEVELOPMENT,
    DEVELOPMENT_LOCK,
    name_of,
    requirement_lines,
    requirements_of,
    version_of,
)

OURS = {"domain", "functions", "storage", "function_app"}
HASHED = re.compile(
    r"^([a-z0-9-]+==\S+)(?: ; [^\\\n]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def _versions(*locks: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for lock in locks:
        for each in requirements_of(lock):
            found.setdefault(name_of(each), []).append(version_of(each))
    return found


@pytest.mark.parametrize(
    ("short_list", "locks"), [(DEPLOYED, [DEPLOYED_LOCK]), (DEVELOPMENT, [DEPLOYED_LOCK, DEVELOPMENT_LOCK])]
)
def test_the_locks_have_what_a_short_list_asks_for(short_list: Path, locks: list[Path]) -> None:
    locked = _versions(*locks)

    for each in requirements_of(short_list):
        assert name_of(each) in locked, f"{each} is in no lock; run make lock"
        for version in locked[name_of(each)]:
            assert each.specifier.contains(version), f"{each} is asked for, {version} is locked; run make lock"


def test_every_deployed_package_is_locked_with_the_hashes_of_its_files() -> None:
    text = DEPLOYED_LOCK.read_text()

    assert (
        len(HASHED.findall(text)) == len(requirements_of(DEPLOYED_LOCK)) == len(re.findall(r"^\w", text, re.MULTILINE))
    )


def test_no_package_is_in_both_locks() -> None:
    assert not _versions(DEPLOYED_LOCK).keys() & _versions(DEVELOPMENT_LOCK).keys()


def test_the_lock_comes_before_the_list_that_it_locks() -> None:
    """Of several lines for one package pip takes the first for the version to check, and that must be the exact one."""
    lines = [line for line in DEPLOYED.read_text().splitlines() if line and not line.startswith("#")]

    assert lines[0] == f"-r {DEPLOYED_LOCK.name}"
    assert lines[2:] == requirement_lines(DEPLOYED)


def test_nothing_is_built_where_packages_are_installed() -> None:
    """Building runs a package's own code, and tools that no lock has."""
    assert "--only-binary :all:" in DEPLOYED.read_text().splitlines()


def test_every_deployed_requirement_says_why_it_is_there() -> None:
    for line in requirement_lines(DEPLOYED):
        assert re.search(r"  # \S+ \S+", line), f"{line}: say why, in a few words"


def test_nothing_says_where_packages_come_from() -> None:
    for path in (DEPLOYED, DEPLOYED_LOCK, DEVELOPMENT, DEVELOPMENT_LOCK):
        assert not re.search(r"://|--(?:extra-)?index|--find-links|--trusted-host", path.read_text())


def test_locks_are_renewed_without_what_they_lock() -> None:
    """When a list has changed, pip refuses to install it by the old lock: the way out must not need that."""
    script = "import sys, release.lock; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_FOLDER, check=True, capture_output=True, text=True
    )

    assert set(done.stdout.split()) & {name.partition(".")[0] for name in _asked_for()} == set()


def _imported(paths: Iterable[Path]) -> set[str]:
    """What files import of other people's, wherever in them: modules, and names in modules."""
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names | OURS}


def _asked_for() -> set[str]:
    """The modules of the packages that requirements.txt names; not of those that they bring along."""
    return {
        ".".join(Path(file.parent, file.name.partition(".")[0]).parts).removesuffix(".__init__")
        for each in requirements_of(DEPLOYED)
        for file in files(each.name) or []
        if file.suffix in {".py", ".so"}
    }


def _not_asked_for(paths: Iterable[Path]) -> set[str]:
    modules = _asked_for()
    return {name for name in _imported(paths) if not {name, name.rpartition(".")[0]} & modules}


def test_the_app_imports_only_packages_that_its_short_list_names() -> None:
    deployed = [PROJECT_FOLDER / name for name in deployed_files(PROJECT_FOLDER) if name.endswith(".py")]

    assert _not_asked_for(deployed) == set()


def test_an_import_of_what_is_only_brought_along_is_noticed(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("import msal\nfrom starlette.routing import Route\nimport azure.data.tables.aio, json\n")

    assert _not_asked_for([module]) == {"msal", "starlette.routing.Route"}
