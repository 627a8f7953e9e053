"""Rows and domain objects: the one place that knows how the ledger is written down, and checks what it reads.

Table `ledger`, PartitionKey = tenant id. RowKeys, in the order of the table:

    journal:<sequence counted down>   one per commit, newest first
    retention                         how far the journal was removed, and the head as it was then
    retired:policy:<id>               the last names of a deleted policy and its app
    state                             the head; sorts before the configuration, so rows read after it are no older
    state:app:<id>                    the configuration, one row each
    state:policy:<id>
    state:product:<id>
    state:settings
    user:<id>                         a user and all licenses of the user
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.actors import Actor, Administrator, SignInSource
from domain.catalog import App, Policy, PolicyProduct, Product, RetiredPolicy, ServicePlan, TenantSettings
from domain.errors import LedgerDamagedError, TenantClosedError
from domain.journal import Action, Entry, JournalRecord
from domain.licenses import License, PolicyClaim, User
from domain.tenant import Configuration, Head, remembered
from domain.times import format_time, parse_time
from storage.texts import text_of, text_properties

Row = Mapping[str, Any]
Resource = TenantSettings | App | Product | Policy

FORMAT: Final = 1
"""How rows are written. A process that meets a head of a higher format leaves the tenant alone."""

HEAD_KEY: Final = "state"
STATE_END: Final = "state;"
"""`;` follows `:`, so the head and its configuration are `state` <= RowKey < `state;`."""

JOURNAL_START: Final = "journal:"
JOURNAL_END: Final = "journal;"
USERS_START: Final = "user:"
USERS_END: Final = "user;"

RETENTION_KEY: Final = "retention"
SETTINGS_KEY: Final = "state:settings"
_HIGHEST_SEQUENCE: Final = 10**15 - 1


def app_key(app_id: str) -> str:
    """The RowKey of an app."""
    return f"state:app:{app_id}"


def product_key(sku_id: str) -> str:
    """The RowKey of a product."""
    return f"state:product:{sku_id}"


def policy_key(policy_id: str) -> str:
    """The RowKey of a policy."""
    return f"state:policy:{policy_id}"


def retired_policy_key(policy_id: str) -> str:
    """The RowKey of a deleted policy's last names."""
    return f"retired:policy:{policy_id}"


def user_key(user_id: str) -> str:
    """The RowKey of a user."""
    return f"user:{user_id}"


def journal_key(sequence: int) -> str:
    """The RowKey of a commit's journal row: counted down, so that the newest comes first."""
    return f"journal:{_HIGHEST_SEQUENCE - sequence:015d}"


def content_row(tenant_id: str, row_key: str, content: object) -> dict[str, Any]:
    """A row that holds JSON, over as many properties as it takes."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return {"PartitionKey": tenant_id, "RowKey": row_key, **text_properties("content", text)}


def content_of(row: Row) -> Any:  # noqa: ANN401 - JSON
    """The JSON that a row holds."""
    return json.loads(text_of(row, "content"))


def damaged(row: Row, error: Exception) -> LedgerDamagedError:
    """The error for a row that cannot be read. It names the row, never its content."""
    return LedgerDamagedError(
        f"Row {row['PartitionKey']}/{row['RowKey']} cannot be read: {type(error).__name__}: {error}"
    )


# What reading a row that was not written here may raise.
UNREADABLE = (KeyError, TypeError, ValueError, IndexError, AttributeError)


def head_content(head: Head) -> dict[str, Any]:
    """A head as JSON, for rows that keep a copy of one."""
    assert head.at is not None  # noqa: S101 - a head is written by a commit, and a commit has a time
    return {
        "sequence": head.sequence,
        "at": format_time(head.at),
        "configurationSequence": head.configuration_sequence,
        "assigned": head.assigned,
        "held": head.held,
        "digest": f"{head.digest:032x}",
    }


def head_of_content(content: Mapping[str, Any]) -> Head:
    """The inverse of `head_content`."""
    return Head(
        sequence=int(content["sequence"]),
        at=parse_time(content["at"]),
        configuration_sequence=int(content["configurationSequence"]),
        assigned=_counts(content["assigned"]),
        held=_counts(content["held"]),
        digest=int(content["digest"], 16),
    )


def head_row(tenant_id: str, head: Head) -> dict[str, Any]:
    """The head of a tenant that has had a commit."""
    return {**content_row(tenant_id, HEAD_KEY, head_content(head)), "format": FORMAT}


def closed_head_row(tenant_id: str) -> dict[str, Any]:
    """The head of a tenant that is being deleted: nobody commits on it."""
    return {"PartitionKey": tenant_id, "RowKey": HEAD_KEY, "format": FORMAT, "closed": True}


def head_of(row: Row) -> Head:
    """The inverse of `head_row`.

    Raises:
        TenantClosedError: The tenant is being deleted.
        LedgerDamagedError: The row cannot be read, or is of a later format.
    """
    try:
        if row["format"] != FORMAT:
            raise ValueError(f"it has format {row['format']}, and this version of the product knows {FORMAT}")
        if row.get("closed"):
            raise TenantClosedError(f"tenant {row['PartitionKey']} is being deleted")
        return head_of_content(content_of(row))
    except UNREADABLE as error:
        raise damaged(row, error) from error


def _counts(content: Mapping[str, Any]) -> dict[str, int]:
    for key, count in content.items():
        if not isinstance(count, int) or count < 0:
            raise ValueError(f"the count of {key} is {count!r}")
    return dict(content)


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
                "createdBy": _actor_content(resource.created_by),
                "modifiedAt": format_time(resource.modified_at),
                "modifiedBy": _actor_content(resource.modified_by),
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
        return RetiredPolicy(row["RowKey"].rpartition(":")[2], content["name"], content["appName"])
    except UNREADABLE as error:
        raise damaged(row, error) from error


def configuration_of(rows: Iterable[Row]) -> Configuration:
    """The configuration that the rows below the head hold. Policies are `remembered`.

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
    return Configuration(
        settings, apps, products, {key: remembered(policy, products) for key, policy in policies.items()}
    )


def _resource_of(row: Row) -> Resource:
    try:
        content = content_of(row)
        version = content["version"]
        match row["RowKey"].split(":")[1]:
            case "settings":
                return TenantSettings(content["autoClaimEnabled"], version)
            case "app":
                return App(
                    content["id"],
                    content["name"],
                    tuple(content["clientAppIds"]),
                    tuple(content["servicePlanIds"]),
                    version,
                )
            case "product":
                return Product(
                    content["skuId"],
                    content["skuPartNumber"],
                    content["displayName"],
                    content["totalLicenses"],
                    tuple(ServicePlan(*plan) for plan in content["servicePlans"]),
                    version,
                )
            case "policy":
                return Policy(
                    id=content["id"],
                    name=content["name"],
                    app_id=content["appId"],
                    enabled=content["enabled"],
                    products=tuple(PolicyProduct(sku_id, tuple(off)) for sku_id, off in content["products"]),
                    created_at=parse_time(content["createdAt"]),
                    created_by=_administrator_of(content["createdBy"]),
                    modified_at=parse_time(content["modifiedAt"]),
                    modified_by=_administrator_of(content["modifiedBy"]),
                    version=version,
                )
            case kind:
                raise ValueError(f"{kind!r} is no kind of configuration")
    except UNREADABLE as error:
        raise damaged(row, error) from error


def user_row(tenant_id: str, user: User, sequence: int) -> dict[str, Any]:
    """A user and all licenses of the user, as the commit of that number left them."""
    content = {
        "id": user.id,
        "principalName": user.principal_name,
        "displayName": user.display_name,
        "licenses": [
            {
                "skuId": held.sku_id,
                "off": held.disabled_service_plan_ids,
                "at": format_time(held.assigned_at),
                "by": _origin_content(held.assigned_by),
            }
            for held in user.licenses
        ],
    }
    return {**content_row(tenant_id, user_key(user.id), content), "sequence": str(sequence)}


def user_of(row: Row) -> User:
    """The inverse of `user_row`.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    try:
        content = content_of(row)
        return User(
            content["id"],
            content["principalName"],
            content["displayName"],
            tuple(
                License(held["skuId"], tuple(held["off"]), parse_time(held["at"]), _origin_of(held["by"]))
                for held in content["licenses"]
            ),
        )
    except UNREADABLE as error:
        raise damaged(row, error) from error


def _origin_content(origin: PolicyClaim | Administrator) -> dict[str, Any]:
    if isinstance(origin, Administrator):
        return _actor_content(origin)
    return {
        "policyId": origin.policy_id,
        "policyName": origin.policy_name,
        "appId": origin.app_id,
        "signInId": origin.sign_in_id,
        "sequence": origin.sequence,
        "place": origin.place,
    }


def _origin_of(content: Mapping[str, Any]) -> PolicyClaim | Administrator:
    if "policyId" not in content:
        return _administrator_of(content)
    return PolicyClaim(
        content["policyId"],
        content["policyName"],
        content["appId"],
        content["signInId"],
        content["sequence"],
        content["place"],
    )


def _actor_content(actor: Actor) -> dict[str, Any]:
    return {"id": actor.id, "name": actor.name} if isinstance(actor, Administrator) else {}


def _administrator_of(content: Mapping[str, Any]) -> Administrator:
    return Administrator(content["id"], content["name"])


def journal_row(tenant_id: str, record: JournalRecord) -> dict[str, Any]:
    """One commit."""
    entries = [
        [_actor_content(entry.actor), entry.action.value, entry.target, entry.details] for entry in record.entries
    ]
    return {
        **content_row(tenant_id, journal_key(record.sequence), entries),
        "sequence": str(record.sequence),
        "at": format_time(record.at),
        "commitId": record.commit_id,
    }


def journal_record_of(row: Row) -> JournalRecord:
    """The inverse of `journal_row`.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    try:
        return JournalRecord(
            int(row["sequence"]),
            parse_time(row["at"]),
            row["commitId"],
            tuple(
                Entry(_administrator_of(actor) if actor else SignInSource(), Action(action), target, details)
                for actor, action, target, details in content_of(row)
            ),
        )
    except UNREADABLE as error:
        raise damaged(row, error) from error
