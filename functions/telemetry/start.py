"""Starts telemetry, once in a process."""

import logging
from collections.abc import Callable
from typing import Any, Final

from functions.settings.telemetry import Telemetry, TelemetrySettings, UserIds
from functions.telemetry.logs import tell
from functions.telemetry.user_names import USER_NAMES

_QUIET: Final = ("azure.core", "azure.identity", "azure.monitor")
"""These log every request that they send, with its address."""

_started: Final[list[TelemetrySettings]] = []


def start(settings: TelemetrySettings, credential: Callable[[], Any] | None) -> None:
    """Begin to tell what happens, where the settings say. Calls after the first do nothing.

    `credential` gives what Azure Monitor is written to with, where that is not the connection string alone. Whatever
    goes wrong is logged: the app works without telemetry.
    """
    if _started:
        return
    _started.append(settings)
    USER_NAMES.are_hashed = settings.user_ids is UserIds.HASHED
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if settings.destination is Telemetry.OFF:
        return
    try:
        # OpenTelemetry's SDK costs some 60 ms to import, and nobody needs it where telemetry is off.
        from functions.telemetry import providers  # noqa: PLC0415

        providers.install(settings, credential)
    except Exception as error:  # noqa: BLE001 - whatever it is, the app works without telemetry
        tell(logging.ERROR, f"telemetry to {settings.destination} could not be started: {error}", {}, error)
