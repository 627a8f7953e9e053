"""What the build of the pages took of other people's work is listed, and the texts of the licenses go along."""

import re
import subprocess
import sys

import pytest

from localhost.data_folder import PROJECT_FOLDER
from release.licenses import Dependency, portal_packages

PORTAL = PROJECT_FOLDER / "portal"
BUILD_SECONDS_MAX = 300

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(BUILD_SECONDS_MAX + 60),
    pytest.mark.skipif(
        not (PORTAL / "node_modules").exists(),
        reason="the portal is not installed: python3 localhost/install.py portal",
    ),
]

WITHOUT_A_TEXT = {"@fluentui/react-icons"}
"""Packages that say which license they have, and bring no text of it."""


@pytest.fixture(scope="module")
def bundled() -> dict[Dependency, str]:
    """What the build says that it took, with the license's text of each."""
    built = [sys.executable, "-m", "localhost.install", "portal-pages"]
    subprocess.run(built, cwd=PROJECT_FOLDER, check=True, timeout=BUILD_SECONDS_MAX)
    text = (PORTAL / "dist" / "licenses.md").read_text(encoding="utf-8")
    # What stands before the first heading, then for each heading its three groups and what follows it.
    _, *parts = re.split(r"^## (\S+) - (\S+) \((.+)\)$", text, flags=re.MULTILINE)
    return {Dependency(*parts[at : at + 3]): parts[at + 3] for at in range(0, len(parts), 4)}


def test_everything_in_the_scripts_is_listed(bundled: dict[Dependency, str]) -> None:
    assert {"react", "@azure/msal-browser", "i18next"} <= {each.name for each in bundled}
    assert bundled.keys() <= set(portal_packages(PROJECT_FOLDER))


def test_the_texts_of_the_licenses_go_along(bundled: dict[Dependency, str]) -> None:
    assert {each.name for each, text in bundled.items() if "opyright" not in text} == WITHOUT_A_TEXT
