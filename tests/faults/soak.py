"""`make soak MINUTES=… [SEED=…]`: storms with faults, one after the other, until the time is over or Ctrl-C ends it.

Each has a seed, tenants, storage and processes of its own, and is fresh, because the emulator slows down as partitions
grow. What was broken is told with all that it takes to look into it: the seed, the folder with rows, accounts and
what processes said.
"""

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import uvloop

from tests.faults.storm import Figures, Size, Storm, storm

ROUND_SECONDS = 100.0
"""How long a round storms; with its start, its end and the audit it takes about two minutes."""
ROUND_SECONDS_LEAST = 10.0
AROUND_SECONDS = 20.0
"""What a round takes besides, about."""
BROKEN_SHOWN = 20
"""How many broken rules of a tenant are told in full; all stand in its folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Storms. Gives the exit code: 1 if a rule was broken."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, required=True, help="how long in all; the last round is shorter")
    parser.add_argument("--seed", type=int, default=None, help="of the first round; each later one has the next")
    given = parser.parse_args(arguments)
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    return Soak(seed).run_until(time.monotonic() + 60 * given.minutes)


class Soak:
    """Rounds of storms, and their total."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._total = Figures()
        self._rounds = 0
        self._broken = 0

    def run_until(self, deadline: float) -> int:
        """Storm until then, or until Ctrl-C. Gives the exit code."""
        try:
            while (left := deadline - time.monotonic() - AROUND_SECONDS) > ROUND_SECONDS_LEAST or not self._rounds:
                self._round(min(ROUND_SECONDS, max(left, ROUND_SECONDS_LEAST)))
                self._seed += 1
        except KeyboardInterrupt:
            _print(f"Ended in the round of seed {self._seed}, which is not counted.")
        finally:
            _print(f"total of {self._rounds} rounds: {_told(self._total)}; rules broken: {self._broken}")
        return 1 if self._broken else 0

    def _round(self, seconds: float) -> None:
        folder = Path(tempfile.mkdtemp(prefix=f"soak-{self._seed}-"))
        keeps = True
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                ended = runner.run(storm(self._seed, folder, Size(seconds=seconds)))
            self._rounds += 1
            self._total.add(ended.figures)
            keeps = self._tell(ended, folder, seconds)
        except KeyboardInterrupt:
            keeps = False
            raise
        except Exception:
            _print(f"The round of seed {self._seed} broke down; its folder is {folder}.")
            raise
        finally:
            if not keeps:
                shutil.rmtree(folder, ignore_errors=True)

    def _tell(self, ended: Storm, folder: Path, seconds: float) -> bool:
        """Print the round's line, and whatever was broken; whether anything was."""
        number = sum(len(broken) for broken in ended.broken.values())
        self._broken += number
        _print(f"seed {self._seed}: {_told(ended.figures)}; rules broken: {number}")
        for tenant_id, broken in ended.broken.items():
            if not broken:
                continue
            lines = [f"{each.rule}: {each.what}" for each in broken]
            (folder / f"broken-{tenant_id}.txt").write_text("\n".join(lines), encoding="utf-8")
            _print(f"  tenant {tenant_id}, {dict(Counter(each.rule for each in broken))}:")
            _print("\n".join(f"    {line}" for line in lines[:BROKEN_SHOWN]))
        if number:
            _print(f"  Everything of it is in {folder}. Again: --seed {self._seed}, {seconds:.0f} s.")
        return number > 0


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command


def _told(figures: Figures) -> str:
    faults = ", ".join(f"{count:,} {name}" for name, count in sorted(figures.injected.items())) or "none"
    troubles = ", ".join(f"{count} {name}" for name, count in sorted(figures.troubles.items())) or "no troubles"
    return (
        f"{figures.claims:,} claims in {figures.commits:,} commits of {figures.lives} lives, "
        f"{figures.answered.total():,} sign-ins answered, "
        f"{figures.repeats:,} repeats, {figures.unanswered:,} without an answer, {figures.changes:,} changes, "
        f"{figures.views:,} looks; faults in {figures.requests:,} requests: {faults}; {troubles}"
    )


if __name__ == "__main__":
    sys.exit(main())
