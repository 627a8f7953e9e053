"""One request, or one run of a timer, as it is told: a span below the caller's, and a line in the log.

The Functions host reports every request itself, as a server span, and hands its own span over as the parent. So this
one is internal: a second server span would count every request twice.
"""

import logging
from contextvars import Token
from types import TracebackType
from typing import Final, Self

import azure.functions as func
from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import INVALID_SPAN, Span, StatusCode, get_tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from functions.telemetry.instruments import NAME
from functions.telemetry.logs import shown_fields, tell

FIRST_FAILURE: Final = 500
"""From this HTTP status on it is our own fault; such an answer is logged where it is made."""

_tracer = get_tracer(NAME)
_propagator = TraceContextTextMapPropagator()


class Observation:
    """What is told of one request or run.

    Attributes:
        fields: Its ids, as far as they are known.
    """

    def __init__(self, operation: str, request_id: str = "") -> None:
        self.fields = {"operation": operation, "request_id": request_id}
        self._span: Span = INVALID_SPAN
        self._attached: Token[Context] | None = None

    def __enter__(self) -> Self:
        return self

    def begin(self, context: func.Context | None, *, is_request: bool = True) -> None:
        """Begin the span, below the caller's; a trace context that is missing or cannot be read counts as none.

        What happens during a request belongs to it. A run of a timer has a span alone: the calls of the storage that it
        makes for all tenants are measured, and too many to be told one by one. Not done at `__enter__`, because the
        first request sets telemetry up.
        """
        given = context.trace_context if context else None
        carrier = {"traceparent": given.trace_parent or "", "tracestate": given.trace_state or ""} if given else {}
        # An empty context: the worker may have attached one already.
        parent = _propagator.extract(carrier, Context())
        self._span = _tracer.start_span(self.fields["operation"], parent)
        if is_request:
            self._attached = attach(set_span_in_context(self._span, parent))

    def part(self) -> "Observation":
        """The observation of one of several things that the request asks for: a line in the log, and no span."""
        return Observation(self.fields["operation"], self.fields["request_id"])

    def note(self, **fields: str | None) -> None:
        """Add fields."""
        self.fields.update((name, value) for name, value in fields.items() if value)

    def answered(self, status: int) -> None:
        """Take note of the HTTP status."""
        self._span.set_attribute("http.response.status_code", status)
        if status >= FIRST_FAILURE:
            self._span.set_status(StatusCode.ERROR)
        else:
            tell(logging.INFO, f"answered {status}", self.fields)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind:
            # The type alone: a message may name a person.
            self._span.set_status(StatusCode.ERROR, kind.__name__)
        if self._span.is_recording():
            self._span.set_attributes(shown_fields(self.fields))
        self._span.end()
        if self._attached:
            detach(self._attached)
