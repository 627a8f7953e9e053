"""The docs page and its files. Nothing but what stands in a list here is ever read or served."""

import hashlib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent
_SWAGGER_UI: Final = _FOLDER / "node_modules" / "swagger-ui-dist"
_FILES: Final = {
    "start.js": (_FOLDER, "text/javascript"),
    "swagger-ui-bundle.js": (_SWAGGER_UI, "text/javascript"),
    "swagger-ui.css": (_SWAGGER_UI, "text/css"),
}
MEDIA_TYPES: Final = tuple(dict.fromkeys(media_type for _, media_type in _FILES.values()))
_DIGEST_BYTES: Final = 8

_PAGE: Final = """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Autoclaim API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="{swagger-ui.css}">
  </head>
  <body>
    <div id="page"><noscript>This page needs JavaScript. The document itself: {document}</noscript></div>
    <script src="{swagger-ui-bundle.js}"></script>
    <script src="{start.js}"></script>
  </body>
</html>
"""


class DocsPageMissingError(Exception):
    """The page's files were not installed."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page."""

    content: bytes
    media_type: str
    digest: str


def page_file(name: str) -> PageFile | None:
    """A file of the page, or None if it has none of this name.

    Raises:
        DocsPageMissingError: It should be there and is not.
    """
    return _read(name) if name in _FILES else None


@cache
def _read(name: str) -> PageFile:
    folder, media_type = _FILES[name]
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        raise DocsPageMissingError(f"{name} is missing: run `npm ci` in functions/docs_page before deploying") from None
    return PageFile(content, media_type, hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest())


def page(base_path: str) -> bytes:
    """The page, for an API below this path of whatever host.

    Links begin at the root, so that they hold with a slash at the end of the page's URL and without; and they change
    when a file does, so that files may be cached.

    Raises:
        DocsPageMissingError: The page's files were not installed.
    """
    text = _PAGE.replace("{document}", escape(f"{base_path}/openapi.json"))
    for name in _FILES:
        text = text.replace(f"{{{name}}}", escape(f"{base_path}/docs/{name}?{_read(name).digest}"))
    return text.encode()
