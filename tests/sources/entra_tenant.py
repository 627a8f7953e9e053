"""A tenant of Microsoft Entra for the scripts in infra/entra: an `az` that records what they ask, and answers like it.

That Entra itself takes what they ask, it cannot show.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from localhost.data_folder import PROJECT_FOLDER
from tests.sources.fake_az import empty_state, new_application

FAKE_AZ: Final = Path(__file__).with_name("fake_az.py")
ENTRA: Final = PROJECT_FOLDER / "infra" / "entra"
API: Final = "https://autoclaim.azurewebsites.net/api"
READ: Final = frozenset({"NAME", "CLIENT_ID", "API_URL", "PORTAL_CLIENT_ID", "PORTAL_URL"})
"""What the scripts read from the environment."""


class Tenant:
    """A tenant of Microsoft Entra, as the scripts see it."""

    def __init__(self, folder: Path) -> None:
        self._state = folder / "state.json"
        self.write(empty_state())
        az = folder / "az"
        az.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{FAKE_AZ}" "$@"\n', encoding="utf-8")
        az.chmod(0o755)
        self._path = f"{folder}:{os.environ['PATH']}"

    def run(self, script: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """One run of a script, whatever comes of it."""
        inherited = {name: value for name, value in os.environ.items() if name not in READ}
        return subprocess.run(
            ["bash", ENTRA / script, *arguments],  # noqa: S607 - the operator's own shell
            check=False,
            capture_output=True,
            text=True,
            cwd=PROJECT_FOLDER,
            env={**inherited, "PATH": self._path, "FAKE_AZ_STATE": str(self._state), **environment},
            timeout=60,
        )

    def ran(self, script: str, *arguments: str, **environment: str) -> str:
        """What a run printed that must go well, without a word on stderr."""
        done = self.run(script, *arguments, **environment)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        return state

    def held(self) -> dict[str, Any]:
        """All that the tenant holds."""
        return {name: value for name, value in self.state().items() if name != "calls"}

    def calls(self) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = self.state()["calls"]
        return calls

    def application(self, name: str, audience: str = "AzureADMyOrg") -> dict[str, Any]:
        """An application that somebody registered before."""
        state = self.state()
        made = new_application(state, name, audience)
        self.write(state)
        return made

    def one(self, kind: str) -> dict[str, Any]:
        (only,) = self.state()[kind]
        found: dict[str, Any] = only
        return found

    def write(self, state: dict[str, Any]) -> None:
        """Another administrator's hand."""
        self._state.write_text(json.dumps(state), encoding="utf-8")


def changes(calls: list[dict[str, Any]]) -> list[str]:
    """Calls that make or change something, as far as their commands tell."""
    made = [each["command"] for each in calls if each["command"].endswith((" create", " update"))]
    return made + [each["url"] for each in calls if each.get("method") == "POST"]
