"""Long texts over several string properties, because one holds 32 Ki UTF-16 units at most."""

from collections.abc import Mapping
from typing import Final

from storage.tables.limits import STRING_PROPERTY_UNITS

_PIECE: Final = STRING_PROPERTY_UNITS // 2
"""Characters a piece if any may be beyond the basic plane, where each counts as two units."""


def text_properties(name: str, text: str) -> dict[str, str]:
    """The properties `name`, `name1`, `name2`, … that hold the text."""
    piece = STRING_PROPERTY_UNITS if text.isascii() else _PIECE
    pieces = [text[start : start + piece] for start in range(0, len(text), piece)] or [""]
    return {f"{name}{number or ''}": part for number, part in enumerate(pieces)}


def text_of(properties: Mapping[str, object], name: str) -> str:
    """The text that `text_properties` made.

    Raises:
        KeyError: The property is missing.
        TypeError: A property is no text.
    """
    pieces: list[str] = []
    while (key := f"{name}{len(pieces) or ''}") in properties or not pieces:
        piece = properties[key]
        if not isinstance(piece, str):
            raise TypeError(f"{key} is {type(piece).__name__}, not text")
        pieces.append(piece)
    return "".join(pieces)
