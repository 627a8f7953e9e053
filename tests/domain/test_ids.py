"""The forms of ids and names, at their edges."""

import re
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import ids

APP_CHARACTERS = string.ascii_letters + string.digits + "._~-"
USER_CHARACTERS = APP_CHARACTERS + "@|:+="
VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
GUID = "1FEC8E78-bce4-4aaf-ab1b-5451cc387264"


@given(st.uuids(), st.booleans())
def test_a_guid_is_stored_in_lower_case(value: object, upper: bool) -> None:  # noqa: FBT001
    text = str(value)
    assert ids.parse_guid(text.upper() if upper else text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        GUID[:-1],
        GUID + "0",
        GUID.replace("-", ""),
        "{" + GUID + "}",
        "urn:uuid:" + GUID,
        GUID + "\n",
        " " + GUID,
        GUID.replace("1", "\uff11"),
        GUID.replace("F", "g"),
        GUID.replace("-", "\u2010"),
    ],
)
def test_what_only_resembles_a_guid_is_none(text: str) -> None:
    assert ids.parse_guid(text) is None
    assert not re.search(ids.GUID_PATTERN, text.rstrip("\n")) or text.endswith("\n")


@pytest.mark.parametrize(
    ("parse", "characters", "longest"),
    [
        (ids.parse_app_id, APP_CHARACTERS, 128),
        (ids.parse_user_id, USER_CHARACTERS, 128),
        (ids.parse_client_app_id, VISIBLE, 256),
        (ids.parse_sign_in_id, VISIBLE + " ", 128),
    ],
)
def test_an_id_may_have_each_of_its_characters_and_its_length_and_no_more(
    parse: type, characters: str, longest: int
) -> None:
    for number in range(0x180):
        character = chr(number)
        expected = f"a{character}a" if character in characters else None
        assert parse(f"a{character}a") == expected
    assert parse("") is None
    assert parse("a" * longest) == "a" * longest
    assert parse("a" * (longest + 1)) is None
    assert parse("aa\n") is None
    assert parse("a\u0661") is None


@pytest.mark.parametrize("parse", [ids.parse_app_id, ids.parse_user_id])
def test_an_id_in_a_path_is_neither_one_dot_nor_two(parse: type) -> None:
    assert [parse(text) for text in (".", "..", "...", ".a", "a..")] == [None, None, "...", ".a", "a.."]


def test_a_client_app_id_is_compared_exactly_unless_it_is_a_guid() -> None:
    assert ids.parse_client_app_id(GUID) == GUID.lower()
    assert ids.parse_client_app_id("Client/App#1?") == "Client/App#1?"


@given(st.text(alphabet=USER_CHARACTERS + "/%\n ", max_size=6))
def test_the_documented_patterns_accept_what_the_code_accepts(text: str) -> None:
    # `$` in the documented patterns is the end of the text, as in JSON Schema: Python's also matches before a newline.
    if not text.endswith("\n"):
        assert (ids.parse_app_id(text) is not None) == bool(re.search(ids.APP_ID_PATTERN, text))
        assert (ids.parse_user_id(text) is not None) == bool(re.search(ids.USER_ID_PATTERN, text))
        assert (ids.parse_client_app_id(text) is not None) == bool(re.search(ids.CLIENT_APP_ID_PATTERN, text))
        assert (ids.parse_sign_in_id(text) is not None) == bool(re.search(ids.PRINTABLE_ASCII_PATTERN, text))


def test_a_name_is_trimmed_and_normalised() -> None:
    assert ids.parse_name("  Zoe\u0308 \u3000") == "Zo\u00eb"
    assert ids.parse_name("a") == "a"


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "a\tb", "a\x7fb", "a\x85b", "a\ud800b", "\udfff"])
def test_a_name_without_anything_or_with_controls_or_lone_surrogates_is_none(text: str) -> None:
    assert ids.parse_name(text) is None


def test_a_name_is_measured_in_code_points_after_normalising() -> None:
    astral = "\N{GRINNING FACE}"
    assert ids.parse_name(astral * 128) == astral * 128
    assert ids.parse_name(astral * 129) is None
    assert ids.parse_name("e\u0301" * 128) == "\u00e9" * 128
    # A composition that Unicode excludes grows when it is normalised.
    assert ids.parse_name("\u0958" * 65) is None
    assert ids.parse_name("a" * 256, ids.PERSON_NAME_LENGTH) == "a" * 256
    assert ids.parse_name("a" * 257, ids.PERSON_NAME_LENGTH) is None


@given(st.text())
def test_a_stored_name_is_its_own_stored_form(text: str) -> None:
    name = ids.parse_name(text)
    if name is not None:
        assert ids.parse_name(name) == name
        assert unicodedata.is_normalized("NFC", name)
        assert name == name.strip()
        name.encode()


@given(st.text())
def test_names_that_differ_in_case_alone_are_compared_alike(text: str) -> None:
    assert ids.fold(text) == ids.fold(unicodedata.normalize("NFC", text.casefold()))
    assert ids.fold("STRASSE") == ids.fold("Stra\u00dfe")
