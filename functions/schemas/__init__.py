"""Requests and answers as pydantic models: they validate, they document, and they are turned into domain objects."""
