"""A token issuer for tests: signs tokens and publishes keys, as an identity provider does."""

import base64
import functools
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import PyJWS
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from functions.authentication.principals import Authenticator
from functions.authentication.signing_keys import SigningKeys
from functions.authentication.tokens import TokenVerifier
from functions.settings.environment import RoleSets
from functions.settings.issuers import TrustedIssuer

NOW = 1_800_000_000.0
TENANT = "0b9f2ae0-5a3c-4d6e-9a51-d1f7b0c4e2aa"
OTHER_TENANT = "7c1d7f3e-94b8-4c1c-8f7d-3a2b1c0d9e8f"
STRANGER = "e5a0c9b4-1111-4222-8333-444455556666"
AUDIENCE = "api://autoclaim"
ISSUER = "https://issuer.example/one"
OBJECT_ID = "11111111-2222-4333-8444-555555555555"


@functools.cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    del name  # only tells one cached key from another
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@functools.cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    del name
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, key_id: str | None) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    named = {"use": "sig"} if key_id is None else {"use": "sig", "kid": key_id}
    return jwk | named


def key_set(*key_ids: str) -> dict[str, Any]:
    """The set of the RSA keys of these names."""
    return {"keys": [public_jwk(rsa_key(key_id), key_id) for key_id in key_ids]}


def claims(**changes: Any) -> dict[str, Any]:
    """Claims of a good token; a change to None leaves the claim out."""
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "tid": TENANT,
        "oid": OBJECT_ID,
        "iat": NOW - 300,
        "nbf": NOW - 300,
        "exp": NOW + 3600,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def sign(
    payload: Mapping[str, Any] | bytes,
    *,
    key: Any = None,
    key_id: str | None = "one",
    algorithm: str = "RS256",
    headers: Mapping[str, Any] | None = None,
) -> str:
    """A token, signed with the key of that name if no other is given."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    named = {} if key_id is None else {"kid": key_id}
    signing_key = rsa_key(key_id or "one") if key is None else key
    return PyJWS().encode(body, signing_key, algorithm, headers={**named, **(headers or {})})


def encode_part(content: bytes | Mapping[str, Any]) -> bytes:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def sign_raw(header: bytes | Mapping[str, Any], payload: bytes | Mapping[str, Any]) -> str:
    """A token with any header, signed by key "one" as RS256 would be, whatever the header says."""
    signing_input = encode_part(header) + b"." + encode_part(payload)
    signature = RSAAlgorithm(RSAAlgorithm.SHA256).sign(signing_input, rsa_key("one"))
    return (signing_input + b"." + encode_part(signature)).decode()


def bearer(token: str) -> str:
    return f"Bearer {token}"


def trusted(issuer: str = ISSUER, *tenants: str, **changes: Any) -> TrustedIssuer:
    """An issuer with key "one"; speaks for TENANT unless told otherwise."""
    speaks_for = tenants or (() if "{tid}" in issuer else (TENANT,))
    return TrustedIssuer(issuer=issuer, tenants=frozenset(speaks_for), **({"jwks": key_set("one")} | changes))


async def no_fetch(url: str) -> bytes:
    raise AssertionError(f"nothing should be fetched, but {url} was")


def verifier(*issuers: TrustedIssuer) -> TokenVerifier:
    chosen = issuers or (trusted(),)
    return TokenVerifier(chosen, {AUDIENCE, "autoclaim-id"}, SigningKeys(chosen, no_fetch), lambda: NOW)


def authenticator(*issuers: TrustedIssuer) -> Authenticator:
    return Authenticator(verifier(*issuers), RoleSets())
