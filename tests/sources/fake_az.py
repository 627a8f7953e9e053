"""An `az` that knows as much of Microsoft Entra as infra/entra needs, and answers in the real one's form.

What the tenant holds, and every call, is in one JSON file, FAKE_AZ_STATE. What is not known here is refused, so a
script cannot call something that was never looked up. What is checked is what Microsoft documents: an identifier URI's
form, a single-page app's redirect addresses, that only scopes are preauthorized, one claims mapping policy for each
service principal, an extension's host equal to its resource's.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

GRAPH = "https://graph.microsoft.com/v1.0/"
TENANT = "0b9f2ae0-5a3c-4d6e-9a51-d1f7b0c4e2aa"
GRAPH_CLIENT_ID = "00000003-0000-0000-c000-000000000000"

_BY_CLIENT_ID = re.compile(r"(applications)\(appId='([0-9a-f-]{36})'\)")
_PRINCIPAL_PART = re.compile(r"servicePrincipals/([^/]+)/(appRoleAssignments|claimsMappingPolicies)(/\$ref)?")
_LIST = re.compile(r"(policies/claimsMappingPolicies|identity/[A-Za-z]+)(?:/([^/]+))?")
_FILTERED = re.compile(r"([\w.]+)?\[(?:\?([\w.]+)([!=]=)'([^']*)')?\](?:\.(\w+))?")


class RefusedError(Exception):
    """What the real one would end with, in its words."""


def empty_state() -> dict[str, Any]:
    """A tenant in which nothing was registered but Microsoft's own."""
    graph = {"id": str(uuid4()), "appId": GRAPH_CLIENT_ID}
    return {
        "calls": [],
        "applications": [],
        "servicePrincipals": [graph],
        "policies/claimsMappingPolicies": [],
        "identity/customAuthenticationExtensions": [],
        "identity/authenticationEventListeners": [],
    }


def new_application(state: dict[str, Any], name: str, audience: str = "AzureADMyOrg") -> dict[str, Any]:
    """Registers one, as `az ad app create` does."""
    application: dict[str, Any] = {
        "id": str(uuid4()),
        "appId": str(uuid4()),
        "displayName": name,
        "signInAudience": audience,
        "identifierUris": [],
        "api": {
            "requestedAccessTokenVersion": None,
            "acceptMappedClaims": None,
            "oauth2PermissionScopes": [],
            "preAuthorizedApplications": [],
        },
        "spa": {"redirectUris": []},
        "appRoles": [],
        "groupMembershipClaims": None,
        "requiredResourceAccess": [],
    }
    state["applications"].append(application)
    return application


def main(arguments: list[str]) -> None:
    """Runs one command on the state file."""
    path = Path(os.environ["FAKE_AZ_STATE"])
    state = json.loads(path.read_text(encoding="utf-8"))
    words, options = _parsed(arguments)
    state["calls"].append({"command": " ".join(words), **options})
    try:
        answer = _run(state, " ".join(words), options)
    except RefusedError as refused:
        sys.exit(f"ERROR: {refused}")
    finally:
        path.write_text(json.dumps(state), encoding="utf-8")
    _print(answer, options)


def _parsed(arguments: list[str]) -> tuple[list[str], dict[str, Any]]:
    """The words of the command, and its options; one with several values has a list."""
    words: list[str] = []
    options: dict[str, Any] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            words.append(word)
            continue
        values = []
        while rest and not rest[0].startswith("--"):
            values.append(rest.pop(0))
        options[word.removeprefix("--")] = values[0] if len(values) == 1 else values
    return words, options


def _run(state: dict[str, Any], command: str, options: dict[str, Any]) -> Any:  # noqa: PLR0911 - one a command
    match command:
        case "account show":
            return {"tenantId": TENANT}
        case "ad app list":
            name = re.fullmatch(r"displayName eq '((?:[^']|'')*)'", options["filter"])
            if name is None:
                raise RefusedError(f"Invalid filter clause: {options['filter']}")
            wanted = name[1].replace("''", "'")
            return [each for each in state["applications"] if each["displayName"] == wanted]
        case "ad app create":
            return new_application(state, options["display-name"], options["sign-in-audience"])
        case "ad app show":
            return _by_client_id(state, "applications", options["id"])
        case "ad app update":
            uris = options["identifier-uris"]
            _patch_application(
                _by_client_id(state, "applications", options["id"]),
                {"identifierUris": uris if isinstance(uris, list) else [uris]},
            )
            return None
        case "ad sp show":
            return _by_client_id(state, "servicePrincipals", options["id"])
        case "ad sp create":
            _by_client_id(state, "applications", options["id"])
            principal = {"id": str(uuid4()), "appId": options["id"]}
            state["servicePrincipals"].append(principal)
            return principal
        case "rest":
            return _rest(state, options)
        case _:
            raise RefusedError(f"'{command}' is misspelled or not recognized by the system.")


def _by_client_id(state: dict[str, Any], kind: str, client_id: str) -> dict[str, Any]:
    for each in state[kind]:
        if each["appId"] == client_id:
            found: dict[str, Any] = each
            return found
    raise RefusedError(
        f"Resource '{client_id}' does not exist or one of its queried reference-property objects are not"
    )


def _rest(state: dict[str, Any], options: dict[str, Any]) -> Any:
    if not options["url"].startswith(GRAPH):
        raise RefusedError(f"Can't derive appropriate Azure AD resource from {options['url']}")
    path = options["url"].removeprefix(GRAPH)
    body = _body(options.get("body"))
    if found := _BY_CLIENT_ID.fullmatch(path):
        if options["method"] != "PATCH":
            raise RefusedError("Method not allowed")
        return _patch_application(_by_client_id(state, "applications", found[2]), body)
    if found := _PRINCIPAL_PART.fullmatch(path):
        return _principal_part(state, options["method"], found, body)
    found = _LIST.fullmatch(path)
    if found is None or found[1] not in state:
        raise RefusedError(f"Not Found(Resource not found for the segment '{path}'.)")
    return _listed(state, options["method"], found, body)


def _body(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text)
    except ValueError as error:
        raise RefusedError(f"Bad Request(Unable to read JSON request payload: {error} in {text})") from error


def _patch_application(application: dict[str, Any], change: dict[str, Any]) -> None:
    unknown = change.keys() - application.keys()
    unknown |= change.get("api", {}).keys() - application["api"].keys()
    if unknown:
        raise RefusedError(f"Bad Request(Invalid property {sorted(unknown)}.)")
    for uri in change.get("identifierUris", []):
        if application["appId"] not in uri:
            raise RefusedError(f"Values of identifierUris property must contain the app id: {uri}")
    for uri in change.get("spa", {}).get("redirectUris", []):
        if not re.fullmatch(r"https://[\w.-]+(/.*)?", uri):
            raise RefusedError(f"Bad Request(Invalid value specified for property 'redirectUris': {uri})")
    application["api"].update(change.get("api", {}))
    scopes = {scope["id"] for scope in application["api"]["oauth2PermissionScopes"]}
    for known in application["api"]["preAuthorizedApplications"]:
        if not scopes.issuperset(known["delegatedPermissionIds"]):
            raise RefusedError(f"Bad Request(Permission of a preauthorized application is no scope: {known})")
    application.update({name: value for name, value in change.items() if name != "api"})


def _principal_part(state: dict[str, Any], method: str, found: re.Match[str], body: Any) -> Any:
    principal = next((each for each in state["servicePrincipals"] if each["id"] == found[1]), None)
    if principal is None:
        raise RefusedError(f"Resource '{found[1]}' does not exist")
    kept = principal.setdefault(found[2], [])
    if method == "GET":
        return {"value": kept}
    if found[2] == "claimsMappingPolicies":
        # Microsoft: a service principal can have one claims mapping policy.
        if kept or not found[3]:
            raise RefusedError("Bad Request(A conflicting object is present.)")
        kept.append({"id": body["@odata.id"].rsplit("/", 1)[1]})
        return None
    if body["principalId"] != found[1] or body in [
        {name: each[name] for name in ("principalId", "resourceId", "appRoleId")} for each in kept
    ]:
        raise RefusedError("Bad Request(Permission being assigned already exists on the object)")
    kept.append({"id": str(uuid4()), **body})
    return kept[-1]


def _listed(state: dict[str, Any], method: str, found: re.Match[str], body: Any) -> Any:
    kept = state[found[1]]
    if method == "GET":
        return {"value": kept}
    if "authenticationConfiguration" in body:
        _check_extension(body)
    if method == "POST":
        kept.append({"id": str(uuid4()), **body})
        return kept[-1]
    for each in kept:
        if each["id"] == found[2] and method == "PATCH":
            each.update(body)
            return None
    raise RefusedError(f"Resource '{found[2]}' does not exist")


def _check_extension(extension: dict[str, Any]) -> None:
    """Microsoft's error codes 1003014, 1003015 and 1003020; and the range of a time-out."""
    resource = urlsplit(extension["authenticationConfiguration"]["resourceId"])
    target = urlsplit(extension["endpointConfiguration"]["targetUrl"])
    if resource.scheme != "api" or not re.fullmatch(r"/[0-9a-f-]{36}", resource.path):
        raise RefusedError("1003014: CustomExtensionIncorrectResourceIdFormat")
    if resource.netloc != target.netloc:
        raise RefusedError("1003015: CustomExtensionDomainNameDoesNotMatch")
    if target.scheme != "https":
        raise RefusedError("1003020: CustomExtensionIncorrectTargetUrlFormat")
    if not 200 <= extension["clientConfiguration"]["timeoutInMilliseconds"] <= 2000:
        raise RefusedError("Bad Request(timeoutInMilliseconds must be between 200 and 2000)")


def _print(answer: Any, options: dict[str, Any]) -> None:
    if answer is None or options.get("output") == "none":
        return
    value = query(answer, options["query"]) if "query" in options else answer
    if options.get("output") != "tsv":
        print(json.dumps(value))  # noqa: T201 - a command
        return
    for line in value if isinstance(value, list) else [value]:
        if line is not None:
            print(line)  # noqa: T201 - a command


def query(answer: Any, expression: str) -> Any:
    """Those few JMESPath expressions that infra/entra uses: `a.b`, `[].a`, `a.b[].c` and `a.b[?c.d=='text'].e`."""
    if re.fullmatch(r"[\w.]+", expression):
        return _at(answer, expression)
    found = _FILTERED.fullmatch(expression)
    if found is None:
        raise RefusedError(f"argument --query: invalid jmespath_type value: {expression}")
    name, path, operator, text, member = found.groups()
    rows = _at(answer, name) if name else answer
    picked = [row for row in rows if path is None or (_at(row, path) == text) is (operator == "==")]
    return [row[member] for row in picked if row.get(member) is not None] if member else picked


def _at(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return row


if __name__ == "__main__":
    main(sys.argv[1:])
