"""Throughput and waiting over callers, as one SVG for docs/: the same figures give the same file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INCHES: Final = (8.0, 8.4)
"""At 100 dots an inch, so that nothing needs to be enlarged at 800 pixels."""

COLORS: Final = ("#1b6ca8", "#c8553d", "#5b7f2b", "#8a4f9e")
MARKERS: Final = ("o", "s", "^", "D")
CEILING_COLOR: Final = "#6b6b6b"
CEILING_STYLES: Final = ("--", ":", "-.")

_STYLE: Final[Mapping[str, Any]] = {
    "svg.hashsalt": "autoclaim",  # ids of elements are random otherwise
    "svg.fonttype": "none",  # texts stay texts: they can be read, searched and tested
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica", "Arial", "DejaVu Sans"],
    "font.size": 11,
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#444444",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e3",
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "lines.markersize": 6,
}


@dataclass(frozen=True, slots=True)
class Point:
    """What one series measured at so many callers.

    Attributes:
        series: What was measured, as the legend says it.
        callers: How many called at once.
        claims_per_second: Claims of all together.
        p99_milliseconds: 99 of 100 calls took at most so long.
    """

    series: str
    callers: int
    claims_per_second: float
    p99_milliseconds: float


def plot(points: Sequence[Point], ceilings: Mapping[str, float], path: Path) -> None:
    """Draw one line for each series; afterwards the file is there.

    Args:
        points: In the order in which the legend names their series.
        ceilings: Rows a second that the storage can do at best, by name: level lines.
        path: Where the SVG goes; what is there is replaced.

    Raises:
        ValueError: There are more series than colors that can be told apart.
    """
    if len({point.series for point in points}) > len(COLORS):
        raise ValueError(f"at most {len(COLORS)} series can be told apart in one plot")
    with mpl.rc_context(dict(_STYLE)):  # type: ignore[arg-type] # its names are a Literal of 300
        figure = Figure(figsize=INCHES, layout="constrained", facecolor="white")
        throughput, waiting = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        _draw(throughput, points, "claims_per_second")
        for (name, rows_per_second), style in zip(ceilings.items(), CEILING_STYLES * len(ceilings), strict=False):
            throughput.axhline(rows_per_second, label=name, color=CEILING_COLOR, linestyle=style, linewidth=1.4)
        _draw(waiting, points, "p99_milliseconds")
        _label(throughput, "Throughput: higher is better", "claims a second")
        _label(waiting, "Waiting: lower is better", "99 of 100 within, milliseconds")
        _label_callers(waiting, points)
        figure.legend(*throughput.get_legend_handles_labels(), loc="outside lower center", ncols=2)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _draw(axes: Axes, points: Sequence[Point], value: str) -> None:
    names = list(dict.fromkeys(point.series for point in points))
    for name, color, marker in zip(names, COLORS, MARKERS, strict=False):
        own = sorted((point for point in points if point.series == name), key=lambda point: point.callers)
        callers = [point.callers for point in own]
        axes.plot(callers, [getattr(point, value) for point in own], label=name, color=color, marker=marker)


def _label(axes: Axes, title: str, unit: str) -> None:
    axes.set_title(title)
    axes.set_ylabel(unit)
    axes.set_yscale("log")  # from the naive loop to the engine it is a factor of hundreds
    axes.margins(y=0.12)
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.minorticks_off()


def _label_callers(axes: Axes, points: Sequence[Point]) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xticks(sorted({point.callers for point in points}))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.set_xlabel("callers at once")
