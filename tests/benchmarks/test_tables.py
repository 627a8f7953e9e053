"""What is told of simulated storms: percentiles, tables, the document, and the command for one storm."""

from collections.abc import Sequence
from functools import partial

import pytest

from benchmarks.simulation import try_out
from benchmarks.simulation.__main__ import BEGIN, END, with_tables
from benchmarks.simulation.costs import TYPICAL
from benchmarks.simulation.outcome import TENANT, Answer, Outcome, pooled
from benchmarks.simulation.partitions import Counts
from benchmarks.simulation.people import Crowd
from benchmarks.simulation.pool import outcomes
from benchmarks.simulation.storm import simulate_arrivals
from benchmarks.simulation.tables import Table, tables


def _outcome(answers: Sequence[Answer], asked: int | None = None) -> Outcome:
    return Outcome(
        asked=len(answers) if asked is None else asked,
        gave_up=0,
        repeated=0,
        cut_off=0,
        seconds=10.0,
        answers=answers,
        shares=[len(answers)],
        partitions={TENANT: Counts(commits=2), "inbox": Counts(reads=30)},
    )


def test_new_people_and_those_licensed_before_are_told_apart() -> None:
    outcome = _outcome([Answer(0, 2.0), Answer(0, 1.0), Answer(0, 0.1, was_licensed=True)], asked=4)

    assert (outcome.waited_new, outcome.waited_licensed) == ([1.0, 2.0], [0.1])
    assert outcome.claims_per_commit == 1
    assert (outcome.p50, outcome.p99) == (1.0, 2.0)
    assert outcome.within(1.0) == 0.5
    assert pooled([outcome, _outcome([Answer(0, 1.5)])]) == [0.1, 1.0, 1.5, 2.0]


def test_the_longest_silence_is_between_answers_also_at_both_ends() -> None:
    outcome = _outcome([Answer(0, 1.0), Answer(0, 4.0), Answer(4.0, 0.5), Answer(6.0, 20.0)])

    assert outcome.longest_silence(0, 6) == 3.0
    assert outcome.longest_silence(0, 10) == 5.5
    assert outcome.told_between(0, 4.5) == 2


def test_those_who_were_cut_off_are_not_everybody_else() -> None:
    outcome = _outcome([Answer(1, 0.3), Answer(1, 9.0, was_cut_off=True), Answer(5, 0.1)])

    assert outcome.waited_around(0, 2) == [0.3]


@pytest.mark.parametrize(("slow_until", "again"), [(20, 0), (26, 6), (30, 10), (59.9, None)])
def test_it_is_usual_again_when_nobody_waits_longer_any_more(slow_until: float, again: float | None) -> None:
    # As usual for 10 seconds, then a wave for 10, then one comes each second until the 60th.
    answers = [Answer(came, 1.5 if 10 <= came < slow_until else 0.1) for came in range(60)]

    assert _outcome(answers).usual_again(10, 20, 60) == again


def test_it_is_not_usual_while_nobody_is_told_anything() -> None:
    answers = [Answer(came, 0.1) for came in (*range(20), *range(40, 60))]

    assert _outcome(answers).usual_again(10, 20, 60) == 20


def test_a_table_has_a_row_for_each_case_from_its_own_storms() -> None:
    def cells(outcomes: Sequence[Outcome]) -> list[str]:
        return [str(outcome.claims) for outcome in outcomes]

    storms = [partial(_outcome, [Answer(0, 1)] * claims) for claims in (1, 2, 3, 4)]
    table = Table("some", "**Title**", ("case", "one", "other"), [("a", storms[:2]), ("b", storms[2:])], cells)

    made = table.text(storm() for storm in storms)

    assert made.splitlines() == [
        "**Title**",
        "",
        "| case | one | other |",
        "| --- | --- | --- |",
        "| a | 1 | 2 |",
        "| b | 3 | 4 |",
    ]


def test_every_table_has_a_name_of_its_own_and_as_many_cells_as_columns() -> None:
    every = tables()
    some = _outcome([Answer(came, 0.1, was_licensed=bool(came % 2)) for came in range(60)])

    assert len({table.name for table in every}) == len(every)
    for table in every:
        for _, storms in table.rows:
            assert 1 + len(list(table.cells([some] * len(storms)))) == len(table.columns)


def test_tables_go_between_the_lines_of_the_document_and_nowhere_else() -> None:
    document = f"before\n\n{BEGIN}\nold\n\n{END}\nafter\n"

    assert with_tables(document, ["one\n", "two\n"]) == f"before\n\n{BEGIN}\none\n\ntwo\n\n{END}\nafter\n"
    assert with_tables(with_tables(document, ["a\n"]), ["b\n"]) == with_tables(document, ["b\n"])
    with pytest.raises(ValueError, match="lacks the lines"):
        with_tables("no such lines", [])


def test_one_storm_is_tried_out_and_its_figures_printed(capsys: pytest.CaptureFixture[str]) -> None:
    who = ("--shape", "triangle", "--people", "60", "--seconds", "2", "--licensed", "0.5")
    try_out.main([*who, "--instances", "2", "--kill", "1", "--start", "0.5x2"])
    printed = capsys.readouterr().out

    for part in ("60 people", "(30 people)", "gave up 0", "claims", "answers by instance", "tenant"):
        assert part in printed


def test_as_fast_as_they_are_answered_is_a_shape_too(capsys: pytest.CaptureFixture[str]) -> None:
    try_out.main(["--shape", "closed", "--instances", "1", "--callers", "5", "--seconds", "0.5"])

    assert "licensed before  nobody" in capsys.readouterr().out


def test_a_storm_comes_out_the_same_in_every_process() -> None:
    storm = partial(simulate_arrivals, TYPICAL, 3, [Crowd(60, 0.2, licensed=0.5)], 1)
    first, again = outcomes([storm], 1), outcomes([storm], 1)

    assert list(first) == list(again)
