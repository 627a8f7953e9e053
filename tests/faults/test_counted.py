"""Rows of reports, held against the journal of the life that they are of."""

import json

import pytest

from tests.domain.tenants import E1, E3, POLICY
from tests.faults.counted import miscounted
from tests.faults.forging import rules
from tests.faults.history import Row, commits_of
from tests.faults.rules import EXACT
from tests.faults.story import reborn


def rolled_up(*lines: tuple[str, int], through: int) -> list[Row]:
    days = {"05": dict(lines)}
    return [
        {"RowKey": f"counts:000001:2026-01:{POLICY}", "content": json.dumps({"days": days})},
        {"RowKey": "generation", "generation": 1},
        {"RowKey": "watermark:000001", "sequence": str(through)},
    ]


@pytest.mark.parametrize(
    ("lines", "through", "problems"),
    [
        ([(E1, 1), (E3, 2)], 19, 0),
        ([(E1, 1), (E3, 1)], 18, 0),
        ([(E1, 1), (E3, 2)], 18, 1),
        ([(E1, 4), (E3, 2)], 19, 1),
        ([(E1, 1), (E3, 2)], 20, 1),
    ],
)
def test_rows_of_reports_count_the_claims_of_this_life_once(
    lines: list[tuple[str, int]], through: int, problems: int
) -> None:
    story = reborn()
    commits = commits_of(story.rows.values())
    assert len(miscounted(rolled_up(*lines, through=through), commits)) == problems


def test_the_rows_of_reports_are_audited() -> None:
    story = reborn()
    assert rules(story, reports=rolled_up((E1, 1), (E3, 2), through=19)) == set()
    assert rules(story, reports=rolled_up((E1, 4), (E3, 3), through=19)) == {EXACT}
