"""Limits of Azure Table Storage, checked before anything is sent.

The service answers some of these with errors that say little, and the Azurite emulator enforces few of them, so a
transaction that is too large must not depend on either to be found.

Source: Microsoft, "Scalability and performance targets for Table storage" and "Understanding the Table service data
model".
"""

from collections.abc import Mapping, Sequence
from typing import Final

OPERATIONS_PER_TRANSACTION: Final = 100
TRANSACTION_BYTES: Final = 4 * 1024 * 1024
ENTITY_BYTES: Final = 1024 * 1024
PROPERTIES_PER_ENTITY: Final = 252
STRING_PROPERTY_UNITS: Final = 32 * 1024
KEY_BYTES: Final = 1024

OPERATION_OVERHEAD_BYTES: Final = 1024
"""What an operation adds to a transaction's body besides its entity: headers and boundaries, rounded up."""

_FORBIDDEN_IN_KEYS: Final = frozenset("/\\#?")
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


def check_entity(entity: Mapping[str, object]) -> int:
    """Return, with the entity's size in bytes, if it fits.

    Raises:
        StorageLimitExceededError: It does not.
    """
    for key in ("PartitionKey", "RowKey"):
        text = str(entity[key])
        if 2 * utf16_units(text) > KEY_BYTES:
            raise StorageLimitExceededError(f"{key} is over {KEY_BYTES} bytes: {text[:50]!r}…")
        if _FORBIDDEN_IN_KEYS.intersection(text) or not text.isprintable():
            raise StorageLimitExceededError(f"{key} has a character that keys may not have: {text!r}")
    if len(entity.keys() - _OWN_PROPERTIES) > PROPERTIES_PER_ENTITY:
        raise StorageLimitExceededError(f"{entity['RowKey']} has over {PROPERTIES_PER_ENTITY} properties")
    for name, value in entity.items():
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
