"""Apps in processes of their own, on the emulator that all tests share. Each test has a tenant of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest

from localhost.data_folder import DataFolder
from localhost.emulator import Azurite
from tests.storms.running_app import RunningApp
from tests.storms.tenant import Tenant, tenant_on


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return DataFolder(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def one_process(azurite: Azurite, data: DataFolder) -> Iterator[RunningApp]:
    with RunningApp(data, azurite.port) as app:
        yield app


@pytest.fixture(scope="module")
def four_processes(azurite: Azurite, data: DataFolder) -> Iterator[RunningApp]:
    with RunningApp(data, azurite.port, processes=4) as app:
        yield app


@pytest.fixture
async def tenant(azurite: Azurite, four_processes: RunningApp) -> AsyncIterator[Tenant]:
    """A tenant of this test alone, served by four processes."""
    async with tenant_on(azurite.port, four_processes) as made:
        yield made
