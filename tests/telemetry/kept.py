"""What the app tells, kept in memory: through the same set-up as in Azure, with other exporters."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from opentelemetry import metrics, trace
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import format_span_id, format_trace_id

from functions.telemetry import providers
from functions.telemetry.logs import LOGGER
from functions.telemetry.providers import Pace
from functions.telemetry.temporality import TOLD_ONCE

NEVER_BY_ITSELF: Final = 3_600.0


class _Points(MetricExporter):
    def __init__(self) -> None:
        super().__init__(TOLD_ONCE)
        self.points: list[tuple[str, Any]] = []

    def export(self, metrics_data: MetricsData, *_: Any, **__: Any) -> MetricExportResult:
        self.points += [
            (metric.name, point)
            for resource in metrics_data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in metric.data.data_points
        ]
        return MetricExportResult.SUCCESS

    def force_flush(self, *_: Any, **__: Any) -> bool:
        return True

    def shutdown(self, *_: Any, **__: Any) -> None:
        pass


class Kept:
    """What was told since `begin`."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self._points = _Points()
        self._records = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        pace = Pace(NEVER_BY_ITSELF, NEVER_BY_ITSELF, 1.0, to_the_end=False)
        providers.send(self._spans, self._points, pace)
        before = list(LOGGER.handlers)
        self._loggers = providers.send_records(self._records, pace)
        (self._handler,) = set(LOGGER.handlers) - set(before)
        LOGGER.removeHandler(self._handler)

    def begin(self) -> None:
        """Forget what was told before."""
        self._flush()
        self._spans.clear()
        self._points.points.clear()
        self._records.clear()
        LOGGER.addHandler(self._handler)
        LOGGER.setLevel(logging.INFO)

    def end(self) -> None:
        """Keep no log records any more."""
        LOGGER.removeHandler(self._handler)
        LOGGER.setLevel(logging.NOTSET)

    def spans(self, name: str = "") -> list[ReadableSpan]:
        """The spans that have ended, those of a name or all, oldest first."""
        self._flush()
        spans = sorted(self._spans.get_finished_spans(), key=lambda span: span.start_time or 0)
        return [span for span in spans if name in ("", span.name)]

    def points(self, name: str = "") -> list[Any]:
        """What was measured: the points of a metric, or of all."""
        self._flush()
        return [point for each, point in self._points.points if name in ("", each)]

    def total(self, name: str, **attributes: str) -> float:
        """How much was counted with these attributes; of a histogram, how often."""
        return sum(
            float(getattr(point, "value", 0) or getattr(point, "count", 0))
            for point in self.points(name)
            if attributes.items() <= dict(point.attributes).items()
        )

    def records(self) -> Sequence[ReadableLogRecord]:
        """The log records."""
        self._flush()
        return self._records.get_finished_logs()

    def everything(self) -> str:
        """All of it, as text."""
        return "\n".join(
            [
                *(span.to_json() for span in self.spans()),
                *(f"{point.attributes}" for point in self.points()),
                *(record.to_json() for record in self.records()),
            ]
        )

    def _flush(self) -> None:
        tracers, meters = trace.get_tracer_provider(), metrics.get_meter_provider()
        assert isinstance(tracers, TracerProvider)
        assert isinstance(meters, MeterProvider)
        tracers.force_flush()
        meters.force_flush()
        self._loggers.force_flush()


def ids(span: ReadableSpan) -> tuple[str, str]:
    """Trace and span."""
    return format_trace_id(span.context.trace_id), format_span_id(span.context.span_id)


def parent_id(span: ReadableSpan) -> str | None:
    """The span above."""
    return format_span_id(span.parent.span_id) if span.parent else None
