"""/settings: the tenant's settings."""

from functools import partial

from domain import settings
from functions.http.admission import MANAGERS, READERS
from functions.http.answers import Answer, versioned
from functions.http.operations import Call, NoBody, Operations
from functions.schemas.settings import SettingsAnswer, SettingsUpdate, settings_answer

operations = Operations()


@operations.operation("GET", "settings", admission=READERS, answers={200: SettingsAnswer})
async def get_settings(call: Call[NoBody]) -> Answer:
    """Read the tenant's settings."""
    state = await call.state()
    return versioned(settings_answer(state.configuration.settings))


@operations.operation(
    "PATCH",
    "settings",
    admission=MANAGERS,
    body=SettingsUpdate,
    conditional=True,
    answers={200: SettingsAnswer},
)
async def update_settings(call: Call[SettingsUpdate]) -> Answer:
    """Turn the feature on or off. Off, nobody claims from that moment, and nobody loses a license."""
    state, _ = await call.change(
        partial(
            settings.update_settings,
            auto_claim_enabled=call.body.auto_claim_enabled,
            precondition=call.precondition,
            actor=call.caller.administrator,
        )
    )
    return versioned(settings_answer(state.configuration.settings))
