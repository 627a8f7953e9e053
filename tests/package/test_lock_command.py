"""`make lock`, on short lists of its own. A package registry must be within reach."""

import re
from pathlib import Path

import pytest

from release import lock
from release.requirement_files import name_of, requirements_of, version_of

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Short lists whose locks are old."""
    for name in ("DEPLOYED", "DEPLOYED_LOCK", "DEVELOPMENT", "DEVELOPMENT_LOCK"):
        monkeypatch.setattr(lock, name, tmp_path / getattr(lock, name).name)
    (tmp_path / "requirements.txt").write_text("-r requirements-locked.txt\n# why\nyarl>=1.20,<2  # URLs\n")
    (tmp_path / "requirements-locked.txt").write_text("yarl==1.20.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    (tmp_path / "requirements-dev.txt").write_text("-c constraints.txt\nhttpx\nyarl\n")
    (tmp_path / "constraints.txt").write_text("httpx==0.20.0\n")
    return tmp_path


def test_both_locks_have_newer_versions_and_each_package_is_in_one(folder: Path) -> None:
    assert lock.main() == 0

    deployed = {name_of(each): version_of(each) for each in requirements_of(folder / "requirements-locked.txt")}
    tools = {name_of(each): version_of(each) for each in requirements_of(folder / "constraints.txt")}
    assert {"yarl", "multidict", "idna"} <= deployed.keys()
    assert {"httpx", "httpcore"} <= tools.keys()
    assert not deployed.keys() & tools.keys()
    assert deployed["yarl"] != "1.20.0"
    assert tools["httpx"] != "0.20.0"


def test_the_hashes_are_those_of_every_file_of_a_package(folder: Path) -> None:
    assert lock.main() == 0

    multidict = re.split(r"\n(?=\w)", (folder / "requirements-locked.txt").read_text().partition("multidict==")[2])[0]
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", multidict)) > 50, "wheels for each platform and Python"
    assert "--hash" not in (folder / "constraints.txt").read_text()


def test_a_list_that_cannot_be_met_leaves_both_locks_as_they_are(folder: Path) -> None:
    (folder / "requirements-dev.txt").write_text("yarl<1.20\n")
    before = {path.name: path.read_text() for path in folder.iterdir()}

    assert lock.main() == 1
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
