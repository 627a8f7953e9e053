"""The forms of texts in answers, by the field's name: a word means the same everywhere in this API.

What requests may send is checked, so its form stands at its type. Answers need no check, only these descriptions.
"""

from typing import Any, Final

_GUID: Final = {
    "format": "uuid",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
}
_TIME: Final = {
    "format": "date-time",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
}
_DAY: Final = {"format": "date"}

FORMS: Final[dict[str, dict[str, Any]]] = {
    **dict.fromkeys(("tenantId", "skuId", "policyId", "servicePlanId", "autoClaimSkuId"), _GUID),
    **dict.fromkeys(("servicePlanIds", "disabledServicePlanIds"), _GUID),
    **dict.fromkeys(("at", "assignedAt", "claimedAt", "createdAt", "modifiedAt"), _TIME),
    **dict.fromkeys(("generatedAt", "rolledUpTo", "checkedAt"), _TIME),
    **dict.fromkeys(("date", "from", "to"), _DAY),
    "etag": {"pattern": '^"(0|[1-9][0-9]*)"$'},
    "nextLink": {"format": "uri"},
}
_TEXT: Final = {"type": "string"}


def with_form(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of an answer's field, with its form if that is known."""
    form = FORMS.get(name, {})
    if schema == _TEXT:
        return {**schema, **form}
    if schema.get("items") == _TEXT:
        return {**schema, "items": {**_TEXT, **form}}
    return schema
