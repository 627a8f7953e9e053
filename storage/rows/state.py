"""A tenant's state as rows: the head, the configuration, and what is remembered of deleted policies."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.catalog import App, Policy, PolicyProduct, Product, RetiredPolicy, ServicePlan, TenantSettings
from domain.errors import LedgerDamagedError
from domain.tenant import Configuration, Head
from domain.times import format_time, parse_time
from storage.rows.content import (
    HEAD_KEY,
    SETTINGS_KEY,
    UNREADABLE,
    Row,
    actor_content,
    administrator_of,
    app_key,
    content_of,
    content_row,
    count_of,
    damaged,
    exactly,
    policy_key,
    product_key,
    retired_policy_key,
    texts_of,
)
from storage.rows.tombstones import refuse_closed

Resource = TenantSettings | App | Product | Policy

FORMAT: Final = 1
"""How rows are written. A process that meets a head of another format leaves the tenant alone."""


def head_content(head: Head) -> dict[str, Any]:
    """A head as JSON, for rows that keep a copy of one."""
    assert head.at is not None  # noqa: S101 - a head is written by a commit, and a commit has a time
    began = {"beganAfter": head.began_after} if head.began_after else {}
    return {
        "sequence": head.sequence,
        "at": format_time(head.at),
        "configurationSequence": head.configuration_sequence,
        "assigned": head.assigned,
        "held": head.held,
        "digest": f"{head.digest:032x}",
        **began,
    }


def head_of_content(content: Mapping[str, Any]) -> Head:
    """The inverse of `head_content`."""
    return Head(
        sequence=count_of(content["sequence"]),
        at=parse_time(content["at"]),
        configuration_sequence=count_of(content["configurationSequence"]),
        assigned=_counts(content["assigned"]),
        held=_counts(content["held"]),
        digest=int(content["digest"], 16),
        began_after=count_of(content.get("beganAfter", 0)),
    )


def head_row(tenant_id: str, head: Head, leader: str = "") -> dict[str, Any]:
    """The head of a tenant that has had a commit, and the process that commits for the others, if there is one."""
    row = content_row(tenant_id, HEAD_KEY, head_content(head))
    return {**row, "format": FORMAT, "leader": leader}


def leader_of(row: Row) -> str:
    """The leader that a head names. It is advice: one that cannot be read is none."""
    return str(row.get("leader", ""))


def head_of(row: Row) -> Head:
    """The inverse of `head_row`.

    Raises:
        TenantClosedError: It is a tombstone.
        LedgerDamagedError: The row cannot be read, or is of a later format.
    """
    refuse_closed(row)
    if row.get("format") != FORMAT:
        message = f"its format is {row.get('format')!r}, and this version of the product knows {FORMAT}"
        raise LedgerDamagedError(f"Row {row['PartitionKey']}/{row['RowKey']} cannot be used: {message}")
    try:
        return head_of_content(content_of(row))
    except UNREADABLE as error:
        raise damaged(row, error) from error


def _counts(content: Mapping[str, Any]) -> dict[str, int]:
    return {exactly(str, key): count_of(count) for key, count in content.items()}


def resource_row(tenant_id: str, resource: Resource) -> dict[str, Any]:
    """The row of one resource of the configuration."""
    match resource:
        case TenantSettings():
            content: dict[str, Any] = {"autoClaimEnabled": resource.auto_claim_enabled}
            row_key = SETTINGS_KEY
        case App():
            content = {
                "id": resource.id,
                "name": resource.name,
                "clientAppIds": resource.client_app_ids,
                "servicePlanIds": resource.service_plan_ids,
            }
            row_key = app_key(resource.id)
        case Product():
            content = {
                "skuId": resource.sku_id,
                "skuPartNumber": resource.sku_part_number,
                "displayName": resource.display_name,
                "totalLicenses": resource.total_licenses,
                "plansRemoved": resource.plans_removed,
                "servicePlans": [
                    [plan.id, plan.name, plan.display_name, plan.added] for plan in resource.service_plans
                ],
            }
            row_key = product_key(resource.sku_id)
        case Policy():
            content = {
                "id": resource.id,
                "name": resource.name,
                "appId": resource.app_id,
                "enabled": resource.enabled,
                "products": [[product.sku_id, product.disabled_service_plan_ids] for product in resource.products],
                "createdAt": format_time(resource.created_at),
                "createdBy": actor_content(resource.created_by),
                "modifiedAt": format_time(resource.modified_at),
                "modifiedBy": actor_content(resource.modified_by),
            }
            row_key = policy_key(resource.id)
    return content_row(tenant_id, row_key, {**content, "version": resource.version})


def retired_policy_row(tenant_id: str, policy: RetiredPolicy) -> dict[str, Any]:
    """The row that keeps a deleted policy's last names."""
    return content_row(tenant_id, retired_policy_key(policy.id), {"name": policy.name, "appName": policy.app_name})


def retired_policy_of(row: Row) -> RetiredPolicy:
    """The inverse of `retired_policy_row`.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    try:
        content = content_of(row)
        return RetiredPolicy(row["RowKey"].rpartition(":")[2], exactly(str, content["name"]), content["appName"])
    except UNREADABLE as error:
        raise damaged(row, error) from error


def configuration_of(rows: Iterable[Row]) -> Configuration:
    """The configuration that the rows below the head hold.

    Raises:
        LedgerDamagedError: A row cannot be read, or names something that no other row has.
    """
    settings = TenantSettings()
    apps: dict[str, App] = {}
    products: dict[str, Product] = {}
    policies: dict[str, Policy] = {}
    for row in rows:
        match _resource_of(row):
            case TenantSettings() as settings:
                pass
            case App() as app:
                apps[app.id] = app
            case Product() as product:
                products[product.sku_id] = product
            case Policy() as policy:
                policies[policy.id] = policy
    for policy in policies.values():
        missing = [sku_id for sku_id in policy.sku_ids if sku_id not in products]
        if missing or policy.app_id not in apps:
            raise LedgerDamagedError(f"Policy {policy.id} names what is not there: {[policy.app_id, *missing]}")
    return Configuration(settings, apps, products, policies)


def _plan_of(plan_id: object, name: object, display_name: object, added: object) -> ServicePlan:
    return ServicePlan(exactly(str, plan_id), exactly(str, name), exactly(str, display_name), count_of(added))


def _resource_of(row: Row) -> Resource:
    try:
        content = content_of(row)
        version = count_of(content["version"])
        match row["RowKey"].split(":")[1]:
            case "settings":
                return TenantSettings(exactly(bool, content["autoClaimEnabled"]), version)
            case "app":
                return App(
                    exactly(str, content["id"]),
                    exactly(str, content["name"]),
                    texts_of(content["clientAppIds"]),
                    texts_of(content["servicePlanIds"]),
                    version,
                )
            case "product":
                return Product(
                    exactly(str, content["skuId"]),
                    exactly(str, content["skuPartNumber"]),
                    exactly(str, content["displayName"]),
                    count_of(content["totalLicenses"]),
                    tuple(_plan_of(*plan) for plan in content["servicePlans"]),
                    version,
                    count_of(content["plansRemoved"]),
                )
            case "policy":
                return Policy(
                    id=exactly(str, content["id"]),
                    name=exactly(str, content["name"]),
                    app_id=exactly(str, content["appId"]),
                    enabled=exactly(bool, content["enabled"]),
                    products=tuple(
                        PolicyProduct(exactly(str, sku_id), texts_of(off)) for sku_id, off in content["products"]
                    ),
                    created_at=parse_time(content["createdAt"]),
                    created_by=administrator_of(content["createdBy"]),
                    modified_at=parse_time(content["modifiedAt"]),
                    modified_by=administrator_of(content["modifiedBy"]),
                    version=version,
                )
            case kind:
                raise ValueError(f"{kind!r} is no kind of configuration")
    except UNREADABLE as error:
        raise damaged(row, error) from error
