"""Versions of what administrators write, and what a caller may demand of them (HTTP's If-Match, If-None-Match).

A resource's version is the sequence number of the commit that last changed it, 0 for what a tenant starts with.
Sequence numbers only rise, so no version of an id is ever used twice, deleted and made again or not.
"""

from dataclasses import dataclass
from enum import Enum

from domain.refusals import Code, Refusal


class Demand(Enum):
    """What can be demanded of a version besides a number."""

    ANY = "any"
    UNKNOWN = "unknown"
    """A version that is not of our making, so never the current one."""


@dataclass(frozen=True, slots=True)
class Precondition:
    """What a caller demands before a write.

    Attributes:
        match: The version that must be current; None if the caller demanded nothing.
        absent: The resource must not exist.
    """

    match: int | Demand | None = None
    absent: bool = False

    def refusal_for_new(self, what: str) -> Refusal | None:
        """Why a resource that is not there may not be made, or None."""
        if self.match is None:
            return None
        return Refusal(
            Code.CONDITION_NOT_MET,
            f"{what} does not exist, so no ETag matches it: leave If-Match out to create it.",
            "If-Match",
        )

    def refusal_for_existing(self, what: str, version: int) -> Refusal | None:
        """Why a resource that is there, in this version, may not be changed or deleted, or None."""
        if self.absent:
            return Refusal(
                Code.CONDITION_NOT_MET,
                f"{what} exists already: to replace it, send its ETag in If-Match instead of If-None-Match.",
                "If-None-Match",
            )
        if self.match is None:
            return Refusal(
                Code.PRECONDITION_REQUIRED,
                f"{what} exists: send If-Match with its current ETag, or * to overwrite any version.",
                "If-Match",
            )
        if self.match in (Demand.ANY, version):
            return None
        return Refusal(
            Code.CONDITION_NOT_MET,
            f'{what} was changed by someone else or the ETag is not of this service: its ETag is now "{version}". '
            "Read it again, then repeat the change with that ETag in If-Match.",
            "If-Match",
        )
