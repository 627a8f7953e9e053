"""When keys are fetched, kept, and asked for again."""

import asyncio
import json
from typing import Any

import pytest

from functions.authentication.errors import KeyFetchError, KeysUnavailableError, UnknownKeyError
from functions.authentication.key_set import SigningKey
from functions.authentication.signing_keys import SigningKeys
from functions.settings.checks import InvalidSettingError
from functions.settings.issuers import TrustedIssuer
from tests.functions.authentication.issuer import ISSUER, TENANT, key_set, no_fetch, rsa_key, trusted

URL = "https://issuer.example/keys"
ONLINE = TrustedIssuer(issuer=ISSUER, tenants=frozenset({TENANT}), jwks_url=URL)
DAY_SECONDS = 24 * 60 * 60


class Endpoint:
    """Serves a key set, or fails; holds answers back while `open` is not set."""

    def __init__(self, *key_ids: str) -> None:
        self.content: bytes | Exception = b""
        self.publish(key_set(*key_ids))
        self.fetches = 0
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    def publish(self, document: Any) -> None:
        self.content = document if isinstance(document, bytes) else json.dumps(document).encode()

    def fail(self) -> None:
        self.content = KeyFetchError("the test says so")

    async def __call__(self, url: str) -> bytes:
        assert url == URL
        self.fetches += 1
        self.asked.set()
        await self.open.wait()
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


class Keys:
    """The signing keys of one issuer, with a clock that stands still until it is set."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.seconds = 1_000.0
        self._keys = SigningKeys([ONLINE], endpoint, lambda: self.seconds)

    async def find(self, key_id: str | None = "one") -> SigningKey:
        return await self._keys.find(ONLINE, key_id)


async def test_nothing_is_fetched_before_the_first_token_and_once_for_many() -> None:
    endpoint = Endpoint("one", "two")
    keys = Keys(endpoint)
    assert endpoint.fetches == 0
    for key_id in ("one", "two", "one"):
        key = await keys.find(key_id)
        assert key.public_key == rsa_key(key_id).public_key()
    assert endpoint.fetches == 1


async def test_callers_at_the_same_time_share_one_fetch() -> None:
    endpoint = Endpoint("one")
    endpoint.open.clear()
    keys = Keys(endpoint)
    callers = [asyncio.create_task(keys.find()) for _ in range(20)]
    await endpoint.asked.wait()
    endpoint.open.set()
    assert {key.key_id for key in await asyncio.gather(*callers)} == {"one"}
    assert endpoint.fetches == 1


async def test_a_caller_that_gives_up_leaves_the_fetch_to_the_others() -> None:
    endpoint = Endpoint("one")
    endpoint.open.clear()
    keys = Keys(endpoint)
    first, second = asyncio.create_task(keys.find()), asyncio.create_task(keys.find())
    await endpoint.asked.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    endpoint.open.set()
    assert (await second).key_id == "one"
    assert endpoint.fetches == 1


async def test_a_new_key_is_found_and_an_old_one_gone_after_rotation() -> None:
    endpoint = Endpoint("one")
    keys = Keys(endpoint)
    await keys.find("one")
    endpoint.publish(key_set("two"))
    keys.seconds += 60
    assert (await keys.find("two")).key_id == "two"
    with pytest.raises(UnknownKeyError):
        await keys.find("one")


async def test_an_unknown_key_id_is_asked_for_at_most_once_a_minute() -> None:
    endpoint = Endpoint("one")
    keys = Keys(endpoint)
    await keys.find()
    for seconds, fetches in ((0.0, 1), (59.9, 1), (60.0, 2), (60.1, 2), (119.9, 2), (120.0, 3)):
        keys.seconds = 1_000.0 + seconds
        with pytest.raises(UnknownKeyError):
            await keys.find("invented")
        assert endpoint.fetches == fetches


async def test_unknown_key_ids_at_the_same_time_share_one_fetch() -> None:
    endpoint = Endpoint("one")
    keys = Keys(endpoint)
    await keys.find()
    keys.seconds += 60
    results = await asyncio.gather(*(keys.find(f"invented-{number}") for number in range(20)), return_exceptions=True)
    assert {type(result) for result in results} == {UnknownKeyError}
    assert endpoint.fetches == 2


async def test_keys_are_kept_while_the_issuer_cannot_be_reached() -> None:
    endpoint = Endpoint("one")
    keys = Keys(endpoint)
    await keys.find()
    endpoint.fail()
    keys.seconds += 60
    with pytest.raises(KeysUnavailableError):
        await keys.find("two")
    assert (await keys.find("one")).key_id == "one"
    keys.seconds += 30 * DAY_SECONDS
    assert (await keys.find("one")).key_id == "one"


async def test_an_outage_at_the_start_heals_after_five_seconds() -> None:
    endpoint = Endpoint("one")
    endpoint.fail()
    keys = Keys(endpoint)
    with pytest.raises(KeysUnavailableError):
        await keys.find()
    endpoint.publish(key_set("one"))
    keys.seconds += 4.9
    with pytest.raises(KeysUnavailableError):
        await keys.find()
    assert endpoint.fetches == 1
    keys.seconds += 0.1
    assert (await keys.find()).key_id == "one"


async def test_an_unknown_key_id_is_not_called_bad_until_a_fetch_succeeds() -> None:
    endpoint = Endpoint("one")
    keys = Keys(endpoint)
    await keys.find()
    endpoint.fail()
    keys.seconds += 60
    for _ in range(2):
        with pytest.raises(KeysUnavailableError):
            await keys.find("two")
    assert endpoint.fetches == 2
    endpoint.publish(key_set("one"))
    keys.seconds += 5
    with pytest.raises(UnknownKeyError):
        await keys.find("two")


async def test_keys_over_a_day_old_are_renewed_without_a_caller_waiting() -> None:
    endpoint = Endpoint("one")
    keys = Keys(endpoint)
    await keys.find()
    keys.seconds += DAY_SECONDS - 0.1
    await keys.find()
    await asyncio.sleep(0)  # a fetch that was started would begin here
    assert endpoint.fetches == 1
    endpoint.publish(key_set("two"))
    endpoint.open.clear()
    endpoint.asked.clear()
    keys.seconds += 0.1
    assert (await keys.find("one")).key_id == "one"
    await endpoint.asked.wait()
    assert (await keys.find("one")).key_id == "one"
    endpoint.open.set()
    assert (await keys.find("two")).key_id == "two"
    assert endpoint.fetches == 2


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\xff",
        b"<html>",
        b"[" * 100_000,
        b"9" * 5_000,
        b"null",
        {"keys": []},
        {"keys": {"one": 1}},
        {"keys": [1, None, "x", {}]},
        {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "one", "alg": "HS256"}]},
        {"keys": [{"kty": "RSA", "kid": "one", "n": 7, "e": None}]},
    ],
)
async def test_a_broken_key_set_counts_as_an_unreachable_issuer(document: Any) -> None:
    endpoint = Endpoint("one")
    keys = Keys(endpoint)
    await keys.find()
    endpoint.publish(document)
    keys.seconds += 60
    with pytest.raises(KeysUnavailableError):
        await keys.find("two")
    assert (await keys.find("one")).key_id == "one"
    endpoint.publish(key_set("two"))
    keys.seconds += 5
    assert (await keys.find("two")).key_id == "two"


async def test_a_failed_fetch_is_logged_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    endpoint = Endpoint("one")
    endpoint.fail()
    with pytest.raises(KeysUnavailableError):
        await Keys(endpoint).find()
    assert [record.getMessage() for record in caplog.records] == [
        f"Signing keys at {URL} could not be fetched: the test says so."
    ]


async def test_a_fault_of_our_own_reaches_the_caller_and_is_not_the_end() -> None:
    endpoint = Endpoint("one")
    endpoint.content = ZeroDivisionError()
    keys = Keys(endpoint)
    with pytest.raises(ZeroDivisionError):
        await keys.find()
    endpoint.publish(key_set("one"))
    keys.seconds += 5
    assert (await keys.find()).key_id == "one"


async def test_two_issuers_with_one_url_share_its_keys() -> None:
    endpoint = Endpoint("one")
    second = TrustedIssuer(issuer="https://issuer.example/two", jwks_url=URL)
    keys = SigningKeys([ONLINE, second], endpoint)
    await keys.find(ONLINE, "one")
    await keys.find(second, "one")
    assert endpoint.fetches == 1


async def test_an_issuer_with_keys_of_its_own_needs_no_fetch() -> None:
    issuer = trusted(jwks=key_set("one", "two"))
    keys = SigningKeys([issuer], no_fetch)
    assert (await keys.find(issuer, "two")).key_id == "two"
    with pytest.raises(UnknownKeyError):
        await keys.find(issuer, "three")
    with pytest.raises(UnknownKeyError):
        await keys.find(issuer, None)


def test_given_keys_that_cannot_be_used_are_a_fault_of_the_settings() -> None:
    unusable = trusted(jwks={"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]})
    with pytest.raises(InvalidSettingError, match=r"TRUSTED_ISSUERS.*no key for signatures"):
        SigningKeys([unusable], no_fetch)
