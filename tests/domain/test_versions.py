"""What a caller may demand of a version."""

import pytest

from domain.refusals import Code
from domain.versions import Demand, Precondition


@pytest.mark.parametrize(
    ("precondition", "expected"),
    [
        (Precondition(), Code.PRECONDITION_REQUIRED),
        (Precondition(match=6), Code.CONDITION_NOT_MET),
        (Precondition(match=0), Code.CONDITION_NOT_MET),
        (Precondition(match=Demand.UNKNOWN), Code.CONDITION_NOT_MET),
        (Precondition(absent=True), Code.CONDITION_NOT_MET),
        (Precondition(match=7, absent=True), Code.CONDITION_NOT_MET),
        (Precondition(match=7), None),
        (Precondition(match=Demand.ANY), None),
    ],
)
def test_what_is_there_needs_its_version_or_any(precondition: Precondition, expected: Code | None) -> None:
    refusal = precondition.refusal_for_existing("It", 7)
    assert (refusal and refusal.code) == expected


@pytest.mark.parametrize(
    ("precondition", "expected"),
    [
        (Precondition(), None),
        (Precondition(absent=True), None),
        (Precondition(match=Demand.ANY), Code.CONDITION_NOT_MET),
        (Precondition(match=Demand.UNKNOWN), Code.CONDITION_NOT_MET),
        (Precondition(match=0), Code.CONDITION_NOT_MET),
    ],
)
def test_what_is_not_there_matches_nothing(precondition: Precondition, expected: Code | None) -> None:
    refusal = precondition.refusal_for_new("It")
    assert (refusal and refusal.code) == expected


def test_a_refusal_tells_the_version_that_would_be_right() -> None:
    refusal = Precondition(match=6).refusal_for_existing("It", 7)
    assert refusal
    assert '"7"' in refusal.message
    assert refusal.target == "If-Match"
