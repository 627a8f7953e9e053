"""Runs the shell blocks of a document as they stand, and holds what they print against the blocks that follow them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localhost.data_folder import PROJECT_FOLDER

RUN_SECONDS = 100
ANYTHING = "…"

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_END_OF_BLOCK = "end-of-block-7c1d"


@dataclass
class Step:
    """A shell block, what the document says that it prints, and what it printed."""

    commands: str
    expected: str = ""
    printed: str = ""


def steps_of(document: Path) -> list[Step]:
    """The shell blocks, each with the text block that follows it, if one does."""
    steps: list[Step] = []
    for kind, text in _BLOCK.findall(document.read_text(encoding="utf-8")):
        if kind == "sh":
            steps.append(Step(text))
        elif kind == "text" and steps:
            assert not steps[-1].expected, f"two answers to {steps[-1].commands}"
            steps[-1].expected = text
    return steps


def run(steps: list[Step], api: str, data: Path, table_port: int) -> None:
    """Runs the blocks in one shell, against the app at that address with that data folder."""
    script = "set -eu\n" + "".join(f"{step.commands}\necho {_END_OF_BLOCK}\n" for step in steps)
    # What is written with `make` comes over the Makefile's own; the environment this test runs in is installed.
    written = f"DATA={data} TABLE_PORT={table_port} PYTHON={sys.executable} INSTALL=:"
    environment = {**os.environ, "API": api, "MAKEFLAGS": f" -- {written}"}
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607 - the newcomer's own shell
        check=False,
        capture_output=True,
        text=True,
        cwd=PROJECT_FOLDER,
        env=environment,
        timeout=RUN_SECONDS,
    )
    printed = done.stdout.split(f"{_END_OF_BLOCK}\n")
    for step, text in zip(steps, printed, strict=False):
        step.printed = text
    assert (done.returncode, done.stderr, len(printed)) == (0, "", len(steps) + 1), printed[-1]


def answers(text: str) -> list[Any]:
    """The JSON values and the other lines of a text, in order."""
    return list(_answers(text.removeprefix("\ufeff")))


def _answers(text: str) -> Iterator[Any]:
    rest = text.strip()
    while rest:
        if rest[0] in "{[":
            value, end = json.JSONDecoder().raw_decode(rest)
            yield value
        else:
            end = len(rest.split("\n", 1)[0])
            yield rest[:end].strip()
        rest = rest[end:].strip().removeprefix("\ufeff")


def fits(expected: Any, printed: Any) -> bool:
    """Whether what was printed is what was promised: a promise may leave fields out, and say … for anything."""
    if isinstance(expected, dict):
        return isinstance(printed, dict) and all(
            name in printed and fits(value, printed[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(printed, list)
            and len(expected) == len(printed)
            and all(fits(*pair) for pair in zip(expected, printed, strict=True))
        )
    if expected == ANYTHING:
        return True
    if isinstance(expected, str) and isinstance(printed, str):
        pattern = ".*".join(re.escape(part) for part in expected.split(ANYTHING))
        return bool(re.fullmatch(pattern, printed))
    return type(expected) is type(printed) and bool(expected == printed)
