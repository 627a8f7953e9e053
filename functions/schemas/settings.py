"""Tenant settings as requests and answers."""

from domain.catalog import TenantSettings
from functions.schemas.fields import Flag, RequestModel, VersionedModel, etag_of


class SettingsUpdate(RequestModel):
    """What to change of the settings."""

    auto_claim_enabled: Flag = None  # type: ignore[assignment]  # absent; null is refused


class SettingsAnswer(VersionedModel):
    """The settings of a tenant."""

    auto_claim_enabled: bool


def settings_answer(settings: TenantSettings) -> SettingsAnswer:
    """The settings as they are answered."""
    return SettingsAnswer(auto_claim_enabled=settings.auto_claim_enabled, etag=etag_of(settings.version))
