"""Which settings of telemetry are taken, and what is said about the others."""

import pytest

from functions.settings.checks import InvalidSettingError
from functions.settings.environment import read_settings
from functions.settings.telemetry import Telemetry, TelemetrySettings, UserIds
from tests.functions.authentication.test_settings import GOOD


def test_telemetry_is_off_by_default_and_users_are_named_by_their_ids() -> None:
    telemetry = read_settings(GOOD).telemetry

    assert telemetry == TelemetrySettings(Telemetry.OFF, UserIds.PLAIN, None)
    assert not telemetry.is_on


def test_every_setting_of_telemetry_is_read_and_the_connection_string_is_not_shown() -> None:
    given = {
        "TELEMETRY": "azure-monitor",
        "LOG_USER_IDS": "hashed",
        "APPLICATIONINSIGHTS_CONNECTION_STRING": "InstrumentationKey=secret",
    }
    telemetry = read_settings(GOOD | given).telemetry

    assert telemetry == TelemetrySettings(Telemetry.AZURE_MONITOR, UserIds.HASHED, "InstrumentationKey=secret")
    assert telemetry.is_on
    assert "secret" not in repr(telemetry)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"TELEMETRY": "on"}, "TELEMETRY: is 'on'; it must be off or console or azure-monitor"),
        ({"LOG_USER_IDS": "Hashed"}, "LOG_USER_IDS: is 'Hashed'; it must be plain or hashed"),
        (
            {"TELEMETRY": "azure-monitor"},
            "APPLICATIONINSIGHTS_CONNECTION_STRING: is missing; TELEMETRY=azure-monitor needs",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidSettingError) as refused:
        read_settings(GOOD | given)
    assert said in str(refused.value)
