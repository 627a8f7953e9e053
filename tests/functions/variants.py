"""The app once more, with other settings: beside the one of all other tests, in the same process."""

import runpy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import function_app
from localhost.data_folder import DataFolder
from tests.functions.conftest import Served

SETTINGS = ("TABLES_CONNECTION_STRING", "TABLES_ACCOUNTS", "TRUSTED_ISSUERS", "API_AUDIENCES", "PUBLIC_URL")


@contextmanager
def app_with(folder: Path, settings: Mapping[str, str]) -> Iterator[Served]:
    """An app that has these settings and no others."""
    with pytest.MonkeyPatch.context() as patch:
        # An app can be indexed once only.
        patch.setattr(function_app, "app", runpy.run_path(str(function_app.__file__))["app"])
        for name in SETTINGS:
            patch.delenv(name, raising=False)
        for name, value in settings.items():
            patch.setenv(name, value)
        app = Served(DataFolder(folder))
        app.start()
        # The settings are read by the first request.
        assert httpx.get(f"{app.url}/api/me").status_code == 401
    try:
        yield app
    finally:
        app.stop()
