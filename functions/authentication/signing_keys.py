"""The signing keys of the trusted issuers, fetched when first needed and kept.

    no keys yet ──── everybody waits for one fetch
    known key ────── at once; if the keys are over a day old, a fetch starts behind the caller's back
    unknown key ──── everybody waits for one fetch, at most once a minute; then the token is bad

A failed fetch changes nothing that is known: old keys are used for as long as the issuer cannot be reached.
Belongs to one event loop, as everything in a worker process does.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from functions.authentication.errors import (
    InvalidKeySetError,
    KeyFetchError,
    KeysUnavailableError,
    UnknownKeyError,
)
from functions.authentication.key_set import KeySet, SigningKey, parse_key_set, read_key_set
from functions.settings.checks import InvalidSettingError
from functions.settings.environment import TRUSTED_ISSUERS
from functions.settings.issuers import TrustedIssuer
from functions.telemetry.logs import tell

REFETCH_SECONDS: Final = 60.0
RETRY_SECONDS: Final = 5.0
KEYS_AGE_SECONDS: Final = 24 * 60 * 60.0

Fetch = Callable[[str], Awaitable[bytes]]
"""Gives the document at a URL, or raises KeyFetchError. Must end within a bounded time: callers wait for it."""


class SigningKeys:
    """The signing keys of all trusted issuers."""

    def __init__(
        self,
        issuers: Iterable[TrustedIssuer],
        fetch: Fetch,
        monotonic_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Fetches nothing yet.

        Raises:
            InvalidSettingError: If an issuer's own `jwks` has no key that can be used.
        """
        self._given: dict[str, KeySet] = {}
        self._fetched: dict[str, _FetchedKeys] = {}
        for issuer in issuers:
            if issuer.jwks_url is not None:
                self._fetched[issuer.jwks_url] = _FetchedKeys(issuer.jwks_url, fetch, monotonic_clock)
                continue
            try:
                self._given[issuer.issuer] = read_key_set(issuer.jwks)
            except InvalidKeySetError as error:
                raise InvalidSettingError(f"{TRUSTED_ISSUERS}: jwks of {issuer.issuer!r}: {error}") from error

    async def find(self, issuer: TrustedIssuer, key_id: str | None) -> SigningKey:
        """The issuer's key of that id; without a key id, the issuer's only key. Waits for one fetch at most.

        Args:
            issuer: One of those that this was made with.
            key_id: The token's `kid`, or None if it has none.

        Raises:
            UnknownKeyError: If the issuer has no such key.
            KeysUnavailableError: If that cannot be told, because the keys cannot be fetched.
        """
        if issuer.jwks_url is not None:
            return await self._fetched[issuer.jwks_url].find(key_id)
        key = self._given[issuer.issuer].find(key_id)
        if key is None:
            raise _unknown_key(key_id)
        return key


class _FetchedKeys:
    """The keys at one URL."""

    def __init__(self, url: str, fetch: Fetch, monotonic_clock: Callable[[], float]) -> None:
        self._url = url
        self._fetch = fetch
        self._clock = monotonic_clock
        self._keys: KeySet | None = None
        self._stale_at = -float("inf")
        self._fetch_allowed_at = -float("inf")
        self._last_fetch_failed = False
        self._running: asyncio.Task[None] | None = None

    async def find(self, key_id: str | None) -> SigningKey:
        known = self._known(key_id)
        if known is not None:
            if self._clock() >= self._stale_at:
                self._start()
            return known
        running = self._start()
        if running is not None:
            # Shielded: a caller that gives up must not take the fetch away from the others.
            await asyncio.shield(running)
        found = self._known(key_id)
        if found is not None:
            return found
        if self._keys is None or self._last_fetch_failed:
            raise KeysUnavailableError(f"The signing keys at {self._url} cannot be fetched at the moment.")
        raise _unknown_key(key_id)

    def _known(self, key_id: str | None) -> SigningKey | None:
        return None if self._keys is None else self._keys.find(key_id)

    def _start(self) -> asyncio.Task[None] | None:
        """The fetch that is under way, a new one, or None if it is too early for one."""
        if self._running is None and self._clock() >= self._fetch_allowed_at:
            self._running = asyncio.create_task(self._renew())
        return self._running

    async def _renew(self) -> None:
        began = self._clock()
        self._last_fetch_failed = True
        self._fetch_allowed_at = began + RETRY_SECONDS
        try:
            self._keys = parse_key_set(await self._fetch(self._url))
        except KeyFetchError as error:
            # Logged here, because a fetch behind the callers' backs has nobody else to tell.
            tell(logging.WARNING, f"Signing keys at {self._url} could not be fetched: {error}.", {})
        else:
            self._last_fetch_failed = False
            self._fetch_allowed_at = began + REFETCH_SECONDS
            self._stale_at = began + KEYS_AGE_SECONDS
        finally:
            self._running = None


def _unknown_key(key_id: str | None) -> UnknownKeyError:
    if key_id is None:
        return UnknownKeyError("The token does not name its signing key, and its issuer has several.")
    return UnknownKeyError("The token's signing key is not one of its issuer's.")
