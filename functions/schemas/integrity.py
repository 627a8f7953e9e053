"""Integrity checks in answers, and their progress in links."""

import base64
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from domain.integrity import CheckStep
from domain.times import format_time
from functions.schemas.fields import AnswerModel, UserId

PROGRESS_BYTES: Final = 256 * 1024
"""More than the counts of 300 products and 200 policies take."""


class DiscrepancyAnswer(AnswerModel):
    """Two things that should agree and do not."""

    kind: str
    target: str
    message: str


class IntegrityAnswer(AnswerModel):
    """What a check found: in this call, and whether all was well so far."""

    ok: bool
    complete: bool
    checked_at: str
    users: int
    licenses: int
    journal_entries: int
    discrepancies: list[DiscrepancyAnswer]
    next_link: str | None = None


def integrity_answer(step: CheckStep, checked_at: datetime, next_link: str | None) -> IntegrityAnswer:
    """A check's call as it is answered."""
    return IntegrityAnswer(
        ok=step.ok,
        complete=step.progress is None,
        checked_at=format_time(checked_at),
        users=step.users,
        licenses=step.licenses,
        journal_entries=step.journal_entries,
        discrepancies=[
            DiscrepancyAnswer(kind=each.kind, target=each.target, message=each.message) for each in step.discrepancies
        ],
        next_link=next_link,
    )


Count = Annotated[int, Field(ge=0, lt=10**15)]
"""As many digits as the numbers of commits have."""

Hexadecimal = Annotated[str, Field(pattern="^[0-9a-f]{1,32}$")]
IsoDate = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class DayProgress(BaseModel):
    """How far a check's days are: see storage.upkeep.day_checks.DayCheck."""

    model_config = ConfigDict(extra="forbid", strict=True)

    through: Count
    last_day: IsoDate | None
    day: IsoDate | None
    claims: Count
    fingerprint: Hexadecimal


class Progress(BaseModel):
    """How far a check is: see storage.upkeep.integrity.Progress. Links are no secret, so what comes back is checked."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sequence: Count
    assigned: dict[str, int]
    held: dict[str, int]
    digest: Hexadecimal
    commit: Count
    pruned: Count
    counted_from: Count
    journal: dict[str, int]
    days: DayProgress
    user: UserId | None
    users_done: bool
    ok: bool
    users: Count
    licenses: Count
    entries: Count


def progress_text(progress: Mapping[str, Any]) -> str:
    """A check's progress as a short text."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(progress).encode())).decode()


def progress_of_text(text: str) -> dict[str, Any] | None:
    """The inverse of `progress_text`; None of a text that it did not make."""
    try:
        content = zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), PROGRESS_BYTES)
        return Progress.model_validate_json(content).model_dump()
    except (ValueError, zlib.error):
        return None
