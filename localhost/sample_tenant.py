"""Makes the sample tenant: 90 days of history, settled by the app's own ledger on a clock that is set back.

It can be cut short at any point and run again: a finished tenant is marked in the data folder, and what was settled is
not settled again. What somebody has changed since then stays as it is; whoever writes to the tenant meanwhile ends its
past, because time does not run backwards, and finds the rest missing.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import uvloop

from domain.actors import Administrator
from domain.errors import LedgerError
from localhost.data_folder import DataFolder, DataFolderError
from localhost.emulator import connection_string
from localhost.issuer import ADMINISTRATOR_NAME, SAMPLE_TENANT, object_id
from localhost.past import Past, past_on
from localhost.sample_history import DAYS, TEAMS, Moment, history
from localhost.sample_products import sample_products

ATTEMPTS: Final = 5
"""Tries of one moment while the storage does not answer."""
PAUSE_SECONDS: Final = 0.5
ROLL_UP_STEPS: Final = 20
"""More than the history takes."""


class SampleTenantError(Exception):
    """The storage did not do what the sample tenant needs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes the tenant, in a storage whose tables exist. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="sample_tenant", description=main.__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--table-port", type=int, required=True)
    given = parser.parse_args(arguments)
    try:
        data = DataFolder(given.data)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(make_sample_tenant(connection_string(given.table_port), data, datetime.now(UTC)))
    except (DataFolderError, SampleTenantError) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


async def make_sample_tenant(storage: str, data: DataFolder, now: datetime, tenant_id: str = SAMPLE_TENANT) -> None:
    """Afterwards the tenant is complete up to now, rolled up, and marked as such.

    Args:
        storage: The connection string; the tables exist.
        data: The folder that is marked.
        now: Where the history ends.
        tenant_id: The tenant.

    Raises:
        SampleTenantError: The storage did not answer; another call goes on from there.
    """
    administrator = Administrator(object_id(ADMINISTRATOR_NAME), ADMINISTRATOR_NAME)
    async with past_on(storage) as past:
        try:
            first_day = await _first_day(past, tenant_id) or now.date() - timedelta(days=DAYS - 1)
            moments = list(history(tenant_id, sample_products(), administrator, first_day, now))
            await _tell(past, tenant_id, moments, now)
            await past.upkeep.roll_up(tenant_id, ROLL_UP_STEPS)
            state = await past.ledger.state(tenant_id)
        except LedgerError as error:
            raise SampleTenantError(f"The sample tenant is not complete: {error}") from error
    data.sample_tenant_mark.touch()
    told = (now.date() - first_day).days + 1
    print(
        f"The sample tenant is complete: {len(state.configuration.products)} products, "
        f"{len(state.configuration.policies)} policies, {sum(state.head.assigned.values()):,} licenses "
        f"held after {told} days.",
        flush=True,
    )


async def _first_day(past: Past, tenant_id: str) -> date | None:
    """The day of the tenant's first commit, if it has had one: a history that was cut short goes on as it began."""
    first, _ = await past.records.commits_before(tenant_id, 2, 1)
    return first[0].at.date() if first else None


async def _tell(past: Past, tenant_id: str, moments: Sequence[Moment], now: datetime) -> None:
    """Settles what has not been. What is before the tenant's last commit has been, or cannot be any more."""
    state = await past.ledger.state(tenant_id)
    last = state.head.at
    is_open = TEAMS in state.configuration.policy_by_app_id
    for moment in moments:
        if (moment.is_opening and not is_open) or last is None or moment.at >= last:
            last = await _settle(past, tenant_id, moment, min(moment.at, now))


async def _settle(past: Past, tenant_id: str, moment: Moment, at: datetime) -> datetime | None:
    """Settles a moment; gives the time of the tenant's last commit then."""
    past.clock.at = at
    for attempt in range(1, ATTEMPTS + 1):
        settling = (past.ledger.settle(tenant_id, proposal) for proposal in moment.proposals)
        settled = await asyncio.gather(*settling, return_exceptions=True)
        failed = [each for each in settled if isinstance(each, BaseException)]
        if not failed:
            times = [each.state.head.at for each in settled if not isinstance(each, BaseException)]
            return max((at for at in times if at), default=None)
        if attempt == ATTEMPTS or not isinstance(failed[0], LedgerError):
            raise failed[0]
        await asyncio.sleep(PAUSE_SECONDS)
    return None


if __name__ == "__main__":
    sys.exit(main())
