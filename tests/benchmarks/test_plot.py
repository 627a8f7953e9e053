"""The plot: an SVG that has every series by name, and is the same each time."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.plot import COLORS, Point, plot

POINTS = [
    Point(series, callers, 100.0 * callers, 10.0 * callers)
    for series in ("engine, in process", "over HTTP", "naive loop")
    for callers in (1, 8, 32, 128)
]
CEILINGS = {"bare transactions (rows a second)": 20_000.0, "the same through the SDK": 900.0}


def _texts(path: Path) -> list[str]:
    root = ET.parse(path).getroot()  # noqa: S314 - our own file
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_every_series_ceiling_axis_and_number_of_callers_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plot.svg"
    plot(POINTS, CEILINGS, path)
    texts = _texts(path)

    for name in ("engine, in process", "over HTTP", "naive loop", *CEILINGS):
        assert texts.count(name) == 1
    assert {"callers at once", "claims a second", "1", "8", "32", "128"} <= set(texts)
    assert any("milliseconds" in text for text in texts)


def test_the_same_figures_give_the_same_file(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first.svg", "again.svg", "other.svg"))
    plot(POINTS, CEILINGS, first)
    plot(POINTS, CEILINGS, again)
    plot(POINTS[:-1], CEILINGS, other)

    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != other.read_bytes()


def test_it_is_white_behind_so_that_it_can_be_read_in_the_dark(tmp_path: Path) -> None:
    path = tmp_path / "plot.svg"
    plot(POINTS, CEILINGS, path)

    assert "fill: #ffffff" in path.read_text(encoding="utf-8")


def test_more_series_than_colors_are_refused(tmp_path: Path) -> None:
    too_many = [Point(f"series {number}", 1, 1.0, 1.0) for number in range(len(COLORS) + 1)]

    with pytest.raises(ValueError, match="series"):
        plot(too_many, {}, tmp_path / "plot.svg")
