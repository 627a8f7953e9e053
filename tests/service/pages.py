"""How a test says which pages the storage gives: the service's, cut by a seed, or whole ones."""

import os
from http.client import HTTPConnection
from pathlib import Path
from random import SystemRandom
from zlib import crc32

from localhost.ports import LOOPBACK

PAGES_SEED = "AUTOCLAIM_PAGES_SEED"
"""Setting of a test run: gives the pages of another run again; 0 gives one row a page, in every test."""

_BEFORE_AZURITE = Path(__file__).with_name("before_azurite.cjs")
_ANSWER_SECONDS = 10


def load_before_azurite() -> None:
    """Every Azurite that is started from now on, by this process or by one that it starts, is like the service."""
    os.environ.setdefault(PAGES_SEED, str(SystemRandom().randrange(1 << 32)))
    options = os.environ.get("NODE_OPTIONS", "")
    # A copy of the project that is tested within a test does not load another on top.
    if _BEFORE_AZURITE.name not in options:
        os.environ["NODE_OPTIONS"] = f'{options} --require "{_BEFORE_AZURITE}"'.strip()


def seed_of(test: str) -> int:
    """The seed of one test's pages: the same in each run with the same setting, whatever else runs."""
    run = os.environ[PAGES_SEED]
    return crc32(f"{run} {test}".encode()) if run != "0" else 0


def set_pages(port: int, seed: int, *, cut: bool) -> None:
    """From now on the Azurite at this port pages by the seed, or gives whole pages."""
    connection = HTTPConnection(LOOPBACK, port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("PUT", f"/pages?seed={seed}&cut={int(cut)}")
        response = connection.getresponse()
        response.read()
        assert response.status == 204, "this Azurite was started without what tests put before it"
    finally:
        connection.close()
