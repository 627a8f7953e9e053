"""Expected refusals: values with a stable code, not exceptions.

The functions that give them check in the order of precedence that callers are promised.
"""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Why an administrator's change was not made. The names are part of the HTTP contract."""

    APP_NOT_FOUND = "AppNotFound"
    PRODUCT_NOT_FOUND = "ProductNotFound"
    POLICY_NOT_FOUND = "PolicyNotFound"
    PRECONDITION_REQUIRED = "PreconditionRequired"
    CONDITION_NOT_MET = "ConditionNotMet"
    INVALID_PRODUCT_LIST = "InvalidProductList"
    UNKNOWN_APP = "UnknownApp"
    UNKNOWN_PRODUCT = "UnknownProduct"
    UNKNOWN_SERVICE_PLAN = "UnknownServicePlan"
    PRODUCT_LACKS_APP = "ProductLacksApp"
    CLIENT_APP_ID_TAKEN = "ClientAppIdTaken"
    LICENSES_IN_USE = "LicensesInUse"
    PRODUCT_IN_USE = "ProductInUse"
    POLICY_WOULD_LOSE_APP = "PolicyWouldLoseApp"
    APP_IN_USE = "AppInUse"
    FEATURE_OFF = "FeatureOff"
    APP_HAS_POLICY = "AppHasPolicy"
    POLICY_NAME_TAKEN = "PolicyNameTaken"
    NO_LICENSES_AVAILABLE = "NoLicensesAvailable"
    LIMIT_REACHED = "LimitReached"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that was not made.

    Attributes:
        code: What kind of refusal.
        message: What was wrong, with which value, and what would be right.
        target: The place in the request that is at fault, like `products[0].skuId`.
    """

    code: Code
    message: str
    target: str | None = None
