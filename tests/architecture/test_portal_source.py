"""What no page of the administrator's may do, whoever writes the next one: the threat model rests on it.

Names come from administrators and from sources of sign-ins. React writes them as text, unless it is told not to.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

SOURCE: Final = Path(__file__).resolve().parents[2] / "portal" / "src"

TEXT_AS_CODE: Final = re.compile(
    r"dangerouslySetInnerHTML|(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|"
    r"createContextualFragment|javascript:|srcDoc"
)
"""The ways in which a text becomes part of a page, or runs."""

COOKIES: Final = re.compile(r"document\.cookie|cookieStore|credentials:|withCredentials")
KEPT_FOR_EVER: Final = re.compile(r"localStorage|indexedDB")
LANGUAGE_SWITCH: Final = "i18n/index.ts"
"""The one that keeps something beyond the tab: which language was chosen."""


def _sources() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.ts*")):
        yield str(path.relative_to(SOURCE)), path.read_text(encoding="utf-8")


def _using(what: re.Pattern[str]) -> set[str]:
    return {name for name, text in _sources() if what.search(text)}


def test_no_page_makes_html_or_script_of_a_text() -> None:
    assert len(list(_sources())) > 50
    assert _using(TEXT_AS_CODE) == set()


@pytest.mark.parametrize(
    "line",
    [
        "<div dangerouslySetInnerHTML={{ __html: policy.name }} />",
        "element.innerHTML = user.displayName;",
        "cell.insertAdjacentHTML('beforeend', name);",
        "const run = new Function(name);",
        "<a href={`javascript:${name}`}>",
        "<iframe srcDoc={name} />",
    ],
)
def test_a_page_that_would_is_found(line: str) -> None:
    assert TEXT_AS_CODE.search(line)


def test_the_pages_use_no_cookie() -> None:
    """What a browser sends by itself, another site can make it send."""
    assert _using(COOKIES) == set()


def test_a_token_is_kept_in_memory_or_for_as_long_as_the_tab() -> None:
    assert _using(KEPT_FOR_EVER) == {LANGUAGE_SWITCH}
    assert "cacheLocation: 'sessionStorage'" in dict(_sources())["signIn/entra.ts"]
