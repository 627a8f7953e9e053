"""An environment with what is deployed and nothing else, made as the build in Azure makes it."""

import hashlib
import os
import subprocess
import venv
from pathlib import Path
from typing import Final

INSTALL_SECONDS_MAX: Final = 600.0

_STAMP: Final = "installed"


class EnvironmentNotMadeError(Exception):
    """Packages could not be installed; the message has what pip said."""


def make_environment(app: Path, environment: Path) -> Path:
    """Afterwards an environment has what the app's requirements.txt asks for, and nothing else; gives its Python.

    One that has been made for the same requirements stays as it is. The lock's hashes turn pip's check of hashes on,
    here as in Azure: Oryx, which builds there, runs `pip install --prefer-binary --requirement requirements.txt`
    (PythonBashBuildSnippet.sh.tpl of https://github.com/microsoft/Oryx).

    Raises:
        EnvironmentNotMadeError: Something could not be had, or its hash is not the lock's.
    """
    python = environment / "bin" / "python"
    wanted = _digest(app)
    stamp = environment / _STAMP
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    venv.create(environment, clear=True, with_pip=True)
    pip = (str(python), "-m", "pip", "--quiet", "--disable-pip-version-check")
    done = subprocess.run(
        (*pip, "install", "--prefer-binary", "--requirement", str(app / "requirements.txt")),
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS_MAX,
        check=False,
    )
    if done.returncode != 0:
        raise EnvironmentNotMadeError(f"requirements.txt could not be installed:\n{done.stderr}")
    stamp.write_text(wanted, encoding="ascii")
    return python


def _digest(app: Path) -> str:
    files = ("requirements.txt", "requirements-locked.txt")
    return hashlib.sha256(b"".join((app / name).read_bytes() for name in files)).hexdigest()
