"""Rows as they are stored, read and changed past the product: for planting damage, and for seeing what is left."""

import json
from collections.abc import Callable
from typing import Any

from azure.data.tables import TableClient, UpdateMode

from tests.storage.audit import rows_of

Row = dict[str, Any]


def keys_of(connection_string: str, tenant_id: str, table: str = "ledger", start: str = "") -> list[str]:
    """The RowKeys of a tenant's rows that begin so."""
    rows = rows_of(connection_string, tenant_id, table)
    return [str(row["RowKey"]) for row in rows if str(row["RowKey"]).startswith(start)]


def texts_of(connection_string: str, tenant_id: str) -> str:
    """Everything that both tables have of a tenant, as one text."""
    return str([rows_of(connection_string, tenant_id, table) for table in ("ledger", "reports")])


def remove(connection_string: str, tenant_id: str, *row_keys: str, table: str = "ledger") -> None:
    """Delete rows."""
    with TableClient.from_connection_string(connection_string, table) as client:
        for row_key in row_keys:
            client.get_entity(tenant_id, row_key)
            client.delete_entity(tenant_id, row_key)


def put(connection_string: str, row: Row, table: str = "ledger") -> None:
    """Write a row, whatever is there."""
    with TableClient.from_connection_string(connection_string, table) as client:
        client.upsert_entity(row, UpdateMode.REPLACE)


def put_all(connection_string: str, rows: list[Row], table: str) -> None:
    """Write up to 100 rows of one tenant, whatever is there."""
    with TableClient.from_connection_string(connection_string, table) as client:
        client.submit_transaction([("upsert", each, {"mode": UpdateMode.REPLACE}) for each in rows])


def row(connection_string: str, tenant_id: str, row_key: str, table: str = "ledger") -> Row:
    """One row."""
    with TableClient.from_connection_string(connection_string, table) as client:
        return dict(client.get_entity(tenant_id, row_key))


def content(of: Row) -> Any:
    """The JSON of a row that has little of it."""
    assert "content1" not in of
    return json.loads(of["content"])


def edit(
    connection_string: str, tenant_id: str, row_key: str, change: Callable[[Any], Any], table: str = "ledger"
) -> None:
    """Replace a row's JSON by what `change` makes of it; if it gives None, by what it did to it."""
    old = row(connection_string, tenant_id, row_key, table)
    value = content(old)
    changed = change(value)
    put(connection_string, {**old, "content": json.dumps(value if changed is None else changed)}, table)


def journal_key(sequence: int) -> str:
    """The RowKey of a commit: counted down from fifteen nines."""
    return f"journal:{10**15 - 1 - sequence:015d}"
