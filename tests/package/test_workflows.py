"""Public CI runs what was looked up, with no more rights than it needs, and watches every lock."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from localhost.data_folder import PROJECT_FOLDER

WORKFLOWS = sorted((PROJECT_FOLDER / ".github" / "workflows").glob("*.yml"))
NOT_OURS = {"node_modules", ".venv", ".local", ".git"}
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def _unpinned(text: str) -> list[str]:
    """What a workflow uses by a name that somebody else can give to something else."""
    used: list[str] = re.findall(r"\buses:\s*(.*)$", text, re.MULTILINE)
    return [each for each in used if not PINNED.fullmatch(each)]


def test_every_action_is_pinned_by_its_commit_with_its_version_beside_it() -> None:
    assert len(WORKFLOWS) >= 2
    for path in WORKFLOWS:
        text = path.read_text()
        assert "uses:" in text
        assert _unpinned(text) == []


@pytest.mark.parametrize(
    "name",
    [
        "actions/checkout@v4",
        "actions/checkout@main",
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
        "actions/checkout@3d3c42e # v7.0.1",
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7",
    ],
)
def test_an_action_that_is_not_pinned_is_noticed(name: str) -> None:
    assert _unpinned(f"    steps:\n      - uses: {name}\n") == [name]


def test_an_action_has_one_version_everywhere() -> None:
    used = {each for path in WORKFLOWS for each in re.findall(r"uses: (\S+@\S+ # \S+)", path.read_text())}

    assert len(used) == len({each.partition("@")[0] for each in used})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_reads_the_repository_and_no_more_and_no_job_hangs(path: Path) -> None:
    text = path.read_text()
    jobs = text.partition("\njobs:\n")[2]

    assert re.findall(r"permissions:(?:\n +.*)*", text) == ["permissions:\n  contents: read"]
    assert len(re.findall(r"^  \w+:$", jobs, re.MULTILINE)) == len(
        re.findall(r"^    timeout-minutes: \d+$", jobs, re.MULTILINE)
    )
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def _folders_with_npm_locks() -> Iterator[str]:
    for folder, below, names in os.walk(PROJECT_FOLDER):
        below[:] = [name for name in below if name not in NOT_OURS]
        if "package-lock.json" in names:
            yield "/" + os.path.relpath(folder, PROJECT_FOLDER)


def test_dependabot_watches_every_lock() -> None:
    text = (PROJECT_FOLDER / ".github" / "dependabot.yml").read_text()

    assert set(_folders_with_npm_locks()) <= set(re.findall(r"^      - (/\S+)$", text, re.MULTILINE))
    assert re.findall(r"package-ecosystem: (\S+)", text) == ["pip", "npm", "github-actions"]
