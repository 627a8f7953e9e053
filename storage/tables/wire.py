"""The two calls of Table Storage that every claim makes, made by hand: a point read and a transaction.

The SDK makes a transaction's body with Python's email package, half a millisecond of CPU and more for each row, and
spends over two milliseconds on a point read. Here they are the few lines of text that the service documents
("Performing entity group transactions", "Query Entities"), sent through azure-core's pipeline with its transport and
credentials. Everything else of Table Storage stays with the SDK.
"""

import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import AsyncPipeline
from azure.core.rest import AsyncHttpResponse, HttpRequest

from storage.tables.operations import Operation, StoredRow, Write

API_VERSION: Final = "2019-02-02"
PIECE_BYTES: Final = 256 * 1024
"""A longer body is sent in pieces, so that the event loop is not held up by it."""

_COMMON: Final = {"x-ms-version": API_VERSION, "DataServiceVersion": "3.0", "MaxDataServiceVersion": "3.0;NetFx"}
_TO_JSON: Final = json.JSONEncoder(separators=(",", ":")).encode
"""A row as JSON, in ASCII. Texts, small whole numbers and flags need no type beside them."""
_METHODS: Final = {Write.INSERT: "POST", Write.REPLACE: "PUT", Write.UPSERT: "PUT", Write.DELETE: "DELETE"}
_PART: Final = re.compile(rb"HTTP/1\.1 (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n([^\r\n]*)")
_ETAG: Final = re.compile(rb"^etag: *([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_PLACE: Final = re.compile(r"(\d+):")
_NO_ROW: Final = frozenset({"ResourceNotFound", "EntityNotFound"})
"""The service's codes for a row that is not there ("Table Storage error codes", "Common REST API error codes")."""
_XML_CODE: Final = re.compile(rb"<(\w+:)?error\b[^>]*/ado/2007/08/dataservices/metadata[^>]*>\s*<(?:\w+:)?code>(\w+)<")
"""An error as this service writes it. The storage's other services have an `Error` without the namespace."""


class FailedOperationError(Exception):
    """A transaction was refused: the service names the first operation that failed.

    Attributes:
        place: Which operation, from 0.
        status: Its HTTP status.
        code: The service's code of the error.
    """

    def __init__(self, place: int, status: int, code: str) -> None:
        super().__init__(f"operation {place} failed with {status} {code}")
        self.place = place
        self.status = status
        self.code = code


class Wire:
    """One table, spoken to by hand."""

    def __init__(self, endpoint: str, table: str, pipeline: AsyncPipeline[HttpRequest, AsyncHttpResponse]) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._table = table
        self._pipeline = pipeline

    async def get(self, partition: str, row_key: str) -> StoredRow | None:
        """One row, or None if the service says that it is not there.

        Raises:
            HttpResponseError: Any other answer, also one with status 404 that is not the service's: a proxy's page for
                a host that it does not know must not make a tenant look new.
        """
        request = HttpRequest(
            "GET", self._row_url(partition, row_key), headers={**_COMMON, "Accept": "application/json;odata=nometadata"}
        )
        response, content = await self._send(request)
        if response.status_code == 404:  # noqa: PLR2004 - HTTP's not found
            code = _service_code(content)
            if code in _NO_ROW:
                return None
            if not code:
                raise not_the_services()
        if response.status_code != 200:  # noqa: PLR2004 - HTTP's OK
            raise _refused(response, content)
        try:
            row = json.loads(content)
            found = (row["PartitionKey"], row["RowKey"])
            etag = response.headers["ETag"]
        except (ValueError, KeyError, TypeError):
            raise not_the_services() from None
        if found != (partition, row_key):
            raise not_the_services()
        return StoredRow(row, etag)

    async def transact(self, operations: Sequence[Operation]) -> list[str]:
        """Make all operations, or none. Gives the rows' new ETags ("" for a deletion).

        Raises:
            FailedOperationError: None was made.
            HttpResponseError: The service did not take the request as a whole.
        """
        boundary = f"batch_{uuid4()}"
        body = self._body(boundary, operations)
        headers = {
            **_COMMON,
            "Accept": "application/json;odata=minimalmetadata",
            "Content-Type": f"multipart/mixed; boundary={boundary}",
            "Content-Length": str(len(body)),
        }
        content = body if len(body) <= PIECE_BYTES else _pieces(body)
        request = HttpRequest("POST", f"{self._endpoint}/$batch", headers=headers, content=content)
        response, answer = await self._send(request)
        if response.status_code != 202:  # noqa: PLR2004 - how the service answers a batch, made or refused
            raise _refused(response, answer)
        parts = _PART.findall(answer)
        failed = next(((int(status), content) for status, _, content in parts if not status.startswith(b"2")), None)
        if failed:
            raise _failed(*failed)
        if len(parts) != len(operations):
            # Not the service's answer, so nothing is known.
            raise HttpResponseError(f"{len(parts)} answers to {len(operations)} operations")
        etags = (_ETAG.search(part_headers) for _, part_headers, _ in parts)
        return [etag.group(1).decode() if etag else "" for etag in etags]

    async def _send(self, request: HttpRequest) -> tuple[AsyncHttpResponse, bytes]:
        response = (await self._pipeline.run(request)).http_response
        return response, await response.read()

    def _row_url(self, partition: str, row_key: str) -> str:
        return f"{self._endpoint}/{self._table}(PartitionKey='{_quoted(partition)}',RowKey='{_quoted(row_key)}')"

    def _body(self, boundary: str, operations: Sequence[Operation]) -> bytes:
        changes = f"changeset_{uuid4()}"
        parts = [f"--{boundary}\r\nContent-Type: multipart/mixed; boundary={changes}\r\n\r\n"]
        for place, operation in enumerate(operations):
            row = operation.row
            is_new = operation.write is Write.INSERT
            url = f"{self._endpoint}/{self._table}" if is_new else self._row_url(row["PartitionKey"], row["RowKey"])
            condition = "" if is_new or operation.write is Write.UPSERT else f"If-Match: {operation.etag}\r\n"
            content = "" if operation.write is Write.DELETE else _TO_JSON(row)
            described = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
            parts.append(
                f"--{changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
                f"Content-ID: {place}\r\n\r\n{_METHODS[operation.write]} {url} HTTP/1.1\r\n"
                "Accept: application/json;odata=minimalmetadata\r\nPrefer: return-no-content\r\n"
                f"DataServiceVersion: 3.0\r\n{condition}{described}\r\n{content}\r\n"
            )
        parts.append(f"--{changes}--\r\n--{boundary}--\r\n")
        return "".join(parts).encode("ascii")


def _quoted(key: str) -> str:
    return quote(key.replace("'", "''"), safe="")


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), PIECE_BYTES):
        yield body[start : start + PIECE_BYTES]


def _failed(status: int, content: bytes) -> FailedOperationError:
    """Which operation failed: the service puts its number before the message."""
    try:
        error = json.loads(content)["odata.error"]
        place = _PLACE.match(error["message"]["value"])
        return FailedOperationError(int(place.group(1)) if place else 0, status, str(error["code"]))
    except (ValueError, KeyError, TypeError):
        return FailedOperationError(0, status, "")


def _refused(response: AsyncHttpResponse, content: bytes) -> HttpResponseError:
    """The error for a status; its `error_code` is the service's, as the SDK keeps it."""
    error = HttpResponseError(f"the storage answered {response.status_code}", response)
    error.error_code = _code_in(content)  # type: ignore[attr-defined]
    return error


def not_the_services() -> HttpResponseError:
    """The error for an answer that the service does not give: somebody in between, or another host, gave it."""
    return HttpResponseError("an answer that is not the service's")


def _service_code(content: bytes) -> str:
    """The code of an error that is recognisably the table service's, in JSON or in XML; "" for any other answer."""
    found = _XML_CODE.search(content)
    if found:
        return found.group(2).decode()
    try:
        return str(json.loads(content)["odata.error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def _code_in(content: bytes) -> str:
    """What an answer calls its error, in JSON or in XML, whoever gives it: good enough to be shown to people."""
    found = re.search(rb'"code"\s*:\s*"(\w+)"|<(?:\w+:)?code>(\w+)<', content, re.IGNORECASE)
    return (found.group(1) or found.group(2)).decode() if found else ""
