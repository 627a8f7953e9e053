"""`make demo`: many people sign in at once, and every rule is counted from the storage afterwards."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any, TypeVar

import aiohttp
import uvloop
from azure.core.exceptions import AzureError

from domain.errors import LedgerDamagedError
from domain.journal import Action
from localhost.audit import (
    Verdict,
    exact,
    monotone,
    never_oversold,
    nothing_lost,
    one_claim,
    prompt,
    read_books,
    takes_nothing,
)
from localhost.data_folder import DataFolder
from localhost.demo.administrator import TEAMS, AdministrationError, Administrator, demo_products, seats
from localhost.demo.callers import EntraSource, SignInError, session_of, storm
from localhost.demo.people import people
from localhost.demo.report import Progress, outcome_table, speed, verdict_table
from localhost.emulator import Azurite, AzuriteError
from localhost.issuer import DevelopmentIssuer
from localhost.ports import LOOPBACK, PortTakenError, free_port
from localhost.supervisor import Plan, StartError, StopRequestedError, Supervisor

USERS_MAX = 50_000
CALLERS_MAX = 500
"""Each has a connection, and so a file in this process: systems allow 1,024."""
PROCESSES_MAX = 32
REPEAT_EVERY = 10
LATECOMERS = 5
"""People who sign in after the policy was turned off."""

SIGNAL_POLL_SECONDS = 0.05

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the demo plays.

    Attributes:
        address: Where the app is served, without /api.
        connection_string: Of the storage behind it.
        issuer: Whose tokens the app believes.
        users: How many people sign in.
        callers: How many at once.
    """

    address: str
    connection_string: str
    issuer: DevelopmentIssuer
    users: int
    callers: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Gives the exit code: 0 if every rule held, 1 if one did not or the run failed, 130 after a signal."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--users", type=_number("USERS", USERS_MAX), default=1000)
    parser.add_argument("--callers", type=_number("CALLERS", CALLERS_MAX), default=32)
    parser.add_argument("--processes", type=_number("PROCESSES", PROCESSES_MAX), default=1)
    given = parser.parse_args(arguments)
    # Until there is a supervisor, SIGTERM ends it as Ctrl-C does; that, too, where a shell let it be ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="autoclaim-demo-") as folder:
            return _run(DataFolder(folder), given)
    except (KeyboardInterrupt, StopRequestedError):
        print("\nStopped.", file=sys.stderr)
        return 130
    except (AdministrationError, SignInError, LedgerDamagedError, AzuriteError, PortTakenError, StartError) as error:
        print(error, file=sys.stderr)
    except (AzureError, aiohttp.ClientError, TimeoutError) as error:
        print(f"The app or its storage did not answer: {error!r}", file=sys.stderr)
    return 1


def _run(data: DataFolder, given: argparse.Namespace) -> int:
    """Starts storage and app, plays, and stops both whatever happens."""
    began = time.monotonic()
    print("Starting Autoclaim and its storage.", file=sys.stderr, flush=True)
    azurite = Azurite()
    supervisor: Supervisor | None = None
    try:
        azurite.start()
        port = free_port()
        supervisor = Supervisor(
            Plan(data, port=port, table_port=azurite.port, processes=given.processes, own_azurite=False)
        )
        noted = _noted_signals()
        supervisor.start()
        address = f"http://{LOOPBACK}:{port}"
        print(
            f"Autoclaim on port {port} ({_count(given.processes, 'process', 'processes')}), its storage on port "
            f"{azurite.port}, started in {time.monotonic() - began:.1f} s.\n"
            f"{_count(given.users, 'person signs', 'people sign')} in to Microsoft Teams, "
            f"{_count(given.callers, 'caller', 'callers')} at once; a tenth come twice.",
            flush=True,
        )
        scene = Scene(address, azurite.connection_string, DevelopmentIssuer(data), given.users, given.callers)
        verdicts = _until_signal(noted, _play(scene))
    finally:
        if supervisor:
            supervisor.stop()
        azurite.stop()
    held = sum(verdict.held for verdict in verdicts)
    print(
        f"\n{held} of {len(verdicts)} rules held. All stopped; it took {time.monotonic() - began:.1f} s.",
        flush=True,
    )
    return 0 if held == len(verdicts) else 1


async def _play(scene: Scene) -> list[Verdict]:
    """Describes a new tenant, lets everybody sign in, turns off what gives licenses, and judges."""
    tenant_id = str(uuid.uuid4())
    everybody = people(scene.users + LATECOMERS)
    comers, latecomers = everybody[: scene.users], everybody[scene.users :]
    products = demo_products()
    sku_ids = [product["skuId"] for product in products]
    async with session_of(scene.address, scene.callers) as session:
        administrator = Administrator(session, scene.issuer.administrator_token(tenant_id))
        await administrator.turn_feature(on=True)
        for product, total in zip(products, seats(scene.users), strict=True):
            await administrator.put_product(product, total)
        policy_id = await administrator.create_policy(sku_ids)

        source = EntraSource(session, scene.issuer.entra_token(tenant_id), tenant_id)
        sign_ins = scene.users + len(range(0, scene.users, REPEAT_EVERY))
        progress = Progress(sign_ins)
        took = await storm(source, comers, callers=scene.callers, repeat_every=REPEAT_EVERY, progress=progress)
        print(f"\n{outcome_table(source.answers, {each['skuId']: each['displayName'] for each in products})}")
        print(f"\n{speed(source.answers, source.seconds, source.pending, took)}\n", flush=True)
        before = await asyncio.to_thread(read_books, scene.connection_string, tenant_id)

        # With licenses left, so that only the policy stands between latecomers and a claim.
        await administrator.put_product(products[0], seats(scene.users)[0] + LATECOMERS, replaces=True)
        await administrator.change_policy(policy_id, products=[{"skuId": sku_id} for sku_id in sku_ids[:-1]])
        await administrator.change_policy(policy_id, enabled=False)
        off_at = time.monotonic()
        answers = tuple(source.answers)
        for person in latecomers:
            await source.sign_in(person)
        off = await asyncio.to_thread(read_books, scene.connection_string, tenant_id)
        await administrator.turn_feature(on=False)
        after = await asyncio.to_thread(read_books, scene.connection_string, tenant_id)
    verdicts = [
        never_oversold(before),
        exact(after),
        one_claim(after, TEAMS),
        nothing_lost(after, answers),
        monotone(after, answers),
        prompt(off, source.answers, off.last_change(Action.POLICY_UPDATED), off_at),
        takes_nothing(before, after),
    ]
    print(verdict_table(verdicts))
    return verdicts


def _noted_signals() -> list[int]:
    """From now on every signal is in this list, too, and still goes where it went."""
    noted: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        handler = signal.getsignal(number)
        if callable(handler):
            signal.signal(number, partial(_note, noted, handler))
    return noted


def _note(
    noted: list[int], handler: Callable[[int, FrameType | None], Any], number: int, frame: FrameType | None
) -> None:
    noted.append(number)
    handler(number, frame)


def _until_signal(noted: list[int], play: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Runs it in an event loop.

    Raises:
        StopRequestedError: A signal came first.
    """

    async def run() -> ResultT:
        playing = asyncio.create_task(play)
        while not playing.done() and not noted:
            await asyncio.wait([playing], timeout=SIGNAL_POLL_SECONDS)
        if not playing.done():
            playing.cancel()
            await asyncio.wait([playing])
            raise StopRequestedError
        return playing.result()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


def _number(name: str, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= highest):
            raise argparse.ArgumentTypeError(f"{name}={text} is not a number from 1 to {highest:,}")
        return int(text)

    return parse


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


if __name__ == "__main__":
    sys.exit(main())
