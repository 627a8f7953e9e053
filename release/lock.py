"""`make lock`: the newest versions that the short lists allow, written down exactly.

What is deployed gets the hashes of all its files: of every platform and Python, so that one lock serves a developer's
machine and the build in Azure. docs/decisions/17-locks.md says how pip comes to check them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from localhost.install import PYTHON_MIN
from release.requirement_files import (
    DEPLOYED,
    DEPLOYED_LOCK,
    DEVELOPMENT,
    DEVELOPMENT_LOCK,
    name_of,
    requirement_lines,
    requirements_of,
)

DEPLOYED_HEADER = """\
# Everything that is deployed, with the hashes of its files: pip installs nothing else. requirements.txt says why each
# package is here and includes this file. Renew: make lock
"""
DEVELOPMENT_HEADER = """\
# The exact versions of what a developer installs beside requirements-locked.txt. Renew: make lock
"""


def main() -> int:
    """Writes both locks anew. Gives the exit code: 1 where uv said that it cannot be done, and then both stay."""
    try:
        _renew()
    except subprocess.CalledProcessError:
        return 1
    print(f"{DEPLOYED_LOCK.name} and {DEVELOPMENT_LOCK.name} are renewed; before a commit: make licenses test")
    return 0


def _renew() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in (DEPLOYED, DEVELOPMENT):
            # Without the lines that include a lock: it would keep the old versions.
            (folder / source.name).write_text("\n".join(requirement_lines(source)) + "\n", encoding="utf-8")
        deployed = folder / DEPLOYED_LOCK.name
        _resolve(folder, DEPLOYED.name, "--generate-hashes", "--output-file", deployed.name)
        everything = folder / DEVELOPMENT_LOCK.name
        both = (DEPLOYED.name, DEVELOPMENT.name, "--constraints", deployed.name)
        _resolve(folder, *both, "--no-annotate", "--output-file", everything.name)
        locked = {name_of(each) for each in requirements_of(deployed)}
        further = [str(each) for each in requirements_of(everything) if name_of(each) not in locked]
        DEPLOYED_LOCK.write_text(DEPLOYED_HEADER + deployed.read_text(encoding="utf-8"), encoding="utf-8")
    DEVELOPMENT_LOCK.write_text(DEVELOPMENT_HEADER + "\n".join(further) + "\n", encoding="utf-8")


def _resolve(folder: Path, *arguments: str) -> None:
    """Resolves for all platforms, and for every Python from the oldest that this project runs on."""
    oldest = ".".join(map(str, PYTHON_MIN))
    options = ("--quiet", "--no-build", "--universal", "--python-version", oldest, "--no-header")
    subprocess.run([sys.executable, "-m", "uv", "pip", "compile", *options, *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    sys.exit(main())
