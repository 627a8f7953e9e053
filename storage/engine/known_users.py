"""Users as this process has read or written them, of all tenants, up to one bound.

Nothing here is the present, and nothing is granted or refused by it alone. It serves three ends:

- a user who is *exact* on a standing needs no read while the head's ETag is that standing's;
- a change is decided on a user as known, and the row's own ETag checks that in the transaction;
- somebody who was licensed a moment ago is told so without a read (`Proposal.recall`).
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from storage.rows.users import KnownUser

KNOWN_USERS_MAX: Final = 20_000
"""Users kept in this process; the ones used least lately are forgotten."""


class Line:
    """Standings that follow each other by this process's own commits: what is exact on one is exact on the next."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """A user, and when.

    Attributes:
        known: The user.
        as_of: When the read, or the commit that wrote the user, began (event loop's clock).
        line: Where it is exact; None if it was read beside the standings.
    """

    known: KnownUser
    as_of: float
    line: Line | None


class KnownUsers:
    """Users of all tenants, for one process."""

    def __init__(self) -> None:
        self._users: OrderedDict[tuple[str, str], Noted] = OrderedDict()

    def get(self, tenant_id: str, user_id: str) -> Noted | None:
        """What is known of a user."""
        noted = self._users.get((tenant_id, user_id))
        if noted:
            self._users.move_to_end((tenant_id, user_id))
        return noted

    def note(self, tenant_id: str, users: Iterable[KnownUser], as_of: float, line: Line | None) -> None:
        """Keep users as they were read or written, up to the bound; what is known to be newer stays."""
        for each in users:
            key = (tenant_id, each.user.id)
            noted = self._users.get(key)
            if noted is None or _replaces(each, as_of, noted):
                self._users[key] = Noted(each, as_of, line)
            self._users.move_to_end(key)
        while len(self._users) > KNOWN_USERS_MAX:
            self._users.popitem(last=False)

    def forget(self, tenant_id: str, user_ids: Iterable[str]) -> None:
        """Know nothing of users, because what became of their rows is not known."""
        for user_id in user_ids:
            self._users.pop((tenant_id, user_id), None)


def _replaces(known: KnownUser, as_of: float, noted: Noted) -> bool:
    """Whether that is no older. A read and a commit that overlap may each have begun first: the numbers tell."""
    is_later = noted.as_of <= as_of
    if known.etag is None or noted.known.etag is None:
        return is_later or known.sequence > noted.known.sequence
    return known.sequence > noted.known.sequence or (is_later and known.sequence == noted.known.sequence)


class UsersOfTenant:
    """The users of one tenant among them."""

    def __init__(self, tenant_id: str, users: KnownUsers) -> None:
        self._tenant_id = tenant_id
        self._users = users

    def get(self, user_id: str) -> Noted | None:
        """See KnownUsers.get."""
        return self._users.get(self._tenant_id, user_id)

    def exact(self, user_id: str, line: Line) -> KnownUser | None:
        """A user as the table has it for as long as the head's ETag is that of a standing of this line."""
        noted = self.get(user_id)
        return noted.known if noted and noted.line is line else None

    def note(self, users: Iterable[KnownUser], as_of: float, line: Line | None = None) -> None:
        """See KnownUsers.note."""
        self._users.note(self._tenant_id, users, as_of, line)

    def forget(self, user_ids: Iterable[str]) -> None:
        """See KnownUsers.forget."""
        self._users.forget(self._tenant_id, user_ids)
