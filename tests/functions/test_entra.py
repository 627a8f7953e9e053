"""POST /webhooks/entra/token-issuance-start: never an error that keeps a person from signing in."""

import copy
from typing import Any

import httpx
import pytest

from tests.functions.conftest import Api
from tests.functions.faults import check_error, check_headers, check_invalid
from tests.functions.valid import (
    EXTENSION_PATH,
    OTHER_SKU,
    PAYROLL,
    SKU,
    TEAMS1,
    UNKNOWN,
    app_body,
    claim,
    event_body,
    principal,
    product_body,
    put,
    stock,
)

TEAMS_CLIENT = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
CONTEXT = ("data", "authenticationContext")
USER = (*CONTEXT, "user")


def _tell(api: Api, event: Any, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or api.served.issuer.entra_token(api.tenant_id)}"}
    return api.anonymous("POST", EXTENSION_PATH, json=event, headers=headers)


def _claims(response: httpx.Response) -> dict[str, str]:
    """The claims of an answer that has exactly the right shape."""
    assert response.status_code == 200, response.text
    check_headers(response)
    assert response.headers["content-type"].partition(";")[0] == "application/json"
    content = response.json()
    claims: dict[str, str] = content["data"]["actions"][0]["claims"]
    assert content == {
        "data": {
            "@odata.type": "microsoft.graph.onTokenIssuanceStartResponseData",
            "actions": [{"@odata.type": "microsoft.graph.tokenIssuanceStart.provideClaimsForToken", "claims": claims}],
        }
    }
    assert all(isinstance(value, str) and value for value in claims.values())
    assert ("autoClaimSkuId" in claims) is (claims["autoClaimOutcome"] in {"claimed", "alreadyLicensed"})
    assert claims.keys() <= {"autoClaimOutcome", "autoClaimSkuId"}
    return claims


def _with(event: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The event with something else in that place."""
    changed = copy.deepcopy(event)
    parent = changed
    for name in path[:-1]:
        parent = parent[name]
    parent[path[-1]] = value
    return changed


def _without(event: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    changed = _with(event, path, None)
    parent = changed
    for name in path[:-1]:
        parent = parent[name]
    del parent[path[-1]]
    return changed


def test_a_person_who_gets_a_token_claims_a_license(api: Api) -> None:
    stock(api, total=1)

    first = _claims(_tell(api, event_body(api.tenant_id)))
    later = _claims(_tell(api, event_body(api.tenant_id)))
    other = _claims(_tell(api, event_body(api.tenant_id, "bob")))

    assert first == {"autoClaimOutcome": "claimed", "autoClaimSkuId": SKU}
    assert later == {"autoClaimOutcome": "alreadyLicensed", "autoClaimSkuId": SKU}
    assert other == {"autoClaimOutcome": "noLicenses"}


def test_the_same_person_is_the_same_user_of_other_sources(api: Api) -> None:
    stock(api)
    claim(api, "ada")

    assert _claims(_tell(api, event_body(api.tenant_id)))["autoClaimOutcome"] == "alreadyLicensed"


def test_every_outcome_without_a_license_is_told_alone(api: Api) -> None:
    event = event_body(api.tenant_id)

    off = _claims(_tell(api, event))
    policy = stock(api)
    unknown = _claims(_tell(api, event_body(api.tenant_id, client="nothing")))
    api.call("PATCH", f"/policies/{policy['id']}", json={"enabled": False}, headers={"If-Match": "*"})
    policy_off = _claims(_tell(api, event))

    assert off == {"autoClaimOutcome": "featureOff"}
    assert unknown == {"autoClaimOutcome": "noPolicy"}
    assert policy_off == {"autoClaimOutcome": "policyOff"}


def test_the_correlation_id_is_the_sign_ins_id(api: Api) -> None:
    stock(api)
    event = event_body(api.tenant_id, correlationId="one")

    for _ in range(2):
        assert _claims(_tell(api, event))["autoClaimOutcome"] == "claimed"
    assert api.sign_in("ada", signInId="one").json()["outcome"] == "claimed"
    assert _claims(_tell(api, event_body(api.tenant_id)))["autoClaimOutcome"] == "alreadyLicensed"


@pytest.fixture
def two_apps(api: Api) -> Api:
    """Teams gives one product, payroll another."""
    stock(api, total=100)
    put(api, "/apps/payroll", app_body())
    put(api, f"/products/{OTHER_SKU}", product_body(PAYROLL, totalLicenses=100))
    api.create_policy(OTHER_SKU, name="Payroll", app_id="payroll")
    return api


@pytest.mark.parametrize(
    ("client", "resource", "given"),
    [
        (TEAMS_CLIENT, "payroll-web", SKU),
        ("payroll-web", TEAMS_CLIENT, OTHER_SKU),
        (UNKNOWN, "payroll-web", OTHER_SKU),
        (TEAMS_CLIENT.upper(), UNKNOWN, SKU),
        ("microsoft-teams", "payroll", SKU),
    ],
)
def test_the_client_is_the_app_if_an_app_has_it_and_else_the_resource(
    two_apps: Api, client: str, resource: str, given: str
) -> None:
    event = event_body(two_apps.tenant_id, client=client, resourceServicePrincipal=principal(resource))

    assert _claims(_tell(two_apps, event))["autoClaimSkuId"] == given


def test_the_client_is_the_app_though_only_the_resource_has_a_policy(two_apps: Api) -> None:
    put(two_apps, "/apps/no-policy", app_body(clientAppIds=["no-policy-web"]))
    resource = principal("payroll-web")

    event = event_body(two_apps.tenant_id, client="no-policy-web", resourceServicePrincipal=resource)

    assert _claims(_tell(two_apps, event)) == {"autoClaimOutcome": "noPolicy"}


BAD_PRINCIPALS: list[Any] = [None, {}, [], 5, "payroll-web", {"appId": None}, {"appId": ""}, {"appId": "a b"}]
BAD_PRINCIPALS += [{"appId": 5}, {"appId": "x" * 257}, {"appId": ["payroll-web"]}, {"appid": "payroll-web"}]


def test_a_client_that_does_not_fit_is_dropped(two_apps: Api) -> None:
    for place, bad in enumerate(BAD_PRINCIPALS):
        event = event_body(two_apps.tenant_id, f"u{place}", resourceServicePrincipal=principal("payroll-web"))
        response = _tell(two_apps, _with(event, (*CONTEXT, "clientServicePrincipal"), bad))
        assert _claims(response)["autoClaimSkuId"] == OTHER_SKU, bad


def test_a_resource_that_does_not_fit_is_dropped(two_apps: Api) -> None:
    for place, bad in enumerate(BAD_PRINCIPALS):
        event = event_body(two_apps.tenant_id, f"u{place}", resourceServicePrincipal=bad)
        assert _claims(_tell(two_apps, event))["autoClaimSkuId"] == SKU, bad


NOT_NEEDED = [
    ("source",),
    ("data", "@odata.type"),
    ("data", "authenticationEventListenerId"),
    ("data", "customAuthenticationExtensionId"),
    (*CONTEXT, "correlationId"),
    (*CONTEXT, "client"),
    (*CONTEXT, "protocol"),
    (*CONTEXT, "resourceServicePrincipal"),
    (*CONTEXT, "clientServicePrincipal", "id"),
    (*CONTEXT, "clientServicePrincipal", "appDisplayName"),
    *((*USER, name) for name in ("userPrincipalName", "displayName", "mail", "createdDateTime", "userType")),
]


UNFIT: list[Any] = [None, "", "x" * 5_000, "a\0b\n", "\N{ROCKET}", 5, True, [], {}, [{}], {"": None}]


@pytest.mark.parametrize("path", NOT_NEEDED, ids=".".join)
def test_what_is_not_needed_is_dropped_where_it_does_not_fit(api: Api, path: tuple[str, ...]) -> None:
    event = event_body(api.tenant_id)

    for spoiled in (*(_with(event, path, value) for value in UNFIT), _without(event, path)):
        assert _claims(_tell(api, spoiled))["autoClaimOutcome"] == "featureOff"


@pytest.mark.parametrize("value", UNFIT, ids=lambda value: repr(value)[:20])
def test_a_person_of_whom_nothing_else_fits_claims_all_the_same(api: Api, value: Any) -> None:
    stock(api)
    user = {"id": "ada", "userPrincipalName": value, "displayName": value}

    response = _tell(api, event_body(api.tenant_id, user=user, correlationId=value))

    assert _claims(response)["autoClaimOutcome"] == "claimed"


def test_lone_surrogates_are_dropped(api: Api) -> None:
    stock(api)
    user = {"id": "ada", "userPrincipalName": "NAME", "displayName": "NAME"}
    event = str(event_body(api.tenant_id, user=user, correlationId="NAME", more={"NAME": 1}))
    content = event.replace("'", '"').replace("NAME", r"\ud800").encode()
    token = api.served.issuer.entra_token(api.tenant_id)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    response = api.anonymous("POST", EXTENSION_PATH, content=content, headers=headers)

    assert _claims(response)["autoClaimOutcome"] == "claimed"


def test_an_event_with_more_than_we_know_is_taken(api: Api) -> None:
    stock(api)
    event = event_body(api.tenant_id, user={"id": "ada", "new": {}}, new=[None])
    event = {**event, "new": 1, "data": {**event["data"], "new": "x"}}

    assert _claims(_tell(api, event))["autoClaimOutcome"] == "claimed"


def test_an_event_with_just_what_is_needed_is_taken(api: Api) -> None:
    stock(api)
    context = {"user": {"id": "ada"}, "resourceServicePrincipal": {"appId": TEAMS_CLIENT}}
    event = {
        "type": event_body("")["type"],
        "data": {"tenantId": api.tenant_id.upper(), "authenticationContext": context},
    }

    assert _claims(_tell(api, event)) == {"autoClaimOutcome": "claimed", "autoClaimSkuId": SKU}


NEEDED = [("type",), ("data",), ("data", "tenantId"), CONTEXT, USER, (*USER, "id")]


@pytest.mark.parametrize("path", NEEDED, ids=".".join)
def test_what_is_needed_is_needed(api: Api, path: tuple[str, ...]) -> None:
    event = event_body(api.tenant_id)

    wrong_values: list[Any] = [None, "", 5, [], {}, "nope /"]
    for value in wrong_values:
        wrong = _tell(api, _with(event, path, value))
        error = check_error(wrong, 400, "InvalidRequest", target=wrong.json()["error"].get("target"))
        assert all(detail["target"].startswith(".".join(path)) for detail in error["details"])
    check_invalid(_tell(api, _without(event, path)), ".".join(path), says="missing")


def test_an_app_is_needed(api: Api) -> None:
    event = event_body(api.tenant_id, client="a b", resourceServicePrincipal=None)

    check_invalid(
        _tell(api, event), ".".join(CONTEXT), says=("clientServicePrincipal.appId", "resourceServicePrincipal")
    )


def test_another_event_is_none_of_ours(api: Api) -> None:
    event = {**event_body(api.tenant_id), "type": "microsoft.graph.authenticationEvent.attributeCollectionStart"}

    check_invalid(_tell(api, event), "type", says=("attributeCollectionStart", "tokenIssuanceStart"))


@pytest.mark.parametrize(
    "content", [b"", b"no", b"[]", b"{}", b"\xef\xbb\xbf{}", b'{"a":1,"a":1}', b"[" * 33 + b"]" * 33]
)
def test_a_body_that_is_no_event_is_400(api: Api, content: bytes) -> None:
    headers = {
        "Authorization": f"Bearer {api.served.issuer.entra_token(api.tenant_id)}",
        "Content-Type": "application/json",
    }

    assert api.anonymous("POST", EXTENSION_PATH, content=content, headers=headers).status_code == 400


@pytest.mark.parametrize("spoil", ["nothing", "user", "type", "everything else"])
def test_another_tenants_event_is_401_whatever_else_is_wrong(api: Api, spoil: str) -> None:
    event = event_body(UNKNOWN)
    spoiled = {
        "nothing": event,
        "user": _without(event, USER),
        "type": _with(event, ("type",), None),
        "everything else": {"data": {"tenantId": UNKNOWN.upper()}},
    }[spoil]

    response = _tell(api, spoiled)

    check_error(response, 401, "Unauthenticated", says="tenant")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("credential", ["none", "an administrator's token", "the function key", "nonsense"])
def test_only_entras_own_token_lets_in(api: Api, credential: str) -> None:
    headers = {
        "none": {},
        "an administrator's token": {"Authorization": f"Bearer {api.manager}"},
        "the function key": {"x-functions-key": api.served.keys.function},
        "nonsense": {"Authorization": "Bearer nonsense"},
    }[credential]

    response = api.anonymous("POST", EXTENSION_PATH, json=event_body(UNKNOWN), headers=headers)

    check_error(response, 401, "Unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_failure_of_ours_is_pending(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("functions.sources.settling.sign_in_proposal", broken)

    assert _claims(_tell(api, event_body(api.tenant_id))) == {"autoClaimOutcome": "pending"}


def test_a_plan_of_the_app_suffices_to_be_licensed(api: Api) -> None:
    stock(api)
    put(api, f"/products/{SKU}", product_body(TEAMS1))

    assert _claims(_tell(api, event_body(api.tenant_id)))["autoClaimOutcome"] == "claimed"


def test_an_event_with_another_media_type_is_taken_or_is_400(api: Api) -> None:
    token = api.served.issuer.entra_token(api.tenant_id)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-16"}

    response = api.anonymous("POST", EXTENSION_PATH, content=b"{}", headers=headers)

    assert response.status_code in {200, 400}
