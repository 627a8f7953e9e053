"""What storage tells of itself: metrics and spans, through OpenTelemetry's API alone.

The API does nothing, in a fraction of a microsecond, until functions/telemetry puts an SDK behind it. This is the
hottest path, so the context managers are classes, and nothing is made where nobody listens.

    settle                    one proposal: its wait and its decision, below the span of whoever asked
    └── commit                one transaction, below the first proposal that it serves, with links to others
        └── storage commit    one call of the storage, like `storage get`; sent again, it is there twice

Nothing here begins a trace: without a span of the caller's there is none. No span and no metric names a user.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import Token
from itertools import islice
from time import perf_counter
from types import TracebackType
from typing import Final

from opentelemetry.context import Context, attach, detach, get_value, set_value
from opentelemetry.metrics import get_meter
from opentelemetry.trace import (
    INVALID_SPAN,
    Span,
    SpanKind,
    StatusCode,
    get_current_span,
    get_tracer,
    set_span_in_context,
)

NAME: Final = "autoclaim"
LINKS: Final = 32
"""A commit's span has links to so many proposals besides the first; it may serve three times as many."""

SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Borders of histograms of durations: OpenTelemetry's own are made for milliseconds."""

_THROTTLED: Final = frozenset({"429", "503"})
_EXPECTED: Final = frozenset({"ok", "404", "409", "412"})
"""How calls end where the storage works: a conflict is an answer."""

_OTHERS: Final = "autoclaim-others"
_NOTHING: Final = nullcontext()

_tracer = get_tracer(NAME)
_meter = get_meter(NAME)

COMMIT_USERS: Final = _meter.create_histogram(
    "autoclaim.commit.users",
    unit="{user}",
    description="Users changed by one commit",
    explicit_bucket_boundaries_advisory=(0, 1, 2, 5, 10, 20, 50, 98),
)
CONFLICTS: Final = _meter.create_counter(
    "autoclaim.commit.conflicts", unit="{commit}", description="Commits not made, because another came first"
)
RESENDS: Final = _meter.create_counter(
    "autoclaim.commit.resends", unit="{transaction}", description="Transactions sent again: the answer was lost"
)
QUEUE_WAIT: Final = _meter.create_histogram(
    "autoclaim.queue.wait",
    unit="s",
    description="From a proposal's arrival to the batch that it is in",
    explicit_bucket_boundaries_advisory=SECONDS,
)
POST_WAIT: Final = _meter.create_histogram(
    "autoclaim.post.wait",
    unit="s",
    description="From posting sign-ins to the last answer of the process that commits for all",
    explicit_bucket_boundaries_advisory=SECONDS,
)
POSTED_TAKEN: Final = _meter.create_histogram(
    "autoclaim.post.sign_ins",
    unit="{sign-in}",
    description="Sign-ins in a post of another process that this one took in",
    explicit_bucket_boundaries_advisory=(1, 2, 5, 10, 20, 50, 100, 200),
)
SUCCESSIONS: Final = _meter.create_counter(
    "autoclaim.leader.successions",
    unit="{succession}",
    description="Times that a process stopped waiting for the one that commits for all",
)
_STORAGE_DURATION: Final = _meter.create_histogram(
    "autoclaim.storage.duration",
    unit="s",
    description="One call of the storage",
    explicit_bucket_boundaries_advisory=SECONDS,
)
_STORAGE_THROTTLED: Final = _meter.create_counter(
    "autoclaim.storage.throttled", unit="{call}", description="Calls that the storage was too busy for"
)


def settling(tenant_id: str) -> AbstractContextManager[None]:
    """Tell of one proposal, from its arrival to its answer."""
    if get_current_span() is INVALID_SPAN:
        return _NOTHING
    return _Spanning(_tracer.start_span("settle", attributes={"tenant_id": tenant_id}))


def telling_of(spans: Sequence[Span]) -> AbstractContextManager[None]:
    """Let what happens belong to the first of these spans that is recorded, whoever began the task that does it."""
    recorded = list(islice((span for span in spans if span.is_recording()), LINKS + 1)) or spans[:1]
    return _Attached(set_value(_OTHERS, recorded[1:], set_span_in_context(recorded[0])))


def for_nobody() -> AbstractContextManager[None]:
    """Let what begins here belong to no span: whose request began it may be long answered."""
    return _NOTHING if get_current_span() is INVALID_SPAN else _Attached(Context())


def committing(users: int) -> AbstractContextManager[None]:
    """Tell of one commit of so many users."""
    if get_current_span() is INVALID_SPAN:
        return _NOTHING
    span = _tracer.start_span("commit", attributes={"users": users})
    others: Iterable[Span] = get_value(_OTHERS) or ()  # type: ignore[assignment]
    for other in others:
        span.add_link(other.get_span_context())
    return _Spanning(span)


def calling(operation: str) -> AbstractContextManager[None]:
    """Tell of one call of the storage, however it ends."""
    return _Calling(operation)


class _Calling:
    """One call of the storage."""

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._telling: _Spanning | None = None
        if get_current_span() is not INVALID_SPAN:
            self._span = _tracer.start_span(f"storage {operation}", kind=SpanKind.CLIENT)
            self._telling = _Spanning(self._span)

    def __enter__(self) -> None:
        self._began = perf_counter()
        if self._telling:
            self._telling.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        status = _status_of(error) if error else "ok"
        attributes = {"operation": self._operation, "status": status}
        _STORAGE_DURATION.record(perf_counter() - self._began, attributes)
        if status in _THROTTLED:
            _STORAGE_THROTTLED.add(1, {"operation": self._operation})
        if self._telling:
            self._span.set_attributes({"db.system.name": "azure.tables", **attributes})
            if status not in _EXPECTED:
                self._span.set_status(StatusCode.ERROR, status)
            self._telling.__exit__(kind, error, where)


class _Attached:
    """What happens inside belongs to this context."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __enter__(self) -> None:
        self._token: Token[Context] = attach(self._context)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        detach(self._token)


class _Spanning(_Attached):
    """What happens inside belongs to this span, which ends with it."""

    def __init__(self, span: Span) -> None:
        super().__init__(set_span_in_context(span))
        self._span = span

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, where)
        if kind:
            # The type alone: a message may name a person.
            self._span.set_attribute("error.type", kind.__name__)
        self._span.end()


def _status_of(error: BaseException) -> str:
    """The HTTP status, as far as there was an answer."""
    status = getattr(error, "status", None) or getattr(error, "status_code", None)
    if status:
        return str(status)
    return "timeout" if isinstance(error, TimeoutError) else "none"
