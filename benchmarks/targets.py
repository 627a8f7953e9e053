"""The targets: which figures are compared, and what is enough."""

from benchmarks import chapters
from benchmarks.figures import Results

OWN = "ceiling: transactions of 99 rows, own body"
SDK = "SDK ceiling: the same, submit_transaction"
SHARE_OF_ONE = 0.8
FAIR_PERCENT = 25.0
HELD_UP_MILLISECONDS = 300.0
LEAST_P99_MILLISECONDS = 50.0
BATCHES_FASTER = 2.5
BATCHES_OF_CEILING = 0.5


def compare(results: Results, *, many_users: int, many_products: int) -> None:
    """Add every ratio with its target."""
    busy = results["in process, 128 callers"]
    results.compare("128 callers in process / ceiling", busy / results[OWN], at_least=0.9)
    results.compare("128 callers in process / SDK ceiling", busy / results[SDK], at_least=2.5)
    results.compare("128 callers over HTTP / SDK ceiling", results["over HTTP, 128 callers"] / results[SDK], at_least=1)
    results.compare(
        f"{chapters.BATCHED} / ceiling", results[chapters.BATCHED] / results[OWN], at_least=BATCHES_OF_CEILING
    )
    results.compare(chapters.FASTER, results[chapters.FASTER], at_least=BATCHES_FASTER)
    results.compare(chapters.CHEAPER, results[chapters.CHEAPER], at_least=BATCHES_FASTER)
    naive = results["in process, 32 callers"] / results["naive loop, 32 callers"]
    results.compare("32 callers in process / naive loop of 32", naive, at_least=300)
    lone = results["in process, 1 callers: p50"]
    most = max(LEAST_P99_MILLISECONDS, 10 * lone)
    results.compare("32 callers in process: p99", results["in process, 32 callers: p99"], at_most=most, unit="ms")
    beside = results["a lone claim, beside bare transactions: median"] / results["bare transaction of 3 rows: median"]
    results.compare("lone claim / bare transaction of 3 rows", beside, at_most=1.3)
    for callers in (32, 128):
        name = f"4 processes of {callers} callers"
        together = results[f"{name}: all together"] / results[f"1 process of {callers} callers, beside them"]
        results.compare(f"{name} / 1 process of {callers}", together, at_least=SHARE_OF_ONE)
        share = results[f"{name}: farthest share"]
        results.compare(f"{name}: farthest from an equal share", share, at_most=FAIR_PERCENT, unit="%")
        waited = results[f"{name}: p99"] / (4 * results[f"{name}: one commit"])
        results.compare(f"{name}: p99 / (4 x one commit)", waited, at_most=1.5)
    for what in ("killed", "stopped"):
        name = f"a {what} process holds the others up for"
        results.compare(name, results[name], at_most=HELD_UP_MILLISECONDS, unit="ms")
    for where in ("one of them", "a fifth process"):
        for callers in (32, 128):
            name = f"a change at {where}, storm of 4 x {callers}"
            results.compare(f"{name}: p95", results[f"{name}: p95"], at_most=0.5, unit="s")
            results.compare(f"{name}: attempts, p95", results[f"{name}: attempts, p95"], at_most=5)
    reads = results["ceiling: point reads, own path, 128 at once"]
    for who in ("not known", "known"):
        again = results[f"repeats of users {who} to the process, 128 callers"] / reads
        results.compare(f"repeats of users {who} to the process / point reads", again, at_least=0.9)
    company = results["the same, while another process commits"] / reads
    results.compare("repeats of known users, while another process commits / point reads", company, at_least=5)
    for what in ("calls", "rows", "bytes"):
        few = results[f"a lone claim, 10 users, 1 product: {what}"]
        for case in (f"{many_users:,} users, 1 product", f"10 users, {many_products} products"):
            grown = results[f"a lone claim, {case}: {what}"] / few
            results.compare(f"a lone claim's {what}: {case} / 10 users, 1 product", grown, at_most=1.01)
