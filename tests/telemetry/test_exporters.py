"""An exporter that fails, hangs or cannot be made matters to no request."""

import logging
import threading
import time
from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from functions.settings.telemetry import Telemetry, TelemetrySettings
from functions.telemetry import azure_monitor, start
from functions.telemetry.azure_monitor import LateExporter
from functions.telemetry.providers import BATCH, QUEUE

WAIT_SECONDS = 20


class _Hanging(SpanExporter):
    def __init__(self) -> None:
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        del spans
        self.reached.set()
        assert self.let_go.wait(WAIT_SECONDS)
        return SpanExportResult.FAILURE


def test_while_an_exporter_hangs_spans_are_dropped_and_nobody_waits(caplog: pytest.LogCaptureFixture) -> None:
    exporter = _Hanging()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter, QUEUE, 1, BATCH))
    tracer = provider.get_tracer("test")
    tracer.start_span("first").end()
    assert exporter.reached.wait(WAIT_SECONDS)

    began = time.monotonic()
    for _ in range(QUEUE + 100):
        tracer.start_span("more").end()

    assert time.monotonic() - began < WAIT_SECONDS / 2
    assert "Queue full" in caplog.text
    exporter.let_go.set()
    provider.shutdown()


def test_an_exporter_is_made_when_there_is_something_to_send_and_tried_again_if_it_cannot_be() -> None:
    made: list[str] = []

    class Exporter:
        def export(self, batch: object) -> object:
            return batch

    def make() -> Exporter:
        made.append("tried")
        if len(made) == 1:
            raise ConnectionError("no identity yet")
        return Exporter()

    exporter = LateExporter(make)
    assert made == []
    with pytest.raises(ConnectionError):
        exporter.export("a batch")
    assert [exporter.export("b"), exporter.export("c")] == ["b", "c"]
    assert len(made) == 2


def test_the_exporters_to_azure_monitor_are_made_with_the_identity_and_keep_nothing_on_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL", "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED"):
        monkeypatch.setenv(name, "true")  # or it would tell Microsoft of itself
    key = "00000000-0000-4000-8000-000000000000"
    connection_string = f"InstrumentationKey={key};IngestionEndpoint=https://127.0.0.1:9/"
    identity = object()
    for late in azure_monitor.exporters(connection_string, lambda: _Identity(identity)):
        exporter = late._make()
        assert exporter._instrumentation_key == key  # noqa: SLF001 - the exporter shows nothing
        assert exporter._credential.identity is identity  # noqa: SLF001 - the same
        assert exporter.storage is None


class _Identity:
    def __init__(self, identity: object) -> None:
        self.identity = identity

    def get_token(self, *_: str) -> object:
        raise AssertionError


def test_telemetry_that_cannot_be_started_is_logged_and_the_app_starts(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ImportError("no such package")

    monkeypatch.setattr("functions.telemetry.providers.install", fail)
    monkeypatch.setattr(start, "_started", [])

    with caplog.at_level(logging.ERROR):
        start.start(TelemetrySettings(Telemetry.CONSOLE), None)
        start.start(TelemetrySettings(Telemetry.CONSOLE), None)

    assert caplog.text.count("telemetry to console could not be started: no such package") == 1
