"""The folder that a local run keeps: the storage's data, the issuer's key, the host's keys. Never committed."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from localhost.keys import Keys

PROJECT_FOLDER = Path(__file__).resolve().parent.parent

_KEY_BYTES = 40


class DataFolderError(Exception):
    """The data folder cannot be used; the message says why."""


class DataFolder:
    """A folder that only its owner can read. It is made when it is missing; several processes may share it."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).expanduser().resolve()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DataFolderError(f"DATA={path}: {error.strerror}; name a folder that can be written") from error

    @property
    def azurite(self) -> Path:
        """Where the storage emulator keeps its rows."""
        return self.path / "azurite"

    @property
    def sample_tenant_mark(self) -> Path:
        """The file that exists once the sample tenant is complete."""
        return self.path / "sample-tenant-complete"

    def keys(self) -> Keys:
        """Gives the host's keys, the same ones for as long as the folder lives."""
        return Keys(function=self._key("function-key"), master=self._key("master-key"))

    def secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Gives the content of a private file, made once: whoever comes second gets what the first one made.

        The file appears whole or not at all, with mode 0600.
        """
        file = self.path / name
        try:
            if not file.exists():
                self._publish(file, make())
            return file.read_bytes()
        except OSError as error:
            raise DataFolderError(f"{file}: {error.strerror}") from error

    def _key(self, name: str) -> str:
        return self.secret(name, lambda: secrets.token_urlsafe(_KEY_BYTES).encode()).decode()

    def _publish(self, file: Path, content: bytes) -> None:
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            # A link, unlike a rename, fails where a file is: the first one stays.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
