"""GET /health: can the app work?"""

import asyncio
import logging
from typing import Final

from domain.errors import LedgerError
from functions.http.admission import ANYONE
from functions.http.answers import Answer
from functions.http.operations import Call, NoBody, Operations
from functions.schemas.health import HealthAnswer
from functions.telemetry.logs import tell
from functions.version import VERSION

operations = Operations()

STORAGE_SECONDS: Final = 2.0


@operations.operation("GET", "health", admission=ANYONE, answers={200: HealthAnswer, 503: HealthAnswer})
async def get_health(call: Call[NoBody]) -> Answer:
    """Tell whether the storage answers."""
    try:
        async with asyncio.timeout(STORAGE_SECONDS):
            await call.services.ledger.check()
    except (LedgerError, TimeoutError) as error:
        tell(logging.WARNING, f"the storage is unavailable: {error}", call.observation.fields)
        return Answer(503, HealthAnswer(status="unavailable", storage="unavailable", version=VERSION))
    return Answer(body=HealthAnswer(status="ok", storage="ok", version=VERSION))
