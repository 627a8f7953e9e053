"""Somebody else than the service answers: a proxy, a login page, another host. Nothing of it is believed."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest

from domain.errors import LedgerUnavailableError
from storage.tables import table as table_module
from storage.tables.operations import ANY_VERSION, Operation, Write
from storage.tables.table import LedgerTable
from tests.storage.strangers import answered_by

HTML: Final = "text/html"
JSON: Final = "application/json"
XML: Final = "application/xml"
PAGE: Final = "<html><head><title>Not here</title></head><body>No such site</body></html>"
BATCH: Final = "multipart/mixed; boundary=b"


def answer(status: int, kind: str, content: str, *headers: str) -> bytes:
    """A whole answer of a web server, after which it hangs up."""
    body = content.encode()
    lines = [f"HTTP/1.1 {status} Told", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def part(status: int, content: str) -> bytes:
    """An answer to a transaction of one operation."""
    return answer(
        202,
        BATCH,
        "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\n\r\n"
        f"HTTP/1.1 {status} Told\r\nContent-Type: text/html\r\n\r\n{content}\r\n--c--\r\n--b--\r\n",
    )


def errors(status: int) -> dict[str, bytes]:
    """What strangers send with a status that the service has as well."""
    return {
        f"{status} of a proxy": answer(status, HTML, PAGE),
        f"{status} of nobody": answer(status, HTML, ""),
        f"{status} of another API": answer(status, JSON, json.dumps({"error": {"code": "ResourceNotFound"}})),
        f"{status} of an API like OData": answer(status, JSON, json.dumps({"code": "ResourceNotFound"})),
        f"{status} with a list": answer(status, JSON, "[]"),
    }


ROW: Final = {"PartitionKey": "another", "RowKey": "r", "odata.etag": "W/1", "n": 1}
STRANGERS: Final = {
    **errors(404),
    **errors(409),
    **errors(412),
    "404 of the blobs": answer(404, XML, "<?xml version='1.0'?><Error><Code>ResourceNotFound</Code></Error>"),
    "403 of a gateway": answer(403, HTML, PAGE),
    "401 of a gateway": answer(401, HTML, PAGE),
    "200 with a page": answer(200, HTML, PAGE, "ETag: 1"),
    "200 with nothing": answer(200, JSON, "", "ETag: 1"),
    "200 with an object": answer(200, JSON, "{}", "ETag: 1"),
    "200 with a number": answer(200, JSON, "7", "ETag: 1"),
    "200 with a list": answer(200, JSON, "[1, 2]", "ETag: 1"),
    "200 with no rows": answer(200, JSON, json.dumps({"value": None}), "ETag: 1"),
    "200 with rows that are numbers": answer(200, JSON, json.dumps({"value": [1]}), "ETag: 1"),
    "200 with rows that are empty": answer(200, JSON, json.dumps({"value": [{}]}), "ETag: 1"),
    "200 with a row without keys": answer(200, JSON, json.dumps({"id": 1}), "ETag: 1"),
    "200 with another row": answer(200, JSON, json.dumps(ROW), "ETag: 1"),
    "202 with a page": answer(202, HTML, PAGE),
    "204": answer(204, HTML, ""),
    "a transaction's 404 of a proxy": part(404, PAGE),
    "a transaction's 409 without a code": part(409, "{}"),
    "a transaction's 412 of another API": part(412, json.dumps({"error": {"code": "UpdateConditionNotSatisfied"}})),
}

CALLS: Final[dict[str, Callable[[LedgerTable], Awaitable[Any]]]] = {
    "get": lambda table: table.get("p", "r"),
    "page": lambda table: table.page("p", "a", "z"),
    "next_partition": lambda table: table.next_partition(""),
    "insert": lambda table: table.commit([Operation(Write.INSERT, {"PartitionKey": "p", "RowKey": "r"})]),
    "replace": lambda table: table.commit([Operation(Write.REPLACE, {"PartitionKey": "p", "RowKey": "r"}, "W/1")]),
    "delete": lambda table: table.commit([Operation(Write.DELETE, {"PartitionKey": "p", "RowKey": "r"}, ANY_VERSION)]),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("stranger", STRANGERS)
async def test_what_a_stranger_answers_is_not_known(call: str, stranger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "READ_PAUSE_SECONDS", 0)
    async with answered_by(STRANGERS[stranger]) as table:
        with pytest.raises(LedgerUnavailableError):
            await CALLS[call](table)


async def test_a_page_of_another_partition_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "READ_PAUSE_SECONDS", 0)
    async with answered_by(answer(200, JSON, json.dumps({"value": [ROW]}))) as table:
        with pytest.raises(LedgerUnavailableError, match="not of the partition"):
            await table.page("p", "a", "z")


@pytest.mark.parametrize(
    "told",
    [
        answer(404, JSON, json.dumps({"odata.error": {"code": "ResourceNotFound", "message": {"value": "Not there"}}})),
        answer(404, JSON, json.dumps({"odata.error": {"message": {"value": "1"}, "code": "EntityNotFound"}}, indent=1)),
        answer(
            404,
            XML,
            '<?xml version="1.0" encoding="utf-8"?>\r\n'
            '<m:error xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">'
            "<m:code>ResourceNotFound</m:code></m:error>",
        ),
        answer(
            404,
            XML,
            '<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">\n  '
            "<code>ResourceNotFound</code></error>",
        ),
    ],
    ids=["JSON", "JSON in lines", "XML with a prefix", "XML"],
)
async def test_that_a_row_is_not_there_is_believed_of_the_service(told: bytes) -> None:
    async with answered_by(told) as table:
        assert await table.get("p", "r") is None
