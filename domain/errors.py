"""What can go wrong outside the rules. Expected refusals are values (domain/refusals.py); these are raised.

LedgerError
├── LedgerUnavailableError     the storage did not answer in time: a change may or may not have been made
│   └── TenantClosedError      the tenant is not here: it is being deleted, or lives in another storage account
├── TooManyRequestsError       a queue is full: nothing was done
├── MoveRefusedError           the tenant cannot be moved so, as it is now
└── LedgerDamagedError         a row cannot be what this product wrote
"""


class LedgerError(Exception):
    """The ledger could not do what was asked.

    Attributes:
        retry_after_seconds: When it is likely to be done if it is asked again, as far as that is known.
    """

    def __init__(self, message: str = "", retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class LedgerUnavailableError(LedgerError):
    """The storage did not answer, or not in time. A change may have been made: repeat it."""


class TenantClosedError(LedgerUnavailableError):
    """The tenant cannot be worked with here.

    It is being deleted, and can be used again, empty, when that is done; or it moved, or is being moved, to another
    storage account, and can be used again when the setting names that.
    """


class TooManyRequestsError(LedgerError):
    """More is waiting than will be taken on. Nothing was done: repeat it later."""


class MoveRefusedError(LedgerError):
    """The tenant cannot be moved so, as it is now. Nothing was done, or what was begun can be gone on with."""


class LedgerDamagedError(LedgerError):
    """A row cannot be read as what it should be, or rows contradict each other: somebody must look."""
