"""What a run measures, chapter by chapter.

Whatever is compared is measured several times, each on a storage of its own with as many users (processes together:
for as long), and the best of each is taken: other work on the machine only ever makes a figure worse.
"""

import asyncio
import signal
import subprocess
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from statistics import median
from time import monotonic, sleep
from typing import Any, Final, TypeVar

import uvloop

from benchmarks import bounds, ceilings, crowd, engine, growth, naive, over_http
from benchmarks.figures import Results
from benchmarks.plot import Point
from benchmarks.stage import Process, fresh_storage, open_tenant, process_on
from benchmarks.storms import Storm
from localhost.ports import LOOPBACK
from storage.tables.table import LedgerTable

ResultT = TypeVar("ResultT")

CALLERS: Final = (1, 8, 32, 128)
BATCHES_AT_ONCE: Final = 4
SINGLE: Final = "over HTTP, 400 callers, single sign-ins"
BATCHED: Final = "over HTTP, 4 callers, batches of 100"
FASTER: Final = "claims/s of batches / single sign-ins, as many under way: median of the pairs"
CHEAPER: Final = "CPU of single sign-ins / batches: median of the pairs"
KILLED_AFTER_SECONDS: Final = 2.0
STOPPED_AFTER_SECONDS: Final = 3.5
STOPPED_SECONDS: Final = 1.0
HELD_UP_SECONDS: Final = 6.0
COMMITS_EVERY_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        users: How many claim in each storm.
        rounds: How often each storm is tried.
        crowd_seconds: How long several processes run.
        pairs: How often batches are measured beside single sign-ins.
        many_users: The larger tenant, where growth is looked for.
        many_products: Its products.
    """

    users: int
    rounds: int
    crowd_seconds: float
    pairs: int
    many_users: int
    many_products: int


FULL: Final = Size(users=4_000, rounds=3, crowd_seconds=5.0, pairs=7, many_users=50_000, many_products=300)
QUICK: Final = Size(users=1_000, rounds=1, crowd_seconds=3.0, pairs=1, many_users=2_000, many_products=50)


def the_storage(size: Size, results: Results) -> None:
    """What the storage does at best."""
    full = ceilings.FULL_ROWS
    own = [_on_fresh_storage(partial(ceilings.own_transactions, users=size.users, rows=full)) for _ in _all(size)]
    sdk = [_on_fresh_storage(partial(ceilings.sdk_transactions, users=size.users, rows=full)) for _ in _all(size)]
    with bounds.computing_beside():
        beside = [
            _on_fresh_storage(partial(ceilings.own_transactions, users=size.users, rows=full)) for _ in _all(size)
        ]
    results.add("ceiling: transactions of 99 rows, own body", max(ceilings.per_second(t, full) for t in own), "rows/s")
    results.add("SDK ceiling: the same, submit_transaction", max(ceilings.per_second(t, full) for t in sdk), "rows/s")
    slowed = max(ceilings.per_second(t, full) for t in beside)
    results.add(f"the ceiling beside a process that computes {bounds.BUSY_SHARE:.0%} of the time", slowed, "rows/s")


def one_process(size: Size, results: Results, points: list[Point]) -> None:
    """The engine in one process, and the naive loop, over callers."""
    for callers in CALLERS:
        users = _users(size, callers)
        storms = [_on_fresh_storage(partial(_claims, users=users, callers=callers)) for _ in _all(size)]
        best = max(storms, key=lambda storm: storm.per_second)
        points.append(Point("in process", callers, best.per_second, best.milliseconds(99)))
        _note(results, f"in process, {callers} callers", best)
    for callers in CALLERS[:3]:
        best = _on_fresh_storage(partial(naive.naive_claims, users=max(40, size.users // 50), callers=callers))
        points.append(Point("naive loop", callers, best.per_second, best.milliseconds(99)))
        _note(results, f"naive loop, {callers} callers", best)
    results.add("in process, 128 callers: time with a commit under way", 100 * max(_under_way(size)), "%")
    claims, bare = _on_fresh_storage(partial(_lone, users=_users(size, 1), rounds=2 * size.rounds))
    results.add("a lone claim, beside bare transactions: median", claims, "ms")
    results.add("bare transaction of 3 rows: median", bare, "ms")


def over_the_local_host(size: Size, results: Results, points: list[Point]) -> None:
    """The app, called over HTTP."""
    for callers in CALLERS:
        storms = [_http(_users(size, callers), callers) for _ in _all(size)]
        best = max(storms, key=lambda storm: storm.per_second)
        points.append(Point("over HTTP", callers, best.per_second, best.milliseconds(99)))
        _note(results, f"over HTTP, {callers} callers", best)


def batches(size: Size, results: Results) -> None:
    """Sign-ins in batches beside single ones, as many under way at once: in turn, because the machine is noisy."""
    single: list[over_http.Rate] = []
    batched: list[over_http.Rate] = []
    for _ in range(size.pairs):
        single.append(_rate(over_http.claims_over_http, size.users, BATCHES_AT_ONCE * over_http.BATCH))
        batched.append(_rate(over_http.batches_over_http, size.users, BATCHES_AT_ONCE))
    for name, rates in ((SINGLE, single), (BATCHED, batched)):
        results.add(name, max(each.per_second for each in rates), "claims/s")
        results.add(f"{name}: CPU of the app's process for each", min(each.cpu_milliseconds for each in rates), "ms")
    faster = [batch.per_second / one.per_second for one, batch in zip(single, batched, strict=True)]
    cheaper = [one.cpu_milliseconds / batch.cpu_milliseconds for one, batch in zip(single, batched, strict=True)]
    results.add(FASTER, median(faster), "x")
    results.add(CHEAPER, median(cheaper), "x")


def repeats(size: Size, results: Results) -> None:
    """People who are licensed sign in again."""
    users = min(size.users, 1_500)

    async def measure(process: Process, storage: str) -> None:
        tenant_id, _ = await engine.claims(process, users, 128)
        keys = [f"user:{name}" for name in engine.names(users)]
        fresh: list[float] = []
        own: list[float] = []
        sdk: list[float] = []
        for _ in _all(size):
            async with process_on(storage) as another:
                await another.ledger.state(tenant_id)
                fresh.append((await engine.sign_ins(another, tenant_id, engine.names(users), 128)).per_second)
            async with process_on(storage) as another:
                own.append(await ceilings.own_point_reads(another, tenant_id, keys, 128))
                sdk.append(await ceilings.sdk_point_reads(another, tenant_id, keys, 128))
        known = [(await engine.sign_ins(process, tenant_id, engine.names(users), 128)).per_second for _ in _all(size)]
        async with process_on(storage) as rival:
            committing = asyncio.create_task(_commits(rival, tenant_id))
            beside = [
                (await engine.sign_ins(process, tenant_id, engine.names(users), 128)).per_second for _ in _all(size)
            ]
            committing.cancel()
            await asyncio.wait([committing])
        results.add("ceiling: point reads, own path, 128 at once", max(own), "/s")
        results.add("point reads, the SDK's get_entity, 128 at once", max(sdk), "/s")
        results.add("repeats of users not known to the process, 128 callers", max(fresh), "/s")
        results.add("repeats of users known to the process, 128 callers", max(known), "/s")
        results.add("the same, while another process commits", max(beside), "/s")

    with fresh_storage() as storage:
        uvloop.run(_on(storage, partial(measure, storage=storage)))


def several_processes(size: Size, results: Results) -> None:
    """Several processes on one tenant."""
    for callers in (32, 128):
        alone = [_crowd(size.crowd_seconds, 1, callers) for _ in _all(size)]
        for processes in (2, 4, 8):
            tries = [_crowd(size.crowd_seconds, processes, callers) for _ in _all(size)]
            best = max(tries, key=lambda each: each.per_second)
            name = f"{processes} processes of {callers} callers"
            results.add(f"{name}: all together", best.per_second, "claims/s")
            results.add(f"{name}: p50", best.milliseconds(50), "ms")
            results.add(f"{name}: p99", best.milliseconds(99), "ms")
            results.add(f"{name}: p99 while the order is being found", best.milliseconds_at_first(99), "ms")
            results.add(f"{name}: one commit", best.commit_milliseconds, "ms")
            results.add(f"{name}: overtaken transactions", 100 * best.lost_share, "%")
            results.add(f"{name}: farthest share", 100 * min(each.farthest_share for each in tries), "% off")
        results.add(f"1 process of {callers} callers, beside them", max(each.per_second for each in alone), "claims/s")


def held_up(size: Size, results: Results) -> None:
    """A process of four is killed, and another one stopped for a while."""
    moments: list[float] = []

    def disturb(running: Sequence["subprocess.Popen[str]"]) -> None:
        sleep(KILLED_AFTER_SECONDS)
        moments.append(monotonic())
        running[0].kill()
        sleep(STOPPED_AFTER_SECONDS - KILLED_AFTER_SECONDS)
        moments.append(monotonic())
        running[1].send_signal(signal.SIGSTOP)
        sleep(STOPPED_SECONDS)
        running[1].send_signal(signal.SIGCONT)

    tries: list[tuple[float, float]] = []
    for _ in _all(size):
        moments.clear()
        seen = _crowd(HELD_UP_SECONDS, 4, 32, meanwhile=disturb)
        tries.append((seen.longest_gap(moments[0], 1.0), seen.longest_gap(moments[1], STOPPED_SECONDS)))
    results.add("a killed process holds the others up for", 1000 * min(killed for killed, _ in tries), "ms")
    results.add("a stopped process holds the others up for", 1000 * min(stopped for _, stopped in tries), "ms")


def administrators(size: Size, results: Results) -> None:
    """Administrators change a policy while four processes are stormed."""
    seconds = max(size.crowd_seconds, 5.0)
    for callers in (32, 128):
        for name, stranger in (("one of them", False), ("a fifth process", True)):
            seen = _crowd(seconds, 4, callers, administrates=not stranger, stranger=stranger)
            took, attempts = seen.changes(95)
            results.add(f"a change at {name}, storm of 4 x {callers}: p95", took, "s")
            results.add(f"a change at {name}, storm of 4 x {callers}: attempts, p95", attempts, "")


def several_tenants(size: Size, results: Results) -> None:
    """One process, 128 callers, and more tenants."""
    for tenants in (1, 10, 100):
        storms = [
            _on_fresh_storage(partial(engine.claims_of_tenants, tenants=tenants, users=size.users, callers=128))
            for _ in _all(size)
        ]
        _note(results, f"{tenants} tenants, 128 callers", max(storms, key=lambda storm: storm.per_second))


def what_must_not_grow(size: Size, results: Results) -> None:
    """Calls, rows and bytes of a claim; memory of those who wait."""
    cases = (
        ("10 users, 1 product", 10, 1),
        (f"{size.many_users:,} users, 1 product", size.many_users, 1),
        (f"10 users, {size.many_products} products", 10, size.many_products),
    )
    for name, users, products in cases:
        with fresh_storage() as storage:
            cost = uvloop.run(growth.per_claim(storage, products=products, users_before=users, users=40))
        results.add(f"a lone claim, {name}: calls", cost.calls, "")
        results.add(f"a lone claim, {name}: rows", cost.rows, "")
        results.add(f"a lone claim, {name}: bytes", cost.bytes, "")
    taken = _on_fresh_storage(partial(growth.bytes_per_waiting, waiting=4_000), growth.GatedTable)
    results.add("memory of 1,000 waiting claims", taken * 1000 / 2**20, "MiB")


def _note(results: Results, name: str, storm: Storm) -> None:
    results.add(name, storm.per_second, "claims/s")
    results.add(f"{name}: p50", storm.milliseconds(50), "ms")
    results.add(f"{name}: p99", storm.milliseconds(99), "ms")


def _all(size: Size) -> range:
    return range(size.rounds)


def _users(size: Size, callers: int) -> int:
    """Fewer where callers are few, because that takes long."""
    return {1: size.users // 8, 8: size.users // 4}.get(callers, size.users)


async def _commits(process: Process, tenant_id: str) -> None:
    """New users without end, some twenty a second: each moves the head."""
    for number in count():
        await process.sign_in(tenant_id, f"newcomer-{number}")
        await asyncio.sleep(COMMITS_EVERY_SECONDS)


async def _claims(process: Process, users: int, callers: int) -> Storm:
    return (await engine.claims(process, users, callers))[1]


def _under_way(size: Size) -> list[float]:
    """For which share of the time of each storm a commit was under way."""

    async def share(process: Process) -> float:
        tenant_id, _ = await engine.claims(process, 1, 1)
        before = bounds.seconds_under_way(process.table)
        storm = await engine.sign_ins(process, tenant_id, engine.names(size.users), 128)
        return (bounds.seconds_under_way(process.table) - before) / storm.seconds

    return [_on_fresh_storage(share, bounds.TimedTable) for _ in _all(size)]


async def _lone(process: Process, users: int, rounds: int) -> tuple[float, float]:
    """The best medians of lone claims and of bare transactions of as many rows, measured in turn, in milliseconds."""
    tenant_id, _ = await engine.claims(process, 1, 1)
    claims: list[float] = []
    bare: list[float] = []
    for turn in range(rounds):
        names = [f"lone-{turn}-{number}" for number in range(users // rounds)]
        claims.append((await engine.sign_ins(process, tenant_id, names, 1)).milliseconds(50))
        took = await ceilings.own_transactions(process, users // rounds, ceilings.LONE_ROWS)
        bare.append(1000 * ceilings.usual(took))
    return min(claims), min(bare)


def _on_fresh_storage(
    measure: Callable[[Process], Coroutine[Any, Any, ResultT]], table_class: type[LedgerTable] = LedgerTable
) -> ResultT:
    with fresh_storage() as storage:
        return uvloop.run(_on(storage, measure, table_class))


async def _on(
    storage: str,
    measure: Callable[[Process], Coroutine[Any, Any, ResultT]],
    table_class: type[LedgerTable] = LedgerTable,
) -> ResultT:
    async with process_on(storage, table_class) as process:
        return await measure(process)


def _http(users: int, callers: int) -> Storm:
    with fresh_storage() as storage, over_http.served(_port(storage)) as app:
        tenant_id = uvloop.run(_on(storage, open_tenant))

        async def measure() -> Storm:
            await over_http.claims_over_http(app, tenant_id, [f"early-{number}" for number in range(50)], 1)
            return await over_http.claims_over_http(app, tenant_id, engine.names(users), callers)

        return uvloop.run(measure())


def _rate(claim: over_http.Claim, users: int, callers: int) -> over_http.Rate:
    """What so many callers get on a storage of their own, and what it costs the app."""
    with fresh_storage() as storage, over_http.served(_port(storage)) as app:
        tenant_id = uvloop.run(_on(storage, open_tenant))

        async def measure() -> over_http.Rate:
            await claim(app, tenant_id, [f"early-{number}" for number in range(200)], 1)
            before = app.cpu_seconds()
            took = await claim(app, tenant_id, engine.names(users), callers)
            return over_http.Rate(users / took.seconds, 1000 * (app.cpu_seconds() - before) / users)

        return uvloop.run(measure())


def _port(storage: str) -> int:
    """Where the emulator with that connection string listens."""
    return int(storage.partition(f"{LOOPBACK}:")[2].partition("/")[0])


def _crowd(  # noqa: PLR0913 - as benchmarks.crowd.gather
    seconds: float,
    processes: int,
    callers: int,
    *,
    administrates: bool = False,
    stranger: bool = False,
    meanwhile: Callable[[Sequence["subprocess.Popen[str]"]], None] = lambda _: None,
) -> crowd.Crowd:
    """So many processes on one new tenant, for so many seconds."""
    with fresh_storage() as storage:
        tenant_id, policy_id = uvloop.run(_on(storage, _tenant))
        task = crowd.Task(storage, tenant_id, policy_id, callers, seconds, administrates)
        return crowd.gather(task, processes, stranger=stranger, meanwhile=meanwhile)


async def _tenant(process: Process) -> tuple[str, str]:
    tenant_id = await open_tenant(process)
    return tenant_id, next(iter((await process.ledger.state(tenant_id)).configuration.policies))
