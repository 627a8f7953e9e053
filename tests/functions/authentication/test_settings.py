"""Which settings are taken, and what is said about the others."""

import json
from typing import Any

import pytest

from functions.settings.accounts import StorageAccount
from functions.settings.checks import InvalidSettingError
from functions.settings.environment import GLOBAL_READER, RoleSets, read_settings
from functions.settings.issuers import TrustedIssuer
from tests.functions.authentication.issuer import TENANT, ec_key, key_set, public_jwk

ISSUER = {"issuer": "https://issuer.example", "tenants": [TENANT], "jwksUrl": "https://issuer.example/keys"}
SECRET = "AccountName=a;AccountKey=c2VjcmV0"
GOOD = {
    "TABLES_CONNECTION_STRING": SECRET,
    "TRUSTED_ISSUERS": json.dumps([ISSUER]),
    "API_AUDIENCES": "api://autoclaim",
}
LOCAL = "AccountName=second;AccountKey=c2VjcmV0;TableEndpoint=http://127.0.0.1:10002/Second/"
TENANT_URL = "https://login.microsoftonline.com/{tid}/v2.0"


def issuers(*entries: Any) -> dict[str, str]:
    return GOOD | {"TRUSTED_ISSUERS": json.dumps(entries)}


def accounts(*entries: Any) -> dict[str, str]:
    return GOOD | {"TABLES_ACCOUNTS": json.dumps(entries)}


def without(name: str) -> dict[str, str]:
    return {setting: value for setting, value in GOOD.items() if setting != name}


def test_the_fewest_settings_give_the_defaults() -> None:
    settings = read_settings(GOOD)
    assert settings.accounts == (StorageAccount("a.table.core.windows.net", connection_string=SECRET),)
    assert (settings.tables_identity_client_id, settings.public_url) == (None, None)
    assert settings.trusted_issuers == (
        TrustedIssuer(ISSUER["issuer"], frozenset({TENANT}), ISSUER["jwksUrl"], None, ("RS256",)),  # type: ignore[arg-type]
    )
    assert settings.api_audiences == {"api://autoclaim"}
    assert settings.roles == RoleSets()


def test_every_setting_is_read() -> None:
    settings = read_settings(
        {
            "TABLES_URL": "https://account.table.core.windows.net/",
            "TABLES_IDENTITY_CLIENT_ID": TENANT.upper(),
            "TABLES_ACCOUNTS": json.dumps(
                [{"url": "https://One.example/", "tenants": [TENANT.upper()]}, {"connectionString": LOCAL}]
            ),
            "TRUSTED_ISSUERS": json.dumps(
                [
                    {"issuer": TENANT_URL, "jwksUrl": "http://localhost:9/k?p=1"},
                    {
                        "issuer": "two",
                        "tenants": [TENANT.upper()],
                        "jwks": key_set("one"),
                        "algorithms": ["ES256", "PS512"],
                    },
                ]
            ),
            "API_AUDIENCES": " one ,two,,",
            "MANAGER_DIRECTORY_ROLES": GLOBAL_READER.upper(),
            "MANAGER_APP_ROLES": "Boss, Chief",
            "READER_DIRECTORY_ROLES": "",
            "READER_APP_ROLES": "Guest",
            "PUBLIC_URL": "https://claims.contoso.example/base/",
        }
    )
    default, one, two = settings.accounts
    url = "https://account.table.core.windows.net"
    assert default == StorageAccount("account.table.core.windows.net", url=url)
    assert one == StorageAccount("one.example", url="https://One.example", tenants=frozenset({TENANT}))
    assert two == StorageAccount("127.0.0.1:10002/second", connection_string=LOCAL)
    assert settings.tables_identity_client_id == TENANT
    first, second = settings.trusted_issuers
    assert first == TrustedIssuer(TENANT_URL, frozenset(), "http://localhost:9/k?p=1")
    assert second == TrustedIssuer("two", frozenset({TENANT}), None, key_set("one"), ("ES256", "PS512"))
    assert settings.api_audiences == {"one", "two"}
    assert settings.roles == RoleSets(
        frozenset({GLOBAL_READER}), frozenset({"Boss", "Chief"}), frozenset(), frozenset({"Guest"})
    )
    assert settings.public_url == "https://claims.contoso.example/base"


def test_the_connection_string_is_not_shown() -> None:
    assert "c2VjcmV0" not in repr(read_settings(accounts({"connectionString": LOCAL})))


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (without("TABLES_CONNECTION_STRING"), "TABLES_URL: neither is set"),
        (GOOD | {"TABLES_CONNECTION_STRING": " "}, "TABLES_URL: neither is set"),
        (GOOD | {"TABLES_URL": "https://a.example"}, "TABLES_URL: both are set"),
        (GOOD | {"TABLES_CONNECTION_STRING": "UseDevelopmentStorage=true"}, "is not a connection string with"),
        (
            GOOD | {"TABLES_CONNECTION_STRING": f"{SECRET};TableEndpoint=ftp://x"},
            "not an absolute URL of the form http",
        ),
        (GOOD | {"TABLES_ACCOUNTS": '[{"connectionString": "AccountKey=c2VjcmV0"'}, "TABLES_ACCOUNTS: is not JSON"),
        (GOOD | {"TABLES_ACCOUNTS": "{}"}, "TABLES_ACCOUNTS: must be a JSON list"),
        (accounts(7), "TABLES_ACCOUNTS[0]: must be a JSON object"),
        (accounts({"tenants": []}), "TABLES_ACCOUNTS[0]: must have url or connectionString"),
        (accounts({"url": "https://x", "connectionString": LOCAL}), "[0]: must have url or connectionString"),
        (accounts({"url": "https://x", "key": "c2"}), "[0]: unknown ['key']; known are ['connectionString', 'tenants'"),
        (accounts({"url": "http://x"}), "TABLES_ACCOUNTS[0].url: 'http://x' is not an absolute URL"),
        (accounts({"url": "https://x?sig=c2VjcmV0"}), "TABLES_ACCOUNTS[0].url: has a query"),
        (accounts({"url": None}), "TABLES_ACCOUNTS[0].url: the value is not an absolute URL"),
        (accounts({"connectionString": "AccountKey=c2VjcmV0"}), "[0].connectionString: is not a connection string"),
        (accounts({"connectionString": 7}), "[0].connectionString: is not a connection string with AccountName"),
        (accounts({"connectionString": SECRET}), "'a.table.core.windows.net' is named twice"),
        (accounts({"url": "https://x"}, {"url": "https://X/"}), "'x' is named twice; list each account once"),
        (accounts({"url": "https://x", "tenants": TENANT}), f"[0].tenants: '{TENANT}' is not a JSON list"),
        (accounts({"url": "https://x", "tenants": ["common"]}), "[0].tenants[0]: 'common' is not a GUID"),
        (
            accounts({"url": "https://x", "tenants": [TENANT]}, {"url": "https://y", "tenants": [TENANT]}),
            f"TABLES_ACCOUNTS: tenant '{TENANT}' is listed twice; list each tenant once",
        ),
        (GOOD | {"TABLES_IDENTITY_CLIENT_ID": "me"}, "TABLES_IDENTITY_CLIENT_ID: 'me' is not a GUID"),
        (without("API_AUDIENCES"), "API_AUDIENCES: is empty"),
        (GOOD | {"API_AUDIENCES": " ,, "}, "API_AUDIENCES: is empty"),
        (GOOD | {"MANAGER_DIRECTORY_ROLES": "Boss"}, "MANAGER_DIRECTORY_ROLES: 'Boss' is not a GUID"),
        (GOOD | {"READER_DIRECTORY_ROLES": "Boss"}, "READER_DIRECTORY_ROLES: 'Boss' is not a GUID"),
        (GOOD | {"PUBLIC_URL": "contoso.example"}, "PUBLIC_URL: 'contoso.example' is not an absolute URL"),
        (GOOD | {"PUBLIC_URL": "ftp://contoso.example"}, "of the form http://... or https://..."),
        (GOOD | {"PUBLIC_URL": "https://contoso.example/?a"}, "PUBLIC_URL: has a query"),
        (GOOD | {"PUBLIC_URL": "https://contoso.example/#a"}, "PUBLIC_URL: has a query or a fragment"),
        (without("TRUSTED_ISSUERS"), "TRUSTED_ISSUERS: must be a JSON list"),
        (GOOD | {"TRUSTED_ISSUERS": "[{]"}, "TRUSTED_ISSUERS: is not JSON"),
        (GOOD | {"TRUSTED_ISSUERS": "[" * 100_000}, "TRUSTED_ISSUERS: is not JSON"),
        (GOOD | {"TRUSTED_ISSUERS": "{}"}, "TRUSTED_ISSUERS: must be a JSON list"),
        (issuers(), "TRUSTED_ISSUERS: must be a JSON list"),
        (issuers(ISSUER, 7), "TRUSTED_ISSUERS[1]: must be a JSON object"),
        (issuers(ISSUER, ISSUER), "'https://issuer.example' is listed twice"),
        (issuers(ISSUER | {"tenant": TENANT}), "TRUSTED_ISSUERS[0]: unknown ['tenant']"),
        (issuers(ISSUER | {"issuer": ""}), "[0].issuer: '' is not"),
        (issuers(ISSUER | {"issuer": None}), "[0].issuer: None is not"),
        (issuers(ISSUER | {"issuer": "https://x/{tenantid}"}), "[0].issuer: 'https://x/{tenantid}' is not"),
        (issuers(ISSUER | {"tenants": []}), "[0].tenants: is empty"),
        (issuers(ISSUER | {"tenants": TENANT}), f"[0].tenants: '{TENANT}' is not a JSON list"),
        (issuers(ISSUER | {"tenants": [TENANT, 7]}), "[0].tenants[1]: 7 is not a GUID"),
        (issuers(ISSUER | {"tenants": ["common"]}), "[0].tenants[0]: 'common' is not a GUID"),
        (issuers(ISSUER | {"jwks": key_set("one")}), "TRUSTED_ISSUERS[0]: must have jwksUrl or jwks"),
        (issuers({"issuer": TENANT_URL}), "TRUSTED_ISSUERS[0]: must have jwksUrl or jwks"),
        (issuers(ISSUER | {"jwksUrl": "http://issuer.example"}), "[0].jwksUrl: 'http://issuer.example' must be https"),
        (issuers(ISSUER | {"jwksUrl": "http://localhost.example"}), "must be https"),
        (issuers(ISSUER | {"jwksUrl": "https://x/{tid}"}), "[0].jwksUrl: 'https://x/{tid}' is not an absolute URL"),
        (issuers(ISSUER | {"jwksUrl": "https://["}), "[0].jwksUrl: 'https://[' is not an absolute URL"),
        (issuers(ISSUER | {"jwksUrl": "https://x:99999/"}), "is not an absolute URL"),
        (issuers(ISSUER | {"jwksUrl": None}), "[0].jwksUrl: the value is not an absolute URL"),
        (issuers(ISSUER | {"algorithms": []}), "[0].algorithms: is empty"),
        (issuers(ISSUER | {"algorithms": "RS256"}), "[0].algorithms: 'RS256' is not a JSON list"),
        (issuers(ISSUER | {"algorithms": ["RS256", "HS256"]}), "[0].algorithms[1]: 'HS256' is none of RS256"),
        (issuers(ISSUER | {"algorithms": ["none"]}), "[0].algorithms[0]: 'none' is none of"),
        (issuers({"issuer": TENANT_URL, "jwks": []}), "[0].jwks: must be a JSON Web Key Set"),
        (issuers({"issuer": TENANT_URL, "jwks": {"keys": []}}), "[0].jwks: must be a JSON Web Key Set"),
        (issuers({"issuer": TENANT_URL, "jwks": {"keys": [{"kty": "oct"}]}}), "[0].jwks.keys[0]: must be a public"),
    ],
)
def test_a_fault_names_its_setting_and_says_what_would_be_right(environment: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidSettingError) as caught:
        read_settings(environment)
    assert message in str(caught.value)
    assert "c2VjcmV0" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://account.table.core.windows.net/?sv=1&sig=TOPSECRET",
        "https://user:TOPSECRET@account.table.core.windows.net",
        "http://account.table.core.windows.net",
    ],
)
def test_a_tables_url_is_https_without_secrets_and_shows_none(url: str) -> None:
    environment = without("TABLES_CONNECTION_STRING") | {"TABLES_URL": url}
    with pytest.raises(InvalidSettingError, match=r"^TABLES_URL: ") as caught:
        read_settings(environment)
    assert "TOPSECRET" not in str(caught.value)


def test_a_private_key_among_the_settings_is_refused_and_not_shown() -> None:
    private = public_jwk(ec_key("one"), "one") | {"d": "TOPSECRET"}
    with pytest.raises(InvalidSettingError, match="without `d`") as caught:
        read_settings(issuers({"issuer": TENANT_URL, "jwks": {"keys": [private]}}))
    assert "TOPSECRET" not in str(caught.value)
