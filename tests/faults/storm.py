"""A storm with faults: the real app in processes that die, on a storage that goes away, behind a network that cuts.

The seed chooses the tenants' ids, the clocks, who does what in which order, what the network does to which request and
when processes and storage are troubled. What it cannot choose is how the machine shares its time out between them: a
second run with the same seed is a storm of the same kind, not the same storm.
"""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from localhost.app_settings import app_environment
from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from localhost.issuer import DevelopmentIssuer
from localhost.ports import free_port
from tests.faults.administrators import AdministratorAtWork
from tests.faults.auditor import broken_rules
from tests.faults.client import Client
from tests.faults.draws import draws_from, own_draws
from tests.faults.history import Row, commits_of
from tests.faults.lives import EndedLife
from tests.faults.network import STORMY, Rates, UnreliableNetwork, unreliable_network
from tests.faults.operators import OperatorAtWork
from tests.faults.rules import Broken
from tests.faults.serving import ServedApp
from tests.faults.tenant import StormTenant, tenant_of
from tests.faults.troubles import Troubles
from tests.faults.users import Caller, crowd
from tests.faults.witness import Witness
from tests.storage.audit import rows_of

CLOCK_AHEAD_SECONDS = (-420.0, 420.0)
"""How wrong the processes' clocks are."""
CALM_SECONDS_MAX = 60.0
"""How long it may take until everything works again once all troubles are over."""
INTEGRITY_CALLS_MAX = 100


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything.

    Attributes:
        seconds: How long it storms.
        tenants: Tenants.
        processes: Processes of the app, each with a clock of its own.
        callers: Sources of sign-ins of each tenant.
        administrators: Administrators of each tenant.
        seats: Licenses of each product at first.
        crowd: People who come at the same moment.
        crowd_pauses: Seconds between two crowds of a tenant.
        process_pauses: Seconds between two troubles of processes.
        storage_pauses: Seconds between two troubles of the storage.
        deletion_pauses: Seconds between the beginning of a tenant's life and its deletion.
        deletions_max: Deletions of a tenant.
        rates: What the network does.
    """

    seconds: float
    tenants: int = 2
    processes: int = 3
    callers: int = 20
    administrators: int = 3
    seats: int = 30
    crowd: int = 130
    crowd_pauses: tuple[float, float] = (5.0, 12.0)
    process_pauses: tuple[float, float] = (3.0, 9.0)
    storage_pauses: tuple[float, float] = (10.0, 20.0)
    deletion_pauses: tuple[float, float] = (8.0, 35.0)
    deletions_max: int = 100
    rates: Rates = STORMY


@dataclass(slots=True)
class Figures:
    """What a storm was like.

    Attributes:
        claims: Claims in the journals.
        commits: Commits in the journals.
        answered: Sign-ins answered, by outcome.
        repeats: Sign-in requests that were repeats.
        unanswered: Requests whose answer was lost or 503.
        changes: Administrators' changes told to be done.
        views: Looks that the auditor checked.
        injected: What the network did to requests, by name.
        troubles: What else happened, by name.
        requests: Requests to the storage.
        lives: Lives of tenants, with those that ended.
    """

    claims: int = 0
    commits: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    unanswered: int = 0
    changes: int = 0
    views: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    lives: int = 0

    def add(self, other: "Figures") -> None:
        """Add another storm's."""
        for name in ("claims", "commits", "repeats", "unanswered", "changes", "views", "requests", "lives"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("answered", "injected", "troubles"):
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True, slots=True)
class Storm:
    """A storm that is over: its figures, and by tenant what was broken."""

    figures: Figures
    broken: dict[str, list[Broken]]


async def storm(seed: int, folder: Path, size: Size) -> Storm:
    """Storm in a folder, which has everything afterwards: rows, accounts, what processes said."""
    random = draws_from(seed)
    wall_clock_zero = time.time() - time.monotonic()
    azurite = Azurite(port=free_port(), folder=folder / "rows")
    with azurite:
        witness = Witness(partial(rows_of, azurite.connection_string))
        async with _served(random, folder, azurite, size, witness) as (network, apps, client):
            data = DataFolder(folder / "app")
            keys, issuer = data.keys(), DevelopmentIssuer(data)
            tenants = [tenant_of(random, client, issuer, keys.function) for _ in range(size.tenants)]
            for tenant in tenants:
                await tenant.prepare(random, size.seats)
            troubles = Troubles(apps, network, azurite, own_draws(random))
            network.rates = size.rates
            environment = app_environment(data, network.port, os.environ)
            operators = [
                OperatorAtWork(tenant, own_draws(random), environment, witness, size.seats) for tenant in tenants
            ]
            await _rage(random, tenants, operators, troubles, keys.master, size)
            for operator in operators:
                troubles.happened.update(operator.happened)
            for tenant in tenants:
                await _look_at_the_end(tenant, random, keys.master)
        await network.quiet()
        figures = Figures(injected=network.injected, troubles=troubles.happened, requests=network.requests)
        broken: dict[str, list[Broken]] = {}
        for tenant in tenants:
            rows = await asyncio.to_thread(rows_of, azurite.connection_string, tenant.id)
            reports = await asyncio.to_thread(rows_of, azurite.connection_string, tenant.id, "reports")
            ended = witness.ended[tenant.id]
            _count(figures, tenant, [*(life.rows for life in ended), rows])
            _keep(folder, tenant, rows, reports, ended)
            judged = rows, tenant.account, wall_clock_zero, ended, reports
            broken[tenant.id] = await asyncio.to_thread(broken_rules, *judged)
    return Storm(figures, broken)


@asynccontextmanager
async def _served(
    random: Random, folder: Path, azurite: Azurite, size: Size, witness: Witness
) -> AsyncIterator[tuple[UnreliableNetwork, list[ServedApp], Client]]:
    """The app in its processes, behind the network."""
    port = free_port()
    data = DataFolder(folder / "app")
    async with unreliable_network(azurite.port, port, own_draws(random), witness.see) as network:
        apps = [ServedApp(data, port, random.uniform(*CLOCK_AHEAD_SECONDS)) for _ in range(size.processes)]
        try:
            for app in apps:
                app.start()
            for app in apps:
                await app.serves()
            async with Client(apps) as client:
                yield network, apps, client
        finally:
            await asyncio.gather(*(asyncio.to_thread(app.stop) for app in apps))


async def _rage(  # noqa: PLR0913, PLR0917 - everybody
    random: Random,
    tenants: Sequence[StormTenant],
    operators: Sequence[OperatorAtWork],
    troubles: Troubles,
    master_key: str,
    size: Size,
) -> None:
    deadline = time.monotonic() + size.seconds
    async with asyncio.TaskGroup() as group:
        group.create_task(troubles.of_processes(deadline, size.process_pauses))
        group.create_task(troubles.of_the_storage(deadline, size.storage_pauses))
        group.create_task(troubles.of_the_network_end(deadline))
        for operator in operators:
            group.create_task(operator.work_until(deadline, size.deletion_pauses, size.deletions_max))
        for tenant in tenants:
            for _ in range(size.callers):
                group.create_task(Caller(tenant, own_draws(random)).sign_in_until(deadline))
            for _ in range(size.administrators):
                group.create_task(AdministratorAtWork(tenant, own_draws(random), master_key).work_until(deadline))
            group.create_task(_crowds(tenant, own_draws(random), deadline, size))


async def _crowds(tenant: StormTenant, random: Random, deadline: float, size: Size) -> None:
    while time.monotonic() < deadline:
        await asyncio.sleep(random.uniform(*size.crowd_pauses))
        await crowd(tenant, random, size.crowd)


async def _look_at_the_end(tenant: StormTenant, random: Random, master_key: str) -> None:
    """Everything can be read again, also after the roll-up, and the product's own check finds nothing."""
    async with asyncio.timeout(CALM_SECONDS_MAX):
        for view in ("products", "policies", "report"):
            await _look_surely(tenant, random, view)
        await AdministratorAtWork(tenant, random, master_key).counts_claims()
        await _look_surely(tenant, random, "report")
        path = "integrity"
        for _ in range(INTEGRITY_CALLS_MAX):
            reply = await tenant.read(random, path)
            if reply.status != 200:
                continue
            if reply.content["discrepancies"]:
                tenant.account.strange.append(f"/integrity says {reply.content['discrepancies']}")
            if "nextLink" not in reply.content:
                break
            path = reply.content["nextLink"].partition("/api/")[2]


async def _look_surely(tenant: StormTenant, random: Random, view: str) -> None:
    while (await tenant.look(random, view)).status != 200:  # noqa: ASYNC110 - nobody tells when it works again
        await asyncio.sleep(0.2)


def _keep(
    folder: Path, tenant: StormTenant, rows: Sequence[Row], reports: Sequence[Row], ended: Sequence[EndedLife]
) -> None:
    """What the auditor judges, so that it can be looked into, and judged again."""
    account = tenant.account
    told = {
        "sign_ins": [asdict(each) for each in account.sign_ins],
        "changes": [asdict(each) for each in account.changes],
        "views": [asdict(each) for each in account.views],
        "deletions": [asdict(each) for each in account.deletions],
        "strange": account.strange,
        "ended": [life.seen for life in ended],
    }
    (folder / f"account-{tenant.id}.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    kept = {f"life-{number}": life.rows for number, life in enumerate(ended, 1)} | {"last": rows, "reports": reports}
    for name, each in kept.items():
        (folder / f"rows-{tenant.id}-{name}.json").write_text(json.dumps(each, indent=1, default=str), encoding="utf-8")


def _count(figures: Figures, tenant: StormTenant, lives: Sequence[Sequence[Row]]) -> None:
    account = tenant.account
    commits = [commit for rows in lives for commit in commits_of(rows)]
    figures.lives += len(lives)
    figures.commits += len(commits)
    figures.claims += sum(entry.action == "license.claimed" for commit in commits for entry in commit.entries)
    figures.answered.update(account.answered)
    figures.repeats += account.repeats
    figures.unanswered += account.unanswered
    figures.changes += sum(change.is_done for change in account.changes)
    figures.views += len(account.views)
