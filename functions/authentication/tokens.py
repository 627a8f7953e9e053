"""Is a bearer token genuine, meant for this API, and may its issuer speak for its tenant?

PyJWT checks the form and the signature. The claims are checked here, because the clock is passed in and because
a claim of a wrong type must be a refusal like any other.

RFC 7519 (JWT), RFC 7515 (JWS), RFC 6750 (bearer tokens). Nothing is remembered between calls: one RS256 check
takes 0.1 ms, and a token that was good a second ago may have expired.
"""

import json
import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jwt import PyJWS
from jwt.exceptions import PyJWTError

from domain.ids import parse_guid
from functions.authentication.errors import UnauthenticatedError
from functions.authentication.signing_keys import SigningKeys
from functions.settings.issuers import TENANT_PLACEHOLDER, TrustedIssuer

LONGEST_TOKEN: Final = 16 * 1024

# The last second of the year 9999: a later time is junk.
_LATEST_TIME: Final = 253_402_300_799
_BEARER: Final = re.compile(
    r"bearer +(?P<token>[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)", re.IGNORECASE | re.ASCII
)
_MALFORMED: Final = "The token is not a well-formed JWT, or has critical extensions, which are not understood."
_JWS: Final = PyJWS()


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What a genuine token says.

    Attributes:
        tenant_id: The tenant that its issuer speaks for, a lower-case GUID.
        claims: All claims; beyond `iss`, `aud`, `tid`, `exp` and `nbf` of whatever types the issuer wrote.
    """

    tenant_id: str
    claims: Mapping[str, Any]


class TokenVerifier:
    """Verifies bearer tokens of the trusted issuers for the audiences of this API."""

    def __init__(
        self,
        issuers: Sequence[TrustedIssuer],
        audiences: Collection[str],
        keys: SigningKeys,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """Takes the wall clock in seconds since 1970; `keys` must know all the issuers."""
        self._issuers = issuers
        self._audiences = frozenset(audiences)
        self._keys = keys
        self._clock = wall_clock

    async def verify(self, authorization: str | None, only_algorithms: Collection[str] | None = None) -> VerifiedToken:
        """Checks the `Authorization` header of a request, whatever it holds.

        Args:
            authorization: The header's value, or None if the request has none.
            only_algorithms: Narrows the issuer's list of algorithms further.

        Raises:
            UnauthenticatedError: If there is no token, or it is bad in any way.
            KeysUnavailableError: If the issuer's keys cannot be had.
        """
        token = _bearer_token(authorization)
        header, claims = _read(token)
        # Until the signature is checked, the claims only choose whose key it must be checked with.
        tenant_id, issuer = self._choose_issuer(claims)
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in issuer.algorithms:
            raise UnauthenticatedError("The token's algorithm is not accepted from its issuer.")
        if only_algorithms is not None and algorithm not in only_algorithms:
            raise UnauthenticatedError(f"The token's algorithm must be {' or '.join(only_algorithms)} here.")
        key = await self._keys.find(issuer, header.get("kid"))
        if algorithm not in key.algorithms:
            raise UnauthenticatedError("The token's algorithm does not fit its signing key.")
        try:
            _JWS.decode_complete(token, key.public_key, algorithms=[algorithm])
        except PyJWTError:
            raise UnauthenticatedError("The token's signature is wrong.") from None
        self._check_audience(claims)
        self._check_times(claims)
        return VerifiedToken(tenant_id, claims)

    def _choose_issuer(self, claims: Mapping[str, Any]) -> tuple[str, TrustedIssuer]:
        issuer, tenant = claims.get("iss"), claims.get("tid")
        tenant_id = parse_guid(tenant) if isinstance(tenant, str) else None
        if not isinstance(tenant, str) or tenant_id is None:
            raise UnauthenticatedError("The token has no tenant: its `tid` must be a GUID.")
        for trusted in self._issuers:
            if trusted.issuer.replace(TENANT_PLACEHOLDER, tenant) == issuer and (
                not trusted.tenants or tenant_id in trusted.tenants
            ):
                return tenant_id, trusted
        raise UnauthenticatedError("The token's issuer is not trusted, or not for the token's tenant.")

    def _check_audience(self, claims: Mapping[str, Any]) -> None:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if not any(isinstance(one, str) and one in self._audiences for one in audiences):
            raise UnauthenticatedError("The token is meant for another audience than this API.")

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        if now >= _time(claims, "exp"):
            raise UnauthenticatedError("The token has expired.")
        if "nbf" in claims and now < _time(claims, "nbf"):
            raise UnauthenticatedError("The token is not valid yet.")


def _bearer_token(authorization: str | None) -> str:
    if not authorization:
        raise UnauthenticatedError("There is no token: send `Authorization: Bearer <token>`.")
    if len(authorization) > LONGEST_TOKEN:
        raise UnauthenticatedError(f"The token is longer than {LONGEST_TOKEN} characters.")
    match = _BEARER.fullmatch(authorization)
    if match is None:
        raise UnauthenticatedError("The header is not `Authorization: Bearer <token>` with one signed JWT.")
    return match["token"]


def _read(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The header and the claims, not verified yet."""
    try:
        parts = _JWS.decode_complete(token, options={"verify_signature": False})
        claims = json.loads(parts["payload"].decode("utf-8"))
    except (PyJWTError, ValueError, RecursionError):
        raise UnauthenticatedError(_MALFORMED) from None
    header = parts["header"]
    # RFC 7515 section 4.1.11: a critical extension that is not understood makes a token invalid. None is here.
    if not isinstance(header, dict) or "crit" in header or not isinstance(claims, dict):
        raise UnauthenticatedError(_MALFORMED)
    return header, claims


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    # The range also keeps out NaN and infinity, which Python's json module takes and which would never expire.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST_TIME:
        raise UnauthenticatedError(f"The token's `{name}` is missing or not a time.")
    return value
