"""What the Functions worker tells a function of its invocation, as far as this project's functions ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class TraceContext:
    """Where an invocation belongs in a trace (W3C Trace Context).

    The real host hands over a span of its own, below the caller's. This one makes no spans: it hands over the caller's.
    """

    trace_parent: str = ""
    trace_state: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        """The trace context of a request."""
        return cls(headers.get("traceparent", ""), headers.get("tracestate", ""))


@dataclass(frozen=True, slots=True)
class Invocation:
    """One invocation of a function: some of what `azure.functions.Context` has, under the same names."""

    function_name: str
    trace_context: TraceContext
