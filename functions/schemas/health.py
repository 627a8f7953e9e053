"""The app's health."""

from typing import Literal

from functions.schemas.fields import AnswerModel


class HealthAnswer(AnswerModel):
    """Whether the app can work."""

    status: Literal["ok", "unavailable"]
    storage: Literal["ok", "unavailable"]
    version: str
