"""Telemetry on the console: one line of JSON for each log record, span and metric, on standard error."""

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, format_span_id, format_trace_id, get_current_span

from functions.telemetry.logs import told_in
from functions.telemetry.temporality import TOLD_ONCE

_NANOSECONDS: Final = 1_000_000_000
_TO_JSON: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode


class LineFormatter(logging.Formatter):
    """A log record as a line."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter.format."""
        told = told_in(record)
        line: dict[str, Any] = {
            "kind": "log",
            "at": _time(int(record.created * _NANOSECONDS)),
            "level": record.levelname,
            "text": told.text,
            **told.fields,
        }
        context = get_current_span().get_span_context()
        if context.is_valid:
            line |= _ids(context)
        if told.error:
            line["error"] = told.error
        return _TO_JSON(line)


class LineSpanExporter(SpanExporter):
    """Spans as lines."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """See SpanExporter.export."""
        for span in spans:
            _write(_span_line(span))
        return SpanExportResult.SUCCESS


class LineMetricExporter(MetricExporter):
    """Metrics as lines."""

    def __init__(self) -> None:
        super().__init__(TOLD_ONCE)

    def export(
        self,
        metrics_data: MetricsData,
        timeout_millis: float = 0,  # noqa: ARG002 - the SDK's signature
        **_: Any,  # noqa: ANN401 - the same
    ) -> MetricExportResult:
        """See MetricExporter.export."""
        for resource in metrics_data.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in metric.data.data_points:
                        _write({"kind": "metric", "name": metric.name, "unit": metric.unit, **_point(point)})
        return MetricExportResult.SUCCESS

    def force_flush(self, timeout_millis: float = 0) -> bool:  # noqa: ARG002 - the SDK's signature
        """See MetricExporter.force_flush."""
        return True

    def shutdown(self, timeout_millis: float = 0, **_: Any) -> None:  # noqa: ANN401 - the SDK's own
        """See MetricExporter.shutdown."""


def _span_line(span: ReadableSpan) -> dict[str, Any]:
    start, end = span.start_time or 0, span.end_time or 0
    line = {"kind": "span", "name": span.name, "at": _time(start), "seconds": round((end - start) / _NANOSECONDS, 6)}
    line |= _ids(span.context)
    if span.parent:
        line["parent_id"] = format_span_id(span.parent.span_id)
    line |= {"span_kind": span.kind.name, "status": span.status.status_code.name, **(span.attributes or {})}
    if span.links:
        line["links"] = [_ids(link.context) for link in span.links]
    return line


def _ids(context: SpanContext) -> dict[str, str]:
    return {"trace_id": format_trace_id(context.trace_id), "span_id": format_span_id(context.span_id)}


def _point(point: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers and histograms share no type
    values = {name: getattr(point, name) for name in ("value", "count", "sum", "min", "max") if hasattr(point, name)}
    return {**values, **(point.attributes or {})}


def _time(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds / _NANOSECONDS, UTC).isoformat(timespec="milliseconds")


def _write(line: Mapping[str, Any]) -> None:
    # One call for each line, so that those of several threads do not mix.
    sys.stderr.write(_TO_JSON(line) + "\n")
    sys.stderr.flush()
