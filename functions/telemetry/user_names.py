"""How a user is named in logs and traces: by the id, or by a hash of it.

The hash is SHA-256 of tenant id and user id, cut to 64 bits. It is pseudonymous, not anonymous: whoever has the id of
a user finds what was told of that user, which is what an operator needs who is asked about one person.
"""

import hashlib
import re
from typing import Final

HASH_DIGITS: Final = 16

_NAMED: Final = re.compile(r"\b(users?[ /:])([A-Za-z0-9._~@|:+=-]{1,128})")
"""How texts of errors name a user: as "user ada", as "users/ada" or by the row's key, "user:ada"."""


class UserNames:
    """Names users as the setting says.

    Attributes:
        are_hashed: Whether by a hash.
    """

    def __init__(self) -> None:
        self.are_hashed = False

    def shown(self, tenant_id: str, user_id: str) -> str:
        """A user's name in logs and traces."""
        return _hash_of(tenant_id, user_id) if self.are_hashed else user_id

    def shown_in(self, text: str, tenant_id: str) -> str:
        """A text with every user in it named so."""
        if not self.are_hashed:
            return text
        return _NAMED.sub(lambda found: found[1] + _hash_of(tenant_id, found[2]), text)


def _hash_of(tenant_id: str, user_id: str) -> str:
    return hashlib.sha256(f"{tenant_id}/{user_id}".encode()).hexdigest()[:HASH_DIGITS]


USER_NAMES: Final = UserNames()
"""This process's."""
