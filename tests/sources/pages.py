"""The pages in docs/sources: their fenced blocks, by what the words behind the fence say that they are.

json app NAME     the body of PUT /apps/NAME
json input        what the provider hands to the page's code
json sign-in      a body of POST /sign-ins: what the code sends, or what the reader is to send
json entra-event  a body of Entra's webhook
json event-hub    a message of an Event Hub
json answer       what is answered to the block before, as far as it is shown; … is anything
js WHAT           code for Node: an action, a lambda or a relay
python            code for Python
sh                for a shell
text              only to be read
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localhost.data_folder import PROJECT_FOLDER

SOURCES = PROJECT_FOLDER / "docs" / "sources"
PAGES = sorted(path for path in SOURCES.glob("*.md") if path.name != "README.md")

TENANT = "0b9f2ae0-5a3c-4d6e-9a51-d1f7b0c4e2aa"
"""The tenant of all pages; a test puts its own in that place."""

KINDS = {"json", "js", "python", "sh", "text"}
JSON_WORDS = {"app", "input", "sign-in", "entra-event", "event-hub", "answer"}

_BLOCK = re.compile(r"^[ ]*```(\w+)(?: ([^\n]*))?\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    kind: str
    words: tuple[str, ...]
    text: str

    @property
    def content(self) -> Any:
        """Its JSON."""
        return json.loads(self.text)


class Page:
    """A page, with a tenant of the test in it."""

    def __init__(self, path: Path, tenant_id: str = TENANT) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8").replace(TENANT, tenant_id)
        self.blocks = [
            Block(kind, tuple(words.split()), text)
            for kind, words, text in _BLOCK.findall(self.text)  # `findall` has "" where there are no words
        ]

    def all(self, kind: str, word: str | None = None) -> list[Block]:
        """The blocks of that kind, and with that word first, if one is given."""
        return [each for each in self.blocks if each.kind == kind and word in {None, *each.words[:1]}]

    def one(self, kind: str, word: str | None = None) -> Block:
        """The only such block."""
        (only,) = self.all(kind, word)
        return only


def page(name: str, tenant_id: str = TENANT) -> Page:
    """The page of that name, without the folder and the ending."""
    return Page(SOURCES / f"{name}.md", tenant_id)
