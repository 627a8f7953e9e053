"""python -m benchmarks.simulation [docs/capacity.md]: the simulated tables, printed or put into the document.

Takes some minutes. Puts them between the two comments that name this command.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.simulation.costs import HTTP_CPU_SECONDS, TYPICAL, service_costs
from benchmarks.simulation.outcome import Outcome
from benchmarks.simulation.people import Crowd
from benchmarks.simulation.storm import simulate, simulate_arrivals
from functions.triggers.entra import ENTRA_SECONDS

BEGIN: Final = "<!-- python -m benchmarks.simulation docs/capacity.md -->\n"
END: Final = "<!-- end of what that command wrote -->\n"

SEED: Final = 1
SPEEDS: Final = (0.015, 0.03, 0.06)
"""Assumed: what the service takes for a transaction of 99 rows, with the way there and back, in seconds."""

USUAL_SPEED: Final = 0.03
PROCESSES: Final = (1, 2, 4, 8)
CALLERS: Final = 200
"""At each process, so that a full batch is always waiting."""

SATURATED_SECONDS: Final = 4.0
ARRIVING_SECONDS: Final = 4.0
RATES: Final = (100, 250, 500, 1_000, 1_500)
AT_ONCE: Final = (1_000, 5_000, 10_000)


def main(document: Path | None) -> None:
    """Make all tables, and print them or put them into the document."""
    text = "\n".join(_tables())
    if document is None:
        sys.stdout.write(text)
        return
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{document} lacks the lines {BEGIN!r} and {END!r}, between which the tables go")
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def _tables() -> Iterable[str]:
    yield "**Most claims a second of one tenant**, in process, by the service's speed (and commits lost to others).\n"
    yield _table(("99 rows take", *_by_process("process", "processes")), map(_saturated, SPEEDS))
    yield "**New users who come evenly**, over HTTP: milliseconds within which half, and 99 of 100, have a license.\n"
    yield _table(("new users a second", *_by_process("instance", "instances")), map(_arriving, RATES))
    yield "**New users who come within one second**, over HTTP, to 4 instances.\n"
    yield _table(("new users", "half within", "99 of 100 within", "times told to repeat"), map(_at_once, AT_ONCE))


def _by_process(one: str, many: str) -> Iterable[str]:
    return (f"{each} {one if each == 1 else many}" for each in PROCESSES)


def _saturated(speed: float) -> Iterable[str]:
    yield f"{speed * 1000:.0f} ms"
    costs = service_costs(TYPICAL, full_transaction_seconds=speed, call_cpu_seconds=0)
    for processes in PROCESSES:
        outcome = simulate(costs, processes, CALLERS, SATURATED_SECONDS, SEED)
        asked = outcome.storage
        yield f"{outcome.claims_per_second:,.0f} ({100 * asked.conflicts / (asked.commits + asked.conflicts):.0f} %)"


def _arriving(rate: int) -> Iterable[str]:
    yield f"{rate:,}"
    for processes in PROCESSES:
        outcome = _over_http(processes, round(rate * ARRIVING_SECONDS), ARRIVING_SECONDS)
        late = 1 - outcome.within(ENTRA_SECONDS)
        yield f"{outcome.p50 * 1000:,.0f} / {outcome.p99 * 1000:,.0f}" + (f" ({100 * late:.0f} % late)" if late else "")


def _at_once(users: int) -> Iterable[str]:
    outcome = _over_http(4, users, 1)
    return (f"{users:,}", f"{outcome.p50:.1f} s", f"{outcome.p99:.1f} s", f"{outcome.repeated:,}")


def _over_http(processes: int, users: int, within_seconds: float) -> Outcome:
    costs = service_costs(TYPICAL, full_transaction_seconds=USUAL_SPEED, call_cpu_seconds=HTTP_CPU_SECONDS)
    return simulate_arrivals(costs, processes, [Crowd(users, within_seconds)], SEED)


def _table(titles: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
