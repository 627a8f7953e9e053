"""The metrics of what calls us. Those of the ledger are in storage.instruments."""

from typing import Final

from opentelemetry.metrics import get_meter

from domain.sign_ins import Outcome

NAME: Final = "autoclaim"

UNAVAILABLE: Final = "unavailable"
"""In place of an outcome, where there was none in time."""

_meter = get_meter(NAME)

_SIGN_INS: Final = _meter.create_counter("autoclaim.sign_ins", unit="{sign_in}", description="Sign-ins by outcome")
ROLL_UP_LAG: Final = _meter.create_gauge(
    "autoclaim.rollup.lag",
    unit="s",
    description="At the end of a run: the age of the oldest commit that reports have not counted",
)
TENANTS_FAILED: Final = _meter.create_counter(
    "autoclaim.rollup.tenants_failed", unit="{tenant}", description="Tenants that a roll-up failed for"
)
SEATS_AVAILABLE: Final = _meter.create_gauge(
    "autoclaim.seats.available", unit="{license}", description="Licenses left of a product, as of the last roll-up"
)
PROBLEMS: Final = _meter.create_counter(
    "autoclaim.integrity.problems", unit="{problem}", description="What the nightly check found wrong"
)


def count_sign_in(outcome: Outcome | None) -> None:
    """Count a sign-in; None where it had no outcome in time."""
    _SIGN_INS.add(1, {"outcome": outcome.value if outcome else UNAVAILABLE})
