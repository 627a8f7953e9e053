"""The app served on an emulator of its own, with everything that it tells kept in memory instead of sent."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions import composition
from functions.settings.telemetry import Telemetry, TelemetrySettings
from functions.telemetry import start
from functions.telemetry.user_names import USER_NAMES
from localhost.app_settings import app_settings
from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from tests.functions.conftest import Api, Served
from tests.functions.variants import app_with
from tests.telemetry.kept import Kept


@pytest.fixture(scope="session")
def all_kept() -> Kept:
    """OpenTelemetry is set up once in a process."""
    return Kept()


@pytest.fixture
def kept(all_kept: Kept) -> Iterator[Kept]:
    """What is told from now on."""
    all_kept.begin()
    yield all_kept
    all_kept.end()


@pytest.fixture(scope="module")
def own_azurite() -> Iterator[Azurite]:
    """Timers go through all tenants: other tests' would take their time."""
    with Azurite() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def served(own_azurite: Azurite, all_kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app, with telemetry on."""
    del all_kept
    folder = Path(tmp_path_factory.mktemp("data"))
    settings = app_settings(DataFolder(folder), own_azurite.port) | {"TELEMETRY": "console"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        # It is started already: by `all_kept`, and to go elsewhere.
        patch.setattr(start, "_started", [TelemetrySettings(Telemetry.CONSOLE)])
        asyncio.run(composition.create_tables())
        with app_with(folder, settings) as app:
            yield app


@pytest.fixture
def api(served: Served, tenant_id: str) -> Iterator[Api]:
    """A client for a tenant of this test alone."""
    client = Api(served, tenant_id)
    yield client
    client.close()


@pytest.fixture
def hashed() -> Iterator[None]:
    """Users are named by a hash."""
    USER_NAMES.are_hashed = True
    yield
    USER_NAMES.are_hashed = False


@pytest.fixture
def _all_logged(caplog: pytest.LogCaptureFixture) -> None:
    """As in the Functions worker."""
    caplog.set_level(logging.INFO)
