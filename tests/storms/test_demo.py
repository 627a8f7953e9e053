"""`make demo`: what it prints, how it ends, and that it leaves nothing behind."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from localhost.data_folder import PROJECT_FOLDER
from localhost.demo.administrator import demo_products, seats
from localhost.demo.people import people
from localhost.demo.report import Progress, percentile
from localhost.ports import check_port

SECONDS = 60
SMALL = ("--users", "100", "--callers", "16")

BREAKS_A_RULE = """
import sys
from localhost.audit import Verdict
from localhost.demo import __main__ as demo
demo.exact = lambda books: Verdict("Exact", "850", ("ada holds what nobody counted",))
sys.exit(demo.main(sys.argv[1:]))
"""


class Demo:
    """A run of the demo as a terminal would have it."""

    def __init__(self, process: "subprocess.Popen[str]", temporary: Path) -> None:
        self.process = process
        self._temporary = temporary

    def ended(self) -> tuple[int, str, str]:
        """The exit code and what it printed, once nothing of it is left."""
        out, err = self.process.communicate(timeout=SECONDS)
        for port in re.findall(r"on port (\d+)", out):
            check_port(int(port))
        assert not list(self._temporary.iterdir())
        return self.process.returncode, out, err


@contextmanager
def demo(temporary: Path, *arguments: str, code: str = "") -> Iterator[Demo]:
    """Starts it. What is left of it at the end of the block is killed."""
    with subprocess.Popen(
        [sys.executable, *(["-c", code] if code else ["-m", "localhost.demo"]), *arguments],
        cwd=PROJECT_FOLDER,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Demo(process, temporary)
        finally:
            process.kill()


def ended(temporary: Path, *arguments: str, code: str = "") -> tuple[int, str, str]:
    """Runs it to its end."""
    with demo(temporary, *arguments, code=code) as running:
        return running.ended()


@pytest.mark.parametrize("processes", ["1", "2"])
def test_it_shows_the_outcomes_and_every_rule_held(processes: str, tmp_path: Path) -> None:
    code, out, err = ended(tmp_path, *SMALL, "--processes", processes)

    assert code == 0, err
    words = [line.split() for line in out.splitlines()]
    assert ["claimed", "Microsoft", "Teams", "Enterprise", "50"] in words
    assert ["claimed", "Office", "365", "E1", "25"] in words
    assert ["claimed", "Microsoft", "365", "E3", "10"] in words
    assert re.search(
        r"^\d+ claims/s \(110 sign-ins in [\d.]+ s\); one sign-in takes p50 \d+ ms, p99 [\d,]+ ms", out, re.MULTILINE
    )
    assert len(re.findall(r"^[1-7] .*  held  .*\d", out, re.MULTILINE)) == 7
    assert "6 Prompt                     held  5 signed in afterwards: 5 policyOff\n" in out
    assert "7 of 7 rules held." in out
    assert "110 of 110 sign-ins answered\n" in err


def test_a_rule_that_did_not_hold_is_named_and_fails_the_run(tmp_path: Path) -> None:
    code, out, _ = ended(tmp_path, *SMALL, code=BREAKS_A_RULE)

    assert code == 1
    assert re.search(r"^2 Exact +BROKEN  850$", out, re.MULTILINE)
    assert "Exact: BROKEN (850): ada holds what nobody counted\n" in out
    assert "6 of 7 rules held." in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_the_storm_stops_everything(number: int, tmp_path: Path) -> None:
    with demo(tmp_path, "--users", "20000") as running:
        assert running.process.stdout is not None
        told = running.process.stdout.readline()
        assert told.startswith("Autoclaim on port")
        os.killpg(running.process.pid, number)
        began = time.monotonic()

        code, out, err = running.ended()

    assert (code, err.splitlines()[-1]) == (130, "Stopped.")
    assert "rules held" not in out
    assert time.monotonic() - began < SECONDS / 4
    for port in re.findall(r"on port (\d+)", told):
        check_port(int(port))


def test_a_signal_while_it_starts_stops_everything(tmp_path: Path) -> None:
    with demo(tmp_path, *SMALL) as running:
        assert running.process.stderr is not None
        assert running.process.stderr.readline().startswith("Starting")
        os.killpg(running.process.pid, signal.SIGINT)
        assert running.ended()[0] == 130


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--users", "0"), "USERS=0 is not a number from 1 to 50,000"),
        (("--users", "many"), "USERS=many is not a number from 1 to 50,000"),
        (("--callers", "501"), "CALLERS=501 is not a number from 1 to 500"),
        (("--callers", ""), "CALLERS= is not a number from 1 to 500"),
    ],
)
def test_numbers_that_cannot_be_are_refused(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    code, out, err = ended(tmp_path, *arguments)
    assert code != 0
    assert message in err
    assert out == ""


def test_people_are_different_however_many_there_are() -> None:
    crowd = people(5000)
    assert len({person.id for person in crowd}) == 5000
    assert len({person.principal_name for person in crowd}) == 5000
    assert all(person.principal_name.isascii() for person in crowd)
    assert len({person.surname for person in crowd[:20]}) == 20


def test_there_are_too_few_seats_for_everybody() -> None:
    assert seats(1000) == [500, 250, 100]
    assert all(sum(seats(users)) < users for users in range(1, 200))
    assert len({product["skuId"] for product in demo_products()}) == 3


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal_and_four_lines_elsewhere() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        progress = Progress(8, stream)
        for done in range(1, 9):
            progress(done)
    assert terminal.getvalue().startswith("\r█████░")
    assert terminal.getvalue().endswith(f"\r{'█' * 40} 8 of 8 sign-ins\n")
    assert file.getvalue().splitlines() == [f"{done} of 8 sign-ins answered" for done in (2, 4, 6, 8)]


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 50) == 50
    assert percentile(values, 99) == 99
    assert percentile([7.0], 50) == 7.0
