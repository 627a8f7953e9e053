"""The honest baseline: read, check, write, and begin again on a conflict.

Each claim reads the product's row and the user's and writes both. There is no journal and no policy.
"""

import asyncio

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import TableTransactionError, UpdateMode

from benchmarks.stage import Process
from benchmarks.storms import Storm, storm


async def naive_claims(process: Process, users: int, callers: int) -> Storm:
    """So many new users claim a seat of one product, without a license before."""
    table = process.client
    tenant_id = f"naive-{callers}"
    await table.create_entity({"PartitionKey": tenant_id, "RowKey": "product", "assigned": 0, "total": 1_000_000})

    async def claim(user_id: str) -> None:
        while True:
            product = await table.get_entity(tenant_id, "product")
            try:
                await table.get_entity(tenant_id, f"user:{user_id}")
            except ResourceNotFoundError:
                pass
            else:
                return
            if product["assigned"] >= product["total"]:
                return
            unchanged = {"etag": product.metadata["etag"], "match_condition": MatchConditions.IfNotModified}
            taken = {**product, "assigned": product["assigned"] + 1}
            license_row = {"PartitionKey": tenant_id, "RowKey": f"user:{user_id}", "license": "product"}
            try:
                await table.submit_transaction(
                    [("update", taken, {"mode": UpdateMode.REPLACE, **unchanged}), ("create", license_row)]
                )
            except TableTransactionError:
                await asyncio.sleep(0)
            else:
                return

    return await storm(claim, [f"user-{number}" for number in range(users)], callers)
