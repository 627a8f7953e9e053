"""Following lists to their end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.functions.conftest import Api

MOST_PAGES = 60


def follow(api: Api, link: str, token: str | None = None) -> httpx.Response:
    """A link is absolute: it is followed as it is."""
    assert link.startswith(f"{api.url}/")
    return api.call("GET", link.removeprefix(api.url), token=token)


def pages(api: Api, path: str, between: Callable[[], object] = lambda: None) -> list[list[dict[str, Any]]]:
    """All pages of a list; between two of them something may happen."""
    response = api.call("GET", path)
    found: list[list[dict[str, Any]]] = []
    for _ in range(MOST_PAGES):
        assert response.status_code == 200, response.text
        content = response.json()
        assert content.keys() <= {"value", "nextLink"}
        found.append(content["value"])
        if "nextLink" not in content:
            return found
        between()
        response = follow(api, content["nextLink"])
    raise AssertionError("the list has no end")


def items(api: Api, path: str) -> list[dict[str, Any]]:
    """Everything that a list has, over all its pages."""
    return [item for page in pages(api, path) for item in page]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Makes all calls at the same time; gives their answers in order."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]
