"""`make token` and `make key`, without make."""

import json
import stat
import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from functions.settings.environment import GLOBAL_READER, LICENSE_ADMINISTRATOR, USER_ADMINISTRATOR
from localhost.app_settings import app_environment, app_settings
from localhost.credentials import main
from localhost.data_folder import DataFolder
from localhost.emulator import connection_string
from localhost.func_start import main as func_start
from localhost.issuer import AUDIENCE, SAMPLE_TENANT

OTHER_TENANT = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def printed(data: DataFolder, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments, "--data", str(data.path)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    return out.rstrip("\n")


def refused(data: DataFolder, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments, "--data", str(data.path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    return err


def claims_of(token: str, data: DataFolder) -> dict[str, Any]:
    """Checks a token as the app does: with what the setting TRUSTED_ISSUERS says."""
    (trusted,) = json.loads(app_settings(data, 10002)["TRUSTED_ISSUERS"])
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "RS256"
    (key,) = (key for key in jwt.PyJWKSet.from_dict(trusted["jwks"]).keys if key.key_id == header["kid"])
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=trusted["algorithms"], audience=AUDIENCE)
    assert claims["iss"] == trusted["issuer"].replace("{tid}", claims["tid"])
    return claims


def test_a_token_is_of_a_user_administrator_of_the_sample_tenant_for_12_hours(
    data: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = claims_of(printed(data, capsys, "token"), data)
    assert claims["tid"] == SAMPLE_TENANT
    assert claims["wids"] == [USER_ADMINISTRATOR]
    assert "roles" not in claims
    assert claims["preferred_username"] == "administrator@autoclaim.example"
    assert claims["exp"] - claims["iat"] == 12 * 3600
    assert abs(claims["iat"] - time.time()) < 60


def test_tokens_are_signed_by_one_key_for_as_long_as_the_folder_lives(
    data: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    first = printed(data, capsys, "token")
    issuer = app_settings(data, 10002)["TRUSTED_ISSUERS"]
    assert claims_of(first, DataFolder(data.path))["tid"] == SAMPLE_TENANT
    assert app_settings(DataFolder(data.path), 10002)["TRUSTED_ISSUERS"] == issuer
    (file,) = data.path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert '"d"' not in issuer


@pytest.mark.parametrize(
    ("role", "right"),
    [
        ("Global Reader", {"wids": [GLOBAL_READER]}),
        ("license administrator", {"wids": [LICENSE_ADMINISTRATOR]}),
        ("AutoClaim.Manage", {"roles": ["AutoClaim.Manage"]}),
        ("autoclaim.read", {"roles": ["AutoClaim.Read"]}),
        ("none", {}),
        ("", {}),
    ],
)
def test_a_role_becomes_the_claim_that_carries_it(
    data: DataFolder, capsys: pytest.CaptureFixture[str], role: str, right: dict[str, list[str]]
) -> None:
    claims = claims_of(printed(data, capsys, "token", "--role", role), data)
    assert {name: claims[name] for name in ("wids", "roles") if name in claims} == right


def test_an_unknown_role_is_refused_with_those_that_there_are(
    data: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refused(data, capsys, "token", "--role", "Chef")
    assert "Chef" in message
    assert "Global Administrator" in message
    assert "AutoClaim.Read" in message


def test_a_name_is_always_the_same_person(data: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    first, again, other = (
        claims_of(printed(data, capsys, "token", "--name", name, "--tenant", tenant), data)
        for name, tenant in (
            ("ann@x.example", SAMPLE_TENANT),
            ("ann@x.example", OTHER_TENANT.upper()),
            ("bob@x.example", SAMPLE_TENANT),
        )
    )
    assert first["oid"] == again["oid"] != other["oid"]
    assert again["tid"] == OTHER_TENANT
    assert first["preferred_username"] == "ann@x.example"


@pytest.mark.parametrize("tenant", ["contoso", "{5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30}", SAMPLE_TENANT[:-1]])
@pytest.mark.parametrize("kind", ["", "entra"])
def test_a_tenant_that_is_no_guid_is_refused(
    data: DataFolder, capsys: pytest.CaptureFixture[str], tenant: str, kind: str
) -> None:
    assert tenant in refused(data, capsys, "token", "--tenant", tenant, "--kind", kind)


def test_entras_token_names_the_extension_and_no_person(data: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    claims = claims_of(printed(data, capsys, "token", "--kind", "entra", "--tenant", OTHER_TENANT), data)
    assert claims["azp"] == "99045fe1-7639-4a75-9d4a-577b6ca3810f"
    assert (claims["ver"], claims["tid"]) == ("2.0", OTHER_TENANT)
    assert not {"wids", "roles", "preferred_username"} & set(claims)


def test_a_key_is_the_function_key_or_the_master_key(data: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(data, capsys, "key") == data.keys().function
    assert printed(data, capsys, "key", "--kind", "master") == data.keys().master


def test_a_kind_that_is_none_is_refused(data: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert "KIND=master" in refused(data, capsys, "key", "--kind", "root")
    assert "KIND=entra" in refused(data, capsys, "token", "--kind", "saml")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["key", "--data", str(tmp_path / "file")]) == 1
    assert "DATA=" in capsys.readouterr().err


def test_a_local_app_never_inherits_the_address_of_a_storage_in_azure(data: DataFolder) -> None:
    inherited = {"TABLES_URL": "https://real.table.core.windows.net", "PATH": "/bin"}
    environment = app_environment(data, 12345, inherited)
    assert "TABLES_URL" not in environment
    assert environment["PATH"] == "/bin"
    assert environment["TABLES_CONNECTION_STRING"] == connection_string(12345)


@pytest.mark.parametrize(
    ("entries", "is_inherited"),
    [
        ([], True),
        ([{"connectionString": connection_string(23456), "tenants": []}], True),
        ([{"url": "https://real.table.core.windows.net"}], False),
        (
            [{"connectionString": connection_string(23456)}, {"connectionString": "AccountName=real;AccountKey=a"}],
            False,
        ),
    ],
)
def test_further_accounts_are_inherited_if_all_are_here(
    data: DataFolder, entries: list[dict[str, str]], *, is_inherited: bool
) -> None:
    environment = app_environment(data, 12345, {"TABLES_ACCOUNTS": json.dumps(entries)})
    assert ("TABLES_ACCOUNTS" in environment) is is_inherited


def test_func_start_gets_the_same_settings(data: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "local.settings.json"
    assert func_start(["settings", "--data", str(data.path), "--table-port", "12345", "--file", str(file)]) == 0
    content = json.loads(file.read_text())
    assert content["IsEncrypted"] is False
    assert content["Values"] == {
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
        **app_settings(data, 12345),
    }
