"""Integrity checks in answers, and their progress in links."""

import base64
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.integrity import CheckStep
from domain.times import format_time
from functions.schemas.fields import AnswerModel


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


def progress_text(progress: Mapping[str, Any]) -> str:
    """A check's progress as a short text."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(progress).encode())).decode()


def progress_of_text(text: str) -> dict[str, Any]:
    """The inverse of `progress_text`, of a text that this service made."""
    content: dict[str, Any] = json.loads(zlib.decompress(base64.urlsafe_b64decode(text)))
    return content
