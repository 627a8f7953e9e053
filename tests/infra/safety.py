"""Checks of what keeps strangers out: no keys, no plain HTTP, no more rights than needed, and nothing invented."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.infra.bicep import MISSING, Declaration, Expression, Value, functions_called, names_used, text_of
from tests.infra.model import MAIN, Infra

_KNOWN: Final[dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("resource_types.json").read_text(encoding="utf-8")
)
"""Types with their API versions, and the properties of each that are used: all of them were found in Azure's published
types (generated/ of https://github.com/Azure/bicep-types-az at commit 1f896de, of 20 August 2026)."""

_OF_BICEP: Final = {"parent", "scope", "dependsOn"}
_ROLES: Final = "Microsoft.Authorization/roleAssignments"


@dataclass(frozen=True, slots=True)
class Lock:
    """What a type's resources must all have, at a path of their body."""

    type: str
    path: str
    value: Value


STORAGE: Final = "Microsoft.Storage/storageAccounts"
SITE: Final = "Microsoft.Web/sites"
PAGES: Final = "Microsoft.Web/staticSites"
LOCKS: Final = (
    Lock(STORAGE, "properties.allowSharedKeyAccess", value=False),
    Lock(STORAGE, "properties.allowBlobPublicAccess", value=False),
    Lock(STORAGE, "properties.allowCrossTenantReplication", value=False),
    Lock(STORAGE, "properties.minimumTlsVersion", "TLS1_2"),
    Lock(STORAGE, "properties.supportsHttpsTrafficOnly", value=True),
    Lock(STORAGE, "properties.publicNetworkAccess", Expression("isPrivate ? 'Disabled' : 'Enabled'")),
    Lock(STORAGE, "properties.networkAcls.defaultAction", Expression("isPrivate ? 'Deny' : 'Allow'")),
    Lock(f"{STORAGE}/blobServices", "properties.deleteRetentionPolicy.enabled", value=True),
    Lock(f"{STORAGE}/blobServices", "properties.containerDeleteRetentionPolicy.enabled", value=True),
    Lock(f"{STORAGE}/blobServices/containers", "properties.publicAccess", "None"),
    Lock(SITE, "properties.httpsOnly", value=True),
    Lock(SITE, "properties.siteConfig.minTlsVersion", "1.2"),
    Lock(SITE, "properties.siteConfig.scmMinTlsVersion", "1.2"),
    Lock(SITE, "properties.siteConfig.ftpsState", "Disabled"),
    Lock(SITE, "properties.siteConfig.cors.allowedOrigins", Expression("allowedOrigins")),
    Lock(SITE, "properties.siteConfig.cors.supportCredentials", value=False),
    Lock(SITE, "identity.type", "UserAssigned"),
    Lock(SITE, "properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity"),
    Lock(f"{SITE}/basicPublishingCredentialsPolicies", "properties.allow", value=False),
    Lock(PAGES, "properties.stagingEnvironmentPolicy", "Disabled"),
    Lock("Microsoft.Insights/components", "properties.DisableLocalAuth", value=True),
    Lock("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", value=True),
)

ROLE_NAMES: Final = {
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
    "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
}
"""Azure's built-in roles that are given, from its list of them."""

_GIVEN: Final = {
    "storage.bicep": ("account", {"blob": "Storage Blob Data Owner", "table": "Storage Table Data Contributor"}),
    "monitoring.bicep": ("applicationInsights", "Monitoring Metrics Publisher"),
}
"""Which roles there are over what, by module; in storage.bicep by what the account serves."""


def types_are_known(infra: Infra) -> Iterator[str]:
    """Every resource has a type, an API version and properties that were looked up."""
    for path, resource in infra.resources():
        if resource.type not in _KNOWN:
            yield f"{path}: {resource.type} is not in resource_types.json; look it up"
            continue
        for name in sorted(set(_paths(resource.value)) - set(_KNOWN[resource.type])):
            yield f"{path}: {resource.type} has no {name} in resource_types.json; look it up"


def everything_is_locked(infra: Infra) -> Iterator[str]:
    """Every resource has the settings that lock it, and there is a resource for each."""
    for lock in LOCKS:
        found = infra.resources(lock.type)
        yield from (f"there is no {lock.type}" for _ in [()] if not found)
        for path, resource in found:
            if resource.at(lock.path) != lock.value:
                yield f"{path}: {resource.name}: {lock.path} is {resource.at(lock.path)!r}; it must be {lock.value!r}"


def passwords_are_off_on_both_doors(infra: Infra) -> Iterator[str]:
    """The policy that takes passwords away is there for FTP and for the deployment site."""
    doors = {str(each.at("name")) for _, each in infra.resources(f"{SITE}/basicPublishingCredentialsPolicies")}
    yield from (f"there is no policy for passwords at {door}" for door in sorted({"ftp", "scm"} - doors))


def a_virtual_network_hides_the_storage(infra: Infra) -> Iterator[str]:
    """With a virtual network every account has an endpoint in it and no other door, and the app is inside."""
    storage = infra.files[MAIN.parent / "app/storage.bicep"].of_kind("variable")["isPrivate"]
    if storage.value != Expression("!empty(endpointSubnetId)"):
        yield "storage.bicep: an account is private where it has an endpoint's subnet, and nowhere else"
    modules = infra.main.of_kind("module")
    for module, parameter, output in (
        ("hostStorage", "endpointSubnetId", "endpointSubnetId"),
        ("hostStorage", "dnsZoneId", "blobZoneId"),
        ("dataStorage", "endpointSubnetId", "endpointSubnetId"),
        ("dataStorage", "dnsZoneId", "tableZoneId"),
        ("functionApp", "subnetId", "appSubnetId"),
    ):
        wanted = Expression(f"useVirtualNetwork ? network.outputs.{output} : ''")
        if modules[module].at(f"params.{parameter}") != wanted:
            yield f"{MAIN}: {module}: {parameter} must be {wanted.text}"


def the_pages_may_call_the_api_and_nobody_else(infra: Infra) -> Iterator[str]:
    """Where the pages are made, their origin is one of the API's allowed ones; the others are the operator's."""
    modules = infra.main.of_kind("module")
    wanted = Expression("union(allowedOrigins, portal ? [portalSite.outputs.url] : [])")
    if modules["functionApp"].at("params.allowedOrigins") != wanted:
        yield f"{MAIN}: functionApp: allowedOrigins must be {wanted.text}"
    if "= if (portal) {" not in text_of(modules["portalSite"].node):
        yield f"{MAIN}: portalSite must be made where the parameter portal says so"
    for path, site in infra.resources(PAGES):
        outputs = infra.files[path].of_kind("output")
        if outputs["url"].value != Expression(f"'https://${{{site.name}.properties.defaultHostname}}'"):
            yield f"{path}: url must be https:// and the site's host: a browser's Origin has no slash at its end"


def nothing_is_secret(infra: Infra) -> Iterator[str]:
    """No key is read from anywhere: whoever could read a deployment's history would have it."""
    for path, file in infra.files.items():
        asked = {name for name in functions_called(file.root) if name.startswith("list") or name == "getSecret"}
        yield from (f"{path}: {name} reads a key; use the identity and a role" for name in sorted(asked))


def roles_are_the_least(infra: Infra) -> Iterator[str]:
    """The identity has one role over each thing that it uses, over that thing alone, and no role elsewhere."""
    given = {path.name: each for path, each in infra.resources(_ROLES)}
    yield from (f"{name}: there is no role" for name in sorted(_GIVEN.keys() - given.keys()))
    for name, role in sorted(given.items()):
        if name not in _GIVEN:
            yield f"{name}: nobody needs a role here"
            continue
        scope, wanted = _GIVEN[name]
        variables = infra.files[MAIN.parent / "app" / name].of_kind("variable")
        ids = {each.name: each.value for each in variables.values() if each.name in names_used(role.node)}
        if role.at("scope") != Expression(scope):
            yield f"{name}: the role must be over {scope}"
        if _named(ids.get("roleIds", ids.get("roleId"))) != wanted:
            yield f"{name}: the role must be {wanted}"
        if role.at("properties.principalId") != Expression("principalId"):
            yield f"{name}: the role must be the identity's"


def roles_come_before_the_app(infra: Infra) -> Iterator[str]:
    """The function app is made after every module in which there is a role."""
    modules = infra.main.of_kind("module")
    before = _needed(infra, modules["functionApp"])
    for name, module in modules.items():
        file = infra.module_file(module)
        has_roles = file is not None and any(each.type.startswith(_ROLES) for each in file.declarations)
        if has_roles and name not in before:
            yield f"{MAIN}: functionApp may be made before the roles of {name}; name it in dependsOn"


def everything_is_tagged(infra: Infra) -> Iterator[str]:
    """Whatever has a place in a region says which deployment it is of."""
    for path, resource in infra.resources():
        if resource.at("location") != MISSING and "tags" not in names_used(resource.node):
            yield f"{path}: {resource.name} has no tags"


def _needed(infra: Infra, declaration: Declaration) -> set[str]:
    """The modules that a declaration waits for, itself or by what it uses."""
    symbols = infra.main.of_kind("variable") | infra.main.of_kind("module")
    found: set[str] = set()
    todo = [declaration]
    while todo:  # each symbol once
        used = {name for name in names_used(todo.pop().node) if name in symbols} - found
        found |= used
        todo += [symbols[name] for name in used]
    return found


def _named(ids: Value) -> Value:
    """Role ids as roles' names."""
    if isinstance(ids, dict):
        return {name: _named(each) for name, each in ids.items()}
    return ROLE_NAMES.get(str(ids), ids)


def _paths(value: Value, at: str = "") -> Iterator[str]:
    """The paths of the properties in a body that have no further ones in them."""
    if isinstance(value, list) and value:
        for each in value:
            yield from _paths(each, at)
    elif isinstance(value, dict) and value and at != "tags":
        for name, each in value.items():
            if not (at == "" and name in _OF_BICEP) and "${" not in name:
                yield from _paths(each, f"{at}.{name}".lstrip("."))
    else:
        yield at
