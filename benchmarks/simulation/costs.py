"""What everything costs, in seconds: the only thing that the simulation does not take from the product itself."""

from dataclasses import dataclass, replace
from typing import Final

from benchmarks.ceilings import FULL_ROWS

PARTITION_ROWS_PER_SECOND: Final = 2_000
ACCOUNT_REQUESTS_PER_SECOND: Final = 20_000
"""Microsoft, "Scalability and performance targets for Table storage": entities of 1 KiB, up to so many.

A larger entity is counted as several here, and each entity of a transaction or a query as a request: nobody says that
the service does, so this is the safe side.
"""

ENTITY_COUNTED_BYTES: Final = 1024

BURST_SECONDS: Final = 0.25
"""Assumed, since it is not published: for how long a partition that was idle takes rows as fast as they come."""


@dataclass(frozen=True, slots=True)
class Costs:
    """All in seconds, of CPU on one core where it says so.

    Attributes:
        claim_cpu_seconds: What a claim takes in its process, every time that it is decided, without sending its row.
        request_cpu_seconds: What a point read or a transaction takes in the process, whatever it carries.
        row_cpu_seconds: What each row of a transaction, or of a query's answer, takes in the process, besides.
        transaction_seconds: What a transaction takes in the storage, whatever it carries.
        received_row_seconds: What each of its rows takes there before ETags are checked: a refused one ends then.
        written_row_seconds: What each of its rows takes there after that.
        read_seconds: What a point read takes there.
        growth: By which share `written_row_seconds` and `read_seconds` grow for each 1,000 rows in the partition.
        travel_seconds: There and back over the network.
        spread: How much the storage's times differ: the standard deviation of their logarithm.
        one_thread: The storage is one thread on the same machine: the emulator. Otherwise it does everything at once.
        cores: What the processes, and a storage of one thread, share; None gives each process a core of its own.
        rows_per_second: How many rows of 1 KiB a partition reads and writes a second before it is too busy; None: no
            limit.
        account_rows_per_second: The same of all partitions together.
        counted_bytes: A larger row counts as several for these two; None: each counts as one, however large.
        call_cpu_seconds: What a sign-in takes in its process before the ledger hears of it: HTTP, schema, credential.
            It is spent as well on one who is refused then.
        abandoned_cpu_seconds: What is spent instead on one who has left when it is their turn to be taken up.
        query_cpu_seconds: What a query takes in the process, whatever it gives: the SDK makes it.
        scanned_row_seconds: What each row in a query's range takes in the storage.
    """

    claim_cpu_seconds: float
    request_cpu_seconds: float
    row_cpu_seconds: float
    transaction_seconds: float
    received_row_seconds: float
    written_row_seconds: float
    read_seconds: float
    growth: float = 0.0
    travel_seconds: float = 0.0
    spread: float = 0.2
    one_thread: bool = True
    cores: int | None = 2
    rows_per_second: int | None = None
    account_rows_per_second: int | None = None
    counted_bytes: int | None = None
    call_cpu_seconds: float = 0.0
    abandoned_cpu_seconds: float = 0.0
    query_cpu_seconds: float = 0.0025
    scanned_row_seconds: float = 0.0


TYPICAL: Final = Costs(
    claim_cpu_seconds=0.00022,
    request_cpu_seconds=0.0007,
    row_cpu_seconds=0.000025,
    transaction_seconds=0.001,
    received_row_seconds=0.00003,
    written_row_seconds=0.0002,
    read_seconds=0.0011,
    growth=0.2,
)
"""The emulator's on the machine that this was written on, rounded: so that figures can be made without a benchmark."""

HTTP_CPU_SECONDS: Final = 0.0015
"""A sign-in in an app that serves HTTP, besides its claim. Assumed: the local host needs half of it at most."""

ABANDONED_SHARE: Final = 1 / 3
"""Assumed: what is spent of it on a call whose caller has left before it is taken up. The host must read it to see so.

It matters only where cores are short. If it were nothing, cores could never be kept busy by people who are not there
any more; if it were all, an instance that is overloaded once would serve nobody until people give up.
"""


def service_costs(measured: Costs, *, full_transaction_seconds: float, call_cpu_seconds: float) -> Costs:
    """The costs of the real service: its published limits, this machine's CPU, and an assumed speed.

    Nobody publishes how long the service takes for a call, so that is an argument. A point read, and a transaction of
    hardly any rows, are assumed to take a fifth of a full one; a row that a query looks at, a quarter of one that is
    written. A core for each process.

    Args:
        measured: For the CPU costs.
        full_transaction_seconds: What a transaction of 99 rows takes, with the way there and back.
        call_cpu_seconds: What a sign-in takes in its process besides its claim.
    """
    least = full_transaction_seconds / 5
    row = (full_transaction_seconds - least) / FULL_ROWS
    return replace(
        measured,
        transaction_seconds=least / 2,
        received_row_seconds=row,
        written_row_seconds=0.0,
        read_seconds=least / 2,
        travel_seconds=least / 2,
        growth=0.0,
        spread=0.4,
        one_thread=False,
        cores=None,
        rows_per_second=PARTITION_ROWS_PER_SECOND,
        account_rows_per_second=ACCOUNT_REQUESTS_PER_SECOND,
        scanned_row_seconds=row / 4,
        call_cpu_seconds=call_cpu_seconds,
        abandoned_cpu_seconds=call_cpu_seconds * ABANDONED_SHARE,
    )
