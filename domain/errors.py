"""What can go wrong outside the rules. Expected refusals are values (domain/refusals.py); these are raised.

LedgerError
├── LedgerUnavailableError     the storage did not answer in time: a change may or may not have been made
├── TooManyRequestsError       a queue is full: nothing was done
└── LedgerDamagedError         a row cannot be what this product wrote
"""

from typing import Final

RETRY_AFTER_SECONDS: Final = 1


class LedgerError(Exception):
    """The ledger could not do what was asked."""


class LedgerUnavailableError(LedgerError):
    """The storage did not answer, or not in time. A change may have been made: repeat it."""


class TenantClosedError(LedgerUnavailableError):
    """The tenant is being deleted: it can be used again, empty, when that is done."""


class TooManyRequestsError(LedgerError):
    """More is waiting than will be taken on. Nothing was done: repeat it later."""


class LedgerDamagedError(LedgerError):
    """A row cannot be read as what it should be, or rows contradict each other: somebody must look."""
