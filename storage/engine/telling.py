"""Telling those who wait what was settled."""

import asyncio
from collections.abc import Iterable
from typing import Any

from domain.ledger import Settled
from storage.engine.posts.posting import Poster
from storage.engine.waiting import Waiting


class Telling:
    """Answers that stand and are not told yet, of one tenant."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._settled: list[tuple[Waiting, Settled[Any]]] = []
        self._resolving: set[asyncio.Task[None]] = set()

    def __bool__(self) -> bool:
        return bool(self._settled)

    def add(self, settled: Iterable[tuple[Waiting, Settled[Any] | None]]) -> None:
        """Have them told later, those who have an answer."""
        for waiting, answer in settled:
            if answer:
                waiting.is_settled = True
                self._settled.append((waiting, answer))

    def tell(self) -> None:
        """Give the answers. Who was posted before, and not answered, may have been settled elsewhere as well."""
        told, self._settled = self._settled, []
        for waiting, answer in told:
            if waiting.posted_on is not None and not waiting.answer.done():
                resolving = asyncio.create_task(self._poster.resolve(waiting, answer))
                self._resolving.add(resolving)
                resolving.add_done_callback(self._resolving.discard)
            elif not waiting.answer.done():
                waiting.answer.set_result(answer)
