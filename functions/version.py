"""The product's version, as /health tells it; a test holds pyproject.toml to it."""

from typing import Final

VERSION: Final = "0.1.0"
