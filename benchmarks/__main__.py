"""`make bench`: measures everything, prints one table and writes one JSON file."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import monotonic

from benchmarks import chapters
from benchmarks.figures import Results, figure_lines, ratio_lines
from benchmarks.plot import Point, plot
from benchmarks.targets import compare
from localhost.data_folder import PROJECT_FOLDER

PLOT = PROJECT_FOLDER / "docs" / "throughput.svg"


def main(arguments: Sequence[str] | None = None) -> int:
    """Gives the exit code: 0 whatever was measured. Targets that were missed are said so in the table."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(".local/bench.json"), help="the JSON file")
    parser.add_argument("--quick", action="store_true", help="fewer users, one try each: for a first look")
    given = parser.parse_args(arguments)
    size = chapters.QUICK if given.quick else chapters.FULL
    results = Results()
    points: list[Point] = []
    began = monotonic()
    for chapter in (
        chapters.the_storage,
        partial(chapters.one_process, points=points),
        partial(chapters.over_the_local_host, points=points),
        chapters.batches,
        chapters.repeats,
        chapters.several_processes,
        chapters.held_up,
        chapters.administrators,
        chapters.several_tenants,
        chapters.what_must_not_grow,
    ):
        told = len(results.figures)
        chapter(size, results)
        print(*figure_lines(results.figures[told:]), sep="\n", flush=True)
    compare(results, many_users=size.many_users, many_products=size.many_products)
    print("", *ratio_lines(results.ratios), sep="\n")
    results.write(given.out, quick=given.quick, seconds=monotonic() - began)
    ceiling = "99-row transactions"
    ceilings = {
        f"{ceiling}, own body": results["ceiling: transactions of 99 rows, own body"],
        f"{ceiling}, SDK": results["SDK ceiling: the same, submit_transaction"],
    }
    if not given.quick:
        plot(points, ceilings, PLOT)
    print(f"\n{monotonic() - began:.0f} s. Written to {given.out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
