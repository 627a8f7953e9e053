"""The body of every error."""

from functions.schemas.fields import AnswerModel


class ErrorDetail(AnswerModel):
    """One fault of several."""

    code: str
    message: str
    target: str


class ErrorContent(AnswerModel):
    """What went wrong: a code to rely on, and a message for people."""

    code: str
    message: str
    target: str | None = None
    details: list[ErrorDetail] | None = None


class ErrorAnswer(AnswerModel):
    """The body of every error."""

    error: ErrorContent
