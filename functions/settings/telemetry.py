"""The settings of telemetry: where it goes, and how users are named in it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from functions.settings.checks import InvalidSettingError

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


class Telemetry(StrEnum):
    """Where metrics, traces and logs go."""

    OFF = "off"
    CONSOLE = "console"
    AZURE_MONITOR = "azure-monitor"


class UserIds(StrEnum):
    """How a user is named in logs and traces."""

    PLAIN = "plain"
    HASHED = "hashed"


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """The settings of telemetry.

    Attributes:
        destination: Where it goes. Off: logs alone, through the Functions host.
        user_ids: How a user is named in it.
        connection_string: Of the Application Insights resource, where it goes to Azure Monitor. It lets nobody read.
    """

    destination: Telemetry = Telemetry.OFF
    user_ids: UserIds = UserIds.PLAIN
    connection_string: str | None = field(default=None, repr=False)

    @property
    def is_on(self) -> bool:
        """Whether spans and metrics go anywhere."""
        return self.destination is not Telemetry.OFF


def choice(name: str, text: str | None, default: ChoiceT) -> ChoiceT:
    """The setting's value; the default if it is absent.

    Raises:
        InvalidSettingError: It is none of the choices.
    """
    choices = type(default)
    if text is None:
        return default
    if text not in set(choices):
        raise InvalidSettingError(f"{name}: is {text[:20]!r}; it must be {' or '.join(choices)}")
    return choices(text)
