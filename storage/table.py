"""The few operations of Table Storage that the ledger is made of, and the one translation of the SDK's errors.

Everything above this file speaks of rows, conflicts and unavailability; a faster way to send a transaction fits
behind `LedgerTable.commit` without anyone noticing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.data.tables import TableTransactionError, UpdateMode
from azure.data.tables.aio import TableClient

from domain.errors import LedgerUnavailableError
from storage.limits import check_transaction

ResultT = TypeVar("ResultT")

CALL_SECONDS: Final = 2.0
"""How long one call may take, whatever the transport thinks."""

QUERY_SECONDS: Final = 6.0
"""How long a query for a page may take: the service itself stops at 5 s and gives what it has."""

READ_ATTEMPTS: Final = 3
READ_PAUSE_SECONDS: Final = 0.05
PAGE_ROWS: Final = 1000
EMPTY_PAGES: Final = 100
"""The service may give empty pages that have a continuation: after so many in a row it is taken to be in trouble."""

_CONFLICT_STATUSES: Final = frozenset({404, 409, 412})
"""In a transaction: a row to replace is gone, a row to insert is there, an ETag has moved."""

_TRANSIENT_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})


class Write(StrEnum):
    """What an operation does to its row. There is none that takes a row as it comes."""

    INSERT = "insert"
    REPLACE = "replace"
    DELETE = "delete"


ANY_VERSION: Final = "*"
"""Replaces or deletes a row in any version, so long as it is there. The head's ETag, in the same transaction,
already says that nobody changed anything in between."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row written in a transaction.

    Attributes:
        write: What to do.
        row: The whole row; for a deletion the keys suffice.
        etag: The version that must be there; not for an insertion.
    """

    write: Write
    row: Mapping[str, Any]
    etag: str | None = None


def written_over(row: Mapping[str, Any], etag: str | None) -> Operation:
    """The row in place of the version with that ETag, or new if there is none."""
    return Operation(Write.REPLACE, row, etag) if etag else Operation(Write.INSERT, row)


def deleted(partition: str, row_key: str) -> Operation:
    """The row away, in whatever version, so long as it is there."""
    return Operation(Write.DELETE, {"PartitionKey": partition, "RowKey": row_key}, ANY_VERSION)


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as read, with its ETag."""

    row: Mapping[str, Any]
    etag: str


class ConflictError(Exception):
    """A transaction was not made, because an operation met a row in another version than it named.

    Attributes:
        place: Which operation failed, as the service reports it.
    """

    def __init__(self, place: int) -> None:
        super().__init__(f"operation {place} met another version of its row")
        self.place = place


class LedgerTable:
    """Rows of the table `ledger`. Never retries a write."""

    def __init__(self, client: TableClient) -> None:
        self._client = client

    async def get(self, partition: str, row_key: str) -> StoredRow | None:
        """One row, or None if it is not there.

        Raises:
            LedgerUnavailableError: The storage did not answer.
        """

        async def read() -> StoredRow:
            entity = await self._client.get_entity(partition, row_key)
            return StoredRow(entity, str(entity.metadata["etag"]))

        try:
            return await _patiently(read)
        except _NotFoundError:
            return None

    async def page(
        self,
        partition: str,
        first: str,
        end: str,
        continuation: Any = None,  # noqa: ANN401 - the SDK's own
        *,
        rows: int | None = None,
    ) -> tuple[list[StoredRow], Any]:
        """A page of the rows with first <= RowKey < end, and what continues after it, or None after the last.

        A page may be short and still have a continuation; an empty one has none, because the service's own empty
        pages are passed over.

        Raises:
            LedgerUnavailableError: The storage did not answer.
        """
        query = "PartitionKey eq @partition and RowKey ge @first and RowKey lt @end"
        parameters = {"partition": partition, "first": first, "end": end}

        async def read() -> tuple[list[StoredRow], Any]:
            pages = self._client.query_entities(query, parameters=parameters, results_per_page=rows or PAGE_ROWS)
            page = pages.by_page(continuation)
            for _ in range(EMPTY_PAGES):
                found = [StoredRow(entity, str(entity.metadata["etag"])) async for entity in await anext(page)]
                rest = page.continuation_token  # type: ignore[attr-defined]
                if found or not rest:
                    return found, rest
            raise LedgerUnavailableError(f"the storage gave {EMPTY_PAGES} empty pages in a row")

        return await _patiently(read, QUERY_SECONDS)

    async def next_partition(self, after: str) -> str | None:
        """The first partition behind that name that has a row; the empty name begins. None behind the last.

        Raises:
            LedgerUnavailableError: The storage did not answer.
        """

        async def read() -> str | None:
            found = self._client.query_entities(
                "PartitionKey gt @after", parameters={"after": after}, results_per_page=1, select=["PartitionKey"]
            )
            async for entity in found:
                return str(entity["PartitionKey"])
            return None

        return await _patiently(read)

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """Make all operations, or none. Gives the rows' new ETags, in order ("" for a deletion).

        Raises:
            ConflictError: None was made, because a row was in another version.
            LedgerUnavailableError: All or none were made; which is not known.
            StorageLimitExceededError: Nothing was sent, because the service would not take it.
        """
        check_transaction([operation.row for operation in operations])
        async with _translated():
            answers = await self._client.submit_transaction([_sdk_operation(each) for each in operations])
        return [str(answer.get("etag") or "") for answer in answers]


def _sdk_operation(operation: Operation) -> Any:  # noqa: ANN401 - the SDK's own tuples
    if operation.write is Write.INSERT:
        return ("create", operation.row)
    condition = (
        {}  # which the SDK sends as `If-Match: *`
        if operation.etag == ANY_VERSION
        else {"etag": operation.etag, "match_condition": MatchConditions.IfNotModified}
    )
    if operation.write is Write.REPLACE:
        return ("update", operation.row, {"mode": UpdateMode.REPLACE, **condition})
    return ("delete", operation.row, condition)


async def _patiently(read: Callable[[], Awaitable[ResultT]], seconds: float = CALL_SECONDS) -> ResultT:
    """What a read gives, tried again a few times: a connection that was idle may have been closed meanwhile."""
    attempt = 1
    while True:
        try:
            async with _translated(seconds):
                return await read()
        except LedgerUnavailableError:
            if attempt == READ_ATTEMPTS:
                raise
        await asyncio.sleep(READ_PAUSE_SECONDS * attempt)
        attempt += 1


class _NotFoundError(Exception):
    """A row that was asked for is not there."""


@asynccontextmanager
async def _translated(seconds: float = CALL_SECONDS) -> AsyncIterator[None]:
    """Bound a call's time, and turn what the SDK raises into what the ledger knows.

    A broken connection is "unknown" in every phase: azure-core raises ServiceRequestError, which it documents as
    never sent, also when a connection is cut after a request was carried out.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TableTransactionError as error:
        if error.status_code in _CONFLICT_STATUSES and _code(error) != "TableNotFound":
            raise ConflictError(error.index) from error
        raise _other(error) from error
    except ResourceNotFoundError as error:
        if _code(error) == "TableNotFound":
            raise _other(error) from error
        raise _NotFoundError from error
    except HttpResponseError as error:
        raise _other(error) from error
    except (AzureError, OSError) as error:  # TimeoutError is an OSError
        raise LedgerUnavailableError(f"the storage did not answer: {type(error).__name__}") from error


def _other(error: HttpResponseError) -> Exception:
    """Unavailable if it may pass by itself; anything else is a fault of ours or of the set-up, and stays as it is."""
    if error.status_code in _TRANSIENT_STATUSES or _code(error) == "TableNotFound":
        return LedgerUnavailableError(f"the storage answered {error.status_code} {_code(error)}")
    return error


def _code(error: HttpResponseError) -> str:
    """The service's code of an error; the SDK keeps it in an attribute that its type does not have."""
    return str(getattr(error, "error_code", None) or "")


class DateObserver(SansIOHTTPPolicy[Any, Any]):
    """Shows every answer's `Date` header to a clock."""

    def __init__(self, observe: Callable[[str | None], None]) -> None:
        super().__init__()
        self._observe = observe

    def on_response(self, request: PipelineRequest[Any], response: PipelineResponse[Any, Any]) -> None:
        """Called by the SDK's pipeline."""
        del request
        self._observe(response.http_response.headers.get("Date"))
