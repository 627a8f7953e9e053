"""Apps as requests and answers."""

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.catalog import CLIENT_APP_IDS_PER_APP, SERVICE_PLANS_PER_APP, App
from functions.schemas.fields import (
    AnswerModel,
    ClientAppId,
    Guid,
    Name,
    RequestModel,
    VersionedModel,
    distinct,
    etag_of,
)


class AppWrite(RequestModel):
    """Every writable field of an app."""

    name: Name
    client_app_ids: Annotated[
        list[ClientAppId], Field(min_length=1, max_length=CLIENT_APP_IDS_PER_APP), AfterValidator(distinct)
    ]
    service_plan_ids: Annotated[
        list[Guid], Field(min_length=1, max_length=SERVICE_PLANS_PER_APP), AfterValidator(distinct)
    ]

    def to_app(self, app_id: str) -> App:
        """The app that is asked for."""
        return App(app_id, self.name, tuple(self.client_app_ids), tuple(self.service_plan_ids))


class AppAnswer(VersionedModel):
    """What users sign in to."""

    id: str
    name: str
    client_app_ids: list[str]
    service_plan_ids: list[str]


class AppList(AnswerModel):
    """A page of apps."""

    value: list[AppAnswer]
    next_link: str | None = None


def app_answer(app: App) -> AppAnswer:
    """An app as it is answered."""
    return AppAnswer(
        id=app.id,
        name=app.name,
        client_app_ids=list(app.client_app_ids),
        service_plan_ids=list(app.service_plan_ids),
        etag=etag_of(app.version),
    )
