import pytest

from localhost.routing import InvalidPathError, InvalidRouteError, compile_route, decode_path

GUID = "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30"


@pytest.mark.parametrize("template", ["admin", "administrators", "Runtime/x", "{a}-{b}", "{*rest}/x", "{n:float}"])
def test_a_route_that_the_host_refuses_or_this_one_cannot_serve_is_an_error(template: str) -> None:
    with pytest.raises(InvalidRouteError, match="route"):
        compile_route(template, "api")


@pytest.mark.parametrize(
    ("text", "is_guid"),
    [
        (GUID, True),
        (GUID.upper(), True),
        (f"{{{GUID}}}", True),
        (GUID.replace("-", ""), True),
        (GUID[:-1], False),
        (f"{GUID}0", False),
        (f"{{{GUID}", False),
        ("x" * 32, False),
    ],
)
def test_a_guid_is_what_dotnet_takes_for_one(text: str, *, is_guid: bool) -> None:
    assert (compile_route("{id:guid}", "").match(f"/{text}") is not None) == is_guid


@pytest.mark.parametrize(
    ("text", "is_int"),
    [
        ("0", True),
        ("-2147483648", True),
        ("2147483647", True),
        ("2147483648", False),
        ("\N{ARABIC-INDIC DIGIT ONE}", False),
        ("1.0", False),
    ],
)
def test_an_int_has_32_bits_and_ascii_digits(text: str, *, is_int: bool) -> None:
    assert (compile_route("{n:int}", "").match(f"/{text}") is not None) == is_int


def test_a_parameter_takes_one_segment_and_never_an_empty_one() -> None:
    route = compile_route("a/{x}/b", "api")
    assert route.match("/api/a/1/b") == {"x": "1"}
    assert route.match("/api/a//b") is None
    assert route.match("/api/a/1/2/b") is None


def test_an_optional_parameter_may_be_left_out() -> None:
    route = compile_route("a/{x?}", "api")
    assert route.match("/api/a") == {}
    assert route.match("/api/a/") == {}
    assert route.match("/api/a/1/") == {"x": "1"}


def test_the_rest_of_a_path_is_taken_whole() -> None:
    route = compile_route("docs/{*rest}", "api")
    assert route.match("/api/docs") == {}
    assert route.match("/api/docs/a/b.css") == {"rest": "a/b.css"}
    assert route.match("/api/docsandmore") is None


def test_a_literal_is_not_a_pattern() -> None:
    assert compile_route("openapi.json", "api").match("/api/openapi.json") == {}
    assert compile_route("openapi.json", "api").match("/api/openapixjson") is None


@pytest.mark.parametrize(
    ("raw", "decoded"),
    [
        (b"/a%20b", "/a b"),
        (b"/a+b", "/a+b"),
        (b"/%C3%A4", "/ä"),
        (b"/a%2Fb%2f", "/a%2Fb%2f"),
        (b"/a%252Fb", "/a%2Fb"),
        (b"/%zz%4", "/%zz%4"),
        (b"/%FFx%C3%A4", "/%FFxä"),
        (b"/%ED%A0%80", "/%ED%A0%80"),
        (b"/a/../b", "/b"),
        (b"/a/%2E%2e/%2e/b", "/b"),
        (b"/../../b/.", "/b/"),
        (b"/.well/..b/b.", "/.well/..b/b."),
    ],
)
def test_a_path_is_decoded_once_and_keeps_its_segments(raw: bytes, decoded: str) -> None:
    assert decode_path(raw) == decoded


def test_a_path_with_a_nul_is_refused() -> None:
    with pytest.raises(InvalidPathError):
        decode_path(b"/a%00b")
