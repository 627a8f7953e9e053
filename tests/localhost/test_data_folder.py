import stat
import threading
from pathlib import Path

import pytest

from localhost.data_folder import DataFolder, DataFolderError


def test_keys_stay_the_same_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    keys = DataFolder(tmp_path / "new" / "data").keys()
    assert DataFolder(tmp_path / "new" / "data").keys() == keys
    assert keys.function != keys.master
    assert min(len(keys.function), len(keys.master)) >= 40
    files = list((tmp_path / "new" / "data").iterdir())
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700


def test_whoever_asks_at_the_same_time_gets_the_same_secret(tmp_path: Path) -> None:
    callers = 8
    together = threading.Barrier(callers)
    got: list[bytes] = []

    def ask(mine: bytes) -> None:
        def make() -> bytes:
            together.wait(timeout=10)  # everybody found no file
            return mine

        got.append(DataFolder(tmp_path).secret("key", make))

    threads = [threading.Thread(target=ask, args=(b"%d" % place,)) for place in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == callers
    assert len(set(got)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_keys_do_not_stand_in_a_message(tmp_path: Path) -> None:
    keys = DataFolder(tmp_path).keys()
    assert keys.function not in repr(keys)
    assert keys.master not in repr(keys)


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError, match="file"):
        DataFolder(tmp_path / "file" / "data")
