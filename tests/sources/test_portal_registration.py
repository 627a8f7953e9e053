"""infra/entra/portal.sh: what it asks of Microsoft Entra for the administrator's pages."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.sources.entra_tenant import Tenant, changes
from tests.sources.fake_az import TENANT

URL = "https://blue-sea-0a1b2c3d4.azurestaticapps.net"
NAME = "Autoclaim portal"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return Tenant(tmp_path)


@pytest.fixture
def api(tenant: Tenant) -> str:
    """The API's client id."""
    tenant.ran("register.sh")
    client_id: str = tenant.one("applications")["appId"]
    return client_id


def _register(tenant: Tenant, api: str, url: str = URL) -> dict[str, Any]:
    tenant.ran("portal.sh", CLIENT_ID=api, PORTAL_URL=url)
    return _pages(tenant)


def _pages(tenant: Tenant) -> dict[str, Any]:
    (found,) = (each for each in tenant.state()["applications"] if each["displayName"] == NAME)
    pages: dict[str, Any] = found
    return pages


def _api(tenant: Tenant) -> dict[str, Any]:
    api: dict[str, Any] = tenant.state()["applications"][0]
    return api


def test_the_pages_have_a_registration_of_their_own_without_a_secret(tenant: Tenant, api: str) -> None:
    pages = _register(tenant, api)

    assert pages["appId"] != api
    assert pages["signInAudience"] == "AzureADMyOrg"
    assert pages["spa"] == {"redirectUris": [URL]}
    assert _api(tenant)["spa"] == {"redirectUris": []}
    assert not any("credential" in each["command"] or "password" in str(each) for each in tenant.calls())
    assert pages["appId"] in [each["appId"] for each in tenant.state()["servicePrincipals"]]


def test_the_pages_may_ask_for_the_apis_scope_and_for_nothing_else(tenant: Tenant, api: str) -> None:
    pages = _register(tenant, api)

    (scope,) = _api(tenant)["api"]["oauth2PermissionScopes"]
    assert pages["requiredResourceAccess"] == [
        {"resourceAppId": api, "resourceAccess": [{"id": scope["id"], "type": "Scope"}]}
    ]
    assert _api(tenant)["api"]["preAuthorizedApplications"] == [
        {"appId": pages["appId"], "delegatedPermissionIds": [scope["id"]]}
    ]


def test_what_it_prints_is_what_the_pages_are_configured_with(tenant: Tenant, api: str) -> None:
    printed = tenant.ran("portal.sh", CLIENT_ID=api, PORTAL_URL=URL)

    assert dict(re.findall(r"azd env set (\w+) '(.*)'$", printed, re.MULTILINE)) == {
        "PORTAL_CLIENT_ID": _pages(tenant)["appId"],
        "PORTAL_AUTHORITY": f"https://login.microsoftonline.com/{TENANT}",
        "PORTAL_SCOPE": f"{_api(tenant)['identifierUris'][0]}/access_as_user",
    }


def test_registering_the_pages_again_changes_nothing(tenant: Tenant, api: str) -> None:
    first = tenant.ran("portal.sh", CLIENT_ID=api, PORTAL_URL=URL)
    held, calls = tenant.held(), len(tenant.calls())

    again = tenant.ran("portal.sh", CLIENT_ID=api, PORTAL_URL=URL)
    tenant.ran("register.sh")

    assert again == first
    assert tenant.held() == held
    assert changes(tenant.calls()[calls:]) == []


def test_a_further_address_is_added_and_the_first_stays(tenant: Tenant, api: str) -> None:
    _register(tenant, api)

    pages = _register(tenant, api, "https://licenses.contoso.example")

    assert pages["spa"]["redirectUris"] == [URL, "https://licenses.contoso.example"]


@pytest.mark.parametrize("others", [1, 2])
def test_other_applications_that_the_api_knows_stay_known(tenant: Tenant, api: str, others: int) -> None:
    state = tenant.state()
    granted = state["applications"][0]["api"]
    scope = granted["oauth2PermissionScopes"][0]["id"]
    known = [{"appId": f"{AZURE_CLI[:-1]}{i}", "delegatedPermissionIds": [scope]} for i in range(others)]
    granted["preAuthorizedApplications"] = known
    tenant.write(state)

    pages = _register(tenant, api)
    _register(tenant, api)

    own = {"appId": pages["appId"], "delegatedPermissionIds": [scope]}
    assert _api(tenant)["api"]["preAuthorizedApplications"] == [*known, own]


def test_what_was_changed_at_the_pages_is_mended(tenant: Tenant, api: str) -> None:
    pages = _register(tenant, api)
    held = tenant.held()
    state = tenant.state()
    state["applications"][0]["api"]["preAuthorizedApplications"][0]["delegatedPermissionIds"] = []
    state["applications"][1]["requiredResourceAccess"] = []
    state["applications"][1]["displayName"] = "Renamed"
    tenant.write(state)

    tenant.ran("portal.sh", CLIENT_ID=api, PORTAL_URL=URL, PORTAL_CLIENT_ID=pages["appId"])

    held["applications"][1]["displayName"] = "Renamed"
    assert tenant.held() == held


def test_of_two_registrations_of_the_pages_none_is_guessed(tenant: Tenant, api: str) -> None:
    one, _ = (tenant.application(NAME) for _ in range(2))
    held = tenant.held()

    refused = tenant.run("portal.sh", CLIENT_ID=api, PORTAL_URL=URL)

    assert refused.returncode != 0
    assert one["appId"] in refused.stderr
    assert "PORTAL_CLIENT_ID" in refused.stderr
    assert tenant.held() == held


@pytest.mark.parametrize("chosen", [{"NAME": "Autoclaim"}, {"PORTAL_CLIENT_ID": "the API's"}])
def test_the_apis_registration_does_not_become_the_pages(tenant: Tenant, api: str, chosen: dict[str, str]) -> None:
    """An ID token for the pages would have the API's audience."""
    held = tenant.held()

    refused = tenant.run(
        "portal.sh",
        CLIENT_ID=api,
        PORTAL_URL=URL,
        **{name: value.replace("the API's", api) for name, value in chosen.items()},
    )

    assert refused.returncode != 0
    assert "must have another" in refused.stderr
    assert tenant.held() == held


def test_an_api_that_is_not_registered_by_the_script_is_refused(tenant: Tenant) -> None:
    other = tenant.application("Payroll")["appId"]
    held = tenant.held()

    refused = tenant.run("portal.sh", CLIENT_ID=other, PORTAL_URL=URL)

    assert refused.returncode != 0
    assert "run register.sh first" in refused.stderr
    assert tenant.held() == held


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"PORTAL_URL": URL}, "CLIENT_ID"),
        ({"CLIENT_ID": "x"}, "PORTAL_URL"),
        ({"CLIENT_ID": "x", "PORTAL_URL": "http://portal.example"}, "must be https://"),
        ({"CLIENT_ID": "x", "PORTAL_URL": "https://"}, "must be https://"),
        ({"CLIENT_ID": "x", "PORTAL_URL": f"{URL}/"}, "nothing after it"),
        ({"CLIENT_ID": "x", "PORTAL_URL": 'https://portal.example", "https://evil.example'}, "nothing after it"),
    ],
)
def test_it_says_what_it_needs_before_it_calls_anybody(tenant: Tenant, environment: dict[str, str], says: str) -> None:
    refused = tenant.run("portal.sh", **environment)

    assert refused.returncode != 0
    assert says in refused.stderr
    assert tenant.calls() == []


def test_a_step_that_fails_ends_it(tenant: Tenant, api: str) -> None:
    unknown = "99999999-9999-4999-8999-999999999999"

    failed = tenant.run("portal.sh", CLIENT_ID=api, PORTAL_URL=URL, PORTAL_CLIENT_ID=unknown)

    assert failed.returncode != 0
    assert unknown in failed.stderr
    assert failed.stdout == ""
