"""python -m benchmarks.simulation [docs/capacity.md] [--only NAME ...]: the simulated tables, printed or put into it.

Takes half an hour. Puts the tables between the two comments that name this command; `--only` is for a look at
some of them, and only printed.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.simulation.pool import outcomes
from benchmarks.simulation.tables import Table, tables

BEGIN: Final = "<!-- python -m benchmarks.simulation docs/capacity.md -->\n"
END: Final = "<!-- end of what that command wrote -->\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the tables, and print them or put them into the document."""
    every = tables()
    given = _parser([table.name for table in every]).parse_args(arguments)
    if given.document and given.only:
        raise SystemExit("some tables alone are only printed")
    wanted = [table for table in every if not given.only or table.name in given.only]
    made = []
    for text in _texts(wanted, given.processes):
        made.append(text)
        print(text, flush=True)
    if given.document:
        given.document.write_text(with_tables(given.document.read_text(encoding="utf-8"), made), encoding="utf-8")


def with_tables(document: str, made: Sequence[str]) -> str:
    """The document with these tables in place of those that it has.

    Raises:
        ValueError: It lacks the lines between which they go.
    """
    before, _, rest = document.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"the document lacks the lines {BEGIN!r} and {END!r}, between which the tables go")
    return "\n".join([f"{before}{BEGIN}", *made, f"{END}{after}"])


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.simulation", description=__doc__)
    parser.add_argument("document", type=Path, nargs="?", help="where the tables go")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="storms that are simulated at once")
    return parser


def _texts(wanted: Sequence[Table], processes: int) -> Iterator[str]:
    storms = [storm for table in wanted for _, row in table.rows for storm in row]
    made = outcomes(storms, processes)
    for table in wanted:
        yield table.text(made)


if __name__ == "__main__":
    main(sys.argv[1:])
