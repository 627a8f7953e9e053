"""The rows of reports: they count each claim of the tenant's life up to the watermark once, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.faults.history import Commit, Row, content_of


def miscounted(reports: Iterable[Row], commits: Sequence[Commit]) -> list[str]:
    """What rows of reports count otherwise than the journal.

    Args:
        reports: All rows of reports of the tenant, while nobody writes. In a storm there is one generation.
        commits: The tenant's life.
    """
    rows = {row["RowKey"]: row for row in reports}
    watermark = next((int(row["sequence"]) for key, row in rows.items() if key.startswith("watermark:")), 0)
    counted: Counter[tuple[str, str, str]] = Counter()
    for key, row in rows.items():
        if key.startswith("counts:"):
            _, _, month, policy_id = key.split(":")
            for day, products in content_of(row)["days"].items():
                counted.update({(policy_id, sku_id, f"{month}-{day}"): number for sku_id, number in products.items()})
    claimed = Counter(
        (entry.details["policyId"], entry.details["skuId"], commit.at[:10])
        for commit in commits
        if commit.sequence <= watermark
        for entry in commit.entries
        if entry.action == "license.claimed"
    )
    last = commits[-1].sequence if commits else 0
    beyond = [f"reports count commit {watermark}, and the last one is {last}"] if watermark > last else []
    return beyond + [
        f"reports count {counted[each]} claims of {each} up to commit {watermark}, and the journal has {claimed[each]}"
        for each in sorted(counted.keys() | claimed.keys())
        if counted[each] != claimed[each]
    ]
