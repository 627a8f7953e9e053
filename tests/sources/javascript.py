"""Runs the JavaScript of a page in Node."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sources.pages import Block

RUN_SECONDS = 60
URL = "https://autoclaim.azurewebsites.net"
"""The app's address as the pages have it; what is sent there goes to the app on this machine."""

_RUNNER = Path(__file__).with_name("run_javascript.mjs")
_ENDINGS = {"action": "cjs", "lambda": "mjs", "relay": "mjs"}


@dataclass(frozen=True)
class Ran:
    """What came of a run.

    Attributes:
        result: What the code gave back; of a relay, its answer's status and body.
        calls: What it sent: url, headers, body, and the app's answer.
        limits: The time limits that it set, in milliseconds.
        logged: What it logged.
    """

    result: Any
    calls: list[dict[str, Any]]
    limits: list[int]
    logged: list[str]


def run(  # noqa: PLR0913 - all named
    block: Block,
    folder: Path,
    given: Any,
    settings: dict[str, str],
    *,
    address: str = "",
    fault: int | str | None = None,
) -> Ran:
    """Runs the code with what its provider would give it."""
    (kind,) = block.words
    file = folder / f"{kind}.{_ENDINGS[kind]}"
    file.write_text(block.text, encoding="utf-8")
    told = {"file": str(file), "kind": kind, "input": given, "settings": settings, "address": address, "fault": fault}
    node = shutil.which("node")
    assert node, "Node 20 is needed, as for everything here"
    done = subprocess.run(
        [node, _RUNNER], input=json.dumps(told), check=False, capture_output=True, text=True, timeout=RUN_SECONDS
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return Ran(**json.loads(done.stdout))
