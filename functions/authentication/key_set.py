"""What a JSON Web Key Set (RFC 7517) holds that tokens can be verified with.

Each key is bound here to the algorithms that it may verify, so no token chooses how its key is used: a public
key never becomes an HMAC secret, and an RSA key never meets an EC signature.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

from functions.authentication.errors import InvalidKeySetError

# RFC 7518 section 3.3: "A key of size 2048 bits or larger MUST be used".
SMALLEST_RSA_KEY_BITS: Final = 2048

_RSA_ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_CURVE_ALGORITHMS: Final = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the algorithms that it may verify (never empty)."""

    key_id: str | None
    public_key: RSAPublicKey | EllipticCurvePublicKey
    algorithms: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeySet:
    """The usable keys of one document, at least one."""

    keys: tuple[SigningKey, ...]

    def find(self, key_id: str | None) -> SigningKey | None:
        """The key of this id; for a token without a key id, the only key of the set."""
        if key_id is None:
            return self.keys[0] if len(self.keys) == 1 else None
        return next((key for key in self.keys if key.key_id == key_id), None)


def parse_key_set(document: bytes) -> KeySet:
    """Reads a fetched document.

    Raises:
        InvalidKeySetError: If it is not JSON, or as in `read_key_set`.
    """
    try:
        content = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise InvalidKeySetError("the key set is not JSON") from error
    return read_key_set(content)


def read_key_set(content: object) -> KeySet:
    """Picks the keys that can verify signatures; ignores the others, as RFC 7517 section 5 asks for.

    Ignored: another `use` than `sig`, another `kty` than RSA or EC (so symmetric keys too), malformed and weak keys.

    Raises:
        InvalidKeySetError: If no key is left.
    """
    members = content.get("keys") if isinstance(content, Mapping) else None
    if not isinstance(members, list):
        raise InvalidKeySetError("the key set has no list of keys")
    found = (_signing_key(member) for member in members if isinstance(member, Mapping))
    keys = tuple(key for key in found if key is not None)
    if not keys:
        raise InvalidKeySetError("the key set has no key for signatures that can be used")
    return KeySet(keys)


def _signing_key(member: Mapping[str, Any]) -> SigningKey | None:
    if member.get("use", "sig") != "sig":
        return None
    try:
        public_key, algorithms = _public_key(member)
    except (PyJWTError, UnsupportedAlgorithm, ValueError, TypeError):
        return None
    if isinstance(public_key, RSAPublicKey) and public_key.key_size < SMALLEST_RSA_KEY_BITS:
        return None
    if "alg" in member:
        algorithms = frozenset(algorithm for algorithm in algorithms if algorithm == member["alg"])
    if not algorithms:
        return None
    key_id = member.get("kid")
    return SigningKey(key_id if isinstance(key_id, str) else None, public_key, algorithms)


def _public_key(
    member: Mapping[str, Any],
) -> tuple[RSAPublicKey | EllipticCurvePublicKey, frozenset[str]]:
    # Only the public members are passed on: a set that holds a private key by mistake still only verifies.
    key_type, curve = member.get("kty"), member.get("crv")
    if key_type == "RSA":
        rsa_key = RSAAlgorithm.from_jwk({"kty": "RSA", "n": member.get("n"), "e": member.get("e")})
        if isinstance(rsa_key, RSAPublicKey):
            return rsa_key, _RSA_ALGORITHMS
    if key_type == "EC" and isinstance(curve, str) and curve in _CURVE_ALGORITHMS:
        ec_key = ECAlgorithm.from_jwk({"kty": "EC", "crv": curve, "x": member.get("x"), "y": member.get("y")})
        if isinstance(ec_key, EllipticCurvePublicKey):
            return ec_key, frozenset({_CURVE_ALGORITHMS[curve]})
    raise TypeError("neither an RSA nor an EC key")
