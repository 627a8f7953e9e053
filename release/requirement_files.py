"""Reads the files that pip reads: the short lists that people write, and the locks that are made from them."""

from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from localhost.data_folder import PROJECT_FOLDER

DEPLOYED: Final = PROJECT_FOLDER / "requirements.txt"
"""What is deployed: the short list, with reasons. It includes its lock."""
DEPLOYED_LOCK: Final = PROJECT_FOLDER / "requirements-locked.txt"
"""Every package that is deployed, with its version and the hashes of its files."""
DEVELOPMENT: Final = PROJECT_FOLDER / "requirements-dev.txt"
"""What a developer needs beside it: the short list, with reasons."""
DEVELOPMENT_LOCK: Final = PROJECT_FOLDER / "constraints.txt"
"""The versions of what that brings along and the deployed lock does not have."""


def requirement_lines(path: Path) -> list[str]:
    """The lines of a file that name a package, as they stand there, without what includes other files."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith(("-", "#"))]


def requirements_of(path: Path) -> list[Requirement]:
    """What a file asks for, one for each line. Hashes, reasons and included files are left out.

    A lock may have a package twice, for different Pythons: the markers tell which is meant where.
    """
    return [Requirement(line.partition(" #")[0].rstrip("\\ ")) for line in requirement_lines(path)]


def name_of(requirement: Requirement) -> str:
    """The package's name, written as all its spellings are written alike (PEP 503)."""
    return canonicalize_name(requirement.name)


def version_of(locked: Requirement) -> str:
    """The version that a line of a lock pins.

    Raises:
        ValueError: It does not pin one.
    """
    (specifier,) = locked.specifier
    if specifier.operator != "==":
        raise ValueError(f"{locked} is no line of a lock; run make lock")
    return specifier.version
