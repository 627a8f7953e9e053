"""What of a tenant is looked at during a storm: how an answer shows it, and how the replayed history does.

Each is written twice, as an answer shows it and as a state does; where the answer is true, the two are equal on some
state between question and answer.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tests.faults.history import State

Shown = Callable[[Mapping[str, Any]], object]
Expected = Callable[[State, str], object]


def _products_shown(content: Mapping[str, Any]) -> object:
    return {
        each["skuId"]: (
            each["totalLicenses"],
            each["assignedLicenses"],
            each["availableLicenses"],
            sorted(plan["servicePlanId"] for plan in each["servicePlans"]),
        )
        for each in content["value"]
    }


def _products_expected(state: State, _subject: str) -> object:
    return {
        sku_id: (
            product.total,
            state.assigned[sku_id],
            product.total - state.assigned[sku_id],
            sorted(product.plans),
        )
        for sku_id, product in state.products.items()
    }


def _policies_shown(content: Mapping[str, Any]) -> object:
    return {
        each["id"]: (
            each["appId"],
            each["enabled"],
            [(product["skuId"], sorted(product["disabledServicePlanIds"])) for product in each["products"]],
            each["claimedLicenses"],
        )
        for each in content["value"]
    }


def _policies_expected(state: State, _subject: str) -> object:
    held = Counter(
        license_.claim[1] for licenses in state.licenses.values() for license_ in licenses.values() if license_.claim
    )
    return {
        policy_id: (
            policy.app_id,
            policy.enabled,
            [(sku_id, sorted(off)) for sku_id, off in policy.products.items()],
            held[policy_id],
        )
        for policy_id, policy in state.policies.items()
    }


def _user_shown(content: Mapping[str, Any]) -> object:
    return sorted(each["skuId"] for each in content["licenses"])


def _user_expected(state: State, user_id: str) -> object:
    return sorted(state.of(user_id))


def _report_shown(content: Mapping[str, Any]) -> object:
    policies = content["policies"]
    by_day = {
        f"{policy['policyId']} {each['skuId']} {day['date']}": each["claims"]
        for policy in policies
        for day in policy["days"]
        for each in day["products"]
    }
    totals = {
        f"{policy['policyId']} {product['skuId']}": product["claims"]
        for policy in policies
        for product in policy["products"]
        if product["claims"]
    }
    return by_day, totals, content["totalClaims"]


def _report_expected(state: State, _subject: str) -> object:
    totals: Counter[str] = Counter()
    for (policy_id, sku_id, _), claims in state.claims.items():
        totals[f"{policy_id} {sku_id}"] += claims
    by_day = {" ".join(key): claims for key, claims in state.claims.items()}
    return by_day, dict(totals), totals.total()


def written(shown: object) -> str:
    """What is shown as one text, so that equal things are equal texts."""
    return json.dumps(shown, sort_keys=True)


VIEWS: Mapping[str, tuple[str, Shown, Expected]] = {
    "products": ("products", _products_shown, _products_expected),
    "policies": ("policies", _policies_shown, _policies_expected),
    "user": ("users/{}/licenses", _user_shown, _user_expected),
    "report": ("reports/auto-claim?period=7", _report_shown, _report_expected),
}
"""By name: the path to ask for, with a place for the subject; the answer's way to show it; the state's."""
