"""Who a verified token speaks for: an administrator with rights, or Entra itself."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.ids import PERSON_NAME_LENGTH, PRINTABLE_ASCII_PATTERN, parse_name
from functions.authentication.errors import UnauthenticatedError
from functions.authentication.tokens import TokenVerifier, VerifiedToken
from functions.settings.environment import RoleSets

# The application that Microsoft Entra's custom authentication extensions call with, the same in every tenant:
# https://learn.microsoft.com/entra/identity-platform/custom-extension-tokenissuancestart-configuration
ENTRA_EXTENSIONS_APP_ID: Final = "99045fe1-7639-4a75-9d4a-577b6ca3810f"
ENTRA_ALGORITHMS: Final = ("RS256",)

_PRINTABLE_ASCII: Final = re.compile(PRINTABLE_ASCII_PATTERN)


class Right(enum.StrEnum):
    """What an administrator may do."""

    READ = "read"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, as their token says.

    Attributes:
        tenant_id: Their tenant, a lower-case GUID.
        id: Object id of the user, or client id of the application; 1 to 128 printable ASCII characters.
        name: Sign-in name, if the token has a fitting one.
        rights: None, or read, or read and manage, in this order.
    """

    tenant_id: str
    id: str
    name: str | None
    rights: tuple[Right, ...]


class Authenticator:
    """Says who sent a request, by its `Authorization` header."""

    def __init__(self, verifier: TokenVerifier, roles: RoleSets) -> None:
        self._verifier = verifier
        self._roles = roles

    async def administrator(self, authorization: str | None) -> Principal:
        """Who administers; somebody without any right too, so that the caller can answer 403.

        Raises:
            UnauthenticatedError: If there is no token, or it is bad.
            KeysUnavailableError: If the issuer's keys cannot be had.
        """
        token = await self._verifier.verify(authorization)
        return Principal(
            tenant_id=token.tenant_id,
            id=_administrator_id(token),
            name=_name(token.claims),
            rights=_rights(token.claims, self._roles),
        )

    async def entra_tenant(self, authorization: str | None) -> str:
        """The tenant whose custom authentication extension calls, a lower-case GUID.

        Raises:
            UnauthenticatedError: If there is no token, it is bad, or it is not Entra's own.
            KeysUnavailableError: If the issuer's keys cannot be had.
        """
        token = await self._verifier.verify(authorization, only_algorithms=ENTRA_ALGORITHMS)
        # `azp` is the calling application in tokens of version 2.0, `appid` in those of version 1.0.
        if token.claims.get("azp", token.claims.get("appid")) != ENTRA_EXTENSIONS_APP_ID:
            raise UnauthenticatedError(
                "The token is not one of Microsoft Entra's custom authentication extensions: "
                f"its `azp` or `appid` must be {ENTRA_EXTENSIONS_APP_ID}."
            )
        return token.tenant_id


def _administrator_id(token: VerifiedToken) -> str:
    # The first that is there counts, fitting or not: a user's change must not be written down as an application's.
    claim = next((name for name in ("oid", "azp", "appid") if name in token.claims), None)
    value = token.claims[claim] if claim else None
    if not isinstance(value, str) or not _PRINTABLE_ASCII.fullmatch(value):
        raise UnauthenticatedError("The token does not say who calls: it needs a fitting `oid`, `azp` or `appid`.")
    return value


def _name(claims: Mapping[str, Any]) -> str | None:
    texts = [claims.get("preferred_username"), claims.get("upn")]
    names = (parse_name(text, PERSON_NAME_LENGTH) for text in texts if isinstance(text, str))
    return next((name for name in names if name is not None), None)


def _rights(claims: Mapping[str, Any], roles: RoleSets) -> tuple[Right, ...]:
    directory_roles = frozenset(role.lower() for role in _texts(claims.get("wids")))
    app_roles = frozenset(_texts(claims.get("roles")))
    if directory_roles & roles.manager_directory_roles or app_roles & roles.manager_app_roles:
        return (Right.READ, Right.MANAGE)
    if directory_roles & roles.reader_directory_roles or app_roles & roles.reader_app_roles:
        return (Right.READ,)
    return ()


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
