"""The few operations of Table Storage that the ledger is made of, and the one translation of what goes wrong there.

Everything above this file speaks of rows, conflicts and unavailability.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from azure.core.exceptions import AzureError, HttpResponseError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.data.tables import TableEntity
from azure.data.tables.aio import TableClient

from domain.errors import LedgerUnavailableError
from storage.instruments import calling
from storage.tables.limits import ROWS_PER_PAGE_MAX, check_key, check_query, check_transaction
from storage.tables.operations import Operation, StoredRow
from storage.tables.wire import FailedOperationError, Wire, not_the_services

ResultT = TypeVar("ResultT")

CALL_SECONDS: Final = 2.0
"""How long one call may take, whatever the transport thinks."""

QUERY_SECONDS: Final = 6.0
"""How long a query for a page may take: the service itself stops at 5 s and gives what it has."""

NO_TENANT: Final = "00000000-0000-0000-0000-000000000000"

READ_ATTEMPTS: Final = 3
READ_PAUSE_SECONDS: Final = 0.05
PAGE_ROWS: Final = ROWS_PER_PAGE_MAX
EMPTY_PAGES: Final = 100
"""The service may give empty pages that have a continuation: after so many in a row it is taken to be in trouble."""

_CONFLICTS: Final = frozenset(
    {
        (404, "ResourceNotFound"),
        (404, "EntityNotFound"),
        (409, "EntityAlreadyExists"),
        (412, "UpdateConditionNotSatisfied"),
        (412, "ConditionNotMet"),
    }
)
"""In a transaction: a row to replace is gone, a row to insert is there, an ETag has moved."""

_FIRST_ERROR: Final = 400
_NO_TABLE: Final = frozenset({"TableNotFound", "TableBeingDeleted"})
_TRANSIENT_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})
_BUSY_STATUSES: Final = frozenset({429, 503})
_NOT_FOUND_STATUSES: Final = frozenset({404, 409, 412})
"""Those that would say something of a row. Who sends one for a whole request is not the service, or has no table."""


TENANTS_END: Final = "g"
"""Behind all tenants, whose ids have hexadecimal digits and dashes only, and before every partition beside them."""


class StorageBusyError(LedgerUnavailableError):
    """The storage has more to do than it can: 503 or 429. It made nothing of it, as a rule; nobody promises it."""


class ConflictError(Exception):
    """A transaction was not made, because an operation met a row in another version than it named.

    Attributes:
        place: Which operation failed, as the service reports it.
    """

    def __init__(self, place: int) -> None:
        super().__init__(f"operation {place} met another version of its row")
        self.place = place


class LedgerTable:
    """Rows of the table `ledger`, or `reports`. Never retries a write."""

    _unanswered = 0

    def __init__(self, client: TableClient, wire: Wire) -> None:
        self._client = client
        self._wire = wire

    async def get(self, partition: str, row_key: str, *, again_if_busy: bool = True) -> StoredRow | None:
        """One row, or None if it is not there. What the storage is too busy for may be left to the caller.

        Raises:
            LedgerUnavailableError: The storage did not answer, or somebody else did.
            StorageLimitExceededError: Nothing was sent, because the service has no such key.
        """
        check_key("PartitionKey", partition)
        check_key("RowKey", row_key)
        return await self._patiently(
            "get", lambda: self._wire.get(partition, row_key), CALL_SECONDS, again_if_busy=again_if_busy
        )

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
            LedgerUnavailableError: The storage did not answer, or somebody else did.
            StorageLimitExceededError: Nothing was sent, because the service would not take it.
        """
        query = "PartitionKey eq @partition and RowKey ge @first and RowKey lt @end"
        parameters = {"partition": partition, "first": first, "end": end}
        found, rest = await self._query(
            "page", query, parameters, continuation, results_per_page=PAGE_ROWS if rows is None else rows
        )
        rows_found = [StoredRow(entity, entity.metadata["etag"] or "") for entity in found]
        if not all(stored.etag and stored.row["PartitionKey"] == partition for stored in rows_found):
            raise LedgerUnavailableError("somebody else than the storage answered: the rows are not of the partition")
        return rows_found, rest

    async def next_partition(self, after: str, end: str = TENANTS_END) -> str | None:
        """The first partition behind that name, and before that end, that has a row; None if there is none.

        The empty name begins, and the end that is meant if none is given is that of all tenants.

        Raises:
            LedgerUnavailableError: The storage did not answer, or somebody else did.
            StorageLimitExceededError: Nothing was sent, because the service would not take it.
        """
        query, parameters = "PartitionKey gt @after and PartitionKey lt @end", {"after": after, "end": end}
        found, _ = await self._query("next_partition", query, parameters, results_per_page=1, select=["PartitionKey"])
        return str(found[0]["PartitionKey"]) if found else None

    async def _query(
        self,
        operation: str,
        query: str,
        parameters: dict[str, str],
        continuation: Any = None,  # noqa: ANN401 - the SDK's own
        **options: Any,  # noqa: ANN401 - the SDK's own
    ) -> tuple[list[TableEntity], Any]:
        """The first page that is not empty, and what continues after it; an empty one only behind the last row."""
        check_query(query, parameters.values(), options["results_per_page"])

        async def read() -> tuple[list[TableEntity], Any]:
            page = self._client.query_entities(query, parameters=parameters, **options).by_page(continuation)
            for _ in range(EMPTY_PAGES):
                found = await _entities(page)
                rest = page.continuation_token  # type: ignore[attr-defined]
                if found or not rest:
                    return found, rest
            raise LedgerUnavailableError(f"the storage gave {EMPTY_PAGES} empty pages in a row")

        return await self._patiently(operation, read, QUERY_SECONDS)

    def accounts(self) -> Sequence["LedgerTable"]:
        """The table in each storage account that it is in."""
        return [self]

    async def check(self) -> None:
        """Return if the storage answers.

        Raises:
            LedgerUnavailableError: It does not.
        """
        await self.get(NO_TENANT, "none")

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """Make all operations, or none. Gives the rows' new ETags, in order ("" for a deletion).

        Raises:
            ConflictError: None was made, because a row was in another version.
            LedgerUnavailableError: All or none were made; which is not known.
            StorageLimitExceededError: Nothing was sent, because the service would not take it.
        """
        check_transaction([operation.row for operation in operations])
        try:
            async with _translated("commit"):
                return await self._wire.transact(operations)
        except LedgerUnavailableError:
            self._unanswered += 1
            raise

    def unanswered(self) -> int:
        """How many calls so far the storage was too busy for, or did not answer in their time."""
        return self._unanswered

    async def _patiently(
        self,
        operation: str,
        read: Callable[[], Awaitable[ResultT]],
        seconds: float,
        *,
        again_if_busy: bool = True,
    ) -> ResultT:
        """What a read gives, tried again a few times: a connection that was idle may have been closed meanwhile."""
        attempt = 1
        while True:
            try:
                async with _translated(operation, seconds):
                    return await read()
            except LedgerUnavailableError as error:
                self._unanswered += 1
                is_left = isinstance(error, StorageBusyError) and not again_if_busy
                if attempt == READ_ATTEMPTS or is_left:
                    raise
            await asyncio.sleep(READ_PAUSE_SECONDS * attempt)
            attempt += 1


async def _entities(page: AsyncIterator[AsyncIterator[TableEntity]]) -> list[TableEntity]:
    """The rows of the next page.

    Raises:
        HttpResponseError: It is not a page of the service's.
    """
    try:
        found = [entity async for entity in await anext(page)]
        are_rows = all(isinstance(entity["PartitionKey"], str) for entity in found)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise not_the_services() from error
    if not are_rows:
        raise not_the_services()
    return found


@asynccontextmanager
async def _translated(operation: str, seconds: float = CALL_SECONDS) -> AsyncIterator[None]:
    """Tell of a call, bound its time, and turn what the SDK raises into what the ledger knows.

    A broken connection is "unknown" in every phase: azure-core raises ServiceRequestError, which it documents as
    never sent, also when a connection is cut after a request was carried out.
    """
    try:
        with calling(operation):
            async with asyncio.timeout(seconds):
                yield
    except FailedOperationError as error:
        if (error.status, error.code) in _CONFLICTS:
            raise ConflictError(error.place) from error
        raise _other(error.status, error.code, error) from error
    except HttpResponseError as error:
        raise _other(error.status_code, _code(error), error) from error
    except (AzureError, OSError) as error:  # TimeoutError is an OSError
        raise LedgerUnavailableError(f"the storage did not answer: {type(error).__name__}") from error


def _other(status: int | None, code: str, error: Exception) -> Exception:
    """Unavailable if it may pass by itself; anything else is a fault of ours or of the set-up, and stays as it is.

    An answer without a status, or with one that is no error, broke off or is not the service's. Nor is an error
    without a code, nor one that says for a whole request what the service says of a row.
    """
    passes = status is None or status < _FIRST_ERROR or status in _TRANSIENT_STATUSES | _NOT_FOUND_STATUSES
    if status in _BUSY_STATUSES:
        return StorageBusyError(f"the storage answered {status} {code}")
    if passes or not code or code in _NO_TABLE:
        return LedgerUnavailableError(f"the storage answered {status} {code}")
    return error


def _code(error: HttpResponseError) -> str:
    """The service's code of an error; the SDK keeps it in an attribute that its type does not have."""
    code = getattr(error, "error_code", None) or ""
    return str(getattr(code, "value", code))


class DateObserver(SansIOHTTPPolicy[Any, Any]):
    """Shows the `Date` header of the service's answers to a clock.

    Each of them has an `x-ms-request-id`. A date that a proxy says must not become the time of commits.
    """

    def __init__(self, observe: Callable[[str | None], None]) -> None:
        super().__init__()
        self._observe = observe

    def on_response(self, request: PipelineRequest[Any], response: PipelineResponse[Any, Any]) -> None:
        """Called by the SDK's pipeline."""
        del request
        headers = response.http_response.headers
        if "x-ms-request-id" in headers:
            self._observe(headers.get("Date"))
