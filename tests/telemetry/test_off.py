"""Off costs nothing: neither the SDK nor an exporter is imported, and nothing is recorded."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from localhost.app_settings import app_settings
from localhost.data_folder import PROJECT_FOLDER, DataFolder

SHOW_IMPORTED = """
import asyncio, sys
import function_app
from functions.composition import close_services, services
async def use():
    services()
    await close_services()
asyncio.run(use())
print(*(name for name in sys.modules if name.startswith(("opentelemetry.sdk", "azure.monitor", "azure.identity"))))
"""


@pytest.mark.parametrize(
    ("telemetry", "is_imported"), [({}, False), ({"TELEMETRY": "off"}, False), ({"TELEMETRY": "console"}, True)]
)
def test_off_the_sdk_is_not_imported(telemetry: dict[str, str], tmp_path: Path, *, is_imported: bool) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", SHOW_IMPORTED],
        cwd=PROJECT_FOLDER,
        env={"PATH": os.environ["PATH"], **app_settings(DataFolder(tmp_path), 1), **telemetry},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ("opentelemetry.sdk" in finished.stdout) is is_imported
    assert "azure.monitor" not in finished.stdout


def test_to_azure_monitor_the_exporters_are_not_imported_before_there_is_something_to_send(tmp_path: Path) -> None:
    connection_string = f"InstrumentationKey={'0' * 8}-0000-4000-8000-{'0' * 12};IngestionEndpoint=https://127.0.0.1:9/"
    finished = subprocess.run(
        [sys.executable, "-c", SHOW_IMPORTED],
        cwd=PROJECT_FOLDER,
        env={
            "PATH": os.environ["PATH"],
            **app_settings(DataFolder(tmp_path), 1),
            "TELEMETRY": "azure-monitor",
            "APPLICATIONINSIGHTS_CONNECTION_STRING": connection_string,
        },
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "opentelemetry.sdk" in finished.stdout
    assert "azure.monitor" not in finished.stdout


def test_only_telemetry_knows_the_sdk_and_only_its_start_leads_there() -> None:
    sources = {
        path.relative_to(PROJECT_FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("functions", "storage", "domain")
        for path in (PROJECT_FOLDER / folder).rglob("*.py")
        if "node_modules" not in path.parts
    }
    ways_out = {f"functions/telemetry/{name}.py" for name in ("providers", "console", "azure_monitor", "temporality")}
    assert {name for name, text in sources.items() if "opentelemetry.sdk" in text} == ways_out
    modules = "|".join(Path(name).stem for name in sorted(ways_out))
    imports = re.compile(rf"from functions\.telemetry(?:\.(?:{modules})\b| import (?:{modules})\b)")
    leading = {name for name, text in sources.items() if imports.search(text)} - ways_out
    assert leading == {"functions/telemetry/start.py"}
