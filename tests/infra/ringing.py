"""Checks of the queries, by running them: each alert rings on the rows that it is for, and on no ordinary day.

DuckDB runs them, translated from KQL by duckdb-kql, whose answers were compared with Kusto's own. The tables have the
columns of Azure Monitor's reference (AppMetrics, AppRequests, AppTraces) that are asked for here. Microsoft's own
parser of KQL (npm: @kusto/language-service-next 12.4.1) read every query once, with these columns, and found no fault.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, Final

import duckdb
import duckdb_kql
from duckdb import DuckDBPyConnection

from tests.infra.bicep import Expression, Value
from tests.infra.model import MAIN, Infra

_ANY: Final = "TimeGenerated timestamp, ItemCount int, OperationId text, Properties json"
COLUMNS: Final = {
    "AppMetrics": f"{_ANY}, Name text, Sum double, Min double, Max double",
    "AppRequests": f"{_ANY}, Name text, Url text, ResultCode text, Success boolean, DurationMs double",
    "AppTraces": f"{_ANY}, Message text, SeverityLevel int",
}

MINUTES: Final = {
    **{f"PT{minutes}M": minutes for minutes in (5, 10, 15, 30, 45)},
    **{f"PT{hours}H": 60 * hours for hours in (1, 2, 3, 4, 5, 6)},
    **{f"P{days}D": 1440 * days for days in (1, 2)},
}
"""The intervals and windows that a rule of Azure Monitor may have, but for one minute."""

ALERTS: Final = MAIN.parent / "app/alerts"

Rows = list[tuple[Any, ...]]
Day = dict[str, Rows]
"""Rows by table; times are hours ago."""

API: Final = "https://autoclaim.example/api"


def metric(name: str, value: float, hours_ago: float = 0.1, **attributes: str) -> tuple[Any, ...]:
    """A point of a metric, as Azure Monitor's exporter writes one of a counter or gauge."""
    return (hours_ago, 1, None, json.dumps(attributes), f"autoclaim.{name}", value, None, None)


def request(path: str, status: int, milliseconds: float, times: int) -> tuple[Any, ...]:
    """A row that stands for so many requests."""
    return (0.1, times, "o", "{}", "function", f"{API}{path}", str(status), status < 400, milliseconds)


def log(operation: str, message: str, hours_ago: float) -> tuple[Any, ...]:
    """A line of the app's log."""
    return (hours_ago, 1, "o", json.dumps({"operation": operation}), message, 1)


RUN: Final = metric("rollup.lag", 60)
CHECK: Final = log("check_integrity", "7 tenants are checked", 20)
QUIET_DAY: Final[Day] = {
    "AppMetrics": [
        metric("rollup.lag", 20_000, 2.1),  # it was behind, and is not any more
        RUN,
        metric("rollup.tenants_failed", 0),
        metric("sign_ins", 100, outcome="claimed"),
        metric("sign_ins", 4, outcome="unavailable"),
        metric("storage.throttled", 3, operation="commit"),
        metric("leader.successions", 14),
        metric("seats.available", 3, 2.1, tenant_id="t", sku_id="s"),  # then more were bought
        metric("seats.available", 500, tenant_id="t", sku_id="s"),
    ],
    "AppRequests": [
        request("/sign-ins", 200, 80, 15),
        request("/sign-ins", 200, 1400, 4),
        request("/reports/auto-claim", 200, 3000, 200),
        request("/users", 404, 20, 100),
        request("/policies", 500, 20, 4),
    ],
    "AppTraces": [CHECK],
}
BUSY_DAY: Final[Day] = {
    "AppMetrics": [RUN, metric("sign_ins", 9000, outcome="claimed"), metric("sign_ins", 80, outcome="unavailable")],
    "AppRequests": [
        request("/sign-ins", 200, 80, 9000),
        request("/sign-ins", 200, 1400, 400),
        request("/webhooks/entra/token-issuance-start", 503, 80, 90),
    ],
    "AppTraces": [CHECK],
}

GOOD_DAYS: Final = (QUIET_DAY, BUSY_DAY)
BAD_DAYS: Final[dict[str, tuple[Day, ...]]] = {
    "roll-up-failed": ({"AppMetrics": [RUN, metric("rollup.tenants_failed", 1)]},),
    "roll-up-missing": (
        {"AppMetrics": [metric("sign_ins", 10, outcome="claimed")]},
        {"AppMetrics": [metric("rollup.lag", 60, 2), metric("rollup.lag", 11_000)]},
    ),
    "server-errors": ({"AppRequests": [request("/sign-ins", 200, 80, 300), request("/users", 503, 80, 6)]},),
    "sign-ins-unanswered": (
        {"AppMetrics": [metric("sign_ins", 300, outcome="claimed"), metric("sign_ins", 6, outcome="unavailable")]},
    ),
    "slow-sign-ins": (
        {"AppRequests": [request("/sign-ins", 200, 80, 30), request("/sign-ins", 200, 1100, 3)]},
        {"AppRequests": [request("/webhooks/entra/token-issuance-start", 200, 1400, 20)]},
        {"AppRequests": [request("/sign-ins/batch", 200, 1400, 20)]},
    ),
    "storage-throttled": ({"AppMetrics": [metric("storage.throttled", 5), metric("storage.throttled", 6)]},),
    "processes-succeed-each-other": (
        {"AppMetrics": [metric("leader.successions", 9), metric("leader.successions", 6)]},
    ),
    "few-seats-left": (
        {
            "AppMetrics": [
                metric("seats.available", 90, 2, tenant_id="t", sku_id="s"),
                metric("seats.available", 9, tenant_id="t", sku_id="s"),
            ]
        },
    ),
    "integrity-check-failed": ({"AppMetrics": [metric("integrity.problems", 1, 20, tenant_id="t")]},),
    "integrity-check-missing": (
        {"AppTraces": [log("check_integrity", "7 tenants are checked", 40)]},
        {"AppTraces": [log("check_integrity", "7 tenants, and not all, were checked; the round goes on", 2)]},
        {"AppTraces": [log("check_integrity", "not checked: down", 20), log("sign_ins", "7 tenants are checked", 2)]},
    ),
}

_DAYS: Final = (*GOOD_DAYS, *chain.from_iterable(BAD_DAYS.values()))


def alerts_ring_when_they_must(infra: Infra) -> Iterator[str]:
    """Each alert's query, asked for its rule's window, has rows on every bad day of its own and none on a good day."""
    rules = _rules(infra)
    queries = {path.stem: query for path, query in infra.queries.items() if path.parent == ALERTS}
    yield from (f"{name}: nobody says what a bad day is" for name in sorted(queries.keys() ^ BAD_DAYS.keys()))
    for name in rules.keys() & queries.keys():
        query, minutes = queries[name], MINUTES.get(str(rules[name]["window"]), 0)
        good, bad = (_answers(query, days, minutes) for days in (GOOD_DAYS, BAD_DAYS.get(name, ())))
        yield from (f"{name} rings on a good day: {rows}" for rows in good if rows)
        yield from (f"{name} is silent on a bad day" for rows in bad if rows == [])


def alerts_return_no_time(infra: Infra) -> Iterator[str]:
    """No alert's query returns TimeGenerated: a row that has none in it would be counted in no interval."""
    for path, query in infra.queries.items():
        if path.parent == ALERTS and "TimeGenerated" in _columns(query):
            yield f"{path.stem} returns TimeGenerated"


def questions_have_answers(infra: Infra) -> Iterator[str]:
    """Each of the workbook's queries has rows on an ordinary day."""
    for path, query in infra.queries.items():
        if path.parent != ALERTS:
            rows, *_ = _answers(query, GOOD_DAYS, MINUTES["P1D"])
            if not isinstance(rows, list) or not rows:
                yield f"{path.stem} has no answer: {rows}"


def rules_tell_somebody(infra: Infra) -> Iterator[str]:
    """Every rule alerts somebody on any row, and says where to read on."""
    for path, rule in infra.resources("Microsoft.Insights/scheduledQueryRules"):
        condition = {"timeAggregation": "Count", "operator": "GreaterThan", "threshold": 0}
        criteria = rule.at("properties.criteria.allOf")
        first = criteria[0] if isinstance(criteria, list) and criteria else None
        if not isinstance(first, dict) or {name: first.get(name) for name in condition} != condition:
            yield f"{path}: a rule must alert on any row: {condition}"
        if rule.at("properties.actions.actionGroups") != Expression("empty(alertEmail) ? [] : [actionGroup.id]"):
            yield f"{path}: nobody is told"
        text = rule.at("properties.description")
        if not isinstance(text, Expression) or 'docs/operate.md, section "${rule.name}"' not in text.text:
            yield f"{path}: a rule's description must name its section of docs/operate.md"


def rules_look_in_time(infra: Infra) -> Iterator[str]:
    """Every rule looks at all rows once at least, at intervals that Azure Monitor knows, and has a severity of its."""
    for rule in _rules(infra).values():
        every, window = MINUTES.get(str(rule["every"])), MINUTES.get(str(rule["window"]))
        if every is None or window is None or every > window:
            yield f"{rule['name']}: looks every {rule['every']} at the last {rule['window']}"
        if rule["severity"] not in range(5):
            yield f"{rule['name']}: a severity is 0 to 4, not {rule['severity']}"


def _rules(infra: Infra) -> dict[str, dict[str, Value]]:
    """The rules, by the names of their queries."""
    rules = infra.files[ALERTS.with_suffix(".bicep")].of_kind("variable")["rules"].value
    assert isinstance(rules, list)
    found: dict[str, dict[str, Value]] = {}
    for rule in rules:
        assert isinstance(rule, dict)
        loaded = re.search(r"'alerts/(.+)\.kql'", str(rule["query"]))
        found[loaded[1] if loaded else str(rule["query"])] = rule
    return found


def _answers(query: str, days: tuple[Day, ...], minutes: int) -> list[Rows | str]:
    """A query's rows on each day, when asked for the last so many minutes; or what is wrong with it."""
    return [_answer(query, _workspace(_DAYS.index(day), minutes)) for day in days]


@cache
def _answer(query: str, workspace: DuckDBPyConnection) -> Rows | str:
    try:
        rows: Rows = duckdb_kql.query(workspace, query).fetchall()
    except (duckdb_kql.KqlError, duckdb.Error) as error:
        return str(error)
    return rows


@cache
def _columns(query: str) -> list[str]:
    try:
        columns: list[str] = duckdb_kql.query(_workspace(0, 0), query).columns
    except (duckdb_kql.KqlError, duckdb.Error):
        return []  # others tell what is wrong with it
    return columns


@cache
def _workspace(day: int, minutes: int) -> DuckDBPyConnection:
    """A workspace with a day's rows of the last so many minutes."""
    workspace = duckdb_kql.connect()
    now = datetime.now(UTC).replace(tzinfo=None)
    for table, columns in COLUMNS.items():
        workspace.execute(f"CREATE TABLE {table} ({columns})")
        for hours_ago, *rest in _DAYS[day].get(table, []):
            if hours_ago * 60 < minutes:
                workspace.table(table).insert((now - timedelta(hours=hours_ago), *rest))
    return workspace
