"""The witness of deletions: reads the rows of a tenant that is being deleted, right before the first of them goes.

It stands in the network, before the storage: no request that deletes a tenant's commits gets past it unless it has
seen that tenant's end. So nothing is lost of what the auditor needs, wherever the deletion is killed or overtaken.
"""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from azure.core.exceptions import AzureError

from tests.faults.history import Row
from tests.faults.lives import EndedLife

_REMOVAL = re.compile(rb"DELETE \S+/ledger\(PartitionKey='([0-9a-f-]{36})',RowKey='journal(?:%3A|:)(\d{15})'\)")
"""The first row of the journal that a transaction deletes: the newest, because keys count down. Only deletions do it in
a storm: retention is longer."""
_HIGHEST_SEQUENCE = 10**15 - 1


class Witness:
    """Keeps the lives that ended.

    Attributes:
        ended: Each tenant's lives that ended, in order.
    """

    def __init__(self, rows_of: Callable[[str], Sequence[Row]]) -> None:
        """Describe it.

        Args:
            rows_of: Reads all rows of a tenant from the storage itself.
        """
        self._rows_of = rows_of
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._bells: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.ended: defaultdict[str, list[EndedLife]] = defaultdict(list)

    async def removes(self, tenant_id: str) -> None:
        """Return when the next request comes that deletes commits of the tenant."""
        bell = self._bells[tenant_id] = asyncio.Event()
        await bell.wait()

    async def see(self, request: bytes) -> None:
        """Be there before a request is passed on.

        Raises:
            ConnectionError: The storage did not let itself be read. The request must not be passed on.
        """
        found = _REMOVAL.search(request)
        if found is None:
            return
        tenant_id, newest = found[1].decode(), _HIGHEST_SEQUENCE - int(found[2])
        self._bells[tenant_id].set()
        async with self._locks[tenant_id]:
            lives = self.ended[tenant_id]
            if newest > (_last_number(lives[-1].rows) if lives else 0):
                try:
                    rows = await asyncio.to_thread(self._rows_of, tenant_id)
                except AzureError as error:
                    raise ConnectionError("the storage cannot be read") from error
                # What is not closed lives on: that request is a late one, which must not be carried out.
                if any(row["RowKey"] == "state" and "closed" in row for row in rows):
                    lives.append(EndedLife(rows, time.monotonic()))


def _last_number(rows: Sequence[Row]) -> int:
    return max(int(row["sequence"]) for row in rows if row["RowKey"].startswith("journal:"))
