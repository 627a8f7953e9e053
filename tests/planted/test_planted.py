"""The mutation check: each planted bug is caught by the tests named with it, in a copy of the project."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from localhost.data_folder import PROJECT_FOLDER
from tests.planted.bugs import BUGS, Bug

COPIED = ("domain", "functions", "storage", "localhost", "tests", "pyproject.toml", "function_app.py", "host.json")
INSTALLED = "node_modules"
RUN_SECONDS = 240
CRASHES = {"AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "SyntaxError", "TypeError"}
"""How a test ends when what it tests does not run at all: that catches no bug."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of pytest in a copy told: its exit code, and how each test ended."""

    exit_code: int
    ended: dict[str, str]
    said: str


def copy_project(to: Path) -> Path:
    """A copy of everything that tests need; what was installed is shared with the original."""
    for name in COPIED:
        source = PROJECT_FOLDER / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns(INSTALLED, "__pycache__"))
        else:
            shutil.copy2(source, to / name)
    for installed in PROJECT_FOLDER.glob(f"localhost/*/{INSTALLED}"):
        (to / installed.relative_to(PROJECT_FOLDER)).symlink_to(installed, target_is_directory=True)
    return to


def plant(bug: Bug, folder: Path) -> None:
    for edit in bug.edits:
        path = folder / edit.file
        text = path.read_text()
        assert text.count(edit.old) == 1, (
            f"{edit.file} must have this once, and has it {text.count(edit.old)} times: {edit.old}"
        )
        path.write_text(text.replace(edit.old, edit.new))


def run_tests(folder: Path, tests: Sequence[str]) -> Run:
    """Run tests of the copy, in a process of their own. Chance is the same each time."""
    report = folder / "report.xml"
    told = f"--junitxml={report}", "-p", "tests.planted.found_is_enough"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *told, *tests],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "AUTOCLAIM_SEARCH_EXAMPLES": ""},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    ended: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it just now
        # One that fails and whose fixtures fail at its end is there twice: the test comes first.
        name = case.get("classname", "").replace(".", "/") + "::" + case.get("name", "")
        ended.setdefault(name, _ended(case))
    return Run(done.returncode, ended, done.stdout[-4000:] + done.stderr[-4000:])


def _ended(case: ET.Element) -> str:
    """`passed`, or how else it ended, or the error of what did not run at all."""
    for each in case:
        if each.tag in {"failure", "error", "skipped"}:
            problem = each.get("message", "").partition(":")[0]
            return problem if problem in CRASHES else each.tag
    return "passed"


def node_name(test: str) -> str:
    """A test's node id as the report writes it: module and class alike."""
    module, *rest = test.split("::")
    return "/".join([module.removesuffix(".py"), *rest[:-1]]) + "::" + rest[-1]


@pytest.mark.slow
def test_without_a_bug_the_copy_passes(tmp_path: Path) -> None:
    """Otherwise a bug would seem to be caught by what fails anyway."""
    tests = sorted({test for bug in BUGS for test in bug.caught_by})
    run = run_tests(copy_project(tmp_path), tests)
    assert run.exit_code == pytest.ExitCode.OK, run.said
    assert run.ended == dict.fromkeys(map(node_name, tests), "passed")


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_bug_is_caught(bug: Bug, tmp_path: Path) -> None:
    folder = copy_project(tmp_path)
    plant(bug, folder)
    run = run_tests(folder, bug.caught_by)
    assert run.exit_code == pytest.ExitCode.TESTS_FAILED, run.said
    assert run.ended == dict.fromkeys(map(node_name, bug.caught_by), "failure"), run.said


def test_every_bug_has_a_test_of_its_own_to_catch_it() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS)
    assert all(bug.caught_by for bug in BUGS)
