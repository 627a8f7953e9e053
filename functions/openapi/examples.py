"""A body that fits, for each operation that takes one: what a reader tries first. Together they tell one story."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from functions.http.parameters import PATH_PARAMETERS
from functions.schemas.apps import AppWrite
from functions.schemas.policies import PolicyCreation, PolicyUpdate
from functions.schemas.products import ProductWrite
from functions.schemas.settings import SettingsUpdate
from functions.schemas.users import LicenseWrite
from functions.sources.entra import TokenIssuanceStartEvent
from functions.sources.sign_ins import SignInBatch, SignInEvent

TENANT_ID: Final = "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30"
_SKU_ID: Final = PATH_PARAMETERS["skuId"].example
_USER: Final = {
    "id": PATH_PARAMETERS["userId"].example,
    "userPrincipalName": "ada@contoso.example",
    "displayName": "Ada Lovelace",
}
_TEAMS: Final = "57ff2da0-773e-42df-b2af-ffb7a2317929"
_EXCHANGE: Final = "9aaf7827-d63c-4b61-89c3-182f06f82e5c"
_SIGN_IN: Final = {
    "tenantId": TENANT_ID,
    "appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
    "user": _USER,
    "signInId": "2026-01-31/4711",
    "signedInAt": "2026-01-31T09:00:00.000Z",
}

EXAMPLES: Final[Mapping[type[BaseModel], Mapping[str, Any]]] = {
    SettingsUpdate: {"autoClaimEnabled": True},
    AppWrite: {
        "name": "Microsoft Teams",
        "clientAppIds": ["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"],
        "servicePlanIds": [_TEAMS],
    },
    ProductWrite: {
        "skuPartNumber": "STANDARDPACK",
        "displayName": "Office 365 E1",
        "totalLicenses": 25,
        "servicePlans": [
            {"servicePlanId": _TEAMS, "servicePlanName": "TEAMS1", "displayName": "Microsoft Teams"},
            {
                "servicePlanId": _EXCHANGE,
                "servicePlanName": "EXCHANGE_S_STANDARD",
                "displayName": "Exchange Online (Plan 1)",
            },
        ],
    },
    PolicyCreation: {
        "name": "Teams for everybody",
        "appId": "microsoft-teams",
        "products": [{"skuId": _SKU_ID, "disabledServicePlanIds": [_EXCHANGE]}],
        "enabled": True,
    },
    PolicyUpdate: {"name": "Teams and mail for everybody", "products": [{"skuId": _SKU_ID}]},
    LicenseWrite: {"disabledServicePlanIds": [_EXCHANGE]},
    SignInEvent: _SIGN_IN,
    SignInBatch: {
        "signIns": [
            _SIGN_IN,
            {
                **_SIGN_IN,
                "user": {"id": "2b0e9f4c-7d1a-4c1f-8a55-93c9a1b9d0e2", "displayName": "Bob Martin"},
                "signInId": "2026-01-31/4712",
            },
        ]
    },
    TokenIssuanceStartEvent: {
        "type": "microsoft.graph.authenticationEvent.tokenIssuanceStart",
        "source": f"/tenants/{TENANT_ID}/applications/1fec8e78-bce4-4aaf-ab1b-5451cc387264",
        "data": {
            "@odata.type": "microsoft.graph.onTokenIssuanceStartCalloutData",
            "tenantId": TENANT_ID,
            "authenticationEventListenerId": "cb3fe5a3-5d3c-4a6e-bf0b-31c6b1d7a9a6",
            "customAuthenticationExtensionId": "5a9e9b1c-6d1e-4c3a-8a54-4f4c1f3a5f52",
            "authenticationContext": {
                "correlationId": "6f3a9d3e-9d55-4c7e-8c43-5b1de9f6a6b1",
                "client": {"ip": "192.0.2.1", "locale": "en-us", "market": "en-us"},
                "protocol": "OAUTH2.0",
                "clientServicePrincipal": {"appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264"},
                "user": _USER,
            },
        },
    },
}
