"""Whatever is sent as a token ends as a believed token or as UnauthenticatedError, never otherwise."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.authentication.errors import UnauthenticatedError
from functions.authentication.principals import ENTRA_EXTENSIONS_APP_ID, Principal
from tests.functions.authentication.issuer import (
    AUDIENCE,
    ISSUER,
    NOW,
    TENANT,
    authenticator,
    bearer,
    claims,
    encode_part,
    sign,
    sign_raw,
    trusted,
)

AUTHENTICATOR = authenticator(trusted(), trusted("https://issuer.example/{tid}"))
GOOD_TOKEN = sign(claims(azp=ENTRA_EXTENSIONS_APP_ID))

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["\ud800", "\x00", "", TENANT, AUDIENCE, ISSUER, 10**400, -(10**400), 1e308]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=6,
)
CLAIM_NAMES = ("iss", "aud", "tid", "exp", "nbf", "oid", "azp", "appid", "preferred_username", "upn", "wids", "roles")
HEADER_NAMES = ("alg", "kid", "typ", "crit", "b64", "zip", "jwk", "jku", "x5c", "cty", "enc")


async def outcome(authorization: str | None) -> tuple[Principal | None, str | None]:
    try:
        administrator = await AUTHENTICATOR.administrator(authorization)
    except UnauthenticatedError:
        administrator = None
    try:
        tenant_id = await AUTHENTICATOR.entra_tenant(authorization)
    except UnauthenticatedError:
        tenant_id = None
    return administrator, tenant_id


async def test_the_good_token_is_good() -> None:
    administrator, tenant_id = await outcome(bearer(GOOD_TOKEN))
    assert administrator is not None
    assert tenant_id == TENANT


DEEP = b"[" * 5_000 + b"]" * 5_000
NASTY_PAYLOADS = [
    b"",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{",
    b"{}",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    json.dumps(claims()).encode("utf-16"),
    DEEP,
    b'{"a":' * 1_500 + b"1" + b"}" * 1_500,
    json.dumps(claims())[:-1].encode() + b', "exp": NaN}',
    json.dumps(claims())[:-1].encode() + b', "exp": Infinity}',
    json.dumps(claims())[:-1].encode() + b', "exp": -Infinity}',
    json.dumps(claims())[:-1].encode() + b', "exp": 1e999}',
    json.dumps(claims())[:-1].encode() + b', "exp": ' + b"9" * 5_000 + b"}",
    json.dumps(claims())[:-1].encode() + b', "nbf": NaN}',
    json.dumps(claims())[:-1].encode() + b', "tid": "\\ud800"}',
    json.dumps(claims())[:-1].encode() + b', "iss": "\\udfff"}',
    json.dumps(claims())[:-1].encode() + b', "oid": "\\ud800"}',
    json.dumps(claims(iss="https://issuer.example/{tid}", tid="{tid}")).encode(),
]
NASTY_HEADERS = [
    b"",
    b"null",
    b"[]",
    b'"RS256"',
    b"{",
    b"{}",
    b"\xff",
    DEEP[:4_000],
    b'{"alg": "RS256", "kid": 7}',
    b'{"alg": "RS256", "kid": null}',
    b'{"alg": "RS256", "kid": ["one"]}',
    b'{"alg": "RS256", "kid": "\\ud800"}',
    b'{"alg": "RS256", "kid": ' + b"9" * 5_000 + b"}",
    b'{"alg": {"RS256": 1}, "kid": "one"}',
    b'{"alg": "RS256", "kid": "one", "crit": ["exp"], "exp": 1}',
    b'{"alg": "RS256", "kid": "one", "crit": ["b64"], "b64": true}',
    b'{"alg": "RS256", "kid": "one", "crit": ["b64"], "b64": false}',
    b'{"alg": "RS256", "kid": "one", "crit": []}',
    b'{"alg": "RS256", "kid": "one", "crit": null}',
    b'{"alg": "RS256", "kid": "one", "b64": false}',
    '{"alg": "RS256", "kid": "\u00f6ne"}'.encode("latin-1"),
]
GOOD_PARTS = GOOD_TOKEN.split(".")
NASTY_TEXTS = [
    "Bearer \u00e9\u00e9.\u00e9.\u00e9",
    "Bearer \ud800.a.b",
    "B\u0435arer " + GOOD_TOKEN,
    "Bearer ..",
    "Bearer a.b.c",
    "Bearer a.b.c.d.e",
    "Bearer A.A.A",
    "Bearer " + "." * 10_000,
    "Bearer " + " " * 16_000,
    "Bearer " + "a" * 1_000_000,
    f"Bearer {GOOD_TOKEN}=",
    f"Bearer {GOOD_TOKEN}.",
    f"Bearer {GOOD_TOKEN}\x00",
    f"Bearer {GOOD_TOKEN}\r\nX: y",
    f'Bearer "{GOOD_TOKEN}"',
    f"Bearer {GOOD_PARTS[0]}.{GOOD_PARTS[1]}.{GOOD_PARTS[2]}AAAA",
    f"Bearer {GOOD_PARTS[0]}.{GOOD_PARTS[1]}.{GOOD_PARTS[2][:-4]}",
    f"Bearer {GOOD_PARTS[0]}.{GOOD_PARTS[1]}.{GOOD_PARTS[1]}",
    f"Bearer {GOOD_PARTS[0]}..{GOOD_PARTS[2]}",
]


@pytest.mark.parametrize(
    "token",
    [
        *(bearer(sign(payload)) for payload in NASTY_PAYLOADS),
        *(bearer(sign_raw(header, claims())) for header in NASTY_HEADERS),
        *NASTY_TEXTS,
    ],
    ids=range(len(NASTY_PAYLOADS) + len(NASTY_HEADERS) + len(NASTY_TEXTS)),
)
async def test_a_nasty_token_is_refused_and_not_repeated_in_the_message(token: str) -> None:
    for ask in (AUTHENTICATOR.administrator, AUTHENTICATOR.entra_tenant):
        with pytest.raises(UnauthenticatedError) as caught:
            await ask(token)
        assert len(str(caught.value)) < 200
        assert GOOD_PARTS[1] not in str(caught.value)


@given(changes=st.dictionaries(st.sampled_from(CLAIM_NAMES), JSON, max_size=4))
@settings(deadline=None, max_examples=300)
async def test_any_claims_under_a_good_signature_end_in_an_answer(changes: dict[str, Any]) -> None:
    payload = claims(azp=ENTRA_EXTENSIONS_APP_ID) | changes
    administrator, tenant_id = await outcome(bearer(sign(json.dumps(payload).encode())))
    if administrator is not None:
        assert administrator.tenant_id == payload["tid"].lower()
        assert payload["iss"] == ISSUER or payload["iss"].endswith(payload["tid"])
        assert payload["exp"] > NOW
        assert payload["aud"] == AUDIENCE or AUDIENCE in payload["aud"]
        administrator.id.encode("ascii")
        (administrator.name or "").encode()
    if tenant_id is not None:
        assert payload.get("azp", payload.get("appid")) == ENTRA_EXTENSIONS_APP_ID


@given(payload=JSON)
@settings(deadline=None)
async def test_any_json_as_payload_ends_in_a_refusal(payload: Any) -> None:
    assert await outcome(bearer(sign(json.dumps(payload).encode()))) == (None, None)


@given(changes=st.dictionaries(st.sampled_from(HEADER_NAMES), JSON, min_size=1, max_size=4))
@settings(deadline=None, max_examples=300)
async def test_any_header_ends_in_an_answer_and_only_rs256_is_believed(changes: dict[str, Any]) -> None:
    header = {"alg": "RS256", "kid": "one"} | changes
    administrator, _ = await outcome(bearer(sign_raw(header, claims())))
    if administrator is not None:
        assert (header["alg"], header["kid"]) == ("RS256", "one")
        assert "crit" not in header


@given(text=st.text(st.characters()) | st.binary().map(lambda part: f"Bearer {encode_part(part).decode()}.e30.AA"))
@settings(deadline=None)
async def test_any_text_is_refused(text: str) -> None:
    assert await outcome(text) == (None, None)


@given(place=st.integers(0, len(GOOD_TOKEN) - 1), character=st.sampled_from("AZaz09-_.=+/ \u00e9"))
@settings(deadline=None, max_examples=300)
async def test_a_good_token_with_one_character_changed_is_refused(place: int, character: str) -> None:
    changed = GOOD_TOKEN[:place] + character + GOOD_TOKEN[place + 1 :]
    if changed != GOOD_TOKEN:
        assert await outcome(bearer(changed)) == (None, None)
