"""GET /openapi.json: the API's own description."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from functions.http.admission import ANYONE
from functions.http.answers import JSON, Answer, File
from functions.http.operations import BASE_PATH, Call, NoBody, Operations
from functions.openapi.document import openapi_document


def describing(described: Sequence[Operations]) -> Operations:
    """The operation that describes these, and itself. The document is made when it is first asked for."""
    operations = Operations()

    @cache
    def document() -> dict[str, Any]:
        return openapi_document([each for resource in (*described, operations) for each in resource.known])

    @operations.operation("GET", "openapi.json", admission=ANYONE, answers={200: None}, files=(JSON,))
    async def get_openapi(call: Call[NoBody]) -> Answer:
        """Describe this API in OpenAPI 3.1."""
        servers = [{"url": f"{call.base_url}{BASE_PATH}"}]
        content = json.dumps({**document(), "servers": servers}, ensure_ascii=False)
        return Answer(body=File(content.encode(), JSON))

    return operations
