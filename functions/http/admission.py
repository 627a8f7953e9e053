"""Who is let in to an operation, and as whom."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import azure.functions as func

from domain.actors import Administrator
from functions.authentication.principals import Authenticator, Right
from functions.http.errors import ApiError


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. For those who are let in without a token, there is nothing to know.

    Attributes:
        tenant_id: The tenant that the caller's token speaks for.
        administrator: The administrator who calls.
        rights: What the administrator may do.
    """

    tenant_id: str = ""
    administrator: Administrator = field(default_factory=lambda: Administrator(""))
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True, slots=True)
class Admission:
    """One way of being let in.

    Attributes:
        who: Who that is, for people.
        auth_level: What the Functions host checks before us.
        check: What is checked here, from the headers.
    """

    who: str
    auth_level: func.AuthLevel
    check: Callable[[Authenticator, Mapping[str, str]], Awaitable[Caller]]


def _administrators_with(right: Right) -> Callable[[Authenticator, Mapping[str, str]], Awaitable[Caller]]:
    async def check(authenticator: Authenticator, headers: Mapping[str, str]) -> Caller:
        principal = await authenticator.administrator(headers.get("authorization"))
        if right not in principal.rights:
            message = (
                f"The token is good, but gives no right to {right}: "
                "it needs one of the directory roles or app roles that do."
            )
            raise ApiError(403, "AuthorizationRequestDenied", message)
        return Caller(principal.tenant_id, Administrator(principal.id, principal.name), principal.rights)

    return check


async def _entra(authenticator: Authenticator, headers: Mapping[str, str]) -> Caller:
    return Caller(await authenticator.entra_tenant(headers.get("authorization")))


async def _anyone(_authenticator: Authenticator, _headers: Mapping[str, str]) -> Caller:
    return Caller()


READERS: Final = Admission("administrators who may read", func.AuthLevel.ANONYMOUS, _administrators_with(Right.READ))
MANAGERS: Final = Admission(
    "administrators who may manage", func.AuthLevel.ANONYMOUS, _administrators_with(Right.MANAGE)
)
ENTRA: Final = Admission("Microsoft Entra's custom authentication extension", func.AuthLevel.ANONYMOUS, _entra)
SIGN_IN_SOURCES: Final = Admission("sources of sign-ins with a function key", func.AuthLevel.FUNCTION, _anyone)
ANYONE: Final = Admission("anyone", func.AuthLevel.ANONYMOUS, _anyone)
