"""GET /openapi.json: the document is OpenAPI, describes every operation and nothing else, and the app keeps to it."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from domain.refusals import Code
from functions.api import ALL_OPERATIONS
from functions.http.operations import NoBody, Operation
from functions.http.parameters import PATH_PARAMETERS
from functions.openapi.examples import EXAMPLES, TENANT_ID
from localhost.app_settings import app_settings
from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from tests.functions.conftest import Api, Served
from tests.functions.described import Description
from tests.functions.faults import check_headers
from tests.functions.variants import app_with

WRITES_WITH_IF_MATCH = {
    ("patch", "/settings"),
    ("put", "/apps/{appId}"),
    ("delete", "/apps/{appId}"),
    ("put", "/products/{skuId}"),
    ("delete", "/products/{skuId}"),
    ("patch", "/policies/{policyId}"),
    ("delete", "/policies/{policyId}"),
}
WITH_ETAG = {path for _, path in WRITES_WITH_IF_MATCH}
OTHER_CODES = {
    *("Unauthenticated", "AuthorizationRequestDenied", "RequestTooLarge", "UnsupportedMediaType"),
    *("BodyMissing", "InvalidJson", "InvalidRequest", "InvalidId", "InvalidContinuation", "InvalidPeriod"),
    *("ExportTooLarge", "FileNotFound", "TooManyRequests", "ServiceUnavailable", "InternalError"),
}
ADMINISTRATOR: list[dict[str, list[str]]] = [{"administrator": []}]
SIGN_IN_SOURCE: list[dict[str, list[str]]] = [{"functionKey": []}, {"functionKeyInQuery": []}]


@pytest.fixture(scope="module")
def description(served: Served) -> Description:
    return Description.of(served.url)


def _registered() -> list[Operation]:
    return [each for operations in ALL_OPERATIONS for each in operations.known]


def _operations(description: Description) -> dict[tuple[str, str], dict[str, Any]]:
    paths = description.document["paths"]
    return {(method, path): described for path, methods in paths.items() for method, described in methods.items()}


def _parameters(description: Description, operation: dict[str, Any], place: str) -> dict[str, Any]:
    resolved = [description.resolved(each) for each in operation["parameters"]]
    return {each["name"]: each for each in resolved if each["in"] == place}


def test_the_document_is_openapi(description: Description) -> None:
    assert description.document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(dict(description.document)).iter_errors()] == []


def test_it_needs_no_credential_and_is_json(api: Api) -> None:
    response = api.anonymous("GET", "/openapi.json")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    check_headers(response)


def test_it_describes_every_operation_and_nothing_else(description: Description) -> None:
    described = {(*place, each["operationId"]) for place, each in _operations(description).items()}

    assert described == {(each.method.lower(), f"/{each.route}", each.name) for each in _registered()}


def test_its_server_is_the_host_that_was_asked(served: Served, description: Description) -> None:
    assert description.document["servers"] == [{"url": f"{served.url}/api"}]


def test_its_server_is_the_public_url_if_there_is_one(azurite: Azurite, served: Served, tmp_path: Path) -> None:
    del served  # makes the tables
    settings = {
        **app_settings(DataFolder(tmp_path), azurite.port),
        "PUBLIC_URL": "https://claims.contoso.example/base/",
    }
    with app_with(tmp_path, settings) as app:
        document = httpx.get(f"{app.url}/api/openapi.json").json()

    assert document["servers"] == [{"url": "https://claims.contoso.example/base/api"}]


def test_it_is_made_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    first = api.anonymous("GET", "/openapi.json")
    monkeypatch.delattr("functions.triggers.openapi.openapi_document")

    assert api.anonymous("GET", "/openapi.json").content == first.content


def test_every_operation_says_what_lets_in(description: Description) -> None:
    schemes = description.document["components"]["securitySchemes"]
    assert {(each["type"], each.get("scheme", each.get("name"))) for each in schemes.values()} == {
        ("http", "bearer"),
        ("apiKey", "x-functions-key"),
        ("apiKey", "code"),
    }
    others = {
        "/sign-ins": SIGN_IN_SOURCE,
        "/sign-ins/batch": SIGN_IN_SOURCE,
        "/webhooks/entra/token-issuance-start": [{"entra": []}],
        "/health": [],
        "/openapi.json": [],
        "/docs": [],
        "/docs/{file}": [],
    }

    for (_, path), operation in _operations(description).items():
        assert operation["security"] == others.get(path, ADMINISTRATOR)
        assert ("403" in operation["responses"]) is (operation["security"] == ADMINISTRATOR)
        assert ("401" in operation["responses"]) is bool(operation["security"])


def test_conditions_are_described_where_they_are_heeded(description: Description) -> None:
    for (method, path), operation in _operations(description).items():
        headers = _parameters(description, operation, "header")
        conditional = (method, path) in WRITES_WITH_IF_MATCH
        assert ("If-Match" in headers) is conditional
        assert ("If-None-Match" in headers) is (conditional and method == "put")
        assert {"412", "428"} & operation["responses"].keys() == ({"412", "428"} if conditional else set())
        if conditional:
            assert headers["If-Match"].get("required", False) is (method != "put")


def test_answers_with_one_resource_have_its_etag_and_a_new_policy_its_location(description: Description) -> None:
    for (method, path), operation in _operations(description).items():
        for status in {"200", "201"} & operation["responses"].keys():
            headers = operation["responses"][status]["headers"]
            assert ("ETag" in headers) is (path in WITH_ETAG or (method, path) == ("post", "/policies"))
            assert ("Location" in headers) is ((method, path) == ("post", "/policies"))


def test_waiting_is_described_with_its_seconds(description: Description) -> None:
    for (method, path), operation in _operations(description).items():
        for status in {"429", "503"} & operation["responses"].keys():
            headers = description.resolved(operation["responses"][status])["headers"]
            assert ("Retry-After" in headers) is (path != "/health")
        waits = {"429", "503"} & operation["responses"].keys()
        if path in {"/sign-ins", "/sign-ins/batch"}:
            assert waits == {"503"}
        elif path.startswith("/webhooks"):
            assert waits == set()
        else:
            assert ("429" in waits) is (method != "get")


def test_every_code_is_described(description: Description) -> None:
    codes: set[str] = set()
    for operation in _operations(description).values():
        for response in map(description.resolved, operation["responses"].values()):
            codes |= set(
                response.get("headers", {}).get("x-ms-error-code", {}).get("schema", {}).get("x-extensible-enum", ())
            )

    assert codes == {*OTHER_CODES, *(code.value for code in Code)}
    assert set(re.findall(r"`(\w+)`", description.document["info"]["description"])) >= codes


def test_the_codes_of_a_status_stand_in_the_order_in_which_they_apply(description: Description) -> None:
    create = _operations(description)["post", "/policies"]["responses"]

    assert create["400"]["headers"]["x-ms-error-code"]["schema"]["x-extensible-enum"] == [
        *("BodyMissing", "InvalidJson", "InvalidRequest"),
        *("InvalidProductList", "UnknownApp", "UnknownProduct", "UnknownServicePlan", "ProductLacksApp"),
    ]
    assert create["409"]["headers"]["x-ms-error-code"]["schema"]["x-extensible-enum"] == [
        *("FeatureOff", "AppHasPolicy", "PolicyNameTaken", "LimitReached"),
    ]


def test_lists_and_reports_have_their_query_parameters(description: Description) -> None:
    operations = _operations(description)
    page = {"top", "continuation"}
    expected = {
        **{f"/{name}": page for name in ("apps", "products", "policies", "audit-log")},
        "/integrity": {"continuation"},
        "/users": {"startsWith", *page},
        "/products/{skuId}/licenses": page,
        "/policies/{policyId}/claims": page,
        "/reports/auto-claim": {"period"},
        "/reports/auto-claim/licenses": {"period", "policyId", *page},
    }

    for (method, path), operation in operations.items():
        found = _parameters(description, operation, "query")
        assert found.keys() == (expected.get(path, set()) if method == "get" else set())
    report = _parameters(description, operations["get", "/reports/auto-claim/licenses"], "query")
    assert report["period"]["schema"]["enum"] == [1, 7, 30, 90]
    assert (report["top"]["schema"]["minimum"], report["top"]["schema"]["maximum"]) == (1, 1000)
    users = _parameters(description, operations["get", "/users"], "query")
    assert users["startsWith"]["required"]
    assert users["startsWith"]["schema"]["minLength"] == 1


def test_claimed_licenses_come_as_json_or_csv(description: Description) -> None:
    answer = _operations(description)["get", "/reports/auto-claim/licenses"]["responses"]["200"]

    assert answer["content"].keys() == {"application/json", "text/csv"}


@pytest.mark.parametrize("name", ["appId", "skuId", "policyId", "userId"])
@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "..", "...", "a", "a b", "a/b", "ä", "a\n", "A.b_c~d-e", "a@b|c:d+e=f", "x" * 128, "x" * 129),
        *("18181a46-0d4e-45cd-891e-60aabd171b4e", "18181A46-0D4E-45CD-891E-60AABD171B4E"),
        *("18181a460d4e45cd891e60aabd171b4e", "{18181a46-0d4e-45cd-891e-60aabd171b4e}"),
    ],
)
def test_an_id_in_a_path_is_described_as_it_is_checked(description: Description, name: str, text: str) -> None:
    described = next(
        parameters[name]["schema"]
        for operation in _operations(description).values()
        if name in (parameters := _parameters(description, operation, "path"))
    )

    assert (not description.faults(described, text)) is (PATH_PARAMETERS[name].parse(text) is not None)


def test_requests_refuse_what_is_unknown_and_answers_are_open(description: Description) -> None:
    schemas = description.document["components"]["schemas"]
    event = {"TokenIssuanceStartEvent", "EventData", "AuthenticationContext", "ServicePrincipal", "EventUser"}

    closed = {name for name, schema in schemas.items() if schema.get("additionalProperties") is False}

    assert closed == {name for name in schemas if name.endswith(("Write", "Update", "Creation"))} | {
        "SignInEvent",
        "SignInUser",
        "SignInBatch",
    }
    assert not closed & event


def test_answers_have_no_null_and_require_all_that_is_never_left_out(description: Description) -> None:
    schemas = description.document["components"]["schemas"]
    answers = {name: schema for name, schema in schemas.items() if name.endswith(("Answer", "List", "Response"))}

    assert answers
    for schema in answers.values():
        assert "null" not in str(schema)
    assert set(schemas["ClaimAnswer"]["properties"]) - set(schemas["ClaimAnswer"]["required"]) == {
        "userPrincipalName",
        "displayName",
    }


def test_outcomes_may_be_added(description: Description) -> None:
    outcome = description.document["components"]["schemas"]["Outcome"]

    assert "enum" not in outcome
    assert "claimed" in outcome["x-extensible-enum"]
    assert "more may be added" in outcome["description"]


@pytest.mark.parametrize(
    "operation", [each for each in _registered() if each.body is not NoBody], ids=lambda each: each.name
)
def test_every_body_has_an_example_that_fits(description: Description, operation: Operation) -> None:
    described = _operations(description)[operation.method.lower(), f"/{operation.route}"]["requestBody"]

    types = (
        {"application/json", "application/merge-patch+json"} if operation.method == "PATCH" else {"application/json"}
    )
    assert described["content"].keys() == types
    for content in described["content"].values():
        assert content["example"] == EXAMPLES[operation.body]
        assert not description.faults(content["schema"], content["example"])
        operation.body.model_validate(content["example"])


def test_the_app_takes_the_examples_and_answers_as_described(api: Api, description: Description) -> None:
    ids = {name: parameter.example for name, parameter in PATH_PARAMETERS.items()}
    entra = api.served.issuer.entra_token(api.tenant_id)
    credentials = {
        "/sign-ins": {"x-functions-key": api.served.keys.function},
        "/sign-ins/batch": {"x-functions-key": api.served.keys.function},
        "/webhooks/entra/token-issuance-start": {"Authorization": f"Bearer {entra}"},
    }
    seen: set[tuple[str, str]] = set()

    def send(method: str, path: str, status: int, **more: Any) -> httpx.Response:
        operation = _operations(description)[method, path]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        headers = {**credentials.get(path, {"Authorization": f"Bearer {api.manager}"}), **more.pop("headers", {})}
        example = json.dumps(content["example"]).replace(TENANT_ID, api.tenant_id) if content else "null"
        body = {"json": json.loads(example)} if content else {}
        response = api.anonymous(method.upper(), path.format(**ids), headers=headers, **body, **more)
        assert response.status_code == status, response.text
        description.check(response)
        seen.add((method, path))
        return response

    any_version = {"headers": {"If-Match": "*"}}
    send("put", "/products/{skuId}", 201)
    send("put", "/products/{skuId}", 200, **any_version)
    send("put", "/apps/{appId}", 200, **any_version)
    send("patch", "/settings", 200, **any_version)
    ids["policyId"] = send("post", "/policies", 201).json()["id"]
    assert send("post", "/sign-ins", 200).json()["outcome"] == "claimed"
    told = send("post", "/sign-ins/batch", 200).json()["results"]
    assert [each["outcome"] for each in told] == ["claimed", "claimed"]  # the first again, by its signInId
    send("patch", "/policies/{policyId}", 200, **any_version)
    send("post", "/webhooks/entra/token-issuance-start", 200)
    send("put", "/users/{userId}/licenses/{skuId}", 200)
    reads = [place for place in _operations(description) if place[0] == "get"]
    for method, path in reads:
        send(method, path, 200, params={"startsWith": "ada", "top": "1"})
    send("get", "/reports/auto-claim/licenses", 200, headers={"Accept": "text/csv"})
    send("delete", "/users/{userId}/licenses/{skuId}", 204)
    send("put", "/users/{userId}/licenses/{skuId}", 201)
    send("delete", "/users/{userId}/licenses", 204)
    send("get", "/policies/{policyId}/claims", 200)
    send("delete", "/policies/{policyId}", 204, **any_version)
    (bob,) = {each["userId"] for each in api.call("GET", "/users?startsWith=Bob").json()["value"]}
    assert api.call("DELETE", f"/users/{bob}/licenses").status_code == 204
    send("delete", "/products/{skuId}", 204, **any_version)
    send("delete", "/apps/{appId}", 204, **any_version)
    send("get", "/reports/auto-claim", 200)
    send("get", "/audit-log", 200)

    assert seen == _operations(description).keys()


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {}, b'{"autoClaimEnabled":true}'),
        (200, {"ETag": '"1"'}, b'{"autoClaimEnabled":"yes","etag":"\\"1\\""}'),
        (200, {"ETag": "1"}, b'{"autoClaimEnabled":true,"etag":"\\"1\\""}'),
        (200, {"ETag": '"1"', "content-type": "text/plain"}, b'{"autoClaimEnabled":true,"etag":"\\"1\\""}'),
        (201, {"ETag": '"1"'}, b'{"autoClaimEnabled":true,"etag":"\\"1\\""}'),
        (404, {"x-ms-error-code": "AppNotFound"}, b'{"error":{"code":"AppNotFound","message":"No."}}'),
        (403, {"x-ms-error-code": "Unknown"}, b'{"error":{"code":"Unknown","message":"No."}}'),
        (403, {"x-ms-error-code": "AuthorizationRequestDenied"}, b'{"error":"AuthorizationRequestDenied"}'),
    ],
)
def test_an_answer_that_is_not_as_described_is_noticed(
    description: Description, status: int, headers: dict[str, str], body: bytes
) -> None:
    request_id = {"x-ms-request-id": "7a759898-5e1d-4273-8970-39b5f25e4eeb", "content-type": "application/json"}
    response = httpx.Response(
        status,
        headers={**request_id, **headers},
        content=body,
        request=httpx.Request("GET", "http://host/api/settings"),
    )

    with pytest.raises(AssertionError):
        description.check(response)
