"""Each figure is told once: what was counted since the last time, and a gauge only where it was set since.

A gauge that was repeated would go on saying that reports are up to date, long after the last roll-up.
"""

from typing import Final

from opentelemetry.sdk.metrics import Counter, Histogram
from opentelemetry.sdk.metrics import _Gauge as Gauge
from opentelemetry.sdk.metrics.export import AggregationTemporality

TOLD_ONCE: Final[dict[type, AggregationTemporality]] = dict.fromkeys(
    (Counter, Histogram, Gauge), AggregationTemporality.DELTA
)
