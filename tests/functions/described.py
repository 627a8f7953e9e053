"""Is an answer as the API's description says? An account of its own: it reads the document and nothing of the code."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema_rs

BASE_PATH = "/api"
HOST_STATUSES = {400, 401, 404}
"""What the Functions host answers itself, bare."""


class Description:
    """The document of a running app."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._paths = [(_pattern(path), operations) for path, operations in document["paths"].items()]

    @classmethod
    def of(cls, url: str) -> "Description":
        """Read the document of the app at this URL."""
        return cls(httpx.get(f"{url}{BASE_PATH}/openapi.json", timeout=30).json())

    def operation(self, method: str, url: str) -> Mapping[str, Any] | None:
        """What is described for a request, None if nothing is."""
        path = urlsplit(url).path.removeprefix(BASE_PATH).rstrip("/")
        found = [operations for pattern, operations in self._paths if pattern.fullmatch(path)]
        described: Mapping[str, Any] | None = found[0].get(method.lower()) if found else None
        return described

    def check(self, response: httpx.Response) -> None:
        """The answer is one that is described: status, headers, media type, body, code."""
        request = response.request
        if response.status_code in HOST_STATUSES and "x-ms-request-id" not in response.headers:
            assert response.content == b""
            return
        operation = self.operation(request.method, str(request.url))
        place = f"{request.method} {request.url.path}: {response.status_code}"
        assert operation, f"{place}: no such operation is described"
        described = self.resolved(operation["responses"].get(str(response.status_code), {}))
        assert described, f"{place}: no such status is described"
        self._check_headers(response, described, place)
        self._check_body(response, described.get("content", {}), place)

    def resolved(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """A part of the document, or what it refers to."""
        found: Any = part
        if "$ref" in part:
            found = self.document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
        return found  # type: ignore[no-any-return]

    def faults(self, schema: Mapping[str, Any], value: Any) -> list[str]:
        """How a value differs from a schema of the document."""
        whole = {**schema, "components": self.document["components"]}
        validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(value)]

    def _check_headers(self, response: httpx.Response, described: Mapping[str, Any], place: str) -> None:
        headers = {name: self.resolved(header) for name, header in described["headers"].items()}
        for name, header in headers.items():
            if name not in response.headers:
                assert not header.get("required"), f"{place}: {name} is missing"
                continue
            text = response.headers[name]
            value = int(text) if header["schema"]["type"] == "integer" else text
            assert not self.faults(header["schema"], value), f"{place}: {name} is {text}"
            assert text in header["schema"].get("x-extensible-enum", [text]), f"{place}: {name} {text} is not described"
        told = {name for name in ("ETag", "Location", "Retry-After", "x-ms-error-code") if name in response.headers}
        assert told <= headers.keys(), f"{place}: {told - headers.keys()} are not described"

    def _check_body(self, response: httpx.Response, content: Mapping[str, Any], place: str) -> None:
        if not content:
            assert response.content == b"", f"{place}: no body is described"
            return
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in content, f"{place}: {media_type} is not described"
        value = response.json() if media_type == "application/json" else response.text
        faults = self.faults(content[media_type]["schema"], value)
        assert not faults, f"{place}: {faults}: {response.text[:500]}"


def _pattern(path: str) -> re.Pattern[str]:
    parts = ("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/"))
    return re.compile("/".join(parts), re.IGNORECASE)
