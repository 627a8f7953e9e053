"""How azd reads .funcignore, which is not quite how git reads its own: by the library go-gitignore.

Source: createDeployableZip in https://github.com/Azure/azure-dev and pattern.go in
https://github.com/denormal/go-gitignore. The last pattern that matches decides, and a folder that is ignored is not
looked into. A lone `*` matches slashes where the pattern has none inside. Compared with that library itself, on this
project and on the folders that test_package.py makes: the same files.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path


def azd_deploys(project: Path) -> list[str]:
    """The files that azd puts into its zip, sorted."""
    lines = (project / ".funcignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    return sorted(_walk(project, patterns))


def _walk(project: Path, patterns: Sequence[str], below: str = "") -> Iterator[str]:
    for entry in (project / below).iterdir():
        path = below + entry.name
        if _is_left_out(patterns, path, entry):
            continue
        if entry.is_dir():
            yield from _walk(project, patterns, f"{path}/")
        else:
            yield path


def _is_left_out(patterns: Sequence[str], path: str, entry: Path) -> bool:
    is_folder = entry.is_dir()
    if entry.name in ({".azure"} if is_folder else {".funcignore", "local.settings.json"}):
        return True
    for pattern in reversed(patterns):
        if _matches(pattern.removeprefix("!"), path, is_folder=is_folder):
            return not pattern.startswith("!")
    return False


def _matches(pattern: str, path: str, *, is_folder: bool) -> bool:
    if pattern.endswith("/") and not is_folder:
        return False
    bare = pattern.strip("/")
    if "**" in bare:
        return _matches_parts(path.split("/"), bare.split("/"))
    if "/" in bare:
        return len(path.split("/")) == len(bare.split("/")) and _matches_parts(path.split("/"), bare.split("/"))
    return fnmatchcase(path if pattern.startswith("/") else path.rpartition("/")[2], bare)


def _matches_parts(path: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return _matches_parts(path, pattern[1:]) or (bool(path) and _matches_parts(path[1:], pattern))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _matches_parts(path[1:], pattern[1:])
