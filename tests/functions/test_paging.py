"""Lists in pages: their order, `top`, and links that hold only where they were made."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from functions.http.paging import Listing
from tests.functions.conftest import Api
from tests.functions.faults import check_error, check_invalid
from tests.functions.valid import SKU, app_body, policy_body, product_body, put

MOST_PAGES = 20


def _make_apps(api: Api, *app_ids: str) -> None:
    for app_id in app_ids:
        put(api, f"/apps/{app_id}", app_body(clientAppIds=[f"client-of-{app_id}"]))


def _follow(api: Api, link: str, token: str | None = None) -> httpx.Response:
    """A link is absolute: it is followed as it is."""
    return httpx.get(link, headers={"Authorization": f"Bearer {token or api.manager}"}, timeout=30)


def _pages(api: Api, path: str) -> Iterator[list[dict[str, str]]]:
    response = api.call("GET", path)
    for _ in range(MOST_PAGES):
        content = response.json()
        assert content.keys() <= {"value", "nextLink"}
        yield content["value"]
        if "nextLink" not in content:
            return
        response = _follow(api, content["nextLink"])
    raise AssertionError("the list has no end")


def _continuation(link: str) -> str:
    return parse_qs(urlsplit(link).query)["continuation"][0]


@pytest.fixture
def link(api: Api) -> str:
    """The link to the second page of apps."""
    _make_apps(api, "a", "b", "c")
    return str(api.call("GET", "/apps?top=2").json()["nextLink"])


@pytest.mark.parametrize("path", ["/apps", "/products", "/policies"])
def test_a_list_that_fits_has_no_link(api: Api, path: str) -> None:
    content = api.call("GET", path).json()

    assert list(content) == ["value"]


def test_pages_give_every_app_once_and_in_order(api: Api) -> None:
    _make_apps(api, "b", "A", "a", "10", "9")

    for top in (1, 2, 3, 4, 5, 6, 1000):
        pages = list(_pages(api, f"/apps?top={top}"))
        assert [app["id"] for page in pages for app in page] == ["10", "9", "A", "a", "b", "microsoft-teams"]
        assert all(len(page) <= top for page in pages)


def test_products_are_in_the_order_of_their_display_names(api: Api) -> None:
    for name in ("beta", "Alpha", "ALPHA 2", "gamma", "\N{LATIN CAPITAL LETTER A WITH DIAERESIS}"):
        put(api, f"/products/{uuid4()}", product_body(displayName=name))

    names = [product["displayName"] for page in _pages(api, "/products?top=2") for product in page]

    assert names[:4] == ["Alpha", "ALPHA 2", "beta", "gamma"]
    assert len(names) == 5


def test_products_of_one_name_are_each_given_once(api: Api) -> None:
    sku_ids = {str(uuid4()) for _ in range(4)}
    for sku_id in sku_ids:
        put(api, f"/products/{sku_id}", product_body(displayName="The same"))

    given = [product["skuId"] for page in _pages(api, "/products?top=1") for product in page]

    assert sorted(given) == sorted(sku_ids)


def test_policies_are_in_the_order_of_their_names(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    api.turn(on=True)
    for app_id, name in (("one", "beta"), ("two", "Alpha"), ("three", "GAMMA")):
        put(
            api,
            f"/apps/{app_id}",
            app_body(clientAppIds=[app_id], servicePlanIds=["57ff2da0-773e-42df-b2af-ffb7a2317929"]),
        )
        api.create_policy(SKU, name=name, app_id=app_id)

    names = [policy["name"] for page in _pages(api, "/policies?top=1") for policy in page]

    assert names == ["Alpha", "beta", "GAMMA"]


def test_a_page_has_100_unless_asked_for_fewer_or_more(api: Api) -> None:
    _make_apps(api, *(f"app-{number}" for number in range(100)))

    pages = [len(page) for page in _pages(api, "/apps")]

    assert pages == [100, 1]
    assert [len(page) for page in _pages(api, "/apps?top=1000")] == [101]


def test_the_last_page_has_no_link_though_it_is_full(api: Api) -> None:
    _make_apps(api, "a", "b", "c")

    assert [len(page) for page in _pages(api, "/apps?top=2")] == [2, 2]
    assert [len(page) for page in _pages(api, "/apps?top=4")] == [4]


@pytest.mark.parametrize(
    "top", ["0", "1001", "-1", "+1", "1.0", "1e2", "ten", "\N{ARABIC-INDIC DIGIT ONE}", "1&top=2", "%20"]
)
def test_top_is_a_whole_number_from_1_to_1000(api: Api, top: str) -> None:
    for path in ("/apps", "/products", "/policies"):
        check_invalid(api.call("GET", f"{path}?top={top}"), "top", says="1 to 1000")


@pytest.mark.parametrize("query", ["top=", "skip=1&$filter=x", "continuation=", "code=1", "x=%00%ff"])
def test_unknown_and_empty_query_parameters_are_ignored(api: Api, query: str) -> None:
    assert api.call("GET", f"/apps?{query}").json() == api.call("GET", "/apps").json()


def test_a_link_is_absolute_and_begins_with_the_requests_own_host(api: Api, link: str) -> None:
    assert link.startswith(f"{api.url}/apps?")
    assert [app["id"] for app in _follow(api, link).json()["value"]] == ["c", "microsoft-teams"]


def test_a_link_goes_on_where_it_stopped_though_the_list_changed(api: Api, link: str) -> None:
    _make_apps(api, "aa", "d")
    for app_id in ("a", "b"):
        assert api.call("DELETE", f"/apps/{app_id}", headers={"If-Match": "*"}).status_code == 204

    given = [app["id"] for page in _pages(api, f"/apps?{urlsplit(link).query}") for app in page]

    assert given == ["c", "d", "microsoft-teams"]


def test_a_reader_may_follow_a_managers_link(api: Api, link: str) -> None:
    assert _follow(api, link, api.reader).status_code == 200


def test_another_tenants_link_is_none(api: Api, link: str) -> None:
    stranger = api.token("Global Administrator", tenant_id=str(uuid4()))

    check_error(_follow(api, link, stranger), 400, "InvalidContinuation", target="continuation", says="nextLink")


@pytest.mark.parametrize("path", ["/products", "/policies"])
def test_another_lists_link_is_none(api: Api, link: str, path: str) -> None:
    response = api.call("GET", f"{path}?{urlsplit(link).query}")

    check_error(response, 400, "InvalidContinuation", target="continuation")


TAMPERED: dict[str, Callable[[str], str]] = {
    "a character changed at the start": lambda text: ("B" if text[0] == "A" else "A") + text[1:],
    "a character changed at the end": lambda text: text[:-3] + ("B" if text[-3] == "A" else "A") + text[-2:],
    "cut": lambda text: text[:-4],
    "cut in half": lambda text: text[: len(text) // 2],
    "one character": lambda text: text[:1],
    "longer": lambda text: text + "AAAA",
    "twice": lambda text: text + text,
    "characters that a decoder skips": lambda text: text[:4] + "%20!" + text[4:],
    "other base64": lambda text: text.replace("-", "%2B").replace("_", "/") + "=",
    "in capitals": lambda text: text.upper(),
    "a number": lambda _: "5",
    "JSON": lambda _: '["a"]',
    "not ASCII": lambda _: "\N{LATIN SMALL LETTER A WITH DIAERESIS}",
    "a NUL": lambda _: "%00",
    "very long": lambda _: "A" * 8000,
}


def test_a_link_that_was_tampered_with_is_none(api: Api, link: str) -> None:
    for tamper in TAMPERED.values():
        response = api.call("GET", f"/apps?continuation={tamper(_continuation(link))}")
        check_error(response, 400, "InvalidContinuation", target="continuation", says="follow a nextLink as it is")


def test_a_link_given_twice_is_none(api: Api, link: str) -> None:
    text = _continuation(link)

    response = api.call("GET", f"/apps?continuation={text}&continuation={text}")

    check_error(response, 400, "InvalidContinuation", target="continuation")


@pytest.mark.parametrize("position", [(1,), ({},), (None,)], ids=repr)
def test_a_link_that_a_caller_made_is_none(api: Api, position: tuple[object, ...]) -> None:
    forged = Listing(api.tenant_id, "/api/apps", api.url, {}).next_link(position)  # type: ignore[arg-type]

    response = api.call("GET", f"/apps?{urlsplit(forged).query}")

    check_error(response, 400, "InvalidContinuation", target="continuation")


def test_a_wrong_top_comes_before_a_wrong_link(api: Api) -> None:
    check_invalid(api.call("GET", "/apps?continuation=nonsense&top=0"), "top")


def test_a_policys_location_is_absolute(api: Api) -> None:
    put(api, f"/products/{SKU}", product_body())
    api.turn(on=True)

    made = api.call("POST", "/policies", json=policy_body())

    assert made.headers["Location"] == f"{api.url}/policies/{made.json()['id']}"
    assert _follow(api, made.headers["Location"]).json() == made.json()
