"""The real Functions worker's indexing accepts every function, and reaches each by its own URL."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from functions.api import ALL_OPERATIONS
from functions.http.operations import Operation

PROJECT = Path(__file__).resolve().parents[2]
RESERVED = ("admin", "runtime")
"""What the host refuses routes to begin with."""

needs_worker = pytest.mark.skipif(
    importlib.util.find_spec("azure_functions_runtime") is None,
    reason="azure-functions-runtime is not installed: `make test` installs it",
)


def _operations() -> dict[str, Operation]:
    return {each.name: each for operations in ALL_OPERATIONS for each in operations.known}


def _indexed() -> dict[str, dict[str, Any]]:
    """The trigger that the worker found for each function."""
    finished = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("index_with_worker.py"))],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)},  # no setting: indexing must not need one
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    found = json.loads(finished.stdout.splitlines()[-1])
    return {each["name"]: next(b for b in each["bindings"] if b["type"].endswith("Trigger")) for each in found}


@needs_worker
def test_the_worker_indexes_every_operation_with_its_route_method_and_key() -> None:
    indexed = _indexed()

    assert indexed.keys() == {*_operations(), "daily_report_rollup", "check_integrity"}
    assert indexed["daily_report_rollup"]["schedule"] == "%REPORT_ROLLUP_SCHEDULE%"
    assert indexed["check_integrity"]["schedule"] == "%INTEGRITY_CHECK_SCHEDULE%"
    for name, operation in _operations().items():
        trigger = indexed[name]
        assert trigger["type"] == "httpTrigger"
        assert trigger["route"] == operation.route
        assert trigger["methods"] == [operation.method]
        assert trigger["authLevel"].upper() == operation.admission.auth_level.name


def test_no_route_begins_with_what_the_host_keeps_for_itself() -> None:
    for operation in _operations().values():
        assert not operation.route.lower().startswith(RESERVED)


def test_no_two_operations_claim_the_same_url() -> None:
    shapes = [
        (operation.method, tuple("{}" if part.startswith("{") else part for part in operation.route.split("/")))
        for operation in _operations().values()
    ]
    assert len(shapes) == len(set(shapes))
    for method, parts in shapes:
        rivals = [
            other
            for other_method, other in shapes
            if other_method == method
            and other != parts
            and len(other) == len(parts)
            and all("{}" in pair or pair[0] == pair[1] for pair in zip(parts, other, strict=True))
        ]
        assert not rivals, f"{method} {parts} also matches {rivals}: the host takes the first by name"
