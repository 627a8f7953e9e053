"""A token issuer for development: its key is made on this machine and never leaves it.

The app checks these tokens exactly as it checks Entra's. It trusts this issuer only where the local host says so in the
setting TRUSTED_ISSUERS, which carries the public key itself, so no server is needed.
"""

import time
import uuid
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from functions.settings.environment import (
    BILLING_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
    GLOBAL_READER,
    LICENSE_ADMINISTRATOR,
    REPORTS_READER,
    USER_ADMINISTRATOR,
)
from localhost.data_folder import DataFolder

ISSUER = "https://development.autoclaim.localhost/{tid}/v2.0"
"""It may speak for any tenant: `{tid}` must equal the token's `tid`."""
AUDIENCE = "api://autoclaim"
SAMPLE_TENANT = "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30"
ADMINISTRATOR_NAME = "administrator@autoclaim.example"
ADMINISTRATOR_ROLE = "User Administrator"
TOKEN_SECONDS = 12 * 60 * 60

ENTRA_EXTENSION_APP = "99045fe1-7639-4a75-9d4a-577b6ca3810f"
"""Entra's custom authentication extensions call with this app id in `azp`:
https://learn.microsoft.com/entra/identity-platform/custom-extension-overview#protect-your-rest-api
"""

_DIRECTORY_ROLES: Mapping[str, str] = {
    "Global Administrator": GLOBAL_ADMINISTRATOR,
    "Billing Administrator": BILLING_ADMINISTRATOR,
    "User Administrator": USER_ADMINISTRATOR,
    "Global Reader": GLOBAL_READER,
    "Reports Reader": REPORTS_READER,
    "License Administrator": LICENSE_ADMINISTRATOR,
}
_APP_ROLES = ("AutoClaim.Manage", "AutoClaim.Read")
_NO_ROLE = "none"

_OBJECT_IDS = uuid.UUID("0d5d8f0a-6f43-4d0f-8a51-6a0a6f3c2b7e")
_KEY_BITS = 2048


class UnknownRoleError(ValueError):
    """Not a role that a token can be made for; the message lists those that are."""


class InvalidTenantError(ValueError):
    """Not a GUID of 8-4-4-4-12 hex digits."""


class DevelopmentIssuer:
    """Signs tokens (RS256, RFC 7519) for any tenant with the key of one data folder, made when it is missing."""

    def __init__(self, data: DataFolder) -> None:
        key = load_pem_private_key(data.secret("issuer-key.pem", _new_key), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("issuer-key.pem in the data folder is not an RSA key; delete it to get a new one")
        self._key = key
        public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self._jwk = {"kty": "RSA", "n": public["n"], "e": public["e"], "use": "sig", "alg": "RS256"}
        # One name per key, so that a service that cached the keys of another folder notices.
        self._jwk["kid"] = uuid.uuid5(_OBJECT_IDS, str(public["n"])).hex

    def trusted_issuer(self) -> dict[str, Any]:
        """Gives this issuer as an entry of the setting TRUSTED_ISSUERS."""
        return {"issuer": ISSUER, "jwks": {"keys": [self._jwk]}, "algorithms": ["RS256"]}

    def administrator_token(
        self, tenant: str = SAMPLE_TENANT, role: str = ADMINISTRATOR_ROLE, name: str = ADMINISTRATOR_NAME
    ) -> str:
        """Gives a token of a person, valid for TOKEN_SECONDS. The same name is always the same person (`oid`).

        Args:
            tenant: A tenant's GUID; any, known to the app or not.
            role: A directory role's or an app role's name, in any case; empty or `none` for a person without a right.
            name: The person's user principal name.

        Raises:
            InvalidTenantError: The tenant is not a GUID.
            UnknownRoleError: The role is not one of those.
        """
        person = {
            "oid": object_id(name),
            "preferred_username": name,
            "name": name.partition("@")[0],
        }
        return self._sign(tenant, {**person, **_right(role)})

    def entra_token(self, tenant: str = SAMPLE_TENANT) -> str:
        """Gives the token that Entra's custom authentication extension would send, valid for TOKEN_SECONDS.

        Raises:
            InvalidTenantError: The tenant is not a GUID.
        """
        return self._sign(tenant, {"azp": ENTRA_EXTENSION_APP, "azpacr": "2"})

    def _sign(self, tenant: str, claims: Mapping[str, object]) -> str:
        tenant_id = _tenant_id(tenant)
        now = int(time.time())
        payload = {
            "iss": ISSUER.format(tid=tenant_id),
            "aud": AUDIENCE,
            "tid": tenant_id,
            "iat": now,
            "nbf": now,
            "exp": now + TOKEN_SECONDS,
            "ver": "2.0",
            **claims,
        }
        return jwt.encode(payload, self._key, algorithm="RS256", headers={"kid": self._jwk["kid"]})


def object_id(name: str) -> str:
    """Gives the object id of the person with that principal name: the `oid` of every token of theirs."""
    return str(uuid.uuid5(_OBJECT_IDS, name))


def _right(role: str) -> dict[str, list[str]]:
    wanted = role.strip().casefold()
    if wanted in {"", _NO_ROLE}:
        return {}
    for name, template_id in _DIRECTORY_ROLES.items():
        if name.casefold() == wanted:
            return {"wids": [template_id]}
    for app_role in _APP_ROLES:
        if app_role.casefold() == wanted:
            return {"roles": [app_role]}
    known = ", ".join((*_DIRECTORY_ROLES, *_APP_ROLES))
    raise UnknownRoleError(f'ROLE="{role}" is not a role of this API. One of: {known}; or none, for no right')


def _tenant_id(tenant: str) -> str:
    try:
        parsed = str(uuid.UUID(tenant))
    except ValueError:
        parsed = ""
    if parsed != tenant.lower():
        raise InvalidTenantError(f'TENANT="{tenant}" is not a GUID such as {SAMPLE_TENANT}')
    return parsed


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
