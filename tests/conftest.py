"""What tests of storage and of HTTP stand on: the real emulator, and the app served on this machine."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from localhost.emulator import Azurite


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    """An emulator that forgets everything at the end."""
    with Azurite() as emulator:
        yield emulator


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
