"""Telemetry to Azure Monitor, through Microsoft's exporters.

They cost 0.2 to 0.5 s to import, which no request waits for: each is made when there is something to send, by the
thread that sends it. Nothing is kept on disk: what Azure Monitor does not take is lost.
"""

from collections.abc import Callable
from typing import Any

from opentelemetry.sdk.metrics.export import MetricExporter

from functions.telemetry.temporality import TOLD_ONCE


class LateExporter(MetricExporter):
    """An exporter that is made when first needed: of metrics by its type, of anything by what it does."""

    def __init__(self, make: Callable[[], Any]) -> None:
        super().__init__(TOLD_ONCE)
        self._make = make
        self._made: Any = None

    def export(self, *batch: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever kind it is
        """Send."""
        if self._made is None:
            self._made = self._make()
        return self._made.export(*batch, **options)

    def force_flush(self, timeout_millis: float = 0) -> bool:  # noqa: ARG002 - the SDK's signature
        """Nothing is kept back here."""
        return True

    def shutdown(self, timeout_millis: float = 0, **_: Any) -> None:  # noqa: ANN401 - the SDK's own
        """Nothing is to be closed."""


def exporters(connection_string: str | None, credential: Callable[[], Any] | None) -> tuple[Any, LateExporter, Any]:
    """The exporters of spans, metrics and log records."""

    def late(name: str) -> LateExporter:
        def make() -> Any:  # noqa: ANN401 - each kind has its own class
            from azure.monitor.opentelemetry import exporter  # noqa: PLC0415 - see above

            return getattr(exporter, name)(
                connection_string=connection_string,
                credential=credential() if credential else None,
                disable_offline_storage=True,
            )

        return LateExporter(make)

    return late("AzureMonitorTraceExporter"), late("AzureMonitorMetricExporter"), late("AzureMonitorLogExporter")
