"""Which bearer tokens are believed."""

import hmac
import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from functions.authentication.errors import UnauthenticatedError, UnknownKeyError
from functions.settings.issuers import TrustedIssuer
from tests.functions.authentication.issuer import (
    AUDIENCE,
    ISSUER,
    NOW,
    OTHER_TENANT,
    STRANGER,
    TENANT,
    bearer,
    claims,
    ec_key,
    encode_part,
    key_set,
    public_jwk,
    rsa_key,
    sign,
    sign_raw,
    trusted,
    verifier,
)

MULTI_TENANT = "https://issuer.example/{tid}/v2"


async def refusal(authorization: str | None, *issuers: TrustedIssuer) -> str:
    with pytest.raises(UnauthenticatedError) as caught:
        await verifier(*issuers).verify(authorization)
    return str(caught.value)


async def test_a_good_token_gives_its_tenant_and_claims() -> None:
    token = await verifier().verify(bearer(sign(claims(name="Ada"))))
    assert token.tenant_id == TENANT
    assert token.claims["name"] == "Ada"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
async def test_the_scheme_is_compared_without_case(scheme: str) -> None:
    assert (await verifier().verify(f"{scheme} {sign(claims())}")).tenant_id == TENANT


@pytest.mark.parametrize("header", [None, ""])
async def test_no_token_is_refused(header: str | None) -> None:
    assert "There is no token" in await refusal(header)


@pytest.mark.parametrize(
    "form",
    ["{0}", "Basic {0}", "Bearer", "Bearer ", "Bearer {0} {0}", "Bearer {0},Bearer {0}", "Bearer {0}\n", "Bearer\t{0}"],
)
async def test_anything_but_one_bearer_token_is_refused(form: str) -> None:
    assert "with one signed JWT" in await refusal(form.format(sign(claims())))


async def test_a_token_over_16_kib_is_refused() -> None:
    fitting, too_long = sign(claims(filler="x" * 11_000)), sign(claims(filler="x" * 12_500))
    assert (await verifier().verify(bearer(fitting))).tenant_id == TENANT
    assert "longer than 16384" in await refusal(bearer(too_long))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": NOW}, "expired"),
        ({"exp": NOW - 1}, "expired"),
        ({"exp": None}, "`exp`"),
        ({"exp": str(NOW + 60)}, "`exp`"),
        ({"exp": True}, "`exp`"),
        ({"exp": 10**400}, "`exp`"),
        ({"exp": [NOW + 60]}, "`exp`"),
        ({"nbf": NOW + 1}, "not valid yet"),
        ({"nbf": "yesterday"}, "`nbf`"),
        ({"nbf": {}}, "`nbf`"),
        ({"aud": "api://another"}, "another audience"),
        ({"aud": ["api://another", 7, None, [AUDIENCE], {}]}, "another audience"),
        ({"aud": []}, "another audience"),
        ({"aud": {AUDIENCE: AUDIENCE}}, "another audience"),
        ({"aud": None}, "another audience"),
        ({"aud": AUDIENCE.upper()}, "another audience"),
        ({"iss": "https://issuer.example/two"}, "not trusted"),
        ({"iss": ISSUER + "/"}, "not trusted"),
        ({"iss": [ISSUER]}, "not trusted"),
        ({"iss": None}, "not trusted"),
        ({"tid": OTHER_TENANT}, "not for the token's tenant"),
        ({"tid": None}, "`tid` must be a GUID"),
        ({"tid": 7}, "`tid` must be a GUID"),
        ({"tid": [TENANT]}, "`tid` must be a GUID"),
        ({"tid": "{" + TENANT + "}"}, "`tid` must be a GUID"),
        ({"tid": TENANT.replace("-", "")}, "`tid` must be a GUID"),
        ({"tid": TENANT + "\n"}, "`tid` must be a GUID"),
    ],
)
async def test_a_claim_that_does_not_fit_is_refused(changes: dict[str, object], reason: str) -> None:
    assert reason in await refusal(bearer(sign(claims(**changes))))


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW + 0.5},
        {"exp": int(NOW) + 1},
        {"nbf": NOW},
        {"nbf": None},
        {"aud": [7, "autoclaim-id"]},
        {"tid": TENANT.upper()},
    ],
)
async def test_a_claim_at_the_edge_of_what_fits_is_believed(changes: dict[str, object]) -> None:
    assert (await verifier().verify(bearer(sign(claims(**changes))))).tenant_id == TENANT


async def test_a_token_without_a_signature_is_refused() -> None:
    unsigned = b".".join([encode_part({"alg": "none", "kid": "one"}), encode_part(claims()), b""])
    assert "algorithm is not accepted" in await refusal(bearer(unsigned.decode()))
    header = sign(claims()).split(".")[0]
    stripped = f"{header}.{encode_part(claims()).decode()}."
    assert "signature is wrong" in await refusal(bearer(stripped))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512", "RS512", "ES256", "", None, ["RS256"], 1])
async def test_an_algorithm_that_is_not_on_the_issuers_list_is_refused(algorithm: object) -> None:
    token = sign_raw({"alg": algorithm, "kid": "one"}, claims())
    assert "algorithm is not accepted" in await refusal(bearer(token))


async def test_a_public_key_is_never_an_hmac_secret() -> None:
    public = rsa_key("one").public_key()
    secrets = [
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(public_jwk(rsa_key("one"), "one")).encode(),
    ]
    for secret in secrets:
        signing_input = encode_part({"alg": "HS256", "kid": "one"}) + b"." + encode_part(claims())
        signature = encode_part(hmac.digest(secret, signing_input, "sha256"))
        assert "algorithm is not accepted" in await refusal(bearer((signing_input + b"." + signature).decode()))


async def test_another_key_of_the_same_id_does_not_verify() -> None:
    token = sign(claims(), key=rsa_key("forger"), key_id="one")
    assert "signature is wrong" in await refusal(bearer(token))


async def test_a_key_that_travels_in_the_token_is_not_used() -> None:
    forger = rsa_key("forger")
    token = sign(claims(), key=forger, key_id="one", headers={"jwk": public_jwk(forger, "one"), "jku": "http://x/"})
    assert "signature is wrong" in await refusal(bearer(token))


async def test_a_key_is_used_for_its_own_algorithm_only() -> None:
    lenient = trusted(algorithms=("RS256", "PS256", "ES256"))
    bound = {"keys": [public_jwk(rsa_key("one"), "one") | {"alg": "RS256"}]}
    rsa_token_of_another_algorithm = sign(claims(), algorithm="PS256")
    ec_token = sign(claims(), key=ec_key("one"), key_id="one", algorithm="ES256")
    assert (await verifier(lenient).verify(bearer(rsa_token_of_another_algorithm))).tenant_id == TENANT
    strict = trusted(algorithms=lenient.algorithms, jwks=bound)
    assert "does not fit its signing key" in await refusal(bearer(rsa_token_of_another_algorithm), strict)
    assert "does not fit its signing key" in await refusal(bearer(ec_token), lenient)


async def test_elliptic_curves_verify_where_they_are_listed() -> None:
    issuer = trusted(algorithms=("ES256",), jwks={"keys": [public_jwk(ec_key("one"), "one")]})
    token = sign(claims(), key=ec_key("one"), key_id="one", algorithm="ES256")
    assert (await verifier(issuer).verify(bearer(token))).tenant_id == TENANT


async def test_an_unknown_key_id_is_refused() -> None:
    with pytest.raises(UnknownKeyError):
        await verifier().verify(bearer(sign(claims(), key_id="two")))


async def test_a_token_without_a_key_id_is_believed_only_if_its_issuer_has_one_key() -> None:
    token = bearer(sign(claims(), key_id=None))
    assert (await verifier().verify(token)).tenant_id == TENANT
    assert "several" in await refusal(token, trusted(jwks=key_set("one", "two")))


@pytest.mark.parametrize("tenant", [TENANT, OTHER_TENANT])
async def test_an_issuer_of_many_tenants_speaks_for_the_tenant_in_its_name(tenant: str) -> None:
    token = sign(claims(iss=MULTI_TENANT.replace("{tid}", tenant), tid=tenant))
    assert (await verifier(trusted(MULTI_TENANT)).verify(bearer(token))).tenant_id == tenant


@pytest.mark.parametrize(
    "issuer",
    [
        MULTI_TENANT.replace("{tid}", OTHER_TENANT),
        MULTI_TENANT,
        MULTI_TENANT.replace("{tid}", ""),
        MULTI_TENANT.replace("{tid}", f"{OTHER_TENANT}/{TENANT}"),
    ],
)
async def test_the_tenant_in_the_issuers_name_must_be_the_tokens(issuer: str) -> None:
    assert "not trusted" in await refusal(bearer(sign(claims(iss=issuer))), trusted(MULTI_TENANT))


async def test_a_strangers_tenant_does_not_walk_in_through_an_issuer_of_many() -> None:
    listed = trusted(MULTI_TENANT, TENANT, OTHER_TENANT)
    own = sign(claims(iss=MULTI_TENANT.replace("{tid}", OTHER_TENANT), tid=OTHER_TENANT))
    strange = sign(claims(iss=MULTI_TENANT.replace("{tid}", STRANGER), tid=STRANGER))
    assert (await verifier(listed).verify(bearer(own))).tenant_id == OTHER_TENANT
    assert "not for the token's tenant" in await refusal(bearer(strange), listed)


async def test_one_issuers_key_does_not_sign_for_another() -> None:
    second = trusted("https://issuer.example/two", OTHER_TENANT, jwks=key_set("two"))
    forged = sign(claims(iss=second.issuer, tid=OTHER_TENANT), key_id="one")
    borrowed_name = sign(claims(iss=second.issuer, tid=OTHER_TENANT), key=rsa_key("one"), key_id="two")
    others_tenant = sign(claims(iss=second.issuer), key_id="two")
    assert "not one of its issuer's" in await refusal(bearer(forged), trusted(), second)
    assert "signature is wrong" in await refusal(bearer(borrowed_name), trusted(), second)
    assert "not for the token's tenant" in await refusal(bearer(others_tenant), trusted(), second)
