"""Answers that need no commit: they hold at a moment after their question came in."""

from collections.abc import Sequence
from typing import Any

from domain.ledger import Settled
from storage.engine.drafting import Draft
from storage.engine.standing import Standing, StandingReader
from storage.engine.waiting import Waiting


async def confirmed(
    reader: StandingReader, standing: Standing, batch: Sequence[Waiting], draft: Draft
) -> Sequence[Settled[Any] | None]:
    """The draft's answers, where nothing changes, that hold after their proposals came in; None for others.

    Raises:
        LedgerUnavailableError: The head could not be read.
    """
    if not batch:
        return []
    latest = standing
    if standing.as_of < max(draft.life_since, *(waiting.arrived for waiting in batch)):
        # If that finds the same head, it moves `as_of` on; if not, some came in before this standing was read.
        latest = await reader.fresh()
    if not latest.is_of_life(standing):
        return []
    return [
        settled if waiting.arrived <= standing.as_of else None
        for waiting, settled in zip(batch, draft.settled, strict=False)
    ]
