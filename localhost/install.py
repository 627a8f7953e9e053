"""Installs what the commands need into this folder, once. Runs before anything is installed: standard library only.

    python3 localhost/install.py python [azurite] [docs-page] [portal] [portal-pages] [lock-tools]

Says on stderr what it does. Several may start at once: one installs, the others wait. A signal ends it together with
what it started, and the next run completes what was cut short.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PYTHON_MIN = (3, 11)
POLL_SECONDS = 0.05
PROGRESS_SECONDS = 15.0
"""An installer that says nothing looks as if it hung: so often it is said that it has not."""
STOP_SECONDS = 5.0
"""How long an installer that was told to end may take."""
LOCK_SECONDS_MAX = 1800.0
"""How long another installation is waited for."""

WORKER_PACKAGE = "azure-functions-runtime==1.3.0"
"""The Functions worker's own indexing, for the tests. It asks for Python 3.13 and more packages; it works without."""
LOCK_TOOLS = ("uv", "packaging")
"""What `make lock` needs."""

_PROJECT = Path(__file__).resolve().parent.parent
_ENVIRONMENT = _PROJECT / ".venv"
_PYTHON = _ENVIRONMENT / "bin" / "python"
_PIP = (str(_PYTHON), "-m", "pip", "--disable-pip-version-check", "install")
_REQUIREMENTS = (
    *("requirements.txt", "requirements-locked.txt"),
    *("requirements-dev.txt", "constraints.txt"),
    "localhost/install.py",
)
_AZURITE = "localhost/azurite"
_DOCS_PAGE = "functions/docs_page"
_PORTAL = "portal"
_PORTAL_BUILT = _PROJECT / _PORTAL / "dist"
_PORTAL_SOURCES = (
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "index.html",
    "src",
    "public",
)
"""What the built pages depend on."""

_signals: list[int] = []


class InstallError(Exception):
    """Something could not be installed; the message says what to do."""


class StopRequestedError(Exception):
    """A signal asked this installation to end."""


def main(arguments: Sequence[str]) -> int:
    """Installs the parts named. Gives the exit code: 1 with a message on stderr, or 128 + the signal that ended it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: _signals.append(received))
    installers: dict[str, Callable[[], None]] = {
        "python": _install_python,
        "lock-tools": _install_lock_tools,
        "azurite": lambda: _install_with_npm(_AZURITE, "Azurite, the storage emulator"),
        "docs-page": lambda: _install_with_npm(_DOCS_PAGE, "Swagger UI, which shows the API's description"),
        "portal": lambda: _install_with_npm(_PORTAL, "what the administrator's pages are made of"),
        "portal-pages": _build_portal,
    }
    unknown = set(arguments) - set(installers)
    if unknown or not arguments:
        _say(f"usage: install.py {' '.join(f'[{name}]' for name in installers)}")
        return 1
    try:
        for name in arguments:
            installers[name]()
    except StopRequestedError:
        return 128 + _signals[0]
    except InstallError as error:
        _say(str(error))
        return 1
    return 0


def _install_python() -> None:
    stamp = _ENVIRONMENT / "installed"
    content = _digest(_REQUIREMENTS)
    with _once(stamp, content) as is_needed:
        if not is_needed:
            return
        _make_environment()
        _say("Installing the Python packages into .venv (about a minute, once)")
        # One after the other: what is deployed comes with hashes, and pip checks hashes for all or for none.
        _run(*_PIP, "--requirement", "requirements.txt")
        _run(*_PIP, "--requirement", "requirements-dev.txt")
        _run(*_PIP, "--no-deps", "--ignore-requires-python", WORKER_PACKAGE)


def _install_lock_tools() -> None:
    """Nothing else: when a lock is to be renewed, pip would refuse to install by it what the lists now ask for."""
    with _once(
        _ENVIRONMENT / "lock-tools-installed", _digest(("constraints.txt", "localhost/install.py"))
    ) as is_needed:
        if is_needed:
            _make_environment()
            _run(*_PIP, "--constraint", "constraints.txt", *LOCK_TOOLS)


def _make_environment() -> None:
    if not _works(_PYTHON):
        _say(f"Making .venv with Python {sys.version_info.major}.{sys.version_info.minor}")
        _run(sys.executable, "-m", "venv", "--clear", str(_ENVIRONMENT))


def _install_with_npm(folder: str, what: str) -> None:
    """Installs what a folder's lock file names into its node_modules."""
    stamp = _PROJECT / folder / "node_modules" / "installed"
    with _once(stamp, _digest((f"{folder}/package-lock.json",))) as is_needed:
        if not is_needed:
            return
        npm = shutil.which("npm")
        if npm is None:
            raise InstallError(f"npm is missing: {what}, needs Node 20 or newer with npm")
        _say(f"Installing {what}, with npm (about half a minute, once)")
        _run(npm, "ci", "--no-audit", "--no-fund", folder=_PROJECT / folder)


def _build_portal() -> None:
    """Builds the administrator's pages. The mark is what the local host looks for before it serves them."""
    with _once(_PORTAL_BUILT / "built", _digest(_files(_PORTAL, _PORTAL_SOURCES))) as is_needed:
        if not is_needed:
            return
        npm = shutil.which("npm")
        if npm is None:
            raise InstallError("npm is missing: the administrator's pages need Node 20 or newer with npm")
        # Before anything changes, or a half-built page could be served.
        (_PORTAL_BUILT / "built").unlink(missing_ok=True)
        _say("Building the administrator's pages (some ten seconds, once)")
        _run(npm, "run", "--silent", "build", folder=_PROJECT / _PORTAL)
        _say("The administrator's pages are built")


def _files(folder: str, names: Sequence[str]) -> list[str]:
    """All files below these names, in an order that is always the same, as paths from the project's folder."""
    found: list[str] = []
    for name in names:
        path = _PROJECT / folder / name
        files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        found.extend(str(each.relative_to(_PROJECT)) for each in files if each.exists())
    return found


@contextmanager
def _once(stamp: Path, content: str) -> Iterator[bool]:
    """Gives whether the work is to be done; afterwards, unless it failed, it counts as done for this content."""
    if _is_stamped(stamp, content):
        yield False
        return
    with _lock():
        # Whoever had the lock before may have done the work.
        is_needed = not _is_stamped(stamp, content)
        yield is_needed
        if is_needed:
            stamp.write_text(content, encoding="ascii")


def _is_stamped(stamp: Path, content: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="ascii") == content


@contextmanager
def _lock() -> Iterator[None]:
    folder = _PROJECT / ".local"
    folder.mkdir(exist_ok=True)
    with (folder / "install.lock").open("w") as opened:
        deadline = time.monotonic() + LOCK_SECONDS_MAX
        has_said = False
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                pass
            if not has_said:
                _say("Waiting for another command that installs at the moment")
                has_said = True
            if time.monotonic() > deadline:
                raise InstallError("another command installs for too long; end it and try again")
            _pause()
        yield


def _run(*command: str, folder: Path = _PROJECT) -> None:
    """Runs an installer with its output on stderr; it ends with this process.

    It gets a session of its own, so that it can be ended with everything that it started.
    """
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), start_new_session=True
    )
    try:
        began = said = time.monotonic()
        while process.poll() is None:
            _pause()
            if time.monotonic() - said >= PROGRESS_SECONDS:
                said = time.monotonic()
                _say(f"... {said - began:.0f} s")
    finally:
        _end(process)
    if process.returncode != 0:
        raise InstallError(f"failed, see above: {' '.join(command)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, None)):
        if process.poll() is not None:
            return
        os.killpg(process.pid, number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def _pause() -> None:
    if _signals:
        raise StopRequestedError
    time.sleep(POLL_SECONDS)


def _works(python: Path) -> bool:
    code = f"import sys, pip; sys.exit(sys.version_info < {PYTHON_MIN})"
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", code], check=False, stderr=subprocess.DEVNULL).returncode == 0


def _digest(files: Sequence[str]) -> str:
    """Changes when a file does: a check-out sets all files' times."""
    digest = hashlib.sha256()
    for file in files:
        digest.update((_PROJECT / file).read_bytes())
    return digest.hexdigest()


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
