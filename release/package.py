"""`make package`: the zip that is deployed, and what it costs.

.funcignore says what is deployed, to azd as to this. The same files give the same bytes, whenever and by whom they are
packed (with one zlib; another may compress a little differently).
"""

import hashlib
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pathspec import PathSpec, Pattern

from functions.docs_page.page import DocsPageMissingError, page
from localhost.data_folder import PROJECT_FOLDER
from release.cold_start import import_seconds
from release.environment import EnvironmentNotMadeError, make_environment

OUTPUT: Final = PROJECT_FOLDER / ".local" / "package"
ZIP_NAME: Final = "autoclaim.zip"
IMPORTS_TIMED: Final = 5
"""The fastest of so many counts: everything else that a machine does makes it slower only."""

_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file: the earliest that a zip can tell."""
_MODE: Final = 0o100644
_UNIX: Final = 3


def main() -> int:
    """Builds the zip, unpacks it, installs what it needs beside it, and prints size and cold start."""
    try:
        page("")
        built = build(PROJECT_FOLDER, OUTPUT / ZIP_NAME)
        app = OUTPUT / "app"
        shutil.rmtree(app, ignore_errors=True)
        unpack(built, app)
        python = make_environment(app, OUTPUT / "environment")
    except (DocsPageMissingError, EnvironmentNotMadeError) as error:
        print(error, file=sys.stderr)
        return 1
    with zipfile.ZipFile(built) as opened:
        files = len(opened.namelist())
    digest = hashlib.sha256(built.read_bytes()).hexdigest()
    print(f"{built.relative_to(PROJECT_FOLDER)}: {built.stat().st_size / 1024:.0f} KiB, {files} files, sha256 {digest}")
    whole, least = import_seconds(python, app, ("function_app", "azure.functions"), IMPORTS_TIMED)
    print(
        f"Cold start: importing function_app takes {whole:.2f} s, {whole / least:.1f} times as long as azure.functions"
        f" alone ({least:.2f} s)."
    )
    return 0


def rules_of(project: Path) -> PathSpec[Pattern]:
    """What .funcignore says: it matches what stays at home."""
    return PathSpec.from_lines("gitignore", (project / ".funcignore").read_text(encoding="utf-8").splitlines())


def deployed_files(project: Path) -> list[str]:
    """The files of a project that are deployed, sorted: paths below its folder, with slashes."""
    return sorted(_walk(project, rules_of(project)))


def _walk(project: Path, rules: PathSpec[Pattern], below: str = "") -> Iterator[str]:
    """Looks into no folder that stays at home."""
    with os.scandir(project / below) as entries:
        for entry in entries:
            path = below + entry.name
            if entry.is_dir():
                if not rules.match_file(f"{path}/"):
                    yield from _walk(project, rules, f"{path}/")
            elif not rules.match_file(path):
                yield path


def build(project: Path, target: Path) -> Path:
    """Writes the zip of what is deployed, and gives its path. What was there before is replaced whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    with zipfile.ZipFile(draft, "w") as opened:
        for path in deployed_files(project):
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            opened.writestr(entry, (project / path).read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return draft.replace(target)


def unpack(built: Path, folder: Path) -> None:
    """Unpacks a zip into a folder, which is made."""
    with zipfile.ZipFile(built) as opened:
        opened.extractall(folder)


if __name__ == "__main__":
    sys.exit(main())
