"""Rows of the ledger: their keys, what they hold, and how it is checked when it is read.

state_rows.py, user_rows.py and journal_rows.py turn them into domain objects and back; nothing else does.

Table `ledger`, PartitionKey = tenant id. RowKeys, in the order of the table:

    journal:<sequence counted down>   one per commit, newest first
    retention                         how far the journal was removed, and the head as it was then
    retired:policy:<id>               the last names of a deleted policy and its app
    state                             the head; sorts before the configuration, so rows read after it are no older
    state:app:<id>                    the configuration, one row each
    state:policy:<id>
    state:product:<id>
    state:settings
    user:<id>                         a user and all licenses of the user

PartitionKey = `inbox:<tenant id>` and `outbox:<tenant id>`: what processes ask of each other (storage.rows.posts).
PartitionKey = `tenants-ended`, RowKey = tenant id: the last commit of a deleted tenant (storage.rows.lives).
PartitionKey = `tenants-changed`, RowKey = tenant id: a tenant that reports may be behind of (storage.upkeep.changes).
PartitionKey = `upkeep`, RowKey = what is done: how far a round of all tenants came (storage.upkeep.rounds).
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from domain.actors import Actor, Administrator
from domain.errors import LedgerDamagedError
from storage.rows.texts import text_of, text_properties

ValueT = TypeVar("ValueT")
Row = Mapping[str, Any]

FIRST_KEY: Final = " "
END_KEY: Final = "~"
"""All RowKeys are between these."""

HEAD_KEY: Final = "state"
STATE_END: Final = "state;"
"""`;` follows `:`, so the head and its configuration are `state` <= RowKey < `state;`."""

JOURNAL_START: Final = "journal:"
JOURNAL_END: Final = "journal;"
USERS_START: Final = "user:"
USERS_END: Final = "user;"

ENDED_PARTITION: Final = "tenants-ended"
CHANGED_PARTITION: Final = "tenants-changed"
ROUNDS_PARTITION: Final = "upkeep"

_TENANT: Final = re.compile(r"[0-9a-f-]+")

RETENTION_KEY: Final = "retention"
SETTINGS_KEY: Final = "state:settings"
_HIGHEST_SEQUENCE: Final = 10**15 - 1

to_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: json.dumps makes an encoder for each call."""


def is_tenants(partition: str) -> bool:
    """Whether a partition is a tenant's, by its name: others have other characters, and begin behind TENANTS_END."""
    return _TENANT.fullmatch(partition) is not None


def app_key(app_id: str) -> str:
    """The RowKey of an app."""
    return f"state:app:{app_id}"


def product_key(sku_id: str) -> str:
    """The RowKey of a product."""
    return f"state:product:{sku_id}"


def policy_key(policy_id: str) -> str:
    """The RowKey of a policy."""
    return f"state:policy:{policy_id}"


def retired_policy_key(policy_id: str) -> str:
    """The RowKey of a deleted policy's last names."""
    return f"retired:policy:{policy_id}"


def user_key(user_id: str) -> str:
    """The RowKey of a user."""
    return f"user:{user_id}"


def journal_key(sequence: int) -> str:
    """The RowKey of a commit's journal row: counted down, so that the newest comes first."""
    return f"journal:{_HIGHEST_SEQUENCE - sequence:015d}"


def sequence_of_journal_key(row_key: str) -> int:
    """The inverse of `journal_key`."""
    return _HIGHEST_SEQUENCE - int(row_key.removeprefix(JOURNAL_START))


def content_row(tenant_id: str, row_key: str, content: object) -> dict[str, Any]:
    """A row that holds JSON, over as many properties as it takes."""
    return {"PartitionKey": tenant_id, "RowKey": row_key, **text_properties("content", to_json(content))}


def content_of(row: Row) -> Any:  # noqa: ANN401 - JSON
    """The JSON that a row holds."""
    return json.loads(text_of(row, "content"))


def damaged(row: Row, error: Exception) -> LedgerDamagedError:
    """The error for a row that cannot be read. It names the row, never its content."""
    return LedgerDamagedError(f"Row {row['PartitionKey']}/{row['RowKey']} cannot be read: {type(error).__name__}")


# What reading a row that was not written here may raise.
UNREADABLE = (KeyError, TypeError, ValueError, IndexError, AttributeError)


def exactly(kind: type[ValueT], value: object) -> ValueT:
    """The value, if it is of that very type: a text is no number, and a flag is none either."""
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} where {kind.__name__} should be")
    return value


def count_of(value: object) -> int:
    """The value, if it counts something."""
    if exactly(int, value) < 0:
        raise ValueError("a count below 0")
    return exactly(int, value)


def texts_of(value: object) -> tuple[str, ...]:
    """The value, if it is a list of texts."""
    return tuple(exactly(str, each) for each in exactly(list, value))


def actor_content(actor: Actor) -> dict[str, Any]:
    """Who made a change, as JSON: nothing for a source of sign-ins."""
    return {"id": actor.id, "name": actor.name} if isinstance(actor, Administrator) else {}


def administrator_of(content: Mapping[str, Any]) -> Administrator:
    """The inverse of `actor_content` for an administrator."""
    return Administrator(content["id"], content["name"])
