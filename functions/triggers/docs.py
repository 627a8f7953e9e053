"""GET /docs: a page to read the API's description and to try it."""

from typing import Final
from urllib.parse import urlsplit

from functions.docs_page.page import MEDIA_TYPES, page, page_file
from functions.http.admission import ANYONE
from functions.http.answers import Answer, File
from functions.http.errors import ApiError
from functions.http.operations import BASE_PATH, Call, NoBody, Operations

operations = Operations()

HTML: Final = "text/html"
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Styles are inline because Swagger UI sets them on elements; nothing else is, and nothing comes from elsewhere."""

_NO_SNIFFING: Final = {"X-Content-Type-Options": "nosniff"}
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
    **_NO_SNIFFING,
}
_FILE_HEADERS: Final = {"Cache-Control": "public, max-age=86400", **_NO_SNIFFING}


@operations.operation("GET", "docs", admission=ANYONE, answers={200: None}, files=(HTML,))
async def get_docs(call: Call[NoBody]) -> Answer:
    """Show a page to read this description and to try the API with a token."""
    # Only the path of the public URL: the page works on every host that it is reached through.
    content = page(urlsplit(call.base_url).path + BASE_PATH)
    return Answer(body=File(content, HTML), headers=_PAGE_HEADERS)


@operations.operation(
    "GET", "docs/{file}", admission=ANYONE, answers={200: None}, files=MEDIA_TYPES, errors=((404, "FileNotFound"),)
)
async def get_docs_file(call: Call[NoBody]) -> Answer:
    """Read a file of the page."""
    file = page_file(call.path["file"])
    if file is None:
        raise ApiError(
            404, "FileNotFound", "The docs page has no file of this name: open the page, not its files.", "file"
        )
    return Answer(body=File(file.content, file.media_type), headers=_FILE_HEADERS)
