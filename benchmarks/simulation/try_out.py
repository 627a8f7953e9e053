"""python -m benchmarks.simulation.try_out --rate 1000 --instances 40: one simulated storm, and its figures.

For experiments. `--help` names everything that can be chosen.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter
from typing import Final

from benchmarks.simulation.costs import HTTP_CPU_SECONDS, TYPICAL, Costs, service_costs
from benchmarks.simulation.outcome import Outcome
from benchmarks.simulation.people import Crowd, Shape
from benchmarks.simulation.pool import Storm, outcomes
from benchmarks.simulation.storm import Event, Turn, simulate, simulate_arrivals
from benchmarks.storms import percentile
from functions.sources.sign_ins import SIGN_IN_SECONDS

CLOSED: Final = "closed"
"""As fast as they are answered: callers who bring the next when the last is done."""

LICENSED: Final = 0.6
"""At nine o'clock, so many of those who come have their license already."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate one storm and print what came of it."""
    parser = _parser()
    given = parser.parse_args(arguments)
    costs = service_costs(TYPICAL, full_transaction_seconds=given.speed, call_cpu_seconds=given.call_cpu)
    costs = replace(costs, query_cpu_seconds=given.query_cpu, counted_bytes=given.counted_bytes or None)
    began = perf_counter()
    (outcome,) = outcomes([_storm(costs, given)], 1)
    print(*lines(outcome), sep="\n")
    print(f"simulated in {perf_counter() - began:.1f} s")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.simulation.try_out", description=__doc__)
    parser.add_argument("--shape", choices=[*Shape, CLOSED], default=Shape.EVEN.value, help="how they come")
    parser.add_argument("--rate", type=float, default=100.0, help="how many a second, on the average")
    parser.add_argument("--seconds", type=float, default=4.0, help="the time within which they come")
    parser.add_argument("--people", type=int, help="how many come, instead of --rate")
    parser.add_argument("--licensed", type=float, default=0.0, help=f"share of people who have one: {LICENSED}, say")
    parser.add_argument("--named", action="store_true", help="sources tell names and ids of sign-ins: longer rows")
    parser.add_argument("--patience", type=float, default=SIGN_IN_SECONDS, help="seconds that sources wait, at most")
    parser.add_argument("--instances", type=int, default=4)
    parser.add_argument("--callers", type=int, default=50, help="at each instance, for --shape closed")
    parser.add_argument("--speed", type=float, default=0.03, help="seconds of a transaction of 99 rows")
    parser.add_argument("--call-cpu", type=float, default=HTTP_CPU_SECONDS, help="CPU seconds of a call, of HTTP")
    parser.add_argument("--query-cpu", type=float, default=TYPICAL.query_cpu_seconds, help="CPU seconds of a query")
    parser.add_argument(
        "--counted-bytes", type=int, default=TYPICAL.counted_bytes, help="a larger row counts as several; 0: as one"
    )
    parser.add_argument("--start", type=_event_of(Turn.START), action="append", metavar="AT[xN]", help="N more appear")
    parser.add_argument("--kill", type=_event_of(Turn.KILL), action="append", metavar="AT[xN]", help="N are killed")
    parser.add_argument(
        "--kill-leader", type=_event_of(Turn.KILL_LEADER), action="append", metavar="AT", help="who commits most"
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser


class _event_of:  # noqa: N801 - called like a function
    """Reads `2.5` or `2.5x40`."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn

    def __call__(self, text: str) -> Event:
        at, _, instances = text.partition("x")
        return Event(float(at), self._turn, int(instances or 1))


def _storm(costs: Costs, given: argparse.Namespace) -> Storm:
    if given.shape == CLOSED:
        return partial(simulate, costs, given.instances, given.callers, given.seconds, given.seed)
    users = round(given.rate * given.seconds) if given.people is None else given.people
    crowd = Crowd(
        users,
        given.seconds,
        Shape(given.shape),
        licensed=given.licensed,
        are_named=given.named,
        patience=given.patience,
    )
    events = [*(given.start or ()), *(given.kill or ()), *(given.kill_leader or ())]
    return partial(simulate_arrivals, costs, given.instances, [crowd], given.seed, events)


def lines(outcome: Outcome) -> Iterable[str]:
    """The figures of one storm."""
    yield f"{outcome.asked:,} people in {outcome.seconds:.1f} s, {outcome.claims_per_second:,.0f} answers/s"
    yield _waited("new", outcome.waited_new)
    yield _waited("licensed before", outcome.waited_licensed)
    yield f"told to repeat {outcome.repeated:,}, cut off {outcome.cut_off:,}, gave up {outcome.gave_up:,}"
    if outcome.storage.commits:
        yield f"{outcome.storage.commits:,} commits of {outcome.claims_per_commit:.1f} claims"
    shares = sorted(outcome.shares)
    yield f"answers by instance: {shares[0]:,} / {median(shares):,.0f} / {shares[-1]:,} (least, median, most)"
    yield "partition         reads/s  queries/s  commits/s  conflicts  rows/s  load/s   busy"
    for name, counts in sorted(outcome.partitions.items()):
        if counts.reads or counts.commits or counts.conflicts or counts.busy:
            each = [count / outcome.seconds for count in (counts.reads, counts.queries, counts.commits)]
            rows, load = counts.rows / outcome.seconds, counts.load / outcome.seconds
            yield (
                f"  {name:<15} {each[0]:>7,.1f}  {each[1]:>9,.1f}  {each[2]:>9,.1f}  {counts.conflicts:>9,}"
                f"  {rows:>6,.0f}  {load:>6,.0f}  {counts.busy:>5,}"
            )


def _waited(who: str, waited: Sequence[float]) -> str:
    if not waited:
        return f"{who:<16} nobody"
    p50, p95, p99, most = (1000 * percentile(waited, percent) for percent in (50, 95, 99, 100))
    return f"{who:<16} p50 {p50:,.0f}  p95 {p95:,.0f}  p99 {p99:,.0f}  max {most:,.0f} ms  ({len(waited):,} people)"


if __name__ == "__main__":
    main(sys.argv[1:])
