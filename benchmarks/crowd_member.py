"""One process of a crowd: `python -m benchmarks.crowd_member`. Started by benchmarks.crowd, which says what to do.

It reads a task as JSON from stdin, says `ready`, waits for a line, and writes what happened into a file as JSON.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from functools import partial
from itertools import count, takewhile
from pathlib import Path
from time import monotonic
from typing import Any, Final

import uvloop

from benchmarks.stage import ADMINISTRATOR, ANY_VERSION, Process, process_on
from domain.changes import Decision, Effect, Stamp
from domain.errors import TooManyRequestsError
from domain.policies import PolicyEdit, update_policy
from domain.refusals import Refusal
from domain.tenant import TenantState
from storage.tables.operations import Operation
from storage.tables.table import ConflictError, LedgerTable

CHANGES_EVERY_SECONDS: Final = 0.1
RETRY_SECONDS: Final = 1.0


class WatchedTable(LedgerTable):
    """Counts its commits."""

    made = 0
    lost = 0
    seconds = 0.0

    async def commit(self, operations: Sequence[Operation]) -> list[str]:
        """See storage.tables.table.LedgerTable."""
        began = monotonic()
        try:
            etags = await super().commit(operations)
        except ConflictError:
            self.lost += 1
            raise
        self.made += 1
        self.seconds += monotonic() - began
        return etags


async def _main() -> None:
    task = json.loads(sys.stdin.readline())
    async with process_on(task["storage"], WatchedTable) as process:
        await process.ledger.state(task["tenant_id"])
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        answers, changes = await _act(process, task)
        table = process.table
        assert isinstance(table, WatchedTable)  # noqa: S101 - it was made so
        content = {
            "answers": answers,
            "changes": changes,
            "made": table.made,
            "lost": table.lost,
            "commitSeconds": table.seconds,
        }
        Path(task["out"]).write_text(json.dumps(content), encoding="utf-8")  # noqa: ASYNC240 - nothing else goes on


async def _act(process: Process, task: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """When each claim and each change was answered, and how long it took; of a change how often it was decided, too."""
    answers: list[tuple[float, float]] = []
    changes: list[tuple[float, float, int]] = []
    ends = monotonic() + task["seconds"]
    names = (f"user-{task['member']}-{number}" for number in takewhile(lambda _: monotonic() < ends, count()))

    async def caller() -> None:
        for name in names:
            asked = monotonic()
            try:
                await process.sign_in(task["tenant_id"], name)
            except TooManyRequestsError as refused:
                # A process that was stopped for a while serves slowly, as it reckons.
                await asyncio.sleep(refused.retry_after_seconds or RETRY_SECONDS)
                continue
            answers.append((monotonic(), monotonic() - asked))

    async def administrator() -> None:
        for number in count():
            asked = monotonic()
            attempts = await _rename(
                process, task["tenant_id"], task["policy_id"], f"Everyone {task['member']} {number}"
            )
            changes.append((monotonic(), monotonic() - asked, attempts))
            await asyncio.sleep(CHANGES_EVERY_SECONDS)

    administering = asyncio.create_task(administrator()) if task["administrates"] else None
    if task["callers"]:
        await asyncio.gather(*(caller() for _ in range(task["callers"])))
    else:
        await asyncio.sleep(task["seconds"])
    if administering:
        administering.cancel()
        await asyncio.wait([administering])
    return answers, changes


async def _rename(process: Process, tenant_id: str, policy_id: str, name: str) -> int:
    """Change a policy's name; gives how often it was decided."""
    attempts = 0
    edit = partial(
        update_policy, policy_id=policy_id, edit=PolicyEdit(name=name), precondition=ANY_VERSION, actor=ADMINISTRATOR
    )

    def decide(state: TenantState, stamp: Stamp) -> Decision[Refusal | Effect]:
        nonlocal attempts
        attempts += 1
        return edit(state, stamp)

    await process.change(tenant_id, decide)
    return attempts


if __name__ == "__main__":
    uvloop.run(_main())
