"""Bearer tokens: which are believed, for which tenant, and what their claims give."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from localhost.emulator import Azurite
from localhost.ports import LOOPBACK, free_port
from tests.functions.authentication.issuer import encode_part, key_set, rsa_key, sign
from tests.functions.conftest import Api, Served
from tests.functions.faults import check_error
from tests.functions.valid import (
    EXTENSION_PATH,
    SKU,
    UNKNOWN,
    event_body,
    policy_body,
    product_body,
    put,
)
from tests.functions.variants import app_with

AUDIENCE = "api://autoclaim"
PUBLIC_URL = "https://autoclaim.contoso.example/base"
ISSUER = "https://login.example/{tid}/v2.0"
NARROW_ISSUER = "https://narrow.example/"
NARROW_TENANT = str(uuid4())
UNREACHABLE_ISSUER = "https://unreachable.example/{tid}/"
EXTENSION_APP = "99045fe1-7639-4a75-9d4a-577b6ca3810f"

DIRECTORY_ROLES = {
    "62e90394-69f5-4237-9190-012177145e10": ["read", "manage"],
    "b0f54661-2d74-4c50-afa3-1ec803f12efe": ["read", "manage"],
    "fe930be7-5e62-47db-91af-98c3a49a38b1": ["read", "manage"],
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451": ["read"],
    "4a5d8f65-41da-4de4-8968-e035b65339cf": ["read"],
    "4d6ac14f-3453-41d0-bef9-a3e0c569773a": ["read"],
}


@pytest.fixture(scope="module")
def trusting(azurite: Azurite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An app that trusts an issuer for all tenants, one for a single tenant, and one whose keys cannot be had."""
    issuers = [
        {"issuer": ISSUER, "jwks": key_set("one")},
        {"issuer": NARROW_ISSUER, "tenants": [NARROW_TENANT], "jwks": key_set("two")},
        {"issuer": UNREACHABLE_ISSUER, "jwksUrl": f"http://{LOOPBACK}:{free_port()}/keys"},
    ]
    settings = {
        "TABLES_CONNECTION_STRING": azurite.connection_string,
        "TRUSTED_ISSUERS": json.dumps(issuers),
        "API_AUDIENCES": f"{AUDIENCE}, second",
        "PUBLIC_URL": f"{PUBLIC_URL}/",
    }
    with app_with(Path(tmp_path_factory.mktemp("trusting")), settings) as app:
        yield app


@pytest.fixture
def trusting_api(served: Served, trusting: Served, tenant_id: str) -> Iterator[Api]:
    """A client of that app, in the tables that the usual app has made. Its tokens are made by `_token`."""
    del served
    client = Api(trusting, tenant_id)
    yield client
    client.close()


def _claims(tenant_id: str, **changes: Any) -> dict[str, Any]:
    """Claims of a good manager's token; a change to None leaves a claim out."""
    now = time.time()
    good = {
        "iss": ISSUER.format(tid=tenant_id),
        "aud": AUDIENCE,
        "tid": tenant_id,
        "oid": UNKNOWN,
        "preferred_username": "ada@contoso.example",
        "roles": ["AutoClaim.Manage"],
        "iat": now - 60,
        "nbf": now - 60,
        "exp": now + 600,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def _token(tenant_id: str, **changes: Any) -> str:
    return sign(_claims(tenant_id, **changes))


def _unsigned(tenant_id: str) -> str:
    head = encode_part({"alg": "none", "typ": "JWT"})
    return b".".join((head, encode_part(_claims(tenant_id)), b"")).decode()


def _signed_with_the_public_key(tenant_id: str) -> str:
    public = rsa_key("one").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = b".".join((encode_part({"alg": "HS256", "kid": "one"}), encode_part(_claims(tenant_id))))
    return b".".join((signed, encode_part(hmac.new(public, signed, hashlib.sha256).digest()))).decode()


def _cut_short(tenant_id: str) -> str:
    return _token(tenant_id)[:-8]


def _with_another_payload(tenant_id: str) -> str:
    head, _, signature = _token(tenant_id, roles=["AutoClaim.Read"]).split(".")
    return ".".join((head, encode_part(_claims(tenant_id)).decode(), signature))


BAD_TOKENS: dict[str, Callable[[str], str]] = {
    "nonsense": lambda _: "nonsense",
    "three dots": lambda _: "a.b.c",
    "unsigned": _unsigned,
    "signed with HMAC and the public key": _signed_with_the_public_key,
    "signed by somebody else": lambda tenant: sign(_claims(tenant), key=rsa_key("stranger"), key_id="one"),
    "a key of another issuer": lambda tenant: sign(_claims(tenant), key_id="two"),
    "another algorithm": lambda tenant: sign(_claims(tenant), algorithm="RS512"),
    "cut short": _cut_short,
    "another payload": _with_another_payload,
    "expired": lambda tenant: _token(tenant, exp=time.time() - 1),
    "without an end": lambda tenant: _token(tenant, exp=None),
    "not yet valid": lambda tenant: _token(tenant, nbf=time.time() + 600),
    "another issuer": lambda tenant: _token(tenant, iss=f"https://stranger.example/{tenant}/v2.0"),
    "an issuer of another tenant": lambda tenant: _token(tenant, iss=ISSUER.format(tid=UNKNOWN)),
    "an issuer that may not speak for the tenant": lambda tenant: sign(
        _claims(tenant, iss=NARROW_ISSUER), key_id="two"
    ),
    "without an issuer": lambda tenant: _token(tenant, iss=None),
    "another audience": lambda tenant: _token(tenant, aud="https://graph.microsoft.com"),
    "without an audience": lambda tenant: _token(tenant, aud=None),
    "without a tenant": lambda tenant: _token(tenant, tid=None),
    "a tenant of another form": lambda tenant: _token(tenant, tid=tenant.replace("-", "")),
    "nobody's": lambda tenant: _token(tenant, oid=None),
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_bad_token_is_401(trusting_api: Api, name: str) -> None:
    token = BAD_TOKENS[name](trusting_api.tenant_id)

    response = trusting_api.anonymous("GET", "/me", headers={"Authorization": f"Bearer {token}"})

    error = check_error(response, 401, "Unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert token not in error["message"]


@pytest.mark.parametrize("scheme", ["{token}", "Basic {token}", "Bearer {token} x", "Bearer {token}, x", "Bearer"])
def test_a_header_of_another_form_is_401(trusting_api: Api, scheme: str) -> None:
    header = scheme.format(token=_token(trusting_api.tenant_id))

    check_error(trusting_api.anonymous("GET", "/me", headers={"Authorization": header}), 401, "Unauthenticated")


@pytest.mark.parametrize("changes", [{}, {"aud": ["x", "second"]}, {"nbf": None}, {"aud": "second"}], ids=repr)
def test_a_good_token_lets_in(trusting_api: Api, changes: dict[str, Any]) -> None:
    response = trusting_api.call("GET", "/me", token=_token(trusting_api.tenant_id, **changes))

    assert response.json() == {
        "tenantId": trusting_api.tenant_id,
        "id": UNKNOWN,
        "name": "ada@contoso.example",
        "rights": ["read", "manage"],
    }


def test_an_issuer_speaks_for_the_tenants_in_its_setting(trusting_api: Api) -> None:
    token = sign(_claims(NARROW_TENANT, iss=NARROW_ISSUER), key_id="two")

    assert trusting_api.call("GET", "/me", token=token).json()["tenantId"] == NARROW_TENANT


@pytest.mark.parametrize("role", DIRECTORY_ROLES)
def test_each_directory_role_gives_its_rights(trusting_api: Api, role: str) -> None:
    token = _token(trusting_api.tenant_id, roles=None, wids=[UNKNOWN, role.upper()])

    assert trusting_api.call("GET", "/me", token=token).json()["rights"] == DIRECTORY_ROLES[role]


@pytest.mark.parametrize(
    ("roles", "rights"),
    [
        (["AutoClaim.Manage"], ["read", "manage"]),
        (["AutoClaim.Read"], ["read"]),
        (["x", "AutoClaim.Read", "AutoClaim.Manage"], ["read", "manage"]),
    ],
    ids=repr,
)
def test_each_app_role_gives_its_rights(trusting_api: Api, roles: list[str], rights: list[str]) -> None:
    token = _token(trusting_api.tenant_id, roles=roles)

    assert trusting_api.call("GET", "/me", token=token).json()["rights"] == rights


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": None},
        {"roles": []},
        {"roles": ["autoclaim.manage"]},
        {"roles": "AutoClaim.Manage"},
        {"roles": {"AutoClaim.Manage": True}},
        {"roles": None, "wids": ["AutoClaim.Manage"]},
        {"roles": ["62e90394-69f5-4237-9190-012177145e10"]},
        {"roles": None, "scp": "AutoClaim.Manage"},
    ],
    ids=repr,
)
def test_no_other_claim_gives_a_right(trusting_api: Api, changes: dict[str, Any]) -> None:
    response = trusting_api.call("GET", "/me", token=_token(trusting_api.tenant_id, **changes))

    check_error(response, 403, "AuthorizationRequestDenied")


@pytest.mark.parametrize("claim", ["azp", "appid"])
def test_an_application_is_named_by_its_client_id(trusting_api: Api, claim: str) -> None:
    token = _token(trusting_api.tenant_id, oid=None, preferred_username=None, **{claim: SKU})

    me = trusting_api.call("GET", "/me", token=token).json()

    assert (me["id"], me.get("name")) == (SKU, None)
    assert "name" not in me


def test_upn_is_a_name_where_there_is_no_preferred_one(trusting_api: Api) -> None:
    token = _token(trusting_api.tenant_id, preferred_username=None, upn="ada@fabrikam.example")

    assert trusting_api.call("GET", "/me", token=token).json()["name"] == "ada@fabrikam.example"


def test_without_signing_keys_an_administrator_is_to_come_again(trusting_api: Api) -> None:
    tenant_id = trusting_api.tenant_id
    token = _token(tenant_id, iss=UNREACHABLE_ISSUER.format(tid=tenant_id))

    response = trusting_api.call("GET", "/me", token=token)

    check_error(response, 503, "ServiceUnavailable", says="signing keys")
    assert int(response.headers["Retry-After"]) >= 1


def test_without_signing_keys_entra_is_answered_pending_and_nothing_is_done(trusting_api: Api) -> None:
    tenant_id = trusting_api.tenant_id
    manager = _token(tenant_id)
    _stock_with(trusting_api, manager)
    token = _entra_token(tenant_id, iss=UNREACHABLE_ISSUER.format(tid=tenant_id))

    response = _tell(trusting_api, token)

    assert response.status_code == 200
    assert response.json()["data"]["actions"][0]["claims"] == {"autoClaimOutcome": "pending"}
    product = trusting_api.call("GET", f"/products/{SKU}", token=manager).json()
    assert product["assignedLicenses"] == 0


def _stock_with(api: Api, token: str) -> httpx.Response:
    api.manager = token
    put(api, f"/products/{SKU}", product_body())
    api.turn(on=True)
    return api.call("POST", "/policies", json=policy_body())


def _entra_token(tenant_id: str, **changes: Any) -> str:
    claims = _claims(
        tenant_id, **{"oid": None, "roles": None, "preferred_username": None, "azp": EXTENSION_APP, **changes}
    )
    return sign(claims)


def _tell(api: Api, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return api.anonymous("POST", EXTENSION_PATH, json=event_body(api.tenant_id), headers=headers)


@pytest.mark.parametrize("changes", [{}, {"azp": None, "appid": EXTENSION_APP}], ids=["version 2", "version 1"])
def test_entras_token_has_its_extensions_app_id(trusting_api: Api, changes: dict[str, Any]) -> None:
    response = _tell(trusting_api, _entra_token(trusting_api.tenant_id, **changes))

    assert response.status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"azp": None},
        {"azp": UNKNOWN},
        {"azp": None, "oid": EXTENSION_APP},
        {"azp": None, "appid": UNKNOWN},
        {"roles": ["AutoClaim.Manage"], "azp": UNKNOWN},
        {"exp": 1},
        {"aud": "another"},
    ],
    ids=repr,
)
def test_another_token_is_not_entras(trusting_api: Api, changes: dict[str, Any]) -> None:
    response = _tell(trusting_api, _entra_token(trusting_api.tenant_id, **changes))

    check_error(response, 401, "Unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_entras_token_gives_no_administrator_rights(trusting_api: Api) -> None:
    token = _entra_token(trusting_api.tenant_id)

    check_error(trusting_api.call("GET", "/me", token=token), 403, "AuthorizationRequestDenied")


def test_links_begin_with_the_public_url(trusting_api: Api) -> None:
    token = _token(trusting_api.tenant_id)

    made = _stock_with(trusting_api, token)
    put(trusting_api, f"/products/{UNKNOWN}", product_body())
    link = trusting_api.call("GET", "/products?top=1").json()["nextLink"]

    assert made.headers["Location"] == f"{PUBLIC_URL}/api/policies/{made.json()['id']}"
    assert link.startswith(f"{PUBLIC_URL}/api/products?")
    followed = trusting_api.call("GET", link.removeprefix(f"{PUBLIC_URL}/api"))
    assert len(followed.json()["value"]) == 1
