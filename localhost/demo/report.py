"""What the demo prints: progress on stderr while it runs, a table and the verdicts on stdout."""

import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from typing import TextIO

from domain.sign_ins import Outcome
from localhost.audit import Answer, Verdict

BAR_CHARACTERS = 40
REDRAW_SECONDS = 0.1
QUARTERS = 4


class Progress:
    """Draws a bar where stderr is a terminal, and writes a line at each quarter where it is not."""

    def __init__(self, total: int, stream: TextIO = sys.stderr) -> None:
        self._total = total
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._drawn_at = 0.0
        self._quarters = 0

    def __call__(self, done: int) -> None:
        """Shows that so many of the total are done."""
        if self._is_terminal:
            self._draw(done)
        elif (quarters := done * QUARTERS // self._total) > self._quarters:
            self._quarters = quarters
            print(f"{done:,} of {self._total:,} sign-ins answered", file=self._stream, flush=True)

    def _draw(self, done: int) -> None:
        now = time.monotonic()
        if now - self._drawn_at < REDRAW_SECONDS and done < self._total:
            return
        self._drawn_at = now
        bar = ("█" * (BAR_CHARACTERS * done // self._total)).ljust(BAR_CHARACTERS, "░")
        end = "\n" if done == self._total else ""
        print(f"\r{bar} {done:,} of {self._total:,} sign-ins", end=end, file=self._stream, flush=True)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least so many percent of all values do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def outcome_table(answers: Sequence[Answer], product_names: Mapping[str, str]) -> str:
    """How many sign-ins had each outcome, with each product."""
    order = [*Outcome]
    counts = Counter((Outcome(answer.outcome), answer.sku_id) for answer in answers)
    products = [None, *product_names]
    rows = [
        (outcome.value, product_names.get(sku_id or "", ""), f"{count:,}")
        for (outcome, sku_id), count in sorted(
            counts.items(), key=lambda each: (-order.index(each[0][0]), products.index(each[0][1]))
        )
    ]
    return _table(("outcome", "product", "sign-ins"), rows)


def speed(answers: Sequence[Answer], seconds: Sequence[float], pending: int, took_seconds: float) -> str:
    """How fast it was."""
    claimed = sum(answer.outcome == Outcome.CLAIMED for answer in answers)
    p50, p99 = (1000 * percentile(seconds, percent) for percent in (50, 99))
    return (
        f"{claimed / took_seconds:,.0f} claims/s ({len(answers):,} sign-ins in {took_seconds:.1f} s); "
        f"one sign-in takes p50 {p50:,.0f} ms, p99 {p99:,.0f} ms; {pending:,} answers pending and sent again"
    )


def verdict_table(verdicts: Sequence[Verdict]) -> str:
    """Every rule, whether it held, the figure that shows it, and below it what contradicts it."""
    table = _table(
        ("rule", "", "counted from the storage"),
        [
            (f"{number} {verdict.rule}", "held" if verdict.held else "BROKEN", verdict.figure)
            for number, verdict in enumerate(verdicts, 1)
        ],
    )
    return "\n".join([table, *(str(verdict) for verdict in verdicts if not verdict.held)])


def _table(titles: tuple[str, str, str], rows: Sequence[tuple[str, str, str]]) -> str:
    lines = [titles, *rows]
    first, second = (max(len(line[place]) for line in lines) for place in (0, 1))
    return "\n".join(f"{a:{first}}  {b:{second}}  {c}".rstrip() for a, b, c in lines)
