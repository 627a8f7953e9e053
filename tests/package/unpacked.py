"""The package, unpacked where nothing else is, with the environment that its requirements make."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORKER_DOUBLE = Path(__file__).with_name("worker_double.py")
RUN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The app's folder, and the Python of its environment."""

    app: Path
    python: Path

    def run(self, *arguments: str, settings: Mapping[str, str], told: str = "") -> str:
        """Runs the environment's Python in the app's folder, with that folder and no other on the path."""
        done = subprocess.run(
            [self.python, "-B", "-P", "-W", "error", *arguments],
            cwd=self.app,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(self.app), **settings},
            input=told,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def call(self, requests: Sequence[Mapping[str, Any]], settings: Mapping[str, str]) -> "Told":
        """What the functions answer, one request after the other, in one process."""
        told = "".join(json.dumps(request) + "\n" for request in requests)
        lines = self.run(str(WORKER_DOUBLE), settings=settings, told=told).splitlines()
        *answers, modules = [json.loads(line) for line in lines]
        return Told(answers, modules)


@dataclass(frozen=True, slots=True)
class Told:
    """The answers, and the file of every module that was imported for them (None: it has none)."""

    answers: list[dict[str, Any]]
    modules: dict[str, str | None]


def request(function: str, method: str, path: str, body: object = None, **more: Any) -> dict[str, Any]:
    """A request as the host hands it over. `headers` and `route_params` may be given."""
    headers = {"host": "autoclaim.example", **more.get("headers", {})}
    text = "" if body is None else json.dumps(body)
    if text:
        headers |= {"content-type": "application/json", "content-length": str(len(text))}
    return {
        "function": function,
        "method": method,
        "url": f"https://autoclaim.example/api/{path}",
        "headers": headers,
        "route_params": more.get("route_params", {}),
        "body": text,
    }
