"""Logs: what happened, in a sentence for people, with ids as fields.

The Functions host forwards nothing but a record's text, so the text has everything.
"""

import logging
import traceback
from collections.abc import Mapping
from typing import Final

from functions.telemetry.user_names import USER_NAMES

LOGGER: Final = logging.getLogger("autoclaim")

FIELDS: Final = ("operation", "request_id", "tenant_id", "user_id", "outcome", "policy_id", "sku_id")
"""What a record may have besides its text."""


class Told:
    """A sentence with its fields.

    Attributes:
        text: The sentence.
        fields: The fields.
        error: Where an error came from, as Python shows it; empty if there is none.
    """

    def __init__(self, text: str, fields: Mapping[str, str], error: str) -> None:
        self.text = text
        self.fields = fields
        self.error = error

    def __str__(self) -> str:
        line = " ".join([self.text, *(f"{name}={value}" for name, value in self.fields.items())])
        return f"{line}\n{self.error}" if self.error else line


def tell(level: int, text: str, fields: Mapping[str, str], error: BaseException | None = None) -> None:
    """Log a sentence. With an error, where it came from is logged too.

    Users in fields, text and error are named as the setting says.
    """
    if not LOGGER.isEnabledFor(level):
        return
    tenant_id = fields.get("tenant_id", "")
    # Not as `exc_info`: handlers would write the error as it is, with users in it.
    trace = "".join(traceback.format_exception(error)) if error else ""
    told = Told(USER_NAMES.shown_in(text, tenant_id), shown_fields(fields), USER_NAMES.shown_in(trace, tenant_id))
    LOGGER.log(level, told, extra=dict(told.fields))


def shown_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that there are, with the user named as the setting says."""
    shown = {name: fields[name] for name in FIELDS if fields.get(name)}
    if "user_id" in shown:
        shown["user_id"] = USER_NAMES.shown(shown.get("tenant_id", ""), shown["user_id"])
    return shown


def told_in(record: logging.LogRecord) -> Told:
    """What a record tells."""
    told: object = record.msg
    return told if isinstance(told, Told) else Told(record.getMessage(), {}, "")
