"""Rows of the table `reports` and what they count. Everything in it can be made again from the journal.

PartitionKey = tenant id. RowKeys:

    counts:<generation>:<year-month>:<policy id>   claims for each day and product
    generation                                      which generation is read; replaced by every transaction, under
                                                    its ETag, so that roll-up, rebuild and deletion exclude each other
    watermark:<generation>                          the last commit that is counted

Months come before policies, so that a report's rows are one stretch.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from domain.reports import PolicyCounts
from domain.times import format_time, parse_time
from storage.rows.content import UNREADABLE, Row, content_of, content_row, count_of, damaged
from storage.tables.operations import without_timestamp

FIRST_GENERATION: Final = 1
GENERATION_KEY: Final = "generation"


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a generation counts.

    Attributes:
        sequence: The last commit that is counted.
        at: Its time; None before the first.
    """

    sequence: int = 0
    at: datetime | None = None


@dataclass(slots=True)
class MonthCounts:
    """The claims of one policy in one month.

    Attributes:
        policy_id: The policy.
        month: The first day of the month.
        through: The last commit that is counted in it.
        counts: The claims.
    """

    policy_id: str
    month: date
    through: int
    counts: PolicyCounts


def month_of(day: date) -> date:
    """The month that a day is in, as its first day."""
    return day.replace(day=1)


def watermark_key(generation: int) -> str:
    """The RowKey of a generation's watermark."""
    return f"watermark:{generation:06d}"


def counts_start(generation: int, month: date | None = None) -> str:
    """Where the counts of a generation begin, or those of one of its months."""
    return f"counts:{generation:06d}:" + (f"{month:%Y-%m}:" if month else "")


def counts_end(generation: int, month: date | None = None) -> str:
    """Where they end: `;` follows `:`."""
    return counts_start(generation, month)[:-1] + ";"


def counts_key(generation: int, month: date, policy_id: str) -> str:
    """The RowKey of a policy's claims in a month."""
    return counts_start(generation, month) + policy_id


def generation_row(tenant_id: str, generation: int) -> dict[str, Any]:
    """The row that says which generation is read."""
    return {"PartitionKey": tenant_id, "RowKey": GENERATION_KEY, "generation": generation}


def closed_generation_row(row: Row) -> dict[str, Any]:
    """The same row of a tenant that is being deleted, or that is to arrive from another account: nothing is counted.

    Believed only while the tenant's head is a tombstone: one that was left behind says nothing of a later life. So it
    keeps the generation.
    """
    return {**without_timestamp(row), "closed": True}


def is_closed_generation(row: Row) -> bool:
    """Whether it is a `closed_generation_row`."""
    return bool(row.get("closed"))


def generation_of(row: Row) -> int:
    """The inverse of `generation_row`, also of one that was closed.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    try:
        # Version 0.1 closed it without.
        return (
            FIRST_GENERATION if is_closed_generation(row) and "generation" not in row else count_of(row["generation"])
        )
    except UNREADABLE as error:
        raise damaged(row, error) from error


def watermark_row(tenant_id: str, generation: int, watermark: Watermark) -> dict[str, Any]:
    """The row of a watermark."""
    row = {
        "PartitionKey": tenant_id,
        "RowKey": watermark_key(generation),
        "sequence": str(watermark.sequence),
    }
    return {**row, "at": format_time(watermark.at)} if watermark.at else row


def watermark_of(row: Row) -> Watermark:
    """The inverse of `watermark_row`."""
    try:
        return Watermark(int(row["sequence"]), parse_time(row["at"]) if "at" in row else None)
    except UNREADABLE as error:
        raise damaged(row, error) from error


def counts_row(tenant_id: str, generation: int, month: MonthCounts) -> dict[str, Any]:
    """The row of a policy's claims in a month."""
    counts = month.counts
    content = {
        "policyName": counts.policy_name,
        "appName": counts.app_name,
        "productNames": counts.product_names,
        "days": {f"{day:%d}": dict(products) for day, products in sorted(counts.days.items())},
    }
    row_key = counts_key(generation, month.month, month.policy_id)
    return {**content_row(tenant_id, row_key, content), "through": str(month.through)}


def counts_of(row: Row) -> MonthCounts:
    """The inverse of `counts_row`.

    Raises:
        LedgerDamagedError: The row cannot be read.
    """
    try:
        _, _, month_text, policy_id = row["RowKey"].split(":")
        month = date.fromisoformat(f"{month_text}-01")
        content = content_of(row)
        counts = PolicyCounts(
            product_names=dict(content["productNames"]),
            policy_name=content["policyName"],
            app_name=content["appName"],
        )
        for day, products in content["days"].items():
            counts.days[month.replace(day=int(day))] = Counter(_checked(products))
        return MonthCounts(policy_id, month, int(row["through"]), counts)
    except UNREADABLE as error:
        raise damaged(row, error) from error


def _checked(products: Mapping[str, Any]) -> Mapping[str, int]:
    for sku_id, claims in products.items():
        if not isinstance(claims, int) or claims < 1:
            raise ValueError(f"the claims of {sku_id} are {claims!r}")
    return products
