"""The audit log in answers."""

from typing import Any

from domain.actors import Administrator
from domain.journal import Entry, JournalRecord
from domain.times import format_time
from functions.schemas.fields import AnswerModel
from functions.schemas.people import ActorAnswer, administrator_answer


class AuditEntryAnswer(AnswerModel):
    """One thing done. `sequence` is the commit's: the claims of one commit share it."""

    sequence: int
    at: str
    actor: ActorAnswer
    action: str
    target: str
    details: dict[str, Any] | None = None


class AuditList(AnswerModel):
    """A page of the audit log."""

    value: list[AuditEntryAnswer]
    next_link: str | None = None


def audit_entry_answer(record: JournalRecord, entry: Entry) -> AuditEntryAnswer:
    """One entry of the journal as it is answered."""
    actor = entry.actor
    return AuditEntryAnswer(
        sequence=record.sequence,
        at=format_time(record.at),
        actor=administrator_answer(actor) if isinstance(actor, Administrator) else ActorAnswer(kind="signIn"),
        action=entry.action.value,
        target=entry.target,
        details=dict(entry.details) or None,
    )
