"""Parameters of operations: what is checked of them and what is documented of them stand side by side."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from domain.ids import parse_app_id, parse_guid, parse_user_id
from functions.http.errors import ApiError, Detail
from functions.schemas.fields import APP_ID_FORM, GUID_FORM, USER_ID_FORM, AppId, Guid, UserId

_SHOWN_CHARACTERS: Final = 50


@dataclass(frozen=True, slots=True)
class PathParameter:
    """A part of a path.

    Attributes:
        parse: Gives the stored form of a text, or None if it has another form.
        form: The form, for people.
        type_: The form as a type, whose JSON schema is documented.
        example: One that fits.
    """

    parse: Callable[[str], str | None]
    form: str
    type_: Any
    example: str


PATH_PARAMETERS: Final[Mapping[str, PathParameter]] = {
    "appId": PathParameter(parse_app_id, APP_ID_FORM, AppId, "microsoft-teams"),
    "skuId": PathParameter(parse_guid, GUID_FORM, Guid, "18181a46-0d4e-45cd-891e-60aabd171b4e"),
    "policyId": PathParameter(parse_guid, GUID_FORM, Guid, "7b0c9d52-3f7a-4d2e-9a55-1f2f6a0c8e11"),
    "userId": PathParameter(parse_user_id, USER_ID_FORM, UserId, "0f8a4b7e-2c1d-4e6f-9b3a-5d7c8e9f0a1b"),
    "file": PathParameter(lambda text: text, "the name of a file", Annotated[str, Field(min_length=1)], "start.js"),
}


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A query parameter. An operation sees only those that it declares.

    Attributes:
        name: Its name.
        description: What it does.
        schema: The JSON schema of its value.
        form: What it must be, for people.
        fits: Whether a value is so. Those that do not fit are told together, as InvalidRequest.
        code: The code of the answer 400 to a value that does not fit; a code of its own means that the operation
            checks it itself, later.
        required: Whether a request must have it.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    form: str = ""
    fits: Callable[[str], bool] = lambda _: True
    code: str = "InvalidRequest"
    required: bool = False


def query_faults(parameters: Iterable[QueryParameter], query: Mapping[str, str]) -> list[Detail]:
    """Every fault of a request's query parameters."""
    faults: list[Detail] = []
    for each in parameters:
        value = query.get(each.name)
        if value is None and each.required:
            faults.append(Detail("MissingField", f"{each.name} is missing: it must be {each.form}.", each.name))
        if value is not None and not each.fits(value):
            shown = value[:_SHOWN_CHARACTERS].encode("ascii", "backslashreplace").decode()
            faults.append(Detail("InvalidValue", f"{each.name} is '{shown}': it must be {each.form}.", each.name))
    return faults


def path_id(name: str, text: str) -> str:
    """The stored form of a part of the path.

    Raises:
        ApiError: 400 InvalidId.
    """
    parameter = PATH_PARAMETERS[name]
    parsed = parameter.parse(text)
    if parsed is None:
        shown = text[:_SHOWN_CHARACTERS].encode("ascii", "backslashreplace").decode()
        raise ApiError(400, "InvalidId", f"'{shown}' is no {name}: it must be {parameter.form}.", name)
    return parsed
