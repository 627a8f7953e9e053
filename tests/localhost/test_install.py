"""What installs, with a double of npm that writes down its calls."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from localhost.data_folder import PROJECT_FOLDER
from tests.localhost.local_run import is_alive, until

NPM = """#!/bin/sh
echo "$$" >> "$CALLS"
mkdir -p node_modules
echo "npm says something"
if [ -n "$HANGS" ]; then sleep 60; fi
exit "${FAILS:-0}"
"""


class Project:
    """A folder with as much of the project as installing Azurite needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls_file = folder / "calls"
        self.lock_file = folder / "localhost" / "azurite" / "package-lock.json"
        self.lock_file.parent.mkdir(parents=True)
        self.lock_file.write_text("{}")
        shutil.copy(PROJECT_FOLDER / "localhost" / "install.py", folder / "localhost")
        npm = folder / "bin" / "npm"
        npm.parent.mkdir()
        npm.write_text(NPM)
        npm.chmod(0o755)

    def start(self, **environment: str) -> "subprocess.Popen[str]":
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.Popen(
            [sys.executable, str(self.folder / "localhost" / "install.py"), "azurite"],
            env={**os.environ, "PATH": path, "CALLS": str(self.calls_file), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def install(self, **environment: str) -> tuple[int, str]:
        """Gives the exit code and what it said; stdout is for the commands that follow."""
        with self.start(**environment) as process:
            out, err = process.communicate(timeout=30)
        assert out == ""
        return process.returncode, err

    def calls(self) -> list[int]:
        return [int(line) for line in self.calls_file.read_text().split()] if self.calls_file.exists() else []


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_it_installs_once_and_again_when_the_lock_file_changes(project: Project) -> None:
    code, said = project.install()
    assert (code, "npm says something" in said) == (0, True)
    assert project.install() == (0, "")
    assert len(project.calls()) == 1
    project.lock_file.write_text('{"changed": true}')
    assert project.install()[0] == 0
    assert len(project.calls()) == 2


def test_what_failed_is_tried_again(project: Project) -> None:
    code, said = project.install(FAILS="1")
    assert (code, "npm ci" in said) == (1, True)
    assert project.install()[0] == 0
    assert len(project.calls()) == 2


def test_of_several_at_once_one_installs(project: Project) -> None:
    processes = [project.start() for _ in range(4)]
    for process in processes:
        process.communicate(timeout=30)
    assert [process.returncode for process in processes] == [0] * 4
    assert len(project.calls()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_installer_too_and_the_next_run_completes(project: Project, number: int) -> None:
    with project.start(HANGS="1") as process:
        until(lambda: len(project.calls()) == 1)
        process.send_signal(number)
        process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert not is_alive(project.calls()[0])
    assert project.install()[0] == 0


def test_a_machine_without_npm_is_told_what_is_missing(project: Project) -> None:
    (project.folder / "bin" / "npm").unlink()
    assert project.install(PATH=str(project.folder / "bin")) == (
        1,
        "npm is missing: Azurite, the storage emulator, needs Node 20 or newer with npm\n",
    )
