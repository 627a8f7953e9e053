"""Long texts over several properties, cut where no character breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rows.texts import text_of, text_properties
from storage.tables.limits import STRING_PROPERTY_UNITS, check_entity, utf16_units

ASTRAL = "\N{GRINNING FACE}"
KEYS = {"PartitionKey": "p", "RowKey": "r"}
# The pieces' borders lie at multiples of this, whichever the text's characters are.
HALF = STRING_PROPERTY_UNITS // 2


@given(
    st.text(max_size=20),
    st.integers(0, 4),
    st.sampled_from(["a", "\u00e9", "\uffff", ASTRAL]),
    st.integers(-2, 2),
    st.text(max_size=20),
)
def test_a_text_is_read_back_wherever_it_was_cut(start: str, halves: int, filling: str, more: int, end: str) -> None:
    text = start + filling * max(0, HALF * halves - len(start) + more) + end
    properties = text_properties("content", text)
    assert text_of({**KEYS, **properties, "other": 1}, "content") == text
    assert all(utf16_units(piece) <= STRING_PROPERTY_UNITS for piece in properties.values())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", 1),
        ("a" * STRING_PROPERTY_UNITS, 1),
        ("a" * (STRING_PROPERTY_UNITS + 1), 2),
        (ASTRAL * HALF, 1),
        (ASTRAL * (HALF + 1), 2),
        ("a" + ASTRAL * HALF, 2),
        ("\u00e9" * (HALF * 10 + 1), 11),
    ],
)
def test_pieces_are_as_many_as_needed_and_named_in_order(text: str, pieces: int) -> None:
    properties = text_properties("content", text)
    assert list(properties) == ["content", *(f"content{number}" for number in range(1, pieces))]
    check_entity({**KEYS, **properties})
    assert text_of(properties, "content") == text


def test_a_text_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        text_of({"content1": "b"}, "content")


@pytest.mark.parametrize("properties", [{"content": 1}, {"content": "a", "content1": b"b"}, {"content": None}])
def test_a_piece_that_is_no_text_is_a_type_error(properties: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="not text"):
        text_of(properties, "content")
