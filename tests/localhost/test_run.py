"""`make run` with the toy app: what is started is started again, and nothing is left at the end."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.emulator import Azurite, connection_string
from localhost.ports import LOOPBACK, check_port, free_port
from tests.localhost.local_run import LocalRun, is_alive, until, with_end
from tests.localhost.test_emulator import count, write

RESTART_SECONDS = 2.0


@pytest.fixture
def local_run(tmp_path: Path) -> LocalRun:
    return LocalRun(tmp_path / "data")


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    _, err = process.communicate(timeout=30)
    return process.returncode, err


def test_it_serves_and_says_how_to_sign_in(local_run: LocalRun) -> None:
    with local_run.started():
        printed = local_run.wait_until_ready()
        key = DataFolder(local_run.data).keys().function
        assert f"http://127.0.0.1:{local_run.port}/api" in printed
        assert f"curl http://127.0.0.1:{local_run.port}/api/sign-ins -H 'x-functions-key: {key}'" in printed
        assert re.search(r"^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$", printed, re.MULTILINE)
        assert local_run.call("with-function-key", headers={"x-functions-key": key})["reached"] == "with_function_key"


def test_the_process_that_supervises_does_not_listen(local_run: LocalRun) -> None:
    with local_run.started() as process:
        local_run.wait_until_ready()
        assert local_run.serving() != {process.pid}
        os.kill(process.pid, signal.SIGSTOP)
        assert local_run.call("echo", timeout=5)["reached"] == "echo"
        os.kill(process.pid, signal.SIGCONT)


@pytest.mark.parametrize("to", ["process", "group"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_and_saves_every_acknowledged_row(local_run: LocalRun, number: int, to: str) -> None:
    local_run.processes = 2
    with local_run.started() as process:
        local_run.wait_until_ready()
        write(Azurite(port=local_run.table_port), 0, 20)
        children = local_run.descendants()
        assert len(children) == 3
        # Twice: a second Ctrl-C must not break the saving.
        for _ in range(2):
            (os.killpg if to == "group" else os.kill)(process.pid, number)
        assert ended(process)[0] == 0
        assert not any(is_alive(child) for child in children)
    check_port(local_run.port)
    check_port(local_run.table_port)
    with Azurite(folder=DataFolder(local_run.data).azurite) as azurite:
        assert count(azurite) == 20


def test_a_request_under_way_is_answered_before_the_end(local_run: LocalRun, tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    answers: list[str] = []

    def ask() -> None:
        address = f"http://{LOOPBACK}:{local_run.port}/api/slow"
        answers.append(httpx.get(address, params={"mark": str(mark)}, timeout=20, trust_env=False).text)

    with local_run.started() as process:
        local_run.wait_until_ready()
        asking = threading.Thread(target=ask)
        asking.start()
        until(mark.exists)
        process.terminate()
        assert ended(process)[0] == 0
        asking.join()
    assert answers == ["done"]


def test_a_killed_process_is_started_again_in_time_whenever_it_dies(local_run: LocalRun) -> None:
    with local_run.started():
        local_run.wait_until_ready()
        dead: set[int] = set()
        for _ in range(3):
            victims = local_run.serving()
            for victim in victims:
                os.kill(victim, signal.SIGKILL)
            dead.update(victims)
            assert until(lambda: bool(local_run.serving() - dead)) < RESTART_SECONDS
        assert len(dead) == 3


def test_several_processes_share_the_calls_and_one_may_die(local_run: LocalRun) -> None:
    local_run.processes = 2
    with local_run.started():
        local_run.wait_until_ready()
        before = both_serving(local_run)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        until(lambda: not is_alive(victim))
        after = both_serving(local_run)
        assert before - after == {victim}


def both_serving(local_run: LocalRun) -> set[int]:
    seen: set[int] = set()

    def is_complete() -> bool:
        seen.update(local_run.serving())
        return len(seen) == 2

    until(is_complete)
    return seen


def test_an_azurite_that_dies_is_started_again_on_its_data(local_run: LocalRun) -> None:
    with local_run.started():
        local_run.wait_until_ready()
        azurite = Azurite(port=local_run.table_port)
        write(azurite, 0, 5)
        (victim,) = set(local_run.descendants()) - local_run.serving()
        os.kill(victim, signal.SIGINT)  # saves; the supervisor only sees that it is gone
        until(lambda: not is_alive(victim))
        until(lambda: can_connect(local_run.table_port))
        assert count(azurite) == 5


def can_connect(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def test_nothing_is_left_when_the_supervisor_is_killed(local_run: LocalRun) -> None:
    local_run.processes = 2
    with local_run.started() as process:
        local_run.wait_until_ready()
        write(Azurite(port=local_run.table_port), 0, 20)
        children = local_run.descendants()
        process.kill()
        try:
            until(lambda: not any(is_alive(child) for child in children))
        finally:
            for child in children:
                with_end(child, signal.SIGKILL)
    with Azurite(folder=DataFolder(local_run.data).azurite) as azurite:
        assert count(azurite) == 20


@pytest.mark.parametrize("which", ["port", "table_port"])
def test_a_taken_port_is_a_clear_message_and_exit_code_1(local_run: LocalRun, which: str) -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        setattr(local_run, which, other.getsockname()[1])
        with local_run.started() as process:
            code, err = ended(process)
    assert code == 1
    assert err == f"port {getattr(local_run, which)} on 127.0.0.1 is not free: Address already in use\n"


def test_a_second_run_on_the_same_port_or_data_is_refused(local_run: LocalRun) -> None:
    with local_run.started():
        local_run.wait_until_ready()
        same_port = LocalRun(local_run.data.with_name("other"), port=local_run.port)
        with same_port.started() as process:
            code, err = ended(process)
        assert (code, f"port {local_run.port} " in err) == (1, True)
        with LocalRun(local_run.data).started() as process:
            code, err = ended(process)
        assert (code, "AZURITE=0" in err) == (1, True)
        assert local_run.serving()


def test_two_runs_share_the_storage_of_one(local_run: LocalRun) -> None:
    with local_run.started():
        local_run.wait_until_ready()
        other = LocalRun(local_run.data, own_azurite=False, table_port=local_run.table_port)
        with other.started() as process:
            other.wait_until_ready()
            assert other.serving() != local_run.serving()
            process.terminate()
            assert ended(process)[0] == 0
        assert count(Azurite(port=local_run.table_port)) == 0


def test_a_storage_that_is_not_there_is_a_clear_message_and_exit_code_1(local_run: LocalRun) -> None:
    local_run.own_azurite = False
    with local_run.started() as process:
        code, err = ended(process)
    assert (code, f"TABLE_PORT={local_run.table_port}" in err) == (1, True)


@pytest.mark.parametrize(
    ("what", "said"), [("app", "the app does not start"), ("preparation", "no_such_module failed")]
)
def test_what_cannot_start_is_not_tried_for_ever(local_run: LocalRun, what: str, said: str) -> None:
    setattr(local_run, what, "tests.localhost.no_such_module")
    with local_run.started() as process:
        code, err = ended(process)
    assert (code, said in err) == (1, True)
    check_port(local_run.table_port)


def test_the_preparation_runs_before_the_app_with_its_settings(local_run: LocalRun) -> None:
    local_run.preparation = "tests.localhost.toy_preparation"
    with local_run.started():
        local_run.wait_until_ready()
        assert count(Azurite(port=local_run.table_port)) == 1


def test_a_signal_during_the_start_ends_everything(local_run: LocalRun) -> None:
    with local_run.started() as process:
        until(lambda: len(local_run.descendants()) > 0)
        children = local_run.descendants()
        process.terminate()
        assert ended(process)[0] == 0
        assert not any(is_alive(child) for child in children)
    check_port(local_run.table_port)


def test_azurites_address_is_the_one_that_the_app_gets() -> None:
    assert connection_string(free_port()).startswith("DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;")


BESIDE = """
import sys, time
from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.supervisor import Plan, Supervisor

supervisor = Supervisor(Plan(DataFolder(sys.argv[1]), port=1, table_port=1))
for command in (["this"], ["http.server", "--bind", "127.0.0.1", "0"]):
    began = time.monotonic()
    supervisor.run_beside(*command, wait_seconds=3.0)
    print(time.monotonic() - began >= 3.0, flush=True)
supervisor.stop()
"""


def test_what_runs_beside_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BESIDE, str(tmp_path)],
        cwd=PROJECT_FOLDER,
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert [line for line in done.stdout.splitlines() if line in {"True", "False"}] == ["False", "True"]
