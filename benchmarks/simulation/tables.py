"""The tables of docs/capacity.md: which storms each is made of, and what it tells of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from benchmarks.simulation.carried import claims_per_second
from benchmarks.simulation.costs import HTTP_CPU_SECONDS, TYPICAL, Costs, service_costs
from benchmarks.simulation.outcome import Outcome, pooled
from benchmarks.simulation.people import Crowd, Shape
from benchmarks.simulation.pool import Storm
from benchmarks.simulation.storm import Event, Turn, simulate, simulate_arrivals
from benchmarks.storms import percentile
from functions.sources.entra import ENTRA_SECONDS

SEEDS: Final = (1, 2)
SPEEDS: Final = (0.015, 0.03, 0.06)
"""Assumed: what the service takes for a transaction of 99 rows, with the way there and back, in seconds."""

USUAL_SPEED: Final = 0.03
INSTANCES: Final = (1, 4, 16, 40, 64)
SATURATED_SECONDS: Final = 4.0
CALLERS_AT_ONE: Final = 200
CALLERS_AT_EACH: Final = 50
"""So that a full batch is always waiting."""

ARRIVING_SECONDS: Final = 4.0
RATES: Final = (100, 1_000, 1_500)
AT_ONCE: Final = (1_000, 5_000)
NINE_OCLOCK: Final = (20_000, 50_000)
NINE_OCLOCK_SECONDS: Final = 60.0
LICENSED_BEFORE: Final = 0.6

WAVE_INSTANCES: Final = 16
FACTORS: Final = (0.5, 1, 2, 3, 5)
WAVE_SECONDS: Final = 30.0
USUAL_SECONDS: Final = 10.0
AFTER_SECONDS: Final = 60.0
USUAL_RATE: Final = 20.0

CHANGING_RATE: Final = 500
CHANGING_SECONDS: Final = 20.0
CHANGE_AT: Final = 8.0
AROUND_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        name: What the command line calls it.
        title: What stands above it, in Markdown.
        columns: Its head.
        rows: What each row begins with, and the storms that it is made of.
        cells: The rest of a row, from what came of its storms.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Storm]]]
    cells: Callable[[Sequence[Outcome]], Iterable[str]] = field(repr=False)

    def text(self, outcomes: Iterator[Outcome]) -> str:
        """The table in Markdown, with as many outcomes as it has storms, in their order."""
        lines = [f"{self.title}\n", _line(self.columns), _line(["---"] * len(self.columns))]
        lines += [_line([first, *self.cells([next(outcomes) for _ in storms])]) for first, storms in self.rows]
        return "\n".join(lines) + "\n"


def tables() -> list[Table]:
    """All of them, in the order of the document."""
    return [_saturated(), _even(), _speeds(), _at_once(), _nine_o_clock(), _offered(), _changing()]


def _saturated() -> Table:
    rows = []
    for speed in SPEEDS:
        costs = service_costs(TYPICAL, full_transaction_seconds=speed, call_cpu_seconds=0)
        callers = ((each, CALLERS_AT_ONE if each == 1 else CALLERS_AT_EACH) for each in INSTANCES)
        storms = [partial(simulate, costs, *each, SATURATED_SECONDS, SEEDS[0]) for each in callers]
        rows.append((f"{speed * 1000:.0f} ms", storms))
    title = (
        "**Most claims a second of one tenant**, in process, as fast as they are answered, by the service's speed "
        "(and commits lost to others)."
    )
    return Table("saturated", title, ("99 rows take", *_instances("process", "processes")), rows, _most)


def _most(outcomes: Sequence[Outcome]) -> Iterable[str]:
    for outcome in outcomes:
        asked = outcome.storage
        # Who was told to come again is served when nobody else comes any more, and would be counted for little.
        served = outcome.told_between(0, SATURATED_SECONDS) / SATURATED_SECONDS
        yield f"{served:,.0f} ({100 * asked.conflicts / (asked.commits + asked.conflicts):.0f} %)"


def _even() -> Table:
    rows = [(f"{rate:,}", _evenly(rate, USUAL_SPEED)) for rate in RATES]
    title = "**New users who come evenly**, over HTTP: milliseconds within which half, and 99 of 100, have a license."
    return Table("even", title, ("new users a second", *_instances("instance", "instances")), rows, _by_instances)


def _speeds() -> Table:
    rows = [(f"{speed * 1000:.0f} ms", _evenly(RATES[1], speed)) for speed in SPEEDS if speed != USUAL_SPEED]
    title = f"**The same with {RATES[1]:,} new users a second**, by the service's speed."
    return Table("speeds", title, ("99 rows take", *_instances("instance", "instances")), rows, _by_instances)


def _evenly(rate: int, speed: float) -> list[Storm]:
    crowd = Crowd(round(rate * ARRIVING_SECONDS), ARRIVING_SECONDS)
    return [partial(simulate_arrivals, _http(speed), each, [crowd], seed) for each in INSTANCES for seed in SEEDS]


def _by_instances(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """Those of the same number of instances, which differ by seed, are taken together."""
    for place in range(0, len(outcomes), len(SEEDS)):
        same = outcomes[place : place + len(SEEDS)]
        late = 1 - sum(outcome.within(ENTRA_SECONDS) for outcome in same) / len(same)
        yield _half_and_most(pooled(same)) + (f" ({100 * late:.0f} % late)" if late else "")


def _at_once() -> Table:
    rows = [
        (f"{users:,} to {each}", [partial(simulate_arrivals, _http(USUAL_SPEED), each, [Crowd(users, 1)], SEEDS[0])])
        for users in AT_ONCE
        for each in INSTANCES
    ]
    columns = ("new users, to instances", "half within", "99 of 100 within", "times told to repeat", "gave up")
    return Table("at-once", "**New users who come within one second**, over HTTP.", columns, rows, _within_seconds)


def _within_seconds(outcomes: Sequence[Outcome]) -> Iterable[str]:
    (outcome,) = outcomes
    told = [f"{seconds:.1f} s" for seconds in (outcome.p50, outcome.p99)] if outcome.claims else ["-", "-"]
    return (*told, f"{outcome.repeated:,}", f"{outcome.gave_up:,}")


def _nine_o_clock() -> Table:
    rows = []
    for users in NINE_OCLOCK:
        crowd = Crowd(users, NINE_OCLOCK_SECONDS, Shape.TRIANGLE, licensed=LICENSED_BEFORE)
        for each in INSTANCES[1:]:
            storm = partial(simulate_arrivals, _http(USUAL_SPEED), each, [crowd], SEEDS[0])
            rows.append((f"{users:,} to {each}", [storm]))
    title = (
        f"**Nine o'clock**: people who come within {NINE_OCLOCK_SECONDS:.0f} seconds, most of them in the middle, "
        f"{100 * LICENSED_BEFORE:.0f} % of them licensed before; milliseconds within which half, and 99 of 100, "
        "are told."
    )
    columns = ("people, to instances", "new", "licensed before", "times told to repeat", "gave up")
    return Table("nine-o-clock", title, columns, rows, _by_kind)


def _by_kind(outcomes: Sequence[Outcome]) -> Iterable[str]:
    (outcome,) = outcomes
    kinds = (outcome.waited_new, outcome.waited_licensed)
    return (*map(_half_and_most, kinds), f"{outcome.repeated:,}", f"{outcome.gave_up:,}")


def _offered() -> Table:
    costs = _http(USUAL_SPEED)
    limit = claims_per_second(costs, WAVE_INSTANCES)
    ends = USUAL_SECONDS + WAVE_SECONDS + AFTER_SECONDS
    usual = Crowd(round(USUAL_RATE * ends), ends)
    rows: list[tuple[str, list[Storm]]] = []
    for factor in FACTORS:
        wave = Crowd(round(factor * limit * WAVE_SECONDS), WAVE_SECONDS, begins=USUAL_SECONDS)
        storm = partial(simulate_arrivals, costs, WAVE_INSTANCES, [usual, wave], SEEDS[0])
        rows.append((f"{factor:g} of {limit:,.0f}", [storm]))
    title = (
        f"**More than can be carried**: new users a second for {WAVE_SECONDS:.0f} seconds, over HTTP, to "
        f"{WAVE_INSTANCES} instances, in parts of what their cores and the partition carry; before and after, "
        f"{USUAL_RATE:.0f} a second."
    )
    columns = (
        "new users a second",
        "served a second",
        "of what is carried",
        "times told to repeat",
        "gave up",
        "usual again after",
    )
    return Table("offered", title, columns, rows, partial(_served, limit))


def _served(limit: float, outcomes: Sequence[Outcome]) -> Iterable[str]:
    (outcome,) = outcomes
    wave_ends = USUAL_SECONDS + WAVE_SECONDS
    served = outcome.told_between(USUAL_SECONDS, wave_ends) / WAVE_SECONDS
    after = outcome.usual_again(USUAL_SECONDS, wave_ends, wave_ends + AFTER_SECONDS)
    return (
        f"{served:,.0f}",
        f"{100 * served / limit:.0f} %",
        f"{outcome.repeated:,}",
        f"{outcome.gave_up:,}",
        f"over {AFTER_SECONDS:.0f} s" if after is None else f"{after:.0f} s",
    )


def _changing() -> Table:
    each_second = range(1, int(CHANGING_SECONDS))
    cases: list[tuple[str, int, list[Event]]] = [
        ("16, and nothing happens", 16, []),
        ("4, and one more each second", 4, [Event(at, Turn.START) for at in each_second]),
        ("4, and 40 more at once", 4, [Event(CHANGE_AT, Turn.START, 40)]),
        ("40, and one is killed each second", 40, [Event(at, Turn.KILL) for at in each_second]),
        ("16, and the one that commits most is killed", 16, [Event(CHANGE_AT, Turn.KILL_LEADER)]),
    ]
    crowd = Crowd(round(CHANGING_RATE * CHANGING_SECONDS), CHANGING_SECONDS)
    rows = [
        (name, [partial(simulate_arrivals, _http(USUAL_SPEED), first, [crowd], seed, events) for seed in SEEDS])
        for name, first, events in cases
    ]
    title = (
        f"**Instances that appear and are killed**, under {CHANGING_RATE} new users a second for "
        f"{CHANGING_SECONDS:.0f} seconds, over HTTP; milliseconds."
    )
    columns = (
        "instances",
        "half / 99 of 100",
        f"99 of 100 who come within {AROUND_SECONDS:.0f} s of second {CHANGE_AT:.0f}",
        "nobody is told anything for",
        "cut off",
    )
    return Table("changing", title, columns, rows, _while_changing)


def _while_changing(outcomes: Sequence[Outcome]) -> Iterable[str]:
    span = CHANGE_AT - AROUND_SECONDS, CHANGE_AT + AROUND_SECONDS
    around = sorted(waited for outcome in outcomes for waited in outcome.waited_around(*span))
    silence = max(outcome.longest_silence(CHANGE_AT - AROUND_SECONDS, CHANGING_SECONDS) for outcome in outcomes)
    return (
        _half_and_most(pooled(outcomes)),
        f"{1000 * percentile(around, 99):,.0f}" if around else "-",
        f"{1000 * silence:,.0f}",
        f"{sum(outcome.cut_off for outcome in outcomes):,}",
    )


def _http(speed: float) -> Costs:
    return service_costs(TYPICAL, full_transaction_seconds=speed, call_cpu_seconds=HTTP_CPU_SECONDS)


def _half_and_most(waited: Sequence[float]) -> str:
    if not waited:
        return "-"
    return " / ".join(f"{1000 * percentile(waited, percent):,.0f}" for percent in (50, 99))


def _instances(one: str, many: str) -> Iterable[str]:
    return (f"{each} {one if each == 1 else many}" for each in INSTANCES)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
