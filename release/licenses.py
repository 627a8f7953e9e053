"""`make licenses`: docs/licenses.md, which lists what is deployed of other people's work, and under which license.

The licenses come from each package's own metadata. What is not on the list of allowed ones stops here.
"""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from localhost.data_folder import PROJECT_FOLDER
from release.package import rules_of
from release.requirement_files import DEPLOYED_LOCK, name_of, requirements_of, version_of

OUTPUT: Final = PROJECT_FOLDER / "docs" / "licenses.md"
DOCS_PAGE: Final = "functions/docs_page"
PORTAL: Final = "portal"

ALLOWED: Final = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "Unlicense", "Zlib"),
        "MPL-2.0",  # its duties are for those who change its files
    }
)
"""SPDX identifiers (https://spdx.org/licenses) of licenses that a deployed package may have."""

_BY_CLASSIFIER: Final = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
_BY_FIELD: Final = {"Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0", "MIT License": "MIT"}
_ONLY_FOR_THE_COMPILER: Final = re.compile(r"@types/|typescript$")
"""Packages of npm that others ask for, and of which nothing can be in a script."""
_READ_IN_ITS_LICENSE_FILE: Final = {"isodate": "BSD-3-Clause", "requests-oauthlib": "ISC"}
"""Packages whose metadata do not say which of several licenses it is, or not the right one."""

_HEADER: Final = """\
# Licenses of what is deployed

Made by `make licenses` from the packages' own metadata. A test holds it to the locks, and every license to the list of
allowed ones in `release/licenses.py`.

## The app

Each package brings its license's text along.

| package | version | license |
|---|---|---|
"""
_PORTAL_HEADER: Final = """
Swagger UI's bundle has further packages in it. Their licenses stand in its `swagger-ui-bundle.js.LICENSE.txt`, which is
deployed beside it.

## The administrator's pages

What the pages' scripts are made of, and so may reach a browser: the lock's packages without those that only build and
test. A build takes of them what it uses. Whose it took stands in `/licenses.md` beside the scripts, with the text of
each license where the package brings one.

| package | version | license |
|---|---|---|
"""


class LicenseError(Exception):
    """A package's license is unknown or not allowed; the message says which."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """A package that is deployed.

    Attributes:
        license: An SPDX license expression.
    """

    name: str
    version: str
    license: str


def main() -> int:
    """Writes docs/licenses.md anew, unless a license is unknown or not allowed."""
    try:
        OUTPUT.write_text(document(), encoding="utf-8")
    except LicenseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def document() -> str:
    """What docs/licenses.md should say.

    Raises:
        LicenseError: A license is unknown or not allowed, or the packages installed here are not those of the lock.
    """
    app = [*python_packages(DEPLOYED_LOCK), *npm_packages(PROJECT_FOLDER)]
    portal = portal_packages(PROJECT_FOLDER)
    for each in (*app, *portal):
        if not is_allowed(each.license):
            raise LicenseError(
                f"{each.name} {each.version} has the license {each.license!r}, which is not allowed; do without the "
                "package, or add the license to ALLOWED in release/licenses.py"
            )
    return _HEADER + _rows(app) + _PORTAL_HEADER + _rows(portal)


def is_allowed(expression: str) -> bool:
    """Tells whether a license expression can be met by allowed licenses: all of A AND B, one of A OR B.

    Parentheses are not read, and OR binds first. So a nested expression may be refused that could be met, and none is
    allowed that could not.
    """
    return all(
        any(license_id.strip("() ") in ALLOWED for license_id in either.split(" OR "))
        for either in expression.split(" AND ")
    )


def python_packages(lock: Path) -> list[Dependency]:
    """The packages of a lock that this Python on this machine would install, with the licenses of the installed ones.

    Raises:
        LicenseError: One is not installed in the lock's version, or its metadata does not tell its license.
    """
    return [_python_package(each) for each in requirements_of(lock) if each.marker is None or each.marker.evaluate()]


def _python_package(locked: Requirement) -> Dependency:
    wanted = version_of(locked)
    try:
        installed = version(locked.name)
    except PackageNotFoundError:
        installed = "missing"
    if installed != wanted:
        raise LicenseError(f"{locked.name} {wanted} is in the lock, and here it is {installed}; run make licenses")
    return Dependency(locked.name, wanted, _python_license(locked))


def _python_license(locked: Requirement) -> str:
    """The license expression (PEP 639), or what older metadata say: a classifier, else a field of any form."""
    fields = metadata(locked.name)
    if "License-Expression" in fields:
        return str(fields["License-Expression"])
    if name_of(locked) in _READ_IN_ITS_LICENSE_FILE:
        return _READ_IN_ITS_LICENSE_FILE[name_of(locked)]
    classified = [each for each in fields.get_all("Classifier") or [] if each.startswith("License :: ")]
    written = fields.get_all("License") or []
    told: set[str] = {_BY_CLASSIFIER.get(each, each) for each in classified}
    told = told or {_BY_FIELD.get(each, each) for each in written}
    if len(told) != 1 or not told <= ALLOWED:
        raise LicenseError(
            f"{locked.name}: its metadata say {' and '.join(sorted(told))[:80]!r}; read its license file and write "
            "what it is into release/licenses.py"
        )
    return told.pop()


def npm_packages(project: Path) -> list[Dependency]:
    """The packages of the docs page of which something is deployed."""
    lock = json.loads((project / DOCS_PAGE / "package-lock.json").read_text(encoding="utf-8"))
    rules = rules_of(project)
    return [
        Dependency(path.rpartition("node_modules/")[2], package["version"], package["license"])
        for path, package in sorted(lock["packages"].items())
        if path and not any(rules.match_file(f"{DOCS_PAGE}/{folder}/") for folder in _with_parents(path))
    ]


def portal_packages(project: Path) -> list[Dependency]:
    """The packages of which something may be in the scripts of the administrator's pages, each version once.

    A package whose lock entry has no license gets "", which is not allowed.
    """
    lock = json.loads((project / PORTAL / "package-lock.json").read_text(encoding="utf-8"))
    found = {
        (path.rpartition("node_modules/")[2], package["version"], package.get("license", ""))
        for path, package in lock["packages"].items()
        if path and not package.get("dev")
    }
    return [Dependency(*each) for each in sorted(found) if not _ONLY_FOR_THE_COMPILER.match(each[0])]


def _rows(packages: Iterable[Dependency]) -> str:
    return "".join(f"| {each.name} | {each.version} | {each.license} |\n" for each in packages)


def _with_parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


if __name__ == "__main__":
    sys.exit(main())
