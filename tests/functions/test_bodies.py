"""Bodies: sizes, media types, and which bytes are JSON here."""

from collections.abc import Iterator

import pytest

from tests.functions.conftest import Api, Served
from tests.functions.faults import check_error, check_invalid
from tests.functions.valid import TYPED_WRITES, WRITES, Write, all_writes, write

NOT_JSON: dict[str, bytes] = {
    "a word": b"true true",
    "blanks only": b" \n",
    "cut short": b'{"autoClaimEnabled": tr',
    "single quotes": b"{'autoClaimEnabled': true}",
    "a trailing comma": b'{"autoClaimEnabled": true,}',
    "a comment": b'{"autoClaimEnabled": true} // on',
    "a control character in a text": b'{"a\nb": 1}',
    "a byte-order mark": b'\xef\xbb\xbf{"autoClaimEnabled": true}',
    "UTF-16": '{"autoClaimEnabled": true}'.encode("utf-16"),
    "a Latin-1 letter": b'{"\xe4": 1}',
    "a surrogate in UTF-8": b'{"\xed\xa0\x80": 1}',
    "an overlong UTF-8 form": b'{"\xc0\xaf": 1}',
    "the same key twice": b'{"autoClaimEnabled": true, "autoClaimEnabled": true}',
    "the same key twice, once escaped": b'{"autoClaimEnabled": true, "auto\\u0043laimEnabled": true}',
    "the same key twice, deep inside": b'{"a": [{"b": {"c": 1, "c": 2}}]}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "-Infinity": b'{"a": -Infinity}',
    "a leading zero": b'{"a": 01}',
    "hexadecimal": b'{"a": 0x1}',
    "nested 33 deep": b"[" * 33 + b"]" * 33,
    "nested as deep as fits": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "open brackets only": b"[" * 65_536,
}


@pytest.fixture(scope="module")
def writes(served: Served) -> Iterator[dict[str, Write]]:
    """Every write operation, for bodies that are refused."""
    with all_writes(served) as operations:
        yield operations


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_no_strict_json_is_invalid_json(writes: dict[str, Write], name: str) -> None:
    check_error(writes["settings"].send(NOT_JSON[name]), 400, "InvalidJson", says="not the JSON that is needed")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a byte-order mark", "byte-order mark"),
        ("a Latin-1 letter", "byte 2 is not UTF-8"),
        ("the same key twice", '"autoClaimEnabled" stands twice'),
        ("NaN", "NaN"),
        ("nested 33 deep", "32"),
        ("cut short", "line 1"),
    ],
)
def test_invalid_json_is_told_by_what_and_where(writes: dict[str, Write], name: str, says: str) -> None:
    check_error(writes["settings"].send(NOT_JSON[name]), 400, "InvalidJson", says=says)


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("content", [b"{", b"\xef\xbb\xbf{}", b'{"a":1,"a":1}'], ids=["cut", "marked", "twice"])
def test_every_write_reads_json_alike(writes: dict[str, Write], name: str, content: bytes) -> None:
    check_error(writes[name].send(content), 400, "InvalidJson")


@pytest.mark.parametrize("depth", [1, 31, 32])
def test_json_may_be_nested_32_deep(writes: dict[str, Write], depth: int) -> None:
    nested = b'{"deep":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"
    nested = nested if depth > 1 else b'{"deep":1}'

    check_invalid(writes["settings"].send(nested), "deep", says="deep is not a field")


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(
    "value", ["[]", '"text"', "5", "true", "null", "1e999"], ids=["list", "text", "number", "bool", "null", "huge"]
)
def test_json_that_is_no_object_is_an_invalid_request(writes: dict[str, Write], name: str, value: str) -> None:
    error = check_error(writes[name].send(value.encode()), 400, "InvalidRequest", says="The body is")

    assert len(error["details"]) == 1


def test_json_that_is_no_object_is_told_in_the_callers_words(writes: dict[str, Write]) -> None:
    error = writes["settings"].send(b"[]").json()["error"]

    assert "object" in error["message"]
    assert "instance of" not in error["message"]


@pytest.mark.parametrize("name", WRITES)
def test_a_chunked_body_arrives_empty(writes: dict[str, Write], name: str) -> None:
    check_error(writes[name].send(iter([b"{}"])), 400, "BodyMissing", says="Content-Length")


@pytest.mark.parametrize("name", WRITES)
def test_without_a_body_and_media_type_the_body_is_missing(writes: dict[str, Write], name: str) -> None:
    check_error(writes[name].send(None, media_type=None), 400, "BodyMissing")


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        'application/json; charset="UTF-8"',
        "application/merge-patch+json",
        "application/merge-patch+json; charset=utf-8",
    ],
)
def test_a_patch_may_be_json_or_merge_patch_in_utf_8(api: Api, media_type: str) -> None:
    assert write(api, "settings").send(b"{}", media_type=media_type).status_code == 200


OTHER_MEDIA = [
    "text/plain",
    "application/json-patch+json",
    "application/jsonx",
    "application/json; charset=iso-8859-1",
    "application/json; charset=utf-16",
    "application/json, application/json",
    "application/*",
    "json",
    "/",
    ";",
    "multipart/form-data; boundary=x",
]


@pytest.mark.parametrize("media_type", [None, *OTHER_MEDIA])
def test_another_media_type_is_not_supported(writes: dict[str, Write], media_type: str | None) -> None:
    response = writes["settings"].send(b"{}", media_type=media_type)

    error = check_error(response, 415, "UnsupportedMediaType", target="Content-Type", says="merge-patch+json")
    assert (media_type or "null") in error["message"]


@pytest.mark.parametrize("name", [name for name in TYPED_WRITES if name not in {"settings", "policy"}])
def test_merge_patch_is_for_patch_only(writes: dict[str, Write], name: str) -> None:
    operation = writes[name]

    response = operation.send(b"{}", media_type="application/merge-patch+json")

    check_error(response, 415, "UnsupportedMediaType", target="Content-Type", says="send application/json")


@pytest.mark.parametrize(("name", "most"), [("settings", 65_536), ("app", 65_536), ("product", 262_144)])
def test_a_body_may_have_so_many_bytes_and_no_more(api: Api, name: str, most: int) -> None:
    operation = write(api, name)
    content = b"{}".ljust(most)

    fits = operation.send(content)
    over = operation.send(content + b" ")

    assert fits.status_code == (200 if name == "settings" else 400)
    check_error(over, 413, "RequestTooLarge", says=(str(most + 1), str(most)))


def test_of_a_body_full_of_faults_two_thousand_are_told(api: Api) -> None:
    content = "{" + ",".join(f'"{number:x}":1' for number in range(6_800)) + "}"

    response = write(api, "settings").send(content.encode())

    says = "1999 more in details, and 4800 that are not"
    error = check_error(response, 400, "InvalidRequest", target='"0"', says=says)
    assert len(error["details"]) == 2_000
    assert len(response.content) < 5 * len(content)
