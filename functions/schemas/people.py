"""Actors and users in answers."""

from typing import Literal

from domain.actors import Administrator
from functions.schemas.fields import AnswerModel


class ActorAnswer(AnswerModel):
    """Who made a change."""

    kind: Literal["administrator", "signIn"]
    id: str | None = None
    name: str | None = None


def administrator_answer(administrator: Administrator) -> ActorAnswer:
    """An administrator as an actor."""
    return ActorAnswer(kind="administrator", id=administrator.id, name=administrator.name)


class MeAnswer(AnswerModel):
    """The administrator who asks, and what the administrator may do."""

    tenant_id: str
    id: str
    name: str | None = None
    rights: list[str]
