"""Signing requests with an account's key, for storage that is reached with a connection string.

Source: Microsoft, "Authorize with Shared Key", the Shared Key Lite form for Table Storage.
"""

import base64
import hashlib
import hmac
from email.utils import formatdate
from typing import Any

from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from yarl import URL


class SharedKeyPolicy(SansIOHTTPPolicy[Any, Any]):
    """Signs every request."""

    def __init__(self, account: str, key: str) -> None:
        super().__init__()
        self._account = account
        self._key = base64.b64decode(key)

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Called by the pipeline."""
        http_request = request.http_request
        date = formatdate(usegmt=True)
        # The path as aiohttp will send it, which is how its own library writes it.
        text = f"{date}\n/{self._account}{URL(http_request.url).raw_path}"
        signature = base64.b64encode(hmac.new(self._key, text.encode(), hashlib.sha256).digest()).decode()
        http_request.headers["x-ms-date"] = date
        http_request.headers["Authorization"] = f"SharedKeyLite {self._account}:{signature}"
