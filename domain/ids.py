"""The forms of ids and names. Each function gives the stored form of a text, or None if it has another form.

`uuid.UUID` also takes braces, `urn:uuid:` and 32 bare digits; an id that can be written in several ways
would not be one key in storage, so the accepted forms are narrow.
"""

import re
import unicodedata
from typing import Final

GUID_PATTERN: Final = "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"
APP_ID_PATTERN: Final = r"^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$"
USER_ID_PATTERN: Final = r"^(?!\.{1,2}$)[A-Za-z0-9._~@|:+=-]{1,128}$"
CLIENT_APP_ID_PATTERN: Final = "^[!-~]{1,256}$"
PRINTABLE_ASCII_PATTERN: Final = "^[ -~]{1,128}$"

NAME_LENGTH: Final = 128
PERSON_NAME_LENGTH: Final = 256

_GUID = re.compile(GUID_PATTERN[1:-1])
_APP_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~-]{1,128}")
_USER_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~@|:+=-]{1,128}")
_CLIENT_APP_ID = re.compile(CLIENT_APP_ID_PATTERN[1:-1])
_PRINTABLE_ASCII = re.compile(PRINTABLE_ASCII_PATTERN[1:-1])


def parse_guid(text: str) -> str | None:
    """A GUID as 8-4-4-4-12 hexadecimal digits, in lower case."""
    return text.lower() if _GUID.fullmatch(text) else None


def parse_app_id(text: str) -> str | None:
    """An app id: 1 to 128 of `A-Z a-z 0-9 . _ ~ -`, neither `.` nor `..`."""
    return text if _APP_ID.fullmatch(text) else None


def parse_user_id(text: str) -> str | None:
    """A user id: 1 to 128 of `A-Z a-z 0-9 . _ ~ @ | : + = -`, neither `.` nor `..`."""
    return text if _USER_ID.fullmatch(text) else None


def parse_client_app_id(text: str) -> str | None:
    """A client app id: 1 to 256 printable ASCII characters without blanks; a GUID in lower case."""
    if not _CLIENT_APP_ID.fullmatch(text):
        return None
    return parse_guid(text) or text


def parse_sign_in_id(text: str) -> str | None:
    """A sign-in id: 1 to 128 printable ASCII characters."""
    return text if _PRINTABLE_ASCII.fullmatch(text) else None


def parse_name(text: str, longest: int = NAME_LENGTH) -> str | None:
    """A name: trimmed and NFC-normalised, then 1 to `longest` code points without controls or lone surrogates."""
    name = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(name) <= longest:
        return None
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        return None
    return name


def fold(name: str) -> str:
    """The form in which names are compared and sorted: without regard to case."""
    return unicodedata.normalize("NFC", name.casefold())
