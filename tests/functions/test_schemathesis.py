"""Schemathesis drives every operation with what its description allows, and with what it does not.

In a process of its own: it brings its own event loop, warnings and hooks.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from functions.api import ALL_OPERATIONS
from functions.openapi.examples import TENANT_ID
from tests.functions.conftest import Api, Served
from tests.functions.valid import SKU, product_body, put

HERE = Path(__file__).parent
SECONDS_MAX = 240
SEED = "1"


@pytest.mark.slow
@pytest.mark.timeout(SECONDS_MAX + 30)
def test_no_request_that_can_be_described_breaks_the_app(served: Served, tmp_path: Path) -> None:
    api = Api(served, TENANT_ID)
    put(api, f"/products/{SKU}", product_body(totalLicenses=1000))
    api.turn(on=True)
    document = tmp_path / "openapi.json"
    document.write_bytes(api.anonymous("GET", "/openapi.json").content)
    api.close()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_checks.py"),
        "ADMINISTRATOR_TOKEN": api.manager,
        "ENTRA_TOKEN": served.issuer.entra_token(TENANT_ID),
        "FUNCTION_KEY": served.keys.function,
    }
    command = (
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")),
        *("run", str(document), "--url", api.url, "--no-color", "--seed", SEED),
    )

    finished = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, check=False, text=True, timeout=SECONDS_MAX
    )

    operations = sum(len(resource.known) for resource in ALL_OPERATIONS)
    assert finished.returncode == 0, finished.stdout[-20_000:] + finished.stderr[-5_000:]
    assert f"Tested: {operations}" in finished.stdout, finished.stdout
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in finished.stdout, f"{phase} did not run"
