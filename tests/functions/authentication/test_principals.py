"""Who a token speaks for, and what they may do."""

from typing import Any

import pytest

from functions.authentication.errors import KeyFetchError, KeysUnavailableError, UnauthenticatedError
from functions.authentication.principals import (
    ENTRA_EXTENSIONS_APP_ID,
    Authenticator,
    Principal,
    Right,
)
from functions.authentication.signing_keys import SigningKeys
from functions.authentication.tokens import TokenVerifier
from functions.settings.environment import (
    BILLING_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
    GLOBAL_READER,
    LICENSE_ADMINISTRATOR,
    REPORTS_READER,
    USER_ADMINISTRATOR,
    RoleSets,
)
from functions.settings.issuers import TrustedIssuer
from tests.functions.authentication.issuer import (
    AUDIENCE,
    ISSUER,
    NOW,
    OBJECT_ID,
    OTHER_TENANT,
    TENANT,
    authenticator,
    bearer,
    claims,
    sign,
    trusted,
)

READ = (Right.READ,)
MANAGE = (Right.READ, Right.MANAGE)
ENTRA_V2 = "https://login.microsoftonline.com/{tid}/v2.0"
ENTRA_V1 = "https://sts.windows.net/{tid}/"
ENTRA_EXTERNAL = "https://contoso.ciamlogin.com/{tid}/v2.0"


async def administrator(**changes: Any) -> Principal:
    return await authenticator().administrator(bearer(sign(claims(**changes))))


@pytest.mark.parametrize(
    ("changes", "rights"),
    [
        ({"wids": [GLOBAL_ADMINISTRATOR]}, MANAGE),
        ({"wids": [BILLING_ADMINISTRATOR]}, MANAGE),
        ({"wids": [USER_ADMINISTRATOR.upper()]}, MANAGE),
        ({"wids": [GLOBAL_READER]}, READ),
        ({"wids": [REPORTS_READER]}, READ),
        ({"wids": [LICENSE_ADMINISTRATOR.upper()]}, READ),
        ({"wids": [GLOBAL_READER, GLOBAL_ADMINISTRATOR]}, MANAGE),
        ({"roles": ["AutoClaim.Manage"]}, MANAGE),
        ({"roles": ["AutoClaim.Read"]}, READ),
        ({"roles": ["AutoClaim.Read"], "wids": [GLOBAL_ADMINISTRATOR]}, MANAGE),
        ({"wids": [None, 7, [GLOBAL_ADMINISTRATOR], {}, GLOBAL_READER]}, READ),
        ({}, ()),
        ({"wids": [], "roles": []}, ()),
        ({"wids": ["b79fbf4d-3ef9-4689-8143-76b194e85509"]}, ()),
        ({"wids": GLOBAL_ADMINISTRATOR}, ()),
        ({"wids": {GLOBAL_ADMINISTRATOR: True}}, ()),
        ({"roles": "AutoClaim.Manage"}, ()),
        ({"roles": ["autoclaim.manage", "AutoClaim.Manage ", ""]}, ()),
        ({"roles": [GLOBAL_ADMINISTRATOR], "wids": ["AutoClaim.Manage"]}, ()),
        ({"scp": "AutoClaim.Manage", "groups": [GLOBAL_ADMINISTRATOR]}, ()),
    ],
)
async def test_rights_come_from_directory_roles_and_app_roles(
    changes: dict[str, Any], rights: tuple[Right, ...]
) -> None:
    assert (await administrator(**changes)).rights == rights


async def test_other_role_sets_give_other_rights() -> None:
    issuer = trusted()
    keys = SigningKeys([issuer], pytest.fail)
    roles = RoleSets(manager_directory_roles=frozenset(), manager_app_roles=frozenset({"Boss"}))
    asked = Authenticator(TokenVerifier([issuer], {AUDIENCE}, keys, lambda: NOW), roles)
    former = await asked.administrator(bearer(sign(claims(wids=[GLOBAL_ADMINISTRATOR]))))
    present = await asked.administrator(bearer(sign(claims(roles=["Boss"]))))
    assert (former.rights, present.rights) == ((), MANAGE)


@pytest.mark.parametrize(
    ("changes", "administrator_id"),
    [
        ({"azp": "app-2", "appid": "app-1"}, OBJECT_ID),
        ({"oid": None, "azp": "app-2", "appid": "app-1"}, "app-2"),
        ({"oid": None, "appid": "app-1"}, "app-1"),
        ({"oid": "x" * 128}, "x" * 128),
    ],
)
async def test_an_administrator_is_known_by_object_id_or_else_by_application(
    changes: dict[str, Any], administrator_id: str
) -> None:
    found = await administrator(**changes)
    assert (found.tenant_id, found.id) == (TENANT, administrator_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"oid": None},
        {"oid": ""},
        {"oid": "x" * 129},
        {"oid": "\u00e9"},
        {"oid": "a\n"},
        {"oid": 7},
        {"oid": [OBJECT_ID]},
        {"oid": "", "azp": "app-2"},
        {"oid": None, "azp": 7, "appid": "app-1"},
    ],
)
async def test_a_token_that_does_not_say_who_calls_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnauthenticatedError, match="does not say who calls"):
        await administrator(**changes)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"preferred_username": "ada@contoso.example", "upn": "x"}, "ada@contoso.example"),
        ({"upn": " ada@contoso.example "}, "ada@contoso.example"),
        ({"preferred_username": "", "upn": "ada"}, "ada"),
        ({"preferred_username": 7, "upn": "ada"}, "ada"),
        ({"preferred_username": "A\u030angstro\u0308m"}, "\u00c5ngstr\u00f6m"),
        ({"preferred_username": "\U0001f511" * 256}, "\U0001f511" * 256),
        ({"preferred_username": "x" * 257}, None),
        ({"preferred_username": "a\x00b"}, None),
        ({"preferred_username": "a\ud800"}, None),
        ({"preferred_username": ["ada"], "upn": {}}, None),
        ({"name": "Ada Lovelace", "email": "ada@contoso.example"}, None),
    ],
)
async def test_a_name_that_does_not_fit_is_left_out(changes: dict[str, Any], name: str | None) -> None:
    assert (await administrator(**changes)).name == name


def entra_claims(issuer: str, tenant: str = TENANT, **changes: Any) -> dict[str, Any]:
    return claims(iss=issuer.replace("{tid}", tenant), tid=tenant, **changes)


@pytest.mark.parametrize("issuer", [ENTRA_V2, ENTRA_V1, ENTRA_EXTERNAL])
@pytest.mark.parametrize("claim", ["azp", "appid"])
@pytest.mark.parametrize("tenant", [TENANT, OTHER_TENANT])
async def test_entras_own_token_gives_its_tenant(issuer: str, claim: str, tenant: str) -> None:
    asked = authenticator(*(trusted(name) for name in (ENTRA_V2, ENTRA_V1, ENTRA_EXTERNAL)))
    token = sign(entra_claims(issuer, tenant, **{claim: ENTRA_EXTENSIONS_APP_ID}))
    assert await asked.entra_tenant(bearer(token)) == tenant


async def test_version_one_and_two_tokens_of_users_are_administrators() -> None:
    asked = authenticator(trusted(ENTRA_V2), trusted(ENTRA_V1))
    second = entra_claims(ENTRA_V2, azp="portal", ver="2.0", preferred_username="ada", roles=["AutoClaim.Read"])
    first = entra_claims(ENTRA_V1, appid="portal", ver="1.0", upn="ada", wids=[GLOBAL_READER])
    expected = Principal(tenant_id=TENANT, id=OBJECT_ID, name="ada", rights=READ)
    assert await asked.administrator(bearer(sign(second))) == expected
    assert await asked.administrator(bearer(sign(first))) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"azp": "portal"},
        {"appid": "portal"},
        {"azp": "portal", "appid": ENTRA_EXTENSIONS_APP_ID},
        {"azp": [ENTRA_EXTENSIONS_APP_ID]},
        {"azp": 7},
        {"oid": ENTRA_EXTENSIONS_APP_ID, "sub": ENTRA_EXTENSIONS_APP_ID, "aud": [AUDIENCE, ENTRA_EXTENSIONS_APP_ID]},
        {"wids": [GLOBAL_ADMINISTRATOR], "azp": "portal"},
    ],
)
async def test_another_callers_token_is_not_entras(changes: dict[str, Any]) -> None:
    asked = authenticator(trusted(ENTRA_V2))
    with pytest.raises(UnauthenticatedError, match="custom authentication extensions"):
        await asked.entra_tenant(bearer(sign(entra_claims(ENTRA_V2, **changes))))


async def test_entra_signs_with_rs256_only() -> None:
    asked = authenticator(trusted(ENTRA_V2, algorithms=("RS256", "RS512")))
    token = bearer(sign(entra_claims(ENTRA_V2, azp=ENTRA_EXTENSIONS_APP_ID), algorithm="RS512"))
    assert (await asked.administrator(token)).tenant_id == TENANT
    with pytest.raises(UnauthenticatedError, match="must be RS256"):
        await asked.entra_tenant(token)


async def test_entras_token_gives_no_right() -> None:
    token = bearer(sign(entra_claims(ENTRA_V2, azp=ENTRA_EXTENSIONS_APP_ID)))
    assert (await authenticator(trusted(ENTRA_V2)).administrator(token)).rights == ()


async def test_keys_that_cannot_be_had_are_not_a_bad_token() -> None:
    async def fail(url: str) -> bytes:
        raise KeyFetchError(f"no {url}")

    issuer = TrustedIssuer(ISSUER, frozenset({TENANT}), jwks_url="https://issuer.example/keys")
    asked = Authenticator(TokenVerifier([issuer], {AUDIENCE}, SigningKeys([issuer], fail), lambda: NOW), RoleSets())
    for ask in (asked.administrator, asked.entra_tenant):
        with pytest.raises(KeysUnavailableError):
            await ask(bearer(sign(claims())))
