"""Azurite as it is started and stopped here. The rows of these tests go through the real client."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from azure.data.tables import TableClient, TableServiceClient

from localhost import emulator
from localhost.data_folder import PROJECT_FOLDER
from localhost.emulator import Azurite, AzuriteError
from localhost.ports import LOOPBACK, PortTakenError, check_port, free_port

ROWS = 40


@contextmanager
def table(azurite: Azurite) -> Iterator[TableClient]:
    with TableServiceClient.from_connection_string(azurite.connection_string) as service:
        yield service.create_table_if_not_exists("rows")


def write(azurite: Azurite, first: int, count: int) -> None:
    with table(azurite) as rows:
        for number in range(first, first + count):
            rows.create_entity({"PartitionKey": "p", "RowKey": str(number)})


def count(azurite: Azurite) -> int:
    with table(azurite) as rows:
        return sum(1 for _ in rows.query_entities("PartitionKey eq 'p'"))


def test_every_acknowledged_row_is_there_after_a_stop(tmp_path: Path) -> None:
    with Azurite(folder=tmp_path) as azurite:
        write(azurite, 0, ROWS)
    check_port(azurite.port)
    with azurite:
        assert count(azurite) == ROWS


def test_a_second_interrupt_does_not_break_the_saving(tmp_path: Path) -> None:
    azurite = Azurite(folder=tmp_path)
    with azurite:
        write(azurite, 0, ROWS)
        assert azurite.process_id is not None
        for _ in range(3):
            os.kill(azurite.process_id, signal.SIGINT)
    with azurite:
        assert count(azurite) == ROWS


def test_azurite_saves_and_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from localhost.emulator import Azurite; "
        "azurite = Azurite(folder=Path(sys.argv[1])); azurite.start(); print(azurite.port, azurite.process_id); "
        "sys.stdout.flush(); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT_FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        port, process_id = map(int, starter.stdout.readline().split())
        left_behind = Azurite(port=port, folder=tmp_path)
        write(left_behind, 0, ROWS)
        starter.kill()
    wait_for_end(process_id)
    with Azurite(folder=tmp_path) as azurite:
        assert count(azurite) == ROWS


def wait_for_end(process_id: int) -> None:
    """Of a process that is not this one's child."""
    try:
        descriptor = os.pidfd_open(process_id)
    except ProcessLookupError:
        return
    ended, _, _ = select.select([descriptor], [], [], 20)
    os.close(descriptor)
    assert ended


def test_in_memory_every_start_is_empty() -> None:
    azurite = Azurite()
    with azurite:
        write(azurite, 0, 1)
    with azurite:
        assert count(azurite) == 0


def test_a_folder_in_use_is_not_opened_twice(tmp_path: Path) -> None:
    with Azurite(folder=tmp_path), pytest.raises(AzuriteError, match="in use"):
        Azurite(folder=tmp_path).start()


def test_another_process_on_the_port_is_not_taken_for_azurite() -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AzuriteError, match=str(port)):
            Azurite(port=port).start()
        with pytest.raises(PortTakenError, match=str(port)):
            check_port(port)


def test_another_port_is_tried_when_somebody_was_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    really_free = free_port()
    with socket.create_server((LOOPBACK, 0)) as other:
        ports = iter([other.getsockname()[1], really_free])
        monkeypatch.setattr(emulator, "free_port", lambda: next(ports))
        with Azurite() as azurite:
            assert azurite.port == really_free


def test_the_tries_for_a_port_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulator, "PORT_ATTEMPTS", 2)
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(emulator, "free_port", lambda: port)
        with pytest.raises(AzuriteError, match=str(port)):
            Azurite().start()


def test_an_azurite_that_is_not_installed_is_an_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(emulator, "_CODE", tmp_path / "missing")
    with pytest.raises(AzuriteError, match="make azurite"):
        Azurite().start()
