"""infra/entra: what the scripts ask of Microsoft Entra for the API and its events, and how they are written."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from functions.api import ALL_OPERATIONS
from functions.authentication.principals import ENTRA_EXTENSIONS_APP_ID
from functions.http.operations import BASE_PATH
from functions.settings.environment import RoleSets, read_settings
from functions.sources.entra import ENTRA_SECONDS, EventClaims
from tests.sources.entra_tenant import API, ENTRA, Tenant, changes
from tests.sources.fake_az import GRAPH_CLIENT_ID, TENANT


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return Tenant(tmp_path)


@pytest.fixture
def registered(tenant: Tenant) -> str:
    """The API's client id."""
    tenant.ran("register.sh")
    client_id: str = tenant.one("applications")["appId"]
    return client_id


def _extend(tenant: Tenant, client_id: str, *applications: str) -> str:
    return tenant.ran("extension.sh", *applications, CLIENT_ID=client_id, API_URL=API)


def test_the_registration_issues_the_tokens_that_the_api_reads(tenant: Tenant) -> None:
    tenant.ran("register.sh")

    made = tenant.one("applications")
    assert (made["displayName"], made["signInAudience"]) == ("Autoclaim", "AzureADMyOrg")
    assert made["api"]["requestedAccessTokenVersion"] == 2
    assert made["groupMembershipClaims"] == "DirectoryRole"
    assert made["identifierUris"] == [f"api://{made['appId']}"]
    assert [scope["value"] for scope in made["api"]["oauth2PermissionScopes"]] == ["access_as_user"]
    assert [each["appId"] for each in tenant.state()["servicePrincipals"]] == [GRAPH_CLIENT_ID, made["appId"]]


def test_the_registrations_app_roles_are_those_that_the_code_knows(tenant: Tenant) -> None:
    tenant.ran("register.sh")

    roles = tenant.one("applications")["appRoles"]
    assert {role["value"] for role in roles} == RoleSets().manager_app_roles | RoleSets().reader_app_roles
    assert all(role["isEnabled"] and role["allowedMemberTypes"] == ["User", "Application"] for role in roles)


def test_ids_that_assignments_hang_on_stay_as_they_are() -> None:
    sent = json.loads((ENTRA / "api.json").read_text(encoding="utf-8"))

    ids = {each["value"]: each["id"] for each in (*sent["appRoles"], *sent["api"]["oauth2PermissionScopes"])}
    assert ids == {
        "AutoClaim.Manage": "d6252088-5446-4a73-b021-cd3dd607f781",
        "AutoClaim.Read": "dbce9e3d-7c53-40d6-bbdb-c11c018b36fe",
        "access_as_user": "4406f34d-0c9d-4a82-a5e3-99f919bc000e",
    }


def test_what_register_prints_are_settings_that_the_app_takes(tenant: Tenant) -> None:
    printed = tenant.ran("register.sh")

    settings = dict(re.findall(r"azd env set (\w+) '(.*)'$", printed, re.MULTILINE))
    read = read_settings({"TABLES_URL": "https://one.table.core.windows.net", **settings})
    (issuer,) = read.trusted_issuers
    assert read.api_audiences == {tenant.one("applications")["appId"]}
    assert issuer.issuer == "https://login.microsoftonline.com/{tid}/v2.0"
    assert issuer.tenants == {TENANT}
    assert issuer.jwks_url == f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"


def test_registering_again_changes_nothing(tenant: Tenant) -> None:
    first = tenant.ran("register.sh")
    held, calls = tenant.held(), len(tenant.calls())

    again = tenant.ran("register.sh")

    assert again == first
    assert tenant.held() == held
    assert changes(tenant.calls()[calls:]) == []


def test_registering_again_mends_what_was_changed(tenant: Tenant, registered: str) -> None:
    held = tenant.held()
    state = tenant.state()
    state["applications"][0]["api"]["requestedAccessTokenVersion"] = 1
    state["applications"][0]["groupMembershipClaims"] = None
    tenant.write(state)

    tenant.ran("register.sh", CLIENT_ID=registered)

    assert tenant.held() == held


def test_a_registration_is_found_by_its_name_even_with_a_quote_in_it(tenant: Tenant) -> None:
    tenant.ran("register.sh", NAME="Ada's Autoclaim")
    tenant.ran("register.sh", NAME="Ada's Autoclaim")

    assert tenant.one("applications")["displayName"] == "Ada's Autoclaim"


def test_of_two_registrations_of_one_name_none_is_guessed(tenant: Tenant) -> None:
    one, two = (tenant.application("Autoclaim") for _ in range(2))
    held = tenant.held()

    refused = tenant.run("register.sh")

    assert refused.returncode != 0
    assert one["appId"] in refused.stderr
    assert "CLIENT_ID" in refused.stderr
    assert tenant.held() == held
    tenant.ran("register.sh", CLIENT_ID=two["appId"])
    assert [each["groupMembershipClaims"] for each in tenant.state()["applications"]] == [None, "DirectoryRole"]


def test_the_extension_calls_the_route_that_the_code_has(tenant: Tenant, registered: str) -> None:
    _extend(tenant, registered, tenant.application("Payroll")["appId"])

    extension = tenant.one("identity/customAuthenticationExtensions")
    routes = {each.route for operations in ALL_OPERATIONS for each in operations.known}
    base_url, _, route = extension["endpointConfiguration"]["targetUrl"].partition(f"{BASE_PATH}/")
    assert f"{base_url}{BASE_PATH}" == API
    assert route in routes
    assert extension["authenticationConfiguration"]["resourceId"].endswith(f"/{registered}")


def test_the_extension_waits_longer_than_the_api_takes(tenant: Tenant, registered: str) -> None:
    _extend(tenant, registered, tenant.application("Payroll")["appId"])

    waits = tenant.one("identity/customAuthenticationExtensions")["clientConfiguration"]
    assert waits == {"timeoutInMilliseconds": 2000, "maximumRetries": 1}
    assert waits["timeoutInMilliseconds"] >= 1000 * (ENTRA_SECONDS + 0.3)


def test_the_claims_in_tokens_are_those_that_the_code_answers(tenant: Tenant, registered: str) -> None:
    _extend(tenant, registered, tenant.application("Payroll")["appId"])

    answered = [each.alias for each in EventClaims.model_fields.values()]
    extension = tenant.one("identity/customAuthenticationExtensions")
    definition = json.loads(tenant.one("policies/claimsMappingPolicies")["definition"][0])["ClaimsMappingPolicy"]
    assert [each["claimIdInApiResponse"] for each in extension["claimsForTokenConfiguration"]] == answered
    assert [(each["ID"], each["JwtClaimType"]) for each in definition["ClaimsSchema"]] == [
        (name, name) for name in answered
    ]


def test_the_api_may_be_called_by_entra_and_its_other_name_stays(tenant: Tenant, registered: str) -> None:
    _extend(tenant, registered, tenant.application("Payroll")["appId"])

    api, _ = tenant.state()["applications"]
    _, principal, _ = tenant.state()["servicePrincipals"]
    assert api["identifierUris"] == [f"api://{registered}", f"api://autoclaim.azurewebsites.net/{registered}"]
    assert [each["appRoleId"] for each in principal["appRoleAssignments"]] == [
        access["id"] for each in api["requiredResourceAccess"] for access in each["resourceAccess"]
    ]


def test_the_listener_names_the_applications_that_were_asked_for(tenant: Tenant, registered: str) -> None:
    applications = [tenant.application(name)["appId"] for name in ("Payroll", "Intranet")]

    _extend(tenant, registered, *applications)

    listener = tenant.one("identity/authenticationEventListeners")
    included = listener["conditions"]["applications"]["includeApplications"]
    assert [each["appId"] for each in included] == applications
    assert "includeAllApplications" not in json.dumps(listener)
    extension = tenant.one("identity/customAuthenticationExtensions")
    assert listener["handler"]["customExtension"]["id"] == extension["id"]
    assert [each["api"]["acceptMappedClaims"] for each in tenant.state()["applications"]] == [None, True, True]


def test_an_application_may_have_mapped_claims_before_entra_listens_to_it(tenant: Tenant, registered: str) -> None:
    payroll = tenant.application("Payroll")["appId"]

    _extend(tenant, registered, payroll)

    sent = [f"{each.get('method')} {each.get('url', '')}" for each in tenant.calls()]
    (mapped,) = (place for place, call in enumerate(sent) if call.endswith(f"applications(appId='{payroll}')"))
    (listening,) = (place for place, call in enumerate(sent) if call.startswith("POST") and "Listeners" in call)
    assert mapped < listening == len(sent) - 1


def test_extending_again_changes_nothing(tenant: Tenant, registered: str) -> None:
    applications = [tenant.application(name)["appId"] for name in ("Payroll", "Intranet")]
    first = _extend(tenant, registered, *applications)
    held, calls = tenant.held(), len(tenant.calls())

    again = _extend(tenant, registered, *applications)
    tenant.ran("register.sh")

    assert again == first
    assert tenant.held() == held
    assert changes(tenant.calls()[calls:]) == []


def test_an_application_that_is_left_out_is_taken_off(tenant: Tenant, registered: str) -> None:
    payroll, intranet = (tenant.application(name)["appId"] for name in ("Payroll", "Intranet"))
    _extend(tenant, registered, payroll, intranet)

    _extend(tenant, registered, intranet)

    conditions = tenant.one("identity/authenticationEventListeners")["conditions"]
    assert conditions == {"applications": {"includeApplications": [{"appId": intranet}]}}


def test_an_application_of_several_tenants_is_refused_before_entra_listens(tenant: Tenant, registered: str) -> None:
    shared = tenant.application("Shared", "AzureADMultipleOrgs")["appId"]

    refused = tenant.run("extension.sh", shared, CLIENT_ID=registered, API_URL=API)

    assert refused.returncode != 0
    assert "more than this tenant" in refused.stderr
    assert tenant.state()["identity/authenticationEventListeners"] == []
    assert tenant.state()["applications"][-1]["api"]["acceptMappedClaims"] is None


def test_an_applications_own_claims_mapping_policy_stays(tenant: Tenant, registered: str) -> None:
    payroll = tenant.application("Payroll")["appId"]
    state = tenant.state()
    own = {"id": "d1", "appId": payroll, "claimsMappingPolicies": [{"id": "its-own"}]}
    state["servicePrincipals"].append(own)
    tenant.write(state)

    done = tenant.run("extension.sh", payroll, CLIENT_ID=registered, API_URL=API)

    assert done.returncode == 0
    assert "its-own" in done.stderr
    assert tenant.state()["servicePrincipals"][-1] == own
    assert len(tenant.state()["identity/authenticationEventListeners"]) == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        ((), {"CLIENT_ID": "x", "API_URL": API}, "at least one application"),
        (("x",), {"API_URL": API}, "CLIENT_ID"),
        (("x",), {"CLIENT_ID": "x"}, "API_URL"),
        (("x",), {"CLIENT_ID": "x", "API_URL": "http://autoclaim.example/api"}, "begin with https"),
        (("x",), {"CLIENT_ID": "x", "API_URL": "https://autoclaim.example"}, "end in /api"),
    ],
)
def test_extending_says_what_it_needs_before_it_calls_anybody(
    tenant: Tenant, arguments: tuple[str, ...], environment: dict[str, str], says: str
) -> None:
    refused = tenant.run("extension.sh", *arguments, **environment)

    assert refused.returncode != 0
    assert says in refused.stderr
    assert tenant.calls() == []


@pytest.mark.parametrize("script", ["register.sh", "extension.sh"])
def test_a_step_that_fails_ends_the_script(tenant: Tenant, script: str) -> None:
    unknown = "99999999-9999-4999-8999-999999999999"

    failed = tenant.run(script, unknown, CLIENT_ID=unknown, API_URL=API)

    assert failed.returncode != 0
    assert unknown in failed.stderr
    assert failed.stdout == ""


@pytest.mark.parametrize("script", sorted(ENTRA.glob("*.sh")), ids=lambda path: path.name)
def test_a_script_parses_and_stops_at_its_first_fault(script: Path) -> None:
    text = script.read_text(encoding="utf-8")

    checked = subprocess.run(["bash", "-n", script], check=False, capture_output=True, text=True)  # noqa: S607
    assert (checked.returncode, checked.stderr) == (0, "")
    assert ("set -euo pipefail" in text) is text.startswith("#!")
    assert os.access(script, os.X_OK) is text.startswith("#!")


def test_the_caller_that_the_api_believes_is_no_setting_of_the_scripts() -> None:
    """Entra's own application is the same everywhere; a script that could name another could let another in."""
    for script in ENTRA.glob("*.sh"):
        assert ENTRA_EXTENSIONS_APP_ID not in script.read_text(encoding="utf-8")
