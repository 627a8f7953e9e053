"""A short storm with faults: whatever breaks, the rules hold. `make soak` has the long ones."""

from pathlib import Path

import pytest

from tests.faults.storm import Size, storm

SEED = 4
SHORT = Size(
    seconds=18.0,
    processes=2,
    callers=8,
    seats=8,
    crowd=60,
    crowd_pauses=(2.0, 4.0),
    process_pauses=(2.0, 4.0),
    storage_pauses=(2.0, 4.0),
    deletion_pauses=(2.0, 4.0),
    deletions_max=1,
)
LEAST_TROUBLES = 3
"""Of processes and of the storage, however slow the machine is."""


@pytest.mark.slow
async def test_no_rule_breaks_in_a_short_storm(tmp_path: Path) -> None:
    ended = await storm(SEED, tmp_path, SHORT)

    assert not [broken for found in ended.broken.values() for broken in found]
    assert len(ended.broken) == SHORT.tenants
    figures = ended.figures
    assert figures.claims > 0
    assert {"claimed", "noLicenses"} <= set(figures.answered)
    assert figures.lives > SHORT.tenants
    assert figures.troubles["deletions"] > 0
    assert figures.troubles.total() >= LEAST_TROUBLES
    assert figures.injected.total() > 0
    assert figures.unanswered > 0, "nobody noticed"
