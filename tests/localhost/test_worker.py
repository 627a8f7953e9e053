"""One serving process, spoken to byte by byte: what a client library would smooth over."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localhost.data_folder import DataFolder
from localhost.ports import LOOPBACK, free_port
from localhost.worker_process import WorkerProcess
from tests.localhost.local_run import until


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    data = DataFolder(tmp_path_factory.mktemp("data"))
    options = ["--app", "tests.localhost.toy_app", "--data", str(data.path), "--port", str(port)]
    worker = WorkerProcess([sys.executable, "-m", "localhost.worker", *options], os.environ)
    worker.spawn()
    try:
        until(worker.is_ready)
        yield port
    finally:
        worker.close()
        until(worker.has_died)


def exchange(port: int, *requests: bytes) -> list[tuple[int, bytes]]:
    """Sends requests over one connection, one after the other; gives statuses and bodies."""
    answers: list[tuple[int, bytes]] = []
    with socket.create_connection((LOOPBACK, port), timeout=10) as connection, connection.makefile("rb") as answer:
        for request in requests:
            connection.sendall(request)
            status = int(answer.readline().split()[1])
            length = 0
            while (line := answer.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length" and not request.startswith(b"HEAD"):
                    length = int(value)
            answers.append((status, answer.read(length)))
    return answers


def body_of(answer: tuple[int, bytes]) -> Any:
    assert answer[0] == 200
    return json.loads(answer[1])


def head(start: str, *lines: str) -> bytes:
    return "\r\n".join((f"{start} HTTP/1.1", "Host: toy", *lines, "", "")).encode()


CHUNKED = head("POST /api/echo", "Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n"
PLAIN = head("POST /api/echo", "Content-Length: 5") + b"hello"


def test_a_chunked_body_arrives_empty_and_the_connection_goes_on(port: int) -> None:
    chunked, plain = exchange(port, CHUNKED, PLAIN)
    assert body_of(chunked)["body"] == ""
    assert body_of(plain)["body"] == "hello"


def test_a_large_chunked_body_does_not_stop_the_connection(port: int) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    large = head("POST /api/echo", "Transfer-Encoding: chunked") + chunk * 32 + b"0\r\n\r\n"
    chunked, plain = exchange(port, large, PLAIN)
    assert body_of(chunked)["body"] == ""
    assert body_of(plain)["body"] == "hello"


def test_a_body_that_is_announced_over_the_limit_is_refused_before_it_is_sent(port: int) -> None:
    announced = head("POST /api/echo", f"Content-Length: {100 * 1024 * 1024 + 1}")
    assert exchange(port, announced) == [(413, b"")]


def test_a_method_without_a_function_is_a_bare_404_on_the_wire(port: int) -> None:
    unknown, wrong_method, known = exchange(port, head("GET /nowhere"), head("HEAD /api/echo"), head("GET /api/echo"))
    assert (unknown, wrong_method) == ((404, b""), (404, b""))
    assert body_of(known)["url"] == "http://toy/api/echo"


@pytest.mark.parametrize("target", ["*", "http://elsewhere/api/unknown", "/api/%", "/%2e%2e/%2e%2e/etc/passwd"])
def test_a_strange_target_is_a_bare_404(port: int, target: str) -> None:
    assert exchange(port, head(f"OPTIONS {target}")) == [(404, b"")]


def test_a_client_that_goes_away_in_its_body_does_no_harm(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection((LOOPBACK, port)) as connection:
        connection.sendall(head("POST /api/echo", "Content-Length: 5") + b"he")
    assert body_of(exchange(port, PLAIN)[0])["body"] == "hello"
    assert capfd.readouterr().err == ""


def test_a_process_ends_when_its_parent_lets_go(tmp_path: Path) -> None:
    options = ["--app", "tests.localhost.toy_app", "--data", str(tmp_path), "--port", str(free_port())]
    worker = WorkerProcess([sys.executable, "-m", "localhost.worker", *options], os.environ)
    worker.spawn()
    until(worker.is_ready)
    worker.close()
    until(worker.has_died)
