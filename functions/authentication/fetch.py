"""The one request to the network that authentication makes: a GET of an issuer's key set."""

from http import HTTPStatus
from typing import Final

import aiohttp

from functions.authentication.errors import KeyFetchError

# Entra waits 1.5 s in all for an answer to a sign-in, and the claim comes after the keys.
FETCH_TIMEOUT_SECONDS: Final = 0.8
LARGEST_KEY_SET_BYTES: Final = 256 * 1024
_CHUNK_BYTES: Final = 16 * 1024


async def fetch_key_set(url: str, *, timeout_seconds: float = FETCH_TIMEOUT_SECONDS) -> bytes:
    """The body of a 200 answer, unchecked, at most LARGEST_KEY_SET_BYTES. Redirects are not followed.

    Raises:
        KeyFetchError: If it cannot be had within the timeout, or the answer is another one.
    """
    timeout = aiohttp.ClientTimeout(total=timeout_seconds)
    try:
        # A session for each request: keys are fetched about once a day, and nothing is left to close.
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != HTTPStatus.OK:
                raise KeyFetchError(f"the answer was {response.status}, not 200")
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
                body += chunk
                if len(body) > LARGEST_KEY_SET_BYTES:
                    raise KeyFetchError(f"the answer is longer than {LARGEST_KEY_SET_BYTES} bytes")
            return bytes(body)
    except TimeoutError as error:
        raise KeyFetchError(f"no complete answer within {timeout_seconds} s") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise KeyFetchError(f"the request failed ({type(error).__name__})") from error
