"""The administrator's pages: what npm checks of them, and Playwright's tests of them through the real app.

Playwright says of each test whether it passed; here they are one test, so that `make test` covers them.
"""

import os
import shutil
import subprocess
import sys

import pytest

from localhost.data_folder import PROJECT_FOLDER

PORTAL = PROJECT_FOLDER / "portal"
SECONDS_MAX = 1800
"""For all of Playwright's tests, on a busy machine."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(SECONDS_MAX + 60),
    pytest.mark.skipif(
        not (PORTAL / "node_modules").exists(),
        reason="the portal is not installed: python3 localhost/install.py portal",
    ),
]


def run(*script: str) -> None:
    """Runs one of package.json's scripts; its output is shown when it fails."""
    npm = shutil.which("npm")
    assert npm is not None
    done = subprocess.run(
        [npm, "run", "--silent", *script],
        cwd=PORTAL,
        check=False,
        env={**os.environ, "PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_MAX,
    )
    assert done.returncode == 0, done.stdout


def test_the_types_are_those_that_the_api_describes() -> None:
    run("generate", "--", "--check")


def test_the_source_is_sound_and_every_text_is_in_both_languages() -> None:
    run("typecheck")
    run("lint")


def test_the_pages_do_what_administrators_do() -> None:
    built = subprocess.run(
        [sys.executable, "-m", "localhost.install", "portal-pages"],
        cwd=PROJECT_FOLDER,
        check=False,
        timeout=SECONDS_MAX,
    )
    assert built.returncode == 0
    run("size")
    run("test")
