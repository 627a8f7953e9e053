"""The products of the sample tenant and the demo: those that the pages offer to add, with licenses that were bought."""

import json
from collections.abc import Mapping
from typing import Any, Final

from domain.catalog import Product, ServicePlan
from localhost.data_folder import PROJECT_FOLDER

KNOWN_PRODUCTS_FILE: Final = PROJECT_FOLDER / "portal/src/pages/licenses/products/knownProducts.json"

_TOTAL_LICENSES: Final = {
    "AAD_PREMIUM": 350,
    "DESKLESSPACK": 200,
    "ENTERPRISEPACK": 400,
    "ENTERPRISEPREMIUM": 120,
    "EXCHANGESTANDARD": 90,
    "FLOW_FREE": 10000,
    "FLOW_PER_USER": 30,
    "M365_F1": 180,
    "Microsoft_365_Copilot": 35,
    "Microsoft_Teams_EEA_New": 45,
    "Microsoft_Teams_Enterprise_New": 20,
    "O365_BUSINESS_ESSENTIALS": 80,
    "O365_BUSINESS_PREMIUM": 100,
    "POWERAPPS_PER_USER": 40,
    "POWERAPPS_VIRAL": 10000,
    "POWERAUTOMATE_ATTENDED_RPA": 10,
    "POWER_BI_PRO": 65,
    "PROJECTPROFESSIONAL": 12,
    "SPB": 60,
    "SPE_E3": 300,
    "SPE_E5": 75,
    "SPE_F1": 250,
    "STANDARDPACK": 150,
    "TEAMS_COMMERCIAL_TRIAL": 25,
    "TEAMS_ESSENTIALS_AAD": 55,
    "TEAMS_EXPLORATORY": 50,
    "TEAMS_FREE": 500,
    "VISIOCLIENT": 15,
}


def known_products() -> dict[str, Mapping[str, Any]]:
    """Each product as the API takes one, with its id and without a total, by part number."""
    described = json.loads(KNOWN_PRODUCTS_FILE.read_text(encoding="utf-8"))
    return {each["skuPartNumber"]: each for each in described}


def sample_products() -> dict[str, Product]:
    """The sample tenant's products, by part number."""
    return {part_number: _product(each) for part_number, each in known_products().items()}


def _product(described: Mapping[str, Any]) -> Product:
    plans = tuple(
        ServicePlan(plan["servicePlanId"], plan["servicePlanName"], plan["displayName"])
        for plan in described["servicePlans"]
    )
    names = (described["skuId"], described["skuPartNumber"], described["displayName"])
    return Product(*names, _TOTAL_LICENSES[described["skuPartNumber"]], plans)
