"""Limits of Azure Table Storage, checked before anything is sent: no call exceeds one that is documented.

The service answers some of these with errors that say little, and the Azurite emulator enforces few of them, so a
call that is too large must not depend on either to be found.

Source: Microsoft, "Scalability and performance targets for Table storage", "Understanding the Table service data
model" and, for queries, "Query timeout and pagination" and "Querying tables and entities".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

OPERATIONS_PER_TRANSACTION: Final = 100
TRANSACTION_BYTES: Final = 4 * 1024 * 1024
ENTITY_BYTES: Final = 1024 * 1024
PROPERTIES_PER_ENTITY: Final = 252
STRING_PROPERTY_UNITS: Final = 32 * 1024
PROPERTY_NAME_CHARACTERS: Final = 255
KEY_BYTES: Final = 1024
ROWS_PER_PAGE_MAX: Final = 1_000
COMPARISONS_PER_FILTER_MAX: Final = 15

OPERATION_OVERHEAD_BYTES: Final = 1024
"""What an operation adds to a transaction's body besides its entity: headers and boundaries, rounded up."""

LOWEST_IN_KEYS: Final = " "
"""No key has a character below this one: those are control characters."""

_FORBIDDEN_IN_KEYS: Final = frozenset("/\\#?")
_PLAIN_KEY: Final = re.compile(r"[^/\\#?\x00-\x1f\x7f-\U0010ffff]{0,512}")
"""What nearly every key is: ASCII, with nothing in it that is forbidden."""
_COMPARISON: Final = re.compile(r" (?:eq|ne|gt|ge|lt|le) ")
_OWN_PROPERTIES: Final = frozenset({"PartitionKey", "RowKey", "Timestamp"})


class StorageLimitExceededError(Exception):
    """Something would not fit the service: a bug of ours, because the callers' limits are chosen to prevent it."""


def utf16_units(text: str) -> int:
    """How long the service finds a text: characters beyond the basic plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def entity_bytes(entity: Mapping[str, object]) -> int:
    """The size of an entity as the service counts it: UTF-16 names and texts, 8 bytes a number."""
    size = 4
    for name, value in entity.items():
        if name in {"PartitionKey", "RowKey"}:
            size += 2 * utf16_units(str(value))
        else:
            size += 8 + 2 * len(name) + (2 * utf16_units(value) + 4 if isinstance(value, str) else 8)
    return size


def body_bytes(entity: Mapping[str, object]) -> int:
    """At most how many bytes the entity takes in a transaction's body."""
    return entity_bytes(entity) + _escape_bytes(entity) + OPERATION_OVERHEAD_BYTES


def _escape_bytes(entity: Mapping[str, object]) -> int:
    """JSON escapes a quote with a second byte, and what is not ASCII as six bytes for each UTF-16 unit."""
    texts = [value for value in entity.values() if isinstance(value, str)]
    return sum(4 * utf16_units(text) for text in texts if not (text.isascii() and text.isprintable()))


def following_key(key: str) -> str:
    """The least key that can come after this one: `RowKey ge` it is `RowKey gt` the key itself.

    A text that is greater than the key goes on after it, with a character that is no less than the lowest, or has a
    greater one somewhere before. It is a bound for queries: a row's own key may be as long as keys get.
    """
    return key + LOWEST_IN_KEYS


def check_key(name: str, key: str) -> None:
    """Return if the service takes this text for a PartitionKey or RowKey.

    Raises:
        StorageLimitExceededError: It does not.
    """
    if _PLAIN_KEY.fullmatch(key):
        return
    if 2 * utf16_units(key) > KEY_BYTES:
        raise StorageLimitExceededError(f"{name} is over {KEY_BYTES} bytes: {key[:50]!r}…")
    if _FORBIDDEN_IN_KEYS.intersection(key) or not key.isprintable():
        raise StorageLimitExceededError(f"{name} has a character that keys may not have: {key!r}")


def check_query(query: str, values: Iterable[str], rows: int) -> None:
    """Return if the service takes a query for a page of so many rows.

    Args:
        query: The filter, with parameters in place of its values.
        values: The keys that it compares with.
        rows: How many rows are asked for.

    Raises:
        StorageLimitExceededError: It does not.
    """
    if not 1 <= rows <= ROWS_PER_PAGE_MAX:
        raise StorageLimitExceededError(f"a page of {rows} rows, not 1 to {ROWS_PER_PAGE_MAX}")
    comparisons = len(_COMPARISON.findall(query))
    if comparisons > COMPARISONS_PER_FILTER_MAX:
        raise StorageLimitExceededError(f"{comparisons} comparisons in a filter, over {COMPARISONS_PER_FILTER_MAX}")
    for value in values:
        check_key("a key in a filter", value)


def check_entity(entity: Mapping[str, object]) -> int:
    """Return, with the entity's size in bytes, if it fits.

    Raises:
        StorageLimitExceededError: It does not.
    """
    for key in ("PartitionKey", "RowKey"):
        check_key(key, str(entity[key]))
    if len(entity.keys() - _OWN_PROPERTIES) > PROPERTIES_PER_ENTITY:
        raise StorageLimitExceededError(f"{entity['RowKey']} has over {PROPERTIES_PER_ENTITY} properties")
    for name, value in entity.items():
        if not name.isidentifier() or len(name) > PROPERTY_NAME_CHARACTERS:
            raise StorageLimitExceededError(f"{entity['RowKey']} has a property that may not be called {name[:50]!r}")
        if isinstance(value, str) and utf16_units(value) > STRING_PROPERTY_UNITS:
            raise StorageLimitExceededError(f"{entity['RowKey']}.{name} is over 64 KiB")
    size = entity_bytes(entity)
    if size > ENTITY_BYTES:
        raise StorageLimitExceededError(f"{entity['RowKey']} has {size} bytes, over {ENTITY_BYTES}")
    return size


def check_transaction(entities: Sequence[Mapping[str, object]]) -> None:
    """Return if a transaction of these entities fits.

    Raises:
        StorageLimitExceededError: It does not.
    """
    if not 1 <= len(entities) <= OPERATIONS_PER_TRANSACTION:
        raise StorageLimitExceededError(f"{len(entities)} operations, not 1 to {OPERATIONS_PER_TRANSACTION}")
    keys = {(entity["PartitionKey"], entity["RowKey"]) for entity in entities}
    if len({partition for partition, _ in keys}) > 1:
        raise StorageLimitExceededError("a transaction stays in one partition")
    if len(keys) < len(entities):
        raise StorageLimitExceededError("a transaction touches each row once")
    size = sum(check_entity(entity) + _escape_bytes(entity) + OPERATION_OVERHEAD_BYTES for entity in entities)
    if size > TRANSACTION_BYTES:
        raise StorageLimitExceededError(f"a transaction of {size} bytes, over {TRANSACTION_BYTES}")
