"""A clock of the product whose storage tells the time that a test sets, not the emulator's."""

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from storage.tables.clock import StorageClock


class ClockInThePast(StorageClock):
    """A process's clock where the storage, too, is at a time that the test sets.

    The product believes the storage rather than the process. So a test whose tenants live in 2024 needs a storage that
    says so: each answer's `Date` header counts as one that tells this time.
    """

    def __init__(self, own_time: Callable[[], datetime], storage_time: Callable[[], datetime]) -> None:
        super().__init__(own_time)
        self._storage_time = storage_time

    def observe(self, date_header: str | None) -> None:
        """Take note that the storage answered; what its header says is the emulator's."""
        del date_header
        super().observe(format_datetime(self._storage_time(), usegmt=True))
