"""Prints the API's OpenAPI document, made from the code's own models: no server runs, no setting is read.

The portal's types are generated from it (`npm run generate` in portal/), and a test holds them to it.
"""

import json
import sys

from functions.api import ALL_OPERATIONS
from functions.openapi.document import openapi_document


def main() -> None:
    """Writes the document to stdout as JSON. It has no `servers`: those depend on who asks."""
    document = openapi_document([operation for resource in ALL_OPERATIONS for operation in resource.known])
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
