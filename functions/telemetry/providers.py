"""Sets OpenTelemetry's SDK up behind its API: the only module that does, and nothing but `start` imports it.

The SDK's threads send; a request only puts into bounded queues, and what finds them full is dropped. The host kills a
worker without a word, and then the last seconds of telemetry are lost: the intervals below.
"""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from opentelemetry import metrics, trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.context import get_current
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import DropAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, Sampler, TraceIdRatioBased

from domain.sign_ins import Outcome
from functions.settings.telemetry import Telemetry, TelemetrySettings
from functions.telemetry.azure_monitor import exporters
from functions.telemetry.console import LineFormatter, LineMetricExporter, LineSpanExporter
from functions.telemetry.instruments import NAME
from functions.telemetry.logs import LOGGER, told_in
from functions.version import VERSION

SAMPLED: Final = 0.1
"""Of the traces that a caller wants kept, and of those that begin here, so many are told to Azure Monitor; on the
console, all. The exporter takes 0.3 ms of CPU for each span and each log record, and a claim takes 0.5 in all."""

BATCH_SECONDS: Final = 5.0
METRICS_SECONDS: Final = 15.0
CONSOLE_SECONDS: Final = 1.0
"""How long spans and log records wait to be sent, and metrics; on the console, all of them."""

QUEUE: Final = 8_192
BATCH: Final = 512
"""How many spans, and log records, may wait to be sent; and how many are sent at once."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is sent and how often.

    Attributes:
        batch_seconds: How long spans and log records wait.
        metrics_seconds: How long metrics wait.
        sampled: The part of the traces that begin here.
        to_the_end: Whether a process that ends cleanly waits until all is sent.
    """

    batch_seconds: float
    metrics_seconds: float
    sampled: float
    to_the_end: bool


IN_AZURE: Final = Pace(BATCH_SECONDS, METRICS_SECONDS, SAMPLED, to_the_end=False)
ON_CONSOLE: Final = Pace(CONSOLE_SECONDS, CONSOLE_SECONDS, 1.0, to_the_end=True)

_SEVERITIES: Final = (
    (logging.CRITICAL, SeverityNumber.FATAL),
    (logging.ERROR, SeverityNumber.ERROR),
    (logging.WARNING, SeverityNumber.WARN),
    (logging.INFO, SeverityNumber.INFO),
)


_HARMLESS: Final = frozenset({None, Outcome.CLAIMED, Outcome.ALREADY_LICENSED})
"""What a sign-in came to where nobody will ask why it came to that, and the journal knows."""


class RecordHandler(logging.Handler):
    """Hands the app's log records to OpenTelemetry, with their fields as attributes and in their span.

    Where a trace is not kept, only warnings are told, and sign-ins that gave no license.
    """

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._logger = provider.get_logger(NAME)

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler.emit."""
        told = told_in(record)
        span = trace.get_current_span().get_span_context()
        is_kept = span.trace_flags.sampled or not span.is_valid
        if record.levelno < logging.WARNING and not is_kept and told.fields.get("outcome") in _HARMLESS:
            return
        severities = (severity for level, severity in _SEVERITIES if record.levelno >= level)
        self._logger.emit(
            timestamp=int(record.created * 1e9),
            context=get_current(),
            severity_number=next(severities, SeverityNumber.DEBUG),
            severity_text=record.levelname,
            body=told.text,
            attributes={**told.fields, "error": told.error} if told.error else told.fields,
        )


def install(settings: TelemetrySettings, credential: Callable[[], Any] | None) -> None:
    """Send telemetry where the settings say, from now on."""
    LOGGER.setLevel(logging.INFO)
    if settings.destination is Telemetry.CONSOLE:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(LineFormatter())
        LOGGER.addHandler(handler)
        LOGGER.propagate = False  # each record once
        send(LineSpanExporter(), LineMetricExporter(), ON_CONSOLE)
        return
    spans, metric_points, records = exporters(settings.connection_string, credential)
    send(spans, metric_points, IN_AZURE)
    send_records(records, IN_AZURE)


def send(spans: SpanExporter, metric_points: MetricExporter, pace: Pace) -> None:
    """Send spans and metrics by these exporters."""
    tracers = TracerProvider(sampler(pace.sampled), _resource(), shutdown_on_exit=pace.to_the_end)
    tracers.add_span_processor(BatchSpanProcessor(spans, QUEUE, pace.batch_seconds * 1000, BATCH))
    trace.set_tracer_provider(tracers)
    reader = PeriodicExportingMetricReader(metric_points, pace.metrics_seconds * 1000)
    # The SDK's figures of itself are not asked for.
    own = View(instrument_name="otel.*", aggregation=DropAggregation())
    meters = MeterProvider([reader], _resource(), AlwaysOffExemplarFilter(), pace.to_the_end, [own])
    metrics.set_meter_provider(meters)


def sampler(sampled: float) -> Sampler:
    """Keeps a part of the traces: none that the caller does not keep, and no more than that of those that it does."""
    part = TraceIdRatioBased(sampled)
    return ParentBased(part, remote_parent_sampled=part)


def send_records(records: LogRecordExporter, pace: Pace) -> LoggerProvider:
    """Send log records by this exporter; the worker's own handler goes on handing them to the Functions host."""
    loggers = LoggerProvider(_resource(), pace.to_the_end)
    loggers.add_log_record_processor(BatchLogRecordProcessor(records, pace.batch_seconds * 1000, BATCH, None, QUEUE))
    LOGGER.addHandler(RecordHandler(loggers))
    return loggers


def _resource() -> Resource:
    return Resource({"service.name": NAME, "service.version": VERSION})
