"""Users and the holders of products in answers; what an administrator asks for of a user's license."""

from pydantic import Field

from domain.licenses import License, User
from domain.tenant import TenantState
from functions.schemas.fields import AnswerModel, DistinctGuids, RequestModel
from functions.schemas.licenses import LicenseAnswer, license_answer


class LicenseWrite(RequestModel):
    """A license for a user: which service plans are off."""

    disabled_service_plan_ids: DistinctGuids = Field(default_factory=list)


class UserAnswer(AnswerModel):
    """A user, and how many licenses the user holds."""

    user_id: str
    user_principal_name: str | None = None
    display_name: str | None = None
    licenses: int


class UserList(AnswerModel):
    """A page of users. It may be short or empty and still have a next."""

    value: list[UserAnswer]
    next_link: str | None = None


class UserLicensesAnswer(AnswerModel):
    """All licenses of a user."""

    user_id: str
    user_principal_name: str | None = None
    display_name: str | None = None
    licenses: list[LicenseAnswer]


class HolderAnswer(LicenseAnswer):
    """A user who holds a product, and the license."""

    user_id: str
    user_principal_name: str | None = None
    display_name: str | None = None


class HolderList(AnswerModel):
    """A page of a product's holders. It may be short or empty and still have a next."""

    value: list[HolderAnswer]
    next_link: str | None = None


def user_answer(user: User) -> UserAnswer:
    """A user as in a list."""
    return UserAnswer(
        user_id=user.id,
        user_principal_name=user.principal_name,
        display_name=user.display_name,
        licenses=len(user.licenses),
    )


def user_licenses_answer(state: TenantState, user: User) -> UserLicensesAnswer:
    """A user with all licenses."""
    return UserLicensesAnswer(
        user_id=user.id,
        user_principal_name=user.principal_name,
        display_name=user.display_name,
        licenses=[license_answer(state, held) for held in user.licenses],
    )


def holder_answer(state: TenantState, user: User, held: License) -> HolderAnswer:
    """A holder of a product."""
    return HolderAnswer(
        user_id=user.id,
        user_principal_name=user.principal_name,
        display_name=user.display_name,
        **dict(license_answer(state, held)),
    )
