"""What a run measured, and whether it is enough."""

import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement.

    Attributes:
        name: What was measured.
        value: How much.
        unit: Of what.
    """

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measurement beside another of the same run, and the target for it.

    Attributes:
        name: What is compared with what.
        value: The quotient, or a figure whose target is absolute.
        target: What it is to be.
        at_least: Whether more is better; if not, less is.
        unit: Empty for a quotient.
    """

    name: str
    value: float
    target: float
    at_least: bool = True
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.value >= self.target if self.at_least else self.value <= self.target


@dataclass(slots=True)
class Results:
    """Everything that one run measured."""

    figures: list[Figure] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str) -> float:
        """Note a figure; gives its value."""
        self.figures.append(Figure(name, value, unit))
        return value

    def compare(self, name: str, value: float, *, at_least: float = 0, at_most: float = 0, unit: str = "") -> None:
        """Note a ratio and its target."""
        self.ratios.append(Ratio(name, value, at_least or at_most, bool(at_least), unit))

    def __getitem__(self, name: str) -> float:
        """The value of the figure with that name."""
        return next(figure.value for figure in self.figures if figure.name == name)

    def write(self, path: Path, *, quick: bool, seconds: float) -> None:
        """Write everything as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "quick": quick,
            "seconds": round(seconds, 1),
            "machine": {"python": platform.python_version(), "system": platform.system(), "cores": cpu_count()},
            "figures": [asdict(figure) for figure in self.figures],
            "ratios": [asdict(ratio) | {"met": ratio.is_met} for ratio in self.ratios],
        }
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def figure_lines(figures: Iterable[Figure]) -> list[str]:
    """The figures as lines of a table."""
    return [f"  {figure.name:<78} {_number(figure.value):>10} {figure.unit}" for figure in figures]


def ratio_lines(ratios: Iterable[Ratio]) -> list[str]:
    """The ratios as lines of a table, with their targets."""
    lines = []
    for ratio in ratios:
        wanted = f"{'>=' if ratio.at_least else '<='} {_number(ratio.target)}"
        lines.append(
            f"  {ratio.name:<78} {_number(ratio.value):>10} {ratio.unit:<3} {wanted:>10}  "
            f"{'met' if ratio.is_met else 'MISSED'}"
        )
    return lines


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits
