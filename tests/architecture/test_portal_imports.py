"""The folders' picture of the administrator's pages: who imports whom in `portal/src/`, so that each is read alone."""

import graphlib
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

import pytest

PORTAL: Final = Path(__file__).resolve().parents[2] / "portal"
SOURCE: Final = PORTAL / "src"
CODE: Final = (".ts", ".tsx")

ALLOWED: Final[Mapping[str, set[str]]] = {
    "configuration.ts": set(),
    "i18n": {"i18n"},
    "api": {"api"},
    "signIn": {"signIn", "api", "configuration.ts"},
    "components": {"components", "api", "i18n"},
    "pages": {"pages", "components", "api", "i18n"},
    "app": {"app", "pages", "components", "signIn", "api", "i18n", "configuration.ts"},
    "main.tsx": {"main.css", "app", "signIn", "i18n", "configuration.ts"},
}
"""What each folder and file of `src/` may import of the others."""

IMPORT: Final = re.compile(r"\b(?:from|import)\s*\(?\s*[\"'`](\.[^\"'`]*)[\"'`]")
"""At a file's top, for its effect only, passed on by `export … from`, or loaded when it is needed."""

Imports = Mapping[str, set[str]]
"""For each file the files that it imports, all of them by their paths in `src/`."""


def _sources() -> dict[str, str]:
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8") if path.suffix in CODE else ""
        for path in sorted(SOURCE.rglob("*"))
        if path.is_file()
    }


def _imports(sources: Mapping[str, str]) -> Imports:
    return {name: {_found(name, path, sources) for path in IMPORT.findall(text)} for name, text in sources.items()}


def _found(importer: str, path: str, sources: Mapping[str, str]) -> str:
    """The file that an import's path means."""
    named = posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))
    for ending in ("", *CODE, ".d.ts", "/index.ts"):
        if f"{named}{ending}" in sources:
            return f"{named}{ending}"
    raise AssertionError(f"{importer} imports {path}, which is not there by this very name")


def _top(name: str) -> str:
    return name.split("/", maxsplit=1)[0]


def _against_the_picture(imports: Imports) -> set[tuple[str, str]]:
    return {(who, whom) for who, all_of in imports.items() for whom in all_of if _top(whom) not in ALLOWED[_top(who)]}


def _between_rooms(imports: Imports) -> set[tuple[str, str]]:
    """Imports into another page's folder, or into a room of the same page that is neither below one's own nor above."""
    return {
        (who, whom)
        for who, all_of in imports.items()
        for whom in all_of
        if _top(who) == _top(whom) == "pages" and not _are_in_one_line(PurePosixPath(who), PurePosixPath(whom))
    }


def _are_in_one_line(one: PurePosixPath, other: PurePosixPath) -> bool:
    is_one_page = one.parts[1] == other.parts[1]
    return is_one_page and (one.is_relative_to(other.parent) or other.is_relative_to(one.parent))


def _circle(imports: Imports) -> list[str]:
    """One way from a file back to itself, or nothing."""
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def _differing_by_case_only(paths: Iterable[str]) -> set[str]:
    """An import leaves the ending out, so that of two names counts what is before it."""
    seen: dict[str, str] = {}
    names = {posixpath.join(each.parent, each.name.split(".")[0]) for each in map(PurePosixPath, paths)}
    return {name for name in sorted(names) if seen.setdefault(name.casefold(), name) != name}


def test_a_folder_imports_only_what_is_below_it() -> None:
    imports = _imports(_sources())
    assert sum(map(len, imports.values())) > 400
    assert {_top(name) for name in imports} == {*ALLOWED, "main.css"}
    assert _against_the_picture(imports) == set()


def test_a_page_imports_no_other_page_and_a_room_no_room_beside_it() -> None:
    assert _between_rooms(_imports(_sources())) == set()


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert _circle(_imports(_sources())) == []


def test_no_two_names_in_one_folder_differ_by_case_only() -> None:
    """Where file systems ignore case, whoever imports one gets the other."""
    folders = [PORTAL / name for name in ("public", "scripts", "src", "tests")]
    paths = [path.relative_to(PORTAL).as_posix() for folder in folders for path in folder.rglob("*")]
    assert _differing_by_case_only(paths) == set()


SMALL_TREE: Final = (
    "api/apps.ts",
    "app/layout.ts",
    "components/Facts.tsx",
    "pages/audit/Audit.tsx",
    "pages/licenses/Licenses.tsx",
    "pages/licenses/apps/app.ts",
    "pages/licenses/policies/order.ts",
    "pages/licenses/policies/pane/draft.ts",
    "pages/licenses/policies/wizard/draft.ts",
    "signIn/signIn.ts",
    "signIn/state.ts",
)


def _planted(lines: Mapping[str, str]) -> Imports:
    """What a small tree's imports are where these files have such a line and the others are empty."""
    return _imports({**dict.fromkeys(SMALL_TREE, ""), **lines})


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("api/apps.ts", "import { Facts } from '../components/Facts';"),
        ("api/apps.ts", "import type { Audit } from '../pages/audit/Audit';"),
        ("signIn/state.ts", 'import { Facts } from "../components/Facts";'),
        ("signIn/signIn.ts", "const page = await import('../pages/audit/Audit');"),
        ("components/Facts.tsx", "export { Audit } from '../pages/audit/Audit';"),
        ("components/Facts.tsx", "import {\n  useSignIn,\n} from '../signIn/signIn';"),
        ("pages/audit/Audit.tsx", "import '../../app/layout';"),
    ],
)
def test_an_import_against_the_picture_is_found(who: str, line: str) -> None:
    assert {found for found, _ in _against_the_picture(_planted({who: line}))} == {who}


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("pages/licenses/Licenses.tsx", "import { Audit } from '../audit/Audit';"),
        ("pages/audit/Audit.tsx", "import { order } from '../licenses/policies/order';"),
        ("pages/licenses/apps/app.ts", "import { order } from '../policies/order';"),
        ("pages/licenses/policies/pane/draft.ts", "import { EMPTY } from '../wizard/draft';"),
    ],
)
def test_an_import_between_rooms_is_found(who: str, line: str) -> None:
    assert {found for found, _ in _between_rooms(_planted({who: line}))} == {who}


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("pages/licenses/Licenses.tsx", "import { order } from './policies/order';"),
        ("pages/licenses/policies/wizard/draft.ts", "import { Licenses } from '../../Licenses';"),
    ],
)
def test_a_page_may_import_its_own_rooms_and_they_what_is_above_them(who: str, line: str) -> None:
    assert _between_rooms(_planted({who: line})) == set()


def test_a_circle_is_found() -> None:
    there, back = "import './state';", "import type { SignIn } from './signIn';"
    assert _circle(_planted({"signIn/signIn.ts": there})) == []
    assert set(_circle(_planted({"signIn/signIn.ts": there, "signIn/state.ts": back}))) == {
        "signIn/signIn.ts",
        "signIn/state.ts",
    }


def test_an_import_of_what_is_not_there_is_found() -> None:
    with pytest.raises(AssertionError, match="is not there by this very name"):
        _planted({"pages/audit/Audit.tsx": "import { order } from '../licenses/policies/Order';"})


def test_names_that_differ_by_case_only_are_found() -> None:
    assert _differing_by_case_only(["src/a/Entry.tsx", "src/a/entry.ts", "src/b/entry.ts"]) == {"src/a/entry"}
    assert _differing_by_case_only(["src/a/Entry.tsx", "src/a/Entry.css"]) == set()
