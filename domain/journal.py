"""The journal's vocabulary: who did what to what. One commit has one or more entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.actors import Actor, Administrator
from domain.catalog import App, Policy, Product, TenantSettings
from domain.licenses import License, PolicyClaim
from domain.times import format_time, parse_time


class Action(StrEnum):
    """What was done."""

    SETTINGS_UPDATED = "settings.updated"
    APP_CREATED = "app.created"
    APP_UPDATED = "app.updated"
    APP_DELETED = "app.deleted"
    PRODUCT_CREATED = "product.created"
    PRODUCT_UPDATED = "product.updated"
    PRODUCT_DELETED = "product.deleted"
    POLICY_CREATED = "policy.created"
    POLICY_UPDATED = "policy.updated"
    POLICY_DELETED = "policy.deleted"
    LICENSE_ASSIGNED = "license.assigned"
    LICENSE_CHANGED = "license.changed"
    LICENSE_REMOVED = "license.removed"
    LICENSE_CLAIMED = "license.claimed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done.

    Attributes:
        actor: Who did it.
        action: What was done.
        target: To what: a path below the API's base, like `policies/{id}` or `users/{id}/licenses/{skuId}`.
        details: `before` and `after` of changed fields in the API's names; for a claim, the claim.
    """

    actor: Actor
    action: Action
    target: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """One commit as the journal keeps it.

    Attributes:
        sequence: Its number. Numbers have no gaps.
        at: Its time, never before that of the commit before it.
        commit_id: Made for this commit alone: tells whether a commit whose answer was lost has happened.
        entries: What was done in it, in order.
    """

    sequence: int
    at: datetime
    commit_id: str
    entries: tuple[Entry, ...]


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """`before` and `after` with only the fields that differ: what the journal keeps of a change."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {
        "before": {name: before[name] for name in changed if name in before},
        "after": {name: after[name] for name in changed if name in after},
    }


def fields_of(resource: TenantSettings | App | Product | Policy | None) -> dict[str, Any]:
    """What administrators can write of a resource, in the API's names; of one that is not there, nothing."""
    match resource:
        case None:
            return {}
        case TenantSettings():
            return {"autoClaimEnabled": resource.auto_claim_enabled}
        case App():
            return {
                "name": resource.name,
                "clientAppIds": list(resource.client_app_ids),
                "servicePlanIds": list(resource.service_plan_ids),
            }
        case Product():
            return {
                "skuPartNumber": resource.sku_part_number,
                "displayName": resource.display_name,
                "totalLicenses": resource.total_licenses,
                "servicePlans": [
                    {"servicePlanId": plan.id, "servicePlanName": plan.name, "displayName": plan.display_name}
                    for plan in resource.service_plans
                ],
            }
        case Policy():
            return {
                "name": resource.name,
                "appId": resource.app_id,
                "enabled": resource.enabled,
                "products": [
                    {
                        "skuId": product.sku_id,
                        "disabledServicePlanIds": list(product.disabled_service_plan_ids),
                    }
                    for product in resource.products
                ],
            }


def fields_of_license(held: License) -> dict[str, Any]:
    """A license as the journal keeps it when it is assigned by hand or taken back."""
    origin = held.assigned_by
    by: dict[str, Any]
    if isinstance(origin, Administrator):
        by = {"kind": "administrator", "id": origin.id}
    else:
        by = {
            "kind": "policy",
            "policyId": origin.policy_id,
            "policyName": origin.policy_name,
            "sequence": origin.sequence,
            "place": origin.place,
        }
    return {
        "disabledServicePlanIds": list(held.disabled_service_plan_ids),
        "assignedAt": format_time(held.assigned_at),
        "assignedBy": by,
    }


def license_of_fields(sku_id: str, fields: Mapping[str, Any]) -> License:
    """The license that `fields_of_license` described, as far as its digest goes.

    Raises:
        KeyError: A field is missing.
        ValueError: The time is none.
    """
    by = fields["assignedBy"]
    origin: PolicyClaim | Administrator = (
        Administrator(by["id"])
        if by["kind"] == "administrator"
        else PolicyClaim(by["policyId"], by["policyName"], "", None, by["sequence"], by["place"])
    )
    return License(sku_id, tuple(fields["disabledServicePlanIds"]), parse_time(fields["assignedAt"]), origin)
