"""No input gives a 500: generated JSON, and valid bodies with something spoiled, sent to every write operation."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.conftest import Served
from tests.functions.faults import check_envelope, check_headers
from tests.functions.valid import EXCHANGE, SKU, TEAMS1, UNKNOWN, WRITES, Write, all_writes

EXAMPLES = 25
"""For each operation. The whole module takes some seconds."""

few = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Lone surrogates too, which JSON can hold and UTF-8 cannot.
texts = st.text(st.characters(), max_size=20) | st.sampled_from(
    [
        "",
        ".",
        "..",
        SKU,
        SKU.upper(),
        TEAMS1,
        EXCHANGE,
        UNKNOWN,
        "microsoft-teams",
        "ada",
        "x" * 300,
        "2026-01-31T09:00:00Z",
    ]
)
numbers = st.integers() | st.floats() | st.sampled_from([0, -1, 2**63, 10**40, 1e308, 1.0])
scalars = st.none() | st.booleans() | numbers | texts
keys = st.sampled_from(
    [
        *("name", "appId", "products", "skuId", "enabled", "disabledServicePlanIds", "servicePlans", "totalLicenses"),
        *("clientAppIds", "servicePlanIds", "autoClaimEnabled", "tenantId", "user", "id", "signInId", "signedInAt"),
        *("type", "data", "authenticationContext", "clientServicePrincipal", "correlationId", "etag", "__class__"),
    ]
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(keys | texts, inner, max_size=6),
    max_leaves=20,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from _places(each, (*path, name))


def _spoiled(body: Any, path: tuple[Any, ...], how: str, value: Any) -> Any:
    """The body with a value in that place replaced, taken away, doubled or joined by an unknown one."""
    if not path:
        return value
    changed = copy.deepcopy(body)
    parent = changed
    for name in path[:-1]:
        parent = parent[name]
    match how:
        case "replace":
            parent[path[-1]] = value
        case "take away":
            del parent[path[-1]]
        case "double" if isinstance(parent, list):
            parent.append(copy.deepcopy(parent[path[-1]]))
        case _:
            name = value if isinstance(value, str) else "more"
            parent[name if isinstance(parent, dict) else path[-1]] = value
    return changed


@pytest.fixture(scope="module")
def writes(served: Served) -> Iterator[dict[str, Write]]:
    """Every write operation, each in a tenant of its own that all its examples share.

    What a PUT makes is there already, so that what is sent gets as far as the rules.
    """
    with all_writes(served) as operations:
        for name in ("app", "product"):
            assert operations[name].send_json(operations[name].body).status_code == 201
            operations[name] = replace(operations[name], headers={"If-Match": "*"})
        yield operations


def _check(response: httpx.Response) -> None:
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        check_envelope(response)
    else:
        check_headers(response)
        if response.status_code != 204:
            response.json()


def _content(value: Any) -> bytes:
    # With `\ud800` for a lone surrogate, and NaN as Python writes it.
    return json.dumps(value).encode()


@pytest.mark.parametrize("name", WRITES)
@given(value=values)
@few
def test_any_json_is_answered(writes: dict[str, Write], name: str, value: Any) -> None:
    _check(writes[name].send(_content(value)))


@pytest.mark.parametrize("name", WRITES)
@given(data=st.data())
@few
def test_any_spoiled_body_is_answered(writes: dict[str, Write], name: str, data: st.DataObject) -> None:
    body = json.loads(json.dumps(writes[name].body))
    for _ in range(data.draw(st.integers(1, 3), "faults")):
        path = data.draw(st.sampled_from(list(_places(body))), "place")
        how = data.draw(st.sampled_from(["replace", "take away", "double", "add"]), "how")
        body = _spoiled(body, path, how, data.draw(values, "value"))

    _check(writes[name].send(_content(body)))


@pytest.mark.parametrize("name", WRITES)
@given(
    content=st.binary(max_size=60), media_type=st.sampled_from(["application/json", "application/json;charset=x", "x"])
)
@few
def test_any_bytes_are_answered(writes: dict[str, Write], name: str, content: bytes, media_type: str) -> None:
    _check(writes[name].send(content, media_type=media_type))


printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40).map(str.strip)
header_values = printable | st.sampled_from(
    ["*", '"0"', '"1"', 'W/"1"', '"1","2"', '"999999999999999999999"', "Bearer x", "-1", "chunked"]
)


@pytest.mark.parametrize("name", WRITES)
@given(if_match=header_values, if_none_match=header_values, request_id=header_values)
@few
def test_any_headers_are_answered(
    writes: dict[str, Write], name: str, if_match: str, if_none_match: str, request_id: str
) -> None:
    headers = {"If-Match": if_match, "If-None-Match": if_none_match, "x-ms-client-request-id": request_id}

    _check(writes[name].send_json(writes[name].body, headers=headers))
