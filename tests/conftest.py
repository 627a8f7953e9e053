"""What tests of storage and of HTTP stand on: the real emulator, and the app served on this machine."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from localhost.emulator import Azurite
from storage.engine import committer
from storage.engine.posts import leadership
from tests.service.pages import PAGES_SEED, load_before_azurite, seed_of, set_pages


def pytest_configure() -> None:
    """Before anything starts an emulator; workers of a parallel run have the same seed."""
    load_before_azurite()


def pytest_report_header() -> str:
    """How to get the same pages again."""
    return f"{PAGES_SEED}={os.environ[PAGES_SEED]}"


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    """An emulator that forgets everything at the end."""
    with Azurite() as emulator:
        yield emulator


@pytest.fixture(autouse=True)
def _pages(request: pytest.FixtureRequest) -> None:
    """The storage cuts pages as the service may, by a seed for each test, or gives whole ones where it is marked."""
    if "azurite" in request.fixturenames:
        emulator: Azurite = request.getfixturevalue("azurite")
        print(f"{PAGES_SEED}={os.environ[PAGES_SEED]}")  # noqa: T201
        is_whole = request.node.get_closest_marker("whole_pages") is not None
        set_pages(emulator.port, seed_of(request.node.nodeid), cut=not is_whole)


@pytest.fixture
def tenant_id() -> str:
    """A tenant of this test alone."""
    return str(uuid4())


@pytest.fixture(scope="session", autouse=True)
def _scrubbed_environment() -> None:
    """No setting of the developer's shell reaches a test, nor that `make test` runs it: tests call make themselves."""
    tables = ("TABLES_CONNECTION_STRING", "TABLES_URL", "TABLES_ACCOUNTS")
    settings = ("TRUSTED_ISSUERS", "API_AUDIENCES", "PUBLIC_URL")
    telemetry = ("TELEMETRY", "LOG_USER_IDS", "APPLICATIONINSIGHTS_CONNECTION_STRING")
    for name in (*tables, *settings, *telemetry, "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        os.environ.pop(name, None)


@pytest.fixture
def beyond_recall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a process knows of people is older than it may tell without a read."""
    monkeypatch.setattr(committer, "RECALL_SECONDS_MAX", -1.0)


@pytest.fixture
def nobody_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """However closely a process's commits follow each other, it leads only after it met another one's."""
    monkeypatch.setattr(leadership, "CLOSELY_SECONDS", 0.0)
