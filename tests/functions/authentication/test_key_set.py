"""Which keys of a JSON Web Key Set are used, and for what."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from functions.authentication.errors import InvalidKeySetError
from functions.authentication.key_set import parse_key_set, read_key_set
from tests.functions.authentication.issuer import ec_key, public_jwk, rsa_key

GOOD = public_jwk(rsa_key("one"), "good")


@pytest.mark.parametrize(
    "ignored",
    [
        GOOD | {"use": "enc"},
        GOOD | {"use": None},
        GOOD | {"kty": "oct", "k": "c2VjcmV0"},
        GOOD | {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
        GOOD | {"kty": ["RSA"]},
        GOOD | {"alg": "HS256"},
        GOOD | {"alg": "none"},
        GOOD | {"alg": "RSA-OAEP"},
        GOOD | {"alg": ["RS256"]},
        GOOD | {"n": "A"},
        GOOD | {"n": 17},
        GOOD | {"n": "\ud800"},
        GOOD | {"e": "AA"},
        {"kid": "good", "kty": "RSA"},
        public_jwk(ec_key("one"), "good") | {"crv": "P-384"},
        public_jwk(ec_key("one"), "good") | {"crv": "secp256k1"},
        public_jwk(ec_key("one"), "good") | {"crv": ["P-256"]},
        public_jwk(ec_key("one"), "good") | {"x": public_jwk(ec_key("two"), None)["x"]},
        public_jwk(ec_key("one"), "good") | {"x": None},
        public_jwk(rsa_key("weak", 1024), "good"),
        "RSA",
        None,
    ],
)
def test_a_key_that_cannot_verify_signatures_is_ignored(ignored: Any) -> None:
    other = public_jwk(rsa_key("two"), "other")
    assert [key.key_id for key in read_key_set({"keys": [ignored, other]}).keys] == ["other"]
    with pytest.raises(InvalidKeySetError):
        read_key_set({"keys": [ignored]})


def test_a_key_may_leave_out_use_algorithm_and_id() -> None:
    (key,) = read_key_set({"keys": [{name: GOOD[name] for name in ("kty", "n", "e")}]}).keys
    assert key.key_id is None
    assert key.algorithms == {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}


def test_an_algorithm_in_the_key_is_the_only_one_it_verifies() -> None:
    (key,) = read_key_set({"keys": [GOOD | {"alg": "PS384"}]}).keys
    assert key.algorithms == {"PS384"}


def test_a_curve_has_one_algorithm() -> None:
    (key,) = read_key_set({"keys": [public_jwk(ec_key("one"), "one")]}).keys
    assert key.algorithms == {"ES256"}


def test_of_a_private_key_only_the_public_part_is_kept() -> None:
    private = RSAAlgorithm.to_jwk(rsa_key("one"), as_dict=True)
    assert "d" in private
    (key,) = read_key_set({"keys": [private]}).keys
    assert isinstance(key.public_key, RSAPublicKey)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_key_set_or_invalid(document: bytes) -> None:
    with pytest.raises(InvalidKeySetError):
        parse_key_set(document)
