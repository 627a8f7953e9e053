"""A real process of the local host with TELEMETRY=console: metrics and the trace of one claim, as it prints them."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.composition import create_tables
from localhost.app_settings import app_settings
from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.emulator import Azurite
from localhost.issuer import SAMPLE_TENANT, DevelopmentIssuer
from localhost.ports import LOOPBACK, free_port
from localhost.worker_process import WorkerProcess
from tests.domain.tenants import E1
from tests.functions.valid import product_body
from tests.localhost.local_run import WAIT_SECONDS, until

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


@contextmanager
def serving(data: DataFolder, table_port: int, output: Path) -> Iterator[str]:
    """A process of the local host."""
    port = free_port()
    environment = {
        **os.environ,
        **app_settings(data, table_port),
        "TELEMETRY": "console",
        "PYTHONPATH": str(PROJECT_FOLDER),
    }
    command = ["-m", "localhost.worker", "--app", "function_app", "--data", str(data.path), "--port", str(port)]
    shell = f'exec "$@" 2>{output}'
    worker = WorkerProcess(["bash", "-c", shell, "bash", sys.executable, *command], environment)
    worker.spawn()
    try:
        until(worker.is_ready)
        yield f"http://{LOOPBACK}:{port}/api"
    finally:
        worker.close()
        assert worker.process
        try:
            worker.process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            raise


@pytest.fixture(scope="module")
def told(own_azurite: Azurite, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What one claim made the process print."""
    folder = tmp_path_factory.mktemp("console")
    data = DataFolder(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in app_settings(data, own_azurite.port).items():
            patch.setenv(name, value)
        asyncio.run(create_tables())
    with serving(data, own_azurite.port, folder / "stderr") as url:
        _claim(url, data)
        # A process that is told to end tells no more.
        until(lambda: {"sign_in", "autoclaim.sign_ins"} <= {line.get("name") for line in _lines(folder / "stderr")})
    return _lines(folder / "stderr")


def _lines(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.read_text().splitlines(keepends=True) if line.endswith("\n")]


def _claim(url: str, data: DataFolder) -> None:
    token = DevelopmentIssuer(data).administrator_token()
    with httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=30
    ) as client:
        present = {"If-Match": "*"}
        client.patch("/settings", json={"autoClaimEnabled": True}, headers=present).raise_for_status()
        client.put(f"/products/{E1}", json=product_body()).raise_for_status()
        policy = {"name": "Teams", "appId": "microsoft-teams", "products": [{"skuId": E1}]}
        client.post("/policies", json=policy).raise_for_status()
        claimed = client.post(
            "/sign-ins",
            json={"tenantId": SAMPLE_TENANT, "appId": "microsoft-teams", "user": {"id": "ada"}},
            headers={"x-functions-key": data.keys().function, "traceparent": f"00-{TRACE}-{CALLER}-01"},
        )
        assert claimed.json()["outcome"] == "claimed", claimed.text


def test_one_claim_prints_its_trace_from_the_callers_span_to_the_storage_call(told: list[dict[str, Any]]) -> None:
    spans = {span["name"]: span for span in told if span["kind"] == "span" and span["trace_id"] == TRACE}

    way = ["sign_in", "settle", "commit", "storage commit"]
    assert [spans[name]["parent_id"] for name in way] == [CALLER, *(spans[name]["span_id"] for name in way[:-1])]
    assert spans["storage commit"].items() >= {"span_kind": "CLIENT", "operation": "commit", "status": "ok"}.items()


def test_one_claim_prints_its_metrics(told: list[dict[str, Any]]) -> None:
    points = [point for point in told if point["kind"] == "metric"]

    counted = {"kind": "metric", "name": "autoclaim.sign_ins", "unit": "{sign_in}", "value": 1, "outcome": "claimed"}
    assert counted in points
    assert {point["name"] for point in points} == {
        *("autoclaim.sign_ins", "autoclaim.commit.users", "autoclaim.queue.wait", "autoclaim.storage.duration"),
    }


def test_one_claim_prints_its_log_record_in_its_span(told: list[dict[str, Any]]) -> None:
    (record,) = [record for record in told if record["kind"] == "log" and record.get("user_id") == "ada"]
    (span,) = [span for span in told if span["kind"] == "span" and span["name"] == "sign_in"]

    assert (
        record.items()
        >= {"level": "INFO", "text": "answered 200", "outcome": "claimed", "operation": "sign_in"}.items()
    )
    assert (record["trace_id"], record["span_id"]) == (TRACE, span["span_id"])
